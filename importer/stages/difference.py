"""The plan against the account: what each title of the plan means for what the account holds already.

Every send is new, a change of a rating, the same as what stands there, or kept out by the policy for conflicts.
What cannot be shown to be newer never counts as newer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from importer.stages.derive import is_derived
from importer.stages.match import AccountIndex, by_simkl
from importer.stages.plan import Plan
from importer.stages.reconcile import Fate, Settlement, reconcile
from importer.vocabulary import dates
from importer.vocabulary.ids import ANIME_NATIVE, FRANCHISE
from importer.vocabulary.sends import AccountTitle, OnConflict, Section, Send

_NATIVE, _FRANCHISE = frozenset({"simkl", *ANIME_NATIVE}), frozenset(FRANCHISE)


class Stand(StrEnum):
    """How a send stands to the account."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    UNLISTED = "unlisted"


class Standing(NamedTuple):
    """How one send stands, to which title of the account if there is one, and what there is to say."""

    stand: Stand
    held: AccountTitle | None = None
    detail: str = ""

    @property
    def goes(self) -> bool:
        """Whether the send goes out."""
        return self.stand in (Stand.NEW, Stand.CHANGED)

    @property
    def settlement(self) -> Settlement:
        """What it means for the send."""
        return Settlement(_FATES[self.stand], self.detail)


