"""aniSearch: the JSON export, built from a converter that reads it; no real file was seen.

From anisearch.com, user control panel, anime list, Export (formats-anime.md 7).

- There are no ids, no years, no types and no dates: the title is all that tells a title.
- Ratings run to 100; 0 or none is unrated. The site's own half stars may give 75.
- Rows stand in one list per status. Lists of other names are read too, after those that are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from importer.adapter import (
    NO_MANGA,
    Adapter,
    Anime,
    Document,
    Evidence,
    Kind,
    Locator,
    Record,
    Shape,
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
    value_at,
)

LISTS = ("Completed", "Ongoing", "On Hold", "Bookmarked", "Aborted", "Not Interested")
RATED = tuple(f"{name}[].rating" for name in LISTS)

SHAPES = (
    json_shape(name="json", required=frozenset({"anime"}), any_of=marks("anime.", *RATED)),
    json_shape(
        name="json-manga",
        required=frozenset({"manga"}),
        any_of=marks("manga.", *RATED),
        forbidden=frozenset({"anime"}),
        refusal=NO_MANGA,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title of each list, list by list."""
    found = value_at(document, "anime")
    others = sorted(set(found) - set(LISTS)) if isinstance(found, dict) else []
    return chain.from_iterable(each_item(document, f"anime.{name}[]", _item) for name in (*LISTS, *others))


def _item(locator: Locator, item: dict[str, Any]) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.SHOW,  # films are not told apart
        score=raw_text(item.get("rating")),
        scale="0 to 100",
        anime=Anime.YES,
        title=text_of(item.get("title")),
    )


ADAPTER = Adapter(
    name="anisearch",
    title="aniSearch",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="anisearch.com: user control panel, anime list, Export, as JSON.",
)
