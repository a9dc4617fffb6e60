"""Every scale, every value that its domain holds: in 1 to 10, monotone, and never a rating out of nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importer.vocabulary import scales
from importer.vocabulary.scales import SCALES, BadScore, NoMap, Scale

pytestmark = pytest.mark.promise("P10")

HUNDREDTHS = [Decimal(number) / 100 for number in range(11_001)]
UNRATED = ("", " ", "0", "0.0", "00", "0,00", "000000", "0.0000")


def worth(text: str, scale: Scale) -> int | None:
    """The rating of a score; None where it is none, or no score of the scale."""
    try:
        return scales.rating(text, scale)
    except (BadScore, NoMap):
        return None


@pytest.mark.parametrize("name", sorted(set(SCALES) - {"thumbs"}))
def test_every_hundredth_is_in_range_and_in_order(name: str) -> None:
    """From 0 to 110 as a file writes them: what the scale holds is 1 to 10 and in order, the rest is refused."""
    scale = SCALES[name]
    found = [(value, worth(f"{value:.2f}", scale)) for value in HUNDREDTHS]
    ratings = [rating for _, rating in found if rating is not None]
    assert ratings == sorted(ratings)
    assert set(ratings) <= set(range(1, 11))
    assert all(scale.low <= value <= scale.high for value, rating in found if rating is not None)
    held = [
        value
        for value in HUNDREDTHS
        if scale.low <= value <= scale.high and (scale.step is None or value % scale.step == 0) and value
    ]
    assert [value for value, rating in found if rating is not None and value] == held


@pytest.mark.parametrize("name", sorted(SCALES))
@pytest.mark.parametrize("text", UNRATED)
def test_no_rating_never_becomes_one(name: str, text: str) -> None:
    """Nothing, and 0 where 0 is no score, in whatever spelling."""
    if not text.strip() or SCALES[name].zero_is_unrated:
        assert scales.rating(text, SCALES[name]) is None


@pytest.mark.parametrize("rating", range(1, 11))
def test_half_stars_come_back_unchanged(rating: int) -> None:
    """Half a star to five stars are the ten ratings, one to one."""
    stars = Decimal(rating) / 2
    assert scales.rating(str(stars), SCALES["stars-5-halves"]) == rating
    assert scales.rating(f"{stars:.1f}", SCALES["stars-5-halves"]) == rating


@pytest.mark.parametrize("name", sorted(SCALES))
def test_a_map_of_the_person_is_exact_and_in_range(name: str) -> None:
    """Every value that a map names is worth what it says, for every rating."""
    for rating in range(1, 11):
        mapped = scales.with_custom_maps({name: {str(SCALES[name].high): rating}})
        assert scales.rating(str(SCALES[name].high), mapped[name]) == rating
