"""Killed at any instant, the next run ends in the same state as an undisturbed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SPREAD = 13  # every 13th of about 260 points; `make torture` tries them all


def _survey(folder: Path, every: int, mutant: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.crashes", str(folder), str(every), mutant],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )


@pytest.mark.parametrize("every", [SPREAD, pytest.param(1, marks=[pytest.mark.torture, pytest.mark.timeout(1200)])])
def test_every_point_is_survived(tmp_path: Path, every: int) -> None:
    """Account, journal, outcomes and leftovers are the same, whichever point the kill hit."""
    survey = _survey(tmp_path, every)
    assert survey.returncode == 0, survey.stdout + survey.stderr
    assert survey.stdout.count("same") >= 256 // every
    assert "DIFFERS" not in survey.stdout


def test_a_wrong_order_of_journal_and_wire_is_caught(tmp_path: Path) -> None:
    """The survey proves something only because it fails for a journal that is wrong."""
    survey = _survey(tmp_path, 6, "verdict-before-post")
    assert survey.returncode == 1, survey.stdout + survey.stderr
    assert "DIFFERS" in survey.stdout
