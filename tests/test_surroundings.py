"""What surrounds the command line: streams that are closed or full, a home that cannot be made, odd names."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer import pipeline
from importer.config import Configuration, Settings, home_folder
from importer.intake.documents import documents
from importer.journal.journal import Journal
from importer.runs.beginning import How
from importer.sandbox.app import create_app
from importer.sandbox.serving import serve
from importer.sandbox.settings import SandboxSettings
from importer.services import own_folder, service
from importer.simkl.renewal import remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, StoredSignIn
from importer.vocabulary.errors import ConfigError, JournalError
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
from tests.clock import FakeClock
from tests.commanding import run
from tests.migrating import Migration, movies, table
from tests.travelling import road

if sys.platform != "win32":
    import resource

RATEPORT = f"{sys.executable} -m importer"
LEFTOVER = "Nowhere,,movie,5,,,,"


def in_shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`line` in a shell that leaves the exit code of every command of a pipe in order on standard error."""
    return subprocess.run(
        ["bash", "-c", line.replace("rateport", RATEPORT) + '; echo "codes ${PIPESTATUS[*]}" >&2'],
        env={**os.environ, "RATEPORT_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="shells differ")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("rateport preview good.csv >&-", "0"),
        ("rateport preview bad.csv >&-", "1"),
        ("rateport preview good.csv <&- >&- 2>&-", "0"),
        ("rateport preview good.csv 2>&-", "0"),
        ("rateport --help | true", "0 0"),
        ("rateport identify good.csv | true", "0 0"),
        ("rateport preview good.csv | true", "0 0"),
        ("rateport preview bad.csv | true", "1 0"),
        ("rateport sources nothing 2>/dev/full", "2"),
        ("rateport import good.csv --sandbox --yes >&-", "0"),
        ("rateport runs --sandbox | true", "0 0"),
        ("rateport ratings --sandbox | true", "0 0"),
        ("rateport lookup imdb:tt0000001 imdb:tt0000002 --sandbox | true", "1 0"),
    ],
)
def test_nobody_has_to_listen(tmp_path: Path, line: str, code: str) -> None:
    """A closed stream and a reader that went away leave the exit code of the command, and no word."""
    movies(tmp_path / "good.csv", 2)
    table(tmp_path / "bad.csv", [LEFTOVER])
    done = in_shell(line, tmp_path)
    assert done.stderr.splitlines()[-1] == f"codes {code}"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert "fault" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize(
    "command", ["--help", "sources", "identify good.csv", "preview good.csv --json", "runs --sandbox"]
)
def test_a_full_disk_behind_standard_output_is_one_sentence(tmp_path: Path, command: str) -> None:
    """Who redirects results must learn that they are not there."""
    movies(tmp_path / "good.csv", 2)
    done = in_shell(f"rateport {command} > /dev/full", tmp_path)
    assert done.stderr.splitlines() == [
        "rateport: Standard output cannot be written: No space left on device.",
        "codes 2",
    ]


