"""What proves to the service who asks; kept apart from the transport, so that naming it costs no import."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.vocabulary.errors import ConfigError

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class AppId:
    """What names the app and opens nothing: enough to sign in, to renew a sign-in and to end it."""

    client_id: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_travels("client id", self.client_id)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the account; never shown, not even in a repr."""

    client_id: str = field(repr=False)
    access_token: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_travels("client id", self.client_id)
        _check_travels("access token", self.access_token)


def _check_travels(name: str, value: str) -> None:
    if not value or not all("!" <= character <= "~" for character in value):
        raise ConfigError(f"The {name} is empty or holds spaces or odd characters.")
    if len(value) > _LONGEST:
        raise ConfigError(f"The {name} is far longer than any of Simkl's; copy it anew.")
