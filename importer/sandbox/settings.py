"""The switches of the stand-in: what the notes leave open or report in two ways can be set either way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Scope string by access token; None: any token that was never issued here may read and write."""
    only_issued_tokens: bool = False
    """Only tokens that came from a sign-in work, and those of `tokens`."""
    generations: Mapping[str, int] = field(default_factory=dict)
    """1 or 2 by client_id (2.1); an app not named here is of the first if its id begins with `v1`, else of the
    second."""
    auto_approve: bool = False
    """Codes are approved as soon as they are asked for."""
    refusal_is_told: bool = False
    """A refused code answers access_denied instead of staying pending until it expires (2.2)."""
    pin_length: int = 5
    """Characters of a code of the first generation: 5 by the text, 6 in a sample (2.5)."""
    poll_interval_s: int = 5
    """How long an app that waits for its code to be entered is told to wait between two questions (2.2, 2.5)."""
    old_pin_reply: bool = False
    """The reply with a new code of the first generation names only verification_url (2.5)."""
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

    location_without_scheme: bool = False
    """/redirect answers //simkl.com/... instead of https://simkl.com/... (8.1)."""
    location_query: str = ""
    """What stands behind the ? of the Location of /redirect."""

    def registers(self, client_id: str | None) -> bool:
        """Whether there is such an app."""
        return bool(client_id) and (self.client_ids is None or client_id in self.client_ids)

    def generation_of(self, client_id: str) -> int:
        """Whether the app is of the first generation or the second; no app is of both."""
        return self.generations.get(client_id, 1 if client_id.startswith("v1") else 2)


DEFAULTS = SandboxSettings()
