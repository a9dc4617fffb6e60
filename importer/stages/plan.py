"""What will be sent: one request item per title, or the reason why it stays behind.

An item carries every id the title has, with one exception: a title with an anime-native id sends only native
ids and simkl, because a franchise id could win and land on season one (simkl-api.md 10).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from importer.stages import frame as frames
from importer.stages.join import folded
from importer.stages.merge import Group, alone, is_anime
from importer.stages.pending import PendingRows
from importer.vocabulary import dates
from importer.vocabulary.ids import ANIME_NATIVE, PER_KIND, SENDABLE, is_numeric
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section, Send

_MOVIE = Kind.MOVIE.value
_SENDABLE = frozenset(SENDABLE)
_NATIVE = frozenset(ANIME_NATIVE)
_BESIDE_NATIVE = frozenset({*ANIME_NATIVE, "simkl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may go on the wire."""

    ids_only: bool = False
    hold_undated: bool = False


class Sends(Mapping[int, Send]):
    """The sends by the place of the row that speaks for each, undated ones first, as they go; each is built when
    asked for, because a preview only counts them."""

    def __init__(
        self, rows: PendingRows, positions: Mapping[int, int], groups: Mapping[int, Group], policy: Policy
    ) -> None:
        self._rows = rows
        self._positions = positions
        self._groups = groups
        self._policy = policy

    def __len__(self) -> int:
        return len(self._positions)

    def __iter__(self) -> Iterator[int]:
        return iter(self._positions)

    def __getitem__(self, place: int) -> Send:
        return _send(self._group(place), self._policy)

    def second(self, place: int) -> Send | None:
        """The send to try when the first one is not found, under the other kind, or None where that makes no sense.

        A movie with an IMDb id gets one, too: it may be an anime film, which Simkl keeps among shows
        (simkl-api.md 10), and the id itself names just one title.
        """
        group = self._group(place)
        is_movie = group.speaker.kind == _MOVIE
        is_doubtful = not group.speaker.is_kind_sure or (is_movie and "imdb" in _united(group))
        if is_anime(group) or not is_doubtful:
            return None
        first = _send(group, self._policy)
        ids = {space: value for space, value in first.item["ids"].items() if space not in PER_KIND}
        if not ids and "title" not in first.item:
            return None
        return Send(Section.SHOWS if is_movie else Section.MOVIES, {**first.item, "ids": ids})

    def _group(self, place: int) -> Group:
        return self._groups.get(place) or alone(self._rows.candidate(self._positions[place]))


@dataclass(frozen=True, slots=True)
class Plan:
    """The frame, what to send, and how many of it Simkl will date today."""

    frame: pd.DataFrame
    sends: Sends
    undated: int


def plan(frame: pd.DataFrame, groups: Iterable[Group], policy: Policy) -> Plan:
    """The plan for a merged frame; titles that cannot be sent become rejects with a code."""
    return plan_rows(frame, PendingRows(frame), groups, policy)


def plan_rows(frame: pd.DataFrame, rows: PendingRows, groups: Iterable[Group], policy: Policy) -> Plan:
    """As `plan`, for rows that were taken from the frame already."""
    titles = {rows.places[position]: alone(rows.candidate(position)) for position in rows.intricate()}
    titles.update((group.speaker.place, group) for group in groups)
    held = _held(titles, policy)
    dated: dict[int, int] = {}
    undated: dict[int, int] = {}
    for position, (place, is_undated) in enumerate(zip(rows.places, rows.is_undated(), strict=True)):
        if is_undated and policy.hold_undated:
            held.setdefault(place, (Code.HELD_UNDATED, ""))
        if place not in held:
            (undated if is_undated else dated)[place] = position
    notes = {place: note for place, group in titles.items() if place not in held and (note := _held_back(group))}
    for position, other in rows.namesakes().items():
        if rows.places[position] not in held:
            notes[rows.places[position]] = (
                f"may be the same title as {rows.candidate(other).where}, which has an id"
            )
    return Plan(_with_rejects(frame, held, notes), Sends(rows, undated | dated, titles, policy), len(undated))


