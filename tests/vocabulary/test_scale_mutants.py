"""The tests of the scales notice every small change to the table and to its arithmetic."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mutants import ROOT, mutants

SPREAD = 45


def test_there_are_enough_mutants() -> None:
    """Over a hundred, all of them different."""
    told = [mutant.told for mutant in mutants()]
    assert len(told) > 100


@pytest.mark.promise("P10")
@pytest.mark.skipif(sys.platform == "win32", reason="the system cannot fork")
@pytest.mark.parametrize("step", [SPREAD, pytest.param(1, marks=[pytest.mark.torture, pytest.mark.timeout(1200)])])
def test_every_mutant_is_caught(step: int) -> None:
    """One in so many, by the first test that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants", str(step)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    count = len(mutants()[::step])
    assert done.stdout == f"{count} of {count} mutants were caught\n"
