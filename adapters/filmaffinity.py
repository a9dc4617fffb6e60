"""FilmAffinity: the CSV of fa-scraper, which reads the public votes of a profile (the site has no export).

- It has the columns of Letterboxd's import format, and exactly these: `Rating10` is the vote, `Rating` half of it.
- Series are told by the mark that the site puts behind their title, in the language of the page.
- `WatchedDate` is asked for by Letterboxd and stands in for the date of the rating.
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
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

_SERIES = re.compile(r"(.*\S)\s*\((?:TV (?:Mini)?Series|Serie de TV|Miniserie de TV)\)", re.IGNORECASE)

SHAPES = (
    csv_shape(
        name="fa-scraper",
        required=frozenset({"title", "year", "directors", "watcheddate", "rating", "rating10"}),
        forbidden=frozenset({"imdbid", "tmdbid", "letterboxduri", "rewatch", "tags", "review"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per vote."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    series = _SERIES.fullmatch(cells["title"].strip())
    return rating_or_reject(
        locator,
        kind=Kind.SHOW if series else Kind.MOVIE,
        score=cells["rating10"],
        scale="1 to 10",
        title=series[1] if series else cells["title"],
        year=cells["year"],
        moment=Moment(cells["watcheddate"], "day", "WatchedDate", stand_in=True),
    )


ADAPTER = Adapter(
    name="filmaffinity",
    title="FilmAffinity",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="The site has no export; run fa-scraper with the number of your profile and take its CSV.",
)
