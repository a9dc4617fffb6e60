"""ČSFD: ratings as node-csfd-api reads them off a public profile, JSON or CSV (the site itself has no export).

- No star at all (odpad!) is written 0 and is a real vote: 39 of 1,369 in one account (formats-western.md 0.8).
- ČSFD's own number has no meaning anywhere else, so titles go by name and year.
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
)

FILMS = ("film", "tv-film", "student-film", "amateur-film", "theatrical", "video-compilation")
SERIES = {"series": Kind.SHOW, "tv-show": Kind.SHOW, "season": Kind.SEASON, "episode": Kind.EPISODE}
KINDS = dict.fromkeys(FILMS, Kind.MOVIE) | SERIES
COLUMNS = ("title", "year", "type", "userRating", "userDate")

SHAPES = (
    json_shape(name="json", required=marks("[].", *COLUMNS), file_names=("csfd",)),
    csv_shape(
        name="csv",
        required=frozenset(column.lower() for column in COLUMNS),
        optional=frozenset({"id", "url", "colorrating"}),
        file_names=("csfd",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated title."""
    return each_plain(document, _row)


def _row(locator: Locator, cells: Cells) -> Record:
    word = cells["type"].strip().lower()
    return rating_or_reject(
        locator,
        kind=KINDS.get(word),
        type_text=word,
        score=cells["userrating"],
        scale="stars-5 with 0",
        title=cells["title"],
        year=cells["year"],
        moment=Moment(cells["userdate"], "day", "userDate"),
    )


ADAPTER = Adapter(
    name="csfd",
    title="ČSFD",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="The site has no export; run node-csfd-api on your profile and take its JSON or CSV.",
)
