"""Pace and quota, judged on the stand-in's own clock (simkl-api.md 3.1 to 3.4)."""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from importer.sandbox.database import Database
from importer.sandbox.refusals import Refused

POST_GAP_S = 1.0
GETS_PER_S = 10
FIRST_BLOCK_S = 10.0
"""How long too fast a POST blocks its caller; doubles each time. The true length is not documented."""

_ROUNDING_S = 1e-6
_RESET_ZONE = ZoneInfo("America/New_York")


class Pace(NamedTuple):
    """How an arrival stands to the caps: by itself too fast, or within a block that an earlier one brought on."""

    too_fast: bool
    blocked: bool


@dataclass(slots=True)
class _Caller:
    last_post: float = -math.inf
    gets: deque[float] = field(default_factory=lambda: deque(maxlen=GETS_PER_S))
    blocked_until: float = -math.inf
    next_block_s: float = FIRST_BLOCK_S


class Limits:
    """The arrivals of each caller: an access token, or a client_id where there is no token."""

    def __init__(self) -> None:
        self._callers: dict[str, _Caller] = {}
        self._lock = threading.Lock()

    def arrived(self, caller: str, method: str, at: float) -> Pace:
        """Count one arrival at `at` seconds of the steady clock."""
        with self._lock:
            known = self._callers.setdefault(caller, _Caller())
            blocked = at < known.blocked_until
            return Pace(_posted(known, at) if method == "POST" else _got(known, at), blocked)


def _posted(caller: _Caller, at: float) -> bool:
    too_fast = at - caller.last_post < POST_GAP_S - _ROUNDING_S
    caller.last_post = at
    if too_fast:
        caller.blocked_until = max(caller.blocked_until, at + caller.next_block_s)
        caller.next_block_s *= 2
    return too_fast


def _got(caller: _Caller, at: float) -> bool:
    too_fast = len(caller.gets) == GETS_PER_S and at - caller.gets[0] < 1.0 - _ROUNDING_S
    caller.gets.append(at)
    return too_fast


def refuse_pace(pace: Pace, now: datetime) -> None:
    """Raise the refusal that `pace` deserves, if any."""
    if pace.blocked:
        raise Refused(412, "client_id_failed")
    if pace.too_fast:
        # The header names the daily reset even here (simkl-api.md 3.4); who honours it loses hours.
        raise Refused(429, "rate_limit", {"Retry-After": str(seconds_to_reset(now))})


def seconds_to_reset(now: datetime) -> int:
    """Whole seconds until midnight US Eastern, when quotas begin anew."""
    local = now.astimezone(_RESET_ZONE)
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), _RESET_ZONE)
    return math.ceil(midnight.timestamp() - now.timestamp())


class Quota:
    """How many calls the day has left; kept in the database, so that a restart does not renew it."""

    def __init__(self, database: Database, per_day: int) -> None:
        self._database = database
        self._per_day = per_day

    def spend(self, now: datetime) -> dict[str, str]:
        """Count one call and return the headers that tell what is left; raise Refused when nothing was."""
        day = now.astimezone(_RESET_ZONE).date().isoformat()
        with self._database.writing():
            self._database.execute(
                "INSERT INTO quota VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET used = used + 1", (day,)
            )
            used = self._database.execute("SELECT used FROM quota WHERE day = ?", (day,))[0][0]
        headers = {
            "X-RateLimit-Limit": str(self._per_day),
            "X-RateLimit-Remaining": str(max(self._per_day - used, 0)),
        }
        if used > self._per_day:
            raise Refused(429, "user_limit_exceeded", {**headers, "Retry-After": str(seconds_to_reset(now))})
        return headers
