"""Signing in, from the command line, against the stand-in on loopback: both generations, and what follows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.sandbox.serving import serve
from tests.commanding import run
from tests.migrating import movies


@contextmanager
def service() -> Iterator[tuple[str, Backstage]]:
    """The stand-in, with sign-in needed, and its address."""
    app = create_app(SandboxSettings(only_issued_tokens=True))
    with serve(app) as server:
        yield server.url, backstage_of(app)


def login(folder: Path, url: str, stage: Backstage, client_id: str) -> tuple[int, str]:
    """`rateport login`, with the shown code approved; its exit code and all it printed."""
    environment = {**os.environ, "RATEPORT_HOME": str(folder / "home"), "RATEPORT_API_URL": url}
    environment |= {"RATEPORT_CLIENT_ID": client_id, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "login"], env=environment, stdout=subprocess.PIPE, text=True, cwd=folder
    )
    assert process.stdout is not None
    told: list[str] = []
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    for line in process.stdout:
        told.append(line)
        if re.fullmatch(r" {4}(\S )+\S\n", line):
            stage.approve(line.replace(" ", "").strip())
    watchdog.cancel()
    process.stdout.close()
    return process.wait(), "".join(told)


@pytest.mark.parametrize("client_id", ["an-app", "v1-app"])
def test_sign_in_import_and_sign_out(tmp_path: Path, client_id: str) -> None:
    """A code is shown, approved, the import needs no token in the environment, and signing out ends it."""
    with service() as (url, stage):
        exit_code, told = login(tmp_path, url, stage, client_id)
        assert exit_code == 0, told
        assert "Signed in as sandbox" in told
        variables = {"RATEPORT_API_URL": url, "RATEPORT_CLIENT_ID": client_id}
        assert "sandbox" in run(["whoami"], tmp_path, variables).stdout
        done = run(["import", str(movies(tmp_path / "mine.csv", 3)), "--yes"], tmp_path, variables)
        assert done.returncode == 0, done.stderr
        assert "Signed out" in run(["logout"], tmp_path, variables).stdout
        after = run(["import", "mine.csv", "--yes", "-o", "again"], tmp_path, variables)
        assert after.returncode == 4
        assert "rateport login" in after.stderr


def test_the_stored_sign_in_is_private_and_bound_to_its_address(tmp_path: Path) -> None:
    """The file is the owner's alone, and another address is not shown the token."""
    with service() as (url, stage):
        login(tmp_path, url, stage, "an-app")
        (file,) = (tmp_path / "home").glob("sign-in.json")
        assert file.stat().st_mode & 0o077 == 0
        other = run(
            ["import", str(movies(tmp_path / "mine.csv", 1)), "--yes"],
            tmp_path,
            {"RATEPORT_API_URL": "http://127.0.0.1:9", "RATEPORT_CLIENT_ID": "an-app"},
        )
        assert other.returncode == 4


def test_nobody_signed_in_is_said(tmp_path: Path) -> None:
    """whoami and login without an app say what to do."""
    assert "rateport login" in run(["whoami"], tmp_path).stderr
    done = run(["login"], tmp_path)
    assert done.returncode == 4
    assert "RATEPORT_CLIENT_ID" in done.stderr
    assert "Nobody is signed in" in run(["logout"], tmp_path).stdout
