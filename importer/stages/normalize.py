"""Records as adapters yield them -> the normalized frame: ratings from 1 to 10, instants in UTC.

What is left out on the way (a date in the future, a partial date) is said in `detail`, never replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

import pandas as pd

from importer.stages import frame as frames
from importer.stages.moments import NO_DATE, Dated, MomentReader
from importer.stages.slices import ROWS, Parsed, listed
from importer.vocabulary import dates, scales
from importer.vocabulary.errors import InputError
from importer.vocabulary.ids import SPACES
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime, Kind, Rating, Record, Reject
from importer.vocabulary.sends import Section


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
    profile: str = ""

    @property
    def leaves_aside(self) -> bool:
        """Whether any filter is set at all."""
        return self.since is not None or len(self.sections) < len(Section)


_WHOLE = (Kind.MOVIE, Kind.SHOW)
_PART_RATINGS = {kind: f"{'an' if kind is Kind.EPISODE else 'a'} {kind} rating" for kind in Kind}
# Before Python 3.12 an enum takes longer to look a member up than all else of a row.
_PENDING, _REJECTED, _UNSUPPORTED = Outcome.PENDING, Outcome.REJECTED, Code.UNSUPPORTED_KIND

_Settled = tuple[Outcome, Code | None, str, int | None, Dated]
"""What normalizing makes of one record: outcome, code, detail, rating, and what became of its date."""


def normalize(documents: Iterable[Parsed], how: Normalization) -> pd.DataFrame:
    """The frame of all records, one row each, in the order read; ratings are pending, rejects rejected.

    Raises InputError when a column of dates leaves open what only the person can know: the order of day and
    month, or the zone; and when there are profiles, but not the one that was asked for.
    """
    documents = list(documents)
    parts = list(normalized_slices(documents, how))
    _check_profile(documents, how.profile)
    return frames.one_below_the_other(parts)


def normalized_slices(documents: Iterable[Parsed], how: Normalization, rows: int = ROWS) -> Iterator[pd.DataFrame]:
    """The frames of some records after the other, so that no more of them than of a slice need be in memory."""
    seen: Counter[str] = Counter()
    for document in documents:
        seen[document.digest] += 1
        again = seen[document.digest]
        prefix = document.digest[:16] + (f"~{again}" if again > 1 else "")
        reader = partial(
            MomentReader, document.file, now=how.now, zone=how.zone, order=how.order, stand_ins=how.stand_ins
        )
        moments = reader(())
        for part in document.slices(rows, by_profile=bool(how.profile)):
            if part.has_open_dates:
                moments = reader(part.records)
            yield frames.build(_columns(document, part.records, prefix, moments, how))


def section_of(kind: Kind, anime: Anime) -> Section:
    """The array a title goes in: anime when known to be anime (simkl-add-ratings.txt)."""
    if anime is Anime.YES:
        return Section.ANIME
    return Section.MOVIES if kind is Kind.MOVIE else Section.SHOWS


def _columns(
    document: Parsed, records: Sequence[Record], prefix: str, moments: MomentReader, how: Normalization
) -> dict[str, Sequence[Any]]:
    """A part of every column. Column by column and without enum look-ups, for speed."""
    rows = len(records)
    locators, kinds, scores, scale_names, anime, titles, years, ids, dates_told, *rest = zip(*records, strict=False)
    seasons, episodes, of_show, *_ = rest
    is_filtered, others = how.leaves_aside, _other_profiles(document, how.profile)
    settled = [
        (_REJECTED, Code.FILTERED, aside, None, NO_DATE)
        if others and (aside := _aside(record, others))
        else _settle(record, moments, how, is_filtered)
        for record in records
    ]
    outcomes, codes, details, ratings, dated = zip(*settled, strict=True)
    instants = [found.instant for found in dated]
    told = [moment if instant else None for moment, instant in zip(dates_told, instants, strict=True)]
    return {
        "row_id": [f"{prefix}:{path}{line}" for line, path in locators],
        "title_key": [None] * rows,
        "source": [document.source] * rows,
        "shape": [document.shape] * rows,
        "rank": [document.rank] * rows,
        "file": [document.file] * rows,
        "line": [locator.line for locator in locators],
        "kind": [kind and kind._value_ for kind in kinds],
        "kind_sure": [record.is_kind_sure if isinstance(record, Rating) else None for record in records],
        "anime": [said._value_ for said in anime],
        "season": seasons,
        "episode": episodes,
        "ids_name_show": [held or None for held in of_show],
        "title": [title or None for title in titles],
        "year": years,
        **_id_columns(ids),
        "ids_from": [document.source if held else None for held in ids],
        "score_text": [score or None for score in scores],
        "scale": [name or None for name in scale_names],
        "rating": ratings,
        "rated_at": [instant and instant.at for instant in instants],
        "rated_precision": [instant and instant.precision._value_ for instant in instants],
        "rated_from": [moment and moment.column for moment in told],
        "stand_in": [moment and moment.stand_in for moment in told],
        "outcome": [outcome._value_ for outcome in outcomes],
        "code": [code and code._value_ for code in codes],
        "detail": [detail or None for detail in details],
    }


def _check_profile(documents: Sequence[Parsed], profile: str) -> None:
    known = (
        list(dict.fromkeys(name for document in documents for name in document.heard.profiles)) if profile else []
    )
    if known and not any(_is_same(name, profile) for name in known):
        raise InputError(f"--profile {profile}: there are only {listed(known)}.")


def _other_profiles(document: Parsed, profile: str) -> dict[str, str]:
    """The profiles of the document that are not to be read, with what is said of their rows."""
    found = document.heard.profiles
    if found and profile:
        others = {name: f"--profile leaves {name!r} out" for name in found if not _is_same(name, profile)}
        return {"": "--profile leaves rows without a profile out", **others}
    if document.asks_profile and len(found) > 1:
        return dict.fromkeys(("", *found), f"ratings of {len(found)} people: say whose with --profile")
    return {}


def _aside(record: Record, others: Mapping[str, str]) -> str:
    """Why the record is none of the chosen profile's; one that could not be read at all keeps its own reason."""
    return others.get(record.profile, "") if record.profile or isinstance(record, Rating) else ""


