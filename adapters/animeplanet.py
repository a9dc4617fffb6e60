"""Anime-Planet: the official export-anime-NAME.json.

From anime-planet.com, your profile, Settings, Export (formats-anime.md 6). All files seen say version 0.1a.

- There are no ids, no years and no types: the English-leaning name is all that tells a title.
- Half a star to five stars; 0 is unrated.
- There is no date of a rating: `completed` stands in. Its offset has two digits (-07), and often the second is
  that of `started`, because both are the moment the list was edited.
- The manga list has the same keys; only `export.type` tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    each_item,
    json_shape,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
    value_at,
)

SHAPES = (
    json_shape(
        name="json",
        required=frozenset({"export.type", "entries[].name", "entries[].status", "entries[].rating"}),
        file_names=("export-anime-", "export-manga-"),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per entry, in file order."""
    listed = text_of(value_at(document, "export.type"))
    return each_item(document, "entries[]", partial(_entry, listed=listed))


def _entry(locator: Locator, entry: dict[str, Any], *, listed: str) -> Record:
    is_anime = listed == "anime"
    record = rating_or_reject(
        locator,
        kind=Kind.SHOW if is_anime else None,  # films are not told apart
        type_text=listed,
        score=raw_text(entry.get("rating")),
        scale="stars-5-halves",
        anime=Anime.YES if is_anime else Anime.UNKNOWN,
        title=text_of(entry.get("name")),
        moment=Moment(raw_text(entry.get("completed")), "iso", "completed", stand_in=True),
    )
    return unsupported(record, "manga") if listed == "manga" else record


ADAPTER = Adapter(
    name="animeplanet",
    title="Anime-Planet",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="anime-planet.com: your profile, Settings, Export, the anime list as JSON.",
)
