"""Anime-Planet: names, half stars, and dates of the list that stand in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.animeplanet import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify
from importer.vocabulary.dateforms import read
from importer.vocabulary.dates import When, instant, iso_utc


def export(*, listed: str = "anime", **cells: Any) -> Document:
    """An export of one entry."""
    entry = {"name": "Clannad", "status": "watched", "started": None, "completed": None, "rating": 5} | cells
    value = {"user": {"name": "fan"}, "export": {"type": listed, "version": "0.1a"}, "entries": [entry]}
    return Document("export-anime-fan.json", json.dumps(value).encode())


def record(document: Document) -> Record:
    """The one record of a document, identified as a person's file would be."""
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER]).shape)
    return found


@pytest.mark.parametrize("status", ["watched", "watching", "dropped", "stalled"])
def test_rated_entry(status: str) -> None:
    """The name is all there is of the title; the status does not matter."""
    found = record(export(rating=4.5, status=status))
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title) == (Kind.SHOW, Anime.YES, "Clannad")
    assert (found.ids, found.year, found.moment) == ({}, None, None)
    assert (found.score, found.scale) == ("4.5", "stars-5-halves")


def test_unrated() -> None:
    """0 is no score."""
    found = record(export(rating=0))
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("score", [5.5, 4.2, 10, "five"])
def test_score_off_the_scale(score: Any) -> None:
    """There are half stars up to five, and nothing between."""
    found = record(export(rating=score))
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


def test_offset_of_two_digits() -> None:
    """The date stands in, and is read in the zone that it names."""
    found = record(export(started="2017-03-11 10:12:16-08", completed="2017-03-11 22:12:16-08"))
    assert found.moment == Moment("2017-03-11 22:12:16-08", "iso", "completed", stand_in=True)
    when = read(found.moment.text, found.moment.form)
    assert isinstance(when, When)
    at = instant(when, None)
    assert at is not None
    assert iso_utc(at.at) == "2017-03-12T06:12:16Z"


def test_start_never_stands_in() -> None:
    """A title that was begun and not finished has no date."""
    found = record(export(started="2017-03-11 10:12:16-08"))
    assert isinstance(found, Rating)
    assert found.moment is None


def test_punctuation_is_kept() -> None:
    """It is all that tells the seasons of some titles."""
    assert [record(export(name=name)).title for name in ("K-On!", "K-On!!", "Gintama°")] == [
        "K-On!",
        "K-On!!",
        "Gintama°",
    ]


def test_manga_list() -> None:
    """Its entries look like those of anime; what is unrated stays quiet."""
    found = record(export(listed="manga", name="Berserk"))
    assert isinstance(found, Reject)
    assert (found.code, found.detail, found.title) == (Code.UNSUPPORTED_KIND, "manga", "Berserk")
    quiet = record(export(listed="manga", rating=0))
    assert isinstance(quiet, Reject)
    assert quiet.code is Code.UNRATED


def test_list_of_something_else() -> None:
    """Nothing is taken for anime that does not say so."""
    found = record(export(listed="characters"))
    assert isinstance(found, Reject)
    assert (found.code, found.detail) == (Code.UNKNOWN_TYPE, "the type reads 'characters'")
