"""What the SeriesGuide adapter makes of backups of shows and movies."""

from __future__ import annotations

from typing import Any

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

CARBON = {
    "tmdb_id": 68421,
    "tvdb_id": 332331,
    "imdb_id": "tt2261227",
    "trakt_id": 122265,
    "title": "Altered Carbon",
    "first_aired": "2018-02-02T08:00:00Z",
    "rating": 7.77,
    "last_watched_ms": 1614593199175,
}


def show(*scores: int, **more: Any) -> dict[str, Any]:
    episodes = [{"episode": number, "rating_user": score} for number, score in enumerate(scores, start=1)]
    return {**CARBON, "seasons": [{"season": 1, "tmdb_id": "1", "episodes": episodes}], **more}


def test_a_show_has_all_its_ids_and_its_last_watch_as_stand_in() -> None:
    """The ids of seasons and episodes are not its own."""
    found = rating(read("seriesguide", [show(rating_user=9)])[0])
    assert found.ids == {"tmdb": "68421", "tvdb": "332331", "imdb": "tt2261227", "trakt": "122265"}
    assert (found.kind, found.title, found.year) == (Kind.SHOW, "Altered Carbon", 2018)
    assert found.moment == Moment("1614593199175", "epoch-ms", "last_watched_ms", stand_in=True)


def test_the_rating_of_the_crowd_is_not_the_persons() -> None:
    """`rating` is there for every show."""
    rated, unrated = read("seriesguide", [show(rating_user=9), show()])
    assert rating(rated).score == "9"
    assert (reject(unrated).code, reject(unrated).score) == (Code.UNRATED, "")


def test_ratings_of_episodes_are_counted() -> None:
    """They are no rating of the show, and alone they make no rated show."""
    rated, unrated = read("seriesguide", [show(8, 7, rating_user=9), show(10)])
    assert (rating(rated).score, rating(rated).notes) == ("9", ("ratings of episodes left out: 2",))
    assert (reject(unrated).code, reject(unrated).detail) == (Code.UNRATED, "ratings of episodes left out: 1")


def test_a_file_in_which_only_episodes_are_rated_is_known() -> None:
    """Its shows are unrated."""
    assert claim_on([show(10)]).word == "seriesguide:shows"


def test_a_show_never_watched_has_no_date() -> None:
    """Which is written as 0."""
    assert rating(read("seriesguide", [show(rating_user=9, last_watched_ms=0)])[0]).moment is None


def test_an_old_show_has_a_tvdb_id_alone() -> None:
    """Backups of years ago know no other."""
    found = rating(
        read("seriesguide", [{"tvdb_id": 81189, "title": "Breaking Bad", "rating_user": 10, "seasons": []}])[0]
    )
    assert (found.ids, found.year, found.moment) == ({"tvdb": "81189"}, None, None)


def test_a_list_of_films_holds_movies() -> None:
    """It has no seasons."""
    blue = {"tmdb_id": 10494, "imdb_id": "tt0156887", "title": "Perfect Blue", "rating_user": 9}
    found = rating(read("seriesguide", [blue])[0])
    assert claim_on([blue]).word == "seriesguide:movies"
    assert (found.kind, found.ids) == (Kind.MOVIE, {"tmdb": "10494", "imdb": "tt0156887"})
