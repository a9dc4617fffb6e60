"""What ratings do to the lists of an account: before, by the official table; afterwards, by what is seen.

The table speaks of titles that are on no list (simkl-add-ratings.txt; simkl-api.md 4.3). Of titles on a list the
notes disagree, so those are looked at afterwards and never promised anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from importer.stages.difference import Standing
from importer.stages.match import AccountIndex, by_simkl
from importer.vocabulary.sends import AccountTitle, Section, Send, Touched

COMPLETED, PLANNED, WATCHING = "completed", "plantowatch", "watching"


def filings(sends: Iterable[tuple[Send, Standing]], now: datetime) -> dict[str, list[str]]:
    """The names of titles that Simkl will put on a list because they are on none, by list."""
    found: dict[str, list[str]] = {COMPLETED: [], WATCHING: [], PLANNED: []}
    for send, standing in sends:
        if standing.held is None or standing.held.status is None:
            found[_filed_as(send, now.year)].append(send.name)
    return {name: titles for name, titles in found.items() if titles}


def _filed_as(send: Send, year: int) -> str:
    """A movie of a year to come is not released; whether a show has a single episode no export tells."""
    if send.section is not Section.MOVIES:
        return WATCHING
    return PLANNED if send.item.get("year", year) > year else COMPLETED


def touched(
    before: Iterable[AccountTitle], after: Iterable[AccountTitle], simkl_ids: Collection[str]
) -> list[Touched]:
    """What became of the titles of `simkl_ids`; those that are as before are left out."""
    then, now = by_simkl(before), by_simkl(after)
    found = (Touched(simkl, then.get(simkl), now.get(simkl)) for simkl in sorted(set(simkl_ids)))
    return [each for each in found if each.before != each.after]


def overlaid(titles: Iterable[AccountTitle], fresher: Iterable[AccountTitle]) -> list[AccountTitle]:
    """`titles` in which those of `fresher` have taken the place of their older selves."""
    return list({**by_simkl(titles), **by_simkl(fresher)}.values())


def changed(before: Iterable[AccountTitle], after: Iterable[AccountTitle]) -> list[AccountTitle]:
    """The titles of `after` that are not as they were before."""
    then = by_simkl(before)
    return [title for title in after if then.get(title.simkl) != title]


def filed(each: Touched) -> bool:
    """Whether a title came to a list that was on none."""
    return (each.before is None or each.before.status is None) and bool(each.after and each.after.status)


def moved(each: Touched) -> bool:
    """Whether a title went from one list to another."""
    return bool(
        each.before and each.after and each.before.status is not None and each.before.status != each.after.status
    )


def as_found(
    before: Iterable[AccountTitle], now: Iterable[AccountTitle], sent: Sequence[Send]
) -> list[AccountTitle]:
    """The account as a run found it that is taken up again: as it is now, but where the run's own sends explain
    what has changed, as it was before."""
    then = by_simkl(before)
    own = {title.simkl for title in AccountIndex(now).holders(sent) if then.get(title.simkl) != title}
    fresh: Mapping[str, AccountTitle] = by_simkl(now)
    kept = [then.get(simkl) if simkl in own else fresh.get(simkl) for simkl in {**then, **fresh}]
    return [title for title in kept if title is not None]
