"""Moments as the service writes and reads them: UTC, whole seconds, with or without a fraction."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """`at` as it is kept: text that sorts by time."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def with_fraction(kept: str) -> str:
    """A kept moment in the other spelling, which replies favour (simkl-api.md 4.2)."""
    return kept.removesuffix("Z") + ".000Z"


def read_stamp(text: object) -> str:
    """Any ISO 8601 text as a kept moment; a missing zone is UTC. Raises ValueError when it is none."""
    if not isinstance(text, str):
        raise ValueError("a moment is a text")
    at = datetime.fromisoformat(text.strip())
    try:
        return stamp(at.replace(tzinfo=UTC) if at.tzinfo is None else at)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the calendar") from None
