"""Where an import goes: the real service, or the stand-in in process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.config import Configuration
from importer.simkl.credentials import Credentials
from importer.vocabulary.errors import AuthError

SANDBOX_ACCOUNT = "sandbox"


@dataclass(frozen=True, slots=True)
class Service:
    """Where an import goes: credentials and address, or an app that answers in process."""

    credentials: Credentials
    base_url: str
    account: str
    journal: Path
    wsgi_app: Any = None


def service(configuration: Configuration) -> Service:
    """The real service, or the one that RATEPORT_API_URL names. Raises AuthError when no sign-in is known."""
    settings = configuration.settings
    missing = [
        variable
        for variable, value in (
            ("RATEPORT_CLIENT_ID", settings.client_id),
            ("RATEPORT_ACCESS_TOKEN", settings.access_token),
        )
        if not value
    ]
    if missing:
        raise AuthError(
            f"No sign-in is known: set {' and '.join(missing)} in the environment "
            "(README, 'Signing in'), or try the import with --sandbox first."
        )
    account = hashlib.sha256(f"{settings.api_url}\n{settings.access_token}".encode()).hexdigest()
    return Service(
        credentials=Credentials(settings.client_id, settings.access_token),
        base_url=settings.api_url,
        account=account,
        journal=configuration.home / "journals" / f"{account[:16]}.sqlite",
    )


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
