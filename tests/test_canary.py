"""No token shows: not on the screen, in no file but its own, in no process list, whatever the service does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from importer.cli import cli
from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.serving import serve
from tests.canary import TOKEN, singing
from tests.faulting import quick_folder
from tests.migrating import table
from tests.travelling import ROWS, SIGN_IN_NEEDED, Ambush, Traveller, export, settled

pytestmark = pytest.mark.promise("P15")

ROOT = Path(__file__).parent.parent
SECRET_NAMES = ("access_token", "refresh_token", "device_code")
OWN_FILE = "sign-in.json"
JOURNEY = (
    ("import", "mine.csv", "--yes", "-o", "report"),
    ("whoami",),
    ("ratings",),
    ("undo", "1", "--yes"),
    ("backup", "-o", "mine.json"),
)


class Parrot:
    """A service that remembers the secrets it gives out, and echoes the token in all that it says to its bearer."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self.secrets: set[str] = set()
        self.is_echoing = False
        self.refuses = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        """Answer, with the token in headers, error ids, titles and wherever else there is room."""
        told: list[Any] = []
        body = b"".join(self._app(environ, lambda *answer: told.extend(answer[:2])))
        status, headers = told[0], [pair for pair in told[1] if pair[0] != "Content-Length"]
        self._remember(body)
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if token and self.is_echoing:
            headers += [("X-Echo", token), ("Set-Cookie", f"token={token}"), ("X-RateLimit-Limit", token)]
            body = _echoing(body, token)
            if self.refuses and environ["PATH_INFO"] == self.refuses:
                status, body = "400 Bad Request", json.dumps({"error": token, "message": token}).encode()
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        yield body

    def _remember(self, body: bytes) -> None:
        try:
            document = json.loads(body)
        except ValueError:
            return
        if isinstance(document, dict):
            self.secrets |= {document[name] for name in SECRET_NAMES if name in document}
            self.secrets.discard("DEVICE_CODE")  # the older flow's word for none


def _echoing(body: bytes, token: str) -> bytes:
    return json.dumps(_echoed(json.loads(body), token)).encode()


def _echoed(value: Any, token: str) -> Any:
    if isinstance(value, list):
        return [_echoed(item, token) for item in value]
    if not isinstance(value, dict):
        return value
    spoilt = {name: _echoed(item, token) for name, item in value.items()}
    return spoilt | {
        name: f"{token} {value[name]}" for name in ("title", "name", "slug", "message") if name in value
    }


def test_no_token_sings_on_a_whole_journey(tmp_path: Path) -> None:
    """Neither access nor refresh token nor device code, though the service echoes what it can."""
    app = create_app(SIGN_IN_NEEDED)
    parrot = Parrot(app.wsgi_app)
    with serve(ambush := Ambush(parrot)) as server:
        traveller = Traveller(tmp_path, server.url, backstage_of(app), ambush, "an-app")
        settled(traveller.stage)
        export(tmp_path)
        lines: list[bytes] = []
        said = [traveller.login()]
        _lapse(tmp_path / "home" / OWN_FILE)
        parrot.is_echoing = True
        ambush.lay(6, lambda process: lines.append(Path(f"/proc/{process.pid}/cmdline").read_bytes()))
        for words in JOURNEY:
            said += _said(traveller, *words)
        parrot.refuses = "/sync/ratings"
        table(tmp_path / "one.csv", ROWS[:1])
        said += _said(traveller, "import", "one.csv", "--yes", "-o", "refused", code=1)
        said += _said(traveller, "logout")
    assert len(parrot.secrets) == 4
    assert [line.split(b"\0")[2] for line in lines] == [b"import"]
    said = ["".join(text.split()) for text in [*said, *map(bytes.decode, lines)]]
    assert [text for text in said if any(secret in text for secret in parrot.secrets)] == []
    assert singing(tmp_path, parrot.secrets) == []
    assert len(list((tmp_path / "home" / "journals" / "backups").iterdir())) == 2
    assert any("[hidden]FightClub" in text for text in said)


def test_the_token_of_an_older_app_does_not_sing(tmp_path: Path) -> None:
    """It comes by another way, and never ends."""
    app = create_app(SIGN_IN_NEEDED)
    parrot = Parrot(app.wsgi_app)
    with serve(ambush := Ambush(parrot)) as server:
        traveller = Traveller(tmp_path, server.url, backstage_of(app), ambush, "v1-app")
        said = [traveller.login()]
        parrot.is_echoing = True
        said += _said(traveller, "whoami")
    assert len(parrot.secrets) == 1
    assert singing(tmp_path, parrot.secrets) == [tmp_path / "home" / OWN_FILE]
    assert [text for text in said if any(secret in text for secret in parrot.secrets)] == []


def _lapse(file: Path) -> None:
    """Make the stored sign-in one that has to be renewed, and prove that the search would find its tokens."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    (entry,) = kept["sign_ins"].values()
    assert singing(file.parent, {entry["access_token"]}) == [file]
    assert singing(file.parent, {entry["refresh_token"]}, but=[OWN_FILE]) == []
    entry["expires_at"] = "2026-01-01T00:00:00Z"
    file.write_text(json.dumps(kept), encoding="utf-8")


def _said(traveller: Traveller, *words: str, code: int = 0) -> list[str]:
    done = traveller.run(*words)
    assert done.returncode == code, done.stdout + done.stderr
    return [done.stdout, done.stderr]


def test_a_token_from_the_environment_stays_there(tmp_path: Path) -> None:
    """On an import that the service refuses with the token for a reason, too."""
    app = create_app(SandboxSettings(tokens={TOKEN: "media:read media:write"}))
    parrot = Parrot(app.wsgi_app)
    with serve(ambush := Ambush(parrot)) as server:
        traveller = Traveller(tmp_path, server.url, backstage_of(app), ambush, "an-app")
        table(tmp_path / "one.csv", ROWS[:1])
        parrot.is_echoing, parrot.refuses = True, "/sync/ratings"
        done = traveller.run(
            "import", "one.csv", "--yes", "-o", "report", variables={"RATEPORT_ACCESS_TOKEN": TOKEN}
        )
    assert done.returncode in (1, 5), done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert singing(tmp_path, {TOKEN}) == []


TELLING = """
import logging, sys
from tests.canary import TOKEN

