"""The open journal file: reads and transactions, whose failures are sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from importer.vocabulary.errors import JournalError

_PIECE = 500  # parameters per statement, well under SQLite's limit


class Store:
    """One journal file and the connection to it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For reads, and for making values of what was read. Raises JournalError when the file cannot be read, or
        holds what rateport does not write."""
        try:
            yield self._connection
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: the journal cannot be read: {error}.") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise JournalError(
                f"{self._path}: the journal is damaged (a value in it is none of ours: {str(error)[:100]}). "
                "Nothing was changed. Keep a copy, then move it away; an import compares with the account itself."
            ) from None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises JournalError when it cannot be written; then nothing of it is."""
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

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


def pieces(keys: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """`keys` in portions that a statement can take, each with its question marks."""
    for start in range(0, len(keys), _PIECE):
        piece = keys[start : start + _PIECE]
        yield ",".join("?" * len(piece)), piece
