"""What the Trakt adapter makes of exports, API answers, backups and CSVs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.rateport import ADAPTER as RATEPORT
from adapters.simkl import ADAPTER as SIMKL
from adapters.trakt import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify

MOVIE = {
    "title": "Pulp Fiction",
    "year": 1994,
    "ids": {"trakt": 554, "slug": "pulp-fiction-1994", "imdb": "tt0110912", "tmdb": 680},
}
SHOW = {
    "title": "Breaking Bad",
    "year": 2008,
    "ids": {
        "trakt": 1388,
        "slug": "breaking-bad",
        "tvdb": 81189,
        "imdb": "tt0903747",
        "tmdb": 1396,
        "tvrage": 18164,
        "plex": {"guid": "5d9c086fe9d5a1001f4ebbda"},
    },
    "aired_episodes": 62,
}
SHOW_IDS = {"trakt": "1388", "traktslug": "breaking-bad", "imdb": "tt0903747", "tmdb": "1396", "tvdb": "81189"}
EPISODE = {
    "season": 1,
    "number": 2,
    "title": "Cat's in the Bag...",
    "ids": {"trakt": 73483, "tvdb": 349235, "imdb": "tt1054724", "tmdb": 62086},
}
AT = "2024-03-07T19:37:27.000Z"
VIP_HEADER = (
    "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,season_number,episode_number,rating"
)
IMPORT_HEADER = "trakt_id,imdb_id,tmdb_id,tvdb_id,type,watched_at,watchlisted_at,rating,rated_at"


def rated(**parts: Any) -> dict[str, Any]:
    return {"rated_at": AT, "rating": 8, **parts}


def shape_of(text: str) -> str:
    return identify(Document("file", text.encode()), [ADAPTER, SIMKL, RATEPORT]).word


def read(value: Any) -> list[Record]:
    text = value if isinstance(value, str) else json.dumps(value)
    document = Document("file", text.encode())
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def rating(record: Record) -> Rating:
    assert isinstance(record, Rating)
    return record


def reject(record: Record) -> Reject:
    assert isinstance(record, Reject)
    return record


def test_a_movie_keeps_every_id_and_the_moment_of_the_rating() -> None:
    """The numeric Trakt id and the slug live in spaces of their own."""
    found = rating(read([rated(type="movie", movie=MOVIE)])[0])
    assert found.kind is Kind.MOVIE
    assert (found.title, found.year, found.score, found.scale) == ("Pulp Fiction", 1994, "8", "1 to 10")
    assert found.ids == {"trakt": "554", "traktslug": "pulp-fiction-1994", "imdb": "tt0110912", "tmdb": "680"}
    assert found.moment == Moment("2024-03-07T19:37:27.000Z", "iso", "rated_at")


def test_other_ids_of_a_show_are_ignored() -> None:
    """Of tvrage and plex nothing is kept and nothing is said."""
    found = rating(read([rated(type="show", show=SHOW)])[0])
    assert found.kind is Kind.SHOW
    assert found.ids == SHOW_IDS
    assert found.notes == ()


@pytest.mark.parametrize("unknown", [None, 0, "0"])
def test_null_and_zero_are_no_ids(unknown: object) -> None:
    """Trakt writes both for an id it does not know."""
    movie = {**MOVIE, "ids": {"trakt": 554, "slug": "pulp-fiction-1994", "imdb": unknown, "tmdb": unknown}}
    found = rating(read([rated(type="movie", movie=movie)])[0])
    assert found.ids == {"trakt": "554", "traktslug": "pulp-fiction-1994"}
    assert found.notes == ()


def test_a_year_may_be_null() -> None:
    """The title stays without a year, and without a note."""
    found = rating(read([rated(type="movie", movie={**MOVIE, "year": None})])[0])
    assert (found.year, found.notes) == (None, ())


def test_an_episode_names_its_show_and_never_its_own_ids() -> None:
    """The ids of the episode name no title that could be rated."""
    found = rating(read([rated(type="episode", episode=EPISODE, show=SHOW)])[0])
    assert found.kind is Kind.EPISODE
    assert (found.title, found.year, found.season, found.episode) == ("Breaking Bad", 2008, 1, 2)
    assert found.ids == SHOW_IDS


def test_a_season_names_its_show_and_specials_are_season_0() -> None:
    """Season 0 is a number, not a missing one."""
    season = {"number": 0, "ids": {"trakt": 3949, "tvdb": 439371, "tmdb": 3577}}
    found = rating(read([rated(type="season", season=season, show=SHOW)])[0])
    assert found.kind is Kind.SEASON
    assert (found.season, found.episode) == (0, None)
    assert found.ids == SHOW_IDS


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"movie": MOVIE}, Kind.MOVIE),
        ({"movie": MOVIE, "show": None}, Kind.MOVIE),
        ({"show": SHOW}, Kind.SHOW),
        ({"show": SHOW, "episode": EPISODE}, Kind.EPISODE),
    ],
)
def test_a_missing_type_is_told_by_the_only_key_there_is(parts: dict[str, Any], kind: Kind) -> None:
    """The key is the evidence."""
    assert (
        rating(read([rated(type="movie", movie=MOVIE), rated(type="show", show=SHOW), rated(**parts)])[2]).kind
        is kind
    )


@pytest.mark.parametrize("parts", [{"movie": MOVIE, "show": SHOW}, {"type": "person", "movie": MOVIE}])
def test_a_type_that_stays_open_is_rejected(parts: dict[str, Any]) -> None:
    """Neither two titles at once nor an unknown word is guessed at."""
    assert reject(read([rated(show=SHOW), rated(**parts)])[1]).code is Code.UNKNOWN_TYPE


def test_a_type_without_its_object_takes_no_other_titles_ids() -> None:
    """A show's ids are never read from a movie beside it."""
    found = rating(read([rated(type="movie", movie=MOVIE), rated(type="show", movie=MOVIE)])[1])
    assert found.kind is Kind.SHOW
    assert (found.title, found.ids) == ("", {})


