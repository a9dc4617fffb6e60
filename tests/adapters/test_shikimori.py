"""Shikimori: its JSON, and its dialect of MyAnimeList's XML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.myanimelist import ADAPTER as MYANIMELIST
from adapters.shikimori import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import identify
from importer.vocabulary.errors import InputError


def item(**cells: Any) -> dict[str, Any]:
    """One title of a JSON list."""
    known = {"target_title": "Cowboy Bebop", "target_id": 1, "target_type": "Anime", "score": 9}
    return known | {"status": "completed", "rewatches": 1, "episodes": 26, "text": "test"} | cells


def listing(*items: dict[str, Any]) -> Document:
    """A JSON list."""
    return Document("fan_animes.json", json.dumps(items).encode())


def xml(kind: str = "anime", **cells: str) -> Document:
    """An XML list of one title."""
    known = {"series_title": "Cowboy Bebop", "series_animedb_id": "1", "my_score": "9", "shiki_status": "Completed"}
    text = "".join(f"<{tag}>{value}</{tag}>" for tag, value in (known | cells).items())
    return Document("fan_animes.xml", f"<myanimelist><{kind}>{text}</{kind}></myanimelist>".encode())


def record(document: Document) -> Record:
    """The one record of a document, identified as a person's file would be."""
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER, MYANIMELIST]).shape)
    return found


@pytest.mark.parametrize("document", [listing(item()), xml()])
def test_rated_title(document: Document) -> None:
    """Both forms say the same; ids are those of MyAnimeList, and there is no date."""
    found = record(document)
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title, found.ids) == (Kind.SHOW, Anime.YES, "Cowboy Bebop", {"mal": "1"})
    assert (found.score, found.scale, found.moment, found.year) == ("9", "1 to 10", None, None)


@pytest.mark.parametrize("document", [listing(item(score=0)), xml(my_score="0")])
def test_unrated(document: Document) -> None:
    """0 is no score, whatever the status."""
    found = record(document)
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize(("type_text", "kind"), [("movie", Kind.MOVIE), ("ova", Kind.SHOW), ("", Kind.SHOW)])
def test_xml_tells_films(type_text: str, kind: Kind) -> None:
    """Types are in lower case there; all of it is anime."""
    assert record(xml(series_type=type_text)).kind is kind


def test_russian_title_helps_out() -> None:
    """Older files lack it, so it only speaks where the main title is missing."""
    assert record(listing(item(target_title_ru="Ковбой Бибоп"))).title == "Cowboy Bebop"
    assert record(listing(item(target_title=None, target_title_ru="Ковбой Бибоп"))).title == "Ковбой Бибоп"


def test_manga_among_the_items() -> None:
    """Its id would name another title as anime."""
    found = record(listing(item(target_type="Manga")))
    assert isinstance(found, Reject)
    assert (found.code, found.detail, found.ids) == (Code.UNSUPPORTED_KIND, "manga", {})
    assert (found.title, found.score, found.anime) == ("Cowboy Bebop", "9", Anime.UNKNOWN)


def test_unknown_type() -> None:
    """Nothing is taken for an anime that does not say so."""
    found = record(listing(item(target_type="Character")))
    assert isinstance(found, Reject)
    assert (found.code, found.detail) == (Code.UNKNOWN_TYPE, "the type reads 'Character'")


def test_manga_as_xml_is_refused() -> None:
    """It is told from MyAnimeList's own list of manga."""
    claim = identify(xml("manga"), [ADAPTER, MYANIMELIST])
    assert claim.word == "shikimori:xml-manga"
    assert (
        claim.shape.refusal == "This is a list of manga, which Simkl does not have. Export the anime list instead."
    )


def test_export_that_is_cut_off() -> None:
    """Such files exist; nothing is taken from them."""
    whole = listing(item()).data
    with pytest.raises(InputError, match="cut off or damaged"):
        identify(Document("fan_animes.json", whole[:-1]), [ADAPTER])
