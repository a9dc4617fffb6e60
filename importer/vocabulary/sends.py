"""What goes to the service and what it says of it: sends, verdicts, titles of the account."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple


class Section(StrEnum):
    """The arrays of a request and the types of a read (simkl-add-ratings.txt)."""

    MOVIES = "movies"
    SHOWS = "shows"
    ANIME = "anime"


@dataclass(frozen=True)
class Send:
    """One request item. `item` has the wire's own form: rating, ids, and where known rated_at, title with year."""

    section: Section
    item: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """A hash of section and item, so that the same content is the same send in every run."""
        form = [self.section.value, self.item]
        canonical = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]

    @property
    def is_dated(self) -> bool:
        """Whether the item carries its date: only then may it be repeated blindly (simkl-api.md 4.5)."""
        return "rated_at" in self.item

    @property
    def name(self) -> str:
        """The title as people write it, or an id of it."""
        item = self.item
        if "title" in item:
            return f"{item['title']} ({item['year']})"
        return next((f"{space} {value}" for space, value in item["ids"].items()), "a title")


class Verdict(StrEnum):
    """What a reply says of one send; UNKNOWN is settled by reading the account back."""

    ACCEPTED = "accepted"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


LISTS = ("plantowatch", "watching", "completed", "hold", "dropped")
"""The lists of an account that a title can be put on (simkl-api.md 7)."""


class OnConflict(StrEnum):
    """Who wins where the account has rated a title already; what cannot be shown to be newer never wins as such."""

    NEWEST = "newest"
    KEEP = "keep"
    OVERWRITE = "overwrite"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTitle:
    """One title as the account holds it: ids as text, `rating` and `rated_at` None when unrated or undated.

    `status` is its list, None where it is on none; `watched` tells what was watched of it, to be compared only."""

    section: Section
    ids: Mapping[str, str]
    title: str
    year: int | None
    rating: int | None
    rated_at: datetime | None
    status: str | None
    watched: str = ""

    @property
    def simkl(self) -> str:
        """What the title is known by from one read to the next; empty where the service names no number."""
        return self.ids.get("simkl", "")

    @property
    def name(self) -> str:
        """The title as people write it."""
        known = self.title or next((f"{space} {value}" for space, value in self.ids.items()), "a title")
        return f"{known} ({self.year})" if self.year else known

    @property
    def is_rated(self) -> bool:
        """Whether it has a rating."""
        return self.rating is not None

    def asked_for(self, **words: Any) -> Send:
        """A send that names this title by its Simkl id alone, with what else an item of the deed holds."""
        return Send(self.section, {**words, "ids": {"simkl": int(self.simkl)}})


class Touched(NamedTuple):
    """What one title held before a run and after it; None: it was not in the library."""

    simkl: str
    before: AccountTitle | None
    after: AccountTitle | None
