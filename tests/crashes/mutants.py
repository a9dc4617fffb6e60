"""Journal and wire put in the wrong order by hand: each of these must be caught, or the survey proves nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from importer.journal.journal import Journal
from importer.journal.ledger import Ledger
from importer.report import files
from importer.runs import aftermath, ending
from importer.runs.posting import PostLoop
from importer.runs.session import Session
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Send


class Mutant(NamedTuple):
    """A fault, how to bring it about in this process, the plan that shows it and at which points."""

    name: str
    apply: Callable[[], None]
    plan: str
    at: str


def _verdict_before_post() -> None:
    """Takes the intent for the deed."""
    intend = Ledger.intend

    def early(self: Ledger, sends: Sequence[Send], now: datetime) -> int:
        batch = intend(self, sends, now)
        self.settle(batch, {send.key: Settlement(Fate.CONFIRMED) for send in sends}, None, now)
        return batch

    Ledger.intend = early  # type: ignore[method-assign]


def _intent_after_post() -> None:
    """Writes down what it was about to do when it has done it."""
    intend, settle, release = Ledger.intend, Ledger.settle, Ledger.release
    waiting: list[tuple[Sequence[Send], datetime]] = []

    def late(self: Ledger) -> int:
        return max((intend(self, *each) for each in waiting), default=0)

    def noted(self: Ledger, sends: Sequence[Send], now: datetime) -> int:
        waiting[:] = [(sends, now)]
        return 0

    def settled(self: Ledger, batch: int, done: Mapping[str, Settlement], reply: str | None, now: datetime) -> None:
        batch = late(self) or batch
        waiting.clear()
        settle(self, batch, done, reply, now)

    def released(self: Ledger, keys: Iterable[str]) -> None:
        late(self)
        waiting.clear()
        release(self, keys)

    Ledger.intend, Ledger.settle, Ledger.release = noted, settled, released  # type: ignore[method-assign]


def _verdicts_never_committed() -> None:
    """Keeps the verdicts to itself."""
    Ledger.settle = lambda self, batch, done, reply, now: None  # type: ignore[method-assign]


def _reply_before_verdicts() -> None:
    """Commits the reply with all of its batch as done, and what it says of each in a second transaction."""
    settle = Ledger.settle

    def twice(self: Ledger, batch: int, done: Mapping[str, Settlement], reply: str | None, now: datetime) -> None:
        settle(self, batch, dict.fromkeys(done, Settlement(Fate.CONFIRMED)), reply, now)
        settle(self, batch, done, None, now)

    Ledger.settle = twice  # type: ignore[method-assign]


def _doubt_is_confirmed() -> None:
    """Takes what went out without a verdict for done."""
    settled = Ledger.settled

    def trusting(self: Ledger) -> dict[str, Settlement]:
        return dict.fromkeys(self.in_doubt(), Settlement(Fate.CONFIRMED)) | settled(self)

    Ledger.settled = trusting  # type: ignore[method-assign]


def _doubt_is_sent_again() -> None:
    """Sends again, without looking, what must not be repeated."""
    PostLoop._without_applied = lambda self, sends, in_doubt: sends  # type: ignore[method-assign]


def _finished_before_the_report() -> None:
    """Closes the run, then reports it."""
    finish, write = Journal.finish, ending.write_report
    state: dict[str, Any] = {}
    begin = Journal.ledger

    def remembering(self: Journal, run: int, deed: str) -> Ledger:
        state.update(journal=self, run=run)
        return begin(self, run, deed)

    def early(*args: Any) -> Any:
        finish(state["journal"], state["run"], {}, datetime.now().astimezone())
        return write(*args)

    Journal.ledger, ending.write_report = remembering, early  # type: ignore[method-assign,assignment]


def _found_before_looking() -> None:
    """Says that the account was looked at before it was."""
    seen = aftermath._seen

    def early(session: Session, run: int, *args: Any) -> Mapping[str, Any]:
        session.journal.keep_found(run, [], {}, aftermath.NOTHING)
        return seen(session, run, *args)

    aftermath._seen = early


def _restored_before_moving() -> None:
    """Says that titles are back on their lists, then moves them."""
    restored = aftermath._restored

    def early(session: Session, run: int, found: Mapping[str, Any]) -> Mapping[str, Any]:
        session.journal.keep_found(run, session.journal.touched(run), {}, {**found, "restored": True})
        return restored(session, run, found)

    aftermath._restored = early


def _report_in_place() -> None:
    """Writes the report over the old one."""

    def publish(folder: Path, contents: Mapping[str, Any]) -> list[Path]:
        for name, write in contents.items():
            files._fill(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), write)
        return [folder / name for name in contents]

    files._publish = publish


def _pace_forgotten() -> None:
    """Begins anew without a thought for the POST of the process before."""
    Journal.last_post_at = lambda self: None  # type: ignore[method-assign]


MUTANTS = (
    Mutant("verdict before POST", _verdict_before_post, "one-file", "POST /sync/ratings: before"),
    Mutant("intent after POST", _intent_after_post, "one-file", "POST /sync/ratings: half"),
    Mutant("verdicts never committed", _verdicts_never_committed, "one-file", "POST"),
    Mutant("reply before verdicts", _reply_before_verdicts, "one-file", "committed"),
    Mutant("in doubt is confirmed", _doubt_is_confirmed, "one-file", "POST /sync/ratings: before"),
    Mutant("in doubt is sent again", _doubt_is_sent_again, "one-file", "POST /sync/ratings: half"),
    Mutant("finished before the report", _finished_before_the_report, "one-file", "file: open of a draft"),
    Mutant("found before looking", _found_before_looking, "one-file", "GET /sync/activities: before"),
    Mutant("restored before moving", _restored_before_moving, "lists", "POST /sync/add-to-list: before"),
    Mutant("report in place", _report_in_place, "one-file", "file: half written"),
    Mutant("pace forgotten", _pace_forgotten, "paced", "POST /sync/ratings: all of it left"),
)
