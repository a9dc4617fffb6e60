"""Strict readers: a document -> its records, one at a time, with where each stands.

CSV is read by the standard reader, because it alone shows real widths and line numbers (ecosystem.md 1.3).
JSON numbers reach adapters as the text the file holds, so that no score is rounded on the way in.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import Any, NoReturn

from importer.intake.cellrow import Cells, places
from importer.intake.documents import Document
from importer.intake.floods import CELL_CHARS, expect_bad_rows
from importer.intake.limits import MIB
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.owntables import plain_word
from importer.vocabulary.records import Locator, Record, Reject

SHOWN_CHARS = 80  # of what is no text, in the place of one
STREAM_BYTES = 50 * MIB  # above this JSON is streamed (ecosystem.md 1.4)

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=.(?=\r?\n)", re.IGNORECASE)  # Excel's; what is left of it counts as a line
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\(?:u(?i:d[89ab][\da-f]{2})\\u(?i:d[c-f][\da-f]{2})|(u(?i:d[89a-f][\da-f]{2}))|.)", re.S)

csv.field_size_limit(CELL_CHARS)

Convert = Callable[[Locator, Any], Record]
_View = Callable[[list[str]], Any]

_made = tuple.__new__  # Locator(line) takes three times as long, for every row


def column_name(text: str) -> str:
    """How a header cell is compared: trimmed, single spaces, any case."""
    return plain_word(text)


# --- tables -----------------------------------------------------------------------------------------------


def header(document: Document) -> tuple[str, ...]:
    """The column names of a table. Raises InputError when there is none or one stands twice."""
    with _open_table(document) as (names, _):
        return names


def delimiter(document: Document) -> str:
    """The character between the cells, told by the header: the one that makes most columns of it."""
    start = document.head[_head_chars(document) :].lstrip()
    first = next(iter(start.splitlines()), "")
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def each_row(
    document: Document, convert: Convert, *, columns: Sequence[str] = (), spare_delimiter: bool = False
) -> Iterator[Record]:
    """One record per row of a table: `convert(locator, cells)`, or a `bad-row` reject for a row that is not
    built like its header. Raises InputError when a quote is never closed, or a cell too long: the rest of the file
    hangs on it.

    `columns`: in place of cells `convert` takes a tuple of what stands in these, at least two, which is quicker.
    `spare_delimiter`: the source ends rows, but not the header, with one delimiter more.
    """
    with _open_table(document) as (names, reader):
        view = _picked(names, columns) if columns else partial(Cells, places(names))
        yield from _records(document.name, len(names), reader, view, convert, spare_delimiter=spare_delimiter)


def _picked(names: Sequence[str], columns: Sequence[str]) -> _View:
    known = places(names)
    pick = itemgetter(*(known.get(name, len(names)) for name in columns))
    return pick if known.keys() >= set(columns) else lambda row: pick([*row, ""])


def _records(
    name: str, width: int, reader: Any, view: _View, convert: Convert, *, spare_delimiter: bool
) -> Iterator[Record]:
    bad_rows = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise InputError(
                    f"{name}:{line}: a quote opened here is never closed; the file is cut off or damaged."
                ) from None
            if "field limit" in str(error):  # what follows may be the rest of this cell, and look like rows
                raise InputError(f"{name}:{line}: a cell of more than 1 MiB; no export holds one.") from None
            bad_rows += 1
            expect_bad_rows(name, bad_rows)
            yield Reject(locator=Locator(line), code=Code.BAD_ROW, detail=f"quotes: {error}")
            continue
        if spare_delimiter and len(row) == width + 1 and not row[-1]:
            del row[-1]
        if len(row) == width:
            if row[0] or any(row):
                yield convert(_made(Locator, (line, "")), view(row))
        elif any(row):
            bad_rows += 1
            expect_bad_rows(name, bad_rows)
            detail = f"{len(row)} cells where the header has {width}"
            yield Reject(locator=Locator(line), code=Code.BAD_ROW, detail=detail)


def rows_of(document: Document) -> Iterator[Cells]:
    """Every row of a table that is built like the header, for what only the whole table can tell."""
    found: list[Cells] = []

    def keep(locator: Locator, cells: Cells) -> Record:
        found.append(cells)
        return Reject(locator=locator)

    for _ in each_row(document, keep):
        while found:
            yield found.pop()


def _head_chars(document: Document) -> int:
    """How much of the text stands before the table."""
    match = _SEPARATOR_LINE.match(document.head)
    return match.end() if match else 0


@contextmanager
def _open_table(document: Document) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The column names, and the reader of the rows below them."""
    with document.lines() as lines:
        lines.read(_head_chars(document))
        reader = csv.reader(lines, delimiter=delimiter(document), strict=True)
        yield _names(document, reader), reader


