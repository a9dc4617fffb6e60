"""Sofa Time: the JSON files behind Settings, Export: watchedShow, watchedMovie and watchlistMovie.

- Ratings were seen on episodes only, 1 to 10; a `rating` of the title itself is read the same way. A file
  without any says so and is not read.
- When something was rated is not kept; `addedDate` (when it was watched) stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
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
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
)

KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW}
TITLE = marks("[].", "tmdb", "imdb", "title", "type", "addedDate", "release_date")

_list = partial(json_shape, file_names=("watchedshow", "watchedmovie"))

SHAPES = (
    _list(name="titles", required=TITLE | {"[].rating"}),
    _list(
        name="unrated",
        required=TITLE,
        forbidden=frozenset({"[].rating"}),
        refusal="This Sofa Time file rates no titles (episodes at most, which Simkl cannot take).",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title."""
    return each_item(document, "[]", _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    return rating_or_reject(
        locator,
        kind=KINDS.get(text_of(item.get("type")).strip()),
        type_text=text_of(item.get("type")),
        score=raw_text(item.get("rating")),
        scale="1 to 10",
        title=text_of(item.get("title")),
        year=text_of(item.get("release_date"))[:4],
        raw_ids={space: text_of(item.get(space)) for space in ("tmdb", "imdb")},
        moment=Moment(raw_text(item.get("addedDate")), "iso", "addedDate", stand_in=True),
    )


ADAPTER = Adapter(
    name="sofatime",
    title="Sofa Time",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="In the app open Settings and export your data.",
)
