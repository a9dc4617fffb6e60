"""No token shows: not on the screen, in no file but its own, in no process list, whatever the service does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from importer.cli import cli
from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.serving import serve
from tests.canary import TOKEN, singing
from tests.migrating import table
from tests.travelling import ROWS, SIGN_IN_NEEDED, Ambush, Traveller, export, settled

pytestmark = pytest.mark.promise("P15")

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
