"""Jellyfin and Emby: the items of a library as the server answers them, saved from /Users/ID/Items?Recursive=true.

- `UserData.Rating` is the person's, with decimals; it is mostly null, because the web client has no stars.
  `CommunityRating` and `CriticRating` are others', `Likes` is a heart and no score.
- Nothing says when something was rated: `LastPlayedDate` stands in. Ids of a season or an episode are its own.
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
    cells_of,
    dig,
    each_item,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
)

KINDS = {"movie": Kind.MOVIE, "series": Kind.SHOW, "season": Kind.SEASON, "episode": Kind.EPISODE}
OTHER_MEDIA = {"Audio", "AudioBook", "Book", "BoxSet", "MusicAlbum", "MusicArtist", "MusicVideo", "Photo"}
SPACES = ("imdb", "tmdb", "tvdb")
LISTS = {"items": "Items[]", "bare-items": "[]"}

SHAPES = tuple(
    json_shape(name=name, required=marks(f"{path}.", "UserData", "Type", "Name")) for name, path in LISTS.items()
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per item, whatever its kind."""
    return each_item(document, LISTS[shape.name], _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    word = text_of(item.get("Type"))
    kind = KINDS.get(word.strip().lower())
    is_title = kind in (None, Kind.MOVIE, Kind.SHOW)
    number = text_of(item.get("IndexNumber"))
    providers = cells_of(item.get("ProviderIds"))  # spelled Imdb and IMDB alike
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=raw_text(dig(item, "UserData", "Rating")),
        scale="0 to 10",
        title=text_of(item.get("Name" if is_title else "SeriesName")),
        year=text_of(item.get("ProductionYear")) if is_title else "",
        raw_ids={space: providers[space] for space in SPACES} if is_title else {},
        moment=Moment(raw_text(dig(item, "UserData", "LastPlayedDate")), "iso", "LastPlayedDate", stand_in=True),
        season=number if kind is Kind.SEASON else text_of(item.get("ParentIndexNumber")),
        episode=number if kind is Kind.EPISODE else "",
    )
    return unsupported(record) if word in OTHER_MEDIA else record


ADAPTER = Adapter(
    name="jellyfin",
    title="Jellyfin and Emby",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="Save SERVER/Users/USER/Items?Recursive=true&Fields=ProviderIds&api_key=KEY as a .json file.",
)
