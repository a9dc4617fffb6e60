"""Bangumi (bgm.tv): takeout.json of bangumi-takeout, and collections of the API as one page or a bare list.

There is no official export (formats-anime.md 9). A `rate` of 0 is unrated; `score` is everybody's.

- Only Bangumi's own ids, which cannot be sent: Japanese title and first year are all that tells a title.
- Anime and live action (subject_type 2 and 6) are taken; books, music and games stand in the same list.
- Live action is a film or a series by its platform, or by its episodes; where neither tells, it is rejected.
- `updated_at` is the last change of the row, not the rating, so there is no date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
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
    unsupported,
)

PATHS = {"collections": "data[]", "collections-list": "[]"}
ANIME, LIVE_ACTION = "2", "6"
OTHERS = {"1": "a book", "3": "music", "4": "a game"}
FILMS = ("剧场版", "电影")
SERIES = ("日剧", "欧美剧", "华语剧", "电视剧", "综艺")

SHAPES = tuple(
    json_shape(
        name=name,
        required=marks(f"{path}.", "subject_id", "subject_type", "rate"),
        any_of=marks(f"{path}.", "subject.name", "subject_data.name"),
    )
    for name, path in PATHS.items()
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per collected subject, in file order."""
    return each_item(document, PATHS[shape.name], _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    subject = dig(item, "subject_data") or dig(item, "subject")
    subject_type, platform = text_of(item.get("subject_type")), text_of(dig(subject, "platform"))
    record = rating_or_reject(
        locator,
        kind=_kind(subject_type, platform, text_of(dig(subject, "eps"))),
        type_text=f"subject_type {subject_type} {platform}".strip(),
        score=raw_text(item.get("rate")),
        scale="1 to 10",
        anime={ANIME: Anime.YES, LIVE_ACTION: Anime.NO}.get(subject_type, Anime.UNKNOWN),
        title=text_of(dig(subject, "name")) or text_of(dig(subject, "name_cn")),
        year=text_of(dig(subject, "date"))[:4].replace("0000", ""),
    )
    return unsupported(record, OTHERS[subject_type]) if subject_type in OTHERS else record


def _kind(subject_type: str, platform: str, episodes: str) -> Kind | None:
    if subject_type == ANIME:
        return Kind.MOVIE if platform in FILMS else Kind.SHOW
    if subject_type != LIVE_ACTION:
        return None
    if platform in FILMS:
        return Kind.MOVIE
    return Kind.SHOW if platform in SERIES or episodes not in ("", "0", "1") else None


ADAPTER = Adapter(
    name="bangumi",
    title="Bangumi",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="bgm.tv has no export: takeout.json of bangumi-takeout, or a dump of the API's collections.",
)