def _held(titles: Mapping[int, Group], policy: Policy) -> dict[int, tuple[Code, str]]:
    """The places of titles that cannot be sent, with the reason."""
    held = {place: reason for place, group in titles.items() if (reason := _unsendable(group, policy))}
    rest = {place: group for place, group in titles.items() if place not in held}
    for place, twins in _indistinct(rest).items():
        held[place] = (Code.CONFLICT, f"{twins} different titles would be sent as just this")
    return held


def _unsendable(group: Group, policy: Policy) -> tuple[Code, str] | None:
    if _united(group):
        return None
    if policy.ids_only:
        return Code.NO_ID, "no id, and --ids-only sends no titles"
    if _titled(group) is None:
        return Code.NO_ID, "a title without a year would be a guess" if group.speaker.title else ""
    return None


def _held_back(group: Group) -> str:
    held = _ids(group)[1]
    return f"held back, they name the whole franchise: {', '.join(held)}" if held else ""


def _ids(group: Group) -> tuple[dict[str, str], list[str]]:
    """The ids to send, and those held back as `space id`."""
    held = _united(group)
    if _NATIVE.isdisjoint(held):
        return held, []
    sent = {space: value for space, value in held.items() if space in _BESIDE_NATIVE}
    return sent, [f"{space} {value}" for space, value in held.items() if space not in _BESIDE_NATIVE]


def _united(group: Group) -> dict[str, str]:
    """Every sendable id of the title's rows, in the order of SENDABLE; the speaker's own come first."""
    if len(group.members) == 1:
        return {space: value for space, value in group.speaker.ids.items() if space in _SENDABLE}
    united: dict[str, str] = {}
    for space in SENDABLE:
        for member in group.members:
            if space in PER_KIND and member.kind != group.speaker.kind:
                continue
            if space in member.ids:
                united.setdefault(space, member.ids[space])
    return united


def _titled(group: Group) -> tuple[str, int] | None:
    """The title with its year: the speaker's, or the first row's that has both."""
    for member in group.members:
        if member.title and member.year:
            return member.title, member.year
    return None


def _send(group: Group, policy: Policy) -> Send:
    speaker = group.speaker
    item: dict[str, Any] = {"rating": speaker.rating}
    if speaker.rated_at is not None:
        item["rated_at"] = dates.iso_utc(speaker.rated_at)
    titled = None if policy.ids_only else _titled(group)
    if titled:
        item["title"], item["year"] = titled
    item["ids"] = {space: int(value) if is_numeric(space) else value for space, value in _ids(group)[0].items()}
    return Send(_section(group), item)


def _section(group: Group) -> Section:
    if is_anime(group):
        return Section.ANIME
    return Section.MOVIES if group.speaker.kind == _MOVIE else Section.SHOWS


def _indistinct(titles: Mapping[int, Group]) -> dict[int, int]:
    """Places of titles whose sends would name them just like another one, with how many there are."""
    alike: dict[Any, list[int]] = defaultdict(list)
    for place, group in titles.items():
        named = tuple(_ids(group)[0].items()) or _folded(_titled(group))
        alike[_section(group), named].append(place)
    return {place: len(places) for places in alike.values() if len(places) > 1 for place in places}


def _folded(titled: tuple[str, int] | None) -> tuple[tuple[str, str], ...]:
    return ((folded(titled[0]), str(titled[1])),) if titled else ()


def _with_rejects(
    frame: pd.DataFrame, held: Mapping[int, tuple[Code, str]], notes: Mapping[int, str]
) -> pd.DataFrame:
    if not held and not notes:
        return frame
    outcomes, codes = frames.column(frame, "outcome"), frames.column(frame, "code")
    details = frames.column(frame, "detail")
    for place, (code, detail) in held.items():
        outcomes[place], codes[place] = Outcome.REJECTED.value, code.value
        details[place] = "; ".join(filter(None, (details[place], detail))) or None
    for place, note in notes.items():
        details[place] = "; ".join(filter(None, (details[place], note)))
    return frames.replaced(frame, {"outcome": outcomes, "code": codes, "detail": details})
