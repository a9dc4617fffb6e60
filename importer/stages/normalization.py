"""How to normalize: what the person asked for, and what that leaves aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from importer.vocabulary import dates, scales
from importer.vocabulary.records import Anime, Kind
from importer.vocabulary.sends import Section

_PART_RATINGS = {kind: f"{'an' if kind is Kind.EPISODE else 'a'} {kind} rating" for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalization:
    """How to read scores and dates, and which rows to leave aside."""

    now: datetime
    zone: tzinfo | None = None
    order: dates.Order | None = None
    stand_ins: bool = True
    scales: Mapping[str, scales.Scale] = field(default_factory=lambda: scales.SCALES)
    sections: frozenset[Section] = frozenset(Section)
    since: datetime | None = None
    profile: str = ""

    @property
    def leaves_aside(self) -> bool:
        """Whether any filter is set at all."""
        return self.since is not None or len(self.sections) < len(Section)


def _section_of(kind: Kind, anime: Anime) -> Section:
    """The array a title goes in: anime when known to be anime (simkl-add-ratings.txt)."""
    if anime is Anime.YES:
        return Section.ANIME
    return Section.MOVIES if kind is Kind.MOVIE else Section.SHOWS


def part_rating(kind: Kind) -> str:
    """What is said of the rating of a season or episode that stays behind."""
    return _PART_RATINGS[kind]


def filter_reason(kind: Kind, anime: Anime, rated_at: datetime | None, how: Normalization) -> str:
    """Why the person's filters leave a title out, or nothing."""
    section = _section_of(kind, anime)
    if section not in how.sections:
        return f"--type leaves {section.value} out"
    if how.since and rated_at is None:
        return "--since leaves rows without a date out"
    if how.since and rated_at and rated_at < how.since:
        return f"--since {how.since:%Y-%m-%d} leaves it out"
    return ""
