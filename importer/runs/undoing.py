"""Undo: what a run did to the account is put back, and what others did since is left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from importer.journal.journal import Run
from importer.report.account import strays_section
from importer.report.restoration import restoration_json, restoration_sections
from importer.report.sections import Section
from importer.runs.accounts import Account, read_account
from importer.runs.aftermath import NOTHING, landed
from importer.runs.deeds import Clear, Deed, Move, Rate, Remove
from importer.runs.session import Session
from importer.stages.effects import touched
from importer.stages.match import by_simkl
from importer.stages.restore import Restoration, restoration
from importer.vocabulary.errors import ConfigError, JournalError, Paused
from importer.vocabulary.sends import Send, Touched

COMMAND = "undo"
ROUNDS = 2  # setting a rating may move a title to another list, which the second round puts back


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended that has no rows of its own: headed lines, the same as values, the exit code."""

    sections: Sequence[Section]
    values: dict[str, Any]
    exit_code: int = 0


def undo(session: Session, target: Run, confirm: Callable[[Sequence[Section]], bool], *, dry_run: bool) -> Told:
    """Put back what `target` did. Raises ConfigError for a run that did nothing, Paused where it was stopped."""
    account = read_account(session)
    done = _done(session, target, account)
    plan = restoration(done, by_simkl(account.titles))
    sections = restoration_sections(target.id, plan, is_done=False)
    is_begun = session.journal.unfinished(COMMAND, str(target.id)) is not None
    if dry_run or not (plan.steps or is_begun):  # one that was cut off after its last step has its end to come
        return _told(target, plan, sections)
    if plan.steps and not confirm(sections):
        raise Paused("Nothing was undone.")
    if target.finished_at is None:
        _close(session, target, done)
    return _carried_out(session, target, done, account, plan)


def _done(session: Session, target: Run, account: Account) -> list[Touched]:
    if target.found is not None or target.finished_at is not None:
        return session.journal.touched(target.id)
    there = landed(account.titles, session.sent(target.id))
    return touched(session.journal.before(target.id), account.titles, there)


def _close(session: Session, target: Run, done: Sequence[Touched]) -> None:
    """A run that is undone half way is not taken up again."""
    if target.found is None:
        session.journal.keep_found(target.id, done, {}, NOTHING)
    session.journal.finish(target.id, target.summary or {}, session.clock.now())


def _carried_out(
    session: Session, target: Run, done: Sequence[Touched], account: Account, plan: Restoration
) -> Told:
    journal, told = session.journal, {"target": target.id}
    before = account.titles
    begun = journal.unfinished(COMMAND, str(target.id))
    if begun is None:
        run = journal.begin(COMMAND, str(target.id), told, session.clock.now(), before=before)
    else:
        run, before = begun.id, tuple(journal.before(begun.id))
    first = plan
    for _ in range(ROUNDS):
        _act(session, run, plan)
        account = read_account(session)
        plan = restoration(done, by_simkl(account.titles))
        if not plan.steps:
            break
    journal.keep_found(run, touched(before, account.titles, [each.simkl for each in done]), {}, told)
    strays = strays_section(session.client.strays)
    sections = [*restoration_sections(target.id, first, is_done=True, left=plan), strays]
    ended = _told(target, first, sections, run, left=plan)
    if session.client.strays:
        ended.values["unmatched_answers"] = session.client.strays
    journal.finish(run, ended.values, session.clock.now())
    return ended


def _act(session: Session, run: int, plan: Restoration) -> None:
    client = session.client
    deeds: list[tuple[Deed, list[Send]]] = [
        (Rate(client), plan.rate),
        (Clear(client), plan.clear),
        (Remove(client), plan.remove),
        (Move(client), plan.move),
    ]
    for deed, sends in deeds:
        ledger, loop = session.journal.ledger(run, deed.word), session.loop(run, deed)
        in_doubt, wanted = ledger.in_doubt(), {send.key for send in sends}
        if is_over := in_doubt - wanted:
            loop.look_back([send for send in ledger.sent() if send.key in is_over])
        if sends:
            session.progress.start(len(sends), f"Putting back ({deed.word})")
            loop.run(sends, in_doubt & wanted)


def _told(
    target: Run,
    plan: Restoration,
    sections: Sequence[Section],
    run: int | None = None,
    left: Restoration | None = None,
) -> Told:
    end = left or plan
    remains = end.changed_since or end.impossible or (left is not None and left.steps)
    values = {"command": COMMAND, "run": run, "undone": target.id, **restoration_json(plan, left)}
    return Told(sections, {**values, "exit_code": int(bool(remains))}, int(bool(remains)))


def target_of(run: Run) -> int:
    """The number of the run that an undo undoes. Raises JournalError where the journal does not tell."""
    number = run.told.get("target")
    if not isinstance(number, int):
        raise JournalError(f"The journal is damaged: it does not tell which run was undone by run {run.id}.")
    return number


def chosen(session: Session, number: int) -> Run:
    """The run to undo. Raises ConfigError for a number that there is none of."""
    target = session.journal.run(number)
    if target.command == COMMAND and target.finished_at is None:
        raise ConfigError(f"Run {number} is an undo that was cut off; rateport resume {number} goes on with it.")
    return target
