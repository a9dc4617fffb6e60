"""Kitsu: dumps of the API's library entries, and the official XML export for MyAnimeList.

The XML from kitsu.app, Settings, Export; the JSON by scripts from the API (formats-anime.md 4).

- `ratingTwenty` is exact, null is unrated; dumps before it have `rating`, "0.0" to "5.0".
- Titles, years and the ids of other catalogues stand in `included`, when they were asked for.
- The XML has the ids of MyAnimeList alone, no titles, cuts half points off (15 of 20 becomes 7), and leaves out
  every title without such an id.
- There is no date of a rating: the finish date stands in, the last change never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
    Code,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    Record,
    Reject,
    Shape,
    dialect_entry,
    dig,
    each_element,
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
    value_at,
    xml_shape,
)

ANIME, INFO = "myanimelist/anime/", "myanimelist/myinfo/"
XML = marks(ANIME, "series_animedb_id", "my_score", "my_status") | marks(INFO, "user_export_type")
NEVER = marks(ANIME, "series_title", "series_type", "shiki_status") | marks(INFO, "user_id", "user_name")
SCORES = {"library-entries": ("ratingTwenty", "1 to 20"), "library-entries-old": ("rating", "stars-5-halves")}
OF_ANIME, OF_MANGA = (f"data[].relationships.{kind}.data.id" for kind in ("anime", "manga"))
TWENTY, STARS = "data[].attributes.ratingTwenty", "data[].attributes.rating"
SITES = {"myanimelist/anime": "mal", "anidb": "anidb", "anilist/anime": "anilist"}
TITLES = ("canonicalTitle", "titles.en_jp", "titles.en", "titles.ja_jp")
NO_MANGA = "This is a library of manga, which Simkl does not have. Export the anime library instead."
XML_NOTE = "Kitsu's XML export cuts half points off"

Included = Mapping[tuple[str, str], Any]
"""What stands beside the entries, by type and id."""

SHAPES = (
    json_shape(name="library-entries", required=frozenset({OF_ANIME, TWENTY}), rank=1),
    json_shape(
        name="library-entries-old", required=frozenset({OF_ANIME, STARS}), forbidden=frozenset({TWENTY}), rank=1
    ),
    json_shape(
        name="library-entries-manga",
        required=frozenset({OF_MANGA}),
        any_of=frozenset({TWENTY, STARS}),
        forbidden=frozenset({OF_ANIME}),
        refusal=NO_MANGA,
    ),
    xml_shape(name="xml", required=XML, forbidden=NEVER | {"myanimelist/manga"}),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per library entry, in file order."""
    if shape.medium is Medium.XML:
        return each_element(document, "myanimelist/anime", partial(dialect_entry, notes=(XML_NOTE,)))
    column, scale = SCORES[shape.name]
    included = _included(document)
    return each_item(document, "data[]", partial(_entry, included=included, column=column, scale=scale))


def _included(document: Document) -> Included:
    beside = value_at(document, "included")
    found = beside if isinstance(beside, list) else []
    return {(text_of(dig(one, "type")), text_of(dig(one, "id"))): one for one in found}


def _entry(locator: Locator, item: Any, *, included: Included, column: str, scale: str) -> Record:
    if dig(item, "relationships", "manga", "data") is not None:
        return Reject(locator=locator, code=Code.UNSUPPORTED_KIND, detail="manga")
    kitsu_id = text_of(dig(item, "relationships", "anime", "data", "id"))
    anime = included.get(("anime", kitsu_id))
    mapped, notes = _mapped(anime, included)
    titles = (text_of(dig(anime, "attributes", *path.split("."))) for path in TITLES)
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE if text_of(dig(anime, "attributes", "subtype")) == "movie" else Kind.SHOW,
        score=raw_text(dig(item, "attributes", column)),
        scale=scale,
        anime=Anime.YES,
        title=next(filter(None, titles), ""),
        year=text_of(dig(anime, "attributes", "startDate"))[:4],
        raw_ids={"kitsu": kitsu_id, **mapped},
        moment=Moment(raw_text(dig(item, "attributes", "finishedAt")), "iso", "finishedAt", stand_in=True),
        notes=notes,
    )


def _mapped(anime: Any, included: Included) -> tuple[dict[str, str], tuple[str, ...]]:
    """The ids of other catalogues; none of a catalogue that gives two, because either may be wrong."""
    found: dict[str, set[str]] = {}
    for link in dig(anime, "relationships", "mappings", "data") or []:
        mapping = included.get(("mappings", text_of(dig(link, "id"))))
        space = SITES.get(text_of(dig(mapping, "attributes", "externalSite")))
        if space:
            found.setdefault(space, set()).add(text_of(dig(mapping, "attributes", "externalId")))
    notes = tuple(f"{space} ids left out: Kitsu names {len(ids)}" for space, ids in found.items() if len(ids) > 1)
    return {space: ids.pop() for space, ids in found.items() if len(ids) == 1}, notes


ADAPTER = Adapter(
    name="kitsu",
    title="Kitsu",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="kitsu.app: Settings, Export, the anime library as XML; or its library entries as JSON from the API.",
)
