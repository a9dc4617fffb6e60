"""Rotten Tomatoes: half stars as numbers, phrases that are no dates, and an answer with or without its wrapping."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.rottentomatoes import ADAPTER
from importer.adapter import Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import identify


def item(score: Any, year: Any = "1994") -> dict[str, Any]:
    """One rated movie of the answer."""
    return {
        "review": {"score": score, "age": "2 months ago"},
        "item": {"title": "Pulp Fiction", "releaseYear": year, "rtId": "12886", "emsId": "9ac889c9"},
    }


def records(value: Any) -> list[Record]:
    """All records of an answer, in the shape that it is identified as."""
    file = Document("answer.json", json.dumps(value).encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def test_a_movie() -> None:
    """Its ids are of no use elsewhere, and `age` is no date."""
    (found,) = records({"ratings": [item(4.5)]})
    assert isinstance(found, Rating)
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale) == ("4.5", "stars-5-halves")
    assert (found.ids, found.moment, str(found.locator)) == ({}, None, "ratings[1]")


def test_the_list_alone() -> None:
    """Somebody may have saved no more than that."""
    (found,) = records([item(5)])
    assert isinstance(found, Rating)
    assert (found.score, str(found.locator)) == ("5", "item[1]")


def test_a_year_that_is_a_span_is_left_out() -> None:
    """The title alone is too little to send, and the row says why there is no more."""
    (found,) = records([item(5, "2017 - 2018")])
    assert isinstance(found, Rating)
    assert (found.year, found.notes) == (None, ("year '2017 - 2018' left out: not a year",))


@pytest.mark.parametrize(
    ("score", "code"), [(None, Code.UNRATED), (0, Code.UNRATED), (5.5, Code.BAD_SCORE), ("WTS", Code.BAD_SCORE)]
)
def test_no_score_and_bad_scores(score: Any, code: Code) -> None:
    """Half a star to five."""
    (found,) = records([item(score)])
    assert isinstance(found, Reject)
    assert found.code is code
