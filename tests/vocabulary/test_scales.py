"""Scores become ratings: every value of every scale, by the one table and the one rounding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.vocabulary.errors import ConfigError
from importer.vocabulary.scales import (
    SCALES,
    BadScore,
    NoMap,
    Scale,
    mean,
    rating,
    rating_of,
    read,
    with_custom_maps,
)

names = pytest.mark.parametrize("name", SCALES)
worth = sorted(name for name, scale in SCALES.items() if not scale.needs_map)


def rated(text: str, scale: str | Scale) -> int | None:
    """The rating for the score `text`, None when it means unrated."""
    return rating(text, SCALES[scale] if isinstance(scale, str) else scale)


def domain(scale: Scale) -> Iterator[Decimal]:
    """Every score of the scale, in tenths where any decimal is a score."""
    step = scale.step or Decimal("0.1")
    score = scale.low
    while score <= scale.high:
        if score or not scale.zero_is_unrated:
            yield score
        score += step


EXAMPLES = [
    ("1 to 10", "1 2 3 4 5 6 7 8 9 10", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ("0 to 10", "0.1 0.4 0.5 1.4 1.5 6.5 7.25 7.5 8.4 8.5 9.4 9.5 10", [1, 1, 1, 1, 2, 7, 7, 8, 8, 9, 9, 10, 10]),
    ("0 to 100", "1 4 5 14 15 64 65 74 75 84 85 94 95 100", [1, 1, 1, 1, 2, 6, 7, 7, 8, 8, 9, 9, 10, 10]),
    ("0 to 100", "0.5 84.9 85.0 99.9", [1, 8, 9, 10]),
    ("0 to 100 with 0", "0 1 14 15 50 100", [1, 1, 1, 2, 5, 10]),
    ("stars-5-halves", "0.5 1 1.5 2 2.5 3 3.5 4 4.5 5", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ("stars-5", "1 2 3 4 5", [2, 4, 6, 8, 10]),
    ("1 to 20", "1 2 3 4 5 13 14 15 17 19 20", [1, 1, 2, 2, 3, 7, 7, 8, 9, 10, 10]),
    ("anilist-raw-stars", "0.5 1 10 29 30 49 50 69 70 89 90 100", [2, 2, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10]),
    ("anilist-raw-smileys", "0.5 1 35 36 60 61 85 100", [4, 4, 4, 6, 6, 9, 9, 9]),
    ("anilist-smileys", "1 2 3", [4, 6, 9]),
    ("0 to 10 with 0", "0 0.4 1.4 1.5 8.5 10", [1, 1, 1, 2, 9, 10]),
    ("stars-5 with 0", "0 1 2 3 4 5", [1, 2, 4, 6, 8, 10]),
]


@pytest.mark.promise("P10")
@pytest.mark.parametrize(("scale", "scores", "ratings"), EXAMPLES)
def test_scores_are_worth_what_the_notes_say(scale: str, scores: str, ratings: list[int]) -> None:
    """Literal values of formats-western.md 3 and formats-anime.md 3.1, the turning points among them."""
    assert [rated(score, scale) for score in scores.split()] == ratings


def test_every_scale_has_literal_examples() -> None:
    """A scale without an example could be worth anything."""
    assert {scale for scale, _, _ in EXAMPLES} | {"thumbs"} == set(SCALES)


@pytest.mark.promise("P10")
@pytest.mark.parametrize("name", worth)
def test_every_score_of_every_scale_is_a_rating(name: str) -> None:
    """No score of a scale rates below 1 or above 10, and more is never worth less."""
    ratings = [rating_of(score, SCALES[name]) for score in domain(SCALES[name])]
    assert set(ratings) <= set(range(1, 11))
    assert ratings == sorted(ratings)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("1 to 10", 1, 10),
        ("0 to 10", 1, 10),
        ("0 to 100", 1, 10),
        ("0 to 100 with 0", 1, 10),
        ("stars-5-halves", 1, 10),
        ("stars-5", 2, 10),
        ("1 to 20", 1, 10),
        ("anilist-raw-stars", 2, 10),
        ("anilist-raw-smileys", 4, 9),
        ("anilist-smileys", 4, 9),
        ("0 to 10 with 0", 1, 10),
        ("stars-5 with 0", 1, 10),
    ],
)
def test_the_ends_of_a_scale_are_the_ends_of_what_it_can_say(name: str, lowest: int, highest: int) -> None:
    """The lowest and the highest score of each scale."""
    ratings = [rating_of(score, SCALES[name]) for score in domain(SCALES[name])]
    assert (ratings[0], ratings[-1]) == (lowest, highest)


@pytest.mark.parametrize(
    ("score", "rating"), [("8.5", 9), ("7.5", 8), ("6.5", 7), ("4.5", 5), ("2.5", 3), ("0.5", 1)]
)
def test_halves_go_up(score: str, rating: int) -> None:
    """Half up is meant literally; round() would send 8.5 as 8."""
    assert rated(score, "0 to 10") == rating


def test_the_mean_of_ratings_goes_up_at_halves() -> None:
    """As every rating does."""
    assert [mean(ratings) for ratings in ([7], [7, 8], [1, 1, 2], [10, 9, 9, 10])] == [7, 8, 1, 10]


@pytest.mark.promise("P10")
@given(st.sampled_from(worth), st.decimals(0, 110, places=3), st.decimals(0, 110, places=3))
def test_ratings_are_monotone_between_any_two_scores(name: str, one: Decimal, other: Decimal) -> None:
    """Of two scores that a scale holds, the higher one is never worth less."""
    scale = SCALES[name]
    low, high = sorted((one, other))
    try:
        scores = [read(str(low), scale), read(str(high), scale)]
    except BadScore:
        return
    if None not in scores:
        assert 1 <= rating_of(Decimal(low), scale) <= rating_of(Decimal(high), scale) <= 10


@names
@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_an_empty_score_is_unrated(name: str, text: str) -> None:
    """No text, no rating."""
    assert read(text, SCALES[name]) is None


@pytest.mark.promise("P10")
@pytest.mark.parametrize("text", ["0", "0.0", "00", "0,0", " 0 "])
@pytest.mark.parametrize("name", [name for name, scale in SCALES.items() if scale.zero_is_unrated])
def test_zero_is_unrated_where_it_is_no_score(name: str, text: str) -> None:
    """0 is how most sites write that there is no rating; it is never sent as 1."""
    assert read(text, SCALES[name]) is None


@pytest.mark.parametrize("name", ["0 to 100 with 0", "0 to 10 with 0", "stars-5 with 0"])
def test_zero_is_a_score_where_the_source_says_so(name: str) -> None:
    """Where 0 is a real score it is the lowest rating."""
    assert rated("0", name) == 1


@pytest.mark.parametrize("score", ["1", "2", "3"])
def test_a_thumb_is_worth_nothing_until_the_person_says_what(score: str) -> None:
    """Nobody but the person knows what a thumb means; the message says where to put it."""
    with pytest.raises(NoMap, match=rf"^{score} on the scale thumbs is worth nothing yet; .*\[scales\.thumbs\]$"):
        rated(score, "thumbs")


def test_a_thumb_is_worth_what_the_person_says() -> None:
    """And the thumbs that the map leaves out stay worth nothing."""
    thumbs = with_custom_maps({"thumbs": {"1": 3, "2": 8}})["thumbs"]
    assert (rated("1", thumbs), rated("2", thumbs)) == (3, 8)
    with pytest.raises(NoMap, match=r"^3 on the scale thumbs"):
        rated("3", thumbs)


@names
@pytest.mark.parametrize(
    "text",
    [
        "-1", "-8", "+8", "101", "1000", "9999999", "eight", "8/10", "8 / 10", "=8", "0x8", "1e1", "NaN", "inf",
        "８", "٣", "8.", ".8", "8..5", "8.5.5", "8 5", "1.23456", "N/A", "null", "💥", "\x00", "8\x00", "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_score_is_refused(name: str, text: str) -> None:
    """Nothing is read out of junk, and digits of other scripts are junk too."""
    with pytest.raises(BadScore):
        read(text, SCALES[name])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("1 to 10", "11"),
        ("1 to 10", "7.5"),
        ("0 to 10", "10.1"),
        ("0 to 10", "85"),
        ("0 to 100", "100.1"),
        ("stars-5-halves", "5.5"),
        ("stars-5-halves", "3.25"),
        ("stars-5-halves", "0.25"),
        ("stars-5", "3.5"),
        ("stars-5", "6"),
        ("1 to 20", "21"),
        ("1 to 20", "7.5"),
        ("anilist-smileys", "4"),
        ("stars-5 with 0", "6"),
        ("stars-5 with 0", "2.5"),
        ("0 to 10 with 0", "10.1"),
        ("thumbs", "4"),
    ],
)
def test_a_value_off_the_scale_is_refused(name: str, text: str) -> None:
    """The scale belongs to the column: a value beyond it is never read on another scale."""
    with pytest.raises(BadScore, match=f"^{text} is not on the scale {name} "):
        read(text, SCALES[name])


@pytest.mark.parametrize(
    ("text", "rating"), [("8", 8), (" 8 ", 8), ("8.0", 8), ("8,0", 8), ("08", 8), ("8.0000", 8)]
)
def test_a_score_may_be_spelled_as_spreadsheets_do(text: str, rating: int) -> None:
    """Blanks, zeros behind and decimal commas do not change the score."""
    assert rated(text, "1 to 10") == rating


def test_a_decimal_comma_is_a_decimal_point() -> None:
    """3,5 is what a spreadsheet under a comma locale makes of 3.5."""
    assert rated("3,5", "stars-5-halves") == 7


def test_the_complaint_about_junk_is_short() -> None:
    """A megabyte of junk does not become a megabyte of message."""
    with pytest.raises(BadScore) as caught:
        read("x" * 2000, SCALES["1 to 10"])
    assert len(str(caught.value)) < 80


# --- maps of the person's own -----------------------------------------------------------------------------


def test_a_custom_map_wins_over_the_table() -> None:
    """The person's own worth of a score stands."""
    scales = with_custom_maps({"stars-5": {"1": 1, "3": 5, "5": 9}})
    assert [rated(score, scales["stars-5"]) for score in "12345"] == [1, 4, 5, 8, 9]


