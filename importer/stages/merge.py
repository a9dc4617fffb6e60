"""Several exports become one truth: which rows are the same title, and which row speaks for it.

Rows join by shared ids, in plain Python; by title and year only when neither has an id. Two different ids of
a one-to-one space never join: such rows are split and said (design.md 3). The result depends on what the rows
hold, never on their order.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.ids import ANIME_NATIVE, FRANCHISE, PER_KIND, SENDABLE, SPACES
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_TITLE = "title"
_NATIVE = frozenset(ANIME_NATIVE)
_SENDABLE = frozenset(SENDABLE)
_RANK = {space: rank for rank, space in enumerate(SPACES)}

Key = tuple[str, str, str]
"""Id space, the kind where the space numbers kinds apart (else empty), and the id; or a title with its year."""


class Candidate(NamedTuple):
    """One row that may join others: `place` in the frame and what joining and speaking go by."""

    place: int
    row_id: str
    source: str
    rank: int
    kind: str
    anime: str
    title: str | None
    year: int | None
    ids: Mapping[str, str]
    rating: int
    rated_at: datetime | None
    line: int
    file: str

    @property
    def where(self) -> str:
        """The row's place, for people."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Group:
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
    """The frame with `title_key` set and all rows but the speakers marked duplicate, and the titles found."""
    candidates = _candidates(frame)
    groups = [_group(rows, notes, prefer) for rows, notes in _joined(candidates)]
    groups.sort(key=lambda group: group.speaker.place)
    return _marked(frame, groups), groups


# --- which rows are one title -----------------------------------------------------------------------------


def keys_of(row: Candidate) -> list[Key]:
    """What `row` may join others by."""
    native = not _NATIVE.isdisjoint(row.ids)
    keys: list[Key] = [
        (space, row.kind if space in PER_KIND else "", value)
        for space, value in row.ids.items()
        if not (native and space in FRANCHISE)  # names the franchise, not the season
    ]
    if row.title and row.year and _SENDABLE.isdisjoint(row.ids):
        keys.append((_TITLE, row.kind, f"{folded(row.title)} ({row.year})"))
    return keys


