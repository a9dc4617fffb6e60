"""Removing ratings: the files name the titles, the account says which of them are rated, and those are cleared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from importer.journal.journal import Run
from importer.preparing import Prepared
from importer.report.sections import first
from importer.report.summary import RunFacts
from importer.runs.accounts import GETS, read_account
from importer.runs.aftermath import NOTHING
from importer.runs.beginning import How, begun
from importer.runs.deeds import Clear, Word
from importer.runs.ending import Books, Result, ended, with_requests
from importer.runs.session import Session
from importer.stages import chunk
from importer.stages.effects import touched
from importer.stages.match import AccountIndex, by_simkl
from importer.stages.naming import named
from importer.stages.reconcile import Fate, Settlement, reconcile
from importer.vocabulary.errors import Paused, RateportError
from importer.vocabulary.sends import AccountTitle, Send

COMMAND = "remove"


class _Targets:
    """The titles whose ratings go, as sends by the place of the row; and why the other rows do nothing."""

    def __init__(self, prepared: Prepared, before: Sequence[AccountTitle]) -> None:
        index = AccountIndex(title for title in before if title.is_rated)
        self.named = {**prepared.plan.sends, **named(prepared.plan.frame)}
        self.sends: dict[int, Send] = {}
        self.held: dict[int, AccountTitle] = {}
        self.others: dict[str, Settlement] = {}
        for place, send in self.named.items():
            found = {title.simkl: title for title in index.find(send)}
            if len(found) == 1:
                self.held[place] = next(iter(found.values()))
                self.sends[place] = self.held[place].asked_for()
            elif found:
                several = ", ".join(title.name for title in found.values())
                self.others[send.key] = Settlement(Fate.AMBIGUOUS, f"it may mean any of these: {several}")
            else:
                self.others[send.key] = Settlement(Fate.UNCHANGED, "not rated in your account")

    def unique(self) -> list[Send]:
        """Every title once, however many rows name it."""
        return list({send.key: send for send in self.sends.values()}.values())


def carry_out(
    session: Session, prepared: Prepared, how: How, folder: Path | None, run: Run | None = None
) -> Result:
    """The whole removal, or the rest of `run`. What stops it stands in the result."""
    run = run or session.journal.unfinished(COMMAND, prepared.material.digest)
    facts = RunFacts(command=COMMAND, run=run.id if run else None, exit_code=0)
    account = read_account(session)
    before = session.journal.before(run.id) if run else account.titles
    targets = _Targets(prepared, before)
    settled = session.journal.ledger(run.id, Word.CLEAR).settled() if run else {}
    waiting = [send for send in targets.unique() if send.key not in settled]
    facts = replace(facts, forecast=chunk.forecast(len(waiting), gets=GETS), account=(_section(targets),))
    if waiting and not how.confirm(_books(prepared, targets, settled).summary(facts)):
        raise Paused("Nothing was removed.")
    to_back_up = account if how.backup and waiting else None
    number = run.id if run else begun(session, COMMAND, prepared.material, before, to_back_up)
    return _carried_out(session, prepared, targets, before, folder, replace(facts, run=number, forecast=None))


def _carried_out(
    session: Session,
    prepared: Prepared,
    targets: _Targets,
    before: Sequence[AccountTitle],
    folder: Path | None,
    facts: RunFacts,
) -> Result:
    number = facts.run
    assert number is not None
    ledger = session.journal.ledger(number, Word.CLEAR)
    loop = session.loop(number, Clear(session.client))
    known = ledger.settled()
    stopped_by: RateportError | None = None
    left: list[str] = []
    try:
        waiting = [send for send in targets.unique() if send.key not in known]
        if waiting:
            session.progress.start(len(waiting), "Removing ratings")
            loop.run(waiting, ledger.in_doubt() & {send.key for send in waiting})
        if targets.sends:
            left = _look(session, number, targets, before)
    except RateportError as error:
        stopped_by = error
    facts = with_requests(facts, session.client)
    if left:
        facts = replace(facts, account=(*facts.account, ("Still rated", tuple(first("", left, 20)))))
    books = _books(prepared, targets, {**known, **loop.settlements})
    result = ended(books, facts, folder, stopped_by=stopped_by, is_amiss=bool(left))
    if result.stopped_by is None:
        session.journal.finish(number, result.to_json(), session.clock.now())
    return result


def _look(session: Session, run: int, targets: _Targets, before: Sequence[AccountTitle]) -> list[str]:
    """The names of titles that are rated still, after writing down what each title holds now."""
    after = read_account(session).titles
    simkl_ids = {title.simkl for title in targets.held.values()}
    rated = [title.name for simkl, title in by_simkl(after).items() if simkl in simkl_ids and title.is_rated]
    found = {**NOTHING, "checked": len(simkl_ids)}
    session.journal.keep_found(run, touched(before, after, simkl_ids), {}, found)
    return rated


def _books(prepared: Prepared, targets: _Targets, settled: Mapping[str, Settlement]) -> Books:
    cleared = {
        send.key: Settlement(Fate.CONFIRMED, f"the rating {targets.held[place].rating} was removed")
        for place, send in targets.sends.items()
    }
    known = {
        key: cleared[key] if done.fate is Fate.CONFIRMED and key in cleared else done
        for key, done in settled.items()
    }
    frame = reconcile(prepared.plan.frame, targets.named, targets.others)
    return Books(prepared, reconcile(frame, targets.sends, known), {})  # no rating is sent


def _section(targets: _Targets) -> tuple[str, tuple[str, ...]]:
    told = {title.simkl: f"{title.name}: {title.rating}" for title in targets.held.values()}
    return "Ratings to remove; the titles stay on their lists", tuple(first("", list(told.values())))
