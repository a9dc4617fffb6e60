"""What becomes of each record: pending or rejected, with which rating, and what is to be said of it.

Records that differ in nothing but their titles, ids and days share one verdict; most of a large export are judged
by a look into a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from importer.stages.moments import Dated
from importer.stages.normalization import Normalization, filter_reason, part_rating
from importer.vocabulary import scales
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Kind, Rating, Record, Reject

_WHOLE = (Kind.MOVIE, Kind.SHOW)
_KNOWN = 65_536
_JUDGED = itemgetter(*map(Rating._fields.index, ("kind", "score", "scale", "anime", "notes", "is_kind_sure")))
"""What of a record decides; in the places of notes and certainty a reject has its code and detail."""


class Ending(NamedTuple):
    """How one row ends, why, and with which rating where it has one."""

    outcome: Outcome
    code: Code | None
    detail: str
    rating: int | None = None


class Verdict(NamedTuple):
    """The cells of a row that neither its title nor its ids nor its day decides, by the names of the frame."""

    kind: str | None
    kind_sure: bool | None
    anime: str
    score_text: str | None
    scale: str | None
    rating: int | None
    outcome: str
    code: str | None
    detail: str | None


class Judge:
    """Judges the records of one document."""

    def __init__(self, how: Normalization) -> None:
        self.how = how
        self._known: dict[tuple[Any, ...], Verdict] = {}

    def verdicts(
        self, records: Sequence[Record], dates: Sequence[Dated], asides: Sequence[str] | None
    ) -> list[Verdict]:
        """One of each record, whose date became what `dates` says. `asides`: why a record is not to be read at
        all, where there is a reason.

        Raises InputError where a rating cannot be read without asking the person.
        """
        known = self._known
        return [
            known.get(key) or self._remembered(key, record, dated)
            for key, record, dated in zip(self._keys(records, dates, asides), records, dates, strict=True)
        ]

    def _keys(
        self, records: Sequence[Record], dates: Sequence[Dated], asides: Sequence[str] | None
    ) -> Iterator[tuple[Any, ...]]:
        """All that a verdict hangs on: parts of the record, what is to be said of its date, why it stays aside."""
        return zip(
            map(_JUDGED, records),
            [dated.remark for dated in dates],
            asides or repeat(""),
            self._filtered(records, dates),
            strict=False,
        )

    def _filtered(self, records: Sequence[Record], dates: Sequence[Dated]) -> Iterable[str]:
        if not self.how.leaves_aside:
            return repeat("")
        return [
            filter_reason(record.kind, record.anime, dated.rated_at, self.how) if record.kind in _WHOLE else ""
            for record, dated in zip(records, dates, strict=True)
        ]

    def _remembered(self, key: tuple[Any, ...], record: Record, dated: Dated) -> Verdict:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        *_, aside, filtered = key
        if aside:
            ending = Ending(Outcome.REJECTED, Code.FILTERED, aside)
        elif isinstance(record, Rating):
            ending = self._of_rating(record, dated, filtered)
        else:
            ending = Ending(Outcome.REJECTED, record.code, record.detail, self._readable(record))
        self._known[key] = found = _verdict(record, ending)
        return found

    def _of_rating(self, record: Rating, dated: Dated, filtered: str) -> Ending:
        try:
            rating = scales.rating(record.score, self.how.scales[record.scale])
        except scales.NoMap as error:
            return Ending(Outcome.REJECTED, Code.BAD_SCALE, str(error))
        if rating is None:
            raise ValueError(f"{record.locator}: an adapter passed an unrated row on as a rating")
        if dated.remark.question:
            raise InputError(dated.remark.question)
        notes = "; ".join(filter(None, (*record.notes, dated.remark.note)))
        if dated.remark.is_bad:
            return Ending(Outcome.REJECTED, Code.BAD_DATE, notes, rating)
        if record.kind not in _WHOLE:
            return Ending(Outcome.REJECTED, Code.UNSUPPORTED_KIND, notes or part_rating(record.kind), rating)
        if filtered:
            return Ending(Outcome.REJECTED, Code.FILTERED, filtered, rating)
        return Ending(Outcome.PENDING, None, notes, rating)

    def _readable(self, record: Reject) -> int | None:
        """The rating of a reject, where it can be read, so that repairing its one fault makes it whole."""
        try:
            return scales.rating(record.score, self.how.scales[record.scale])
        except (KeyError, ValueError):
            return None


def _verdict(record: Record, ending: Ending) -> Verdict:
    return Verdict(
        kind=record.kind and record.kind.value,
        kind_sure=record.is_kind_sure if isinstance(record, Rating) else None,
        anime=record.anime.value,
        score_text=record.score or None,
        scale=record.scale or None,
        rating=ending.rating,
        outcome=ending.outcome.value,
        code=ending.code and ending.code.value,
        detail=ending.detail or None,
    )
