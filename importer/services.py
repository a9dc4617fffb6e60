"""Where an import goes: the real service, or the stand-in in process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.config import Configuration
from importer.simkl.credentials import Credentials
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError, ConfigError
from importer.vocabulary.folders import make_private

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


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who asks, and where: `owner` is the number of the account, empty where only the service knows it."""

    credentials: Credentials
    base_url: str
    owner: str = ""
    renew: Callable[[str], str | None] | None = None
    wsgi_app: None = None


def chosen(configuration: Configuration, clock: Clock, *, in_sandbox: bool) -> Service:
    """The stand-in on this machine, or the real service."""
    return sandbox(configuration) if in_sandbox else service(configuration, clock)


def service(configuration: Configuration, clock: Clock) -> Service:
    """The real service, or the one that RATEPORT_API_URL names, with the journal of the account that is signed in.
    Raises AuthError when nobody is, ConfigError for an address that is none."""
    known = sign_in(configuration, clock)
    folder = own_folder(configuration.home / "journals")
    owner = known.owner or _owner(known, folder, clock)
    account = hashlib.sha256(f"{known.base_url}\naccount {owner}".encode()).hexdigest()
    return Service(
        credentials=known.credentials,
        base_url=known.base_url,
        account=account,
        journal=folder / f"{account[:16]}.sqlite",
        renew=known.renew,
    )


def sign_in(configuration: Configuration, clock: Clock) -> SignIn:
    """The token from the environment, else the stored sign-in. Raises AuthError when neither is there, ConfigError
    for an address that is none."""
    settings = configuration.settings
    address = _origin(settings.api_url)
    if settings.access_token:
        if not settings.client_id:
            raise AuthError("RATEPORT_ACCESS_TOKEN is set, but not the RATEPORT_CLIENT_ID that it belongs to.")
        return SignIn(Credentials(settings.client_id, settings.access_token), address)
    from importer.signing import signed_in

    found = signed_in(configuration.home, address, clock)
    if found is None:
        raise AuthError(NO_SIGN_IN)
    return SignIn(found.credentials, address, found.account, found.renew)


def _origin(api_url: str) -> str:
    """`api_url` in the one spelling that journals go by: without a slash at the end, without a default port."""
    from importer.simkl.transport import checked_address, origin_of

    return origin_of(checked_address(api_url))


def _owner(known: SignIn, folder: Path, clock: Clock) -> str:
    """The number of the account that a token opens, so that every sign-in of one account has one journal: asked of
    the service once, then noted under a hash of the token."""
    name = hashlib.sha256(f"{known.base_url}\n{known.credentials.access_token}".encode()).hexdigest()
    note = folder / f"{name[:16]}.owner"
    with suppress(OSError, UnicodeDecodeError):
        if (noted := note.read_text(encoding="ascii")).endswith("\n"):  # else it was cut short
            return noted.strip()
    from importer.simkl.client import SimklClient

    with SimklClient(known.credentials, base_url=known.base_url, clock=clock) as client:
        owner = client.settings().id
    with suppress(OSError):  # where nothing can be written, the journal will say so
        note.write_text(f"{owner}\n", encoding="ascii")
    return owner


def own_folder(folder: Path) -> Path:
    """`folder`, made for this user alone where it is missing. Raises ConfigError when it cannot be."""
    try:
        make_private(folder)
    except OSError as error:
        raise ConfigError(
            f"{folder}: the folder cannot be made: {error.strerror or error}. "
            "Set RATEPORT_HOME to a folder that you may write to."
        ) from None
    return folder


def sandbox(configuration: Configuration) -> Service:
    """The embedded stand-in, with its account and journal side by side in rateport's folder."""
    from importer.sandbox.app import SandboxSettings, create_app

    folder = own_folder(configuration.home / "sandbox")
    return Service(
        credentials=Credentials("sandbox", "sandbox"),
        base_url="http://localhost",
        account=SANDBOX_ACCOUNT,
        journal=folder / "journal.sqlite",
        wsgi_app=create_app(SandboxSettings(database=folder / "account.sqlite")),
    )
