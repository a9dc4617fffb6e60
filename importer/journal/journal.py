"""The journal: intent is on disk before a request leaves, verdicts are on disk with the raw reply.

States of a send: planned -> sending -> confirmed | not_found | refused | unconfirmed; `sending` that is found
at the start of a run is a send in doubt: the process died between intent and verdict.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from importer.journal.lock import JournalLock
from importer.journal.schema import connect
from importer.stages.match import names_of
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.errors import JournalError
from importer.vocabulary.sends import Send

_SETTLED_FOR_GOOD = (Fate.CONFIRMED, Fate.NOT_FOUND)
_STATES = "SELECT key, state, detail FROM sends WHERE key IN ({marks})"
_OVERTAKEN = """
SELECT mine.send, old.item, other.send, new.item FROM names AS mine
JOIN names AS other ON other.name = mine.name AND other.send <> mine.send
JOIN sends AS old ON old.key = mine.send
JOIN sends AS new ON new.key = other.send
WHERE new.state = 'confirmed' AND new.batch > old.batch AND mine.send IN ({marks})
ORDER BY new.batch
"""
_PIECE = 500  # parameters per statement, well under SQLite's limit


class Journal:
    """The journal of one account, locked for one run at a time. Use it as a context manager."""

    def __init__(self, path: Path, account: str) -> None:
        self._path = path
        self._account = account
        self._lock = JournalLock(path.with_name(f"{path.name}.lock"))
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Journal:
        """Lock and open. Raises JournalError when locked, damaged, foreign, newer, or of another account."""
        self._lock.__enter__()
        try:
            self._connection = connect(self._path, self._account)
        except JournalError:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and unlock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._lock.__exit__(kind, error, trace)

    # --- what is known --------------------------------------------------------------------------------

    def settled(self, keys: Iterable[str]) -> dict[str, Settlement]:
        """The sends among `keys` that an earlier run confirmed or found to be unknown to the service.

        A title that another import has rated since, by a send that is not among `keys`, is kept as that one left
        it, unless what is asked for now is of a later date: then it is not settled and goes out anew.
        """
        wanted = list(keys)
        found = {
            key: Settlement(Fate(state), detail)
            for key, state, detail in self._sends(wanted)
            if state in _SETTLED_FOR_GOOD
        }
        for key, mine, later in self._overtaken(wanted):
            if mine.get("rated_at", "") > later.get("rated_at", ""):
                found.pop(key, None)
            elif key in found:
                found[key] = Settlement(Fate.KEPT, f"a later import rated this title {later['rating']}")
        return found

    def in_doubt(self, keys: Iterable[str]) -> set[str]:
        """The sends among `keys` that went out without a verdict coming back."""
        return {key for key, state, _ in self._sends(keys) if state == "sending"}

    def last_post_at(self) -> datetime | None:
        """When the last POST of any run left, by the wall clock."""
        with self._reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = 'last_post_at'").fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    # --- what happens ---------------------------------------------------------------------------------

    def begin_run(self, command: str, inputs: Sequence[Mapping[str, str]], now: datetime) -> int:
        """Open a run and return its number."""
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (command, started_at, inputs) VALUES (?, ?, ?)",
                (command, now.isoformat(), json.dumps(list(inputs), ensure_ascii=False)),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def finish_run(self, run: int, summary: Mapping[str, object], now: datetime) -> None:
        """Close a run with its summary."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET finished_at = ?, summary = ? WHERE id = ?",
                (now.isoformat(), json.dumps(summary, ensure_ascii=False), run),
            )

    def intend(self, run: int, sends: Sequence[Send], now: datetime) -> int:
        """Write down that `sends` are about to go out together, and return the batch's number."""
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO batches (run, sends, intended_at) VALUES (?, ?, ?)",
                (run, len(sends), now.isoformat()),
            )
            batch = cursor.lastrowid
            assert batch is not None
            connection.executemany(
                "INSERT INTO sends (key, section, item, state, run, batch) VALUES (?, ?, ?, 'sending', ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET state = 'sending', detail = '', run = ?4, batch = ?5",
                [(s.key, s.section.value, json.dumps(s.item, ensure_ascii=False), run, batch) for s in sends],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO names (send, name) VALUES (?, ?)",
                [(send.key, name) for send in sends for name in names_of(send)],
            )
        return batch

    def mark_post(self, now: datetime) -> None:
        """Write down that a POST leaves now, so that the next process keeps the gap."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO facts (name, value) VALUES ('last_post_at', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (now.isoformat(),),
            )

    def settle(self, batch: int, settlements: Mapping[str, Settlement], reply: str | None, now: datetime) -> None:
        """Write down what became of sends, together with the reply that says so, in one transaction."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE batches SET settled_at = ?, reply = coalesce(?, reply) WHERE id = ?",
                (now.isoformat(), reply, batch),
            )
            connection.executemany(
                "UPDATE sends SET state = ?, detail = ? WHERE key = ?",
                [(done.fate.value, done.detail, key) for key, done in settlements.items()],
            )

    def release(self, keys: Iterable[str]) -> None:
        """Write down that sends surely were not applied and may go out anew."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE sends SET state = 'planned' WHERE key = ? AND state = 'sending'", [(key,) for key in keys]
            )

    # --- plumbing -------------------------------------------------------------------------------------

    def _sends(self, keys: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        with self._reading() as connection:
            for piece in _pieces(list(keys)):
                yield from connection.execute(_STATES.format(marks=_marks(piece)), piece)

    def _overtaken(self, wanted: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
        """Sends whose title was rated by a later one outside `wanted`: key, own item, the later item."""
        ours = set(wanted)
        with self._reading() as connection:
            for piece in _pieces(wanted):
                rows = connection.execute(_OVERTAKEN.format(marks=_marks(piece)), piece)
                for key, item, other, later in rows:
                    if other not in ours:
                        yield key, json.loads(item), json.loads(later)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            raise JournalError(f"{self._path}: the journal is not open.")
        try:
            yield self._connection
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: the journal cannot be read: {error}.") from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            raise JournalError(f"{self._path}: the journal is not open.")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise JournalError(
                f"{self._path}: the journal cannot be written ({error}); nothing more was sent. "
                "Free some space or check the permissions, then run the same command again."
            ) from None


def _pieces(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _PIECE):
        yield keys[start : start + _PIECE]


def _marks(piece: Sequence[str]) -> str:
    return ",".join("?" * len(piece))
