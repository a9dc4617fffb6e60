"""The one SQLite file behind a stand-in: schema, and transactions that hold or do not happen.

The file survives the process, kill -9 included: with a rollback journal every transaction that did not commit
is undone when the file is next opened. Threads of one process share the connection by a lock, processes the
file by SQLite's own.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importer.vocabulary.errors import ConfigError
from importer.vocabulary.folders import make_private

_APPLICATION = 0x52505342
_FACTS = ("application_id", "user_version")
_PATIENCE_S = 30.0

_STEPS = (
    (
        """CREATE TABLE titles (
            simkl INTEGER PRIMARY KEY, section TEXT NOT NULL, family TEXT NOT NULL, name TEXT, name_key TEXT,
            year INTEGER, episodes INTEGER, anime_type TEXT)""",
        "CREATE INDEX titles_by_name ON titles (name_key, family)",
        """CREATE TABLE ids (
            position INTEGER PRIMARY KEY, space TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL,
            simkl INTEGER NOT NULL REFERENCES titles)""",
        "CREATE INDEX ids_by_id ON ids (space, scope, id)",
        "CREATE INDEX ids_by_title ON ids (simkl)",
        """CREATE TABLE library (
            simkl INTEGER PRIMARY KEY REFERENCES titles, status TEXT NOT NULL, added_at TEXT NOT NULL,
            changed_at TEXT NOT NULL, rating INTEGER, rated_at TEXT)""",
        "CREATE TABLE activities (section TEXT, name TEXT, at TEXT NOT NULL, PRIMARY KEY (section, name))",
        "CREATE TABLE quota (day TEXT PRIMARY KEY, used INTEGER NOT NULL)",
        f"PRAGMA application_id = {_APPLICATION}",
    ),
    (
        "ALTER TABLE titles ADD COLUMN aired INTEGER",
        "ALTER TABLE library ADD COLUMN watched_at TEXT",
        "CREATE TABLE watched (simkl INTEGER, episode INTEGER, at TEXT NOT NULL, PRIMARY KEY (simkl, episode))",
        """CREATE TABLE codes (
            user_code TEXT PRIMARY KEY, device_code TEXT UNIQUE, client_id TEXT NOT NULL, scope TEXT NOT NULL,
            state TEXT NOT NULL, expires_at REAL NOT NULL, interval_s REAL NOT NULL, next_poll_at REAL NOT NULL)""",
        """CREATE TABLE grants (
            id INTEGER PRIMARY KEY, client_id TEXT NOT NULL, scope TEXT NOT NULL, refresh_token TEXT UNIQUE,
            refresh_until REAL, is_revoked INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE access_tokens (
            token TEXT PRIMARY KEY, grant_id INTEGER NOT NULL REFERENCES grants, expires_at REAL,
            is_replaced INTEGER NOT NULL DEFAULT 0)""",
    ),
)
"""What takes a store from each version to the next; the first step starts from nothing."""


class Database:
    """The account's store; every statement runs inside `writing` or `reading`."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = _opened(path)
            self._close = weakref.finalize(self, self._connection.close)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(
                f"{path} cannot hold the state of the sandbox ({error}). Move it away, or name another file."
            ) from error

    def _prepare(self) -> None:
        with self.writing():
            application, version = (self.execute(f"PRAGMA {fact}")[0][0] for fact in _FACTS)
            is_new = (application, version) == (0, 0) and not self.execute("SELECT 1 FROM sqlite_master")
            if not is_new and (application != _APPLICATION or not 1 <= version <= len(_STEPS)):
                raise sqlite3.DatabaseError("it belongs to something else, or to a newer rateport")
            for number, step in enumerate(_STEPS[version:], version + 1):
                for statement in (*step, f"PRAGMA user_version = {number}"):
                    self.execute(statement)

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """The rows that `statement` yields."""
        return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that commits as a whole when the block ends well, and leaves no trace otherwise."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees one state of the account."""
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock:
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file; the store cannot be used any more."""
        self._close()


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        make_private(path.parent)
        path.touch(mode=0o600)
    connection = sqlite3.connect(
        path or ":memory:", timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return connection
