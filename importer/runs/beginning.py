"""How a run on files begins, and what it takes to take it up again: rows, orders and the account as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from importer.journal.journal import Journal, Run
from importer.preparing import Material, Orders, Origin, Prepared, planned
from importer.report.summary import Summary
from importer.runs.accounts import Account
from importer.runs.backups import file_beside, write_backup
from importer.runs.session import Session
from importer.vocabulary.errors import JournalError
from importer.vocabulary.sends import AccountTitle


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How one run is carried out: who is asked, and what is done before and after it."""

    confirm: Callable[[Summary], bool]
    restore_status: bool = False
    backup: bool = True


def begun(
    session: Session,
    command: str,
    material: Material,
    before: Sequence[AccountTitle],
    to_back_up: Account | None,
    **told: Any,
) -> int:
    """The number of a new run in the journal, after the backup where there is one to make. Raises ConfigError where
    that cannot be written."""
    now = session.clock.now()
    backup = write_backup(file_beside(session.to, now), to_back_up.rows) if to_back_up else None
    told |= {
        "orders": asdict(material.orders),
        "origin": material.origin._asdict(),
        "backup": str(backup) if backup else None,
    }
    return session.journal.begin(command, material.digest, told, now, frame=material.packed, before=before)


def prepared_again(journal: Journal, run: Run) -> Prepared:
    """What a run was made of, from what the journal holds of it. Raises JournalError where that is damaged."""
    frame = journal.frame(run.id)
    try:
        origin = Origin(**{name: tuple(map(tuple, entries)) for name, entries in run.told["origin"].items()})
        orders = Orders(**run.told["orders"])
    except (KeyError, TypeError, AttributeError, ValueError):
        raise JournalError(
            f"The journal is damaged: what run {run.id} was asked for cannot be read. Nothing was changed; a new "
            "import of the same files compares with the account itself."
        ) from None
    return planned(Material(frame, origin, orders))