def test_a_closed_output_does_not_catch_what_is_written_elsewhere(tmp_path: Path) -> None:
    """A file opened in place of standard output would get the table into it."""
    movies(tmp_path / "good.csv", 2)
    in_shell("rateport preview good.csv -o report >&-", tmp_path)
    assert "Records" not in (tmp_path / "report" / "outcomes.csv").read_text(encoding="utf-8")
    assert len((tmp_path / "report" / "outcomes.csv").read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that one is in cannot be removed there")
@pytest.mark.parametrize(
    "command", ["import ../good.csv", "remove ../good.csv", "resume", "import ../good.csv -o here"]
)
def test_a_folder_that_was_removed_takes_no_report(tmp_path: Path, command: str) -> None:
    """The person is still in it; the sentence says that the report needs another place, and nothing is sent."""
    movies(tmp_path / "good.csv", 2)
    (tmp_path / "gone").mkdir()
    line = f"cd gone && rmdir ../gone && rateport {command.replace('..', str(tmp_path))} --sandbox --yes"
    done = in_shell(line, tmp_path)
    *said, codes = done.stderr.splitlines()
    assert (codes, len(said)) == ("codes 2", 1), done.stderr
    assert said[0].startswith("rateport: The report cannot be written to ")
    assert "with -o." in said[0]


FOREIGN = ["Amélie,2001,movie,9,2020-01-02,tt0211915,,", "七人の侍,1954,movie,10,2020-01-03,tt0047478,,"]


@pytest.mark.skipif(sys.platform == "win32", reason="shells differ")
@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis"])
def test_any_encoding_of_the_output_will_do(tmp_path: Path, encoding: str) -> None:
    """A character that it cannot hold becomes one that it can; what machines read stays true."""
    table(tmp_path / "good.csv", FOREIGN)
    for command in ("import good.csv --sandbox --yes", "ratings --sandbox"):
        done = in_shell(f"PYTHONIOENCODING={encoding} rateport {command} > log.txt", tmp_path)
        assert done.stderr.splitlines()[-1] == "codes 0", done.stderr
    shown = (tmp_path / "log.txt").read_text(encoding=encoding)
    for title in ("Amélie", "七人の侍"):
        assert title.encode(encoding, "replace").decode(encoding) in shown
    done = in_shell(f"PYTHONIOENCODING={encoding} rateport ratings --sandbox --json", tmp_path)
    assert [title["title"] for title in json.loads(done.stdout)] == ["七人の侍", "Amélie"]


@pytest.mark.skipif(sys.platform == "win32", reason="shells differ")
def test_bars_and_arrows_have_a_plain_form(tmp_path: Path) -> None:
    """Where question marks would say nothing."""
    movies(tmp_path / "good.csv", 1)
    done = in_shell("PYTHONIOENCODING=latin-1 rateport preview good.csv", tmp_path)
    assert "score > rating" in done.stdout
    assert "  1  ########" in done.stdout


# --- rateport's own folder --------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["import", "good.csv", "--yes", "--sandbox"], ["sandbox", "--port", "0"]])
def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, arguments: list[str]) -> None:
    """A link to a place that is not there, as of a disk that is not plugged in."""
    movies(tmp_path / "good.csv", 2)
    (tmp_path / "home").symlink_to(tmp_path / "unplugged" / "home")
    done = run(arguments, tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"{tmp_path / 'home' / 'sandbox'}: the folder cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_made_is_named_for_the_service_too(tmp_path: Path) -> None:
    """Before anything is asked of Simkl."""
    movies(tmp_path / "good.csv", 2)
    (tmp_path / "home").symlink_to(tmp_path / "unplugged" / "home")
    signed_in = {"RATEPORT_CLIENT_ID": "id", "RATEPORT_ACCESS_TOKEN": TOKEN}
    done = run(["import", "good.csv", "--yes"], tmp_path, signed_in)
    assert done.returncode == 2, done.stderr
    assert str(tmp_path / "home" / "journals") in done.stderr
    assert "Traceback" not in done.stderr


def test_every_folder_that_is_made_is_private(tmp_path: Path) -> None:
    """Not only the last one: the home and what is above it, too."""
    own_folder(tmp_path / "above" / "home" / "sandbox")
    made = [tmp_path / "above", tmp_path / "above" / "home", tmp_path / "above" / "home" / "sandbox"]
    assert [oct(folder.stat().st_mode & 0o777) for folder in made] == ["0o700"] * 3


def test_an_empty_journal_is_damaged(tmp_path: Path) -> None:
    """Nothing in it says what was sent before, so it must not pass for a fresh one."""
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"")
    with pytest.raises(JournalError, match=r"journal\.sqlite: the journal is damaged \(it is empty\)"):
        Journal(path, "me").__enter__()
    assert path.read_bytes() == b""


def test_a_journal_whose_making_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    """A kill between file and tables leaves only a half one under another name."""
    (tmp_path / "journal.sqlite.new").write_bytes(b"half")
    (tmp_path / "journal.sqlite.new-journal").write_bytes(b"half")
    for _ in range(2):
        with Journal(tmp_path / "journal.sqlite", "me") as journal:
            assert journal.last_post_at() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.sqlite", "journal.sqlite.lock"]


# --- names and addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["preview", "good.csv", "-o", ""], ["preview", ""], ["demo", "-o", ""]])
def test_an_empty_name_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    """It comes from a shell variable that is not set, and would mean the folder one is in."""
    movies(tmp_path / "good.csv", 2)
    done = run(arguments, tmp_path)
    assert done.returncode == 2
    assert "the name is empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["good.csv"]


