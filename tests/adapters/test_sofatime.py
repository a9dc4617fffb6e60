"""What the Sofa Time adapter makes of watched titles and of files without ratings."""

from __future__ import annotations

from typing import Any

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

BLUE = {
    "imdb": "tt0156887",
    "tmdb": 10494,
    "title": "Perfect Blue",
    "type": "movie",
    "addedDate": "2024-02-09T19:00:00Z",
    "release_date": "1998-02-28T00:00:00Z",
}
EPISODES: dict[str, Any] = {"type": "tv", "seasons": [{"number": 1, "episodes": [{"number": 2, "rating": 9}]}]}


def test_a_rated_title_has_the_watch_date_as_stand_in() -> None:
    """There is no date of the rating."""
    found = rating(read("sofatime", [{**BLUE, "rating": 9}])[0])
    assert (found.kind, found.year, found.ids) == (Kind.MOVIE, 1998, {"tmdb": "10494", "imdb": "tt0156887"})
    assert (found.score, found.scale) == ("9", "1 to 10")
    assert found.moment == Moment("2024-02-09T19:00:00Z", "iso", "addedDate", stand_in=True)


def test_ratings_of_episodes_are_no_ratings_of_the_show() -> None:
    """Beside rated titles such a show is unrated."""
    _, found = read("sofatime", [{**BLUE, "rating": 9}, {**BLUE, **EPISODES}])
    assert reject(found).code is Code.UNRATED


def test_a_file_that_rates_no_titles_is_refused() -> None:
    """A watchlist, or shows of which only episodes are rated."""
    claim = claim_on([{**BLUE, **EPISODES}])
    assert claim.word == "sofatime:unrated"
    assert claim.shape.refusal == "This Sofa Time file rates no titles (episodes at most, which Simkl cannot take)."
    assert claim_on([BLUE]).word == "sofatime:unrated"
