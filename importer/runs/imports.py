"""One import at work: the account before, the difference, the posting, the account after.

A run that did not come to its end is taken up again by the same files and orders: with its plan, and with the
account as it found it, so that it ends as it would have ended undisturbed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from importer.journal.journal import Run
from importer.preparing import Prepared
from importer.report.account import difference_counts, difference_section, filings_section, found_sections
from importer.report.summary import RunFacts
from importer.runs import aftermath
from importer.runs.accounts import GETS_AFTER, Account, read_account
from importer.runs.beginning import How, begun
from importer.runs.deeds import Rate, Watch, Word
from importer.runs.ending import Books, Result, ended, with_requests
from importer.runs.rounds import TwoRounds
from importer.runs.session import Session
from importer.stages import chunk
from importer.stages import frame as frames
from importer.stages.difference import Comparison, Difference, applied, difference, second_standings
from importer.stages.effects import PLANNED, as_found, filings
from importer.stages.reconcile import Fate, Settlement, reconcile
from importer.vocabulary.errors import Paused, RateportError
from importer.vocabulary.sends import AccountTitle, Section, Send

COMMAND = "import"
REMEMBERED = timedelta(days=7)  # how long a title that Simkl did not know is not asked for again


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan against the account: how every send stands, and which of them the service did not know lately."""

    prepared: Prepared
    before: tuple[AccountTitle, ...]
    comparison: Comparison
    found: Difference
    unknown: Mapping[str, Settlement]

    @property
    def going(self) -> dict[int, Send]:
        """The sends that are new or change something."""
        return self.found.going()

    def waiting(self, settled: Mapping[str, Settlement]) -> list[Send]:
        """Those of them that are still to be sent, in the order in which they go."""
        going = self.comparison.rules.in_order(self.going).values()
        return [send for send in going if send.key not in settled and send.key not in self.unknown]

    def books(self, settled: Mapping[str, Settlement]) -> Books:
        """The plan with what is settled so far."""
        frame = applied(self.prepared.plan.frame, self.found)
        return Books(self.prepared, reconcile(frame, self.going, {**self.unknown, **settled}), self.going)


# --- before -----------------------------------------------------------------------------------------------


def compare(session: Session, prepared: Prepared, before: Sequence[AccountTitle]) -> Compared:
    """The plan against the account as it was `before`."""
    planned_sends = prepared.plan.sends
    seconds = [second for place in planned_sends if (second := planned_sends.second(place))]
    keys = [send.key for send in (*planned_sends.values(), *seconds)]
    landed = session.journal.landed(Word.RATE, keys)
    comparison = Comparison(before, prepared.material.orders.rules, landed)
    return Compared(
        prepared, tuple(before), comparison, difference(prepared.plan, comparison), _unknown(session, keys)
    )


def _unknown(session: Session, keys: Sequence[str]) -> dict[str, Settlement]:
    """The sends that the service did not know lately."""
    asked = session.journal.not_found_since(Word.RATE, keys, session.clock.now() - REMEMBERED)
    return {key: Settlement(Fate.NOT_FOUND, f"Simkl did not know it on {at:%Y-%m-%d}") for key, at in asked.items()}


def told_of(session: Session, compared: Compared, settled: Mapping[str, Settlement]) -> dict[str, Any]:
    """The facts of a forecast: requests, the difference, the lists."""
    waiting = compared.waiting(settled)
    expected = filings(
        (
            (send, compared.found.standings[place])
            for place, send in compared.going.items()
            if send.key not in compared.unknown
        ),
        session.clock.now(),
    )
    planned_titles = sum(
        standing.goes and standing.held is not None and standing.held.status == PLANNED
        for standing in compared.found.standings.values()
    )
    forecast = chunk.forecast(*_stretches(waiting), gets=GETS_AFTER if waiting else 0)
    sections = [difference_section(compared.found), filings_section(expected, planned_titles)]
    return {
        "forecast": forecast,
        "account": tuple(section for section in (*sections, _quota(session, forecast)) if section[1]),
        "for_machines": {"account": difference_counts(compared.found)},
    }


def _stretches(waiting: Sequence[Send]) -> list[int]:
    """How many go one after the other before a batch must end because the next is dated, or is not."""
    return [sum(1 for _ in sends) for _, sends in groupby(waiting, key=lambda send: send.is_dated)]


def _quota(session: Session, forecast: chunk.Forecast) -> tuple[str, tuple[str, ...]]:
    quota, needed = session.client.quota, forecast.posts + forecast.gets
    if quota is None:
        return "Today's requests", ()
    lines = [f"{quota.remaining:,} of {quota.limit:,} are left, {quota.free:,} of them for this"]
    if needed > quota.free:
        lines.append("that is not enough for all: the import will pause, and rateport resume goes on tomorrow")
    return "Today's requests", tuple(lines)


def shown(session: Session, prepared: Prepared, folder: Path | None) -> Result:
    """What an import would do to the account as it is."""
    account = read_account(session)
    compared = compare(session, prepared, account.titles)
    facts = RunFacts(command="preview", run=None, exit_code=0, **told_of(session, compared, {}))
    return ended(compared.books({}), with_requests(facts, session.client), folder)


# --- the run ----------------------------------------------------------------------------------------------