def raw_name(name: bytes) -> str:
    """A name that is no text, as the file system hands it out; skips where it takes none."""
    if sys.platform != "linux":
        pytest.skip("names are text there")
    return os.fsdecode(name)


def test_a_name_that_is_no_text_is_shown_with_a_mark(tmp_path: Path) -> None:
    """The files are read, and reports, journal and JSON hold names that any program can."""
    folder = tmp_path / raw_name(b"d\xe9")
    folder.mkdir()
    movies(folder / raw_name(b"f\xe8.csv"), 2)
    done = run(["import", folder.name, "--sandbox", "--yes", "-o", raw_name(b"o\xe9")], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "d\ufffd/f\ufffd.csv" in done.stdout
    (report,) = tmp_path.glob("o*")
    assert ",d\ufffd/f\ufffd.csv,2," in (report / "outcomes.csv").read_text(encoding="utf-8")
    shown = run(["show", "--sandbox", "--json"], tmp_path)
    assert "d\ufffd/f\ufffd.csv" in str(json.loads(shown.stdout))
    missing = run(["preview", raw_name(b"\xff.csv")], tmp_path)
    assert (missing.returncode, "\ufffd.csv: there is no such file" in missing.stderr) == (3, True)


def test_a_name_in_a_tar_that_is_no_text_is_shown_with_a_mark(tmp_path: Path) -> None:
    """As old programs pack it."""
    file = movies(tmp_path / "good.csv", 2)
    with tarfile.open(tmp_path / "old.tar", "w") as archive:
        archive.add(file, "f\udce9.csv")
    (document,) = documents([tmp_path / "old.tar"])
    assert document.name.endswith("old.tar/f\ufffd.csv")
    assert document.path == "f\ufffd.csv"


def test_a_home_whose_name_is_no_text_is_used(tmp_path: Path) -> None:
    """Journal, backup and account of the stand-in lie in it as in any other."""
    movies(tmp_path / "good.csv", 2)
    home = {"RATEPORT_HOME": str(tmp_path / raw_name(b"h\xe9"))}
    for words in (["import", "good.csv", "--yes"], ["verify"], ["backup"], ["undo", "1", "--yes"], ["runs"]):
        done = run([*words, "--sandbox"], tmp_path, home)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("command", "option"),
    [("preview", "--encoding"), ("identify", "--encoding"), ("identify", "--source"), ("preview", "--prefer")],
)
def test_an_option_that_is_no_text_is_named(tmp_path: Path, command: str, option: str) -> None:
    """A lone byte where a word belongs: a wrong flag like any other."""
    movies(tmp_path / "good.csv", 2)
    done = run([command, "good.csv", option, raw_name(b"\xff")], tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"rateport: {option} \ufffd: ")


def test_settings_of_other_bars_do_no_harm(tmp_path: Path) -> None:
    """The library that draws them takes any from the environment."""
    movies(tmp_path / "good.csv", 2)
    done = run(["import", "good.csv", "--sandbox", "--yes"], tmp_path, {"TQDM_NCOLS": "wide"})
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_an_input_error(tmp_path: Path) -> None:
    """Exit code 3, not that of a wrong flag."""
    movies(tmp_path / "good.csv", 2).chmod(0)
    done = run(["preview", "good.csv"], tmp_path)
    assert (done.returncode, "cannot be read" in done.stderr) == (3, True)


def test_an_unreadable_file_is_left_to_intake() -> None:
    """click would refuse it as a usage error before we can say our sentence."""
    from importer.cli import preview

    (files,) = [parameter for parameter in preview.params if parameter.name == "files"]
    assert files.type.readable is False  # type: ignore[attr-defined]


SIGN_IN = StoredSignIn(
    generation=Generation.V1,
    client_id="id",
    access_token="token",
    refresh_token=None,
    expires_at=None,
    scope="public",
    origin="",
    account_id="1",
    account_name="somebody",
)


def address(tmp_path: Path, url: str) -> tuple[str, str, Path]:
    """Where an import to `url` goes, and the journal of it."""
    settings = Settings(client_id="id", api_url=url)
    to = service(Configuration(settings, {}, tmp_path), FakeClock())
    return to.base_url, to.account, to.journal


