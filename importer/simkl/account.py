"""The replies of GET /sync/ratings and GET /sync/all-items -> titles of the account."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from importer.simkl.wire import LibraryRow
from importer.vocabulary import dateforms, dates, ids
from importer.vocabulary.errors import ApiError
from importer.vocabulary.sends import AccountTitle, Section

RATINGS = range(1, 11)
LIBRARY = "/sync/all-items"
_INCLUSIVE = timedelta(seconds=1)  # date_from is said to mean strictly newer (simkl-api.md 13.24)


def ratings_path(section: Section, ratings: Collection[int] = RATINGS) -> str:
    """Where the titles of `section` with one of `ratings` are read: without any the whole library would come, and
    one that does not exist would pass for an empty account (simkl-api.md 6.1)."""
    if not ratings or not set(ratings) <= set(RATINGS):
        raise ValueError("ratings are whole numbers from 1 to 10")
    return f"/sync/ratings/{section.value}/{','.join(map(str, sorted(set(ratings))))}"


def delta_params(date_from: datetime) -> dict[str, str]:
    """What narrows the library to changes at `date_from` or later."""
    return {"date_from": dates.iso_utc((date_from - _INCLUSIVE).astimezone(UTC))}


def rated_titles(section: Section, document: Any) -> list[AccountTitle]:
    """The rated titles in a reply; a reply of another form raises ApiError, for it must not pass for an
    empty account."""
    what = f"list of your rated {section.value}"
    rows = [_row(what, entry) for entry in _rows(what, section, document)]
    return [_title(what, section, row) for row in rows if row.user_rating is not None]


def library_titles(section: Section, document: Any) -> list[AccountTitle]:
    """All titles in a reply, rated or not; raises ApiError as `rated_titles` does."""
    what = f"list of your {section.value}"
    return [_title(what, section, _row(what, entry)) for entry in _rows(what, section, document)]


def changed_titles(document: Any) -> list[AccountTitle]:
    """The titles of every section in one reply, which names only sections that have any."""
    if document is None or document == {}:
        return []
    if not isinstance(document, dict) or not set(Section) & set(document):
        raise _odd("list of changes")
    sections = [section for section in Section if section.value in document]
    return [title for section in sections for title in library_titles(section, document)]


def rows_by_section(document: Any) -> dict[str, list[Any]]:
    """The rows of a reply that `changed_titles` has read, each section by its name, also where it is empty."""
    return {
        section.value: _rows("list of your titles", section, (document or {}).get(section.value))
        for section in Section
    }


def _rows(what: str, section: Section, document: Any) -> list[Any]:
    rows = document
    if isinstance(document, dict) and section.value in document:
        rows = document[section.value]
    if rows is None or rows == {}:
        return []  # null for old client ids, {} for newer (simkl-api.md 6.1)
    if not isinstance(rows, list):
        raise _odd(what)
    return rows


def _row(what: str, entry: Any) -> LibraryRow:
    try:
        return LibraryRow.model_validate(entry)
    except ValidationError:
        raise _odd(what) from None


def _title(what: str, section: Section, row: LibraryRow) -> AccountTitle:
    title = row.show or row.movie or row.anime
    if title is None or (row.user_rating is not None and row.user_rating not in RATINGS):
        raise _odd(what)
    return AccountTitle(
        section=section,
        ids=canonical_ids(title.ids),
        title=title.title,
        year=title.year or None,
        rating=row.user_rating,
        rated_at=moment(row.user_rated_at) if row.user_rating is not None else None,
        status=row.status or None,
        watched=_watched(row),
    )


def _watched(row: LibraryRow) -> str:
    at = moment(row.last_watched_at)
    episodes = row.watched_episodes_count
    parts = (dates.iso_utc(at) if at else "", row.last_watched, f"{episodes} episodes" if episodes else "")
    return " ".join(part for part in parts if part)


def canonical_ids(given: Mapping[str, str]) -> dict[str, str]:
    """The ids that can be sent, as rateport writes them."""
    found = {space: ids.canonical(space, given[space]) for space in ids.SENDABLE if space in given}
    return {space: text for space, text in found.items() if text is not None}


def moment(text: str) -> datetime | None:
    """The instant that a reply writes as `text`, or None when it is none."""
    try:
        when = dateforms.read(text, "utc")
        instant = dates.instant(when, None) if isinstance(when, dates.When) else None
    except ValueError:
        return None
    return instant.at if instant else None


def _odd(what: str) -> ApiError:
    return ApiError(
        f"Simkl's {what} has a form that rateport does not know, so nothing was taken from it. "
        "Look for a newer rateport."
    )
