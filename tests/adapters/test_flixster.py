"""Flixster: scores as texts, words that are no scores, and phrases that are no dates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.flixster import ADAPTER
from importer.adapter import Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify


def item(score: Any) -> dict[str, Any]:
    """One movie of the answer."""
    return {
        "score": score,
        "lastUpdated": "2 months ago",
        "movie": {"id": "7", "title": "Pulp Fiction", "year": 1994},
    }


def records(value: Any) -> list[Record]:
    """All records of an answer, in the shape that it is identified as."""
    file = Document("answer.json", json.dumps(value).encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


@pytest.mark.parametrize("score", ["0.5", "3.0", "4.5", "5.0"])
def test_a_movie(score: str) -> None:
    """Its id is of no use elsewhere, and `lastUpdated` is no date."""
    (found,) = records([item(score)])
    assert isinstance(found, Rating)
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale, found.ids, found.moment) == (score, "stars-5-halves", {}, None)


@pytest.mark.parametrize("score", ["WTS", "NI", "wts", "Want to see", "", None])
def test_wishes_are_no_scores(score: Any) -> None:
    """Wanting to see a film says nothing of it."""
    (found,) = records([item(score)])
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("score", ["great", "5.5", "4.7", "NaN"])
def test_other_words_are_bad_scores(score: str) -> None:
    """They are not taken for wishes."""
    (found,) = records([item(score)])
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


def test_the_whole_answer() -> None:
    """The list may stand under a key."""
    (found,) = records({"ratings": [item("4.0")]})
    assert (str(found.locator), found.score) == ("ratings[1]", "4.0")


def test_movies_with_ids_are_anothers() -> None:
    """Trakt's lists nest movies in the same way."""
    with pytest.raises(Unidentified):
        records([{"score": "4.0", "movie": {"title": "Pulp Fiction", "ids": {"imdb": "tt0110912"}}}])
