"""Titles of the account as the journal keeps them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from importer.vocabulary.sends import AccountTitle, Section


def written(title: AccountTitle | None) -> str | None:
    """`title` as text, None for none."""
    if title is None:
        return None
    form = {
        "section": title.section.value,
        "ids": dict(title.ids),
        "title": title.title,
        "year": title.year,
        "rating": title.rating,
        "rated_at": title.rated_at and title.rated_at.isoformat(),
        "status": title.status,
        "watched": title.watched,
    }
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def read(text: str | None) -> AccountTitle | None:
    """The title that was written."""
    if text is None:
        return None
    form: dict[str, Any] = json.loads(text)
    at = form.pop("rated_at")
    return AccountTitle(
        **{**form, "section": Section(form["section"])}, rated_at=datetime.fromisoformat(at) if at else None
    )
