"""Exceptions, grouped by what to do next.

RateportError
├── stop: ConfigError (2), InputError (3), AuthError (4), ApiError (5), JournalError (6), BalanceError (70)
│         Unreadable is an ApiError that passes with time
└── pause: Paused (75): state is saved, the same command goes on

A bad row is not an exception but a `Reject`; a failure worth retrying never leaves the client.
"""

from __future__ import annotations


class RateportError(Exception):
    """Root of everything rateport raises for a person to read, each argument a line; `exit_code` is the process
    status."""

    exit_code = 1

    def __str__(self) -> str:
        """The lines; a break inside one, as the name of a file may hold it, begins no line of its own."""
        return "\n".join(str(line).replace("\n", "\ufffd") for line in self.args)


class ConfigError(RateportError):
    """A flag, setting or environment value cannot be used."""

    exit_code = 2


class InputError(RateportError):
    """A named file cannot be read, or it is not clear what it is."""

    exit_code = 3


class AuthError(RateportError):
    """The service does not accept the sign-in, or the sign-in may not write."""

    exit_code = 4


class ApiError(RateportError):
    """The service refuses to go on, or breaks its contract."""

    exit_code = 5


class Unreadable(ApiError):
    """The service could not be read, for a reason that may pass, however often it was asked."""


class JournalError(RateportError):
    """The journal is locked, damaged, of a newer rateport, or of another account."""

    exit_code = 6


class BalanceError(RateportError):
    """The outcomes do not add up to the records read: a fault in rateport itself."""

    exit_code = 70


class Paused(RateportError):
    """Work stopped half way with all state saved; running the same command again goes on."""

    exit_code = 75