def _is_same(name: str, other: str) -> bool:
    return name.casefold() == " ".join(other.split()).casefold()


def _id_columns(ids: Sequence[Mapping[str, str]]) -> dict[str, Sequence[str | None]]:
    used: set[str] = set().union(*ids)
    nothing = [None] * len(ids)
    return {f"id_{space}": [held.get(space) for held in ids] if space in used else nothing for space in SPACES}


def _settle(record: Record, moments: MomentReader, how: Normalization, is_filtered: bool) -> _Settled:
    if not isinstance(record, Rating):
        rating, dated = _readable(record, moments, how)
        return _REJECTED, record.code, record.detail, rating, dated
    try:
        rating = scales.rating(record.score, how.scales[record.scale])
    except scales.NoMap as error:
        return _REJECTED, Code.BAD_SCALE, str(error), None, _date_of(record, moments)
    if rating is None:
        raise ValueError(f"{record.locator}: an adapter passed an unrated row on as a rating")
    dated = moments.read(record.moment)
    notes = "; ".join(filter(None, (*record.notes, dated.note))) if record.notes or dated.note else ""
    if dated.is_bad:
        return _REJECTED, Code.BAD_DATE, notes, rating, NO_DATE
    if record.kind not in _WHOLE:
        return _REJECTED, _UNSUPPORTED, notes or part_rating(record.kind), rating, dated
    if is_filtered and (aside := filter_reason(record.kind, record.anime, dated.instant and dated.instant.at, how)):
        return _REJECTED, Code.FILTERED, aside, rating, dated
    return _PENDING, None, notes, rating, dated


def _readable(record: Reject, moments: MomentReader, how: Normalization) -> tuple[int | None, Dated]:
    """What can be read of a reject all the same, so that repairing its one fault makes it whole."""
    try:
        rating = scales.rating(record.score, how.scales[record.scale])
    except (KeyError, ValueError):
        rating = None
    is_left = record.code is Code.UNRATED or record.code is Code.BAD_DATE
    return rating, NO_DATE if is_left else _date_of(record, moments)


def _date_of(record: Record, moments: MomentReader) -> Dated:
    """The date of a row that is no rating yet, where it can be read without asking."""
    try:
        return moments.read(record.moment)
    except (InputError, ValueError, KeyError):
        return NO_DATE


def part_rating(kind: Kind) -> str:
    """What is said of the rating of a season or episode that stays behind."""
    return _PART_RATINGS[kind]


def filter_reason(kind: Kind, anime: Anime, rated_at: datetime | None, how: Normalization) -> str:
    """Why the person's filters leave a title out, or nothing."""
    section = section_of(kind, anime)
    if section not in how.sections:
        return f"--type leaves {section.value} out"
    if how.since and rated_at is None:
        return "--since leaves rows without a date out"
    if how.since and rated_at and rated_at < how.since:
        return f"--since {how.since:%Y-%m-%d} leaves it out"
    return ""
