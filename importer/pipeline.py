"""One function per command, joining the stages: read, normalize, merge, plan, post, reconcile, report.

A preview is everything up to the plan. An import is a preview with posting behind it. A rerun is an import
again, in which what the journal knows as settled drops out; there is no second code path to rot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.config import Configuration
from importer.journal.journal import Journal
from importer.posting import PostLoop
from importer.preparing import Prepared, Request, prepare
from importer.reading import Reading
from importer.report.files import write_report
from importer.report.folder import ensure_writable
from importer.report.progress import Progress, SilentProgress
from importer.report.summary import RunFacts, Summary, summarize, summary_json
from importer.rounds import TwoRounds
from importer.services import Service
from importer.stages import chunk
from importer.stages.frame import Frame, check_balance
from importer.stages.plan import Plan
from importer.stages.reconcile import Settlement, reconcile
from importer.vocabulary.clock import Clock, SystemClock
from importer.vocabulary.errors import ConfigError, Paused, RateportError


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended: what to show, what was written, the exit code, and why it stopped early if it did."""

    summary: Summary
    files: Sequence[Path]
    exit_code: int
    stopped_by: RateportError | None = None

    def to_json(self) -> Mapping[str, Any]:
        """The summary for machines (design.md 6)."""
        return summary_json(self.summary)


# --- preview ----------------------------------------------------------------------------------------------


def preview(request: Request, configuration: Configuration, *, clock: Clock | None = None) -> Result:
    """What an import of the named files would do, without asking the service anything."""
    prepared = prepare(request, configuration.settings, clock or SystemClock())
    return _result(prepared, prepared.plan.frame, request, RunFacts(command="preview", run=None, exit_code=0))


# --- import -----------------------------------------------------------------------------------------------


def run_import(
    request: Request,
    configuration: Configuration,
    to: Service,
    *,
    confirm: Callable[[Summary], bool],
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    transport: Any = None,
) -> Result:
    """Plan, ask, post, reconcile, report. `confirm` sees the forecast; False ends it with nothing sent.

    The report is written whatever happens after the first POST; what stopped the run stands in the result.
    """
    clock, progress = clock or SystemClock(), progress or SilentProgress()
    prepared = prepare(request, configuration.settings, clock)
    if request.report_folder:
        ensure_writable(request.report_folder)
    with Journal(to.journal, to.account) as journal:
        known = journal.settled(send.key for send in prepared.plan.sends.values())
        facts = _facts_before(prepared, known)
        is_new = facts.forecast is not None and facts.forecast.posts > 0
        if is_new and not confirm(_summary(prepared, reconcile(prepared.plan, known), facts)):
            raise Paused("Nothing was sent.")
        run = journal.begin_run("import", _inputs(prepared.reading), clock.now())
        posted = _post(prepared.plan, journal, run, to, progress, should_stop, clock, transport)
        facts = replace(
            facts, run=run, gets=posted.gets, posts=posted.posts, forecast=None, paused=str(posted.stopped_by or "")
        )
        frame = reconcile(prepared.plan, posted.settlements)
        result = _result(prepared, frame, request, facts, posted.stopped_by)
        journal.finish_run(run, result.to_json(), clock.now())
        return result


def _facts_before(prepared: Prepared, known: Mapping[str, Settlement]) -> RunFacts:
    waiting = [send.is_dated for send in prepared.plan.sends.values() if send.key not in known]
    forecast = chunk.forecast(sum(waiting), len(waiting) - sum(waiting))
    return RunFacts(command="import", run=None, exit_code=0, forecast=forecast)


@dataclass(frozen=True, slots=True)
class _Posted:
    settlements: Mapping[str, Settlement]
    gets: int
    posts: int
    stopped_by: RateportError | None


def _post(
    plan: Plan,
    journal: Journal,
    run: int,
    to: Service,
    progress: Progress,
    should_stop: Callable[[], bool],
    clock: Clock,
    transport: Any,
) -> _Posted:
    from importer.simkl.client import SimklClient

    client = SimklClient(
        to.credentials,
        base_url=to.base_url,
        clock=clock,
        transport=transport,
        wsgi_app=to.wsgi_app,
        renew=to.renew,
        last_post_at=journal.last_post_at(),
        on_post=lambda: journal.mark_post(clock.now()),
    )
    with client:
        loop = PostLoop(client, journal, run, clock=clock, feedback=progress, should_stop=should_stop)
        rounds = TwoRounds(plan.sends, journal, loop, progress)
        stopped_by: RateportError | None = None
        try:
            rounds.run()
        except RateportError as error:
            stopped_by = error
        finally:
            progress.close()
        return _Posted(rounds.settlements(), client.requests.get, client.requests.post, stopped_by)


# --- what every command ends with -------------------------------------------------------------------------


def _result(
    prepared: Prepared,
    frame: Frame,
    request: Request,
    facts: RunFacts,
    stopped_by: RateportError | None = None,
) -> Result:
    check_balance(frame, prepared.records)
    if facts.command == "preview":
        undated = prepared.plan.undated
        facts = replace(facts, forecast=chunk.forecast(len(prepared.plan.sends) - undated, undated))
    summary = _summary(prepared, frame, facts)
    exit_code = stopped_by.exit_code if stopped_by else int(summary.leftovers > 0)
    summary = replace(summary, facts=replace(summary.facts, exit_code=exit_code))
    try:
        files = write_report(request.report_folder, frame, summary) if request.report_folder else []
    except ConfigError as error:
        if facts.command == "preview":
            raise
        return Result(summary, [], error.exit_code, stopped_by or error)  # what was sent must still be told
    return Result(summary, files, exit_code, stopped_by)


def _summary(prepared: Prepared, frame: Frame, facts: RunFacts) -> Summary:
    reading = prepared.reading
    facts = replace(
        facts,
        inputs=tuple(
            (finding.document.name, finding.claim.word, finding.claim.adapter.evidence.value)
            for finding in reading.ratings
            if finding.claim
        ),
        passed_over=tuple((finding.document.name, finding.short_reason) for finding in reading.passed_over),
        encodings=tuple(
            (finding.document.name, finding.document.encoding)
            for finding in reading.ratings
            if finding.document.encoding != "utf-8"
        ),
    )
    return summarize(frame, prepared.plan.sends, prepared.groups, facts)


def _inputs(reading: Reading) -> list[dict[str, str]]:
    return [
        {"file": finding.document.name, "digest": finding.document.digest, "shape": finding.claim.word}
        for finding in reading.ratings
        if finding.claim
    ]
