"""Kills a whole import at one point after the other, runs it again, and tells whether anything differs.

`python -m tests.crashes FOLDER EVERY [MUTANT]` prints one line per point and exits 1 when a rerun ended otherwise
than an undisturbed run. It forks, so it must be a process of its own. Points: before each statement of the journal,
before and after each call of the service, before each rename of a report file. A mutant puts journal and wire in
the wrong order, and must be caught.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from importer.journal import journal as journal_module
from importer.journal.ledger import Ledger
from importer.sandbox.settings import SandboxSettings
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Send
from tests.clock import START, FakeClock
from tests.migrating import Migration, table

FAR = 10**9


def exports(folder: Path) -> Path:
    """Dated and undated rows, a title that is not known, one that is rejected: three batches."""
    rows = [f"Film {n},2001,movie,{n % 10 + 1},2020-01-02,tt{n:07},," for n in range(1, 111)]
    rows += [f"Late {n},2001,show,7,,,{n},," for n in range(201, 206)]
    rows += ["Nothing,2001,movie,5,2020-01-01,tt7999999,,", "Nowhere,,movie,5,,,,"]
    return table(folder / "mine.csv", rows)


class Counter:
    """Ends this process at the `last` point it is told of."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.passed = 0

    def point(self, *ignored: object) -> None:
        """One more place where the process may end."""
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def _verdict_before_post() -> None:
    """A journal that takes the intent for the deed."""
    intend = Ledger.intend

    def early(self: Ledger, sends: Sequence[Send], now: datetime) -> int:
        batch = intend(self, sends, now)
        self.settle(batch, {send.key: Settlement(Fate.CONFIRMED) for send in sends}, None, now)
        return batch

    Ledger.intend = early  # type: ignore[method-assign]


MUTANTS = {"": lambda: None, "verdict-before-post": _verdict_before_post}


def import_once(folder: Path, file: Path, last: int) -> int:
    """One import, killed at point `last`; the number of points passed."""
    counter = Counter(last)
    migration = Migration(
        folder, sandbox=SandboxSettings(database=folder / "account.sqlite"), clock=FakeClock(_later(folder))
    )
    answer = migration.app.wsgi_app

    def killed_around(environ: Any, start_response: Callable[..., Any]) -> Any:
        counter.point()
        reply = list(answer(environ, start_response))
        counter.point()
        return reply

    migration.app.wsgi_app = killed_around  # type: ignore[method-assign]
    _watch_journal(counter)
    sys.addaudithook(lambda event, args: counter.point() if event == "os.rename" else None)
    migration.run(file)
    return counter.passed


def _watch_journal(counter: Counter) -> None:
    connect = journal_module.connect

    def watched(path: Path, account: str) -> sqlite3.Connection:
        connection = connect(path, account)
        connection.set_trace_callback(counter.point)
        return connection

    journal_module.connect = watched


def _later(folder: Path) -> datetime:
    """Every process starts an hour after the one before."""
    log = folder / "starts"
    count = len(log.read_text()) if log.exists() else 0
    log.write_text("x" * (count + 1))
    return START.replace(hour=(START.hour + count) % 24)


def end_state(folder: Path) -> dict[str, Any]:
    """What must be the same however often a run was killed."""
    migration = Migration(folder, sandbox=SandboxSettings(database=folder / "account.sqlite"))
    summary = json.loads((folder / "report" / "summary.json").read_text(encoding="utf-8"))
    with sqlite3.connect(folder / "journal.sqlite") as journal:
        states = sorted(journal.execute("SELECT item, state FROM sends").fetchall())
    return {
        "ratings": {name: value for name, (value, _) in migration.account().items()},
        "dates": {name: day for name, (_, day) in migration.account().items() if day == "2020-01-02"},
        "states": states,
        "outcomes": summary["outcomes"],
        "codes": summary["codes"],
        "leftovers": (folder / "report" / "leftovers.csv").read_text(encoding="utf-8"),
    }


def forked(work: Callable[[], None]) -> int:
    """The wait status of a child that does `work`."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main(folder: Path, every: int, mutant: str = "") -> int:
    """Try every `every`-th point; 0 when all reruns ended alike."""
    MUTANTS[mutant]()
    whole = folder / "whole"
    whole.mkdir(parents=True)
    file = exports(folder)
    told = whole / "points"
    assert forked(lambda: told.write_text(str(import_once(whole, file, FAR))) and None) == 0
    points, expected = int(told.read_text()), end_state(whole)
    failed = 0
    for last in range(1, points + 1, every):
        home = folder / f"killed-{last}"
        home.mkdir()
        status = forked(lambda home=home, last=last: import_once(home, file, last) and None)
        assert os.WIFSIGNALED(status), f"point {last}: the run was not killed"
        assert forked(lambda home=home: import_once(home, file, FAR) and None) == 0, (
            f"point {last}: the rerun failed"
        )
        found = end_state(home)
        wrong = [name for name in expected if found[name] != expected[name]]
        failed += bool(wrong)
        print(f"point {last} of {points}: {'same' if not wrong else 'DIFFERS in ' + ', '.join(wrong)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
