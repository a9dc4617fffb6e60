"""Titles and sends, short to write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from importer.vocabulary.sends import AccountTitle, Section, Send

THEN, LATER = "2020-05-05T08:30:00Z", "2021-01-01T12:00:00Z"


def title(
    rating: int | None = 6,
    rated_at: str | None = THEN,
    *,
    status: str | None = "completed",
    section: Section = Section.MOVIES,
    name: str = "Fight Club",
    year: int = 1999,
    watched: str = "",
    **ids: str,
) -> AccountTitle:
    """A title of the account; Fight Club unless told otherwise."""
    return AccountTitle(
        section=section,
        ids=ids or {"simkl": "7", "imdb": "tt0137523"},
        title=name,
        year=year,
        rating=rating,
        rated_at=datetime.fromisoformat(rated_at) if rated_at and rating is not None else None,
        status=status,
        watched=watched,
    )


def send(
    rating: int = 9, rated_at: str = LATER, *, section: Section = Section.MOVIES, name: str = "", **ids: Any
) -> Send:
    """A rating to send, of Fight Club unless told otherwise."""
    dated = {"rated_at": rated_at} if rated_at else {}
    named = {"title": name, "year": 1999} if name else {}
    return Send(
        section, {"rating": rating, **dated, **named, "ids": ids or ({} if name else {"imdb": "tt0137523"})}
    )
