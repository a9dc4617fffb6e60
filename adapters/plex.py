"""Plex: a library as the server answers it, in XML or JSON, saved from /library/sections/N/all?includeGuids=1.

- `userRating` is the person's, half a star a point, with decimals from other players; absent or 0 means unrated.
  `rating` and `audienceRating` are the critics' and the crowd's.
- Ids stand in Guid elements when asked for; the old agents put one into `guid`. Ids of a season or an episode
  are its own and name no title.
- `lastRatedAt` is the moment of the rating; where it is missing the last view stands in. Both count seconds.
"""

from __future__ import annotations

import re
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
    dig,
    each_branch,
    each_item,
    json_shape,
    rating_or_reject,
    text_of,
    unsupported,
    xml_shape,
)

KINDS = {"movie": Kind.MOVIE, "show": Kind.SHOW, "season": Kind.SEASON, "episode": Kind.EPISODE}
OTHER_MEDIA = frozenset({"artist", "album", "track", "photo", "photoalbum", "clip", "playlist", "collection"})
SPACES = {"imdb": "imdb", "tmdb": "tmdb", "tvdb": "tvdb", "themoviedb": "tmdb", "thetvdb": "tvdb"}
_GUID = re.compile(r"(?:com\.plexapp\.agents\.)?(\w+)://([^/?]+)(?:\?.*)?")

SHAPES = (
    xml_shape(
        name="xml",
        required=frozenset({"MediaContainer"}),
        any_of=frozenset({"MediaContainer/Video/@ratingKey", "MediaContainer/Directory/@ratingKey"}),
    ),
    json_shape(
        name="json",
        required=frozenset({"MediaContainer.Metadata[].ratingKey", "MediaContainer.Metadata[].type"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Movies and episodes are Videos, shows and seasons Directories; JSON has one list of all."""
    if shape.medium is Medium.JSON:
        return each_item(document, "MediaContainer.Metadata[]", partial(_record, ""))
    paths = ("MediaContainer/Video", "MediaContainer/Directory")
    return chain.from_iterable(each_branch(document, path, partial(_record, "@")) for path in paths)


def _record(sign: str, locator: Locator, item: dict[str, Any]) -> Record:
    def read(name: str) -> str:
        return text_of(item.get(f"{sign}{name}"))

    kind = KINDS.get(read("type"))
    is_title = kind in (None, Kind.MOVIE, Kind.SHOW)
    rated, viewed = read("lastRatedAt"), read("lastViewedAt")
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=read("type"),
        score=read("userRating"),
        scale="0 to 10",
        title=read("title" if is_title else "parentTitle" if kind is Kind.SEASON else "grandparentTitle"),
        year=read("year") if is_title else "",
        raw_ids=_ids(sign, item) if is_title else {},
        moment=Moment(rated, "epoch-s", "lastRatedAt")
        if rated
        else Moment(viewed, "epoch-s", "lastViewedAt", stand_in=True),
        season=read("index") if kind is Kind.SEASON else read("parentIndex"),
        episode=read("index") if kind is Kind.EPISODE else "",
    )
    return unsupported(record) if read("type") in OTHER_MEDIA else record


def _ids(sign: str, item: dict[str, Any]) -> dict[str, str]:
    children = item.get("Guid")
    guids = [text_of(dig(child, f"{sign}id")) for child in children] if isinstance(children, list) else []
    found: dict[str, str] = {}
    for guid in (*guids, text_of(item.get(f"{sign}guid"))):
        match = _GUID.fullmatch(guid)
        if match and match[1] in SPACES:
            found.setdefault(SPACES[match[1]], match[2])
    return found


ADAPTER = Adapter(
    name="plex",
    title="Plex",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="Plex Web: an item, Get Info, View XML; in its address put /library/sections/1/all?includeGuids=1; save.",
)