def _names(document: Document, reader: Any) -> tuple[str, ...]:
    try:
        cells = next((row for row in reader if any(cell.strip() for cell in row)), None)
    except csv.Error as error:
        raise InputError(f"{document.name}:1: the header cannot be read: {error}.") from None
    if cells is None:
        raise InputError(f"{document.name}: the file is empty.")
    names = tuple(document.renames.get(name, name) for name in map(column_name, cells))
    if twin := twice(names):
        raise InputError(f"{document.name}:1: the column {twin!r} stands twice in the header.")
    return names


def twice(names: Iterable[str]) -> str:
    """The first name, in order, that stands more than once among `names`; empty where none does."""
    return min((name for name, times in Counter(names).items() if name and times > 1), default="")


# --- JSON -------------------------------------------------------------------------------------------------


def each_item(document: Document, path: str, convert: Convert) -> Iterator[Record]:
    """One record per element of the list at `path`: `[]` for a bare list, `movies[]` for the list under a key,
    `lists[].entries[]` for lists in lists. An absent or null list holds no records."""
    label = path.removesuffix("[]")
    for ordinal, item in enumerate(_items(document, path), start=1):
        locator = Locator(ordinal, label or "item")
        if isinstance(item, dict):
            yield convert(locator, item)
        else:
            yield Reject(locator=locator, code=Code.BAD_ROW, detail="not a JSON object")


def value_at(document: Document, path: str) -> Any:
    """What stands at the dotted `path` (keys only), or None."""
    if _is_streamed(document):
        return next(_streamed(document, path), None)
    return dig(json_of(document), *path.split("."))


def dig(value: Any, *keys: str) -> Any:
    """The value below nested keys, or None as soon as one is missing or null."""
    for key in keys:
        if not isinstance(value, (dict, Cells)):
            return None
        value = value.get(key)
    return value


def text_of(value: Any) -> str:
    """A JSON scalar as text; null, booleans and containers read as empty."""
    return value if isinstance(value, str) else ""


def raw_text(value: Any) -> str:
    """A score or a date as text, whatever stands there, so that what is none is refused and not passed over; null,
    false and empty containers read as empty."""
    return value if isinstance(value, str) else json.dumps(value)[:SHOWN_CHARS] if value else ""


def json_of(document: Document) -> Any:
    """The parsed JSON, numbers as text. Raises InputError for anything that is not strict JSON."""
    if "json" not in document.memo:
        document.memo["json"] = _parse_json(document)
    return document.memo["json"]


def _parse_json(document: Document) -> Any:
    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is not JSON")

    try:
        return json.loads(
            _json_text(document),
            parse_int=str,
            parse_float=str,
            parse_constant=refuse,
            object_pairs_hook=_without_twins,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"{document.name}:{error.lineno}: not complete JSON ({error.msg}); the file is cut off or damaged."
        ) from None
    except RecursionError:
        raise InputError(f"{document.name}: the JSON is nested too deep for any export.") from None
    except ValueError as error:
        raise InputError(f"{document.name}: not valid JSON: {error}.") from None


def _json_text(document: Document) -> str:
    """The text with every half of a surrogate pair marked: it could be neither stored nor sent."""
    if not _SURROGATE.search(document.text):
        return document.text
    return _ESCAPE.sub(lambda escape: "\\ufffd" if escape[1] else escape[0], document.text)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twin = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"the key {twin!r} stands twice in one object")
    return found


def _is_streamed(document: Document) -> bool:
    return len(document.data) > STREAM_BYTES


def _items(document: Document, path: str) -> Iterator[Any]:
    if _is_streamed(document):
        prefix = ".".join(part for part in path.replace("[]", ".item").split(".") if part)
        yield from _streamed(document, prefix)
    else:
        yield from _walk(document.name, json_of(document), path.split("."))


def _walk(name: str, value: Any, parts: list[str]) -> Iterator[Any]:
    if not parts:
        yield value
        return
    key = parts[0].removesuffix("[]")
    below = dig(value, key) if key else value
    if not parts[0].endswith("[]"):
        yield from _walk(name, below, parts[1:])
    elif isinstance(below, list):
        for element in below:
            yield from _walk(name, element, parts[1:])
    elif key and below and isinstance(below, dict):  # what it holds would be passed over without a word
        raise InputError(f"{name}: {key} is no list, as it is in every export of this kind.")


def _streamed(document: Document, prefix: str) -> Iterator[Any]:
    import ijson

    try:
        for item in ijson.items(io.BytesIO(_json_text(document).encode()), prefix):
            yield _as_text(item)
    except (ijson.JSONError, ValueError, RecursionError) as error:
        raise InputError(f"{document.name}: not complete JSON ({error}).") from None


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_as_text(below) for below in value]
    if value is None or isinstance(value, bool | str):
        return value
    return str(value)
