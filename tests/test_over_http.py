"""The installed command against a service on a real socket: faults, and kills in the middle of it."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import FaultKind
from importer.sandbox.serving import serve
from tests.canary import TOKEN
from tests.migrating import Migration, movies


class Killer:
    """A service that ends its client with SIGKILL at chosen POSTs, before or after applying them."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self.client: subprocess.Popen[str] | None = None
        self.when = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        """Answer, and kill where told."""
        is_post = environ["REQUEST_METHOD"] == "POST"
        if is_post and self.when == "before applying":
            self._kill()
        yield from self._app(environ, start_response)
        if is_post and self.when == "after applying":
            self._kill()

    def _kill(self) -> None:
        assert self.client is not None
        self.client.send_signal(signal.SIGKILL)
        self.client.wait()


def started(home: Path, url: str, file: Path) -> subprocess.Popen[str]:
    """`rateport import` as a person's process."""
    environment = {
        **os.environ,
        "RATEPORT_HOME": str(home),
        "RATEPORT_API_URL": url,
        "RATEPORT_CLIENT_ID": "a-client",
        "RATEPORT_ACCESS_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "importer", "import", str(file), "--yes", "-o", str(home / "report")]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home
    )


def outcomes(home: Path) -> list[str]:
    """The outcome of each row of the report."""
    with (home / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row["outcome"] for row in csv.DictReader(stream)]


@pytest.mark.promise("P1")
def test_eight_kills_in_one_import_change_nothing(tmp_path: Path) -> None:
    """Killed before and after applying, eight times, the import ends complete, and never posted too fast."""
    app = create_app(SandboxSettings(shuffle_statuses=True, string_ids_in_echo=True))
    file = movies(tmp_path / "mine.csv", 350, dated=lambda number: number % 7 != 0)
    with serve(killer := Killer(app.wsgi_app)) as server:
        for kill in range(8):
            killer.when = ("before applying", "after applying")[kill % 2]
            killer.client = started(tmp_path, server.url, file)
            assert killer.client.wait(60) == -signal.SIGKILL
            killer.client.communicate()
        killer.when = ""
        last = started(tmp_path, server.url, file)
        out, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert outcomes(tmp_path) == ["confirmed"] * 350
    stage = backstage_of(app)
    assert stage.log.violations == []
    assert TOKEN not in out + err
    _assert_no_token_below(tmp_path)


FAULTS = [
    Fault(kind=FaultKind.STATUS, status=500, at=1),
    Fault(kind=FaultKind.STATUS, status=429, error="rate_limit", headers={"Retry-After": "43200"}, at=2),
    Fault(kind=FaultKind.CUT, applied=True, at=3),
    Fault(kind=FaultKind.STATUS, status=400, error="rate_limit", at=5),
]


@pytest.mark.promise("P3")
def test_every_fault_at_once_over_real_sockets(tmp_path: Path) -> None:
    """A 500, a misleading 429, a reply lost after the write and a write lock, in one import."""
    app = create_app(SandboxSettings(shuffle_statuses=True, string_ids_in_echo=True), faults=FAULTS)
    file = movies(tmp_path / "mine.csv", 120)
    with serve(app) as server:
        process = started(tmp_path, server.url, file)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert outcomes(tmp_path) == ["confirmed"] * 120
    assert backstage_of(app).log.violations == []


@pytest.mark.parametrize(
    ("variables", "exit_code", "said"),
    [
        ({"RATEPORT_ACCESS_TOKEN": ""}, 4, "RATEPORT_ACCESS_TOKEN"),
        ({"RATEPORT_API_URL": "http://example.org"}, 2, "https"),
        ({"RATEPORT_API_URL": "http://127.0.0.1:9"}, 75, "cannot be reached"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(
    tmp_path: Path, variables: dict[str, str], exit_code: int, said: str
) -> None:
    """No token, an unsafe address, nobody there: the exit code of its kind and no traceback."""
    file = movies(tmp_path / "mine.csv", 2)
    environment = {
        **os.environ,
        "RATEPORT_HOME": str(tmp_path),
        "RATEPORT_API_URL": "http://127.0.0.1:9",
        "RATEPORT_CLIENT_ID": "a-client",
        "RATEPORT_ACCESS_TOKEN": TOKEN,
        **variables,
    }
    process = subprocess.run(
        [sys.executable, "-m", "importer", "import", str(file), "--yes", "-o", str(tmp_path / "report")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert process.returncode == exit_code, process.stderr
    assert said in process.stderr
    assert "Traceback" not in process.stderr
    assert TOKEN not in process.stdout + process.stderr


def _assert_no_token_below(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes(), file


def test_a_migration_object_reads_what_a_process_wrote(tmp_path: Path) -> None:
    """The in-process and the served stand-in keep the same account file."""
    settings = SandboxSettings(database=tmp_path / "account.sqlite")
    with serve(create_app(settings)) as server:
        started(tmp_path, server.url, movies(tmp_path / "mine.csv", 3)).communicate(timeout=60)
    assert Migration(tmp_path, sandbox=settings).account() == {
        "tt0000001": (2, "2020-01-02"),
        "tt0000002": (3, "2020-01-02"),
        "tt0000003": (4, "2020-01-02"),
    }
