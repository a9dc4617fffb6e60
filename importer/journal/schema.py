"""The journal's tables, and the opening of a file that is to be a journal of this account and no other."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from importer.journal.rollback import is_cut_off
from importer.vocabulary.errors import JournalError
from importer.vocabulary.folders import make_private

APPLICATION_ID = 0x72617465  # "rate": tells our files from other SQLite files
VERSION = 2
BUSY_S = 5.0  # how long to wait for another program that looks in; the lock keeps our own runs apart

_MAGIC = b"SQLite format 3\0"
_WAYS = slice(18, 20)  # of the header: how the file is written and read (sqlite.org/fileformat2.html)
_WITH_LOG = 2

_STATES = "('planned', 'sending', 'confirmed', 'not_found', 'refused', 'unconfirmed')"
_IN_NO_STATE = f"SELECT 1 FROM sends WHERE state NOT IN {_STATES} LIMIT 1"  # noqa: S608 - all of it stands here

_TABLES = f"""
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    digest TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    told TEXT NOT NULL,
    frame BLOB,
    found TEXT,
    summary TEXT
) STRICT;
CREATE TABLE titles (
    run INTEGER NOT NULL REFERENCES runs (id),
    simkl TEXT NOT NULL,
    before TEXT,
    after TEXT,
    touched INTEGER NOT NULL,
    PRIMARY KEY (run, simkl)
) STRICT, WITHOUT ROWID;
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    deed TEXT NOT NULL,
    sends INTEGER NOT NULL,
    intended_at TEXT NOT NULL,
    settled_at TEXT,
    reply TEXT
) STRICT;
CREATE TABLE sends (
    run INTEGER NOT NULL REFERENCES runs (id),
    deed TEXT NOT NULL,
    key TEXT NOT NULL,
    section TEXT NOT NULL,
    item TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN {_STATES}),
    detail TEXT NOT NULL DEFAULT '',
    batch INTEGER NOT NULL REFERENCES batches (id),
    landed TEXT,
    PRIMARY KEY (run, deed, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sends_by_key ON sends (key);
"""


def connect(path: Path, account: str) -> sqlite3.Connection:
    """A connection to the journal of `account`, made when there is none. Hold the lock of the journal.

    Raises JournalError for a file that is damaged, foreign, newer, or of another account; such a file is
    never changed.
    """
    try:
        _refuse_company(path)
        if not os.path.lexists(path):
            _create(path, account)
        _refuse_log(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_S)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{path}: the journal cannot be opened: {_reason(error)}.") from None
    try:
        if _beside(path, "-journal").exists():
            _rehearse(path, account)
        _prepare(connection, path, account)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _unusable(path, error) from None
    except OSError as error:
        connection.close()
        raise JournalError(f"{path}: the journal cannot be recovered: {_reason(error)}.") from None
    except JournalError:
        connection.close()
        raise
    return connection


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _reason(error: Exception) -> object:
    return error.strerror if isinstance(error, OSError) and error.strerror else error


def _unusable(path: Path, error: sqlite3.DatabaseError) -> JournalError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # none: it is us who call it damaged
    if code & 0xFF == sqlite3.SQLITE_BUSY:  # the bits above tell kinds of it apart
        return JournalError(f"{path}: another program has the journal open; close it there, then run again.")
    return JournalError(
        f"{path}: the journal is damaged ({error}). Nothing was changed. Keep a copy, then move it away; "
        "a new import starts over and sends every rating once more, which is harmless for dated ones."
    )


def _refuse_company(path: Path) -> None:
    """SQLite would roll a new journal back to pages of another one, and carry what stands in a log into it."""
    rollback, log = _beside(path, "-journal"), _beside(path, "-wal")
    for file in (path, rollback, log):
        if file.is_symlink():
            raise JournalError(f"{file}: it is a link, which is not followed; move it away.")
    if os.path.lexists(rollback) and not os.path.lexists(path):
        raise JournalError(
            f"{rollback}: it belongs to a journal that is no longer beside it. Put that one back, or move this "
            "file to it; an import without a journal compares with the account itself."
        )
    if os.path.lexists(log):
        raise JournalError(
            f"{log}: rateport keeps no write-ahead log. If another program has the journal open, close it there; "
            "else move this file away."
        )


def _refuse_log(path: Path) -> None:
    """A journal never has a write-ahead log, and to open a file that has one would change what is beside it."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise JournalError(f"{path}: this is not a file; move it away.")
        header = os.read(descriptor, _WAYS.stop)
    finally:
        os.close(descriptor)
    if header.startswith(_MAGIC) and _WITH_LOG in header[_WAYS]:
        raise JournalError(
            f"{path}: no rateport journal, or one that another program has set to a write-ahead log; move it away."
        )


def _rehearse(path: Path, account: str) -> None:
    """Recover a copy of a journal that a kill has left in the middle of a change: where it is damaged besides,
    SQLite's own recovery would change it before it shows."""
    if is_cut_off(_beside(path, "-journal")):
        raise sqlite3.DatabaseError("its rollback file is cut off")
    copy = _beside(path, ".copy")
    files = {_beside(path, end): _beside(copy, end) for end in ("", "-journal")}
    try:
        for original, copied in files.items():
            copied.unlink(missing_ok=True)
            with original.open("rb") as source, os.fdopen(_made(copied), "wb") as target:
                shutil.copyfileobj(source, target)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            _prepare(connection, path, account)
    finally:
        for copied in files.values():
            copied.unlink(missing_ok=True)


def _create(path: Path, account: str) -> None:
    """Make the journal under another name first: a kill half way leaves nothing that looks like a damaged one."""
    make_private(path.parent)
    half = _beside(path, ".new")
    for leftover in (half, _beside(half, "-journal"), _beside(half, "-wal")):
        leftover.unlink(missing_ok=True)
    os.close(_made(half))
    connection = sqlite3.connect(half, isolation_level=None)
    try:
        _make_safe(connection)
        _create_tables(connection, account)
    finally:
        connection.close()
    half.replace(path)


def _made(path: Path) -> int:
    """A new file for its owner alone, opened."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def _prepare(connection: sqlite3.Connection, path: Path, account: str) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application == APPLICATION_ID and version > VERSION:  # its tables may be beyond this SQLite
        raise JournalError(f"{path}: written by a newer rateport (journal version {version}); update rateport.")
    is_empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if is_empty:  # ours never are: see _create
        raise sqlite3.DatabaseError("it is empty")
    if application != APPLICATION_ID:
        raise JournalError(f"{path}: this is no rateport journal; move it away.")
    if version < VERSION:
        raise JournalError(
            f"{path}: written by an older rateport (journal version {version}). Move it away; an import compares "
            "with the account itself, so nothing is sent twice."
        )
    _make_safe(connection)
    _check(connection)
    owner = connection.execute("SELECT value FROM facts WHERE name = 'account'").fetchone()
    if owner is None or owner[0] != account:
        raise JournalError(f"{path}: this journal belongs to another account.")


def _check(connection: sqlite3.Connection) -> None:
    """Every page and row. The states are looked at apart, which takes a quarter of the time of their constraint."""
    connection.execute("PRAGMA ignore_check_constraints = ON")
    (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    connection.execute("PRAGMA ignore_check_constraints = OFF")
    if problem == "ok" and connection.execute(_IN_NO_STATE).fetchone():
        problem = "a send is in no known state"
    if problem != "ok":
        raise sqlite3.DatabaseError(problem)


def _make_safe(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")  # ecosystem.md 1.9: WAL is not safe everywhere
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")


def _create_tables(connection: sqlite3.Connection, account: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO facts (name, value) VALUES ('account', ?)", (account,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
