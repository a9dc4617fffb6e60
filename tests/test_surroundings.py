"""What surrounds the command line: streams that are closed or full, a home that cannot be made, odd names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from importer.config import Configuration, Settings
from importer.journal.journal import Journal
from importer.services import own_folder, service
from importer.vocabulary.errors import ConfigError, JournalError
from tests.clock import FakeClock
from tests.commanding import run
from tests.migrating import movies, table

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
@pytest.mark.parametrize("command", ["--help", "sources", "identify good.csv", "preview good.csv --json"])
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
    signed_in = {"RATEPORT_CLIENT_ID": "id", "RATEPORT_ACCESS_TOKEN": "token"}
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


def address(tmp_path: Path, url: str) -> tuple[str, str, Path]:
    """Where an import to `url` goes, and the journal of it."""
    settings = Settings(client_id="id", access_token="token", api_url=url)
    to = service(Configuration(settings, {}, tmp_path), FakeClock())
    return to.base_url, to.account, to.journal


def test_one_service_has_one_journal_however_it_is_spelt(tmp_path: Path) -> None:
    """A slash at the end, capital letters and the usual port make no other account."""
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


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_the_served_sandbox_ends_well_by_ctrl_c(tmp_path: Path) -> None:
    """That is how it is meant to end: exit code 0 and a plain word."""
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.argv = ['rateport', 'sandbox', '--port', '0']; from importer.__main__ import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
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
    assert rest == "The stand-in has stopped; its account is kept for the next time.\n"
    assert complaints == ""
