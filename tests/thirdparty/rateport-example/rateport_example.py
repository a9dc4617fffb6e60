"""Kinonotes (invented): the JSON behind Profile, Download my notes, an array of films with points up to 100."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.adapter import (
    Adapter,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    each_item,
    json_shape,
    rating_or_reject,
    text_of,
)

SHAPES = (json_shape(name="notes", required=frozenset({"notes[].film", "notes[].kinopoints"})),)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per note."""
    return each_item(document, "notes[]", _note)


def _note(locator: Locator, note: dict[str, Any]) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=text_of(note.get("kinopoints")),
        scale="0 to 100",
        title=text_of(note.get("film")),
        year=text_of(note.get("year")),
        raw_ids={"imdb": text_of(note.get("imdb"))},
        moment=Moment(text_of(note.get("noted")), "day", "noted"),
    )


ADAPTER = Adapter(
    name="example",
    title="Kinonotes",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="Nowhere: this site is invented.",
)
