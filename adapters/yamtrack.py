"""Yamtrack: the CSV behind Settings, Export data, of all that a person tracks.

Three headers: with `repeats` and `watch_date` (2024), with `progress_changed` (2025), with `progressed_at` (2026).

- `media_id` is an id of the catalogue under `source`; seasons and episodes carry the id of their show.
- Books, games, comics and manga stand in the same table. Hand-made and imported rows may lack id and source.
- There is no date of the rating; `end_date` stands in. Some rows are short by one cell: those are `bad-row`.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Anime,
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
    unsupported,
)

KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW, "anime": Kind.SHOW, "season": Kind.SEASON, "episode": Kind.EPISODE}
OTHER_TYPES = frozenset({"book", "boardgame", "comic", "game", "manga"})
SPACES = frozenset({"tmdb", "mal"})

SHAPES = (
    csv_shape(
        name="csv",
        required=frozenset({"media_id", "source", "media_type", "title", "score", "season_number"}),
        optional=frozenset({
            *("episode_number", "image", "progress", "status", "repeats", "start_date", "end_date"),
            *("notes", "watch_date", "progress_changed", "progressed_at"),
        }),
        file_names=("yamtrack",),
    ),
)  # fmt: skip


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row, whatever is tracked in it."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    word = cells["media_type"].strip().lower()
    kind = KINDS.get(word)
    source = cells["source"].strip().lower()
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=cells["score"],
        scale="0 to 10",
        anime=Anime.YES if word == "anime" else Anime.UNKNOWN,
        title=cells["title"],
        raw_ids={source: cells["media_id"]} if kind and source in SPACES else {},
        moment=Moment(cells["end_date"], "iso", "end_date", stand_in=True),
        season=cells["season_number"],
        episode=cells["episode_number"],
        ids_name_show=True,
    )
    return unsupported(record) if word in OTHER_TYPES else record


ADAPTER = Adapter(
    name="yamtrack",
    title="Yamtrack",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="In your Yamtrack open Settings, Export data, and press Export CSV.",
)
