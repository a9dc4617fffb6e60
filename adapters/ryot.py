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
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    dig,
    each_item,
    json_shape,
    marks,
    noted,
    rating_or_reject,
    raw_text,
    text_of,
    unsupported,
)

KINDS = {"movie": Kind.MOVIE, "show": Kind.SHOW, "anime": Kind.SHOW}
OTHER_TYPES = frozenset({
    *("audio_book", "book", "comic_book", "manga", "music", "podcast", "video_game", "visual_novel"),
})  # fmt: skip
SPACES = frozenset({"tmdb", "tvdb", "mal", "anilist"})
UNREADABLE = datetime.max.replace(tzinfo=UTC)  # taken as the newest, so that it is rejected and not passed over
UNDATED = datetime.min.replace(tzinfo=UTC)

SHAPES = (
    json_shape(
        name="export",
        required=marks("metadata[].", "lot", "source", "identifier"),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title; its newest review is its rating."""
    return each_item(document, "metadata[]", _record)


def _record(locator: Locator, item: dict[str, Any]) -> Record:
    word = text_of(item.get("lot")).strip().lower()
    kind = KINDS.get(word)
    source = text_of(item.get("source")).strip().lower()
    reviews = item.get("reviews")
    rated = [review for review in reviews if _score(review)] if isinstance(reviews, list) else []
    of_title = sorted(filter(_is_of_title, rated), key=_age)
    newest = of_title[-1] if of_title else {}
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=_score(newest),
        scale="0 to 100",
        anime=Anime.YES if word == "anime" else Anime.UNKNOWN,
        title=text_of(item.get("source_id")),
        raw_ids={source: text_of(item.get("identifier"))} if kind and source in SPACES else {},
        moment=Moment(_date(newest), "iso", "review.date"),
    )
    left_out = _left_out(older=len(of_title[:-1]), of_parts=len(rated) - len(of_title))
    return noted(unsupported(record) if word in OTHER_TYPES else record, *left_out)


def _score(review: Any) -> str:
    return raw_text(dig(review, "rating")).strip()


def _date(review: Any) -> str:
    return raw_text(dig(review, "review", "date"))


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
