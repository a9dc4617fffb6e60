"""The reply of GET /sync/ratings -> titles of the account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from importer.simkl.wire import LibraryRow
from importer.vocabulary import dates, ids
from importer.vocabulary.errors import ApiError
from importer.vocabulary.sends import AccountTitle, Section

RATINGS = range(1, 11)


def ratings_path(section: Section) -> str:
    """Where the rated titles of `section` are read: without the ratings the whole library would come
    (simkl-api.md 6.1)."""
    return f"/sync/ratings/{section.value}/{','.join(map(str, RATINGS))}"


def rated_titles(section: Section, document: Any) -> list[AccountTitle]:
    """The rated titles in a reply; a reply of another form raises ApiError, for it must not pass for an
    empty account."""
    return [title for entry in _rows(section, document) if (title := _rated_title(section, entry)) is not None]


def _rows(section: Section, document: Any) -> list[Any]:
    rows = document
    if isinstance(document, dict) and section.value in document:
        rows = document[section.value]
    if rows is None or rows == {}:
        return []  # null for old client ids, {} for newer (simkl-api.md 6.1)
    if not isinstance(rows, list):
        raise _odd(section)
    return rows


def _rated_title(section: Section, entry: Any) -> AccountTitle | None:
    try:
        row = LibraryRow.model_validate(entry)
    except ValidationError:
        raise _odd(section) from None
    if row.user_rating is None:
        return None
    title = row.show or row.movie or row.anime
    if title is None or row.user_rating not in RATINGS:
        raise _odd(section)
    return AccountTitle(
        section=section,
        ids=_canonical_ids(title.ids),
        title=title.title,
        year=title.year or None,
        rating=row.user_rating,
        rated_at=_moment(row.user_rated_at),
        status=row.status or None,
    )


def _canonical_ids(given: Mapping[str, str]) -> dict[str, str]:
    found = {space: ids.canonical(space, given[space]) for space in ids.SENDABLE if space in given}
    return {space: text for space, text in found.items() if text is not None}


def _moment(text: str) -> datetime | None:
    try:
        when = dates.read(text, "utc")
        instant = dates.instant(when, None) if isinstance(when, dates.When) else None
    except ValueError:
        return None
    return instant.at if instant else None


def _odd(section: Section) -> ApiError:
    return ApiError(
        f"Simkl's list of your rated {section.value} has a form that rateport does not know, so nothing was taken "
        "from it. Look for a newer rateport."
    )
