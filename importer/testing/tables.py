"""CSV samples taken apart and written again."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from importer.adapter import Code, Document, Record, Reject
from importer.intake.readers import column_name, delimiter
from importer.testing.slots import Slot

_DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def _rows_of(document: Document) -> Iterator[_Row]:
    """All rows; one that strict CSV refuses becomes a single cell, and so stays a bad row."""
    text = document.text
    if text[:4].lower() == "sep=":
        text = text[len(text.splitlines()[0]) :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(document), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield _Row(line, next(reader))
        except StopIteration:
            return
        except csv.Error:
            yield _Row(line, [_DAMAGED])


class TableSpecimen:
    """A table as rows of cells."""

    def __init__(self, document: Document) -> None:
        self._rows = list(_rows_of(document))
        self._head = next(index for index, row in enumerate(self._rows) if not row.is_blank)

    @property
    def _header(self) -> list[str]:
        return self._rows[self._head].cells

    def text(self) -> str:
        """The table written again, with commas."""
        return _written([row.cells for row in self._rows])

    def slots(self, record: Record) -> list[Slot]:
        """The cells of the record's row."""
        row = next((row for row in self._rows if row.line == record.locator.line), None)
        if row is None or len(row.cells) != len(self._header):
            return []
        return [
            self._slot(row, index, name)
            for index, name in enumerate(self._header)
            if record.locator.line > self._rows[self._head].line
        ]

    def _slot(self, row: _Row, index: int, name: str) -> Slot:
        def put(value: str) -> None:
            row.cells[index] = value

        held = row.cells[index]
        return Slot(column_name(name), f"line {row.line}, column {name!r}", held, put, held)

    def count_fault(self, records: Sequence[Record]) -> str:
        """Every row below the header that is not blank gives one record, in file order."""
        expected = [row.line for row in self._rows[self._head + 1 :] if not row.is_blank]
        found = [record.locator.line for record in records]
        if found == expected:
            return ""
        missing, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        return f"{len(expected)} rows, {len(found)} records; lines without record {missing}, without row {extra}"

    def variants(self) -> Iterator[tuple[str, str]]:
        """Columns in other orders, a column more, other delimiters, a blank line at the end."""
        width = len(self._header)
        for seed in range(3):
            order = random.Random(seed).sample(range(width), width)  # noqa: S311  # not for secrets
            yield "shuffled-columns", _written([self._reordered(row.cells, order) for row in self._rows])
        for position in (0, width // 2, width):
            yield "extra-column", _written(list(self._with_column(position)))
        yield "trailing-blank-line", self.text() + "\r\n"
        yield "trailing-blank-line", self.text() + "," * (width - 1) + "\r\n"
        yield "semicolons", _written([row.cells for row in self._rows], ";")
        yield "tabs", _written([row.cells for row in self._rows], "\t")

    def _reordered(self, cells: list[str], order: list[int]) -> list[str]:
        return [cells[index] for index in order] if len(cells) == len(order) else cells

    def _with_column(self, position: int) -> Iterator[list[str]]:
        for row in self._rows:
            added = "Rateport Test Column" if row is self._rows[self._head] else "7"
            yield row.cells if row.is_blank else [*row.cells[:position], added, *row.cells[position:]]

    def without(self, mark: str) -> str | None:
        """The table with one column renamed."""
        header = [f"not {cell}" if column_name(cell) == mark else cell for cell in self._header]
        return _written([header if row.cells is self._header else row.cells for row in self._rows])

    def bare(self) -> str:
        """The header alone."""
        return _written([row.cells for row in self._rows[: self._head + 1]])


def _written(rows: list[list[str]], mark: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue()


def is_bad_row(record: Record) -> TypeGuard[Reject]:
    """Whether `record` stands for a row that is not built like its header; its detail names widths."""
    return isinstance(record, Reject) and record.code is Code.BAD_ROW
