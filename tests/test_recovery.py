"""What kills have once left wrong: each of these was found by the survey of `tests.crashes`."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from importer.runs.backups import file_beside
from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import poisoned
from importer.sandbox.serving import serve
from importer.vocabulary.errors import JournalError
from importer.vocabulary.sends import Section
from tests.clock import START
from tests.migrating import Migration, movies, table


def _killed_at(migration: Migration, hits: Callable[[dict[str, Any]], bool], work: Callable[[], object]) -> None:
    """`work`, until the reply to the first call that `hits` is on its way."""
    inner = migration.app.wsgi_app

    def killing(environ: dict[str, Any], start_response: Any) -> Any:
        reply = list(inner(environ, start_response))
        if hits(environ):
            raise KeyboardInterrupt
        return reply

    migration.app.wsgi_app = killing  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        work()
    migration.app.wsgi_app = inner  # type: ignore[method-assign]
    migration.clock.advance(3600)


@pytest.mark.promise("P1")
def test_a_row_that_alone_is_left_and_refused_does_not_pause_for_ever(tmp_path: Path) -> None:
    """Killed when all others had arrived: that the service is well is known from those, also in the next run."""
    migration = Migration(tmp_path, faults=[poisoned("tt0000003")])
    file = movies(tmp_path / "mine.csv", 6)

    def is_alone(environ: dict[str, Any]) -> bool:
        last = migration.log.calls[-1]
        return last.path == "/sync/ratings" and last.method == "POST" and len(last.json()["movies"]) == 1

    _killed_at(migration, is_alone, lambda: migration.run(file))
    migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == [
        "confirmed", "confirmed", "rejected", "confirmed", "confirmed", "confirmed",
    ]  # fmt: skip
    assert migration.outcomes()[2]["code"] == "refused"


@pytest.mark.promise("P2")
@pytest.mark.parametrize("path", ["/sync/ratings", "/sync/ratings/remove", "/sync/history/remove"])
def test_an_undo_that_goes_on_settles_what_was_done_before(tmp_path: Path, path: str) -> None:
    """What an undo had applied when it was killed needs no second try, but a verdict."""
    migration = Migration(tmp_path)
    migration.put(
        Section.MOVIES, {"rating": 6, "rated_at": "2019-05-05T08:30:00Z", "ids": {"imdb": "tt0000001"}}, None
    )
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0000002"}}, "dropped")
    before = migration.held()
    migration.run(movies(tmp_path / "mine.csv", 3))
    _killed_at(migration, lambda environ: environ["PATH_INFO"] == path, lambda: migration.undo(1))
    assert migration.undo(1).exit_code == 0
    assert migration.held() == before
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as journal:
        states = journal.execute("SELECT DISTINCT state FROM sends WHERE run = 2").fetchall()
    assert states == [("confirmed",)]


@pytest.mark.promise("P14")
def test_drafts_of_a_killed_run_do_not_stay(tmp_path: Path) -> None:
    """The next report and the next backup take them away, and nothing else that is hidden there."""
    migration = Migration(tmp_path)
    for folder, name in (("report", "outcomes.csv"), ("backups", "journal-20200101T000000Z.json")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f".{name}.x1y2z3.rateport-draft").write_text("half", encoding="utf-8")
        (tmp_path / folder / f".{name}.swp").write_text("an editor's", encoding="utf-8")
    migration.run(movies(tmp_path / "mine.csv", 2))
    hidden = sorted(file.name for folder in ("report", "backups") for file in (tmp_path / folder).glob(".*"))
    assert hidden == [".journal-20200101T000000Z.json.swp", ".outcomes.csv.swp"]


@pytest.mark.promise("P2")
@pytest.mark.parametrize("is_state", [True, False], ids=["a state", "a page"])
def test_a_journal_whose_rows_are_spoiled_is_refused(tmp_path: Path, is_state: bool) -> None:
    """Before anything is sent."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 3)
    migration.run(file)
    journal = tmp_path / "journal.sqlite"
    content = journal.read_bytes()
    garbled = content.replace(b"confirmed", b"cOnfirmed"), content[:8192] + b"\xff" * 512 + content[8704:]
    journal.write_bytes(garbled[not is_state])
    posts = migration.posts()
    with pytest.raises(JournalError, match="damaged"):
        migration.run(file)
    assert migration.posts() == posts


