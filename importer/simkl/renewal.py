"""Keeping a sign-in fresh: renewed under a lock, once for each failure, by one process for all.

A renewal ends the access token before it at once, so two processes that renew the same sign-in would cut each
other off (simkl-api.md 2.3).
"""

from __future__ import annotations

from datetime import timedelta

from importer.simkl.auth import SignInDesk
from importer.simkl.lock import SignInLock
from importer.simkl.tokens import StoredSignIn, TokenStore
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError, Paused

MARGIN = timedelta(days=1)  # simkl-api.md 2.3


def remember(store: TokenStore, sign_in: StoredSignIn, clock: Clock) -> None:
    """Keep a new sign-in, not in the middle of somebody's renewal of the one before it."""
    with SignInLock(store.lock_path, clock):
        store.save(sign_in)


def forget(store: TokenStore, origin: str, clock: Clock) -> None:
    """Drop the sign-in of `origin`, if there is one."""
    with SignInLock(store.lock_path, clock):
        store.delete(origin)


class Renewal:
    """Renews one sign-in in its store; `renew` is the hook that a client asks."""

    def __init__(self, sign_in: StoredSignIn, store: TokenStore, desk: SignInDesk, clock: Clock) -> None:
        sign_in.credentials(desk.origin)  # raises when the desk is at another address than the sign-in
        self._sign_in = sign_in
        self._store = store
        self._desk = desk
        self._clock = clock

    def fresh(self) -> StoredSignIn:
        """The sign-in, renewed if less than a day of it is left; one that cannot be renewed just now is used up
        first."""
        expires_at = self._sign_in.expires_at
        if expires_at is None or expires_at - self._clock.now() >= MARGIN:
            return self._sign_in
        try:
            self.renew(self._sign_in.access_token)
        except Paused:
            if expires_at <= self._clock.now():
                raise
        return self._sign_in

    def renew(self, failing: str) -> str | None:
        """An access token in place of `failing`: the stored one where another process was quicker, else a renewed
        one. None when there is nothing to renew."""
        with SignInLock(self._store.lock_path, self._clock):
            stored = self._store.load(self._sign_in.origin)
            if stored is None or stored.refresh_token is None:
                return None
            self._check_same_account(stored)
            if stored.access_token == failing:
                stored = stored.renewed(self._desk.renew(stored.refresh_token))
                self._store.save(stored)
            self._sign_in = stored
        return stored.access_token

    def _check_same_account(self, stored: StoredSignIn) -> None:
        """Going on as somebody else would write one person's ratings into another's account."""
        ours = (self._sign_in.account_id, self._sign_in.client_id, self._sign_in.generation)
        if (stored.account_id, stored.client_id, stored.generation) != ours:
            raise AuthError(
                "The sign-in was replaced by one of another account or app while rateport was at work. "
                "Run the same command again."
            )
