"""Jellyfin and Emby: whose rating is read, hearts that are no scores, and parts of shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.jellyfin import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify


def records(value: Any) -> list[Record]:
    """All records of an answer, in the shape that it is identified as."""
    file = Document("items.json", json.dumps(value).encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def record(user: dict[str, Any], **parts: Any) -> Record:
    """What a movie with this user data gives, some of its parts replaced."""
    movie = {"Name": "Pulp Fiction", "Type": "Movie", "ProductionYear": 1994, "UserData": user}
    (found,) = records({"Items": [{**movie, **parts}]})
    return found


def rating(user: dict[str, Any], **parts: Any) -> Rating:
    found = record(user, **parts)
    assert isinstance(found, Rating)
    return found


def test_a_movie() -> None:
    """The person's rating is below UserData, others' are beside it."""
    user = {"Rating": 9.5, "LastPlayedDate": "2023-05-02T09:40:27.0000000Z"}
    ids = {"Imdb": "tt0110912", "Tmdb": "680", "Zap2It": "MV1"}
    found = rating(user, CommunityRating=8.5, CriticRating=92, ProviderIds=ids)
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale) == ("9.5", "0 to 10")
    assert found.ids == {"imdb": "tt0110912", "tmdb": "680"}
    assert found.moment == Moment("2023-05-02T09:40:27.0000000Z", "iso", "LastPlayedDate", stand_in=True)


@pytest.mark.parametrize(
    "user", [{"Rating": None, "Likes": True, "IsFavorite": True}, {"Played": True}, {"Rating": 0}]
)
def test_hearts_are_no_scores(user: dict[str, Any]) -> None:
    """Most items carry no rating at all."""
    found = record(user, CommunityRating=8.5)
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


def test_an_episode_and_a_season_keep_no_ids() -> None:
    """They are named by their show and their numbers."""
    ids = {"Imdb": "tt2301451"}
    episode = rating(
        {"Rating": 10},
        Type="Episode",
        SeriesName="Breaking Bad",
        ParentIndexNumber=5,
        IndexNumber=14,
        ProviderIds=ids,
    )
    season = rating({"Rating": 2}, Type="Season", SeriesName="Game of Thrones", IndexNumber=8, ProviderIds=ids)
    assert (episode.kind, episode.title, episode.year, episode.ids) == (Kind.EPISODE, "Breaking Bad", None, {})
    assert (episode.season, episode.episode) == (5, 14)
    assert (season.kind, season.title, season.season, season.episode) == (
        Kind.SEASON,
        "Game of Thrones",
        8,
        None,
    )


@pytest.mark.parametrize("spelling", ["Imdb", "IMDB", "imdb"])
def test_embys_spelling_of_providers(spelling: str) -> None:
    """Plugins write them as they like."""
    assert rating({"Rating": 8}, ProviderIds={spelling: "tt0110912"}).ids == {"imdb": "tt0110912"}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("MusicAlbum", Code.UNSUPPORTED_KIND),
        ("Book", Code.UNSUPPORTED_KIND),
        ("BoxSet", Code.UNSUPPORTED_KIND),
        ("", Code.UNKNOWN_TYPE),
        ("Hologram", Code.UNKNOWN_TYPE),
    ],
)
def test_other_media_stay_behind(word: str, code: Code) -> None:
    """A server holds more than films; a word that nobody knows asks the person."""
    found = record({"Rating": 8}, Type=word)
    assert isinstance(found, Reject)
    assert found.code is code


def test_a_bare_list() -> None:
    """Some answers have no Items around them."""
    (found,) = records([{"Name": "Fargo", "Type": "Series", "UserData": {"Rating": 7.3}}])
    assert isinstance(found, Rating)
    assert (str(found.locator), found.kind, found.score) == ("item[1]", Kind.SHOW, "7.3")
