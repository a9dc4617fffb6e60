"""When the next request may go: gaps between requests, and waits before another try. No I/O but the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from importer.vocabulary.clock import Clock

POST_GAP_S = 1.1  # the cap is one POST a second for each token (simkl-api.md 3.1)
LATE_S = 2.0  # how long after it left a POST of a process that was killed may have come to Simkl
GET_GAP_S = 0.11  # ten GETs in any one second, counted apart from POSTs (simkl-api.md 3.1)
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 16.0)  # simkl-api.md 3.5
LOCK_WAIT_S = 5.0  # the write lock clears when the running write ends (simkl-api.md 3.3)
BLIND_WAIT_S = 60.0  # a 429 that says neither which limit nor how long (simkl-api.md 3.4)
PATIENCE_S = 10.0  # a 429 that asks for more than this is the daily quota (simkl-api.md 3.4)
LONGEST_WAIT_S = 900.0  # what a Retry-After may ask of a running process (ecosystem.md 1.11)
FARTHEST_S = 7 * 86400.0  # no limit of Simkl lasts longer; keeps absurd headers inside the calendar

_SECONDS = re.compile(r"\s*(\d{1,12})(?:\.\d*)?\s*", re.ASCII)


class Gate:
    """Keeps `gap_s` from the end of one request to the start of the next.

    `last_at` is the wall-clock moment at which the last request of an earlier process began, which nobody may have
    seen end: `late_s` is granted to it. A clock that was set back since then costs that and one gap, never more.
    """

    def __init__(self, clock: Clock, gap_s: float, last_at: datetime | None = None, *, late_s: float = 0.0) -> None:
        self._clock = clock
        self._gap_s = gap_s
        self._open_at = clock.steady()
        if last_at is not None:
            since = max(0.0, (clock.now() - last_at).total_seconds())
            self._open_at += max(0.0, gap_s + late_s - since)

    def wait(self) -> None:
        """Returns when the next request may start."""
        remaining = self._open_at - self._clock.steady()
        if remaining > 0:
            self._clock.sleep(remaining)

    def leave(self) -> None:
        """Marks the end of a request."""
        self._open_at = self._clock.steady() + self._gap_s


def moment_wait_s(random: Callable[[], float]) -> float:
    """How long a per-second limit asks for patience: one to two seconds (simkl-api.md 3.4)."""
    return 1.0 + random()


def back_off_s(tries: int, random: Callable[[], float]) -> float:
    """The wait before try number `tries` (from 1) is repeated, with jitter so that clients do not march in step."""
    return BACK_OFF_S[min(tries, len(BACK_OFF_S)) - 1] * (1 + random() / 2)


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """What a Retry-After header asks for, as seconds or as a date; None when there is none to be read."""
    if header is None:
        return None
    if match := _SECONDS.fullmatch(header):
        return min(float(match[1]), FARTHEST_S)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), FARTHEST_S)
