"""Killed at any instant, the next run ends in the same state as an undisturbed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crashes.mutants import MUTANTS
from tests.crashes.plans import PACED, PLANS

ROOT = Path(__file__).parent.parent
WHOLE = ("one-file", "eight-batches")
SPREAD = 62  # points of each plan that is not tried at all of its points
QUICK = sorted(PLANS.keys() - {"undo-resumed"})
LONG = (pytest.mark.torture, pytest.mark.timeout(2400))


def _trials(folder: Path, what: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.crashes", what, str(folder), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def _all_the_same(folder: Path, at_least: int, what: str, *words: object) -> None:
    trials = _trials(folder, what, *words)
    assert trials.returncode == 0, trials.stdout + trials.stderr
    assert trials.stdout.count(": same\n") >= at_least, trials.stdout
    assert "DIFFERS" not in trials.stdout
    assert "Traceback" not in trials.stderr


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.promise("P14")
def test_a_spread_of_points_is_survived(tmp_path: Path) -> None:
    """Account, journal, outcomes, reports and backup are the same whichever of 45 points the kill hit, and no file
    was ever half."""
    _all_the_same(tmp_path, 45, "survey", 5, *QUICK)


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.promise("P14")
@pytest.mark.parametrize("plan", [pytest.param(name, marks=LONG) for name in PLANS])
def test_many_points_of_every_plan_are_survived(tmp_path: Path, plan: str) -> None:
    """So it is for every point of a run of three batches and of one of eight, and for a spread of all other plans,
    more than 1,000 points together."""
    at_least, count = (190, 0) if plan in WHOLE else (SPREAD, SPREAD)
    _all_the_same(tmp_path, at_least, "survey", count, plan)


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.parametrize(
    ("plan", "times"), [("one-file", 2), *(pytest.param(name, 2, marks=LONG) for name in PLANS)]
)
def test_three_kills_in_a_row_are_survived(tmp_path: Path, plan: str, times: int) -> None:
    """The run that goes on is killed as well, and the one that goes on after it."""
    _all_the_same(tmp_path, times, "again", times, plan)


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.parametrize("plan", [pytest.param(name, marks=LONG) for name in PLANS])
def test_a_kill_at_any_moment_is_survived(tmp_path: Path, plan: str) -> None:
    """By the clock, wherever the process is just then: in the middle of a write to the disk, too."""
    _all_the_same(tmp_path, 20, "moments", 20, plan)


@pytest.mark.promise("P4")
@pytest.mark.torture
@pytest.mark.timeout(2400)
def test_a_client_that_starts_anew_at_once_keeps_the_pace(tmp_path: Path) -> None:
    """By the service's own clock no POST comes within a second of another, whichever of six the kill followed."""
    _all_the_same(tmp_path, 12, "pace", 0)


@pytest.mark.promise("P2")
@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(mutant.name, marks=(pytest.mark.promise("P4"), *LONG) if mutant.plan == PACED.name else ())
        for mutant in MUTANTS
    ],
)
def test_a_wrong_order_is_caught(tmp_path: Path, mutant: str) -> None:
    """The survey proves something only because it fails for every wrong order of journal, wire and report, and for
    a pace that ends with the process."""
    hunt = _trials(tmp_path, "mutant", mutant)
    assert hunt.returncode == 0, hunt.stdout + hunt.stderr
    assert f"{mutant}: caught" in hunt.stdout


@pytest.mark.promise("P1")
@pytest.mark.parametrize("times", [3, pytest.param(20, marks=LONG)])
def test_of_two_that_start_at_once_one_works(tmp_path: Path, times: int) -> None:
    """From the moment at which there is not even a journal: the other ends with 6, and nothing is sent twice."""
    _all_the_same(tmp_path, times, "race", times)


@pytest.mark.promise("P1")
@pytest.mark.promise("P2")
@pytest.mark.parametrize("count", [2, pytest.param(40, marks=LONG)])
def test_a_journal_that_is_cut_off_recovers_or_is_refused(tmp_path: Path, count: int) -> None:
    """Journal or rollback file, between two transactions, before a commit or in the middle of one: the next run
    ends as it would have, or says what is wrong, exits with 6 and leaves every byte as it was."""
    _all_the_same(tmp_path, 10 * count, "cuts", count)
