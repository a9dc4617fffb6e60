"""The account outlives its process, however that ends."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from importer.sandbox.app import SandboxSettings, create_app
from importer.vocabulary.errors import ConfigError
from tests.sandbox.calling import ALL, Caller


def test_a_later_process_sees_the_same_account(tmp_path: Path) -> None:
    """Titles, ratings, activity stamps and all."""
    database = tmp_path / "new" / "account.sqlite"
    before = Caller(database=database)
    before.rate(
        "movies", {"rating": 8, "ids": {"imdb": "tt0133093", "tmdb": 603}, "title": "The Matrix", "year": 1999}
    )
    after = Caller(database=database)
    assert after.get(f"/sync/ratings/movies/{ALL}") == before.get(f"/sync/ratings/movies/{ALL}")
    assert after.get("/sync/activities") == before.get("/sync/activities")
    after.rate("movies", {"rating": 3, "ids": {"tmdb": 603}})
    assert [entry.rating for entry in before.stage.library()] == [3]


def test_two_accounts_in_memory_are_two() -> None:
    """Without a file nothing is shared."""
    first, second = Caller(), Caller()
    first.rate("movies", {"rating": 8, "ids": {"tmdb": 603}})
    assert second.stage.library() == []


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds what somebody watched."""
    database = tmp_path / "account.sqlite"
    Caller(database=database)
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_the_strict_catalogue_is_entered_once(tmp_path: Path) -> None:
    """Opening again finds it there."""
    for _ in range(2):
        caller = Caller(database=tmp_path / "account.sqlite", strict_catalogue=True)
    assert caller.stage.database.execute("SELECT count(*) FROM titles")[0][0] == 31


_FIRST_VERSION = """
CREATE TABLE titles (
    simkl INTEGER PRIMARY KEY, section TEXT NOT NULL, family TEXT NOT NULL, name TEXT, name_key TEXT,
    year INTEGER, episodes INTEGER, anime_type TEXT);
CREATE TABLE ids (
    position INTEGER PRIMARY KEY, space TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL,
    simkl INTEGER NOT NULL REFERENCES titles);
CREATE TABLE library (
    simkl INTEGER PRIMARY KEY REFERENCES titles, status TEXT NOT NULL, added_at TEXT NOT NULL,
    changed_at TEXT NOT NULL, rating INTEGER, rated_at TEXT);
CREATE TABLE activities (section TEXT, name TEXT, at TEXT NOT NULL, PRIMARY KEY (section, name));
CREATE TABLE quota (day TEXT PRIMARY KEY, used INTEGER NOT NULL);
INSERT INTO titles VALUES (7, 'movies', 'movie', 'The Matrix', 'the matrix', 1999, NULL, NULL);
INSERT INTO ids VALUES (1, 'imdb', '', 'tt0133093', 7);
INSERT INTO library
    VALUES (7, 'completed', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 8, '2019-05-04T10:00:00Z');
PRAGMA application_id = 0x52505342;
PRAGMA user_version = 1;
"""


def test_a_file_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """With everything in it, and the new parts work."""
    path = tmp_path / "account.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(_FIRST_VERSION)
    connection.close()
    for _ in range(2):
        caller = Caller(database=path)
        (row,) = caller.get("/sync/ratings/movies/8")["movies"]
        assert (row["movie"]["ids"]["imdb"], row["user_rated_at"]) == ("tt0133093", "2019-05-04T10:00:00.000Z")
        caller.post("/sync/history", {"movies": [{"ids": {"imdb": "tt0133093"}}]})


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """It may hold what this one does not understand."""
    path = tmp_path / "account.sqlite"
    Caller(database=path).stage.database.execute("PRAGMA user_version = 3")
    with pytest.raises(ConfigError, match="a newer rateport"):
        create_app(SandboxSettings(database=path))


@pytest.mark.parametrize("content", [b"id,rating\n1,2\n", b"SQLite format 3\x00 and then something else", None])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """With a sentence, and untouched; None stands for somebody else's database."""
    path = tmp_path / "precious"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE poems (text)")
        connection.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=r"precious cannot hold the state of the sandbox \(.+\)\. Move it away"):
        create_app(SandboxSettings(database=path))
    assert path.read_bytes() == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """As no place for a database."""
    with pytest.raises(ConfigError, match="cannot hold the state"):
        create_app(SandboxSettings(database=tmp_path))


_WRITER = """
import sys
from pathlib import Path
from importer.sandbox.app import SandboxSettings, create_app
client = create_app(SandboxSettings(database=Path(sys.argv[1]), enforce_limits=False)).test_client()
for turn in range(1_000_000):
    items = [{"rating": turn % 10 + 1, "ids": {"tmdb": number}} for number in range(1, 201)]
    reply = client.post("/sync/ratings?client_id=a", json={"movies": items}, headers={"Authorization": "Bearer t"})
    print(reply.status_code, flush=True)
"""


def test_a_killed_process_leaves_whole_requests(tmp_path: Path) -> None:
    """Each request is there with all of its items or not at all."""
    database = tmp_path / "account.sqlite"
    for answered in (1, 3):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(database)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        with process.stdout as output:
            assert [output.readline() for _ in range(answered)] == ["201\n"] * answered
            process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        found = Caller(database=database).stage.library()
        assert len(found) == 200
        assert len({entry.rating for entry in found}) == 1
