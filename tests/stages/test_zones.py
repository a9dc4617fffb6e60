"""The zone of the machine, and the hour in which its clocks change, make no difference to any sample."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.config import Settings
from importer.preparing import Request, prepare
from importer.vocabulary.errors import InputError
from tests.clock import FakeClock

SAMPLES = Path(__file__).parent.parent.parent / "sample_exports"
ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Berlin")
SWITCHES = {
    "clocks go back in Berlin": datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    "clocks go forward in New York": datetime(2026, 3, 8, 7, 0, 0, tzinfo=UTC),
}


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """The machine stands in this zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def everything(zone: str, now: datetime) -> dict[str, str]:
    """The frame of every sample as text, or why there is none."""
    found = {}
    with machine_in(zone):
        for path in sorted(path for path in SAMPLES.rglob("*") if path.is_file()):
            try:
                frame = prepare(Request(paths=[path]), Settings(), FakeClock(now)).plan.frame
                found[str(path.relative_to(SAMPLES))] = frame.to_csv()
            except InputError as error:
                found[str(path.relative_to(SAMPLES))] = str(error)
    return found


@pytest.mark.promise("P11")
@pytest.mark.timeout(240)
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system has one zone only")
@pytest.mark.parametrize("switch", SWITCHES, ids=lambda name: name.replace(" ", "-"))
def test_every_sample_is_the_same_in_every_zone(switch: str) -> None:
    """All frames are equal to those of a machine in UTC, to the microsecond."""
    expected = everything("UTC", SWITCHES[switch])
    assert len(expected) > 150
    assert sum(text.startswith(",row_id") for text in expected.values()) > 100
    for zone in ZONES:
        found = everything(zone, SWITCHES[switch])
        assert [name for name in expected if found[name] != expected[name]] == [], zone
