"""TheTVDB: ratings of the closed API are read, favorites are no ratings."""

from __future__ import annotations

import pytest

from adapters.thetvdb import ADAPTER
from importer.adapter import Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import identify


def record(user: str) -> Record:
    """The record of one series that the person rated `user` and everybody 9.4."""
    crowd = "<CommunityRating>9.4</CommunityRating>"
    series = f"<Series><seriesid>81189</seriesid><UserRating>{user}</UserRating>{crowd}</Series>"
    document = Document("ratings.xml", f"<Data>{series}</Data>".encode())
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER]).shape)
    return found


def test_the_persons_rating_is_read_not_the_crowds() -> None:
    """A series by its id alone."""
    found = record("8")
    assert isinstance(found, Rating)
    assert (found.kind, found.ids, found.score, found.scale) == (Kind.SHOW, {"tvdb": "81189"}, "8", "1 to 10")
    assert (found.title, found.moment) == ("", None)


@pytest.mark.parametrize(("user", "code"), [("0", Code.UNRATED), ("", Code.UNRATED), ("11", Code.BAD_SCORE)])
def test_scores_that_are_none(user: str, code: Code) -> None:
    """The crowd's never fills in."""
    found = record(user)
    assert isinstance(found, Reject)
    assert found.code is code


def test_favorites_are_refused() -> None:
    """They carry no score; the sentence says what can be read instead."""
    document = Document("favorites.xml", b"<Favorites><Series>81189</Series></Favorites>")
    refusal = identify(document, [ADAPTER]).shape.refusal
    assert "without ratings" in refusal
    assert "title, year, type and tvdb" in refusal
