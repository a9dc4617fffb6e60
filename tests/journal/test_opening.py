"""The opening of a journal: what is not ours is refused in a sentence and left as it is; what is ours is nobody
else's."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from importer.journal import schema
from importer.journal.journal import Journal
from importer.journal.lock import JournalLock
from importer.journal.schema import VERSION, connect
from importer.journal.store import Store
from importer.vocabulary.errors import JournalError

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
NAME = "journal.sqlite"
LOCK = f"{NAME}.lock"
ROLLBACK = f"{NAME}-journal"
PAGE = 4096
posix = pytest.mark.skipif(sys.platform == "win32", reason="links, permissions and pipes are another thing there")


def ours(folder: Path, account: str = "me") -> Path:
    """A journal with a run in it."""
    path = folder / NAME
    with Journal(path, account) as journal:
        journal.begin("import", "digest", {"told": "x" * 20_000}, NOW, frame=b"frame" * 4000)
    return path


def altered(folder: Path, *statements: str) -> Path:
    """A journal to which another program has done `statements`."""
    path = ours(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def foreign(folder: Path, *statements: str) -> Path:
    """A database of another program, after `statements`."""
    path = folder / NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in (*statements, "CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')"):
            connection.execute(statement)
    return path


def left_open(source: Path, folder: Path, *statements: str) -> Path:
    """`source` as a program leaves it that is killed after `statements`, with what then lies beside it."""
    folder.mkdir()
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        for file in source.parent.glob(f"{source.name}*"):
            shutil.copy(file, folder)
    return folder / source.name


def half_changed(source: Path, folder: Path, table: str) -> Path:
    """`source` as a program leaves it that is killed in the middle of a commit: some pages are new, some old."""
    path = left_open(
        source,
        folder,
        "PRAGMA cache_size = 1",
        "BEGIN",
        "CREATE TABLE more (text)",
        "INSERT INTO more VALUES (hex(zeroblob(20000)))",
        f"DELETE FROM {table}",
    )
    assert path.with_name(ROLLBACK).read_bytes()[0]
    return path


def seen(folder: Path) -> dict[str, Any]:
    """Every file below `folder` but the lock: what it holds, its mode, and when it was changed."""
    found: dict[str, Any] = {}
    for file in folder.rglob("*"):
        if file.name != LOCK or file.is_symlink():
            here = file.lstat()
            content = file.read_bytes() if stat.S_ISREG(here.st_mode) else None
            found[str(file.relative_to(folder))] = (content, stat.filemode(here.st_mode), here.st_mtime_ns)
    return found


def refusal(path: Path, account: str = "me") -> str:
    """The sentence with which `path` is refused: exit code 6, and every file is as it was."""
    before = seen(path.parent)
    with pytest.raises(JournalError) as caught:
        Journal(path, account).__enter__()
    said = str(caught.value)
    assert caught.value.exit_code == 6
    assert said.endswith(".")
    assert "Errno" not in said
    assert seen(path.parent) == before
    return said


# --- what is not ours -------------------------------------------------------------------------------------


def _text(folder: Path) -> Path:
    (folder / NAME).write_text("my diary\n" * 1000, encoding="utf-8")
    return folder / NAME


def _head_alone(folder: Path) -> Path:
    (folder / NAME).write_bytes(b"SQLite format 3\0")
    return folder / NAME


def _with_a_log(folder: Path) -> Path:
    here = left_open(
        foreign(folder),
        folder / "killed",
        "PRAGMA journal_mode = WAL",
        "INSERT INTO notes VALUES ('in the log alone')",
    )
    assert here.with_name(f"{NAME}-wal").stat().st_size > 0
    return here


def _in_the_middle_of_a_change(folder: Path) -> Path:
    return half_changed(foreign(folder), folder / "killed", "notes")


FOREIGN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a text": (_text, "the journal is damaged (file is not a database). Nothing was changed."),
    "a head": (_head_alone, "the journal is damaged"),
    "a database": (foreign, "this is no rateport journal; move it away."),
    "another application": (
        lambda folder: foreign(folder, "PRAGMA application_id = 7", f"PRAGMA user_version = {VERSION}"),
        "this is no rateport journal; move it away.",
    ),
    "a log": (_with_a_log, "write-ahead log"),
    "a log put away": (lambda folder: foreign(folder, "PRAGMA journal_mode = WAL"), "write-ahead log"),
    "a change": (_in_the_middle_of_a_change, "this is no rateport journal; move it away."),
}


@pytest.mark.promise("P2")
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused(tmp_path: Path, kind: str) -> None:
    """Whatever it is, in whatever state its own program has left it: not a byte of it, or beside it, is touched."""
    make, sentence = FOREIGN[kind]
    path = make(tmp_path)
    said = refusal(path)
    assert said.startswith(str(path))
    assert sentence in said


@posix
@pytest.mark.parametrize(
    ("make", "sentence"),
    [(Path.mkdir, "the journal cannot be opened: Is a directory."), (os.mkfifo, "this is not a file")],
)
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None], sentence: str) -> None:
    """A folder; a pipe, at which nobody waits."""
    make(tmp_path / NAME)
    assert f"{tmp_path / NAME}: {sentence}" in refusal(tmp_path / NAME)


@pytest.mark.promise("P2")
@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ([f"PRAGMA user_version = {VERSION + 1}"], f"a newer rateport (journal version {VERSION + 1}); update"),
        (["PRAGMA user_version = 1000"], "a newer rateport (journal version 1000); update rateport."),
        ([f"PRAGMA user_version = {VERSION - 1}"], f"an older rateport (journal version {VERSION - 1}). Move"),
        (["PRAGMA user_version = 0"], "an older rateport (journal version 0). Move it away"),
        (["PRAGMA user_version = -1"], "an older rateport (journal version -1). Move it away"),
    ],
)
def test_a_journal_of_another_version_is_refused(tmp_path: Path, statements: list[str], sentence: str) -> None:
    """Newer or older: neither is rewritten."""
    assert sentence in refusal(altered(tmp_path, *statements))


@pytest.mark.promise("P2")
def test_a_newer_journal_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    """Its tables may be of a form that this SQLite does not read: that is no reason to move it away."""
    path = altered(
        tmp_path,
        f"PRAGMA user_version = {VERSION + 1}",
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_schema VALUES ('table', 'vows', 'vows', 0, 'CREATE SOMETHING NEW vows')",
    )
    assert "written by a newer rateport" in refusal(path)


@pytest.mark.promise("P2")
def test_the_journal_of_another_account_is_refused(tmp_path: Path) -> None:
    """Its runs are none of ours, and it opens to its own account as before."""
    path = ours(tmp_path, "somebody")
    assert refusal(path) == f"{path}: this journal belongs to another account."
    with Journal(path, "somebody") as journal:
        assert len(journal.runs()) == 1


@pytest.mark.promise("P2")
def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    """Whichever of the file's pages it is."""
    path = ours(tmp_path)
    content = path.read_bytes()
    for start in range(0, len(content), PAGE):
        path.write_bytes(content[:start] + b"\xff" * PAGE + content[start + PAGE :])
        assert "the journal is damaged" in refusal(path)
    assert len(content) > 15 * PAGE


