"""Kinopoisk: the .xls files of votes and lists that the site used to hand out, really pages in windows-1251.

The page of votes ends with date and time of the vote, the page of a list with a comment and without a date.

- An unrated title has the word zero, or nothing. The original title is empty where the Russian one is it.
- Series have a range of years (2008 – 2013, 1997 – ...), of which the first counts, or say so behind their title.
- The time is Kinopoisk's own, without a zone. The crowd's rating has a decimal comma; it is not read.
- Old copies differ in the names of columns; those named here come from third parties (formats-western.md 2.14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    Record,
    Shape,
    each_html_row,
    rating_or_reject,
)

RUSSIAN = ("русскоязычное название", "русское название", "название")
DATES = ("дата и время", "дата оценки", "дата")
_SERIES = re.compile(r"(.+?)\s*\((?:мини-)?сериал\b[^()]*\)", re.IGNORECASE)
_RANGE = re.compile(r"(\d{4})\s*[–—-]\s*(?:\d{4}|\.{3}|…)?", re.ASCII)
_TIMED = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)\s+(\d{1,2}\.\d{1,2}\.\d{4})", re.ASCII)

SHAPES = (
    Shape(
        name="votes",
        medium=Medium.HTML,
        suffixes=(".xls", ".html"),
        required=frozenset({"оригинальное название", "год", "моя оценка"}),
        any_of=frozenset(RUSSIAN),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title."""
    return each_html_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    russian = next((cells[name] for name in RUSSIAN if name in cells), "")
    series, years = _SERIES.fullmatch(russian), _RANGE.fullmatch(cells["год"])
    score = cells["моя оценка"]
    column = next((name for name in DATES if name in cells), "")
    return rating_or_reject(
        locator,
        kind=Kind.SHOW if series or years else Kind.MOVIE,
        score="" if score.lower() == "zero" else score,
        scale="1 to 10",
        title=cells["оригинальное название"] or (series[1] if series else russian),
        year=years[1] if years else cells["год"],
        moment=Moment(_TIMED.sub(r"\2 \1", cells[column]), "iso", column) if column else None,
    )


ADAPTER = Adapter(
    name="kinopoisk",
    title="Kinopoisk",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="The site has no export any more; name the .xls file of your votes (Оценки) that you once saved.",
)
