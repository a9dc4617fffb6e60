"""The sends of one run and one deed: what was intended, and what became of it.

States of a send: sending -> confirmed | not_found | refused | unconfirmed, or back to planned when it surely was
not applied; `sending` that is found at the start is in doubt: the process died between intent and verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from importer.journal.store import Store
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Section, Send

_PUT = """
INSERT INTO sends (run, deed, key, section, item, state, batch) VALUES (?, ?, ?, ?, ?, 'sending', ?)
ON CONFLICT (run, deed, key) DO UPDATE SET state = 'sending', detail = '', batch = excluded.batch
"""


class Ledger:
    """The book of one deed in one run."""

    def __init__(self, store: Store, run: int, deed: str) -> None:
        self._store = store
        self._run = run
        self._deed = deed

    # --- what is known --------------------------------------------------------------------------------

    def settled(self) -> dict[str, Settlement]:
        """What became of every send that has a verdict. Those that were refused or stayed unconfirmed may go out
        once more when the run is taken up again."""
        return {
            key: Settlement(Fate(state), detail)
            for key, state, detail in self._rows("key, state, detail")
            if state in (Fate.CONFIRMED, Fate.NOT_FOUND)
        }

    def verdicts(self) -> dict[str, Settlement]:
        """As `settled`, with those that were refused or stayed unconfirmed."""
        return {
            key: Settlement(Fate(state), detail)
            for key, state, detail in self._rows("key, state, detail")
            if state not in ("planned", "sending")
        }

    def in_doubt(self) -> set[str]:
        """The sends that went out without a verdict coming back."""
        return {key for key, state in self._rows("key, state") if state == "sending"}

    def sent(self) -> list[Send]:
        """Every send that may have been applied."""
        with self._store.reading():
            return [
                Send(Section(section), dict(json.loads(item)))
                for section, item, state in self._rows("section, item, state")
                if state in ("sending", "confirmed", "unconfirmed")
            ]

    def landed(self) -> dict[str, str]:
        """The Simkl ids of the titles on which sends were seen to have landed."""
        return {key: landed for key, landed in self._rows("key, landed") if landed is not None}

    # --- what happens ---------------------------------------------------------------------------------

    def intend(self, sends: Sequence[Send], now: datetime) -> int:
        """Write down that `sends` are about to go out together, and return the batch's number."""
        with self._store.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO batches (run, deed, sends, intended_at) VALUES (?, ?, ?, ?)",
                (self._run, self._deed, len(sends), now.isoformat()),
            )
            batch = cursor.lastrowid
            assert batch is not None
            connection.executemany(
                _PUT,
                [
                    (self._run, self._deed, s.key, s.section.value, json.dumps(s.item, ensure_ascii=False), batch)
                    for s in sends
                ],
            )
        return batch

    def settle(self, batch: int, settlements: Mapping[str, Settlement], reply: str | None, now: datetime) -> None:
        """Write down what became of sends, together with the reply that says so, in one transaction."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE batches SET settled_at = ?, reply = coalesce(?, reply) WHERE id = ?",
                (now.isoformat(), reply, batch),
            )
            connection.executemany(
                "UPDATE sends SET state = ?, detail = ? WHERE run = ? AND deed = ? AND key = ?",
                [(done.fate.value, done.detail, self._run, self._deed, key) for key, done in settlements.items()],
            )

    def release(self, keys: Iterable[str]) -> None:
        """Write down that sends surely were not applied and may go out anew."""
        with self._store.writing() as connection:
            connection.executemany(
                "UPDATE sends SET state = 'planned' WHERE run = ? AND deed = ? AND key = ? AND state = 'sending'",
                [(self._run, self._deed, key) for key in keys],
            )

    def _rows(self, columns: str) -> list[tuple[str, ...]]:
        statement = f"SELECT {columns} FROM sends WHERE run = ? AND deed = ?"  # noqa: S608 - names of ours
        with self._store.reading() as connection:
            return list(connection.execute(statement, (self._run, self._deed)))
