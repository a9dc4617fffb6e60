"""What the ČSFD adapter makes of JSON and CSV."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject


def vote(score: Any = 5, kind: str = "film") -> dict[str, Any]:
    url = "https://www.csfd.cz/film/228329/"
    return {
        "id": 228329,
        "title": "Pelíšky",
        "year": 1999,
        "type": kind,
        "url": url,
        "userRating": score,
        "userDate": "2022-09-21",
    }


def test_0_is_a_real_vote() -> None:
    """No star at all says something; nothing says nothing."""
    zero, none = read("csfd", [vote(0), vote(None)])
    assert (rating(zero).score, rating(zero).scale) == ("0", "stars-5 with 0")
    assert reject(none).code is Code.UNRATED


def test_a_title_goes_by_name_and_year() -> None:
    """The day of the vote is known, an id is not."""
    found = rating(read("csfd", [vote()])[0])
    assert (found.title, found.year, found.ids) == ("Pelíšky", 1999, {})
    assert found.moment == Moment("2022-09-21", "day", "userDate")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *((word, Kind.MOVIE) for word in ("film", "tv-film", "student-film", "amateur-film", "theatrical")),
        ("video-compilation", Kind.MOVIE),
        ("series", Kind.SHOW),
        ("tv-show", Kind.SHOW),
        ("season", Kind.SEASON),
        ("episode", Kind.EPISODE),
    ],
)
def test_type_words(word: str, kind: Kind) -> None:
    """All ten that are known."""
    assert rating(read("csfd", [vote(kind=word)])[0]).kind is kind


def test_an_unknown_type_word_is_rejected() -> None:
    """It is not guessed at."""
    assert reject(read("csfd", [vote(kind="concert")])[0]).code is Code.UNKNOWN_TYPE


def test_the_csv_reads_like_the_json() -> None:
    """The columns are the keys."""
    text = "id,title,year,type,url,userRating,userDate\n228329,Pelíšky,1999,film,https://x,5,2022-09-21\n"
    assert claim_on(text).word == "csfd:csv"
    (table,), (tree,) = read("csfd", text), read("csfd", [vote()])
    assert table._replace(locator=tree.locator) == tree


@pytest.mark.parametrize("score", [6, -1, 2.5])
def test_scores_off_the_scale_are_rejected(score: float) -> None:
    """None to five whole stars are all there is."""
    assert reject(read("csfd", [vote(score)])[0]).code is Code.BAD_SCORE
