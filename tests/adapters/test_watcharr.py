"""What the Watcharr adapter makes of the exported list."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Code, Kind
from tests.adapters.reading import rating, read, reject

LASSO = {"tmdbId": 97546, "title": "Ted Lasso", "type": "tv", "release_date": "2020-08-14T00:00:00Z", "imdb_id": ""}
JOJO = {
    "tmdbId": 515001,
    "title": "Jojo Rabbit",
    "type": "movie",
    "release_date": "2019-10-18T00:00:00Z",
    "imdb_id": "tt2584384",
}


def entry(score: object, content: dict[str, Any] = JOJO, **more: Any) -> dict[str, Any]:
    return {"status": "FINISHED", "rating": score, "updatedAt": "2025-09-10T20:00:27Z", "content": content, **more}


def test_movies_and_shows_have_their_ids() -> None:
    """Shows have no IMDb id; the year is the one of the release."""
    movie, show = read("watcharr", [entry(10), entry(8, LASSO)])
    assert (rating(movie).kind, rating(movie).year) == (Kind.MOVIE, 2019)
    assert rating(movie).ids == {"tmdb": "515001", "imdb": "tt2584384"}
    assert (rating(show).kind, rating(show).ids, rating(show).notes) == (Kind.SHOW, {"tmdb": "97546"}, ())


def test_there_is_no_date_of_the_rating() -> None:
    """`updatedAt` moves with every edit."""
    assert rating(read("watcharr", [entry(10)])[0]).moment is None


def test_0_is_no_rating() -> None:
    """Watched is not rated."""
    assert reject(read("watcharr", [entry(0)])[0]).code is Code.UNRATED


def test_ratings_of_parts_are_no_ratings_of_the_show() -> None:
    """They are counted, on rated and on unrated shows."""
    parts = {
        "watchedSeasons": [{"seasonNumber": 1, "rating": 9}, {"seasonNumber": 2, "rating": 0}],
        "watchedEpisodes": [{"seasonNumber": 1, "episodeNumber": 1, "rating": 8}],
    }
    rated, unrated = read("watcharr", [entry(8, LASSO, **parts), entry(0, LASSO, **parts)])
    assert (rating(rated).score, rating(rated).notes) == (
        "8",
        ("ratings of seasons and episodes left out: 2",),
    )
    assert (reject(unrated).code, reject(unrated).detail) == (
        Code.UNRATED,
        "ratings of seasons and episodes left out: 2",
    )


def test_a_game_cannot_be_carried() -> None:
    """It stands in the place of the content."""
    game = {"status": "FINISHED", "rating": 9, "game": {"igdbId": 19562, "name": "Resident Evil 7"}}
    _, found = read("watcharr", [entry(10), game])
    assert (reject(found).code, reject(found).title) == (Code.UNSUPPORTED_KIND, "Resident Evil 7")


@pytest.mark.parametrize("word", ["person", ""])
def test_an_unknown_type_is_rejected(word: str) -> None:
    """A TMDB id names nothing without its type."""
    found = reject(read("watcharr", [entry(10, {**JOJO, "type": word})])[0])
    assert (found.code, found.ids) == (Code.UNKNOWN_TYPE, {})
