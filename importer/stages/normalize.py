"""Records as adapters yield them -> the normalized frame: ratings from 1 to 10, instants in UTC.

What is left out on the way (a date in the future, a partial date) is said in `detail`, never replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.stages.moments import NO_DATE, Dated, MomentReader
from importer.vocabulary import dates, scales
from importer.vocabulary.ids import SPACES
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime, Kind, Rating, Record
from importer.vocabulary.sends import Section

_SENDABLE_KINDS = frozenset({Kind.MOVIE, Kind.SHOW})
_FIELDS = tuple(frames.COLUMNS)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of one document: what it is called, what it was identified as, what it holds."""

    file: str
    digest: str
    source: str
    shape: str
    rank: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalization:
    """How to read scores and dates, and which rows to leave aside."""

    now: datetime
    zone: tzinfo | None = None
    order: dates.Order | None = None
    stand_ins: bool = True
    scales: Mapping[str, scales.Scale] = field(default_factory=lambda: scales.SCALES)
    sections: frozenset[Section] = frozenset(Section)
    since: datetime | None = None


class _Settled(NamedTuple):
    """What normalizing makes of one record."""

    outcome: Outcome
    code: Code | None
    detail: str
    rating: int | None = None
    dated: Dated = NO_DATE


def normalize(documents: Iterable[Parsed], how: Normalization) -> pd.DataFrame:
    """The frame of all records, one row each, in the order read; ratings are pending, rejects rejected.

    Raises InputError when a column of dates leaves open what only the person can know: the order of day and
    month, or the zone.
    """
    rows: list[tuple[Any, ...]] = []
    seen: Counter[str] = Counter()
    for document in documents:
        seen[document.digest] += 1
        again = seen[document.digest]
        prefix = document.digest[:16] + (f"~{again}" if again > 1 else "")
        rows.extend(_rows(document, prefix, how))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_FIELDS)
    return frames.build(dict(zip(_FIELDS, columns, strict=True)))


def section_of(kind: Kind, anime: Anime) -> Section:
    """The array a title goes in: anime when known to be anime (simkl-add-ratings.txt)."""
    if anime is Anime.YES:
        return Section.ANIME
    return Section.MOVIES if kind is Kind.MOVIE else Section.SHOWS


def _rows(document: Parsed, prefix: str, how: Normalization) -> Iterator[tuple[Any, ...]]:
    moments = MomentReader(
        document.file,
        document.records,
        now=how.now,
        zone=how.zone,
        order=how.order,
        stand_ins=how.stand_ins,
    )
    for record in document.records:
        yield _row(document, prefix, record, _settle(record, moments, how))


def _row(document: Parsed, prefix: str, record: Record, settled: _Settled) -> tuple[Any, ...]:
    instant = settled.dated.instant
    moment = record.moment if instant else None
    path, line = record.locator.path, record.locator.line
    ids = record.ids
    return (
        f"{prefix}:{path}{line}",
        None,
        document.source,
        document.shape,
        document.rank,
        document.file,
        line,
        record.kind and record.kind.value,
        record.anime.value,
        record.season,
        record.episode,
        record.title or None,
        record.year,
        *map(ids.get, SPACES),
        document.source if ids else None,
        record.score or None,
        record.scale or None,
        settled.rating,
        instant and instant.at,
        instant and instant.precision.value,
        moment and moment.column,
        moment and moment.stand_in,
        settled.outcome.value,
        settled.code and settled.code.value,
        settled.detail or None,
    )


def _settle(record: Record, moments: MomentReader, how: Normalization) -> _Settled:
    if not isinstance(record, Rating):
        return _Settled(Outcome.REJECTED, record.code, record.detail)
    rating = _rating(record, how)
    dated = moments.read(record.moment)
    notes = "; ".join(note for note in (*record.notes, dated.note) if note)
    if dated.is_bad:
        return _Settled(Outcome.REJECTED, Code.BAD_DATE, notes, rating)
    if record.kind not in _SENDABLE_KINDS:
        detail = notes or f"a {record.kind.value} rating"
        return _Settled(Outcome.REJECTED, Code.UNSUPPORTED_KIND, detail, rating, dated)
    if aside := _filter_reason(record, dated, how):
        return _Settled(Outcome.REJECTED, Code.FILTERED, aside, rating, dated)
    return _Settled(Outcome.PENDING, None, notes, rating, dated)


def _rating(record: Rating, how: Normalization) -> int:
    scale = how.scales[record.scale]
    score = scales.read(record.score, scale)
    if score is None:
        raise ValueError(f"{record.locator}: an adapter passed an unrated row on as a rating")
    return scales.rating_of(score, scale)


def _filter_reason(record: Rating, dated: Dated, how: Normalization) -> str:
    section = section_of(record.kind, record.anime)
    if section not in how.sections:
        return f"--type leaves {section.value} out"
    if how.since and dated.instant is None:
        return "--since leaves rows without a date out"
    if how.since and dated.instant and dated.instant.at < how.since:
        return f"--since {how.since:%Y-%m-%d} leaves it out"
    return ""