def test_one_service_has_one_journal_however_it_is_spelt(tmp_path: Path) -> None:
    """A slash at the end, capital letters and the usual port make no other account."""
    for origin in ("https://api.example", "https://api.example:444"):
        remember(FileStore(tmp_path), replace(SIGN_IN, origin=origin), FakeClock())
    plain = address(tmp_path, "https://api.example")
    assert plain[0] == "https://api.example"
    for other in ("https://api.example/", "https://API.example", "https://api.example:443/"):
        assert address(tmp_path, other) == plain
    assert address(tmp_path, "https://api.example:444") != plain


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_cannot_be_is_refused(tmp_path: Path, port: str) -> None:
    """Before a connection is tried."""
    with pytest.raises(ConfigError, match="port"):
        address(tmp_path, f"http://127.0.0.1:{port}")


@pytest.mark.skipif(sys.platform == "win32", reason="locks are another thing there")
def test_a_drive_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs at once could not be told from one, so none is begun; it is not called another run."""
    import fcntl

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(JournalError, match=r"cannot be locked \(No locks available\).*local disk"):
        Journal(tmp_path / "journal.sqlite", "me").__enter__()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_the_served_sandbox_ends_well_by_ctrl_c(tmp_path: Path) -> None:
    """That is how it is meant to end: exit code 0 and a plain word."""
    with subprocess.Popen(
        [sys.executable, "-m", "importer", "sandbox", "--port", "0"],
        env={**os.environ, "RATEPORT_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "approve its code" in line:
                break
        process.send_signal(signal.SIGINT)
        rest, complaints = process.communicate(timeout=30)
    assert process.returncode == 0, complaints
    # what the signal interrupts while it is written is written once more
    assert rest.endswith("The stand-in has stopped; its account is kept for the next time.\n")
    assert complaints == ""


# --- runs and the account ---------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="shells differ")
def test_the_first_line_of_a_run_is_enough(tmp_path: Path) -> None:
    """`show` and `verify` of a run with much to say, into a reader that goes away after a line."""
    migration = Migration(tmp_path / "home" / "sandbox")
    migration.home.mkdir(parents=True)
    service = replace(migration.service, account="sandbox")
    how = How(confirm=lambda summary: True)
    file = movies(tmp_path / "good.csv", 40)
    pipeline.run_import(migration.request(file), migration.configured(), service, how, migration.watching())
    for command, code in (("show", "0 0"), ("show --json", "0 0"), ("verify", "1 0"), ("verify --json", "1 0")):
        done = in_shell(f"rateport {command} --sandbox | head -1", tmp_path)
        assert done.stderr.splitlines()[-1] == f"codes {code}"
        assert len(done.stdout.splitlines()) == 1
        assert "Traceback" not in done.stderr


ROOM = 100_000


def little_room() -> None:
    """No file may grow above so many bytes, as on a disk that is nearly full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@pytest.mark.skipif(sys.platform == "win32", reason="limits differ")
def test_a_full_disk_stops_before_anything_is_sent(tmp_path: Path) -> None:
    """The backup, then the journal, then the journal of an undo: a sentence, and afterwards it goes on."""
    with road(tmp_path, settings=SandboxSettings(only_issued_tokens=True)) as traveller:
        traveller.signed_in()
        for number in range(1, 501):
            item = {"ids": {"imdb": f"tt1{number:06}"}, "title": f"Listed {number}", "year": 2001}
            traveller.stage.put(Section.MOVIES, item, status="plantowatch")
        before = traveller.stage.dump()
        movies(tmp_path / "mine.csv", 5)
        words = ("import", "mine.csv", "--yes", "-o", "report")
        full = traveller.run(*words, preexec_fn=little_room)
        assert full.returncode == 2
        assert "the backup cannot be written: File too large. Nothing was sent. Make room" in full.stderr
        full = traveller.run(*words, "--no-backup", preexec_fn=little_room)
        assert full.returncode == 6
        assert "the journal cannot be written" in full.stderr
        assert traveller.stage.dump() == before
        traveller.must(*words)
        full = traveller.run("undo", "1", "--yes", preexec_fn=little_room)
        assert full.returncode == 6
        assert "Free some space or check the permissions" in full.stderr
        assert len(traveller.stage.dump()) == 505
        traveller.must("undo", "1", "--yes")
        assert traveller.stage.dump() == before


