"""Showly: the backup file behind Settings, Backup, of the Android and iOS apps.

- Ratings are the lists `movies.rM` and `shows.rS`, whose items hold ids alone (`tmId` of TMDB, `id` of Trakt);
  the titles stand under the same `tmId` in the other lists of the section (history, watchlist, hidden).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
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
    rating_or_reject,
    raw_text,
    text_of,
    value_at,
)

LISTS = {"movies.rM[]": Kind.MOVIE, "shows.rS[]": Kind.SHOW}

SHAPES = (
    json_shape(
        name="backup",
        required=frozenset(),
        any_of=frozenset(f"{path}.tmId" for path in LISTS),
        file_names=("showly",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Rated movies, then rated shows."""
    return chain.from_iterable(
        each_item(document, path, partial(_record, kind, _titles(value_at(document, path.partition(".")[0]))))
        for path, kind in LISTS.items()
    )


def _titles(section: Any) -> dict[str, str]:
    """Titles by TMDB id, out of whichever lists of the section name them."""
    lists = section.values() if isinstance(section, dict) else ()
    items = (item for held in lists if isinstance(held, list) for item in held if isinstance(item, dict))
    return {text_of(item.get("tmId")): title for item in items if (title := text_of(item.get("t")))}


def _record(kind: Kind, titles: dict[str, str], locator: Locator, item: dict[str, Any]) -> Record:
    return rating_or_reject(
        locator,
        kind=kind,
        score=raw_text(item.get("r")),
        scale="1 to 10",
        title=titles.get(text_of(item.get("tmId")), ""),
        raw_ids={"tmdb": text_of(item.get("tmId")), "trakt": text_of(item.get("id"))},
        moment=Moment(raw_text(item.get("rA")), "iso", "rA"),
    )


ADAPTER = Adapter(
    name="showly",
    title="Showly",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="In the app open Settings, Backup, and create a backup file.",
)
