"""The switches of the stand-in: what the notes leave open or report in two ways can be set either way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """How one stand-in behaves; section numbers are those of simkl-api.md."""

    database: Path | None = None
    """Where the account lives; None: in memory, for the life of the app."""
    strict_catalogue: bool = False
    """True: only the titles of `fixture.TITLES` exist; False: every well-formed id is a title (see `catalogue`)."""

    client_ids: frozenset[str] | None = None
    """The registered apps; None: any client_id that is not empty."""
    tokens: Mapping[str, str] | None = None
    """Scope string by access token; None: any token, and it may write."""
    strict_identification: bool = False
    """Refuse calls without app-name, app-version or User-Agent instead of only noting them (14.2)."""
    account_id: int = 1
    account_type: str = "free"
    user_name: str = "sandbox"

    enforce_limits: bool = True
    """False: calls that come too fast are noted, not refused."""
    daily_quota: int | None = None
    """Calls a day (3.2); None: no quota, as for apps of the first generation."""
    lock_error: str = "RATE_LIMIT"
    """How the write lock is spelt (3.3): `RATE_LIMIT` or `rate_limit`."""
    largest_body: int = 16_000_000
    """Bytes of a request beyond which the answer is 413."""

    write_status: int = 201
    """What writes answer: 201 by the page, 200 in older notes (1)."""
    legacy_null: bool = False
    """Empty reads are null, as for old apps, instead of {} (6.1)."""
    shuffle_statuses: bool = False
    string_ids_in_echo: bool = False
    type_in_echo: bool = False
    bare_response: bool = False
    """`response` holds only the status, as in the sample of the page, without the types of its schema (4.2)."""
    bad_date_fails_batch: bool = True
    """An unreadable rated_at refuses the whole request; False: just its item (13, question 7)."""
    plan_to_watch_becomes_completed: bool = False
    """Rating a planned movie completes it (4.3)."""
    anime_array_on_remove: bool = False
    """Whether /sync/ratings/remove looks into anime[] or leaves it unread (5)."""
    rare_ids_on_reads: bool = True
    """Whether reads show aniSearch, Anime-Planet, LiveChart, Netflix and the like (10)."""
    fraction_in_dates: bool = True
    """Whether reads write 12:00:00.000Z or 12:00:00Z (6.1)."""


DEFAULTS = SandboxSettings()
