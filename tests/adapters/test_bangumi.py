"""Bangumi: anime and live action out of a list that holds everything, by title and year."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.bangumi import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import identify


def item(subject_type: int = 2, key: str = "subject", rate: Any = 9, **subject: Any) -> dict[str, Any]:
    """One collected subject, with everybody's score in it."""
    known = {"name": "日常", "name_cn": "日常（中）", "date": "2011-04-02", "eps": 26, "score": 8.5, "rank": 20}
    row = {"subject_id": 9912, "subject_type": subject_type, "rate": rate, "type": 2}
    return row | {"updated_at": "2018-07-14T06:41:26+00:00", key: known | subject}


def dump(value: Any) -> Document:
    """A JSON document."""
    return Document("takeout.json", json.dumps(value).encode())


def record(one: dict[str, Any]) -> Record:
    """The record of one subject in a takeout."""
    document = dump({"meta": {}, "data": [one]})
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER]).shape)
    return found


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"meta": {}, "data": [item(key="subject_data")]}, "collections"),
        ({"data": [item()], "total": 1}, "collections"),
        ([item()], "collections-list"),
    ],
)
def test_every_wrapper(value: Any, shape: str) -> None:
    """Takeout, a page of the API and a bare list say the same; there is no id to send and no date."""
    document = dump(value)
    claim = identify(document, [ADAPTER])
    assert claim.shape.name == shape
    (found,) = ADAPTER.parse(document, claim.shape)
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title, found.year) == (Kind.SHOW, Anime.YES, "日常", 2011)
    assert (found.score, found.scale, found.ids, found.moment) == ("9", "1 to 10", {}, None)


def test_unrated() -> None:
    """0 is no score, and everybody's score is never taken for it."""
    found = record(item(rate=0))
    assert isinstance(found, Reject)
    assert (found.code, found.score) == (Code.UNRATED, "0")


@pytest.mark.parametrize(("subject_type", "word"), [(1, "a book"), (3, "music"), (4, "a game")])
def test_what_simkl_does_not_have(subject_type: int, word: str) -> None:
    """Books, music and games are named in the report."""
    found = record(item(subject_type))
    assert isinstance(found, Reject)
    assert (found.code, found.detail, found.title) == (Code.UNSUPPORTED_KIND, word, "日常")


@pytest.mark.parametrize(
    ("platform", "episodes", "kind"),
    [("日剧", 0, Kind.SHOW), ("电影", 1, Kind.MOVIE), (None, 10, Kind.SHOW)],
)
def test_live_action(platform: str | None, episodes: int, kind: Kind) -> None:
    """It is no anime; the platform tells films, and more than one episode makes a series."""
    found = record(item(6, platform=platform, eps=episodes))
    assert isinstance(found, Rating)
    assert (found.kind, found.anime) == (kind, Anime.NO)


def test_live_action_of_one_episode() -> None:
    """Film or special is not guessed: films and shows are looked up apart."""
    found = record(item(6, eps=1))
    assert isinstance(found, Reject)
    assert (found.code, found.detail) == (Code.UNKNOWN_TYPE, "the type reads 'subject_type 6'")


def test_film_among_anime() -> None:
    """It is told where the platform is given."""
    assert record(item(platform="剧场版")).kind is Kind.MOVIE


def test_chinese_title_helps_out() -> None:
    """It speaks only where there is no other."""
    assert record(item(name="")).title == "日常（中）"


@pytest.mark.parametrize("date", [None, "", "0000-00-00"])
def test_no_year(date: str | None) -> None:
    """A date that is not known is no year, and nothing to note."""
    found = record(item(date=date))
    assert isinstance(found, Rating)
    assert (found.year, found.notes) == (None, ())