@pytest.mark.promise("P2")
def test_a_rollback_file_that_is_cut_off_undoes_nothing(tmp_path: Path) -> None:
    """SQLite would undo what there is, and leave the rest of the change in. The cut is found in a header, in a page
    and in the space between; not where a part ends as if the next had not begun. The whole is used."""
    path = half_changed(ours(tmp_path), tmp_path / "home", "runs")
    rollback = path.with_name(ROLLBACK)
    whole = rollback.read_bytes()
    second = whole.index(whole[:8], 1)
    assert second == 5120
    for kept in (
        1,
        7,
        8,
        27,
        28,
        511,
        512,
        2000,
        4615,
        4617,
        5119,
        *(second + each for each in (1, 8, 28, 512, 2000)),
    ):
        rollback.write_bytes(whole[:kept])
        assert "the journal is damaged (its rollback file is cut off). Nothing was changed." in refusal(path)
    rollback.write_bytes(whole)
    with Journal(path, "me") as journal:
        assert len(journal.runs()) == 1


@pytest.mark.promise("P2")
def test_a_journal_without_its_facts_is_damaged(tmp_path: Path) -> None:
    """Somebody has dropped the table that names its account."""
    assert "the journal is damaged (no such table: facts)" in refusal(altered(tmp_path, "DROP TABLE facts"))


