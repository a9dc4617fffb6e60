"""What a document looks like from afar: its medium and the marks by which shapes are recognised."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from importer.intake import elements, floods, pages, readers
from importer.intake.documents import Document

SAMPLE_ITEMS = 200
DEPTH = 8
HEAD_CHARS = 1024


class Medium(StrEnum):
    """How a document is built."""

    TABLE = "table"
    JSON = "json"
    XML = "xml"
    HTML = "html"


class Outline(NamedTuple):
    """Marks of a table, in a page too, are its column names; of JSON its key paths (`movies[].movie.ids`,
    `[].rating`); of XML its element paths (`myanimelist/anime/my_score`), attributes (`list/item/@id`) and the
    words of the comments at its head (`<!--taiga`)."""

    medium: Medium
    marks: frozenset[str]


def outline(document: Document) -> Outline:
    """The outline of `document`. Raises InputError when it cannot be read at all."""
    if "outline" not in document.memo:
        document.memo["outline"] = _outline(document)
    found: Outline = document.memo["outline"]
    return found


def _outline(document: Document) -> Outline:
    start = document.head.lstrip("\ufeff \t\r\n")[:HEAD_CHARS].lower()
    if start.startswith(("{", "[")):
        floods.expect_json(document.name, document.text)
        marks: set[str] = set()
        _add_json_marks(readers.json_of(document), "", marks, DEPTH)
        return Outline(Medium.JSON, frozenset(marks))
    if start.startswith(pages.STARTS):
        floods.expect_page(document.name, document.text)
        return Outline(Medium.HTML, frozenset(name for name in pages.html_header(document) if name))
    if start.startswith("<"):
        floods.expect_xml(document.name, document.text)
        return Outline(Medium.XML, elements.xml_paths(document))
    with document.opened() as content:
        floods.expect_table(document.name, content)
    return Outline(Medium.TABLE, frozenset(name for name in readers.header(document) if name))


def _add_json_marks(value: Any, path: str, marks: set[str], depth: int) -> None:
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, below in value.items():
            here = f"{path}.{key}" if path else key
            marks.add(here)
            _add_json_marks(below, here, marks, depth - 1)
    elif isinstance(value, list):
        marks.add(f"{path}[]")
        for item in value[:SAMPLE_ITEMS]:
            _add_json_marks(item, f"{path}[]", marks, depth - 1)
