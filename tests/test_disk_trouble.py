"""The process dies at a system call, the disk is full or faulty, the power goes: nothing is lost or half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from importer.vocabulary.errors import ConfigError
from importer.vocabulary.folders import REPORT
from tests.crashes.power import CARELESS
from tests.installing import program
from tests.migrating import Migration, movies

ROOT = Path(__file__).parent.parent
LONG = (pytest.mark.torture, pytest.mark.timeout(1200))
HALVES = [pytest.param(0, part, 2, marks=LONG, id=f"all, half {part + 1}") for part in (0, 1)]


def _trials(folder: Path, module: str, *words: object) -> subprocess.CompletedProcess[str]:
    strace = program("strace")
    if subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace is not let look at other processes here")
    command = [sys.executable, "-W", "ignore", "-m", f"tests.crashes.{module}", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def _all_the_same(at_least: int, trials: subprocess.CompletedProcess[str]) -> None:
    assert trials.returncode == 0, trials.stdout + trials.stderr
    assert trials.stdout.count(": same\n") >= at_least, trials.stdout
    assert "DIFFERS" not in trials.stdout
    assert "Traceback" not in trials.stderr


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.promise("P14")
@pytest.mark.parametrize(("count", "part", "of"), [(52, 0, 2), (52, 1, 2), *HALVES])
def test_a_kill_at_a_system_call_is_survived(tmp_path: Path, count: int, part: int, of: int) -> None:
    """At writes, syncs, renames, and every step on the line to the service, before the kernel has done it: at one
    in seven of some 360 calls, or at every one."""
    _all_the_same(count // of or 160, _trials(tmp_path, "syscalls", "kill", tmp_path, count, part, of))


@pytest.mark.promise("P1")
@pytest.mark.promise("P14")
@pytest.mark.parametrize(("count", "part", "of"), [(6, 0, 1), *HALVES])
def test_a_disk_that_is_full_or_faulty_is_survived(tmp_path: Path, count: int, part: int, of: int) -> None:
    """The run says so in a sentence, its reports are the old ones or whole, and the same command goes on."""
    _all_the_same(count or 120, _trials(tmp_path, "syscalls", "fail", tmp_path, count, part, of))


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.promise("P14")
@pytest.mark.parametrize(("count", "part", "of"), [(6, 0, 1), *HALVES])
def test_a_power_cut_is_survived(tmp_path: Path, count: int, part: int, of: int) -> None:
    """Whatever of the unsynced writes reached the disk, at every sync of a run: journal, reports and backup."""
    _all_the_same(count or 90, _trials(tmp_path, "power", tmp_path, count, part, of))


@pytest.mark.promise("P2")
@pytest.mark.promise("P14")
@pytest.mark.parametrize("name", [pytest.param(name, marks=LONG) for name in CARELESS])
def test_a_client_that_does_not_wait_for_the_disk_is_caught(tmp_path: Path, name: str) -> None:
    """The cuts of the power prove something only because they fail for a sync that is left out."""
    hunt = _trials(tmp_path, "power", tmp_path, name)
    assert hunt.returncode == 0, hunt.stdout + hunt.stderr
    assert f"{name}: caught" in hunt.stdout


@pytest.mark.promise("P14")
def test_a_report_that_failed_is_written_by_the_same_command(tmp_path: Path) -> None:
    """What a run has brought is told as brought, also when it could only be told the second time."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 2)
    in_the_way = tmp_path / "report" / "outcomes.csv"

    def block(summary: object) -> bool:
        in_the_way.mkdir()
        return True

    failed = migration.run(file, confirm=block)
    assert failed.exit_code == 2
    assert "the report cannot be written" in str(failed.stopped_by)
    in_the_way.rmdir()
    assert migration.run(file).exit_code == 0
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed", "confirmed"]
    assert migration.posts() == 1


@pytest.mark.parametrize("name", REPORT)
@pytest.mark.parametrize("act", [Migration.run, Migration.remove])
def test_a_folder_in_place_of_a_report_is_found_before_anything_is_sent(
    tmp_path: Path, name: str, act: Callable[[Migration, Path], object]
) -> None:
    """The sentence names it."""
    migration = Migration(tmp_path)
    (tmp_path / "report" / name).mkdir(parents=True)
    with pytest.raises(ConfigError, match=f"{name} is a folder there. Nothing was sent; name another with -o"):
        act(migration, movies(tmp_path / "mine.csv", 2))
    assert migration.log.calls == ()
