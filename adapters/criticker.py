"""Criticker: the XML and the CSV behind Export on the ratings page of criticker.com.

- Scores are 0 to 100 on paper and personal in practice, and 0 is one. Where nobody goes past 10 they are tenths
  already: the whole file is read on the one scale or the other, and every record says on which.
- Only the link says what a title is: /tv/ or /film/. Column names of the CSV after the first start with a space.
- `tier` is a rank, not a score. Dates are written May 4, 2017, 10:11 (2014 to 2017) or 2017-05-04 10:11 (2025).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

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
    csv_shape,
    each_element,
    each_row,
    marks,
    numbers,
    rating_or_reject,
    title_and_year,
    xml_shape,
)

FILM = "recentratings/film"
_KIND = re.compile(r"criticker\.com/(film|tv)/")
KINDS = {"film": Kind.MOVIE, "tv": Kind.SHOW}
TENTHS, PAPER = "0 to 10 with 0", "0 to 100 with 0"
NOTES = {
    TENTHS: "no score of this Criticker file goes past 10: read as 0 to 10",
    PAPER: "scores of this Criticker file go past 10: read as 0 to 100",
}

SHAPES = (
    xml_shape(name="xml", required=marks(f"{FILM}/", "filmname", "filmlink", "imdbid", "rating")),
    csv_shape(
        name="csv",
        required=frozenset({"score", "film name", "url", "imdb id"}),
        optional=frozenset({"year", "date rated", "mini review"}),
    ),
)


class Keys(NamedTuple):
    """Where a form puts what; the date by its own spelling."""

    score: str
    title: str
    link: str
    imdb: str
    date: str


XML = Keys("rating", "filmname", "filmlink", "imdbid", "reviewdate")
CSV = Keys("score", "film name", "url", "imdb id", "Date Rated")


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Reads the file twice: for its scale, then for its records."""
    if shape.medium is Medium.XML:
        scale = _scale(each_element(document, FILM, partial(_record, XML, PAPER)))
        return each_element(document, FILM, partial(_record, XML, scale))
    scale = _scale(each_row(document, partial(_record, CSV, PAPER)))
    return each_row(document, partial(_record, CSV, scale))


def _scale(records: Iterator[Record]) -> str:
    """One score above 10 among others may be a slip, two are the scale."""
    scores = numbers(record.score for record in records)
    above_ten = sum(score > 10 for score in scores)
    return PAPER if above_ten >= 2 or above_ten * 2 >= len(scores) else TENTHS


def _record(keys: Keys, scale: str, locator: Locator, cells: Cells) -> Record:
    title, year = (cells[keys.title], cells["year"]) if "year" in cells else title_and_year(cells[keys.title])
    link = cells[keys.link]
    word = _KIND.search(link)
    return rating_or_reject(
        locator,
        kind=KINDS[word[1]] if word else None,
        type_text=link,
        score=cells[keys.score],
        scale=scale,
        title=title,
        year=year,
        raw_ids={"imdb": cells[keys.imdb]},
        moment=Moment(cells[keys.date.lower()], "named", keys.date),
        notes=(NOTES[scale],),
    )


ADAPTER = Adapter(
    name="criticker",
    title="Criticker",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="On criticker.com open your ratings and press Export, then choose XML or CSV.",
)
