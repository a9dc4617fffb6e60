"""Ctrl-C and a request to terminate, at any moment of a real command: once is gentle, twice is at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.sandbox.app import Fault
from importer.sandbox.faults import FaultKind
from tests.migrating import movies
from tests.test_journey import (
    ARRIVED,
    IMPORT,
    IMPORT_REQUESTS,
    UNDO,
    UNDO_REQUESTS,
    all_at_once,
    arrived,
    comes_home,
    goes_back,
    has_arrived,
)
from tests.travelling import Act, Traveller, export, interrupt, road, settled, terminate

pytestmark = [pytest.mark.promise("P4"), pytest.mark.promise("P5")]


def twice(traveller: Traveller) -> Act:
    """Ctrl-C, and once it was heard, again."""

    def act(process: subprocess.Popen[str]) -> None:
        interrupt(process)
        while "Stopping after the request in flight" not in traveller.complaints.read_text(encoding="utf-8"):
            assert process.poll() is None
            process.poll()
        interrupt(process)
        assert process.wait(60) == 75

    return act


def stopped(
    traveller: Traveller, words: Sequence[str], at: int, act: Act = interrupt, *, after: bool = False
) -> tuple[str, float]:
    """What `rateport WORDS` said on being stopped at its request number `at`, and how long it took to end."""
    struck: list[float] = []

    def stop(process: subprocess.Popen[str]) -> None:
        struck.append(time.monotonic())
        act(process)

    traveller.ambush.lay(at, stop, after=after)
    done = traveller.run(*words)
    ended = time.monotonic()
    traveller.ambush.lay(0)
    assert done.returncode == 75, f"{at}: {done.stdout}{done.stderr}"
    return done.stderr, ended - struck[0]


def posts(traveller: Traveller, path: str) -> int:
    """How many POSTs have gone to `path`."""
    return len(traveller.stage.log.made("POST", path))


def test_a_journey_of_interrupts_comes_home(tmp_path: Path) -> None:
    """Once, the request in flight counts and nothing is sent twice; twice, nothing is waited for."""
    with road(tmp_path) as traveller:
        before = settled(traveller.signed_in().stage)
        export(tmp_path)
        said, _ = stopped(traveller, IMPORT, 3)
        assert said.count("Stopping after the request in flight; press Ctrl-C again") == 1
        assert "rateport: Stopped as you asked. Everything so far is saved; run the same command again" in said
        assert (len(traveller.stage.calls), traveller.stage.dump()) == (3, before)
        assert "rateport resume" in stopped(traveller, IMPORT, 6, terminate)[0]
        assert posts(traveller, "/sync/ratings") == 1
        assert len([title for title in traveller.stage.dump() if title["rating"]]) == 7
        said, took = stopped(traveller, IMPORT, 6, twice(traveller))
        assert "Stopped. Everything that was done is saved" in said
        assert took < 10
        stopped(traveller, IMPORT, 8)
        traveller.must(*IMPORT)
        assert posts(traveller, "/sync/ratings") == 3  # dated ratings whose answer nobody heard go out again
        assert "rateport: Stopped as you asked" in stopped(traveller, ("verify",), 2)[0]
        has_arrived(traveller)
        interrupted_undo(traveller)
        goes_back(traveller, before)


def interrupted_undo(traveller: Traveller) -> None:
    """Stopped while reading and after a POST: undo goes on where it was."""
    stopped(traveller, UNDO, 2)
    assert "rateport: Stopped as you asked" in stopped(traveller, UNDO, 6)[0]
    assert (posts(traveller, "/sync/ratings"), posts(traveller, "/sync/ratings/remove")) == (4, 0)
    stopped(traveller, UNDO, 6, terminate, after=True)
    traveller.must("resume", "--yes")
    assert (posts(traveller, "/sync/ratings"), posts(traveller, "/sync/ratings/remove")) == (4, 1)


def test_a_wait_is_obeyed_and_can_be_cut_short(tmp_path: Path) -> None:
    """Retry-After counts to the second, and ends when the person has enough of it."""
    with road(tmp_path) as traveller:
        settled(traveller.signed_in().stage)
        export(tmp_path)
        traveller.stage.faults.add(_unavailable("60", at=1))
        traveller.stage.faults.add(_unavailable("3", at=2))
        said, took = stopped(traveller, IMPORT, 6, _soon, after=True)
        assert "rateport: Stopped as you asked" in said
        assert took < 10
        traveller.must(*IMPORT)
        _, asked, repeated, *_ = traveller.stage.log.made("POST", "/sync/ratings")
        assert repeated.arrived - asked.arrived >= 3.0
        assert arrived(traveller.stage) == ARRIVED


def _unavailable(wait: str, at: int) -> Fault:
    return Fault(kind=FaultKind.STATUS, status=503, error="down", headers={"Retry-After": wait}, at=at)


def _soon(process: subprocess.Popen[str]) -> None:
    threading.Timer(1.0, interrupt, [process]).start()


def _import_stopped_at(folder: Path, at: int, *, is_twice: bool) -> None:
    with road(folder) as traveller:
        before = settled(traveller.signed_in().stage)
        export(folder)
        stopped(traveller, IMPORT, at, twice(traveller) if is_twice else interrupt)
        traveller.must(*IMPORT)
        comes_home(traveller, before)


def _undo_stopped_at(folder: Path, at: int, *, is_twice: bool) -> None:
    with road(folder) as traveller:
        before = settled(traveller.signed_in().stage)
        export(folder)
        traveller.must(*IMPORT)
        stopped(traveller, UNDO, at, twice(traveller) if is_twice else interrupt)
        traveller.must(*UNDO)
        goes_back(traveller, before)


@pytest.mark.torture
@pytest.mark.timeout(1200)
def test_stopped_at_any_request_a_journey_comes_home(tmp_path: Path) -> None:
    """Every request of import and undo but the last, once and twice by turns."""
    all_at_once(
        lambda case=case, at=at: case(  # type: ignore[misc]
            tmp_path / f"{case.__name__}-{at}", at, is_twice=at % 2 == 0
        )
        for case, requests in ((_import_stopped_at, IMPORT_REQUESTS), (_undo_stopped_at, UNDO_REQUESTS))
        for at in range(1, requests)
    )


# --- wherever the command is ------------------------------------------------------------------------------

STARTED = (
    "import importer.__main__ as program, sys; sys.argv[0] = 'rateport'; print('ready', flush=True); program.main()"
)
DROPPED = """
import signal, sys
import importer.__main__ as program

