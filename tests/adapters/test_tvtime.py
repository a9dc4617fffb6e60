"""TV Time: votes that are ids, emotions that look like votes, stars of shows, and all that holds no ratings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.tvtime import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify

FILMS = "uuid,vote_key,user_id,episode_id,movie_name"
EPISODES = "episode_id,series_name,season_number,episode_number,user_id,vote_key"
SHOWS = "user_id,tv_show_id,rating,created_at,updated_at,tv_show_name"
LIBERATOR = "imdb_id,tvdb_id,type,title,season,episode,is_watched,watched_at,is_watchlisted,rating"
UUID = "4face43d-8641-426f-a94c-8e1577edd066"


def document(header: str, *rows: str, name: str = "ratings-live-votes.csv") -> Document:
    """A file of `rows` below `header`."""
    return Document(name, "\n".join((header, *rows, "")).encode())


def shape_of(file: Document) -> str:
    """The shape that `file` is identified as."""
    return identify(file, [ADAPTER]).shape.name


def record(header: str, row: str) -> Record:
    """What the only row of a file gives."""
    file = document(header, row)
    (found,) = ADAPTER.parse(file, identify(file, [ADAPTER]).shape)
    return found


def rating(header: str, row: str) -> Rating:
    """The rating that the row holds."""
    found = record(header, row)
    assert isinstance(found, Rating)
    return found


def reject(header: str, row: str) -> Reject:
    """The reject that the row ends as."""
    found = record(header, row)
    assert isinstance(found, Reject)
    return found


@pytest.mark.parametrize(("vote", "stars"), [("1", "1"), ("27", "2"), ("28", "3"), ("29", "4"), ("3", "5")])
def test_votes_are_ids_of_stars(vote: str, stars: str) -> None:
    """Vote 3 is five stars, not three; the film's own id in front of it holds hyphens."""
    found = rating(FILMS, f"{UUID},{UUID}-41200317-{vote},41200317,0,Atonement")
    assert (found.kind, found.title, found.score, found.scale) == (Kind.MOVIE, "Atonement", stars, "stars-5")
    assert (found.ids, found.year, found.moment) == ({}, None, None)


@pytest.mark.parametrize("vote", ["2", "4", "5", "20", "30"])
def test_other_votes_are_no_ratings(vote: str) -> None:
    """They are quiet, and say so."""
    found = reject(FILMS, f"{UUID},{UUID}-41200317-{vote},41200317,0,Atonement")
    assert (found.code, found.detail) == (Code.UNRATED, f"vote {vote} is no rating")


@pytest.mark.parametrize("key", ["💥", "99999999999", "-1", f"{UUID}-41200317-x", f"{UUID}-41200317-٣", "29"])
def test_a_broken_key_is_a_bad_score(key: str) -> None:
    """A number alone is no key."""
    assert reject(FILMS, f"{UUID},{key},41200317,0,Atonement").code is Code.BAD_SCORE


def test_an_episode() -> None:
    """Its id is TheTVDB's number of the episode, and names no title."""
    found = rating(EPISODES, "7066505,The Walking Dead,9,15,41200317,7066505-41200317-3")
    assert (found.kind, found.title, found.season, found.episode) == (Kind.EPISODE, "The Walking Dead", 9, 15)
    assert (found.score, found.ids) == ("5", {})


def test_columns_of_both_kinds_in_one_file() -> None:
    """Columns vary between accounts; each row says what it is."""
    header = "episode_id,uuid,vote_key,user_id,movie_name,series_name,season_number,episode_number"
    assert rating(header, f"0,{UUID},{UUID}-1-29,1,Atonement,,,").kind is Kind.MOVIE
    assert rating(header, "349232,,349232-1-29,1,,Breaking Bad,1,1").kind is Kind.EPISODE
    assert reject(header, f"0,{UUID},{UUID}-1-29,1,,,,").code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize("header", [FILMS, EPISODES])
def test_emotions_are_told_by_the_name_of_the_file(header: str) -> None:
    """Nothing in them tells; a file under another name asks the person."""
    assert shape_of(document(header, name="gdpr/emotions-v2-prod-votes.csv")) == "emotions"
    assert shape_of(document(header, name="gdpr/ratings-v2-prod-votes.csv")) == "votes"
    with pytest.raises(Unidentified, match="tvtime:emotions, tvtime:votes"):
        shape_of(document(header, name="votes.csv"))


def test_stars_of_a_show() -> None:
    """The id is TheTVDB's, and the last change counts; its time has no zone."""
    found = rating(SHOWS, "0,268156,5,2017-03-12 08:51:53,2018-03-12 08:51:54,Sense8")
    assert (found.kind, found.title, found.ids) == (Kind.SHOW, "Sense8", {"tvdb": "268156"})
    assert (found.score, found.scale) == ("5", "stars-5")
    assert found.moment == Moment("2018-03-12 08:51:54", "iso", "updated_at")


def test_a_show_that_was_never_rated_again() -> None:
    """Then the first day is the day of the rating."""
    found = rating(SHOWS, "0,81189,4,2016-01-05 20:00:00,,Breaking Bad")
    assert found.moment == Moment("2016-01-05 20:00:00", "iso", "created_at")


