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
from importer.vocabulary.records import Moment, Rating, Record


class Dated(NamedTuple):
    """What became of a moment: the instant if there is one, what to tell of it, and whether the row must go
    because its date cannot be read."""

    instant: dates.Instant | None = None
    note: str = ""
    is_bad: bool = False


NO_DATE = Dated()
_KNOWN = 65_536


class MomentReader:
    """Reads the moments of one document."""

    def __init__(
        self,
        file: str,
        records: Sequence[Record],
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
        self._orders = _orders(file, records, order, stand_ins)
        self._known: dict[Moment, Dated] = {}

    def read(self, moment: Moment | None) -> Dated:
        """The instant for `moment`. Raises InputError for a time of day whose zone nobody has named."""
        if moment is None or (moment.stand_in and not self._stand_ins):
            return NO_DATE
        known = self._known.get(moment)
        if known is None:
            if len(self._known) >= _KNOWN:  # times of day are all different, and millions of them fill the memory
                self._known.clear()
            known = self._known[moment] = self._read(moment)
        return known

    def _read(self, moment: Moment) -> Dated:
        when = dateforms.read(moment.text, moment.form)
        if when is None:
            return NO_DATE
        try:
            if isinstance(when, dates.Slash):
                when = dates.with_order(when, self._orders[moment.where])
            instant = self._instant(when, moment)
        except ValueError:
            return Dated(note=f"{moment.where}: {moment.text!r} is not a date here", is_bad=True)
        if instant is None:
            return Dated(note=f"{moment.where} {moment.text} left out: only part of the date is known")
        if instant.at > self._now:
            return Dated(note=f"{moment.where} {moment.text} left out: it lies in the future")
        if instant.at < dates.EARLIEST:
            return Dated(note=f"{moment.where} {moment.text} left out: before 1970 means unknown")
        return Dated(instant)

    def _instant(self, when: dates.When, moment: Moment) -> dates.Instant | None:
        try:
            return dates.instant(when, self._zone)
        except dates.NoZone:
            if not moment.stand_in:
                raise InputError(self._ask_for_zone(moment)) from None
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
