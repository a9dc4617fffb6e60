"""What proves to the service who asks; kept apart from the transport, so that naming it costs no import."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.vocabulary.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the account; never shown, not even in a repr."""

    client_id: str = field(repr=False)
    access_token: str = field(repr=False)

    def __post_init__(self) -> None:
        for name in ("client_id", "access_token"):
            value = getattr(self, name)
            if not value or not all("!" <= character <= "~" for character in value):
                raise ConfigError(f"The {name.replace('_', ' ')} is empty or holds spaces or odd characters.")
