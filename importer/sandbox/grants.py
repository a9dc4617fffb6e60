"""What was granted to which app, and the tokens that stand for it (simkl-api.md 2.1, 2.3, 14.6 and 14.8).

They live in the database, so that a sign-in outlives the stand-in. A grant of the first generation has one token,
without end, and no refresh token. Everything here must run inside a transaction.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass

from importer.sandbox.database import Database

LIFETIME_S = 604_800
FIRST_SCOPE = "public"
READ, WRITE = "media:read", "media:write"

_REFRESHABLE_S = 180 * 86_400
_LENGTH = 43
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Pair:
    """The two tokens of a grant of the second generation."""

    access: str
    refresh: str
    scope: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What stands behind an access token that was once issued."""

    client_id: str
    scope: str
    is_alive: bool


def granted_scope(asked: str | None) -> str:
    """What an app gets that asks so: words that are misspelt silently fall away, and reading is what is left."""
    known = [word for word in (READ, WRITE) if word in (asked or "").split()]
    return " ".join(known) or READ


class Grants:
    """Every grant of the account, and every access token that ever stood for one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self, client_id: str) -> str:
        """The token of an app of the first generation: the same one at every sign-in until it is revoked."""
        rows = self._database.execute(
            "SELECT token FROM access_tokens JOIN grants ON grants.id = grant_id"
            " WHERE client_id = ? AND refresh_token IS NULL AND NOT is_revoked",
            (client_id,),
        )
        if rows:
            return str(rows[0]["token"])
        token = secrets.token_hex(32)
        self._enter(self._open(client_id, FIRST_SCOPE, None, None), token, None)
        return token

    def pair(self, client_id: str, scope: str, now: float) -> Pair:
        """A new grant of the second generation."""
        refresh = _new("simkl_rt_")
        return self._renewed(self._open(client_id, scope, refresh, now + _REFRESHABLE_S), refresh, scope, now)

    def refreshed(self, client_id: str, refresh: str, now: float) -> Pair | None:
        """A new access token beside the same refresh token, the old one dead at once; None: the grant is over."""
        rows = self._database.execute(
            "SELECT id, scope FROM grants"
            " WHERE refresh_token = ? AND client_id = ? AND refresh_until > ? AND NOT is_revoked",
            (refresh, client_id, now),
        )
        if not rows:
            return None
        grant = rows[0]["id"]
        self._database.execute("UPDATE access_tokens SET is_replaced = 1 WHERE grant_id = ?", (grant,))
        self._database.execute("UPDATE grants SET refresh_until = ? WHERE id = ?", (now + _REFRESHABLE_S, grant))
        return self._renewed(grant, refresh, rows[0]["scope"], now)

    def revoke(self, client_id: str, token: str) -> None:
        """End the grant that either of its tokens names; the tokens of other apps are left alone."""
        self._database.execute(
            "UPDATE grants SET is_revoked = 1 WHERE client_id = ? AND"
            " (refresh_token = ? OR id IN (SELECT grant_id FROM access_tokens WHERE token = ?))",
            (client_id, token, token),
        )

    def issued(self, token: str, now: float) -> Issued | None:
        """What stands behind an access token; None: it was never issued here."""
        rows = self._database.execute(
            "SELECT * FROM access_tokens JOIN grants ON grants.id = grant_id WHERE token = ?", (token,)
        )
        if not rows:
            return None
        row = rows[0]
        expired = row["expires_at"] is not None and row["expires_at"] <= now
        return Issued(row["client_id"], row["scope"], not (expired or row["is_replaced"] or row["is_revoked"]))

    def _open(self, client_id: str, scope: str, refresh: str | None, until: float | None) -> int:
        rows = self._database.execute(
            "INSERT INTO grants (client_id, scope, refresh_token, refresh_until) VALUES (?, ?, ?, ?) RETURNING id",
            (client_id, scope, refresh, until),
        )
        return int(rows[0]["id"])

    def _renewed(self, grant: int, refresh: str, scope: str, now: float) -> Pair:
        access = _new("simkl_at_")
        self._enter(grant, access, now + LIFETIME_S)
        return Pair(access, refresh, scope)

    def _enter(self, grant: int, token: str, expires_at: float | None) -> None:
        self._database.execute(
            "INSERT INTO access_tokens (token, grant_id, expires_at) VALUES (?, ?, ?)", (token, grant, expires_at)
        )


def _new(prefix: str) -> str:
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - len(prefix)))
