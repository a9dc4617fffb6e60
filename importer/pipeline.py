"""One function per command, joining the stages: read, normalize, merge, plan, post, reconcile, report.

A preview is everything up to the plan. An import is a preview with posting behind it. A rerun is an import
again, in which what the journal knows as settled drops out; there is no second code path to rot.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from importer.adapter import Adapter
from importer.config import Configuration, Settings, zone
from importer.intake.registry import load_adapters
from importer.journal.journal import Journal
from importer.posting import PostLoop
from importer.reading import Finding, Reading, findings, ratings_among
from importer.report.files import write_report
from importer.report.folder import guard_inputs
from importer.report.progress import Progress, SilentProgress
from importer.report.summary import RunFacts, Summary, summarize, summary_json
from importer.simkl.credentials import Credentials
from importer.stages import chunk
from importer.stages.frame import check_balance
from importer.stages.merge import Group, Preference, merge, preference
from importer.stages.normalize import Normalization, Parsed, normalize
from importer.stages.plan import Plan, Policy, plan
from importer.stages.reconcile import Settlement, reconcile
from importer.vocabulary import dates, scales
from importer.vocabulary.clock import Clock, SystemClock
from importer.vocabulary.errors import AuthError, ConfigError, Paused, RateportError
from importer.vocabulary.outcomes import QUIET_CODES, Outcome
from importer.vocabulary.sends import Section, Send

SANDBOX_ACCOUNT = "sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read and where to report. `report_folder` None: no report files."""

    paths: Sequence[Path]
    source: str | None = None
    report_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a preview knows: the plan, the titles behind it, and what was read."""

    plan: Plan
    groups: Sequence[Group]
    reading: Reading
    records: int


@dataclass(frozen=True, slots=True)
class Service:
    """Where an import goes: credentials and address, or an app that answers in process."""

    credentials: Credentials
    base_url: str
    account: str
    journal: Path
    wsgi_app: Any = None


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


def prepare(request: Request, settings: Settings, clock: Clock) -> Prepared:
    """Read, identify, parse, normalize, merge and plan. Raises InputError or ConfigError."""
    if request.report_folder:
        guard_inputs(request.paths, request.report_folder)
    adapters = load_adapters()
    prefer = preference(settings.prefer, [adapter.name for adapter in adapters])
    how = _normalization(settings, clock)
    with _collector_at_rest():
        return _prepared(request, settings, adapters, prefer, how)


def _prepared(
    request: Request, settings: Settings, adapters: Sequence[Adapter], prefer: Preference, how: Normalization
) -> Prepared:
    found = findings(
        request.paths,
        adapters,
        source=request.source,
        encoding=settings.encoding or None,
        columns=settings.columns,
    )
    reading = ratings_among(found)
    parsed = [_parsed(finding) for finding in reading.ratings]
    frame, groups = merge(normalize(parsed, how), prefer)
    planned = plan(frame, groups, Policy(ids_only=settings.ids_only, hold_undated=settings.hold_undated))
    return Prepared(planned, groups, reading, sum(len(document.records) for document in parsed))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Nothing made while preparing hangs in cycles, and the collector would walk it over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def preview(request: Request, configuration: Configuration, *, clock: Clock | None = None) -> Result:
    """What an import of the named files would do, without asking the service anything."""
    prepared = prepare(request, configuration.settings, clock or SystemClock())
    return _result(prepared, prepared.plan.frame, request, RunFacts(command="preview", run=None, exit_code=0))


def _normalization(settings: Settings, clock: Clock) -> Normalization:
    return Normalization(
        now=clock.now(),
        zone=zone(settings.timezone) if settings.timezone else None,
        order=dates.Order(settings.date_order) if settings.date_order else None,
        stand_ins=settings.stand_in_dates,
        scales=scales.with_custom_maps(settings.scales),
        sections=frozenset(Section(name) for name in settings.type),
        since=_day(settings.since),
    )


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ConfigError(f"--since {text}: write the day as YYYY-MM-DD.") from None


def _parsed(finding: Finding) -> Parsed:
    document, claim = finding.document, finding.claim
    assert claim is not None  # ratings are always claimed
    return Parsed(
        file=document.name,
        digest=document.digest,
        source=claim.adapter.name,
        shape=claim.shape.name,
        rank=claim.shape.rank,
        records=list(claim.adapter.parse(document, claim.shape)),
    )


# --- import -----------------------------------------------------------------------------------------------


def service(configuration: Configuration) -> Service:
    """The real service, or the one that RATEPORT_API_URL names. Raises AuthError when no sign-in is known."""
    settings = configuration.settings
    missing = [
        variable
        for variable, value in (
            ("RATEPORT_CLIENT_ID", settings.client_id),
            ("RATEPORT_ACCESS_TOKEN", settings.access_token),
        )
        if not value
    ]
    if missing:
        raise AuthError(
            f"No sign-in is known: set {' and '.join(missing)} in the environment "
            "(README, 'Signing in'), or try the import with --sandbox first."
        )
    account = hashlib.sha256(f"{settings.api_url}\n{settings.access_token}".encode()).hexdigest()
    return Service(
        credentials=Credentials(settings.client_id, settings.access_token),
        base_url=settings.api_url,
        account=account,
        journal=configuration.home / "journals" / f"{account[:16]}.sqlite",
    )


def sandbox(configuration: Configuration) -> Service:
    """The embedded stand-in, with its account and journal side by side in rateport's folder."""
    from importer.sandbox.app import SandboxSettings, create_app

    folder = configuration.home / "sandbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Service(
        credentials=Credentials("sandbox", "sandbox"),
        base_url="http://localhost",
        account=SANDBOX_ACCOUNT,
        journal=folder / "journal.sqlite",
        wsgi_app=create_app(SandboxSettings(database=folder / "account.sqlite")),
    )


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
    with Journal(to.journal, to.account) as journal:
        sends = list(prepared.plan.sends.values())
        known = journal.settled(send.key for send in sends)
        waiting = [send for send in sends if send.key not in known]
        dated = sum(send.is_dated for send in waiting)
        forecast = chunk.forecast(dated, len(waiting) - dated)
        facts = RunFacts(command="import", run=None, exit_code=0, forecast=forecast)
        if waiting and not confirm(_summary(prepared, reconcile(prepared.plan, known), facts)):
            raise Paused("Nothing was sent.")
        run = journal.begin_run("import", _inputs(prepared.reading), clock.now())
        posted = _post(waiting, journal, run, to, progress, should_stop, clock, transport)
        frame = reconcile(prepared.plan, {**known, **posted.settlements})
        facts = replace(
            facts, run=run, gets=posted.gets, posts=posted.posts, forecast=None, paused=str(posted.stopped_by or "")
        )
        result = _result(prepared, frame, request, facts, posted.stopped_by)
        journal.finish_run(run, result.to_json(), clock.now())
        return result


