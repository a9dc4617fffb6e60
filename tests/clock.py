"""A clock that only moves when somebody sleeps on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 9, 20, 12, tzinfo=UTC)


class FakeClock:
    """Time under the test's hand: `sleep` moves it at once and is written down in `sleeps`."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._passed = 0.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        """The wall clock."""
        return self._start + timedelta(seconds=self._passed)

    def steady(self) -> float:
        """The steady clock."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.sleeps.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass without a sleep: the other side takes its time."""
        self._passed += seconds
