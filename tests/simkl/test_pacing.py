"""The gaps between requests and the waits before another try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl.pacing import GET_GAP_S, POST_GAP_S, Gate, back_off_s, moment_wait_s, retry_after_s
from tests.clock import START, FakeClock


def test_a_new_gate_is_open() -> None:
    """The first request of an account waits for nothing."""
    clock = FakeClock()
    Gate(clock, 1.1).wait()
    assert clock.sleeps == []


def test_the_gap_counts_from_the_end_of_the_last_request() -> None:
    """A slow reply does not eat the gap."""
    clock = FakeClock()
    gate = Gate(clock, 1.1)
    gate.wait()
    clock.advance(7.0)
    gate.leave()
    gate.wait()
    assert clock.sleeps == [pytest.approx(1.1)]


def test_time_spent_elsewhere_shortens_the_wait() -> None:
    """Only the rest of the gap is slept."""
    clock = FakeClock()
    gate = Gate(clock, 1.1)
    gate.leave()
    clock.advance(0.8)
    gate.wait()
    assert clock.sleeps == [pytest.approx(0.3)]


@pytest.mark.parametrize(
    ("ago_s", "waits_s"),
    [(0.0, 1.1), (0.6, 0.5), (1.2, None), (86400.0, None), (-0.5, 1.1), (-3600.0, 1.1), (-86400.0 * 365, 1.1)],
)
def test_the_last_request_of_another_process_counts(ago_s: float, waits_s: float | None) -> None:
    """A run right after a kill keeps the gap; a clock that was set back costs one gap and no more."""
    clock = FakeClock()
    Gate(clock, 1.1, START - timedelta(seconds=ago_s)).wait()
    assert clock.sleeps == ([] if waits_s is None else [pytest.approx(waits_s)])


@pytest.mark.promise("P4")
@pytest.mark.parametrize(
    ("ago_s", "waits_s"), [(0.0, 3.1), (1.2, 1.9), (3.2, None), (86400.0, None), (-0.5, 3.1), (-3600.0, 3.1)]
)
def test_a_post_that_nobody_saw_end_may_have_come_late(ago_s: float, waits_s: float | None) -> None:
    """It was on its way when its process was killed, so the second counts from the latest moment of its arrival."""
    clock = FakeClock()
    Gate(clock, 1.1, START - timedelta(seconds=ago_s), late_s=2.0).wait()
    assert clock.sleeps == ([] if waits_s is None else [pytest.approx(waits_s)])


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=2, max_size=60))
def test_no_two_starts_come_closer_than_the_gap(turns: list[tuple[float, float]]) -> None:
    """Whatever replies and other work take, starts are a gap apart."""
    clock = FakeClock()
    gate = Gate(clock, 1.1)
    starts = []
    for reply_s, other_s in turns:
        gate.wait()
        starts.append(clock.steady())
        clock.advance(reply_s)
        gate.leave()
        clock.advance(other_s)
    assert all(later - earlier >= 1.099 for earlier, later in pairwise(starts))


class LateClock(FakeClock):
    """A clock whose sleeps end a little late, as those of every machine do."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass, and up to two thousandths more."""
        super().sleep(seconds + self._chance.uniform(0, 0.002))


@pytest.mark.promise("P4")
@pytest.mark.parametrize(("gap_s", "most"), [(POST_GAP_S, 1), (GET_GAP_S, 10)], ids=["POST", "GET"])
@pytest.mark.parametrize("longest_reply_s", [0.0, 0.05, 3.0])
def test_ten_thousand_requests_keep_the_rate_and_use_it(gap_s: float, most: int, longest_reply_s: float) -> None:
    """Never more than allowed arrive within any second, across a restart every hundred requests, and at least 95 of
    a hundred of the allowed ones are made; a request may take any part of its time to arrive."""
    chance = Random(20260920)
    clock = LateClock(chance)
    gate, last_at = Gate(clock, gap_s), None
    arrivals, answering_s = [], 0.0
    for number in range(10_000):
        if number % 100 == 99:  # another process
            gate = Gate(clock, gap_s, last_at)
        gate.wait()
        last_at = clock.now()
        reply_s = chance.uniform(0, longest_reply_s)
        on_the_way_s = min(chance.uniform(0, reply_s), 0.05)
        arrivals.append(clock.steady() + on_the_way_s)
        clock.advance(reply_s)
        answering_s += reply_s
        gate.leave()
    assert all(later - earlier > 1.0 for earlier, later in zip(arrivals, arrivals[most:], strict=False))
    assert (clock.steady() - answering_s) * 0.95 <= 10_000 * gap_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1.5", 1.0),
        ("Sun, 20 Sep 2026 12:01:00 GMT", 60.0),
        ("Sun, 20 Sep 2026 11:00:00 GMT", 0.0),
        ("Sun, 20 Sep 2026 08:01:00 -0400", 60.0),
        ("999999999999", 7 * 86400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 86400.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("9" * 500, None),
        ("٧", None),
        ("Sun, 99 Sep 99999999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    """Both forms of the header count, absurd ones are bounded, unreadable ones are none."""
    assert retry_after_s(header, datetime(2026, 9, 20, 12, tzinfo=UTC)) == seconds


@given(st.text())
def test_no_retry_after_breaks_anything(header: str) -> None:
    """Whatever the header says, it is a bounded wait or none."""
    seconds = retry_after_s(header, START)
    assert seconds is None or 0 <= seconds <= 7 * 86400


def test_back_off_doubles_and_jitters_upwards() -> None:
    """The waits are those that Simkl advises, longer by up to a half."""
    assert [back_off_s(tries, lambda: 0.0) for tries in range(1, 8)] == [1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0]
    assert back_off_s(3, lambda: 0.5) == 5.0
    assert back_off_s(3, lambda: 0.999) < 6.0


def test_a_per_second_limit_costs_one_to_two_seconds() -> None:
    """Between one second and two."""
    assert (moment_wait_s(lambda: 0.0), moment_wait_s(lambda: 0.75)) == (1.0, 1.75)
