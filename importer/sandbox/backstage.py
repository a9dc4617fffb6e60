"""What stands behind one stand-in: its parts, and what tests may look at and arrange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from importer.sandbox.account import Account, Entry
from importer.sandbox.calls import Call, CallLog
from importer.sandbox.catalogue import Catalogue
from importer.sandbox.codes import Codes, State
from importer.sandbox.database import Database
from importer.sandbox.faults import Fault, FaultScript
from importer.sandbox.fixture import fill
from importer.sandbox.grants import Grants
from importer.sandbox.moments import read_stamp
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.clock import Clock
from importer.vocabulary.sends import Section


class Backstage:
    """The account with everything around it, for one app."""

    def __init__(self, settings: SandboxSettings, clock: Clock, faults: Iterable[Fault]) -> None:
        self.settings = settings
        self.clock = clock
        self.log = CallLog()
        self.faults = FaultScript(faults)
        self.database = Database(settings.database)
        self.catalogue = Catalogue(self.database, is_open=not settings.strict_catalogue)
        self.account = Account(
            self.database, plan_to_watch_becomes_completed=settings.plan_to_watch_becomes_completed
        )
        self.codes = Codes(self.database, settings)
        self.grants = Grants(self.database)
        if settings.strict_catalogue:
            with self.database.writing():
                fill(self.catalogue)

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call so far, in the order of arrival."""
        return self.log.calls

    @property
    def violations(self) -> list[str]:
        """What the callers did wrong by the contract; empty for a client that behaves."""
        return self.log.violations

    def library(self) -> list[Entry]:
        """The account as it stands, by simkl number."""
        with self.database.reading():
            return self.account.entries()

    def put(
        self,
        section: Section,
        item: Mapping[str, Any],
        *,
        status: str | None = None,
        now: datetime | None = None,
    ) -> int:
        """Arrange a title as if it had long been there: `item` as in a request, rating and watched_at optional.

        Returns its simkl number. Without `status` the title must be rated or watched, and lands where that files
        it. `now` is when all this happens, and with it when the title came to its list.
        """
        at = now or self.clock.now()
        with self.database.writing():
            title = self.catalogue.resolve(section, item)
            if title is None:
                raise LookupError(f"the catalogue has no title for {item}")
            if item.get("watched_at") is not None:
                self.account.watch(title, read_stamp(item["watched_at"]), status or "completed", at)
            elif status is not None:
                self.account.move(title, status, at)
            if "rating" in item:
                self.account.rate(title, item["rating"], read_stamp(item.get("rated_at") or at.isoformat()), at)
            return title.simkl

    def dump(self) -> list[dict[str, Any]]:
        """The account as plain values, to compare before and after: the same account, the same text as JSON.

        Moments of mere change are left out, and so is the moment at which a rating was taken away.
        """
        return [
            {
                "simkl": entry.title.simkl,
                "section": entry.title.section.value,
                "title": entry.title.shown_name,
                "year": entry.title.year,
                "ids": dict(sorted(entry.ids.items())),
                "status": entry.status,
                "rating": entry.rating,
                "rated_at": entry.rated_at if entry.rating is not None else None,
                "watched_at": entry.watched_at,
                "watched_episodes": entry.watched,
                "added_at": entry.added_at,
            }
            for entry in self.library()
        ]

    def approve(self, code: str) -> None:
        """Let the app in that showed this code, as its person would on the page; LookupError: none waits."""
        self._decide(code, State.APPROVED)

    def refuse(self, code: str) -> None:
        """Turn down the app that showed this code; LookupError: none waits."""
        self._decide(code, State.REFUSED)

    def _decide(self, code: str, state: State) -> None:
        with self.database.writing():
            if self.codes.decide(code, state, self.clock.now().timestamp()) is None:
                raise LookupError(f"no app waits for the code {code}")