EVENT, NAME, NUMBER, *sys.argv[1:] = sys.argv[1:]
heard = []

class Thing:
    def __del__(self):
        signal.raise_signal(int(NUMBER))

def once(event, arguments):
    if event == EVENT and NAME in str(arguments[0]) and not heard:
        heard.append(None)
        Thing()

sys.addaudithook(once)
program.main()
"""
IN_BACKGROUND = """
import signal, sys
import importer.__main__ as program

NUMBER, *sys.argv[1:] = sys.argv[1:]
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it starts with &
sys.addaudithook(lambda event, arguments: signal.raise_signal(int(NUMBER)) if event == "sqlite3.connect" else None)
program.main()
"""
LONG_IMPORT = ["import", "mine.csv", "--sandbox", "--yes", "-o", "report"]
ROWS = 20_000
MOST_S = 2.0
TICKS_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MOMENTS = [0.02, 0.3, 0.8, 2.6, *(0.05 + 0.225 * step for step in range(16))]
"""Seconds after the first line of rateport's own code: loading, reading, planning, the account, backup, posting."""
CASES = [
    pytest.param(after, (signal.SIGINT, signal.SIGTERM)[place % 2], marks=[pytest.mark.torture] * (place > 3))
    for place, after in enumerate(MOMENTS)
]


def _ready(folder: Path, rows: int = ROWS) -> dict[str, str]:
    """The environment of an import in `folder`, where its export now lies."""
    movies(folder / "mine.csv", rows)
    return {**os.environ, "RATEPORT_HOME": str(folder / "home")}


def _used_s(process: subprocess.Popen[str]) -> float:
    """The processor time that it has used so far, which a busy machine does not stretch."""
    told = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS_S


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processor times of others are told elsewhere")
@pytest.mark.parametrize(("after", "number"), CASES)
def test_at_any_moment_it_ends_at_once(tmp_path: Path, after: float, number: signal.Signals) -> None:
    """An import of 20,000 rows, wherever it is: exit code 75 in less than two seconds, and the journal is sound."""
    environment = _ready(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, *LONG_IMPORT],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        time.sleep(after)
        used_s = _used_s(process)
        process.send_signal(number)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said = process.stderr.read() if process.stderr else ""
    assert process.returncode == 75, said
    assert "Traceback" not in said
    assert usage.ru_utime + usage.ru_stime - used_s < MOST_S
    done = subprocess.run(
        [sys.executable, "-m", "importer", "runs", "--sandbox"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not [path for path in tmp_path.rglob("*") if ".new" in path.name or path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("import", "importer.cli"),
        ("open", "mine.csv"),
        ("sqlite3.connect", "journal"),
        ("import", "importer.runs.posting"),
        ("open", "backup"),
    ],
)
def test_a_stop_that_python_drops_is_heard_all_the_same(
    tmp_path: Path, event: str, name: str, number: signal.Signals
) -> None:
    """In a finalizer and in a callback of the import system Python ignores what a signal raises."""
    done = subprocess.run(
        [sys.executable, "-c", DROPPED, event, name, str(int(number)), *LONG_IMPORT],
        env=_ready(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 75, done.stderr
    assert "Stopped" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 75)])
def test_in_the_background_a_ctrl_c_is_meant_for_another(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """A script's `rateport import ... &` goes on when the script is stopped; a request to terminate is heard."""
    done = subprocess.run(
        [sys.executable, "-c", IN_BACKGROUND, str(int(number)), *LONG_IMPORT],
        env=_ready(tmp_path, rows=3),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