IS_ROOT = sys.platform != "win32" and os.geteuid() == 0
MERE_MORTAL = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if IS_ROOT else ()
needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or (IS_ROOT and not shutil.which("setpriv")), reason="permissions do not bind here"
)


def mortal(arguments: str, folder: Path, address: str = "http://127.0.0.1:9") -> subprocess.CompletedProcess[str]:
    """`rateport ARGUMENTS` as somebody for whom permissions count, with a token in the environment."""
    variables = {"RATEPORT_CLIENT_ID": "an-app", "RATEPORT_ACCESS_TOKEN": TOKEN}
    done = subprocess.run(
        [*MERE_MORTAL, sys.executable, "-m", "importer", *arguments.split()],
        env={
            **os.environ,
            **variables,
            "RATEPORT_API_URL": address,
            "RATEPORT_HOME": str(folder / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done


@needs_permissions
@pytest.mark.parametrize("command", ["runs", "undo 1 --yes", "import good.csv --yes"])
def test_a_read_only_home_is_named(tmp_path: Path, command: str) -> None:
    """Before anything is asked of Simkl, and with what to do about it."""
    movies(tmp_path / "good.csv", 2)
    (tmp_path / "home").mkdir(mode=0o500)
    done = mortal(command, tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"{tmp_path / 'home' / 'journals'}: the folder cannot be made: Permission denied" in done.stderr
    assert "Set RATEPORT_HOME to a folder that you may write to." in done.stderr


@needs_permissions
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_journal_folder_without_permission_is_named(tmp_path: Path, mode: int) -> None:
    """The lock cannot be taken: exit code 6."""
    folder = tmp_path / "home" / "journals"
    folder.mkdir(parents=True)
    folder.chmod(mode)
    try:
        with serve(create_app()) as server:
            done = mortal("runs", tmp_path, server.url)
    finally:
        folder.chmod(0o700)
    assert done.returncode == 6, done.stderr
    assert ".sqlite.lock: cannot be opened for writing: Permission denied." in done.stderr


@needs_permissions
def test_a_journal_without_permission_is_named(tmp_path: Path) -> None:
    """The file of somebody else: exit code 6, and it is left as it is."""
    with serve(create_app()) as server:
        assert mortal("runs", tmp_path, server.url).returncode == 0
        (journal,) = (tmp_path / "home" / "journals").glob("*.sqlite")
        journal.chmod(0)
        done = mortal("show", tmp_path, server.url)
    assert done.returncode == 6, done.stderr
    assert f"{journal}: the journal cannot be opened: " in done.stderr


@needs_permissions
def test_a_sign_in_without_permission_is_named(tmp_path: Path) -> None:
    """Not that nobody is signed in."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sign-in.json").touch(mode=0o000)
    done = mortal("logout", tmp_path)
    assert done.returncode == 4, done.stderr
    assert f"{tmp_path / 'home' / 'sign-in.json'}" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="homes differ")
def test_a_home_of_nobody_is_named(tmp_path: Path) -> None:
    """A `~` that leads nowhere must not become a folder of that name."""
    done = run(["runs", "--sandbox"], tmp_path, {"RATEPORT_HOME": "~no-such-user/rateport"})
    assert done.returncode == 2
    assert "~no-such-user/rateport: there is no such home folder. Set RATEPORT_HOME" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="homes differ")
def test_no_home_at_all_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without HOME, for a user whom the system does not know, as in some containers."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    for name in ("HOME", "XDG_DATA_HOME", "RATEPORT_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(ConfigError, match="there is no such home folder"):
        home_folder({})


@pytest.mark.parametrize("year", [1, 1969])
def test_a_clock_before_1970_ends_in_order(tmp_path: Path, year: int) -> None:
    """As of a machine without a battery: import, verify and undo come to their ends, and none is a fault."""
    clock = FakeClock(datetime(year, 12, 31, 23, 59, tzinfo=UTC))
    migration = Migration(tmp_path, clock=clock)
    file = movies(tmp_path / "mine.csv", 3)
    assert migration.run(file).exit_code == 0
    assert pipeline.verify(None, migration.service, migration.watching()).exit_code == 0
    told = pipeline.undo(1, migration.service, lambda sections: True, migration.watching(), dry_run=False)
    assert (told.exit_code, migration.account()) == (0, {})
