"""The journal of one account: every run with its plan, what each title held before and after, every send.

Intent is on disk before a request leaves, verdicts are on disk with the raw reply. A run that is not finished is
taken up again, with what it planned, by `resume` or by the same command.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from importer.journal import titles
from importer.journal.ledger import Ledger
from importer.journal.lock import JournalLock
from importer.journal.schema import connect
from importer.journal.store import Store, pieces
from importer.stages.frame import Frame
from importer.stages.packing import unpacked
from importer.vocabulary.errors import ConfigError, JournalError
from importer.vocabulary.sends import AccountTitle, Touched

_RUNS = "SELECT id, command, digest, started_at, finished_at, told, found, summary FROM runs"
_NOT_FOUND = """
SELECT key, max(batches.settled_at) FROM sends JOIN batches ON batches.id = sends.batch
WHERE state = 'not_found' AND sends.deed = ? AND key IN ({marks}) GROUP BY key
"""
_LANDED = "SELECT key, landed FROM sends WHERE deed = ? AND key IN ({marks}) AND landed IS NOT NULL ORDER BY run"


class Run(NamedTuple):
    """One run: `told` is what it was asked for, `found` what a look at the account afterwards showed."""

    id: int
    command: str
    digest: str
    started_at: datetime
    finished_at: datetime | None
    told: Mapping[str, Any]
    found: Mapping[str, Any] | None
    summary: Mapping[str, Any] | None


class Journal:
    """The journal of one account, locked for one run at a time. Use it as a context manager."""

    def __init__(self, path: Path, account: str) -> None:
        self._path = path
        self._account = account
        self._lock = JournalLock(path.with_name(f"{path.name}.lock"))
        self._opened: Store | None = None

    def __enter__(self) -> Journal:
        """Lock and open. Raises JournalError when locked, damaged, foreign, newer, or of another account."""
        self._lock.__enter__()
        try:
            self._opened = Store(self._path, connect(self._path, self._account))
        except JournalError:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and unlock."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        self._lock.__exit__(kind, error, trace)

    @property
    def _store(self) -> Store:
        if self._opened is None:
            raise JournalError(f"{self._path}: the journal is not open.")
        return self._opened

    # --- runs -----------------------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        """Every run, oldest first."""
        with self._store.reading() as connection:
            return [_run(row) for row in connection.execute(f"{_RUNS} ORDER BY id")]

    def run(self, number: int) -> Run:
        """One run. Raises ConfigError when there is none of that number."""
        with self._store.reading() as connection:
            row = connection.execute(f"{_RUNS} WHERE id = ?", (number,)).fetchone()
            found = _run(row) if row else None
        if found is None:
            raise ConfigError(f"There is no run {number}; 'rateport runs' lists them.")
        return found

    def unfinished(self, command: str, digest: str) -> Run | None:
        """The run that was to do just this and did not come to its end, the last of them."""
        with self._store.reading() as connection:
            row = connection.execute(
                f"{_RUNS} WHERE command = ? AND digest = ? AND finished_at IS NULL ORDER BY id DESC",
                (command, digest),
            ).fetchone()
            return _run(row) if row else None

    def begin(
        self,
        command: str,
        digest: str,
        told: Mapping[str, Any],
        now: datetime,
        *,
        frame: bytes | None = None,
        before: Iterable[AccountTitle] = (),
    ) -> int:
        """Open a run with all that it takes to do it, and return its number."""
        with self._store.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (command, digest, told, frame, started_at) VALUES (?, ?, ?, ?, ?)",
                (command, digest, json.dumps(told), frame, now.isoformat()),
            )
            assert cursor.lastrowid is not None
            _put_before(connection, cursor.lastrowid, before)
        return cursor.lastrowid

    def frame(self, run: int) -> Frame:
        """The normalized rows of a run's exports. Raises JournalError for a run that has none."""
        with self._store.reading() as connection:
            row = connection.execute("SELECT frame FROM runs WHERE id = ?", (run,)).fetchone()
            if row and row[0] is not None:
                return unpacked(bytes(row[0]))
        raise JournalError(f"{self._path}: the journal holds no plan of run {run}.")

    def finish(self, run: int, summary: Mapping[str, Any], now: datetime) -> None:
        """Close a run with its summary. Of the account as it was before, what the run left alone is forgotten."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE runs SET finished_at = ?, summary = ? WHERE id = ?",
                (now.isoformat(), json.dumps(summary), run),
            )
            connection.execute("DELETE FROM titles WHERE run = ? AND touched = 0", (run,))

    def ledger(self, run: int, deed: str) -> Ledger:
        """The book of one deed in one run."""
        return Ledger(self._store, run, deed)

    # --- what titles held -----------------------------------------------------------------------------

    def before(self, run: int) -> list[AccountTitle]:
        """The account as the run found it."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT before FROM titles WHERE run = ? AND before IS NOT NULL ORDER BY simkl", (run,)
            )
            return [title for (text,) in rows if (title := titles.read(text))]

    def keep_before(self, run: int, before: Iterable[AccountTitle]) -> None:
        """Write down the account as a run finds it that is taken up again."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM titles WHERE run = ?", (run,))
            _put_before(connection, run, before)

    def keep_found(
        self,
        run: int,
        touched: Collection[Touched],
        landed: Mapping[tuple[str, str], str],
        found: Mapping[str, Any],
    ) -> None:
        """Write down what a run did to each title, where each send (by deed and key) landed, and what there is to
        say of it."""
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO titles (run, simkl, before, after, touched) VALUES (?, ?, ?, ?, 1) "
                "ON CONFLICT (run, simkl) DO UPDATE "
                "SET before = excluded.before, after = excluded.after, touched = 1",
                [(run, each.simkl, titles.written(each.before), titles.written(each.after)) for each in touched],
            )
            connection.executemany(
                "UPDATE sends SET landed = ? WHERE run = ? AND deed = ? AND key = ?",
                [(simkl, run, deed, key) for (deed, key), simkl in landed.items()],
            )
            connection.execute("UPDATE runs SET found = ? WHERE id = ?", (json.dumps(found), run))

    def touched(self, run: int) -> list[Touched]:
        """What the run did to each title that it changed."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT simkl, before, after FROM titles WHERE run = ? AND touched = 1 ORDER BY simkl", (run,)
            )
            return [Touched(simkl, titles.read(before), titles.read(after)) for simkl, before, after in rows]

    # --- across runs ----------------------------------------------------------------------------------

    def not_found_since(self, deed: str, keys: Iterable[str], since: datetime) -> dict[str, datetime]:
        """The sends among `keys` that the service did not know when it was last asked, and when, if that was at
        `since` or later."""
        found: dict[str, datetime] = {}
        with self._store.reading() as connection:
            for marks, piece in pieces(list(keys)):
                for key, settled_at in connection.execute(_NOT_FOUND.format(marks=marks), (deed, *piece)):
                    if (at := _moment(settled_at)) >= since:
                        found[key] = at
        return found

    def landed(self, deed: str, keys: Iterable[str]) -> dict[str, str]:
        """Where the sends among `keys` were seen to have landed, as Simkl ids, by the last run that looked."""
        found: dict[str, str] = {}
        with self._store.reading() as connection:
            for marks, piece in pieces(list(keys)):
                found.update(connection.execute(_LANDED.format(marks=marks), (deed, *piece)))
        return found

    def last_post_at(self) -> datetime | None:
        """When the last POST of any run left, by the wall clock."""
        with self._store.reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = 'last_post_at'").fetchone()
            return _moment(row[0]) if row else None

    def mark_post(self, now: datetime) -> None:
        """Write down that a POST leaves now, so that the next process keeps the gap."""
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO facts (name, value) VALUES ('last_post_at', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (now.isoformat(),),
            )


def _run(row: tuple[Any, ...]) -> Run:
    number, command, digest, started_at, finished_at, told, found, summary = row
    return Run(
        id=number,
        command=command,
        digest=digest,
        started_at=_moment(started_at),
        finished_at=_moment(finished_at) if finished_at else None,
        told=_object(told),
        found=_object(found) if found else None,
        summary=_object(summary) if summary else None,
    )


def _moment(text: str) -> datetime:
    """A moment of the wall clock. Raises ValueError for one that nothing can be counted from."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return at


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(f"{text[:40]} is no JSON object")
    return value


def _put_before(connection: sqlite3.Connection, run: int, before: Iterable[AccountTitle]) -> None:
    connection.executemany(
        "INSERT INTO titles (run, simkl, before, touched) VALUES (?, ?, ?, 0)",
        [(run, title.simkl, titles.written(title)) for title in before],
    )