def test_output():
    print(TOKEN)

def test_complaint():
    print(TOKEN, file=sys.stderr)

def test_log():
    logging.getLogger("httpx").warning("GET /sync?token=%s", TOKEN)

def test_file(tmp_path):
    (tmp_path / "report.csv").write_text(TOKEN)

def test_nothing():
    print("all is well")
"""


def test_a_test_that_tells_the_token_fails(tmp_path: Path) -> None:
    """What it prints, logs or leaves in a file is looked through; else all of these proofs could be blind."""
    (tmp_path / "test_telling.py").write_text(TELLING, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:  # its files hold the token, and those of this run are searched
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "-n",
            "0",
            "-rA",
        ]
        done = subprocess.run(
            [*command, f"--basetemp={folder}/base", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    ends = re.findall(r"^([A-Z]+) .*::(test_\w+)", done.stdout, re.MULTILINE)
    assert Counter(ends) == {
        ("FAILED", "test_output"): 1,
        ("FAILED", "test_complaint"): 1,
        ("FAILED", "test_log"): 1,
        ("PASSED", "test_file"): 1,
        ("PASSED", "test_nothing"): 1,
        ("ERROR", "test_nothing"): 1,  # after the last test the files of all are searched
    }


def test_a_folder_in_memory_that_holds_the_token_is_found() -> None:
    """It vanishes with its test, so it is searched before."""
    with pytest.raises(AssertionError, match=r"journal\.sqlite"), quick_folder() as folder:
        (folder / "journal.sqlite").write_text(f"x{TOKEN}x", encoding="utf-8")


CRASH = """
import sys
from importer import cli, pipeline
def crash(number, to, watching):
    everything = [to, to.credentials, watching]
    raise RuntimeError(repr(everything) + str(everything))
pipeline.verify = crash
sys.argv = ["rateport", "verify"]
sys.exit(cli.main())
"""


def test_a_crash_shows_no_token(tmp_path: Path) -> None:
    """A fault of our own prints a traceback, and all that it can quote is free of it."""
    variables = {"RATEPORT_HOME": str(tmp_path), "RATEPORT_CLIENT_ID": "an-app", "RATEPORT_ACCESS_TOKEN": TOKEN}
    with serve(create_app()) as server:
        done = subprocess.run(
            [sys.executable, "-c", CRASH],
            env={**os.environ, **variables, "RATEPORT_API_URL": server.url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 70
    assert "RuntimeError: [Service(credentials=Credentials(" in done.stderr
    assert TOKEN not in done.stdout + done.stderr


SECRET_WORDS = re.compile(r"token|secret|passw|key|credential|cookie", re.IGNORECASE)


def options(command: click.Command, name: str = "rateport") -> Iterator[tuple[str, click.Option]]:
    """Every option of a command and of those below it, with the name of its command."""
    yield from ((name, parameter) for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from options(below, f"{name} {below.name}")


def telling(command: click.Command) -> list[str]:
    """The options that are named after a secret, or are filled in from the environment, where help shows them."""
    return [
        f"{name} {'/'.join(option.opts)}"
        for name, option in options(command)
        if any(map(SECRET_WORDS.search, [str(option.name), *option.opts, *option.secondary_opts]))
        or option.envvar
        or option.hide_input
    ]


def test_no_option_takes_a_secret() -> None:
    """The command line stands in the list of processes and in the history of the shell."""
    found = list(options(cli))
    assert {name for name, _ in found} >= {"rateport", "rateport import", "rateport undo"}
    assert len(found) > 50
    assert telling(cli) == []


@pytest.mark.parametrize(
    "option",
    [
        click.Option(["--access-token"]),
        click.Option(["-k", "--api-Key"]),
        click.Option(["--sign-in/--no-secret"]),
        click.Option(["-p", "password"]),
        click.Option(["--pin"], envvar="RATEPORT_PIN"),
    ],
    ids=lambda option: str(option.name),
)
def test_an_option_that_takes_a_secret_would_be_seen(option: click.Option) -> None:
    """However it is spelt, and however deep its command lies."""
    assert (
        len(telling(click.Group("a", commands=[click.Group("b", commands=[click.Command("c", params=[option])])])))
        == 1
    )


def test_help_and_completion_show_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Defaults are not filled in from the environment, and what is completed is names."""
    monkeypatch.setenv("RATEPORT_ACCESS_TOKEN", TOKEN)
    group = click.Context(cli, info_name="rateport")
    pages = [cli.get_help(group)]
    pages += [command.get_help(click.Context(command, parent=group)) for command in cli.commands.values()]
    for words, variable in (
        ("", "bash_source"),
        ("rateport who", "bash_complete"),
        ("rateport import -", "bash_complete"),
    ):
        asked = {"_RATEPORT_COMPLETE": variable, "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        done = subprocess.run(
            [str(Path(sys.executable).with_name("rateport"))],
            env={**os.environ, "RATEPORT_HOME": str(tmp_path), **asked},
            capture_output=True,
            text=True,
            check=False,
        )
        pages += [done.stdout, done.stderr]
    assert any("whoami" in page for page in pages[-4:-2])
    assert len(pages) > 15
    assert [page for page in pages if TOKEN in page] == []
