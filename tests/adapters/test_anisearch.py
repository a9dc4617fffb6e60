"""aniSearch: lists by status, titles, and scores up to 100."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.anisearch import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify


def item(rating: Any = 80, **cells: Any) -> dict[str, Any]:
    """One title of a list."""
    return {"title": "Mushishi", "episodes": 26, "rating": rating} | cells


def export(lists: dict[str, Any], key: str = "anime") -> Document:
    """An export of these lists."""
    return Document("export.json", json.dumps({key: lists}).encode())


def records(document: Document) -> list[Record]:
    """What the adapter makes of a document, identified as a person's file would be."""
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def test_rated_title() -> None:
    """The title is all there is."""
    (found,) = records(export({"Completed": [item(75)]}))
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title, found.ids) == (Kind.SHOW, Anime.YES, "Mushishi", {})
    assert (found.score, found.scale, found.year, found.moment) == ("75", "0 to 100", None, None)
    assert str(found.locator) == "anime.Completed[1]"


@pytest.mark.parametrize("name", ["Completed", "Ongoing", "On Hold", "Bookmarked", "Aborted", "Not Interested"])
def test_every_list_is_read(name: str) -> None:
    """A rating counts whatever list it stands in, and one list alone is enough to know the file."""
    (found,) = records(export({name: [item()]}))
    assert (found.score, str(found.locator)) == ("80", f"anime.{name}[1]")


def test_list_of_another_name() -> None:
    """Nothing is lost because a person or the site named a list anew."""
    found = records(export({"Rewatch": [item(60)], "Completed": [item(90)]}))
    assert [(str(record.locator), record.score) for record in found] == [
        ("anime.Completed[1]", "90"),
        ("anime.Rewatch[1]", "60"),
    ]


@pytest.mark.parametrize("score", [0, None, ""])
def test_unrated(score: Any) -> None:
    """0 and nothing are no score."""
    (found,) = records(export({"Completed": [item(score)]}))
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("score", [101, -10, "gut"])
def test_score_off_the_scale(score: Any) -> None:
    """What is not up to 100 is not corrected."""
    (found,) = records(export({"Completed": [item(score)]}))
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


def test_manga_is_refused() -> None:
    """A manga list is recognised and says so."""
    assert identify(export({"Completed": [item()]}, "manga"), [ADAPTER]).shape.refusal == (
        "This is a list of manga, which Simkl does not have. Export the anime list instead."
    )


def test_lists_of_unknown_names_alone_are_not_claimed() -> None:
    """Any file might have an object called anime."""
    with pytest.raises(Unidentified):
        identify(export({"favourites": [item()]}), [ADAPTER])
