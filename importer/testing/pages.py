"""HTML samples taken apart and written again."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator, Sequence

from importer.adapter import Document, Record
from importer.intake.readers import column_name
from importer.testing.slots import Slot

_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<(t[dh])\b[^>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class HtmlSpecimen:
    """The table of a page as rows of cells, the header first."""

    def __init__(self, document: Document) -> None:
        self._rows = [
            [" ".join(html.unescape(_TAG.sub(" ", cell[2])).split()) for cell in _CELL.finditer(row[1])]
            for row in _ROW.finditer(document.text)
        ]

    def text(self) -> str:
        """The page written again, a row on a line."""
        return _page(self._rows)

    def slots(self, record: Record) -> list[Slot]:
        """The cells of the record's row."""
        row = self._rows[record.locator.line] if 0 < record.locator.line < len(self._rows) else []
        if len(row) != len(self._rows[0]):
            return []
        return [self._slot(row, index, record) for index in range(len(row))]

    def _slot(self, row: list[str], index: int, record: Record) -> Slot:
        def put(value: str) -> None:
            row[index] = value

        name = self._rows[0][index]
        return Slot(column_name(name), f"{record.locator}, column {name!r}", row[index], put, row[index])

    def count_fault(self, records: Sequence[Record]) -> str:
        """Every row below the header gives one record, in file order."""
        found = [record.locator.line for record in records]
        return "" if found == list(range(1, len(self._rows))) else f"{len(self._rows) - 1} rows, records at {found}"

    def variants(self) -> Iterator[tuple[str, str]]:
        """Columns in another order, a column more, on one line, tags in capitals."""
        order = random.Random(0).sample(range(len(self._rows[0])), len(self._rows[0]))  # noqa: S311
        full = [row if len(row) != len(order) else [row[index] for index in order] for row in self._rows]
        yield "shuffled-columns", _page(full)
        yield (
            "extra-column",
            _page([[*row, "7" if number else "Rateport"] for number, row in enumerate(self._rows)]),
        )
        yield "on-one-line", self.text().replace("\n", "")
        yield "capital-tags", _TAG.sub(lambda tag: tag[0].upper(), self.text())

    def without(self, mark: str) -> str | None:
        """The page with one column renamed."""
        header = [f"not {cell}" if column_name(cell) == mark else cell for cell in self._rows[0]]
        return _page([header, *self._rows[1:]])

    def bare(self) -> str:
        """The header alone."""
        return _page(self._rows[:1])


def _page(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    lines = "\n".join(f"<tr>{row}</tr>" for row in cells)
    return f"<html><body><table>\n{lines}\n</table></body></html>\n"