@pytest.mark.parametrize(("score", "code"), [(None, Code.UNRATED), (11, Code.BAD_SCORE), (7.5, Code.BAD_SCORE)])
def test_scores_off_the_scale_are_rejected(score: object, code: Code) -> None:
    """Whole numbers from 1 to 10 are all there is."""
    assert reject(read([{**rated(type="movie", movie=MOVIE), "rating": score}])[0]).code is code


@pytest.mark.parametrize(
    ("value", "word", "places"),
    [
        ([rated(movie=MOVIE)], "trakt:ratings", ["item[1]"]),
        ([rated(show=SHOW), rated(movie=MOVIE)], "trakt:ratings", ["item[1]", "item[2]"]),
        ({"movies": [rated(movie=MOVIE)]}, "trakt:backup-movies", ["movies[1]"]),
        ({"movies": None, "shows": [rated(show=SHOW)]}, "trakt:backup", ["shows[1]"]),
        (
            {"movies": [rated(movie=MOVIE)], "shows": [{"plays": 2, "show": SHOW}]},
            "trakt:backup-movies",
            ["movies[1]", "shows[1]"],
        ),
        ({"ratings": {"movies": [rated(movie=MOVIE)]}}, "trakt:backup-ratings-movies", ["ratings.movies[1]"]),
        (
            {"ratings": {"shows": [rated(show=SHOW)], "episodes": [rated(show=SHOW, episode=EPISODE)]}},
            "trakt:backup-ratings",
            ["ratings.shows[1]", "ratings.episodes[1]"],
        ),
        ({"user": "marta", "ratings": [rated(movie=MOVIE)]}, "trakt:backup-list", ["ratings[1]"]),
        ({"ratings": [rated(show=SHOW), rated(movie=MOVIE)]}, "trakt:backup-list", ["ratings[1]", "ratings[2]"]),
    ],
)
def test_every_layout_is_told_by_its_keys(value: Any, word: str, places: list[str]) -> None:
    """Wherever the lists stand, each item in them gives one record."""
    assert shape_of(json.dumps(value)) == word
    assert [str(record.locator) for record in read(value)] == places


@pytest.mark.parametrize(
    ("item", "word"),
    [
        ({"rank": 1, "listed_at": AT, "type": "movie", "movie": MOVIE}, "trakt:watchlist"),
        ({"id": 1, "watched_at": AT, "action": "watch", "type": "movie", "movie": MOVIE}, "trakt:history"),
        ({"plays": 2, "last_watched_at": AT, "show": SHOW}, "trakt:watched"),
        ({"collected_at": AT, "updated_at": AT, "movie": MOVIE}, "trakt:collected-movies"),
        ({"last_collected_at": AT, "show": SHOW}, "trakt:collected-shows"),
        ({"hidden_at": AT, "type": "show", "show": SHOW}, "trakt:hidden"),
    ],
)
def test_other_parts_of_the_export_are_refused_with_a_sentence(item: dict[str, Any], word: str) -> None:
    """They hold movies and shows like the ratings do, but no rating."""
    claim = identify(Document("file", json.dumps([item]).encode()), [ADAPTER, SIMKL, RATEPORT])
    assert claim.word == word
    assert "holds no ratings" in claim.shape.refusal


def test_an_empty_list_is_not_identified() -> None:
    """Nothing in it says what it is."""
    with pytest.raises(Unidentified):
        shape_of("[]")


