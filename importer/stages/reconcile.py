"""Verdicts into outcomes: every planned row gets its final place, and the books are closed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.stages.plan import Plan
from importer.vocabulary.outcomes import Code, Outcome


class Fate(StrEnum):
    """What finally became of a send."""

    CONFIRMED = "confirmed"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    KEPT = "kept"


class Settlement(NamedTuple):
    """The fate of one send and what there is to say about it."""

    fate: Fate
    detail: str = ""


_OUTCOMES: Mapping[Fate, tuple[Outcome, Code | None]] = {
    Fate.CONFIRMED: (Outcome.CONFIRMED, None),
    Fate.NOT_FOUND: (Outcome.NOT_FOUND, Code.NOT_FOUND),
    Fate.REFUSED: (Outcome.REJECTED, Code.REFUSED),
    Fate.KEPT: (Outcome.KEPT, None),
    Fate.UNCONFIRMED: (Outcome.REJECTED, Code.UNCONFIRMED),
}


def reconcile(plan: Plan, settlements: Mapping[str, Settlement]) -> pd.DataFrame:
    """The plan's frame with the outcome of every send that is settled; the rest stays pending."""
    frame = plan.frame
    outcomes, codes = frames.column(frame, "outcome"), frames.column(frame, "code")
    details = frames.column(frame, "detail")
    for place, send in plan.sends.items():
        settlement = settlements.get(send.key)
        if settlement is None:
            continue
        outcome, code = _OUTCOMES[settlement.fate]
        outcomes[place], codes[place] = outcome.value, code and code.value
        details[place] = "; ".join(filter(None, (details[place], settlement.detail))) or None
    return frames.replaced(frame, {"outcome": outcomes, "code": codes, "detail": details})
