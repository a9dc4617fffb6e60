"""The answers to one POST of ratings, told apart by what is known of the account afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importer.vocabulary.sends import Verdict


@dataclass(frozen=True, slots=True)
class Accepted:
    """A reply of the documented form: one verdict per send key, and the reply's own text.

    `strays` counts its entries that name none of our sends.
    """

    verdicts: Mapping[str, Verdict]
    raw: str
    strays: int = 0


@dataclass(frozen=True, slots=True)
class Unclear:
    """The batch may have been applied or not; `wait_s` is what the service itself asked for, if anything."""

    reason: str
    should_shrink: bool
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was applied; the same batch will be refused again. `may_be_one_row`: splitting can find the row."""

    status: int
    error: str
    may_be_one_row: bool


@dataclass(frozen=True, slots=True)
class Busy:
    """Nothing was applied; the same batch may be sent again after `wait_s`."""

    wait_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The service was never reached, so surely nothing was applied."""

    reason: str


Answer = Accepted | Unclear | Refused | Busy | Unreachable