def carry_out(
    session: Session, prepared: Prepared, how: How, folder: Path | None, run: Run | None = None
) -> Result:
    """The whole import, or the rest of `run`. What stops it stands in the result; its state is in the journal."""
    run = run or session.journal.unfinished(COMMAND, prepared.material.digest)
    facts = RunFacts(command=COMMAND, run=run.id if run else None, exit_code=0)
    try:
        account = read_account(session) if prepared.plan.sends else None
    except RateportError as error:
        facts = with_requests(facts, session.client)
        return ended(_so_far(session, prepared, run), facts, folder, stopped_by=error)
    compared = compare(session, prepared, _before(session, account, run))
    settled = session.journal.ledger(run.id, Word.RATE).settled() if run else {}
    facts = replace(facts, **told_of(session, compared, settled))
    if compared.waiting(settled) and not how.confirm(compared.books(settled).summary(facts)):
        raise Paused("Nothing was sent.")
    number = _begun(session, compared, account, how, run)
    return _carried_out(session, compared, account, how, folder, replace(facts, run=number, forecast=None))


def _so_far(session: Session, prepared: Prepared, run: Run | None) -> Books:
    """The books where the account cannot be read: what was settled before stays so, and a second try that is still
    to come leaves its row pending."""
    if run is None:
        return Books(prepared, prepared.plan.frame, prepared.plan.sends)
    compared = compare(session, prepared, session.journal.before(run.id))
    settled = {**compared.unknown, **session.journal.ledger(run.id, Word.RATE).settled()}
    known = dict(settled)
    for place, send in compared.going.items():
        second = prepared.plan.sends.second(place)
        if second and send.key in settled and settled[send.key].fate is Fate.NOT_FOUND:
            known.pop(send.key)
            known |= {send.key: settled[second.key]} if second.key in settled else {}
    return replace(compared, unknown={}).books(known)


def _before(session: Session, account: Account | None, run: Run | None) -> Sequence[AccountTitle]:
    if account is None:
        return ()
    if run is None:
        return account.titles
    return as_found(session.journal.before(run.id), account.titles, session.sent(run.id))


def _begun(session: Session, compared: Compared, account: Account | None, how: How, run: Run | None) -> int:
    """The run in the journal, with all that it takes to take it up again."""
    if run is not None:
        if run.found is None:
            session.journal.keep_before(run.id, compared.before)
        return run.id
    to_back_up = account if how.backup and compared.waiting({}) else None
    material = compared.prepared.material
    return begun(session, COMMAND, material, compared.before, to_back_up, restore_status=how.restore_status)


def _carried_out(
    session: Session, compared: Compared, account: Account | None, how: How, folder: Path | None, facts: RunFacts
) -> Result:
    assert facts.run is not None
    run, prepared = facts.run, compared.prepared
    rounds = TwoRounds(
        compared.going,
        rules=compared.comparison.rules,
        second=prepared.plan.sends.second,
        standings=lambda seconds, confirmed: second_standings(
            seconds, prepared.plan, compared.found, confirmed, compared.comparison
        ),
        unknown=compared.unknown,
        ledger=session.journal.ledger(run, Word.RATE),
        loop=session.loop(run, Rate(session.client)),
        progress=session.progress,
    )
    stopped_by: RateportError | None = None
    found: Mapping[str, Any] | None = None
    try:
        if prepared.material.orders.with_history:
            _mark_watched(session, run, compared)
        rounds.run()
        sent = aftermath.sent_rows(rounds.confirmed(), prepared.plan.frame)
        found = aftermath.look(session, run, account, compared.before, sent, restore=how.restore_status)
    except RateportError as error:
        stopped_by = error
    finally:
        session.progress.close()
    settled = dict(rounds.settlements())
    if found is not None:
        unseen = aftermath.unconfirmed(found, rounds.confirmed())
        settled |= {compared.going[place].key: settlement for place, settlement in unseen.items()}
        facts = replace(facts, account=(*facts.account[:1], *found_sections(found)))
    result = ended(
        compared.books(settled),
        with_requests(facts, session.client),
        folder,
        stopped_by=stopped_by,
        is_amiss=bool(found and found["findings"]),
    )
    if result.stopped_by is None:
        session.journal.finish(run, result.to_json(), session.clock.now())
    return result


def _mark_watched(session: Session, run: int, compared: Compared) -> None:
    """Movies whose date is that of a watch are marked as watched then, with their rating; the rating itself follows
    with its date, because this call would date it today (simkl-api.md 7)."""
    is_watch = frames.column(compared.prepared.plan.frame, "stand_in")
    ledger = session.journal.ledger(run, Word.WATCH)
    known = ledger.settled()
    sends = [
        send
        for place, rated in compared.going.items()
        if rated.section is Section.MOVIES and rated.is_dated and is_watch[place]
        if rated.key not in compared.unknown and (send := _watch(rated)).key not in known
    ]
    if sends:
        session.progress.start(len(sends), "Marking as watched")
        session.loop(run, Watch(session.client)).run(sends, ledger.in_doubt() & {send.key for send in sends})


def _watch(rated: Send) -> Send:
    item = {("watched_at" if name == "rated_at" else name): value for name, value in rated.item.items()}
    return Send(rated.section, item)
