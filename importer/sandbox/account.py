"""The person's account: which titles stand on which list with which rating, and when what changed.

Everything here must run inside a transaction of the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from importer.sandbox.database import Database
from importer.sandbox.moments import stamp
from importer.sandbox.titles import Title, title_of
from importer.vocabulary.sends import Section

LISTS = ("plantowatch", "watching", "completed", "hold", "dropped")
NOT_FOR_MOVIES = ("watching", "hold")  # simkl-api.md 6.3


@dataclass(frozen=True, slots=True)
class Entry:
    """One title on a list; moments as they are kept, `ids` by space without the simkl number."""

    title: Title
    ids: dict[str, str]
    status: str
    added_at: str
    changed_at: str
    rating: int | None
    rated_at: str | None
    watched_at: str | None
    watched: int
    """How many episodes are marked as watched."""
    last_episode: int | None
    """The highest of them."""


def filed_as(title: Title, year: int) -> str:
    """The list on which a title lands by being rated in `year` (simkl-api.md 4.3)."""
    if title.section is Section.MOVIES:
        return "completed" if title.is_released(year) else "plantowatch"
    # The page says "single-episode show" and "any other case": a film of one episode filed as anime is the latter.
    return "completed" if title.section is Section.SHOWS and title.episodes == 1 else "watching"


class Account:
    """The library, its ratings and its activity stamps."""

    def __init__(self, database: Database, *, plan_to_watch_becomes_completed: bool) -> None:
        self._database = database
        self._completes_planned = plan_to_watch_becomes_completed

    def rate(self, title: Title, rating: int, rated_at: str, now: datetime) -> str:
        """Set the rating, file the title if it is on no list, and return its list."""
        before = self._status_of(title)
        status = before or filed_as(title, now.year)
        if self._completes_planned and before == "plantowatch" and title.section is Section.MOVIES:
            status = filed_as(title, now.year)  # what is not out yet stays planned, however often it is rated
        self._put(title, status, now)
        self._database.execute(
            "UPDATE library SET rating = ?, rated_at = ? WHERE simkl = ?", (rating, rated_at, title.simkl)
        )
        self._touch(title, now, "rated_at", *([status] if status != before else []))
        return status

    def clear_rating(self, title: Title, now: datetime) -> None:
        """Take the rating away and leave the title on its list; what is left is the moment of doing so."""
        if self._is_rated(title):
            self._database.execute(
                "UPDATE library SET rating = NULL, rated_at = ?, changed_at = ? WHERE simkl = ?",
                (stamp(now), stamp(now), title.simkl),
            )
            self._touch(title, now, "rated_at")

    def remove(self, title: Title, now: datetime) -> None:
        """Take the title off its list, rating and all."""
        if self._status_of(title) is None:
            return
        touched = ("removed_from_list", "rated_at") if self._is_rated(title) else ("removed_from_list",)
        for table in ("library", "watched"):
            self._database.execute(f"DELETE FROM {table} WHERE simkl = ?", (title.simkl,))  # noqa: S608
        self._touch(title, now, *touched)

    def move(self, title: Title, status: str, now: datetime) -> None:
        """Put the title on the list `status`, whichever it was on."""
        self._put(title, status, now)
        self._touch(title, now, status)

    def mark(self, title: Title, episodes: Mapping[int, str]) -> int:
        """Mark episodes as watched at kept moments, and return how many of them were not yet."""
        before = self.watched(title)
        for number, at in episodes.items():
            self._database.execute("INSERT OR REPLACE INTO watched VALUES (?, ?, ?)", (title.simkl, number, at))
        return self.watched(title) - before

    def watched(self, title: Title) -> int:
        """How many episodes are marked."""
        return int(self._database.execute("SELECT count(*) FROM watched WHERE simkl = ?", (title.simkl,))[0][0])

    def watch(self, title: Title, watched_at: str, status: str, now: datetime, added_at: str | None = None) -> None:
        """Note that the title was watched, and put it on the list `status`; the last watch is the one shown."""
        self._put(title, status, now, added_at)
        self._touch(title, now, status)
        self._database.execute(
            "UPDATE library SET watched_at = max(coalesce(watched_at, ''), ?) WHERE simkl = ?",
            (watched_at, title.simkl),
        )

    def _status_of(self, title: Title) -> str | None:
        rows = self._database.execute("SELECT status FROM library WHERE simkl = ?", (title.simkl,))
        return rows[0][0] if rows else None

    def _is_rated(self, title: Title) -> bool:
        statement = "SELECT 1 FROM library WHERE simkl = ? AND rating IS NOT NULL"
        return bool(self._database.execute(statement, (title.simkl,)))

    def _put(self, title: Title, status: str, now: datetime, added_at: str | None = None) -> None:
        self._database.execute(
            "INSERT INTO library (simkl, status, added_at, changed_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (simkl) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at",
            (title.simkl, status, added_at or stamp(now), stamp(now)),
        )

    def _touch(self, title: Title, now: datetime, *names: str) -> None:
        for name in ("all", *names):
            self._database.execute(
                "INSERT OR REPLACE INTO activities VALUES (?, ?, ?)", (title.section.value, name, stamp(now))
            )

    def activities(self) -> dict[tuple[Section, str], str]:
        """When each kind of change last happened in each section."""
        rows = self._database.execute("SELECT section, name, at FROM activities")
        return {(Section(row["section"]), row["name"]): row["at"] for row in rows}

    def entries(self, sections: Iterable[Section] = Section, changed_after: str = "") -> list[Entry]:
        """The library by simkl number, narrowed to `sections` and to what changed strictly after a kept moment."""
        wanted = set(sections)
        ids = self._ids()
        rows = self._database.execute(
            "SELECT * FROM library JOIN titles USING (simkl) LEFT JOIN"
            " (SELECT simkl, count(*) AS watched, max(episode) AS last_episode FROM watched GROUP BY simkl)"
            " USING (simkl) WHERE changed_at > ? ORDER BY simkl",
            (changed_after,),
        )
        entries = (_entry(row, ids.get(row["simkl"], {})) for row in rows)
        return [entry for entry in entries if entry.title.section in wanted]

    def _ids(self) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for row in self._database.execute(
            "SELECT simkl, space, id FROM ids JOIN library USING (simkl) WHERE space != 'simkl' ORDER BY position"
        ):
            found.setdefault(row["simkl"], {}).setdefault(row["space"], row["id"])
        return found


def _entry(row: sqlite3.Row, ids: dict[str, str]) -> Entry:
    return Entry(
        title=title_of(row),
        ids=ids,
        status=row["status"],
        added_at=row["added_at"],
        changed_at=row["changed_at"],
        rating=row["rating"],
        rated_at=row["rated_at"],
        watched_at=row["watched_at"],
        watched=row["watched"] or 0,
        last_episode=row["last_episode"],
    )
