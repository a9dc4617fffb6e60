"""Watcharr: the JSON behind Settings, Export, a bare list of what is on the person's list.

- `rating` 0 is no rating. Seasons and episodes have ratings of their own below their show, which are counted in
  a note; they are no ratings of the title.
- `createdAt` and `updatedAt` change with any edit of the entry, so there is no date of the rating.
- A game has `game` in the place of `content`. `imdb_id` is empty for shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.adapter import (
    Adapter,
    Document,
    Evidence,
    Kind,
    Locator,
    Record,
    Shape,
    dig,
    each_item,
    json_shape,
    marks,
    noted,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
)

KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW}

SHAPES = (
    json_shape(
        name="list",
        required=marks("[].", "rating", "status", "content.tmdbId", "content.type"),
        file_names=("watcharr",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per entry of the list."""
    return each_item(document, "[]", _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    content = item.get("content")
    kind = KINDS.get(text_of(dig(content, "type")).strip().lower())
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text="game" if item.get("game") else text_of(dig(content, "type")),
        score=raw_text(item.get("rating")),
        scale="0 to 10",
        title=text_of(dig(content, "title")) or text_of(dig(item, "game", "name")),
        year=text_of(dig(content, "release_date"))[:4],
        raw_ids={"tmdb": text_of(dig(content, "tmdbId")), "imdb": text_of(dig(content, "imdb_id"))} if kind else {},
    )
    return noted(unsupported(record) if item.get("game") else record, *_parts_left_out(item))


def _parts_left_out(item: dict[str, Any]) -> Iterator[str]:
    """What to say of rated seasons and episodes below a show."""
    lists = (item.get("watchedSeasons"), item.get("watchedEpisodes"))
    parts = [part for found in lists if isinstance(found, list) for part in found]
    rated = sum(text_of(dig(part, "rating")) not in ("", "0") for part in parts)
    if rated:
        yield f"ratings of seasons and episodes left out: {rated}"


ADAPTER = Adapter(
    name="watcharr",
    title="Watcharr",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="In your Watcharr open Settings and press Export.",
)
