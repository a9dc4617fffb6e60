"""What it takes to put back what a run did: step by step, from what each title held before, after, and holds now.

A title that is neither as the run left it nor as it was before was changed since, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from importer.vocabulary import dates
from importer.vocabulary.sends import LISTS, AccountTitle, Section, Send, Touched


@dataclass(slots=True)
class Restoration:
    """The steps: ratings to set as they were, ratings to clear, titles to take out of the library, titles to put
    back on their lists. `as_before` counts titles that need none; the rest says what stays and why, with names."""

    rate: list[Send] = field(default_factory=list)
    clear: list[Send] = field(default_factory=list)
    remove: list[Send] = field(default_factory=list)
    move: list[Send] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    as_before: int = 0
    changed_since: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(self.rate) + len(self.clear) + len(self.remove) + len(self.move)

    def add(self, steps: list[Send], send: Send, title: AccountTitle) -> None:
        """One more step of one kind."""
        steps.append(send)
        self.names[send.key] = title.name


def restoration(touched: Iterable[Touched], now: Mapping[str, AccountTitle]) -> Restoration:
    """The steps from the account as it is `now`, by Simkl id, to what the titles held before."""
    found = Restoration()
    for each in touched:
        if each.before is None:
            _leave(found, each, now.get(each.simkl))
        else:
            _return(found, each, each.before, now.get(each.simkl))
    return found


def _leave(found: Restoration, each: Touched, now: AccountTitle | None) -> None:
    """A title that came with the run goes with it, if nothing else happened to it."""
    if now is None:
        found.as_before += 1
    elif each.after is not None and _state(now) == _state(each.after):
        found.add(found.remove, now.asked_for(), now)
    elif each.after is not None and now.is_rated and _rating(now) == _rating(each.after):
        found.changed_since.append(f"{now.name}: rated by the run, but watched or moved since; stays as it is")
    else:
        found.changed_since.append(f"{now.name}: changed since; stays as it is")


def _return(found: Restoration, each: Touched, before: AccountTitle, now: AccountTitle | None) -> None:
    """A title that was there goes back to its rating and its list."""
    if now is None:
        if each.after is None:
            _bring_back(found, before)
        else:
            found.changed_since.append(f"{before.name}: removed since; stays away")
        return
    known = (before, each.after or replace(before, status=now.status))
    if not any(_rated_alike(held, now) for held in known) or now.status not in {held.status for held in known}:
        found.changed_since.append(f"{now.name}: changed since; stays as it is")
        return
    steps = found.steps
    stuck = len(found.impossible)
    _return_rating(found, before, now)
    _return_list(found, before, now)
    if each.after and each.after.watched != before.watched and now.watched == each.after.watched:
        found.impossible.append(f"{now.name}: marked as watched; take that back on its page at Simkl")
    found.as_before += steps == found.steps and stuck == len(found.impossible)


def _bring_back(found: Restoration, before: AccountTitle) -> None:
    """A title that the run took out comes back, rated or on its list; rated, Simkl files it first."""
    if before.rating is not None:
        found.add(found.rate, _rated(before, before.rating, before.rated_at), before)
    elif before.status in LISTS:
        found.add(found.move, before.asked_for(to=before.status), before)
    if before.rating is not None and before.rated_at is None:
        found.impossible.append(f"{before.name}: had a rating without a date; Simkl dates it anew")
    if before.section is Section.MOVIES and before.watched:
        found.impossible.append(f"{before.name}: was marked as watched; mark it again on its page at Simkl")


def _return_rating(found: Restoration, before: AccountTitle, now: AccountTitle) -> None:
    if _rating(now) == _rating(before):
        return
    if before.rating is None:
        found.add(found.clear, now.asked_for(), now)
        return
    if not _rated_alike(before, now):
        found.add(found.rate, _rated(now, before.rating, before.rated_at), now)
    if before.rated_at is None:
        found.impossible.append(f"{now.name}: had a rating without a date; Simkl dates it anew")


def _return_list(found: Restoration, before: AccountTitle, now: AccountTitle) -> None:
    if now.status == before.status:
        return
    if before.status in LISTS:
        found.add(found.move, now.asked_for(to=before.status), now)
    else:
        found.impossible.append(f"{now.name}: was on {before.status or 'no list'}, where no app can put it back")


def _rated(title: AccountTitle, rating: int, rated_at: datetime | None) -> Send:
    dated = {"rated_at": dates.iso_utc(rated_at)} if rated_at else {}
    return title.asked_for(rating=rating, **dated)


def _rated_alike(known: AccountTitle, now: AccountTitle) -> bool:
    """Whether `now` has the rating of `known`, and its date where it had one: without one Simkl dates it anew."""
    is_undated = known.rating is not None and known.rated_at is None
    return now.rating == known.rating if is_undated else _rating(now) == _rating(known)


def _rating(title: AccountTitle) -> tuple[int | None, str]:
    return title.rating, dates.iso_utc(title.rated_at) if title.rated_at else ""


def _state(title: AccountTitle) -> tuple[object, ...]:
    return _rating(title), title.status, title.watched
