"""What the Showly adapter makes of a backup."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Code, Kind, Moment
from importer.intake.identify import Unidentified
from tests.adapters.reading import claim_on, rating, read, reject


def rated(score: Any = 9, at: Any = "2026-05-16T04:04:33Z") -> dict[str, Any]:
    return {"id": 94562, "r": score, "rA": at, "tmId": 10494}


HISTORY = {"a": "2026-05-15T18:00:00Z", "id": 94562, "t": "Perfect Blue", "tmId": 10494}


def test_a_rating_finds_its_title_elsewhere_in_the_file() -> None:
    """In the history, the watchlist or the hidden list of its own section."""
    found = rating(read("showly", {"movies": {"cH": [HISTORY], "rM": [rated()]}})[0])
    assert (found.kind, found.title, found.ids) == (
        Kind.MOVIE,
        "Perfect Blue",
        {"tmdb": "10494", "trakt": "94562"},
    )
    assert found.moment == Moment("2026-05-16T04:04:33Z", "iso", "rA")


def test_titles_of_movies_name_no_shows() -> None:
    """TMDB numbers them apart, so that one number names two titles."""
    found = read("showly", {"movies": {"cH": [HISTORY]}, "shows": {"rS": [rated()], "pEp": [{"stmId": 10494}]}})
    assert (rating(found[0]).kind, rating(found[0]).title) == (Kind.SHOW, "")


@pytest.mark.parametrize("section", ["movies", "shows"])
def test_either_list_is_enough(section: str) -> None:
    """Many people rate only one kind."""
    ratings = {"rM" if section == "movies" else "rS": [rated()]}
    assert claim_on({"movies": None, "shows": {}, section: ratings}).word == "showly:backup"


def test_movies_come_before_shows() -> None:
    """Each list is counted by itself."""
    found = read("showly", {"shows": {"rS": [rated()]}, "movies": {"rM": [rated(), rated()]}})
    assert [str(record.locator) for record in found] == ["movies.rM[1]", "movies.rM[2]", "shows.rS[1]"]


def test_a_rating_without_a_date_has_none() -> None:
    """Nothing stands in for it."""
    assert rating(read("showly", {"movies": {"rM": [rated(at=None)]}})[0]).moment is None


def test_a_score_off_the_scale_is_rejected() -> None:
    """Whole numbers from 1 to 10 are all there is."""
    assert reject(read("showly", {"movies": {"rM": [rated(11)]}})[0]).code is Code.BAD_SCORE


def test_a_backup_without_ratings_is_not_identified() -> None:
    """There is nothing to read in it."""
    with pytest.raises(Unidentified):
        claim_on({"movies": {"cH": [HISTORY], "rM": []}, "shows": {"rS": []}})
