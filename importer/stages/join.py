"""Which rows are one title: joined by shared ids in plain Python, by title and year only without any id.

Two different ids of a one-to-one space never join: such rows are split and said (design.md 3). The result
depends on what the rows hold, never on their order.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from importer.vocabulary.ids import ANIME_NATIVE, FRANCHISE, PER_KIND, SENDABLE, SPACES

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for a missing date where rows are put in order."""

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
    is_kind_sure: bool = True

    @property
    def where(self) -> str:
        """The row's place, for people."""
        return f"{self.file}:{self.line}"


def recency(row: Candidate) -> tuple[bool, datetime, str, int]:
    """Later is greater; the same moment is settled by content and place, never by the order of files."""
    digest = row.row_id.partition(":")[0]
    return row.rated_at is not None, row.rated_at or BEGINNING, digest, row.line


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


def title_key(keys: Sequence[Key], row_id: str) -> str:
    """The name of the work that these keys name, the strongest first; the row's own when there is none."""
    if not keys:
        return f"row:{row_id}"
    best = keys[0] if len(keys) == 1 else min(keys, key=_key_order)
    return ":".join(part for part in best if part)


def _key_order(key: Key) -> tuple[int, Key]:
    return _RANK.get(key[0], len(_RANK)), key


def folded(title: str) -> str:
    """How titles are compared: composed, any case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())


class Part(NamedTuple):
    """Rows that are one title, all keys they hold, and what there is to say about their joining."""

    rows: list[Candidate]
    keys: list[Key]
    notes: tuple[str, ...] = ()


def joined(rows: Sequence[Candidate]) -> list[Part]:
    keys = [keys_of(row) for row in rows]
    found: list[Part] = []
    for members in _components(keys):
        if len(members) == 1:
            found.append(Part([rows[members[0]]], keys[members[0]]))
        elif not _conflicts([keys[member] for member in members]):
            found.append(_part(rows, keys, members))
        else:
            found.extend(_split(rows, keys, members))
    return found


def _part(
    rows: Sequence[Candidate], keys: Sequence[Sequence[Key]], members: Sequence[int], notes: tuple[str, ...] = ()
) -> Part:
    held = list(chain.from_iterable(keys[member] for member in members))
    return Part([rows[member] for member in members], held, notes)


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


def _split(rows: Sequence[Candidate], keys: Sequence[Sequence[Key]], members: Sequence[int]) -> list[Part]:
    """The parts of a component that must not be one title, each with a note that says why."""
    holders: dict[Key, list[int]] = defaultdict(list)
    for member in members:
        for key in keys[member]:
            holders[key].append(member)
    doubtful = {key for key, places in holders.items() if _conflicts(keys[place] for place in places)}
    spaces = _conflicts(keys[member] for member in members)
    note = (f"not joined with other rows that share an id, because their {' and '.join(spaces)} ids differ",)
    sure = [[_twin_key(rows[member]), *(key for key in keys[member] if key not in doubtful)] for member in members]
    parts: list[Part] = []
    for component in _components(sure):
        places = [members[position] for position in component]
        if _conflicts(keys[place] for place in places):
            parts.extend(_part(rows, keys, twins, note) for twins in _alike(rows, places))
        else:
            parts.append(_part(rows, keys, places, note))
    return parts


def _alike(rows: Sequence[Candidate], places: Iterable[int]) -> list[list[int]]:
    """Places of twins together, all others alone."""
    parts: dict[Key, list[int]] = defaultdict(list)
    for place in places:
        parts[_twin_key(rows[place])].append(place)
    return list(parts.values())


def _twin_key(row: Candidate) -> Key:
    """What rows share that say just the same: such rows are one title, however doubtful their ids are."""
    named = sorted(row.ids.items()) or (folded(row.title or ""), row.year)
    return "twin", row.kind, repr(named)
