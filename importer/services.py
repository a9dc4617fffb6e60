"""Where an import goes: the real service, or the stand-in in process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.config import Configuration
from importer.simkl.credentials import Credentials
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError

SANDBOX_ACCOUNT = "sandbox"
NO_SIGN_IN = (
    "No sign-in is known. Run rateport login, or set RATEPORT_CLIENT_ID and RATEPORT_ACCESS_TOKEN in the "
    "environment; README, 'Signing in', tells how. To try an import first, add --sandbox."
)


@dataclass(frozen=True, slots=True)
class Service:
    """Where an import goes: credentials and address, or an app that answers in process."""

    credentials: Credentials
    base_url: str
    account: str
    journal: Path
    wsgi_app: Any = None
    renew: Callable[[str], str | None] | None = None


def service(configuration: Configuration, clock: Clock) -> Service:
    """The real service, or the one that RATEPORT_API_URL names: with the token from the environment, else with the
    stored sign-in. Raises AuthError when neither is there."""
    settings = configuration.settings
    if settings.access_token:
        if not settings.client_id:
            raise AuthError("RATEPORT_ACCESS_TOKEN is set, but not the RATEPORT_CLIENT_ID that it belongs to.")
        credentials, renew = Credentials(settings.client_id, settings.access_token), None
        account = _account(settings.api_url, settings.access_token)
    else:
        from importer.signing import signed_in

        found = signed_in(configuration.home, settings.api_url, clock)
        if found is None:
            raise AuthError(NO_SIGN_IN)
        credentials, renew = found.credentials, found.renew
        account = _account(settings.api_url, f"account {found.account}")
    return Service(
        credentials=credentials,
        base_url=settings.api_url,
        account=account,
        journal=configuration.home / "journals" / f"{account[:16]}.sqlite",
        renew=renew,
    )


def _account(api_url: str, owner: str) -> str:
    return hashlib.sha256(f"{api_url}\n{owner}".encode()).hexdigest()


def sandbox(configuration: Configuration) -> Service:
    """The embedded stand-in, with its account and journal side by side in rateport's folder."""
    from importer.sandbox.app import SandboxSettings, create_app

    folder = configuration.home / "sandbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Service(
        credentials=Credentials("sandbox", "sandbox"),
        base_url="http://localhost",
        account=SANDBOX_ACCOUNT,
        journal=folder / "journal.sqlite",
        wsgi_app=create_app(SandboxSettings(database=folder / "account.sqlite")),
    )