@dataclass(frozen=True, slots=True)
class _Posted:
    settlements: Mapping[str, Settlement]
    gets: int
    posts: int
    stopped_by: RateportError | None


def _post(
    waiting: Sequence[Send],
    journal: Journal,
    run: int,
    to: Service,
    progress: Progress,
    should_stop: Callable[[], bool],
    clock: Clock,
    transport: Any,
) -> _Posted:
    from importer.simkl.client import SimklClient

    if not waiting:
        return _Posted({}, 0, 0, None)
    client = SimklClient(
        to.credentials,
        base_url=to.base_url,
        clock=clock,
        transport=transport,
        wsgi_app=to.wsgi_app,
        last_post_at=journal.last_post_at(),
        on_post=lambda: journal.mark_post(clock.now()),
    )
    with client:
        loop = PostLoop(client, journal, run, clock=clock, feedback=progress, should_stop=should_stop)
        progress.start(len(waiting), "Sending")
        stopped_by: RateportError | None = None
        try:
            loop.run(waiting, journal.in_doubt(send.key for send in waiting))
        except RateportError as error:
            stopped_by = error
        finally:
            progress.close()
        return _Posted(loop.settlements, client.requests.get, client.requests.post, stopped_by)


# --- what every command ends with -------------------------------------------------------------------------


def _result(
    prepared: Prepared,
    frame: pd.DataFrame,
    request: Request,
    facts: RunFacts,
    stopped_by: RateportError | None = None,
) -> Result:
    counts = check_balance(frame, prepared.records)
    exit_code = stopped_by.exit_code if stopped_by else _exit_code(frame, counts)
    if facts.command == "preview":
        sends = prepared.plan.sends
        facts = replace(facts, forecast=chunk.forecast(len(sends) - sends.undated, sends.undated))
    facts = replace(facts, exit_code=exit_code)
    summary = _summary(prepared, frame, facts)
    files = write_report(request.report_folder, frame, summary) if request.report_folder else []
    return Result(summary, files, exit_code, stopped_by)


def _exit_code(frame: pd.DataFrame, counts: Mapping[str, int]) -> int:
    loud = frame[(frame["outcome"] == Outcome.REJECTED.value) & ~frame["code"].isin([*QUIET_CODES])]
    return 1 if len(loud) or counts[Outcome.NOT_FOUND.value] else 0


def _summary(prepared: Prepared, frame: pd.DataFrame, facts: RunFacts) -> Summary:
    reading = prepared.reading
    facts = replace(
        facts,
        inputs=tuple(
            (finding.document.name, finding.claim.word, finding.claim.adapter.evidence.value)
            for finding in reading.ratings
            if finding.claim
        ),
        passed_over=tuple((finding.document.name, finding.reason) for finding in reading.passed_over),
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