_FATES: Mapping[Stand, Fate] = {
    Stand.NEW: Fate.WAITING,
    Stand.CHANGED: Fate.WAITING,
    Stand.UNCHANGED: Fate.UNCHANGED,
    Stand.KEPT: Fate.KEPT,
    Stand.DUPLICATE: Fate.DUPLICATE,
    Stand.UNLISTED: Fate.LEFT_OUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides between the exports and the account."""

    on_conflict: OnConflict = OnConflict.NEWEST
    only_listed: bool = False

    def order(self, place: int, send: Send) -> tuple[int, bool, str, int]:
        """Where a send stands in the row of all: of two that land on one title the later stays. Undated ones go
        before dated ones, because none can be shown to be newer, and older before newer; lower before higher above
        all where the highest is to win."""
        rating = send.item["rating"] if self.on_conflict is OnConflict.HIGHEST else 0
        return rating, send.is_dated, send.item.get("rated_at", ""), place

    def in_order(self, sends: Mapping[int, Send]) -> dict[int, Send]:
        """`sends`, by the places of their rows, in that order."""
        return dict(sorted(sends.items(), key=lambda each: self.order(*each)))


class Row(NamedTuple):
    """What is known of the row behind a send: whether its date is only a day, and its rating derived."""

    by_day: bool = False
    derived: bool = False


class Comparison:
    """The comparison of sends with one reading of the account. `landed` tells where sends of earlier runs, by key,
    were seen to have landed, as Simkl ids."""

    def __init__(
        self, titles: Collection[AccountTitle], rules: Rules, landed: Mapping[str, str] | None = None
    ) -> None:
        self._index = AccountIndex(titles)
        self._titles = by_simkl(titles)
        self._landed = landed or {}
        self.rules = rules

    def _find(self, send: Send) -> list[AccountTitle]:
        known = self._titles.get(self._landed.get(send.key, ""))
        return [known] if known else self._index.find(send)

    def meanings(self, send: Send) -> list[tuple[object, ...]]:
        """What sends share that will land on one title of the account: that title, or the titles of a franchise
        where an id of the whole of it stands alone, for that finds another season than the season's own id."""
        found, known = self._index.find(send), self._landed.get(send.key)
        is_anime = any(title.section is Section.ANIME for title in found)
        ids = send.item["ids"]
        by_franchise = is_anime and _NATIVE.isdisjoint(ids) and not _FRANCHISE.isdisjoint(ids)
        shared = [(by_franchise, *(title.simkl for title in found))]
        return [*shared, (False, known)] if by_franchise and known else shared

    def standing(self, send: Send, row: Row = Row()) -> Standing:  # noqa: B008 - an immutable value
        """How `send` stands. Where it may mean several titles, any of them that holds it already, or must be
        kept, decides."""
        found = [self._against(send, row, held) for held in self._find(send)]
        for stand in (Stand.UNCHANGED, Stand.KEPT, Stand.CHANGED, Stand.NEW):
            for standing in found:
                if standing.stand is stand:
                    return self._listed(standing)
        return self._listed(Standing(Stand.NEW))

    def _listed(self, standing: Standing) -> Standing:
        is_listed = standing.held is not None and standing.held.status is not None
        if self.rules.only_listed and not is_listed and standing.goes:
            return Standing(Stand.UNLISTED, standing.held, "on none of your lists, and --only-listed is set")
        return standing

    def _against(self, send: Send, row: Row, held: AccountTitle) -> Standing:
        if held.rating is None:
            return Standing(Stand.NEW, held)
        if held.rating == send.item["rating"] and (not send.is_dated or _order(send, held, row) == 0):
            return Standing(Stand.UNCHANGED, held)
        if self._wins(send, row, held):
            return Standing(Stand.CHANGED, held, f"replaces {_said(held)}")
        return Standing(Stand.KEPT, held, f"your Simkl rating stands: {_said(held)}")

    def _wins(self, send: Send, row: Row, held: AccountTitle) -> bool:
        rule = self.rules.on_conflict
        if rule is OnConflict.OVERWRITE:
            return True
        if row.derived or rule is OnConflict.KEEP:
            return False
        if rule is OnConflict.HIGHEST:
            assert held.rating is not None
            return bool(send.item["rating"] > held.rating)
        return _order(send, held, row) > 0


def _order(send: Send, held: AccountTitle, row: Row) -> int:
    """1 where the send was rated later than what is held, 0 at the same time, -1 earlier or not known. A date
    that is only a day is compared as one."""
    if not send.is_dated or held.rated_at is None:
        return -1
    mine, theirs = str(send.item["rated_at"]), dates.iso_utc(held.rated_at)
    if row.by_day:
        mine, theirs = mine[:10], theirs[:10]
    return (mine > theirs) - (mine < theirs)


def _said(held: AccountTitle) -> str:
    return f"{held.rating} of {held.rated_at:%Y-%m-%d}" if held.rated_at else f"{held.rating}, undated"


@dataclass(frozen=True, slots=True)
class Difference:
    """The standing of every send of a plan, by the place of its row, and its sends."""

    sends: Mapping[int, Send]
    standings: Mapping[int, Standing]

    def going(self) -> dict[int, Send]:
        """The sends that go out."""
        return {place: send for place, send in self.sends.items() if self.standings[place].goes}


def difference(plan: Plan, comparison: Comparison) -> Difference:
    """How every send of `plan` stands. A title that may be of the other kind stands as that one where the account
    holds just this rating there, or where only what the account lists may go."""
    rows = rows_of(plan.frame)
    sends: dict[int, Send] = {}
    standings: dict[int, Standing] = {}
    for place, send in plan.sends.items():
        standing = comparison.standing(send, rows[place])
        if standing.held is None and (second := plan.sends.second(place)):
            other = comparison.standing(second, rows[place])
            is_left_out = standing.stand is Stand.UNLISTED and other.stand is not Stand.UNLISTED
            if is_left_out or other.stand is Stand.UNCHANGED:
                send, standing = second, other
        sends[place], standings[place] = send, standing
    standings.update(_duplicates(plan.frame, Difference(sends, standings), comparison))
    return Difference(sends, standings)


def _duplicates(frame: pd.DataFrame, found: Difference, comparison: Comparison) -> Iterator[tuple[int, Standing]]:
    """Sends that only the account shows to mean one title: the last of them speaks, as it would if all went. By
    date, what stands there already cannot be later than what goes."""
    together: dict[tuple[object, ...], list[int]] = defaultdict(list)
    by_date = comparison.rules.on_conflict is OnConflict.NEWEST
    for place, standing in found.standings.items():
        may_speak = standing.goes or (standing.stand is Stand.UNCHANGED and not by_date)
        if standing.held is not None and may_speak:
            for meaning in comparison.meanings(found.sends[place]):
                together[meaning].append(place)
    for places in together.values():
        *others, last = sorted(places, key=lambda place: comparison.rules.order(place, found.sends[place]))
        for place in others:
            if found.standings[place].goes:
                yield place, _spoken_for(frame, last, found.standings[place].held)


def second_standings(
    seconds: Mapping[int, Send],
    plan: Plan,
    found: Difference,
    confirmed: Mapping[int, Send],
    comparison: Comparison,
) -> dict[int, Standing]:
    """How sends under the other kind stand: to the account, and to the sends that are `confirmed` or need not go,
    of which the one that would land last speaks."""
    frame, rules, rows = plan.frame, comparison.rules, rows_of(plan.frame)
    there = {
        place: found.sends[place]
        for place, standing in found.standings.items()
        if standing.stand is Stand.UNCHANGED and rules.on_conflict is not OnConflict.NEWEST
    }
    there.update(confirmed)
    titles = {place: _as_title(send) for place, send in there.items()}
    index, places = AccountIndex(titles.values()), {id(title): place for place, title in titles.items()}
    standings: dict[int, Standing] = {}
    for place, send in seconds.items():
        twins = [places[id(title)] for title in index.find(send)]
        later = [twin for twin in twins if rules.order(twin, there[twin]) > rules.order(place, send)]
        standings[place] = _spoken_for(frame, later[0]) if later else comparison.standing(send, rows[place])
    return standings


def _as_title(send: Send) -> AccountTitle:
    """What a send will be in the account, as far as it takes to find it."""
    return AccountTitle(
        section=send.section,
        ids={space: str(value) for space, value in send.item["ids"].items()},
        title=send.item.get("title", ""),
        year=send.item.get("year"),
        rating=send.item["rating"],
        rated_at=None,
        status=None,
    )


def _spoken_for(frame: pd.DataFrame, speaker: int, held: AccountTitle | None = None) -> Standing:
    where = f"{frame['file'].iat[speaker]}:{frame['line'].iat[speaker]}"
    return Standing(Stand.DUPLICATE, held, f"{where} speaks for this title, which is the same at Simkl")


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """What the comparison wants to know of every row."""
    days = (frame["rated_precision"] == dates.Precision.DAY.value).fillna(False).tolist()
    return [Row(by_day, derived) for by_day, derived in zip(days, is_derived(frame).tolist(), strict=True)]


def applied(frame: pd.DataFrame, found: Difference) -> pd.DataFrame:
    """The plan's frame in which every row knows how it stands: what stays behind has its outcome, the rest is
    pending."""
    ends = {send.key: found.standings[place].settlement for place, send in found.sends.items()}
    return reconcile(frame, found.sends, ends)