def folded(title: str) -> str:
    """How titles are compared: composed, any case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())


def _joined(rows: Sequence[Candidate]) -> list[tuple[list[Candidate], tuple[str, ...]]]:
    keys = [keys_of(row) for row in rows]
    found: list[tuple[list[Candidate], tuple[str, ...]]] = []
    for members in _components(keys):
        if len(members) == 1:
            found.append(([rows[members[0]]], ()))
        elif not _conflicts([keys[member] for member in members]):
            found.append(([rows[member] for member in members], ()))
        else:
            found.extend(_split(rows, keys, members))
    return found


def _components(keys: Sequence[Sequence[Key]]) -> list[list[int]]:
    """Places that hang together by shared keys, in the order of their first member."""
    parent = list(range(len(keys)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[Key, int] = {}
    for place, row_keys in enumerate(keys):
        for key in row_keys:
            other = first.setdefault(key, place)
            if other != place:
                parent[root(place)] = root(other)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, above in enumerate(parent):
        groups[above if parent[above] == above else root(place)].append(place)
    return list(groups.values())


def _conflicts(keys: Iterable[Iterable[Key]]) -> list[str]:
    """The one-to-one spaces in which the rows hold more than one id."""
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row_keys in keys:
        for space, kind, value in row_keys:
            values[space, kind].add(value)
    return sorted({space for (space, _), held in values.items() if len(held) > 1 and space != _TITLE})


def _split(
    rows: Sequence[Candidate], keys: Sequence[Sequence[Key]], members: Sequence[int]
) -> list[tuple[list[Candidate], tuple[str, ...]]]:
    """The parts of a component that must not be one title, each with a note that says why."""
    holders: dict[Key, list[int]] = defaultdict(list)
    for member in members:
        for key in keys[member]:
            holders[key].append(member)
    doubtful = {key for key, places in holders.items() if _conflicts(keys[place] for place in places)}
    spaces = _conflicts(keys[member] for member in members)
    note = (f"not joined with other rows that share an id, because their {' and '.join(spaces)} ids differ",)
    sure = [[_twin_key(rows[member]), *(key for key in keys[member] if key not in doubtful)] for member in members]
    parts: list[tuple[list[Candidate], tuple[str, ...]]] = []
    for component in _components(sure):
        places = [members[position] for position in component]
        if _conflicts(keys[place] for place in places):
            parts.extend((part, note) for part in _alike([rows[place] for place in places]))
        else:
            parts.append(([rows[place] for place in places], note))
    return parts


def _alike(rows: Iterable[Candidate]) -> list[list[Candidate]]:
    """Twins together, all others alone."""
    parts: dict[Key, list[Candidate]] = defaultdict(list)
    for row in rows:
        parts[_twin_key(row)].append(row)
    return list(parts.values())


def _twin_key(row: Candidate) -> Key:
    """What rows share that say just the same: such rows are one title, however doubtful their ids are."""
    named = sorted(row.ids.items()) or (folded(row.title or ""), row.year)
    return "twin", row.kind, repr(named)


# --- which row speaks -------------------------------------------------------------------------------------


def _group(rows: Sequence[Candidate], notes: tuple[str, ...], prefer: Preference) -> Group:
    if len(rows) == 1:
        return Group(_title_key(rows), rows[0], (rows[0],), notes)
    speaker = _speaker(rows, prefer)
    others = sorted((row for row in rows if row is not speaker), key=lambda row: row.place)
    return Group(_title_key(rows), speaker, (speaker, *others), notes)


def _speaker(rows: Sequence[Candidate], prefer: Preference) -> Candidate:
    best_rank: dict[str, int] = {}
    for row in rows:
        best_rank[row.source] = max(row.rank, best_rank.get(row.source, row.rank))
    heard = [row for row in rows if row.rank == best_rank[row.source]]
    dated = [row for row in heard if row.rated_at is not None]
    if prefer.policy == "oldest" and dated:
        return min(dated, key=lambda row: (row.rated_at or _BEGINNING, row.row_id))
    if prefer.policy == "highest":
        return max(heard, key=lambda row: (row.rating, *_recency(row)))
    if prefer.policy == "sources":
        return min(
            sorted(heard, key=_recency, reverse=True),
            key=lambda row: _place_of(row.source, prefer.sources),
        )
    return max(heard, key=_recency)


def _place_of(source: str, order: Sequence[str]) -> int:
    return order.index(source) if source in order else len(order)


def _recency(row: Candidate) -> tuple[bool, datetime, str, int]:
    """Later is greater; the same moment is settled by content and place, never by the order of files."""
    digest = row.row_id.partition(":")[0]
    return row.rated_at is not None, row.rated_at or _BEGINNING, digest, row.line


def _title_key(rows: Sequence[Candidate]) -> str:
    held = [key for row in rows for key in keys_of(row)]
    if not held:
        return f"row:{rows[0].row_id}"
    space, kind, value = held[0] if len(held) == 1 else min(held, key=_key_order)
    return ":".join(part for part in (space, kind, value) if part)


def _key_order(key: Key) -> tuple[int, Key]:
    return _RANK.get(key[0], len(_RANK)), key


# --- to and from the frame --------------------------------------------------------------------------------


def _candidates(frame: pd.DataFrame) -> list[Candidate]:
    pending = frame[frame["outcome"] == Outcome.PENDING.value]
    ids: list[dict[str, str]] = [{} for _ in range(len(pending))]
    for space in SPACES:
        held = pending[f"id_{space}"]
        if held.notna().any():
            for row_ids, value in zip(ids, frames.column(pending, f"id_{space}"), strict=True):
                if value is not None:
                    row_ids[space] = value
    return list(
        map(
            Candidate,
            pending.index.tolist(),
            frames.column(pending, "row_id"),
            frames.column(pending, "source"),
            frames.column(pending, "rank"),
            frames.column(pending, "kind"),
            frames.column(pending, "anime"),
            frames.column(pending, "title"),
            frames.column(pending, "year"),
            ids,
            frames.column(pending, "rating"),
            frames.column(pending, "rated_at"),
            frames.column(pending, "line"),
            frames.column(pending, "file"),
        )
    )


def _marked(frame: pd.DataFrame, groups: Iterable[Group]) -> pd.DataFrame:
    title_keys = frames.column(frame, "title_key")
    outcomes, codes = frames.column(frame, "outcome"), frames.column(frame, "code")
    details = frames.column(frame, "detail")
    for group in groups:
        for member in group.members:
            title_keys[member.place] = group.key
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


def is_anime(group: Group) -> Anime:
    """Whether the title is anime, by any of its rows."""
    if len(group.members) == 1:
        return Anime(group.speaker.anime)
    said = {member.anime for member in group.members}
    return next((anime for anime in (Anime.YES, Anime.NO) if anime.value in said), Anime.UNKNOWN)
