"""What the MediaTracker adapter makes of the items of its API."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject


def item(kind: str = "movie", score: Any = 4.5, date: Any = 1707492612123, **more: Any) -> dict[str, Any]:
    return {
        "mediaType": kind,
        "title": "Perfect Blue",
        "releaseDate": "1998-02-28",
        "tmdbId": 10494,
        "imdbId": "tt0156887",
        "userRating": {"rating": score, "date": date},
        **more,
    }


def test_stars_come_with_ids_and_their_date() -> None:
    """The date counts milliseconds."""
    found = rating(read("mediatracker", [item()])[0])
    assert (found.kind, found.year, found.ids) == (Kind.MOVIE, 1998, {"tmdb": "10494", "imdb": "tt0156887"})
    assert (found.score, found.scale) == ("4.5", "stars-5-halves")
    assert found.moment == Moment("1707492612123", "epoch-ms", "userRating.date")


def test_a_show_has_more_ids() -> None:
    """Of TheTVDB and Trakt."""
    found = rating(read("mediatracker", [item("tv", tvdbId=121361, traktId=1390)])[0])
    assert found.kind is Kind.SHOW
    assert found.ids == {"tmdb": "10494", "imdb": "tt0156887", "tvdb": "121361", "trakt": "1390"}


@pytest.mark.parametrize("unrated", [{"userRating": None}, {"userRating": {"rating": None, "date": None}}, {}])
def test_no_stars_are_quiet(unrated: dict[str, Any]) -> None:
    """Written words or nothing at all are no rating."""
    _, found = read("mediatracker", [item(), {"mediaType": "movie", "title": "X", **unrated}])
    assert reject(found).code is Code.UNRATED


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("book", Code.UNSUPPORTED_KIND),
        ("audiobook", Code.UNSUPPORTED_KIND),
        ("video_game", Code.UNSUPPORTED_KIND),
        ("opera", Code.UNKNOWN_TYPE),
    ],
)
def test_other_media_are_told(kind: str, code: Code) -> None:
    """Known ones cannot be carried, unknown ones are not guessed at."""
    assert reject(read("mediatracker", [item(kind)])[0]).code is code


def test_a_page_of_items_is_read_like_the_whole() -> None:
    """The API hands out either."""
    assert claim_on({"data": [item()], "total": 1}).word == "mediatracker:items-page"
    assert rating(read("mediatracker", {"data": [item()]})[0]).score == "4.5"