def test_a_custom_map_wins_over_buckets() -> None:
    """Raw values behind smileys can be mapped one by one."""
    scales = with_custom_maps({"anilist-smileys": {"1": 3, "3": 10}})
    assert [rated(score, scales["anilist-smileys"]) for score in "123"] == [3, 6, 10]


def test_a_custom_map_leaves_the_other_scales_alone() -> None:
    """Neither other scales nor the built-in table change."""
    scales = with_custom_maps({"stars-5": {"5": 9}})
    assert rated("5", "stars-5") == 10
    assert scales["1 to 10"] is SCALES["1 to 10"]
    assert scales["stars-5"].title == "one to five stars, with your own map"


@pytest.mark.parametrize("spelling", ["3.5", "3,5", "3.50"])
def test_a_custom_map_names_scores_in_any_spelling(spelling: str) -> None:
    """The map is of scores, not of texts."""
    assert rated("3.5", with_custom_maps({"stars-5-halves": {spelling: 8}})["stars-5-halves"]) == 8


@pytest.mark.parametrize(
    ("maps", "complaint"),
    [
        ({"stars": {"1": 1}}, "scales.stars: there is no such scale; known are 0 to 10, "),
        ({"stars-5": {"6": 1}}, "scales.stars-5: 6 is not on the scale"),
        ({"stars-5": {"good": 1}}, "scales.stars-5: 'good' is not a number"),
        ({"stars-5": {"0": 1}}, "scales.stars-5: '0' means unrated and can have no rating."),
        ({"stars-5": {"1": 0}}, "scales.stars-5: 0 is no rating; use whole numbers from 1 to 10."),
        ({"stars-5": {"1": 11}}, "scales.stars-5: 11 is no rating; use whole numbers from 1 to 10."),
    ],
)
def test_a_custom_map_that_makes_no_sense_is_refused(maps: dict[str, dict[str, int]], complaint: str) -> None:
    """The complaint names the setting."""
    with pytest.raises(ConfigError) as caught:
        with_custom_maps(maps)
    assert str(caught.value).startswith(complaint)
