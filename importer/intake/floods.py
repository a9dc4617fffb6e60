"""Files of very many tiny parts, which would take many times their size in memory: no export is built like that.

A cell of text costs about 60 bytes of memory, a JSON object about 250, a row that is refused 1,400.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import BinaryIO

from importer.intake.limits import MIB
from importer.vocabulary.errors import InputError

CELL_CHARS = MIB
LINES = 2_000_000
BAD_ROWS = 100_000
TAGS = 2_000_000
OPEN_TAGS = 100  # at the end of a page html.parser reads on from each of them
PATHS = 20_000
OBJECTS, CHARS_PER_OBJECT = 1_000_000, 64
VALUES, CHARS_PER_VALUE = 4_000_000, 16

LINE_BYTES = 2 * MIB

_LONG_TEXT = re.compile(f'"[^"]{{{CELL_CHARS}}}')
_LONG_PIECE = re.compile(f"<[^<]{{{CELL_CHARS}}}")


def expect_table(name: str, content: BinaryIO) -> None:
    """Raises InputError for a table, in UTF-8, of more lines than any person has ratings, or of a line without
    end."""
    ends = Counter[bytes]()
    while piece := content.read(LINE_BYTES):  # a line of twice the length fills one of these
        found = {end: piece.count(end) for end in (b"\r", b"\n") if end in piece}  # to count takes far longer
        if len(piece) == LINE_BYTES and not found:
            raise InputError(f"{name}: a line of more than 2 MiB; no export holds one.")
        ends.update(found)
    _expect(name, max(ends.values(), default=0), LINES, "lines")


def expect_json(name: str, text: str) -> None:
    """Raises InputError for more objects or values than a file of this size can hold when they say something, and
    for a text without end."""
    if _LONG_TEXT.search(text):
        raise InputError(f"{name}: a text, or a run of numbers, of more than 1 MiB; no export holds one.")
    _expect(
        name, text.count("{") + text.count("["), max(OBJECTS, len(text) // CHARS_PER_OBJECT), "lists and objects"
    )
    _expect(name, text.count(","), max(VALUES, len(text) // CHARS_PER_VALUE), "values")


def expect_xml(name: str, text: str) -> None:
    """Raises InputError for a tag or a text without end."""
    if _LONG_PIECE.search(text):
        raise InputError(f"{name}: a text or a tag of more than 1 MiB; no export holds one.")


def expect_page(name: str, text: str) -> None:
    """Raises InputError for a page of more tags than any list of ratings needs."""
    _expect(name, text.count("<"), TAGS, "tags")
    _expect(name, text.count("<", text.rfind(">") + 1), OPEN_TAGS, "tags that are never closed")


def expect_paths(name: str, found: int) -> None:
    """Raises InputError for more kinds of elements than any format has."""
    _expect(name, found, PATHS, "kinds of elements")


def expect_bad_rows(name: str, found: int) -> None:
    """Raises InputError when so many rows are not built like the header that it is no header."""
    _expect(name, found, BAD_ROWS, "rows that are not built like the header")


def _expect(name: str, found: int, most: int, what: str) -> None:
    if found > most:
        raise InputError(f"{name}: over {most:,} {what}; no export holds so many, so the file is damaged.")
