"""A journal whose file is sound and whose values are not: a sentence, and nothing is sent or changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from importer import pipeline
from importer.vocabulary.errors import JournalError
from tests.migrating import Migration, movies

pytestmark = pytest.mark.promise("P2")

Act = Callable[[Migration], object]

SHOW: Act = lambda migration: pipeline.show(None, migration.service)  # noqa: E731
VERIFY: Act = lambda migration: migration.verify()  # noqa: E731
UNDO: Act = lambda migration: migration.undo(1)  # noqa: E731
RESUME: Act = lambda migration: migration.resume()  # noqa: E731
IMPORT: Act = lambda migration: migration.run(migration.home / "other.csv")  # noqa: E731

CHANGES: tuple[tuple[str, tuple[Act, ...]], ...] = (
    *((f"UPDATE runs SET {column} = 'x'", (SHOW, VERIFY, UNDO)) for column in ("told", "found", "summary")),
    *((f"UPDATE runs SET {column} = '[]'", (SHOW, VERIFY, UNDO)) for column in ("told", "found", "summary")),
    *((f"UPDATE runs SET {column} = '20'", (SHOW, VERIFY, UNDO)) for column in ("started_at", "finished_at")),
    ("UPDATE runs SET started_at = '2020-01-01T00:00:00'", (SHOW, VERIFY, UNDO)),
    ("UPDATE runs SET told = '{}'", (VERIFY,)),
    ("UPDATE runs SET told = json_set(told, '$.origin', 5)", (VERIFY,)),
    ("UPDATE runs SET told = json_set(told, '$.orders.strange', 5)", (VERIFY,)),
    ("UPDATE runs SET frame = zeroblob(1000)", (VERIFY,)),
    ("UPDATE runs SET frame = zeroblob(1000), finished_at = NULL", (RESUME,)),
    ("UPDATE titles SET after = 'x'", (UNDO,)),
    ("UPDATE titles SET after = '{}'", (UNDO,)),
    ("UPDATE titles SET after = '[' || after || ']'", (UNDO,)),
    ("UPDATE sends SET item = 'x'; UPDATE runs SET found = NULL, finished_at = NULL", (UNDO,)),
    ("UPDATE facts SET value = 'x' WHERE name = 'last_post_at'", (IMPORT, VERIFY, UNDO)),
    ("UPDATE facts SET value = '2020-01-01T00:00:00' WHERE name = 'last_post_at'", (IMPORT, VERIFY, UNDO)),
)


@pytest.mark.parametrize(("change", "acts"), CHANGES, ids=[change for change, _ in CHANGES])
def test_a_value_that_is_none_of_ours_is_a_sentence(tmp_path: Path, change: str, acts: tuple[Act, ...]) -> None:
    """Whichever command meets it: exit code 6, the account and the journal stay as they are."""
    migration = Migration(tmp_path)
    assert migration.run(movies(tmp_path / "mine.csv", 3)).exit_code == 0
    movies(tmp_path / "other.csv", 3, first=11)
    journal = migration.service.journal
    with sqlite3.connect(journal) as connection:
        connection.executescript(change)
    connection.close()
    held, posts, content = migration.dump(), migration.posts(), journal.read_bytes()
    for act in acts:
        with pytest.raises(JournalError, match=r"(?i)the journal is damaged"):
            act(migration)
    assert (migration.dump(), migration.posts(), journal.read_bytes()) == (held, posts, content)
