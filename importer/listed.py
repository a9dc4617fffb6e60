"""What `ratings` answers: the rated titles of the account, newest first. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from importer.report.titles import KINDS
from importer.services import Service
from importer.simkl.client import SimklClient
from importer.vocabulary import dates
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.scales import HIGHEST, LOWEST
from importer.vocabulary.sends import AccountTitle, Section

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_WORDS = {str(rating): rating for rating in range(LOWEST, HIGHEST + 1)}


def ratings_named(text: str | None) -> tuple[int, ...]:
    """The ratings in a list like `8,9`; all of them for None. Raises ConfigError for anything else, because the
    service answers such a question with something else (simkl-api.md 6.1)."""
    words = list(_WORDS) if text is None else [word.strip() for word in text.split(",")]
    if strange := [word for word in words if word not in _WORDS]:
        raise ConfigError(
            f"--rating: {strange[0]!r} is no rating; write whole numbers from 1 to 10 with commas, as in 8,9."
        )
    return tuple(sorted({_WORDS[word] for word in words}))


def rated_titles(
    to: Service, clock: Clock, sections: Collection[Section], ratings: Collection[int]
) -> list[AccountTitle]:
    """The titles of the account with one of `ratings`, the last rated first, those without a date at the end;
    of all sections when none is named."""
    with SimklClient(
        to.credentials, base_url=to.base_url, clock=clock, wsgi_app=to.wsgi_app, renew=to.renew
    ) as client:
        asked = [section for section in Section if not sections or section in sections]
        titles = [title for section in asked for title in client.read_ratings(section, ratings)]
    titles.sort(key=lambda title: title.title.casefold())
    return sorted(titles, key=lambda title: title.rated_at or _BEFORE_ALL, reverse=True)


def ratings_json(titles: Iterable[AccountTitle]) -> list[dict[str, Any]]:
    """The titles as values for machines."""
    return [
        {
            "type": KINDS[title.section],
            "title": title.title,
            "year": title.year,
            "rating": title.rating,
            "rated_at": dates.iso_utc(title.rated_at) if title.rated_at else None,
            "status": title.status,
            "ids": dict(title.ids),
        }
        for title in titles
    ]
