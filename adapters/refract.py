"""Refract: library and diary of its CSV export (new in 2026).

- The library holds the rating of a title as it stands, and of dates only when the title was last watched, which
  stands in. The diary holds what was done and when: the rows `rated` are the true dates of ratings.
- An `episode` row of the diary carries the id of the show; its rating, if any, is the episode's.
- Stars up to five, probably with halves (formats-western.md 3).
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

KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW}
TITLE = frozenset({"title", "year", "media_type", "tmdb_id", "rating"})

SHAPES = (
    csv_shape(name="library", required=TITLE | {"status", "last_watched_at", "added_at", "source"}, rank=2),
    csv_shape(name="diary", required=TITLE | {"action_type", "occurred_at"}, rank=1),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title of the library, or per entry of the diary."""
    return each_row(document, _of_library if shape.name == "library" else _of_diary)


def _of_library(locator: Locator, cells: Cells) -> Record:
    kind = KINDS.get(cells["media_type"].strip().lower())
    return _record(locator, cells, kind, Moment(cells["last_watched_at"], "iso", "last_watched_at", stand_in=True))


def _of_diary(locator: Locator, cells: Cells) -> Record:
    action = cells["action_type"].strip().lower()
    kind = Kind.EPISODE if action == "episode" else KINDS.get(cells["media_type"].strip().lower())
    is_rating = action == "rated"
    return _record(locator, cells, kind, Moment(cells["occurred_at"], "iso", "occurred_at", stand_in=not is_rating))


def _record(locator: Locator, cells: Cells, kind: Kind | None, moment: Moment) -> Record:
    return rating_or_reject(
        locator,
        kind=kind,
        type_text=cells["media_type"],
        score=cells["rating"],
        scale="stars-5-halves",
        title=cells["title"],
        year=cells["year"],
        raw_ids={"tmdb": cells["tmdb_id"]},
        moment=moment,
        ids_name_show=True,
    )


ADAPTER = Adapter(
    name="refract",
    title="Refract",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="In the app open Settings and export your data as CSV; name the library and the diary together.",
)
