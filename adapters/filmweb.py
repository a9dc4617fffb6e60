"""Filmweb: the CSV or JSON of filmweb-export, which reads the votes of a signed-in person.

- `timestamp` counts seconds in files of 2020 and milliseconds in those of 2023; `date` says the same in words and
  is the one that is read.
- The original title is missing where it equals the Polish one. The link tells series from films.
- Filmweb's own number has no meaning anywhere else, so titles go by name and year.
"""

from __future__ import annotations

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
    each_plain,
    json_shape,
    marks,
    rating_or_reject,
    unsupported,
)

COLUMNS = ("user_rating", "original_title", "pl_title", "year", "movie_id", "url", "date")
OTHERS = ("timestamp", "favorite", "global_rating", "global_rating_count")
KINDS_BY_LINK = {"/film/": Kind.MOVIE, "/serial/": Kind.SHOW, "/tvshow/": Kind.SHOW}

SHAPES = (
    csv_shape(name="csv", required=frozenset(COLUMNS), optional=frozenset(OTHERS), file_names=("filmweb",)),
    json_shape(name="json", required=marks("[].", *COLUMNS), file_names=("filmweb",)),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per vote."""
    return each_plain(document, _row)


def _row(locator: Locator, cells: Cells) -> Record:
    link = cells["url"].strip().lower()
    record = rating_or_reject(
        locator,
        kind=next((kind for part, kind in KINDS_BY_LINK.items() if part in link), None),
        type_text=link,
        score=cells["user_rating"],
        scale="1 to 10",
        title=cells["original_title"].strip() or cells["pl_title"],
        year=cells["year"],
        moment=Moment(cells["date"], "iso", "date"),
    )
    return unsupported(record) if "/videogame/" in link else record


ADAPTER = Adapter(
    name="filmweb",
    title="Filmweb",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="Run filmweb-export while signed in to filmweb.pl, and take its CSV or JSON.",
)
