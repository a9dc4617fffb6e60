"""Where sign-ins live: a file that only its owner can read, or the keyring of the machine where one works.

A sign-in belongs to the address that issued it and is never shown to another. Stores are written to under
`lock.SignInLock` only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import AwareDatetime, ConfigDict, TypeAdapter, ValidationError

from importer.simkl.credentials import Credentials
from importer.vocabulary.errors import AuthError


class Generation(StrEnum):
    """The two kinds of app registration; tokens of one are nothing to the other (simkl-api.md 2.1)."""

    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in or a renewal brings; `expires_at` is None for what lasts until it is revoked."""

    generation: Generation
    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignIn:
    """A sign-in with all that must go with it: its app, the address that issued it, whose account it opens."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    generation: Generation
    client_id: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: AwareDatetime | None
    scope: str
    origin: str
    account_id: str
    account_name: str

    def credentials(self, origin: str) -> Credentials:
        """What opens the account at `origin`. Raises AuthError when another address issued the sign-in."""
        if origin != self.origin:
            raise AuthError(f"The sign-in was issued by {self.origin} and is not shown to {origin}.")
        return Credentials(self.client_id, self.access_token)

    def renewed(self, grant: Grant) -> StoredSignIn:
        """The same sign-in with the tokens of `grant`; what it leaves out stays (simkl-api.md 2.3)."""
        return replace(
            self,
            access_token=grant.access_token,
            refresh_token=grant.refresh_token or self.refresh_token,
            expires_at=grant.expires_at,
            scope=grant.scope or self.scope,
        )


class TokenStore(Protocol):
    """A place for sign-ins, one for each address."""

    @property
    def place(self) -> str:
        """Where that is, in words for the person."""
        ...

    @property
    def lock_path(self) -> Path:
        """The file whose lock guards every change."""
        ...

    def load(self, origin: str) -> StoredSignIn | None:
        """The sign-in that `origin` issued; AuthError when what lies there cannot be trusted or read."""
        ...

    def save(self, sign_in: StoredSignIn) -> None:
        """Keep `sign_in` in place of the one of the same address."""
        ...

    def delete(self, origin: str) -> None:
        """Forget the sign-in that `origin` issued, if there is one."""
        ...


SIGN_IN: TypeAdapter[StoredSignIn] = TypeAdapter(StoredSignIn)


def sign_in_of(text: str | bytes, origin: str, place: str) -> StoredSignIn:
    """The sign-in written as `text`; AuthError when it is damaged or of another address."""
    try:
        sign_in = SIGN_IN.validate_json(text)
    except ValidationError:
        raise damaged(place) from None  # its message would quote the tokens
    if sign_in.origin != origin:
        raise AuthError(f"{place} holds a sign-in of {sign_in.origin} in place of {origin}: it is not used.")
    return sign_in


def damaged(place: str) -> AuthError:
    """What to say of a store that holds something else than it should."""
    return AuthError(
        f"{place} does not hold what this rateport wrote there: it is damaged, or of a newer rateport. "
        "Move it away and sign in again with `rateport login`."
    )
