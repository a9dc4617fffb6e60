"""Rotten Tomatoes: there is no export; what is read is the site's own answer with a person's movie ratings.

- The browser's network tab shows it while the ratings load: a list `ratings`, each with `review` and `item`.
- `review.score` is half a star to five, a number. `review.age` is a phrase (2 months ago) and no date.
- Ids are Rotten Tomatoes' own, which nobody else knows: title and year have to do.
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
    rating_or_reject,
    raw_text,
    text_of,
)

LISTS = {"answer": "ratings[]", "list": "[]"}
SHAPES = tuple(
    json_shape(name=name, required=marks(f"{path}.", "review.score", "item.title")) for name, path in LISTS.items()
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated movie, from the whole answer or from the list alone."""
    return each_item(document, LISTS[shape.name], _record)


def _record(locator: Locator, rating: dict[str, Any]) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=raw_text(dig(rating, "review", "score")),
        scale="stars-5-halves",
        title=text_of(dig(rating, "item", "title")),
        year=text_of(dig(rating, "item", "releaseYear")),
    )


ADAPTER = Adapter(
    name="rottentomatoes",
    title="Rotten Tomatoes",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="No export button: on your profile's movie ratings, save the answer movieRatings from the network tab.",
)
