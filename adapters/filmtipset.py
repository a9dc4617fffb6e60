"""Filmtipset: the file of votes that the site hands out (Swedish, films).

- In most rows date and title stand in one cell, parted by a comma, so that the row is one cell short; quotes and
  semicolons inside such a title are not escaped. Other rows of the same file are built like the header.
- `IMDB` holds bare digits, -1 or nothing. Titles hold HTML entities. There is no year and no type.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

_JOINED = re.compile(r"^(\d{4}-\d{2}-\d{2}),(.*);(-?\d*);(\d*)(?=\r?$)", re.MULTILINE | re.ASCII)
_DIGITS = re.compile(r"\d{1,8}", re.ASCII)

SHAPES = (
    csv_shape(
        name="votes",
        suffixes=(".csv", ".txt"),
        required=frozenset({"votedate", "movietitle", "imdb", "score"}),
        file_names=("filmtipset",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per vote; joined cells are parted first, line by line."""
    parted = _JOINED.sub(_parted, document.text)
    return each_row(Document(document.name, parted.encode(), renames=document.renames), _record)


def _parted(row: re.Match[str]) -> str:
    title = row[2].replace('"', '""')
    return f'{row[1]};"{title}";{row[3]};{row[4]}'


def _record(locator: Locator, cells: Cells) -> Record:
    number = cells["imdb"].strip()
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["score"],
        scale="stars-5",
        title=html.unescape(cells["movietitle"]),
        raw_ids={"imdb": f"tt{number:0>7}" if _DIGITS.fullmatch(number) and int(number) else number},
        moment=Moment(cells["votedate"], "day", "VoteDate"),
    )


ADAPTER = Adapter(
    name="filmtipset",
    title="Filmtipset",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="On filmtipset.se open your profile's settings and export your votes.",
)
