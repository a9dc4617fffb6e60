"""Shikimori: the anime list as JSON, and as XML in MyAnimeList's dialect.

From shikimori.one, your list, Export (formats-anime.md 8). There are no dates and no years; 0 is unrated.

- Ids follow MyAnimeList's numbering. Titles that Shikimori alone has will not be found by them.
- The XML differs from MyAnimeList's by `shiki_status`. A Movie is an anime too; the JSON does not tell films.
- Manga are numbered like anime, so theirs are rejected without an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from importer.adapter import (
    NO_MANGA,
    Adapter,
    Anime,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Record,
    Shape,
    dialect_entry,
    each_element,
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
    xml_shape,
)

TYPES = {"anime": Kind.SHOW}  # of the JSON
LISTED = ("shiki_status", "series_title", "my_score")
_xml = partial(xml_shape, suffixes=(".xml", ".gz"))

SHAPES = (
    json_shape(
        name="json",
        suffixes=(".json", ".gz"),
        required=marks("[].", "target_id", "target_type", "target_title", "score"),
    ),
    _xml(name="xml", required=marks("myanimelist/anime/", "series_animedb_id", *LISTED)),
    _xml(
        name="xml-manga",
        required=marks("myanimelist/manga/", *LISTED),
        forbidden=frozenset({"myanimelist/anime"}),
        refusal=NO_MANGA,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title of the list, in file order."""
    if shape.medium is Medium.XML:
        return each_element(document, "myanimelist/anime", dialect_entry)
    return each_item(document, "[]", _item)


def _item(locator: Locator, item: dict[str, Any]) -> Record:
    type_text = text_of(item.get("target_type"))
    is_manga = type_text.lower() == "manga"
    record = rating_or_reject(
        locator,
        kind=TYPES.get(type_text.lower()),
        type_text=type_text,
        score=raw_text(item.get("score")),
        scale="1 to 10",
        anime=Anime.UNKNOWN if is_manga else Anime.YES,
        title=text_of(item.get("target_title")) or text_of(item.get("target_title_ru")),
        raw_ids={} if is_manga else {"mal": text_of(item.get("target_id"))},
    )
    return unsupported(record, "manga") if is_manga else record


ADAPTER = Adapter(
    name="shikimori",
    title="Shikimori",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="shikimori.one: your anime list, Export, as JSON or XML.",
)
