"""What stands behind one stand-in: its parts, and what tests may look at and arrange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from importer.sandbox.account import Account, Entry
from importer.sandbox.calls import Call, CallLog
from importer.sandbox.catalogue import Catalogue
from importer.sandbox.database import Database
from importer.sandbox.faults import Fault, FaultScript
from importer.sandbox.fixture import fill
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
        """Arrange a title as if it had long been there: `item` as in a request, its rating optional.

        Returns its simkl number. Without `status` the title must be rated and lands where a rating files it.
        """
        at = now or self.clock.now()
        with self.database.writing():
            title = self.catalogue.resolve(section, item)
            if title is None:
                raise LookupError(f"the catalogue has no title for {item}")
            if status is not None:
                self.account.move(title, status, at)
            if "rating" in item:
                self.account.rate(title, item["rating"], read_stamp(item.get("rated_at") or at.isoformat()), at)
            return title.simkl
