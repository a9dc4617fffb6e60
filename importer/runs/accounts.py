"""Reading the account: what it holds before a run and after it. A reading that looks cut off counts as none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from importer.runs.posting import GO_ON, READ_DELAY_S
from importer.runs.session import Session
from importer.stages.effects import overlaid
from importer.stages.match import by_simkl
from importer.stages.readings import misfit
from importer.vocabulary.errors import Paused, Unreadable
from importer.vocabulary.sends import LISTS, AccountTitle, Section

if TYPE_CHECKING:
    from importer.simkl.profile import Activities

GETS = 5  # of one whole reading: activities, ratings of three kinds, library
GETS_AFTER = 5  # of a look afterwards: activities, ratings of three kinds, what changed in the library

_Reading = TypeVar("_Reading")


@dataclass(frozen=True, slots=True)
class Account:
    """One reading: every title that is rated or on a list, the library's rows as the service writes them, and when
    what last changed."""

    titles: tuple[AccountTitle, ...]
    rows: Mapping[str, Any]
    activities: Activities


def read_account(session: Session) -> Account:
    """The account. Raises Unreadable when its parts do not fit together, twice."""
    session.progress.note("Reading your account.")
    account, trouble = _twice(session, lambda: _read(session))
    if trouble:
        raise Unreadable(f"{trouble}. One of Simkl's answers looks cut off, so nothing was done. Try again later.")
    return account


def _twice(session: Session, read: Callable[[], tuple[_Reading, str]]) -> tuple[_Reading, str]:
    """A reading and what is wrong with it; one between two changes by somebody else may not fit once."""
    found, trouble = read()
    if trouble:
        session.clock.sleep(READ_DELAY_S)
        found, trouble = read()
    return found, trouble


def _read(session: Session) -> tuple[Account, str]:
    client = session.client
    activities = client.activities()
    rated = [title for section in Section for title in client.read_ratings(section)]
    library, rows = client.read_everything()
    trouble = misfit(rated, library) or _emptied(library, activities)
    return Account(tuple(overlaid(rated, library)), rows, activities), trouble


def _emptied(library: Collection[AccountTitle], activities: Activities) -> str:
    """A section that once had a list and never lost a title cannot be empty."""
    held = {title.section for title in library}
    for section, stamps in activities.sections.items():
        once_filled = any(stamps.get(name) for name in LISTS)
        if section not in held and once_filled and not stamps.get("removed_from_list"):
            return f"Simkl says that you have no {section.value}, yet that your lists of them changed"
    return ""


def read_again(session: Session, before: Account) -> list[AccountTitle]:
    """The account after a run: what has changed by the service's own record, and all ratings. Raises Paused when
    the two do not fit together, twice."""
    titles, trouble = _twice(session, lambda: _read_again(session, before))
    if trouble:
        raise Paused(f"{trouble}, so it is not yet clear what arrived. {GO_ON}")
    return titles


def _read_again(session: Session, before: Account) -> tuple[list[AccountTitle], str]:
    client, then = session.client, before.activities
    now = client.activities()
    fresh: Mapping[str, AccountTitle] = {}
    if now != then:
        fresh = by_simkl(client.library_delta(then.all) if then.all else client.read_everything()[0])
    rated = by_simkl(title for section in Section for title in client.read_ratings(section))
    held = by_simkl(before.titles)
    lost = [simkl for simkl, title in held.items() if title.is_rated and simkl not in rated and simkl not in fresh]
    if lost and not _removals(then, now):
        return [], f"Simkl no longer lists {len(lost)} of your ratings, yet nothing was removed"
    if any(title.rating != (rated[simkl].rating if simkl in rated else None) for simkl, title in fresh.items()):
        return [], "Simkl's list of your ratings and its list of what changed disagree"
    kept = (title for simkl, title in held.items() if simkl not in lost)
    return overlaid(overlaid(kept, _as_rated(held, rated)), fresh.values()), ""


def _as_rated(held: Mapping[str, AccountTitle], rated: Mapping[str, AccountTitle]) -> list[AccountTitle]:
    """The rated titles as they are now, with what only the library tells of them."""
    return [
        replace(title, watched=held[simkl].watched) if simkl in held else title for simkl, title in rated.items()
    ]


def _removals(then: Activities, now: Activities) -> bool:
    return any(
        now.sections[section].get("removed_from_list") != stamps.get("removed_from_list")
        for section, stamps in then.sections.items()
    )