def test_no_star_is_no_rating() -> None:
    """0 is quiet."""
    assert reject(SHOWS, "0,1,0,,,Zero").code is Code.UNRATED


def test_liberators_ratings_ask_the_person() -> None:
    """Nobody wrote down whether 5 is the top or the middle."""
    found = reject(LIBERATOR, "tt0783233,1234,movie,Atonement,,,true,2020-05-01T20:15:00Z,false,5")
    assert (found.code, found.detail) == (Code.BAD_SCALE, "Liberator's scale is not known")
    assert (found.score, found.scale, found.kind) == ("5", "", Kind.MOVIE)
    assert found.ids == {"imdb": "tt0783233", "tvdb": "1234"}
    assert found.moment == Moment("2020-05-01T20:15:00Z", "iso", "watched_at", stand_in=True)


def test_liberators_minus_1_is_no_id() -> None:
    """Neither is an id of an episode one of its show."""
    show = reject(LIBERATOR, "-1,268156,series,Sense8,,,true,2017-03-12T08:51:53Z,false,5")
    part = reject(LIBERATOR, "tt0959621,349232,episode,Breaking Bad,1,1,true,2016-01-05T20:00:00Z,false,5")
    assert (show.kind, show.ids) == (Kind.SHOW, {"tvdb": "268156"})
    assert (part.kind, part.ids, part.season, part.episode) == (Kind.EPISODE, {}, 1, 1)


@pytest.mark.parametrize("score", ["", "0"])
def test_what_was_only_watched_is_quiet(score: str) -> None:
    """Most rows of the activity carry no rating."""
    row = f"tt0137523,550,movie,Fight Club,,,true,2019-05-04T21:30:00Z,false,{score}"
    assert reject(LIBERATOR, row).code is Code.UNRATED


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("created_at,user_id,key,ep_watch_count,s_id,ep_id", "tracking"),
        ("user_id,uuid,watch_date_range_key,alpha_range_key,movie_name,release_date", "tracking"),
        ("user_id,episode_id,created_at,tv_show_name,episode_season_number,episode_number", "shows"),
        ("user_id,tv_show_id,created_at,tv_show_name,active", "shows"),
        ("ordering,s_key,name,type,is_public,user_id,objects", "lists"),
        ("uuid,tvdb_id,imdb_id,title,year,created_at,watched_at,is_watched,rewatch_count", "app-titles"),
        ("uuid,tvdb_id,imdb_id,title,status,created_at", "app-titles"),
        ("series_tvdb_id,series_imdb_id,series_uuid,title,season,episode,tvdb_id,is_watched", "app-episodes"),
        ("list_id,list_name,item_type,tvdb_id,uuid,name,custom_order", "app-lists"),
        ('[{"id": {"tvdb": 1}, "title": "It", "is_watched": true}]', "app-json"),
        ('[{"id": {"tvdb": 1}, "title": "It", "seasons": [{"episodes": [{"is_watched": true}]}]}]', "app-json"),
    ],
)
def test_parts_without_ratings_are_refused(header: str, shape: str) -> None:
    """They are known, and the sentence says where the ratings are."""
    assert shape_of(document(header, name="some.csv")) == shape
    refusal = next(known.refusal for known in ADAPTER.shapes if known.name == shape)
    assert "ratings-...votes.csv and tv_show_rate.csv" in refusal


TRACKING = "uuid,user_id,movie_name,release_date,watch_date_range_key"
VOTE = f"{UUID},{UUID}-41200317-29,41200317,0"


def film(vote: str, *tracked: str) -> Record:
    """What a vote on a film gives with a tracking file beside it."""
    name = "tracking-prod-records.csv"
    votes = Document("ratings-live-votes.csv", f"{FILMS}\n{vote}\n".encode())
    votes = replace(votes, beside={name: document(TRACKING, *tracked, name=name)})
    (found,) = ADAPTER.parse(votes, identify(votes, [ADAPTER]).shape)
    return found


def test_the_year_of_a_film_stands_in_the_tracking_file_beside() -> None:
    """Under the same uuid, whichever of its rows has it; votes have none."""
    rows = (f"{UUID},1,Atonement,0001-01-01 00:00:00,", f"{UUID},1,Atonement,2007-09-07 00:00:00,watch")
    found = film(f"{VOTE},Atonement", *rows)
    assert (found.title, found.year, found.score) == ("Atonement", 2007, "4")


def test_the_year_1_is_no_year() -> None:
    """It stands for a release date that TV Time did not know."""
    found = film(f"{VOTE},Atonement", f"{UUID},1,Atonement,0001-01-01 00:00:00,watch")
    assert (found.title, found.year) == ("Atonement", None)


def test_a_title_that_the_vote_lacks_is_taken_from_beside() -> None:
    """With the year it names the film."""
    found = film(f"{VOTE},", f"{UUID},1,Atonement,2007-09-07 00:00:00,watch")
    assert isinstance(found, Rating)
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Atonement", 2007)


def test_another_film_gives_no_year() -> None:
    """The uuid decides, never the title."""
    other = UUID.replace("4", "5")
    assert film(f"{VOTE},Atonement", f"{other},1,Atonement,2007-09-07 00:00:00,watch").year is None
