"""Signing in and out, and who is signed in; what `login`, `logout` and `whoami` do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from importer.config import Configuration
from importer.simkl.auth import SignInDesk
from importer.simkl.client import SimklClient
from importer.simkl.codes import ShownCode
from importer.simkl.credentials import AppId, Credentials
from importer.simkl.keychain import choose_store
from importer.simkl.renewal import Renewal, forget, remember
from importer.simkl.tokens import StoredSignIn
from importer.simkl.transport import Http, checked_address, origin_of
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError

NO_APP = (
    "No client id is known. Register an app for yourself at simkl.com/settings/developer (two minutes, free; "
    'choose "TV, devices & command line"), then set RATEPORT_CLIENT_ID to its client id.'
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in ready for use, and the hook that renews it when the service says that it has lapsed."""

    credentials: Credentials
    account: str
    renew: Callable[[str], str | None]


def login(configuration: Configuration, on_code: Callable[[ShownCode], None], clock: Clock) -> list[str]:
    """Sign in and keep the sign-in; what to tell the person about it. Raises AuthError when it comes to nothing."""
    settings = configuration.settings
    if not settings.client_id:
        raise AuthError(NO_APP)
    http = Http(AppId(settings.client_id), settings.api_url, clock, None)
    try:
        grant = _desk(http, clock).sign_in(on_code)
    finally:
        http.close()
    with SimklClient(
        Credentials(settings.client_id, grant.access_token), base_url=settings.api_url, clock=clock
    ) as client:
        profile = client.settings()
    origin = _origin(configuration)
    choice = choose_store(configuration.home, origin)
    sign_in = StoredSignIn(
        generation=grant.generation,
        client_id=settings.client_id,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_at=grant.expires_at,
        scope=grant.scope,
        origin=origin,
        account_id=profile.id,
        account_name=profile.name,
    )
    remember(choice.store, sign_in, clock)
    return [f"Signed in as {profile.name or profile.id}.", choice.sentence]


def logout(configuration: Configuration, clock: Clock) -> list[str]:
    """Revoke the stored sign-in and forget it; what to tell the person."""
    origin = _origin(configuration)
    store = choose_store(configuration.home, origin).store
    sign_in = store.load(origin)
    if sign_in is None:
        return ["Nobody is signed in."]
    told = ["Signed out; the sign-in is gone from this machine."]
    if sign_in.refresh_token:
        http = Http(AppId(sign_in.client_id), configuration.settings.api_url, clock, None)
        try:
            if not _desk(http, clock).revoke(sign_in.refresh_token):
                told.append("Simkl could not be told; end it on your Connected Apps page, too.")
        finally:
            http.close()
    else:
        told.append("Sign-ins of older apps stay valid until you end them on your Connected Apps page.")
    forget(store, origin, clock)
    return told


def whoami(configuration: Configuration, clock: Clock) -> list[str]:
    """Whose account it is, its plan, how long the sign-in lasts, and the quota where it is told."""
    settings = configuration.settings
    signed = signed_in(configuration.home, settings.api_url, clock)
    renew = None
    if settings.access_token:
        credentials = Credentials(settings.client_id, settings.access_token)
        lasts = "The token comes from RATEPORT_ACCESS_TOKEN."
    elif signed:
        credentials, renew = signed.credentials, signed.renew
        lasts = _lasts(configuration)
    else:
        raise AuthError("Nobody is signed in; run rateport login.")
    with SimklClient(credentials, base_url=settings.api_url, clock=clock, renew=renew) as client:
        profile = client.settings()
    told = [f"{profile.name or 'no name'} (account {profile.id}, {profile.type})", lasts]
    if profile.quota:
        told.append(f"{profile.quota.remaining} of {profile.quota.limit} requests are left today.")
    return told


def signed_in(home: Path, api_url: str, clock: Clock) -> SignedIn | None:
    """The stored sign-in for this address, renewed if it is about to end; None when there is none."""
    origin = origin_of(checked_address(api_url))
    store = choose_store(home, origin).store
    sign_in = store.load(origin)
    if sign_in is None:
        return None
    desk = _desk(Http(AppId(sign_in.client_id), api_url, clock, None), clock)
    renewal = Renewal(sign_in, store, desk, clock)
    fresh = renewal.fresh()
    return SignedIn(fresh.credentials(origin), fresh.account_id, renewal.renew)


def _desk(http: Http, clock: Clock) -> SignInDesk:
    """A desk that keeps the pace even if a process has just signed somebody in or out (simkl-api.md 3.1)."""
    return SignInDesk(http, clock, last_post_at=clock.now())


def _lasts(configuration: Configuration) -> str:
    origin = _origin(configuration)
    choice = choose_store(configuration.home, origin)
    sign_in = choice.store.load(origin)
    if sign_in is None or sign_in.expires_at is None:
        return f"The sign-in lasts until you end it. {choice.sentence}"
    return f"The token lasts until {sign_in.expires_at:%Y-%m-%d %H:%M} UTC and renews itself. {choice.sentence}"


def _origin(configuration: Configuration) -> str:
    return origin_of(checked_address(configuration.settings.api_url))