@pytest.mark.promise("P2")
def test_a_journal_with_a_log_is_refused(tmp_path: Path) -> None:
    """Another program has set it to write-ahead logging; its log may hold what the journal does not."""
    killed = left_open(
        ours(tmp_path), tmp_path / "killed", "PRAGMA journal_mode = WAL", "UPDATE runs SET digest = 'other'"
    )
    assert "write-ahead log" in refusal(killed)


@pytest.mark.promise("P2")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_stray_log_never_gets_into_a_journal(tmp_path: Path, is_there: bool) -> None:
    """SQLite would carry the pages of a log that lies beside a journal into it, whosever they are."""
    log = _with_a_log(tmp_path).with_name(f"{NAME}-wal")
    (tmp_path / "home").mkdir()
    shutil.copy(log, tmp_path / "home" / log.name)
    path = ours(tmp_path / "other") if is_there else tmp_path / "home" / NAME
    if is_there:
        path = path.replace(tmp_path / "home" / NAME)
    assert f"{path}-wal" in refusal(path)


@pytest.mark.promise("P2")
def test_a_journal_that_another_program_holds_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A viewer that has it in its hands is a reason to wait, not to move it away."""
    monkeypatch.setattr(schema, "BUSY_S", 0.0)
    path = ours(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as viewer:
        viewer.execute("BEGIN EXCLUSIVE")
        said = refusal(path)
    assert said == f"{path}: another program has the journal open; close it there, then run again."


# --- links ------------------------------------------------------------------------------------------------


@posix
@pytest.mark.promise("P2")
@pytest.mark.parametrize("name", [NAME, LOCK, ROLLBACK, f"{NAME}-wal"])
@pytest.mark.parametrize("target", ["a journal", "a text", "nothing"])
def test_a_link_is_not_followed(tmp_path: Path, name: str, target: str) -> None:
    """In place of the journal, its lock or its rollback file: what it leads to is as it was, also where that is a
    sound journal, and nothing is made where it leads nowhere."""
    (tmp_path / "elsewhere").mkdir()
    victim = ours(tmp_path / "elsewhere").rename(tmp_path / "elsewhere" / "victim")
    if target == "a text":
        victim.write_text("dear", encoding="utf-8")
    if target == "nothing":
        victim.unlink()
    (tmp_path / "home").mkdir()
    if name != NAME:
        ours(tmp_path / "home")
        (tmp_path / "home" / name).unlink(missing_ok=True)
    (tmp_path / "home" / name).symlink_to(victim)
    before = seen(tmp_path / "elsewhere")
    said = refusal(tmp_path / "home" / NAME)
    assert said.startswith(f"{tmp_path / 'home' / name}: ")
    assert "link" in said
    assert seen(tmp_path / "elsewhere") == before


@posix
@pytest.mark.promise("P2")
@pytest.mark.parametrize("leftover", [f"{NAME}.new", f"{NAME}.new-journal", f"{NAME}.copy", f"{NAME}.copy-journal"])
def test_a_link_in_place_of_a_draft_is_taken_away(tmp_path: Path, leftover: str) -> None:
    """What a new journal is made in, and a copy of one that has to be recovered: never in the file that somebody
    else has laid there."""
    victim = tmp_path / "victim"
    victim.write_text("dear", encoding="utf-8")
    if "copy" in leftover:
        path = half_changed(ours(tmp_path), tmp_path / "home", "runs")
    else:
        path = tmp_path / "home" / NAME
        path.parent.mkdir()
    (path.parent / leftover).symlink_to(victim)
    with Journal(path, "me") as journal:
        assert len(journal.runs()) == ("copy" in leftover)
    assert victim.read_text(encoding="utf-8") == "dear"
    assert sorted(file.name for file in path.parent.iterdir()) == [NAME, LOCK]


# --- permissions ------------------------------------------------------------------------------------------


@pytest.fixture
def no_umask() -> Iterator[None]:
    """A process whose files are everybody's unless it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """The mode of every file in `folder`."""
    return {file.name: oct(stat.S_IMODE(file.lstat().st_mode)) for file in folder.iterdir()}


