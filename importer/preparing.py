"""From named files to a plan: the head that previews and imports share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from importer.config import Settings, zone
from importer.intake.registry import load_adapters
from importer.reading import Finding, Reading, findings, ratings_among
from importer.report.folder import guard_inputs
from importer.stages.derive import derive
from importer.stages.merge import Group, merge_rows, preference
from importer.stages.normalize import Normalization, Parsed, normalize
from importer.stages.pending import PendingRows
from importer.stages.plan import Plan, Policy, plan_rows
from importer.vocabulary import dates, scales
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.records import FromParts
from importer.vocabulary.sends import Section


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


def prepare(request: Request, settings: Settings, clock: Clock) -> Prepared:
    """Read, identify, parse, normalize, merge and plan. Raises InputError or ConfigError."""
    if request.report_folder:
        guard_inputs(request.paths, request.report_folder)
    adapters = load_adapters()
    prefer = preference(settings.prefer, [adapter.name for adapter in adapters])
    how = _normalization(settings, clock)
    found = findings(
        request.paths,
        adapters,
        source=request.source,
        encoding=settings.encoding or None,
        own_table=settings.own_table,
    )
    reading = ratings_among(found)
    parsed = [_parsed(finding) for finding in reading.ratings]
    rule = FromParts(settings.shows_from_seasons) if settings.shows_from_seasons else None
    frame = derive(normalize(parsed, how), rule, how)
    rows = PendingRows(frame)
    frame, groups = merge_rows(frame, rows, prefer)
    policy = Policy(ids_only=settings.ids_only, hold_undated=settings.hold_undated)
    planned = plan_rows(frame, PendingRows(frame) if groups else rows, groups, policy)
    return Prepared(planned, groups, reading, sum(len(document.records) for document in parsed))


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
