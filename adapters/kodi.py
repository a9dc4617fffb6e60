"""Kodi: videodb.xml of a library exported to a single file, or one .nfo of an export to separate files.

- `userrating` is the person's, whole points, 0 for none; the block `ratings` is what the scraper found.
- Ids stand in `uniqueid` by their type. The old `id` is IMDb's where it begins with tt; a bare number may be
  anybody's. Ids of an episode are its own and name no title.
- Nothing says when something was rated: `lastplayed` stands in, in the local time of the player.
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
    Medium,
    Moment,
    Record,
    Shape,
    each_branch,
    rating_or_reject,
    unsupported,
)

SPACES = ("imdb", "tmdb", "tvdb")
KINDS = {"movie": Kind.MOVIE, "tvshow": Kind.SHOW, "episodedetails": Kind.EPISODE, "musicvideo": None}
LIBRARY = ("videodb/movie", "videodb/tvshow", "videodb/tvshow/episodedetails", "videodb/musicvideo")
_xml = partial(Shape, medium=Medium.XML)

SHAPES = (
    _xml(
        name="library",
        suffixes=(".xml",),
        required=frozenset({"videodb"}),
        any_of=frozenset({"videodb/movie/title", "videodb/tvshow/title", "videodb/musicvideo/title"}),
    ),
    *(
        _xml(
            name=root,
            suffixes=(".nfo",),
            required=frozenset({f"{root}/title"}),
            any_of=frozenset({f"{root}/userrating", f"{root}/uniqueid", f"{root}/id"}),
        )
        for root in ("movie", "tvshow", "episodedetails")
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Movies, shows, episodes and music videos one after the other; an .nfo is a single record."""
    paths = LIBRARY if shape.name == "library" else (shape.name,)
    return chain.from_iterable(each_branch(document, path, _record) for path in paths)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    kind = KINDS[locator.path]
    is_title = kind is not Kind.EPISODE
    year = _text(item, "year")
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=locator.path,
        score=_text(item, "userrating"),
        scale="0 to 10",
        title=_text(item, "title" if is_title else "showtitle"),
        year=(_text(item, "premiered")[:4] if year in ("", "0") else year) if is_title else "",
        raw_ids=_ids(item) if is_title else {},
        moment=Moment(_text(item, "lastplayed"), "iso", "lastplayed", stand_in=True),
        season="" if is_title else _text(item, "season"),
        episode="" if is_title else _text(item, "episode"),
    )
    return unsupported(record)


def _text(item: dict[str, Any], name: str) -> str:
    return str(item[name][0][""]) if name in item else ""


def _ids(item: dict[str, Any]) -> dict[str, str]:
    found = {child.get("@type", "").lower(): child[""] for child in item.get("uniqueid", ())}
    old = _text(item, "id")
    if old.startswith("tt"):
        found.setdefault("imdb", old)
    return {space: found[space] for space in SPACES if space in found}


ADAPTER = Adapter(
    name="kodi",
    title="Kodi",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="Kodi: Settings, Media, Library, Export library, Single file; name its videodb.xml.",
)
