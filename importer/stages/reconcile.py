"""Verdicts into outcomes: every planned row gets its final place, and the books are closed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.sends import Send


class Fate(StrEnum):
    """What finally became of a send. The last six are those of sends that do not go, or not yet."""

    CONFIRMED = "confirmed"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    LEFT_OUT = "left out"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"


class Settlement(NamedTuple):
    """The fate of one send and what there is to say about it."""

    fate: Fate
    detail: str = ""


_OUTCOMES: Mapping[Fate, tuple[Outcome, Code | None]] = {
    Fate.CONFIRMED: (Outcome.CONFIRMED, None),
    Fate.NOT_FOUND: (Outcome.NOT_FOUND, Code.NOT_FOUND),
    Fate.REFUSED: (Outcome.REJECTED, Code.REFUSED),
    Fate.UNCONFIRMED: (Outcome.REJECTED, Code.UNCONFIRMED),
    Fate.UNCHANGED: (Outcome.UNCHANGED, None),
    Fate.KEPT: (Outcome.KEPT, None),
    Fate.DUPLICATE: (Outcome.DUPLICATE, Code.DUPLICATE),
    Fate.LEFT_OUT: (Outcome.REJECTED, Code.FILTERED),
    Fate.AMBIGUOUS: (Outcome.REJECTED, Code.CONFLICT),
    Fate.WAITING: (Outcome.PENDING, None),
}


def reconcile(frame: pd.DataFrame, sends: Mapping[int, Send], settled: Mapping[str, Settlement]) -> pd.DataFrame:
    """The frame with the outcome of every send that is settled, by the place of its row; the rest is as it was."""
    outcomes, codes = frames.column(frame, "outcome"), frames.column(frame, "code")
    details = frames.column(frame, "detail")
    for place, send in sends.items():
        settlement = settled.get(send.key)
        if settlement is None:
            continue
        outcome, code = _OUTCOMES[settlement.fate]
        outcomes[place], codes[place] = outcome.value, code and code.value
        details[place] = "; ".join(filter(None, (details[place], settlement.detail))) or None
    return frames.replaced(frame, {"outcome": outcomes, "code": codes, "detail": details})
