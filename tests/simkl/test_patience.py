"""One patience for a whole run: whatever has trouble uses up the same quarter of an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.sandbox.faults import FOREVER, Fault, FaultKind
from importer.simkl.patience import LONGEST_TROUBLE_S, Patience
from tests.clock import FakeClock
from tests.faulting import SCENES, attempt

pytestmark = pytest.mark.promise("P5")


def test_it_is_used_up_by_time_alone() -> None:
    """Counted from the first request that had trouble, and looking ahead to the wait that would come."""
    clock = FakeClock()
    patience = Patience(clock)
    assert not patience.is_over(10**6)
    patience.trouble("POST", clock.steady())
    clock.advance(LONGEST_TROUBLE_S - 10)
    patience.trouble("POST", clock.steady())
    assert not patience.is_over(10)
    assert patience.is_over(11)


def test_a_clean_write_renews_it_and_a_clean_read_does_so_for_reads() -> None:
    """That an account can be read says nothing of writes, which may be refused all the same."""
    clock = FakeClock()
    patience = Patience(clock)
    for method in ("POST", "GET"):
        patience.trouble(method, clock.steady())
    clock.advance(LONGEST_TROUBLE_S + 1)
    patience.clean("GET")
    assert patience.is_over()
    patience.clean("POST")
    assert not patience.is_over(LONGEST_TROUBLE_S)
    patience.trouble("GET", clock.steady())
    clock.advance(LONGEST_TROUBLE_S + 1)
    patience.clean("GET")
    assert not patience.is_over()


@pytest.mark.parametrize("command", ["import", "undo", "remove"])
def test_writes_that_never_answer_end_a_run_within_a_quarter_of_an_hour(tmp_path: Path, command: str) -> None:
    """Each is carried out, and each takes a minute of silence: an undo has four kinds of them, twice."""
    scene = SCENES[command](tmp_path)
    scene.script.add(
        Fault(kind=FaultKind.TIMEOUT, applied=True, seconds=60, method="POST", path="*", repeat=FOREVER)
    )
    end = attempt(scene)
    assert end.seconds < 15 * 60
    assert end.exit_code in (0, 1, 75)
