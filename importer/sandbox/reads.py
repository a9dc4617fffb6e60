"""The reads (simkl-api.md 6 and 14.18, 14.19), with their silent fall-backs; each must run inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from importer.sandbox.account import LISTS, NOT_FOR_MOVIES, Entry
from importer.sandbox.backstage import Backstage
from importer.sandbox.moments import read_stamp, with_fraction
from importer.sandbox.refusals import Refused
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.shown import ids_shown
from importer.sandbox.titles import Title
from importer.vocabulary.scales import HIGHEST, LOWEST
from importer.vocabulary.sends import Section

Row = dict[str, Any]

_ACTIVITY_KEYS = {Section.SHOWS: "tv_shows", Section.ANIME: "anime", Section.MOVIES: "movies"}
_ACTIVITIES = ("all", "rated_at", "playback", *LISTS, "removed_from_list")


def ratings(stage: Backstage, type_word: str | None, rating_words: str | None, date_from: str | None) -> Row | None:
    """GET /sync/ratings: all rated titles; with a type but no ratings its whole library, unrated titles included.

    A type that does not exist silently means all types, a rating that does not exist matches nothing.
    """
    entries = stage.account.entries(_sections(type_word) or Section, _changed_after(date_from))
    if rating_words is not None:
        wanted = {word for word in map(str, range(LOWEST, HIGHEST + 1)) if word in rating_words.split(",")}
        entries = [entry for entry in entries if str(entry.rating) in wanted]
    elif type_word is None:
        entries = [entry for entry in entries if entry.rating is not None]
    return _grouped(entries, stage.settings, _row)


def all_items(
    stage: Backstage, type_word: str | None, status: str | None, date_from: str | None, extended: str | None
) -> Row | None:
    """GET /sync/all-items: the library, narrowed by type, list and change; in full or as bare ids."""
    sections = _sections(type_word)
    if (type_word is not None and sections is None) or status not in (*LISTS, "all", None):
        raise Refused(400, "wrong_parameter")
    entries = stage.account.entries(sections or Section, _changed_after(date_from))
    if status not in ("all", None):
        entries = [entry for entry in entries if entry.status == status]
    if extended == "simkl_ids_only":
        return _grouped(
            entries, stage.settings, lambda entry, _: {_nest(entry): {"ids": {"simkl": entry.title.simkl}}}
        )
    if extended == "ids_only":
        return _grouped(
            entries,
            stage.settings,
            lambda entry, how: {_nest(entry): {"ids": ids_shown(entry.title, entry.ids, how)}},
        )
    return _grouped(entries, stage.settings, _row)


def activities(stage: Backstage) -> Row:
    """GET /sync/activities: when what last changed; null means never."""
    stamps = stage.account.activities()
    reply: Row = {"all": max(stamps.values(), default=None), "settings": {"all": None}}
    for section, key in _ACTIVITY_KEYS.items():
        left_out = NOT_FOR_MOVIES if section is Section.MOVIES else ()
        reply[key] = {name: stamps.get((section, name)) for name in _ACTIVITIES if name not in left_out}
    return reply


def user_settings(stage: Backstage) -> Row:
    """/users/settings: who the account belongs to."""
    settings = stage.settings
    return {
        "user": {
            "name": settings.user_name,
            "joined_at": "2020-01-01T00:00:00Z",
            "gender": "",
            "avatar": "",
            "bio": "",
            "loc": "",
            "age": "",
        },
        "account": {"id": settings.account_id, "timezone": "UTC", "type": settings.account_type},
    }


def _sections(type_word: str | None) -> tuple[Section] | None:
    return (Section(type_word),) if type_word in tuple(Section) else None


def _changed_after(date_from: str | None) -> str:
    if date_from is None:
        return ""
    try:
        return read_stamp(date_from)
    except ValueError:
        raise Refused(400, "wrong_parameter") from None


def _grouped(entries: Iterable[Entry], settings: SandboxSettings, form: Any) -> Row | None:
    reply: dict[str, list[Row]] = {}
    for entry in entries:
        reply.setdefault(entry.title.section.value, []).append(form(entry, settings))
    return reply or (None if settings.legacy_null else {})


def _row(entry: Entry, settings: SandboxSettings) -> Row:
    title = entry.title
    row: Row = {
        "added_to_watchlist_at": _shown(entry.added_at, settings),
        "last_watched_at": _shown(entry.watched_at, settings),
        "user_rated_at": _shown(entry.rated_at, settings),
        "user_rating": entry.rating,
        "status": entry.status,
    }
    if title.section is not Section.MOVIES:
        total = title.episodes or 0
        row |= {
            "last_watched": _episode(title, entry.last_episode),
            "next_to_watch": _episode(title, _next_to_watch(entry)),
            "watched_episodes_count": total if entry.status == "completed" else entry.watched,
            "total_episodes_count": total,
            "not_aired_episodes_count": 0 if title.aired is None else total - title.aired,
        }
    row[_nest(entry)] = {
        "title": title.shown_name,
        "year": title.year,
        "ids": ids_shown(entry.title, entry.ids, settings),
    }
    return row | {"anime_type": title.anime_type} if title.section is Section.ANIME else row


def _next_to_watch(entry: Entry) -> int | None:
    last = entry.last_episode
    return last + 1 if last is not None and last < (entry.title.episodes or 0) else None


def _episode(title: Title, number: int | None) -> str | None:
    if number is None:
        return None
    return f"E{number:02}" if title.section is Section.ANIME else f"S01E{number:02}"


def _nest(entry: Entry) -> str:
    return "movie" if entry.title.section is Section.MOVIES else "show"


def _shown(kept: str | None, settings: SandboxSettings) -> str | None:
    return with_fraction(kept) if kept is not None and settings.fraction_in_dates else kept
