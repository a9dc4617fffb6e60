"""Bingers: ratings.csv of its export (new in 2026).

- A season or episode carries the ids of its show, a number, and no date.
- Only an episode row was ever seen (formats-western.md 2.15); the words for movies and shows are the usual ones,
  and any other word is rejected.
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
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

KINDS = {
    "movie": Kind.MOVIE,
    "show": Kind.SHOW,
    "series": Kind.SHOW,
    "tv": Kind.SHOW,
    "season": Kind.SEASON,
    "episode": Kind.EPISODE,
}

SHAPES = (
    csv_shape(
        name="ratings",
        required=frozenset({
            *("type", "title", "tvdb_id", "tmdb_id", "season_number", "episode_number", "rating"),
            *("favorite_character", "emotions"),
        }),
    ),
)  # fmt: skip


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=KINDS.get(cells["type"].strip().lower()),
        type_text=cells["type"],
        score=cells["rating"],
        scale="stars-5",
        title=cells["title"],
        raw_ids={"tvdb": cells["tvdb_id"], "tmdb": cells["tmdb_id"]},
        season=cells["season_number"],
        episode=cells["episode_number"],
        ids_name_show=True,
    )


ADAPTER = Adapter(
    name="bingers",
    title="Bingers",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="In the app open Settings and export your data; the ratings are in ratings.csv.",
)
