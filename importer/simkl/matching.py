"""Reply of a POST -> one verdict for each send, by identity and never by position (simkl-api.md 4.2).

An entry speaks for the sends it shares most ids with. What could be meant for several, or names another rating,
proves nothing; it only keeps the opposite from being taken for sure.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from importer.simkl.wire import Echo, RatingsReply, Status
from importer.vocabulary.ids import PER_KIND
from importer.vocabulary.sends import Section, Send, Verdict


class Hint(Enum):
    """What one entry says of one send."""

    ACCEPTED = auto()
    MAYBE_ACCEPTED = auto()
    MISSING = auto()
    MAYBE_MISSING = auto()
    CONTRADICTED = auto()


Identity = tuple[str, str]
Group = list["_Known"]


class _Known:
    """A send in the form in which it is compared."""

    def __init__(self, send: Send) -> None:
        self.key = send.key
        self.rating: int | None = send.item.get("rating")
        self.list: str | None = send.item.get("to")
        self.is_movie = send.section is Section.MOVIES
        self.ids = _comparable(send.item.get("ids", {}))
        self.name = _name(send.item.get("title", ""), send.item.get("year"))
        self.rated_at = _to_the_second(send.item.get("rated_at", ""))
        self.hints: set[Hint] = set()

    def agrees(self, echo: Echo) -> bool:
        """Whether `echo` repeats what was asked for, the rating or the list, or names neither."""
        names_rating = "rating" in echo.model_fields_set and self.rating is not None
        names_list = bool(echo.to) and self.list is not None
        return not (names_rating and echo.rating != self.rating) and not (names_list and echo.to != self.list)

    @property
    def verdict(self) -> Verdict:
        if Hint.ACCEPTED in self.hints and self.hints <= {Hint.ACCEPTED, Hint.MAYBE_ACCEPTED}:
            return Verdict.ACCEPTED
        if Hint.MISSING in self.hints and self.hints <= {Hint.MISSING, Hint.MAYBE_MISSING}:
            return Verdict.NOT_FOUND
        return Verdict.UNKNOWN


def verdicts(sends: Sequence[Send], reply: RatingsReply) -> tuple[dict[str, Verdict], int]:
    """The verdict on each send by key, and how many entries of the reply name none of them."""
    known = {send.key: _Known(send) for send in sends}
    finder = _Finder(known.values())
    strays = sum(not _note_status(finder, status) for status in reply.added.statuses)
    for array, echoes in reply.not_found.items():
        strays += sum(not _note_missing(finder, echo, array) for echo in echoes)
    return {key: send.verdict for key, send in known.items()}, strays


def _note_status(finder: _Finder, status: Status) -> bool:
    echo = status.request
    group = finder.find(echo)
    if _numbered_per_kind(group, echo):
        group = _of_kind(group, {"movie": True, "tv": False}.get(status.response.simkl_type))
    agreeing = [send for send in group if send.agrees(echo)]
    for send in group if not agreeing else ():
        send.hints.add(Hint.CONTRADICTED)
    _hint(_by_date(_by_name(agreeing, echo), echo), Hint.ACCEPTED, Hint.MAYBE_ACCEPTED)
    return bool(group)


def _note_missing(finder: _Finder, echo: Echo, array: str) -> bool:
    """Unlike the type in a status, the name of the list is the array of the request, anime under shows."""
    group = _of_kind(finder.find(echo), {"movies": True, "shows": False}.get(array))
    agreeing = group if echo.rating is None else [s for s in group if s.rating == echo.rating]
    for send in group if not agreeing else ():
        send.hints.add(Hint.CONTRADICTED)
    _hint(_by_name(agreeing, echo), Hint.MISSING, Hint.MAYBE_MISSING)
    return bool(group)


def _hint(group: Group, sure: Hint, maybe: Hint) -> None:
    for send in group:
        send.hints.add(sure if len(group) == 1 else maybe)


class _Finder:
    """Sends by id and by title and year."""

    def __init__(self, sends: Iterable[_Known]) -> None:
        self._by_id: defaultdict[Identity, Group] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, int], Group] = defaultdict(list)
        for send in sends:
            for identity in send.ids.items():
                self._by_id[identity].append(send)
            if send.name is not None:
                self._by_name[send.name].append(send)

    def find(self, echo: Echo) -> Group:
        """The sends that `echo` can speak of: most shared ids and no other id in a shared space; by title and
        year only where either side has no ids."""
        theirs = _comparable(echo.ids)
        overlaps: defaultdict[str, int] = defaultdict(int)
        candidates: dict[str, _Known] = {}
        for identity in theirs.items():
            for send in self._by_id.get(identity, ()):
                overlaps[send.key] += 1
                candidates[send.key] = send
        fitting = [send for send in candidates.values() if _is_compatible(send.ids, theirs)]
        if fitting:
            most = max(overlaps[send.key] for send in fitting)
            return [send for send in fitting if overlaps[send.key] == most]
        name = _name(echo.title, echo.year)
        named = self._by_name.get(name, []) if name is not None else []
        return [send for send in named if not send.ids] if theirs else list(named)


def _is_compatible(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    return all(ours[space] == theirs[space] for space in ours.keys() & theirs.keys())


def _numbered_per_kind(group: Group, echo: Echo) -> bool:
    """Whether they share only ids whose array decides what they name, so that the type found tells the array."""
    spaces = {space for send in group for space in send.ids.keys() & echo.ids.keys()}
    return bool(spaces) and spaces <= PER_KIND


def _of_kind(group: Group, is_movie: bool | None) -> Group:
    """Those of the kind, where the kind can tell them apart."""
    return [send for send in group if send.is_movie == is_movie] or group


def _by_name(group: Group, echo: Echo) -> Group:
    """Those of the echoed title and year, where that can tell them apart."""
    name = _name(echo.title, echo.year)
    return [send for send in group if name is not None and send.name == name] or group


def _by_date(group: Group, echo: Echo) -> Group:
    """Those of the echoed date, where that can tell them apart: one title rated alike in two exports."""
    return [send for send in group if send.rated_at == _to_the_second(echo.rated_at)] or group


def _to_the_second(moment: str) -> str:
    """Echoes add a fraction (simkl-api.md 4.2)."""
    return moment.removesuffix("Z")[:19]


def _comparable(ids: Mapping[str, Any]) -> dict[str, str]:
    return {space: str(value).strip().casefold() for space, value in ids.items()}


def _name(title: str, year: int | None) -> tuple[str, int] | None:
    folded = " ".join(unicodedata.normalize("NFC", title).casefold().split())
    return (folded, year) if folded and year else None
