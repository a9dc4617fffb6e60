"""HTML pages that hold one table of records: what old sites call an .xls file (formats-western.md 2.14)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from importer.intake.cellrow import Cells, places
from importer.intake.documents import Document
from importer.intake.readers import Convert, column_name, twice
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Locator, Record, Reject

STARTS = ("<!doctype html", "<html", "<head", "<meta", "<table")  # what tells a page from XML, in lower case


def html_header(document: Document) -> tuple[str, ...]:
    """The column names of a page's table. Raises InputError when there is none or one stands twice."""
    rows = _rows(document)
    if not rows:
        raise InputError(f"{document.name}: the page holds no table.")
    names = tuple(map(column_name, rows[0]))
    if twin := twice(names):
        raise InputError(f"{document.name}: the column {twin!r} stands twice in the header.")
    return names


def each_html_row(document: Document, convert: Convert) -> Iterator[Record]:
    """One record per row below the header, counted from 1, or a `bad-row` reject for a row of another width."""
    names = html_header(document)
    columns = places(names)
    for ordinal, row in enumerate(_rows(document)[1:], start=1):
        locator = Locator(ordinal, "row")
        if len(row) == len(names):
            yield convert(locator, Cells(columns, row))
        else:
            detail = f"{len(row)} cells where the header has {len(names)}"
            yield Reject(locator=locator, code=Code.BAD_ROW, detail=detail)


def _rows(document: Document) -> list[list[str]]:
    if "html" not in document.memo:
        if document.text.rfind("<!--") > document.text.rfind("-->"):  # Pythons differ in what they make of it
            raise InputError(f"{document.name}: a comment is never closed; the file is cut off or damaged.")
        table = _Table()
        try:
            table.feed(document.text)
            table.close()
        except AssertionError as error:  # how html.parser refuses a broken declaration
            raise InputError(f"{document.name}: the page cannot be read: {error}.") from None
        if table.is_open:
            raise InputError(f"{document.name}: the table is never closed; the file is cut off or damaged.")
        document.memo["html"] = [row for row in table.rows if any(row)]
    rows: list[list[str]] = document.memo["html"]
    return rows


class _Table(HTMLParser):
    """Collects the cells of all rows; line breaks, tags and no-break spaces inside a cell count as blanks."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_open = False
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("table", "tr", "td", "th"):
            self._end_cell()
        if tag == "table":
            self.is_open = True
        elif tag == "tr":
            if not self.rows or self.rows[-1]:
                self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._cell = []
        elif self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("table", "tr", "td", "th"):
            self._end_cell()
        if tag == "tr" and self.rows and self.rows[-1]:
            self.rows.append([])  # cells that follow without <tr> are none of the row that ended
        self.is_open = self.is_open and tag != "table"

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
