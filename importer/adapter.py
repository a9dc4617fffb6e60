"""The public contract of adapters: all that a source module imports, ours and third parties' alike.

An adapter is a frozen value whose facts are data and whose work is one generator. It translates words, never
values: it hands on the raw score with the name of its scale and the raw date with the name of its form, through
`rating_or_reject`, which checks both against the one table and the one function of the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from importer.intake.cellrow import Cells
from importer.intake.documents import Document
from importer.intake.elements import each_branch, each_element, first_element
from importer.intake.importcsv import goes_past_five, import_ids, import_row
from importer.intake.making import cells_of, noted, rating_or_reject, unsupported
from importer.intake.maldialect import NO_MANGA, dialect_entry
from importer.intake.outline import Medium, outline
from importer.intake.pages import each_html_row
from importer.intake.readers import (
    Convert,
    dig,
    each_item,
    each_row,
    raw_text,
    rows_of,
    text_of,
    value_at,
)
from importer.vocabulary.cells import restored
from importer.vocabulary.outcomes import Code
from importer.vocabulary.owntables import OwnTable
from importer.vocabulary.records import Anime, Kind, Locator, Moment, Rating, Record, Reject, rejected
from importer.vocabulary.spellings import imdb_id, numbers, title_and_year

__all__ = [
    "NO_MANGA",
    "Adapter",
    "Anime",
    "Cells",
    "Code",
    "Convert",
    "Document",
    "Evidence",
    "Kind",
    "Locator",
    "Medium",
    "Moment",
    "OwnTable",
    "Rating",
    "Record",
    "Reject",
    "Shape",
    "cells_of",
    "csv_shape",
    "dialect_entry",
    "dig",
    "each_branch",
    "each_element",
    "each_html_row",
    "each_item",
    "each_plain",
    "each_row",
    "first_element",
    "goes_past_five",
    "imdb_id",
    "import_ids",
    "import_row",
    "json_shape",
    "marks",
    "no_records",
    "noted",
    "numbers",
    "rating_or_reject",
    "raw_text",
    "rejected",
    "restored",
    "rows_of",
    "text_of",
    "title_and_year",
    "unsupported",
    "value_at",
    "xml_shape",
]


class Evidence(StrEnum):
    """How sure we are of a format."""

    REAL_EXPORT = "real export"
    PUBLISHED_FORMAT = "published format"
    RECONSTRUCTED = "reconstructed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of file of a source, told by its content (see `outline.Outline` for what the marks are).

    A document has this shape when all `required` marks are there, at least one of `any_of` (where given), and no
    `forbidden` one. Where several shapes fit, one whose `required`, `any_of` and `optional` marks cover the whole
    header outranks one that leaves some over, and more required marks outrank fewer; `file_names` (parts of a
    lower-case name) only break a tie.
    `rank`: which shape speaks when two of one source disagree, the highest first.
    `asks_profile`: set for a file of many people's ratings, of which none is read until the person says whose.
    `refusal`: set for a file that is recognised but holds no ratings; the sentence says so and what else works.
    """

    name: str
    medium: Medium
    suffixes: tuple[str, ...]
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    file_names: tuple[str, ...] = ()
    rank: int = 0
    asks_profile: bool = False
    refusal: str = ""


csv_shape = partial(Shape, medium=Medium.TABLE, suffixes=(".csv",))
json_shape = partial(Shape, medium=Medium.JSON, suffixes=(".json",))
xml_shape = partial(Shape, medium=Medium.XML, suffixes=(".xml",))
"""The usual kinds of file; a shape with other suffixes names them."""


def marks(path: str, *names: str) -> frozenset[str]:
    """The marks of `names` below one path, whose last sign stands between: `marks("[].", "title", "year")`."""
    return frozenset(f"{path}{name}" for name in names)


Parse = Callable[[Document, Shape], Iterator[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One source. `name` is the CLI word, the module, the sample folder and the golden folder at once.

    `parse` yields exactly one record per data record, in file order, and reads nothing but its document.
    `help` says where on the site the export button is; `ignored_folders` (lower case) name folders of the
    export whose files must not be read.
    """

    name: str
    title: str
    shapes: tuple[Shape, ...]
    parse: Parse
    evidence: Evidence
    help: str
    ignored_folders: frozenset[str] = field(default_factory=frozenset)


def each_plain(document: Document, convert: Convert) -> Iterator[Record]:
    """One record per row of a table, or per flat object of a bare JSON list: `convert(locator, cells)`, with names
    in lower case either way."""
    if outline(document).medium is Medium.TABLE:
        return each_row(document, convert)
    return each_item(document, "[]", lambda locator, item: convert(locator, cells_of(item)))


def no_records(document: Document, shape: Shape) -> Iterator[Record]:
    """The `parse` of a source all of whose shapes are refused."""
    return iter(())
