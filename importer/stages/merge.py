"""Several exports become one truth: which row speaks for each title; the others are its duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.stages.join import BEGINNING, Candidate, Part, joined, keys_of, recency, title_key
from importer.stages.pending import PendingRows
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime

_ANIME = Anime.YES.value


class Group(NamedTuple):
    """One title: the row that speaks, all rows of it (the speaker first), and what was noticed."""

    key: str
    speaker: Candidate
    members: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether its rows hold different ratings."""
        return any(member.rating != self.speaker.rating for member in self.members)


@dataclass(frozen=True, slots=True)
class Preference:
    """Which row speaks: `newest`, `oldest`, `highest`, or the first in a list of sources."""

    policy: str = "newest"
    sources: tuple[str, ...] = ()


POLICIES = ("newest", "oldest", "highest")


def preference(text: str, known_sources: Iterable[str]) -> Preference:
    """The preference that `--prefer TEXT` asks for. Raises ConfigError for anything unknown."""
    if text in POLICIES:
        return Preference(text)
    sources = tuple(part.strip() for part in text.split(",") if part.strip())
    strange = sorted(set(sources) - set(known_sources))
    if strange or not sources:
        raise ConfigError(
            f"--prefer {text}: use newest, oldest, highest, or source names in order, for example imdb,trakt."
        )
    return Preference("sources", sources)


def merge(frame: pd.DataFrame, prefer: Preference) -> tuple[pd.DataFrame, list[Group]]:
    """The frame with `title_key` set and all rows but the speakers marked duplicate, and the titles of more than
    one row, or of one whose joining was in doubt; every other pending row speaks for itself."""
    return merge_rows(frame, PendingRows(frame), prefer)


def merge_rows(frame: pd.DataFrame, rows: PendingRows, prefer: Preference) -> tuple[pd.DataFrame, list[Group]]:
    """As `merge`, for rows that were taken from the frame already."""
    parts = joined([rows.candidate(position) for position in rows.crowded()])
    groups = [_group(part, prefer) for part in parts]
    told = [group for group in groups if len(group.members) > 1 or group.notes]
    told.sort(key=lambda group: group.speaker.place)
    return _marked(frame, rows, groups, told), told


# --- which row speaks -------------------------------------------------------------------------------------


def alone(row: Candidate) -> Group:
    """The title of a row that shares nothing with any other."""
    return Group(title_key(keys_of(row), row.row_id), row, (row,))


def _group(part: Part, prefer: Preference) -> Group:
    key = title_key(part.keys, part.rows[0].row_id)
    if len(part.rows) == 1:
        return Group(key, part.rows[0], (part.rows[0],), part.notes)
    speaker = _speaker(part.rows, prefer)
    others = sorted((row for row in part.rows if row is not speaker), key=lambda row: row.place)
    return Group(key, speaker, (speaker, *others), part.notes)


def _speaker(rows: Sequence[Candidate], prefer: Preference) -> Candidate:
    best_rank: dict[str, int] = {}
    for row in rows:
        best_rank[row.source] = max(row.rank, best_rank.get(row.source, row.rank))
    heard = [row for row in rows if row.rank == best_rank[row.source]]
    dated = [row for row in heard if row.rated_at is not None]
    if prefer.policy == "oldest" and dated:
        return min(dated, key=lambda row: (row.rated_at or BEGINNING, row.row_id))
    if prefer.policy == "highest":
        return max(heard, key=lambda row: (row.rating, *recency(row)))
    if prefer.policy == "sources":
        return min(
            sorted(heard, key=recency, reverse=True),
            key=lambda row: _place_of(row.source, prefer.sources),
        )
    return max(heard, key=recency)


def _place_of(source: str, order: Sequence[str]) -> int:
    return order.index(source) if source in order else len(order)


# --- into the frame ---------------------------------------------------------------------------------------


def _marked(frame: pd.DataFrame, rows: PendingRows, groups: Iterable[Group], told: Sequence[Group]) -> pd.DataFrame:
    title_keys: list[str | None] = [None] * len(frame)
    for place, key in zip(rows.places, rows.own_keys(), strict=True):
        title_keys[place] = key
    for group in groups:
        for member in group.members:
            title_keys[member.place] = group.key
    if not told:
        return frames.replaced(frame, {"title_key": title_keys})
    outcomes, codes = frames.column(frame, "outcome"), frames.column(frame, "code")
    details = frames.column(frame, "detail")
    for group in told:
        for member in group.members:
            details[member.place] = "; ".join(filter(None, (details[member.place], *group.notes))) or None
        for member in group.members[1:]:
            outcomes[member.place], codes[member.place] = Outcome.DUPLICATE.value, Code.DUPLICATE.value
            said = (_duplicate_detail(member, group.speaker), details[member.place])
            details[member.place] = "; ".join(filter(None, said))
    return frames.replaced(frame, {"title_key": title_keys, "outcome": outcomes, "code": codes, "detail": details})


def _duplicate_detail(member: Candidate, speaker: Candidate) -> str:
    if member.rating == speaker.rating:
        return f"{speaker.where} speaks for this title, with the same rating"
    return f"{speaker.where} speaks for this title: {speaker.rating} there, {member.rating} here"


def is_anime(group: Group) -> bool:
    """Whether any row of the title says that it is anime."""
    return any(member.anime == _ANIME for member in group.members)
