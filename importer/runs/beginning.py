"""How a run on files begins, and what it takes to take it up again: rows, orders and the account as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from importer.preparing import Material, Orders, Origin, Prepared, planned
from importer.report.summary import Summary
from importer.runs.accounts import Account
from importer.runs.backups import file_beside, write_backup
from importer.runs.session import Session
from importer.stages.packing import unpacked
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


def prepared_again(frame: bytes, told: Mapping[str, Any]) -> Prepared:
    """What a run was made of, from what the journal holds of it."""
    origin = Origin(**{name: tuple(map(tuple, entries)) for name, entries in told["origin"].items()})
    return planned(Material(unpacked(frame), origin, Orders(**told["orders"])))
