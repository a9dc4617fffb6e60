"""The codes that a person types in to let an app in: asked for, decided on, polled (simkl-api.md 2.2, 2.5).

A code of the first generation is polled by itself, one of the second by a secret device code beside it. They live
in the database; everything here must run inside a writing transaction, whose end a refused poll must outlive.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from importer.sandbox.database import Database
from importer.sandbox.settings import SandboxSettings

LIFETIME_S = 900
SLOWER_S = 5

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so that no words come out
_ROUNDING_S = 0.1


class State(StrEnum):
    """What a poll finds."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    TOO_EARLY = "too early"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Code:
    """One code; `device_code` is None in the first generation."""

    user_code: str
    device_code: str | None
    client_id: str
    scope: str


class Codes:
    """Every code that has not been spent."""

    def __init__(self, database: Database, settings: SandboxSettings) -> None:
        self._database = database
        self._settings = settings

    def ask(self, client_id: str, scope: str, generation: int, now: float) -> Code:
        """A new code, which waits for its person unless `auto_approve` speaks for them."""
        if generation == 1:
            user_code, device_code = _letters(self._settings.pin_length), None
        else:
            user_code, device_code = f"{_letters(4)}-{_letters(4)}", secrets.token_urlsafe(32)
        code = Code(user_code, device_code, client_id, scope)
        state = State.APPROVED if self._settings.auto_approve else State.WAITING
        self._database.execute(
            "INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (user_code, device_code, client_id, scope, state, now + LIFETIME_S, self._settings.poll_interval_s),
        )
        return code

    def waiting(self, typed: str, now: float) -> Code | None:
        """The code that a person typed, in any case and with or without its dash, if it still waits for them."""
        rows = self._database.execute(
            "SELECT * FROM codes WHERE replace(user_code, '-', '') = ? AND state = ? AND expires_at > ?",
            ("".join(filter(str.isalnum, typed)).upper(), State.WAITING, now),
        )
        if not rows:
            return None
        return Code(rows[0]["user_code"], rows[0]["device_code"], rows[0]["client_id"], rows[0]["scope"])

    def decide(self, typed: str, state: State, now: float) -> Code | None:
        """Approve or refuse the code that a person typed; None: there is no such code to decide on."""
        code = self.waiting(typed, now)
        if code is not None:
            self._database.execute("UPDATE codes SET state = ? WHERE user_code = ?", (state, code.user_code))
        return code

    def poll_pin(self, user_code: str, client_id: str, now: float) -> State:
        """How a code of the first generation stands; an approved one is spent by being told so."""
        return self._polled("device_code IS NULL AND user_code = ?", user_code, client_id, now, slower_s=0)[0]

    def poll_device(self, device_code: str, client_id: str, now: float) -> tuple[State, str]:
        """How a code of the second generation stands, with its scope; polling too early costs 5 s from then on."""
        return self._polled("device_code = ?", device_code, client_id, now, slower_s=SLOWER_S)

    def _polled(self, which: str, value: str, client_id: str, now: float, slower_s: float) -> tuple[State, str]:
        rows = self._database.execute(
            f"SELECT * FROM codes WHERE {which} AND client_id = ?",  # noqa: S608
            (value, client_id),
        )
        if not rows:
            return State.UNKNOWN, ""
        row = rows[0]
        if row["expires_at"] <= now:
            return State.EXPIRED, ""
        if now < row["next_poll_at"] - _ROUNDING_S:
            self._rearm(row["user_code"], row["interval_s"] + slower_s, now)
            return State.TOO_EARLY, ""
        self._rearm(row["user_code"], row["interval_s"], now)
        state = State(row["state"])
        if state is State.APPROVED:
            self._database.execute("DELETE FROM codes WHERE user_code = ?", (row["user_code"],))
        return state, row["scope"]

    def _rearm(self, user_code: str, interval_s: float, now: float) -> None:
        self._database.execute(
            "UPDATE codes SET interval_s = ?, next_poll_at = ? WHERE user_code = ?",
            (interval_s, now + interval_s, user_code),
        )


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