@pytest.mark.promise("P1")
def test_a_rollback_file_without_its_journal_is_refused(tmp_path: Path) -> None:
    """SQLite would roll a new journal back to the pages of the one that was moved away."""
    migration = Migration(tmp_path)
    stray = tmp_path / "journal.sqlite-journal"
    stray.write_bytes(b"pages of another journal")
    with pytest.raises(JournalError, match=r"journal\.sqlite-journal: it belongs to a journal that is no longer"):
        migration.run(movies(tmp_path / "mine.csv", 2))
    assert stray.read_bytes() == b"pages of another journal"
    assert not (tmp_path / "journal.sqlite").exists()
    assert migration.posts() == 0


@pytest.mark.promise("P1")
def test_a_damaged_journal_keeps_its_rollback_file(tmp_path: Path) -> None:
    """SQLite deletes the rollback file of a journal without content, and with it what could still be saved."""
    journal, rollback = tmp_path / "journal.sqlite", tmp_path / "journal.sqlite-journal"
    journal.write_bytes(b"")
    rollback.write_bytes(b"\xd9\xd5\x05\xf9 the pages of before")
    with pytest.raises(JournalError, match=r"the journal is damaged \(it is empty\)\. Nothing was changed"):
        Migration(tmp_path).run(movies(tmp_path / "mine.csv", 2))
    assert sorted(file.name for file in tmp_path.glob("journal.sqlite*")) == [
        "journal.sqlite",
        "journal.sqlite-journal",
        "journal.sqlite.lock",
    ]
    assert (journal.read_bytes(), rollback.read_bytes()) == (b"", b"\xd9\xd5\x05\xf9 the pages of before")


@pytest.mark.promise("P1")
def test_a_run_that_starts_in_the_second_of_a_backup_makes_its_own(tmp_path: Path) -> None:
    """A run that was killed right after its backup does not stand in the way of the next."""
    to = Migration(tmp_path).service
    first = file_beside(to, START)
    first.parent.mkdir()
    first.write_text(json.dumps({}), encoding="utf-8")
    assert first.name == "journal-20260920T120000Z.json"
    assert file_beside(to, START + timedelta(milliseconds=300)).name == "journal-20260920T120000Z-2.json"


@pytest.mark.promise("P1")
def test_a_write_that_outlives_its_client_is_waited_for(tmp_path: Path) -> None:
    """Simkl may be at a write for 20 s: a run that starts sooner looks only then what undated ratings arrived."""
    migration = Migration(tmp_path)
    file = table(tmp_path / "mine.csv", ["Film 1,2001,movie,7,,tt0000001,,"])
    inner = migration.app.wsgi_app
    late: list[tuple[float, Callable[[], object]]] = []
    is_dead: list[bool] = []

    def slowly(environ: dict[str, Any], start_response: Any) -> Any:
        if late and migration.clock.steady() >= late[0][0]:
            late.pop(0)[1]()
        if environ["REQUEST_METHOD"] == "POST" and not is_dead:
            is_dead.append(True)
            late.append((migration.clock.steady() + 19, lambda: list(inner(environ, start_response))))
            raise KeyboardInterrupt
        return inner(environ, start_response)

    migration.app.wsgi_app = slowly  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        migration.run(file)
    migration.clock.advance(3)
    migration.run(file)
    migration.clock.advance(60)
    assert migration.verify().exit_code == 0
    assert migration.posts() == 1
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]


@pytest.mark.promise("P1")
def test_half_a_request_changes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The client dies in the middle of its body: the stand-in lets it go without a word."""
    app = create_app(SandboxSettings())
    with serve(app) as server, socket.create_connection(("127.0.0.1", server.port)) as line:
        head = "POST /sync/ratings?client_id=c HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n"
        line.sendall(f'{head}Content-Length: 500\r\n\r\n{{"movies": ['.encode())
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert backstage_of(app).library() == []
    assert capfd.readouterr().err == ""