def test_the_vip_csv_has_the_crowds_rating_beside_the_persons() -> None:
    """`rating` is the person's; an episode's row names the show."""
    header = f"{VIP_HEADER},episode_imdb_id,episode_tmdb_id"
    text = (
        f"{header}\n2024-03-07T19:37:27.000Z,movie,Pulp Fiction,1994,8.65201,554,tt0110912,680,,,,7,,\n"
        "2018-08-24T12:06:07Z,episode,Breaking Bad,2008,9.3,1388,tt0903747,1396,81189,1,2,9,tt1054724,62086\n"
    )
    assert shape_of(text) == "trakt:vip-csv"
    movie, episode = (rating(record) for record in read(text))
    assert (movie.score, movie.ids) == ("7", {"trakt": "554", "imdb": "tt0110912", "tmdb": "680"})
    assert (episode.kind, episode.season, episode.episode) == (Kind.EPISODE, 1, 2)
    assert episode.ids == {"trakt": "1388", "imdb": "tt0903747", "tmdb": "1396", "tvdb": "81189"}


def test_the_import_csv_gives_no_ids_for_an_episode() -> None:
    """There they would be the episode's own; rows without a rating are watched or wanted only."""
    text = (
        f"{IMPORT_HEADER}\n554,tt0110912,680,,movie,2024-03-06,,8,2024-03-07T19:37:27Z\n"
        "73483,tt1054724,62086,349235,episode,,,9,2024-03-08\n102156,tt0816692,157336,,movie,2024-05-05,,,\n"
        ",tt0211915,194,,,,,7,\n"
    )
    assert shape_of(text) == "trakt:import-csv"
    movie, episode, watched, untyped = read(text)
    assert movie.ids == {"trakt": "554", "imdb": "tt0110912", "tmdb": "680"}
    assert (rating(episode).kind, episode.ids) == (Kind.EPISODE, {})
    assert reject(watched).code is Code.UNRATED
    assert (reject(untyped).code, untyped.ids) == (Code.UNKNOWN_TYPE, {"imdb": "tt0211915", "tmdb": "194"})


@pytest.mark.parametrize("moment", ["2015-01-01T00:00:00.000Z", "2015-01-01T23:59:59.000Z"])
def test_the_stamp_of_a_bulk_import_is_a_date_like_any_other(moment: str) -> None:
    """3,965 of 4,273 ratings of one account have one; it is all that Trakt knows."""
    (found,) = read([{"rated_at": moment, "rating": 8, "type": "movie", "movie": MOVIE}])
    assert found.moment == Moment(moment, "iso", "rated_at")


@pytest.mark.parametrize("name", ["ratings-movies-2.json", "ratings/ratings-movies.json", "x.json"])
def test_the_name_of_the_file_does_not_matter(name: str) -> None:
    """Large accounts have a number in it, zips of other years a folder."""
    text = json.dumps([rated(type="movie", movie=MOVIE)])
    assert identify(Document(name, text.encode()), [ADAPTER]).shape.name == "ratings"


def test_favorites_are_no_ratings() -> None:
    """They are listed, with a rank and without a score."""
    item = {"rank": 1, "id": 7, "listed_at": AT, "notes": None, "type": "movie", "movie": MOVIE}
    assert "holds no ratings" in identify(Document("x", json.dumps([item]).encode()), [ADAPTER]).shape.refusal


def test_two_entries_may_share_an_imdb_id() -> None:
    """Seen once in 4,273 films: each stays a record of its own."""
    other = {**MOVIE, "title": "Pulp Fiction: The Facts", "ids": {"trakt": 999, "imdb": "tt0110912"}}
    found = read([rated(type="movie", movie=MOVIE), rated(type="movie", movie=other)])
    assert [record.ids["trakt"] for record in found] == ["554", "999"]


@pytest.mark.promise("P8")
@pytest.mark.parametrize("score", [[8], {"value": 9}, True])
def test_a_score_that_is_no_number_is_refused(score: object) -> None:
    """A list or an object in its place says something, so the row is not quietly unrated."""
    (record,) = read([rated(type="movie", movie=MOVIE, rating=score)])
    assert isinstance(record, Reject)
    assert (record.code, record.title) == (Code.BAD_SCORE, "Pulp Fiction")


@pytest.mark.promise("P8")
@pytest.mark.parametrize("at", [[AT], {"at": AT}, True])
def test_a_date_that_is_no_text_is_refused(at: object) -> None:
    """Without its date the rating would be dated today."""
    (record,) = read([rated(type="movie", movie=MOVIE, rated_at=at)])
    assert isinstance(record, Reject)
    assert record.code is Code.BAD_DATE


@pytest.mark.parametrize("nothing", [None, False, [], {}])
def test_what_stands_for_nothing_is_nothing(nothing: object) -> None:
    """As some write a missing value: no score is unrated, no date is none."""
    unrated, undated = read(
        [rated(type="movie", movie=MOVIE, rating=nothing), rated(type="movie", movie=MOVIE, rated_at=nothing)]
    )
    assert isinstance(unrated, Reject) and unrated.code is Code.UNRATED
    assert isinstance(undated, Rating) and undated.moment is None
