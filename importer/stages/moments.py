"""Moments as an export writes them -> instants, for one document: what only a whole column can decide is
decided here, once (the order of day and month), and what only the person knows is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from importer.vocabulary import dateforms, dates
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Moment, Rating, Record


class Remark(NamedTuple):
    """What there is to say of a moment: a note, whether the row must go because its date cannot be read, and what
    the person has to be asked before it can be read."""

    note: str = ""
    is_bad: bool = False
    question: str = ""


NOTHING = Remark()


class Dated(NamedTuple):
    """What became of a moment: its cells by the names of the frame, None where there is no instant; a remark."""

    rated_at: datetime | None = None
    rated_precision: str | None = None
    rated_from: str | None = None
    stand_in: bool | None = None
    remark: Remark = NOTHING


NO_DATE = Dated()
_KNOWN = 65_536


class OpenDate(Exception):
    """A date leaves the order of day and month open, and its whole column is needed to decide it."""


class MomentReader:
    """Reads the moments of one document. `records`: all that are left of it; without them no order is decided."""

    def __init__(
        self,
        file: str,
        records: Sequence[Record] | None = None,
        *,
        now: datetime,
        zone: tzinfo | None,
        order: dates.Order | None,
        stand_ins: bool,
    ) -> None:
        self._file = file
        self._now = now
        self._zone = zone
        self._stand_ins = stand_ins
        self._orders = None if records is None else _orders(file, records, order, stand_ins)
        self._known: dict[Moment | None, Dated] = {}

    def read_all(self, records: Sequence[Record], asides: Sequence[str] | None) -> list[Dated]:
        """What becomes of the moment of each record; those that stay aside have none. Raises OpenDate."""
        if asides:
            return [NO_DATE if aside else self._of(record) for record, aside in zip(records, asides, strict=True)]
        return list(map(self._of, records))

    def _of(self, record: Record) -> Dated:
        """Of what is no rating the date is read where it can be, so that repairing its one fault makes it whole."""
        if isinstance(record, Rating):
            return self._known.get(record.moment) or self._read_anew(record.moment)
        if record.code is Code.UNRATED or record.code is Code.BAD_DATE:
            return NO_DATE
        try:
            return self._known.get(record.moment) or self._read_anew(record.moment)
        except (ValueError, KeyError):
            return NO_DATE

    def _read_anew(self, moment: Moment | None) -> Dated:
        if len(self._known) >= _KNOWN:  # times of day are all different, and millions of them fill the memory
            self._known.clear()
        self._known[moment] = found = self._read(moment)
        return found

    def _read(self, moment: Moment | None) -> Dated:
        if moment is None or (moment.stand_in and not self._stand_ins):
            return NO_DATE
        when = dateforms.read(moment.text, moment.form)
        if when is None:
            return NO_DATE
        try:
            if isinstance(when, dates.Slash):
                when = dates.with_order(when, self._order_in(moment.where))
            instant = self._instant(when, moment)
        except dates.NoZone:
            return Dated(remark=Remark(question=self._ask_for_zone(moment)))
        except ValueError:
            return Dated(remark=Remark(f"{moment.where}: {moment.text!r} is not a date here", is_bad=True))
        left_out = f"{moment.where} {moment.text} left out"
        if instant is None:
            return Dated(remark=Remark(f"{left_out}: only part of the date is known"))
        if instant.at > self._now:
            return Dated(remark=Remark(f"{left_out}: it lies in the future"))
        if instant.at < dates.EARLIEST:
            return Dated(remark=Remark(f"{left_out}: before 1970 means unknown"))
        return Dated(instant.at, instant.precision.value, moment.column, moment.stand_in)

    def _order_in(self, column: str) -> dates.Order:
        if self._orders is None:
            raise OpenDate
        return self._orders[column]

    def _instant(self, when: dates.When, moment: Moment) -> dates.Instant | None:
        try:
            return dates.instant(when, self._zone)
        except dates.NoZone:
            if not moment.stand_in:
                raise
            return dates.instant(dates.day_of(when), None)  # a stand-in is near at best: its day will do

    def _ask_for_zone(self, moment: Moment) -> str:
        return (
            f"{self._file}, column {moment.where}: {moment.text!r} is a time without a zone. "
            "Say which with --timezone, for example --timezone Europe/Berlin or --timezone UTC."
        )


def _orders(
    file: str, records: Sequence[Record], asked: dates.Order | None, stand_ins: bool
) -> Mapping[str, dates.Order]:
    columns: dict[str, list[dates.Slash]] = defaultdict(list)
    for moment in {record.moment for record in records if isinstance(record, Rating)}:
        if moment and (stand_ins or not moment.stand_in):
            when = dateforms.read(moment.text, moment.form)
            if isinstance(when, dates.Slash):
                columns[moment.where].append(when)
    return {name: _order_of(file, name, slashes, asked) for name, slashes in columns.items()}


def _order_of(file: str, column: str, slashes: Sequence[dates.Slash], asked: dates.Order | None) -> dates.Order:
    try:
        order = dates.decide_order(slashes) or asked
    except ValueError:
        order = asked
        if order is None:
            raise InputError(
                f"{file}, column {column}: some dates have the day first, others the month. "
                "Say which is right with --date-order dmy or --date-order mdy; the others become rejects."
            ) from None
    if order is None and all(slash.first == slash.second for slash in slashes):
        return dates.Order.DAY_FIRST  # 5/5/2020: both orders are the same day
    if order is None:
        example = next(slash for slash in slashes if slash.first != slash.second)
        raise InputError(
            f"{file}, column {column}: {example.first}/{example.second}/{example.year} may be day or month first, "
            "and no date in the column tells. Say which with --date-order dmy or --date-order mdy."
        )
    return order
