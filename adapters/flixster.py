"""Flixster: there is no export; what is read is the site's own answer with a person's ratings.

- A list, bare or under `ratings`, each with `movie` and `score`. Scores are texts, half a star to five; those who
  only want to see a film, or not, have WTS or NI there.
- `lastUpdated` is a phrase (2 months ago) and no date. Ids are Flixster's own: title and year have to do.
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

LISTS = {"list": "[]", "answer": "ratings[]"}
NO_SCORES = frozenset({"wts", "ni", "want to see", "not interested"})
SHAPES = tuple(
    json_shape(
        name=name,
        required=marks(f"{path}.", "score", "movie.title"),
        forbidden=marks(f"{path}.", "movie.ids"),
    )
    for name, path in LISTS.items()
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per movie, from the list alone or from the whole answer."""
    return each_item(document, LISTS[shape.name], _record)


def _record(locator: Locator, rating: dict[str, Any]) -> Record:
    score = raw_text(rating.get("score"))
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score="" if score.strip().lower() in NO_SCORES else score,
        scale="stars-5-halves",
        title=text_of(dig(rating, "movie", "title")),
        year=text_of(dig(rating, "movie", "year")),
    )


ADAPTER = Adapter(
    name="flixster",
    title="Flixster",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="No export button: on your page of ratings, save the answer with the ratings from the network tab.",
)
