"""Ryot: the JSON behind Settings, Imports and exports, whose `metadata` list holds every title of the person.

A record is a title. It may have several reviews, and its newest one speaks; a review that names a season or an
episode (`show_season_number` and the like) is not about the title. Both kinds of others are counted in a note.

- `rating` is decimal text from 0 to 100, whatever scale the person is shown (formats-western.md 2.15).
- `source_id` is free text, mostly the title. There is no year.
- Books, games, music and podcasts stand in the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
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
    dig,
    each_item,
    rating_or_reject,
    text_of,
)

TYPES = {
    "movie": (Kind.MOVIE, Anime.UNKNOWN),
    "show": (Kind.SHOW, Anime.UNKNOWN),
    "anime": (Kind.SHOW, Anime.YES),
}
OTHER_TYPES = frozenset({
    *("audio_book", "book", "comic_book", "manga", "music", "podcast", "video_game", "visual_novel"),
})  # fmt: skip
SPACES = frozenset({"tmdb", "tvdb", "mal", "anilist"})
UNREADABLE = datetime.max.replace(tzinfo=UTC)  # taken as the newest, so that it is rejected and not passed over
UNDATED = datetime.min.replace(tzinfo=UTC)

SHAPES = (
    Shape(
        name="export",
        medium=Medium.JSON,
        suffixes=(".json",),
        required=frozenset({"metadata[].lot", "metadata[].source", "metadata[].identifier"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title; its newest review is its rating."""
    return each_item(document, "metadata[]", _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    word = text_of(item.get("lot")).strip().lower()
    kind, anime = TYPES.get(word, (None, Anime.UNKNOWN))
    source = text_of(item.get("source")).strip().lower()
    reviews = item.get("reviews")
    rated = [review for review in reviews if _score(review)] if isinstance(reviews, list) else []
    of_title = sorted(filter(_is_of_title, rated), key=_age)
    newest = of_title[-1] if of_title else {}
    notes = tuple(_left_out(older=len(of_title[:-1]), of_parts=len(rated) - len(of_title)))
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=_score(newest),
        scale="0 to 100",
        anime=anime,
        title=text_of(item.get("source_id")),
        raw_ids={source: text_of(item.get("identifier"))} if kind and source in SPACES else {},
        moment=Moment(_date(newest), "iso", "review.date"),
        notes=notes,
    )
    if isinstance(record, Reject):
        is_other = word in OTHER_TYPES and record.code is Code.UNKNOWN_TYPE
        record = record._replace(code=Code.UNSUPPORTED_KIND) if is_other else record
        return record._replace(detail=record.detail or "; ".join(notes))
    return record


def _score(review: Any) -> str:
    return text_of(dig(review, "rating")).strip()


def _date(review: Any) -> str:
    return text_of(dig(review, "review", "date"))


def _is_of_title(review: dict[str, Any]) -> bool:
    return not any(key.endswith("_number") and text_of(value) for key, value in review.items())


def _age(review: Any) -> datetime:
    """When a review was written, for nothing but their order."""
    if not (text := _date(review).strip()):
        return UNDATED
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return UNREADABLE
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _left_out(*, older: int, of_parts: int) -> Iterator[str]:
    if older:
        yield f"older reviews left out: {older}"
    if of_parts:
        yield f"reviews of seasons and episodes left out: {of_parts}"


ADAPTER = Adapter(
    name="ryot",
    title="Ryot",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="In your Ryot open Settings, Imports and exports, and start an export.",
)
