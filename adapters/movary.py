"""Movary: the CSV files behind Settings, Account, Data, Export (films only).

- The ratings file holds no date. The history file repeats the rating beside each watch, so that a film seen
  twice stands there twice; its `watchedAt` stands in for the date of the rating.
- The columns read as Movary's own code writes them (formats-western.md 2.15); `imdbId` may be empty.
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
    each_row,
    rating_or_reject,
)

FILM = frozenset({"title", "year", "tmdbid", "imdbid"})
NOTES = frozenset({"comment", "location"})
INSTEAD = "Movary's ratings are in the file export-ratings."

SHAPES = (
    csv_shape(
        name="ratings", required=FILM | {"userrating"}, optional=NOTES, forbidden=frozenset({"watchedat"}), rank=2
    ),
    csv_shape(name="history", required=FILM | {"userrating", "watchedat"}, optional=NOTES, rank=1),
    csv_shape(
        name="history-unrated",
        required=FILM | {"watchedat"},
        optional=NOTES,
        forbidden=frozenset({"userrating"}),
        refusal=f"This is a history of Movary without ratings. {INSTEAD}",
    ),
    csv_shape(
        name="watchlist",
        required=FILM | {"addedat"},
        forbidden=frozenset({"userrating", "watchedat"}),
        refusal=f"This is a watchlist of Movary, which holds no ratings. {INSTEAD}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per film, or per watch in the history."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["userrating"],
        scale="1 to 10",
        title=cells["title"],
        year=cells["year"],
        raw_ids={"tmdb": cells["tmdbid"], "imdb": cells["imdbid"]},
        moment=Moment(cells["watchedat"], "iso", "watchedAt", stand_in=True) if "watchedat" in cells else None,
    )


ADAPTER = Adapter(
    name="movary",
    title="Movary",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="In your Movary open Settings, Account, Data, and export the ratings.",
)
