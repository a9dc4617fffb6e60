"""Large exports: what they take grows with their size and not faster. The seconds are measured by `make bench`."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from importer.config import Settings
from importer.preparing import Request, prepare
from tests.clock import FakeClock
from tests.migrating import movies

SMALL, LARGE = 4_000, 16_000


def _peak(file: Path) -> int:
    tracemalloc.start()
    try:
        prepare(Request(paths=[file]), Settings(), FakeClock())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.promise("P18")
def test_four_times_the_rows_take_four_times_the_memory(tmp_path: Path) -> None:
    """Nothing in reading, merging and planning is quadratic, and nothing is kept twice because there is more."""
    prepare(Request(paths=[movies(tmp_path / "first.csv", 10)]), Settings(), FakeClock())  # imports are no rows
    small, large = _peak(movies(tmp_path / "small.csv", SMALL)), _peak(movies(tmp_path / "large.csv", LARGE))
    assert large <= small * LARGE / SMALL * 1.1
