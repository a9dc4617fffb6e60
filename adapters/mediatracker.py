"""MediaTracker: what its API answers for the person's items (/api/items), as dump or page by page.

- `userRating` holds half a star to five stars and an epoch `date` in milliseconds; null when unrated.
- Books, audiobooks and games stand in the same list.
- The key names are those of its API; no dump of a real account was seen (formats-western.md 2.15).
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
    Moment,
    Record,
    Shape,
    dig,
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
)

KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW}
OTHER_TYPES = frozenset({"audiobook", "book", "video_game"})
SPACES = {"imdb": "imdbId", "tmdb": "tmdbId", "tvdb": "tvdbId", "trakt": "traktId"}
LISTS = {"items": "[]", "items-page": "data[]"}

SHAPES = tuple(
    json_shape(name=name, required=marks(f"{path}.", "mediaType", "userRating.rating", "title"))
    for name, path in LISTS.items()
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per item."""
    return each_item(document, LISTS[shape.name], _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    word = text_of(item.get("mediaType")).strip()
    kind = KINDS.get(word)
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=raw_text(dig(item, "userRating", "rating")),
        scale="stars-5-halves",
        title=text_of(item.get("title")),
        year=text_of(item.get("releaseDate"))[:4],
        raw_ids={space: text_of(item.get(key)) for space, key in SPACES.items()} if kind else {},
        moment=Moment(raw_text(dig(item, "userRating", "date")), "epoch-ms", "userRating.date"),
    )
    return unsupported(record) if word in OTHER_TYPES else record


ADAPTER = Adapter(
    name="mediatracker",
    title="MediaTracker",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="Open /api/items of your MediaTracker while signed in, and save the answer.",
)
