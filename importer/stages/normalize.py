"""Records as adapters yield them -> the normalized frame: ratings from 1 to 10, instants in UTC.

What is left out on the way (a date in the future, a partial date) is said in `detail`, never replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.stages import slices
from importer.stages.moments import Dated, MomentReader, OpenDate
from importer.stages.normalization import Normalization
from importer.stages.slices import Parsed, listed
from importer.stages.verdicts import Judge, Verdict
from importer.vocabulary.errors import InputError
from importer.vocabulary.records import Rating, Record

ROWS = 50_000
"""Rows of a frame made at once."""


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
    """Frames of at least so many rows, the last one of fewer, so that no more than that need be in memory."""
    gathered = _Gathered()
    for part in _parts(documents, how, min(rows, slices.ROWS)):
        gathered.add(part)
        if gathered.rows >= rows:
            yield frames.build(gathered.columns())
            gathered = _Gathered()
    if gathered.rows:
        yield frames.build(gathered.columns())


class _Part(NamedTuple):
    """What a slice of records brings to a frame: columns of its own, dates and verdicts, one of each a row."""

    columns: Mapping[str, Sequence[Any]]
    dates: Sequence[Dated]
    verdicts: Sequence[Verdict]


class _Gathered:
    """The columns of a frame to be, a part after the other; a column that a part lacks is empty there."""

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {}
        self._dates: list[Dated] = []
        self._verdicts: list[Verdict] = []

    @property
    def rows(self) -> int:
        """How many were taken in."""
        return len(self._verdicts)

    def add(self, part: _Part) -> None:
        """Take in the next part."""
        for name, values in part.columns.items():
            self._column(name).extend(values)
        self._dates += part.dates
        self._verdicts += part.verdicts

    def _column(self, name: str) -> list[Any]:
        """What was taken in of a column, as long as all that was taken in."""
        column = self._columns.setdefault(name, [])
        column += [None] * (self.rows - len(column))
        return column

    def columns(self) -> Mapping[str, frames.Column]:
        """All that was taken in, and what no part had, empty."""
        return {
            **dict.fromkeys(frames.COLUMNS, [None] * self.rows),
            **{name: self._column(name) for name in self._columns},
            **frames.shared(Dated._fields, self._dates),
            **frames.shared(Verdict._fields, self._verdicts),
        }


def _parts(documents: Iterable[Parsed], how: Normalization, rows: int) -> Iterator[_Part]:
    seen: Counter[str] = Counter()
    for document in documents:
        seen[document.digest] += 1
        again = seen[document.digest]
        prefix = document.digest[:16] + (f"~{again}" if again > 1 else "")
        reader = partial(
            MomentReader, document.file, now=how.now, zone=how.zone, order=how.order, stand_ins=how.stand_ins
        )
        part = partial(_part, document, prefix, Judge(how))
        moments, slices_left = reader(), document.slices(rows, by_profile=bool(how.profile))
        for records in slices_left:
            try:
                yield part(moments, records)
            except OpenDate:
                records.extend(chain.from_iterable(slices_left))
                yield part(reader(records), records)


def _part(document: Parsed, prefix: str, judge: Judge, moments: MomentReader, records: Sequence[Record]) -> _Part:
    others = _other_profiles(document, judge.how.profile)
    asides = [_aside(record, others) for record in records] if others else None
    dates = moments.read_all(records, asides)
    return _Part(_columns(document, prefix, records), dates, judge.verdicts(records, dates, asides))


def _columns(document: Parsed, prefix: str, records: Sequence[Record]) -> dict[str, Sequence[Any]]:
    """What the records themselves say, column by column, for speed; none for what none of them says."""
    rows = len(records)
    locators, _, _, _, _, titles, years, ids, _, seasons, episodes, of_show, *_ = zip(*records, strict=False)
    parts = {"season": seasons, "episode": episodes, "ids_name_show": [held or None for held in of_show]}
    return {
        "row_id": [f"{prefix}:{path}{line}" for line, path in locators],
        "source": [document.source] * rows,
        "shape": [document.shape] * rows,
        "rank": [document.rank] * rows,
        "file": [document.file] * rows,
        "line": [line for line, _ in locators],
        "title": [title or None for title in titles],
        "year": years,
        **{name: values for name, values in parts.items() if values.count(None) < rows},
        **{f"id_{space}": [held.get(space) for held in ids] for space in set().union(*ids)},
        "ids_from": [document.source if held else None for held in ids],
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
