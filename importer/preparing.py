"""From named files to a plan: the head that previews and imports share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from importer.adapter import Adapter
from importer.config import Settings, zone
from importer.intake.registry import load_adapters
from importer.reading import Finding, Reading, Status, as_titles, findings, ratings_among
from importer.report.folder import guard_found, guard_inputs
from importer.stages.derive import derive
from importer.stages.difference import Rules
from importer.stages.frame import Frame, check_balance
from importer.stages.merge import Group, merge_rows, preference
from importer.stages.naming import naming
from importer.stages.normalization import Normalization
from importer.stages.normalize import normalize
from importer.stages.packing import packed
from importer.stages.pending import PendingRows
from importer.stages.plan import Plan, Policy, plan_rows
from importer.stages.slices import Parsed
from importer.vocabulary import dates, scales
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.owntables import NAMED_TITLES
from importer.vocabulary.records import FromParts
from importer.vocabulary.sends import OnConflict, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read and where to report. `report_folder` None: no report files. `takes_titles`: a table that names
    titles and rates none is read, too."""

    paths: Sequence[Path]
    source: str | None = None
    report_folder: Path | None = None
    takes_titles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What the person asked for beyond the files; a run that is taken up again has the same."""

    prefer: str = "newest"
    ids_only: bool = False
    hold_undated: bool = False
    on_conflict: str = OnConflict.NEWEST.value
    only_listed: bool = False
    with_history: bool = False

    @property
    def rules(self) -> Rules:
        """What decides between the exports and the account."""
        return Rules(on_conflict=OnConflict(self.on_conflict), only_listed=self.only_listed)


class Origin(NamedTuple):
    """What was read: file, `source:shape` and evidence of each input; files passed over, and why; files that are
    not plain UTF-8, and their encoding; what was decided for whole files."""

    inputs: tuple[tuple[str, str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    encodings: tuple[tuple[str, str], ...] = ()
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Material:
    """What a plan is made of: the normalized rows, where they come from, and what was asked for."""

    frame: Frame
    origin: Origin
    orders: Orders

    @cached_property
    def packed(self) -> bytes:
        """The rows, to be kept."""
        return packed(self.frame)

    @property
    def digest(self) -> str:
        """What tells whether two runs are to do the same: the rows, and what was asked for."""
        orders = json.dumps(asdict(self.orders), sort_keys=True)
        return hashlib.sha256(self.packed + orders.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a preview knows: the plan, the titles behind it, and what it was made of."""

    plan: Plan
    groups: Sequence[Group]
    material: Material

    @property
    def records(self) -> int:
        """How many records were read."""
        return len(self.material.frame)


def prepare(request: Request, settings: Settings, clock: Clock) -> Prepared:
    """Read, identify, parse, normalize, merge and plan. Raises InputError or ConfigError."""
    return planned(gathered(request, settings, clock))


def gathered(request: Request, settings: Settings, clock: Clock) -> Material:
    """Read, identify, parse and normalize. Raises InputError or ConfigError."""
    if request.report_folder:
        guard_inputs(request.paths, request.report_folder)
    adapters = load_adapters()
    preference(settings.prefer, [adapter.name for adapter in adapters])
    how = _normalization(settings, clock)
    reading = _read(request, settings, adapters)
    parsed = [_parsed(finding, how) for finding in reading.ratings]
    rule = FromParts(settings.shows_from_seasons) if settings.shows_from_seasons else None
    frame = derive(normalize(parsed, how), rule, how)
    check_balance(frame, sum(document.heard.rows for document in parsed))
    return Material(frame, _origin(reading, parsed), _orders(settings))


def _read(request: Request, settings: Settings, adapters: Sequence[Adapter]) -> Reading:
    found = findings(
        request.paths,
        adapters,
        source=request.source,
        encoding=settings.encoding or None,
        own_table=settings.own_table,
    )
    if request.report_folder:
        held = [Path(one.document.name) for one in found if one.status is not Status.NO_RATINGS]
        guard_found(held, request.report_folder)
    return ratings_among([as_titles(one, adapters) for one in found] if request.takes_titles else found)


def planned(material: Material) -> Prepared:
    """Merge and plan: the same material, the same plan."""
    orders = material.orders
    named = [part.strip() for part in orders.prefer.split(",")]  # known sources: checked when it was gathered
    prefer = preference(orders.prefer, named)
    rows = PendingRows(material.frame)
    frame, groups = merge_rows(material.frame, rows, prefer)
    policy = Policy(ids_only=orders.ids_only, hold_undated=orders.hold_undated)
    plan = plan_rows(frame, PendingRows(frame) if groups else rows, groups, policy)
    return Prepared(plan, groups, material)


def _orders(settings: Settings) -> Orders:
    return Orders(
        prefer=settings.prefer,
        ids_only=settings.ids_only,
        hold_undated=settings.hold_undated,
        on_conflict=settings.on_conflict,
        only_listed=settings.only_listed,
        with_history=settings.with_history,
    )


def _origin(reading: Reading, parsed: Sequence[Parsed]) -> Origin:
    claimed = [(finding.document, finding.claim) for finding in reading.ratings if finding.claim]
    return Origin(
        inputs=tuple((document.name, claim.word, claim.adapter.evidence.value) for document, claim in claimed),
        passed_over=tuple((finding.document.name, finding.short_reason) for finding in reading.passed_over),
        encodings=tuple(
            (document.name, document.encoding) for document, _ in claimed if document.encoding != "utf-8"
        ),
        told=tuple((document.file, sentence) for document in parsed for sentence in document.heard.sentences),
    )


def _normalization(settings: Settings, clock: Clock) -> Normalization:
    return Normalization(
        now=clock.now(),
        zone=zone(settings.timezone) if settings.timezone else None,
        order=dates.Order(settings.date_order) if settings.date_order else None,
        stand_ins=settings.stand_in_dates,
        scales=scales.with_custom_maps(settings.scales),
        sections=frozenset(Section(name) for name in settings.type),
        since=_day(settings.since),
        profile=settings.profile,
    )


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ConfigError(f"--since {text}: write the day as YYYY-MM-DD.") from None


def _parsed(finding: Finding, how: Normalization) -> Parsed:
    parsed = parsed_document(finding)
    return replace(parsed, records=naming(parsed.records, how)) if parsed.shape == NAMED_TITLES else parsed


def parsed_document(finding: Finding) -> Parsed:
    """The records of a document that holds ratings, which are read when they are asked for."""
    document, claim = finding.document, finding.claim
    assert claim is not None  # ratings are always claimed
    return Parsed(
        file=document.name,
        digest=document.digest,
        source=claim.adapter.name,
        shape=claim.shape.name,
        rank=claim.shape.rank,
        asks_profile=claim.shape.asks_profile,
        records=claim.adapter.parse(document, claim.shape),
    )