@posix
@pytest.mark.promise("P15")
@pytest.mark.usefixtures("no_umask")
def test_a_journal_is_its_owners_alone(tmp_path: Path) -> None:
    """With its folder, its lock, and its rollback file while a transaction is open."""
    path = tmp_path / "home" / "journals" / NAME
    with JournalLock(path.with_name(LOCK)), closing(connect(path, "me")) as connection:
        with Store(path, connection).writing():
            connection.execute("INSERT INTO facts VALUES ('a', 'b')")
            assert modes(path.parent) == dict.fromkeys([NAME, LOCK, ROLLBACK], "0o600")
        assert modes(path.parent) == dict.fromkeys([NAME, LOCK], "0o600")
    assert {oct(stat.S_IMODE(each.stat().st_mode)) for each in list(path.parents)[:2]} == {"0o700"}


@posix
@pytest.mark.promise("P15")
@pytest.mark.usefixtures("no_umask")
@pytest.mark.parametrize("is_new", [True, False])
def test_nor_can_anybody_read_it_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_new: bool
) -> None:
    """A new one, or the copy of one that has to be recovered: at no statement is there a file that others read."""
    home = tmp_path / "home"
    path = home / NAME
    if not is_new:
        half_changed(ours(tmp_path), home, "runs")
        for file in home.iterdir():
            file.chmod(0o600)
    found: dict[str, str] = {}
    open_database = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        found.update(modes(home))
        connection = open_database(*arguments, **options)
        connection.set_trace_callback(lambda statement: found.update(modes(home)))
        return connection

    monkeypatch.setattr(sqlite3, "connect", watched)
    Journal(path, "me").__enter__().__exit__(None, None, None)
    draft = "new" if is_new else "copy"
    assert {NAME, LOCK, f"{NAME}.{draft}", f"{NAME}.{draft}-journal"} <= found.keys()
    assert set(found.values()) == {"0o600"}


# --- one at a time ----------------------------------------------------------------------------------------

HOLDER = """
import sys
from pathlib import Path
from importer.journal.journal import Journal
with Journal(Path(sys.argv[1]), "me"):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.mark.promise("P4")
@pytest.mark.parametrize("is_killed", [True, False])
def test_a_second_opener_is_told_who_holds_it(tmp_path: Path, is_killed: bool) -> None:
    """The number of the process; when that one is gone, however it went, the journal is free."""
    path = ours(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert refusal(path) == (
            f"Another rateport run (process {holder.pid}) works on this account; "
            "let it finish or stop it, then run again."
        )
        if is_killed:
            holder.kill()
        holder.communicate(timeout=60)
    with Journal(path, "me") as journal:
        assert len(journal.runs()) == 1
    assert path.with_name(LOCK).read_text(encoding="ascii") == f"{os.getpid()}\n"


@posix
@pytest.mark.parametrize("content", ["", "\x1b[2Jdear", "12 34", "é"])
def test_a_lock_that_names_nobody_says_so(tmp_path: Path, content: str) -> None:
    """What stands in it goes to a terminal only where it is a number."""
    path = ours(tmp_path)
    with JournalLock(path.with_name(LOCK)):
        path.with_name(LOCK).write_text(content, encoding="utf-8")
        assert refusal(path).startswith("Another rateport run (process unknown) works on this account")
