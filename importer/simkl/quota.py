"""What is left of the day's requests, where the service says so (simkl-api.md 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

QUOTA_LIMIT = "X-RateLimit-Limit"  # simkl-api.md 3.2
QUOTA_REMAINING = "X-RateLimit-Remaining"

_LEAST = 100  # a smaller limit is none of a day
_SPARE = 10  # one in ten stays for the person's other apps (simkl-api.md 13.17)
_RESET_ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests a day, and how many of today's are left."""

    limit: int
    remaining: int

    @property
    def free(self) -> int:
        """How many of them an import may still use today."""
        return max(self.remaining - self.limit // _SPARE, 0)


def quota_in(headers: Mapping[str, str]) -> Quota | None:
    """What the headers of a reply say, None where they say nothing of a day."""
    texts = [headers.get(name, "").strip() for name in (QUOTA_LIMIT, QUOTA_REMAINING)]
    if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts):
        return None
    quota = Quota(*map(int, texts))
    return quota if quota.limit >= _LEAST else None


def next_reset(now: datetime) -> datetime:
    """When the service counts anew: midnight in New York (simkl-api.md 3.2)."""
    there = now.astimezone(_RESET_ZONE)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(now.tzinfo)
