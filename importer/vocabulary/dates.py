"""From what is known of a moment to an instant in UTC. How texts are read is the business of `dateforms`.

Nothing is guessed: the order of day and month is decided by a whole column, a missing zone is an error, a
partial date is no instant.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import NamedTuple

NOON = time(12)  # keeps the calendar day the same from UTC-12 to just before UTC+12 (ecosystem.md 1.8)
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)  # simkl-api.md 4.5: 1970-01-01 is a marker for "unknown"


class Precision(StrEnum):
    """How much of a date is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Order(StrEnum):
    """Which comes first where a date is written with the year last."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class When(NamedTuple):
    """What a text says of a moment. `month` and `day` are None where only the year or month is known;
    `clock` is None for a date without time; `offset` is None for a time without zone."""

    year: int
    month: int | None
    day: int | None
    clock: time | None = None
    offset: tzinfo | None = None
    precision: Precision = Precision.DAY


class Slash(NamedTuple):
    """A date with the year last, whose first two parts are day and month in an order yet to be decided."""

    first: int
    second: int
    year: int
    clock: time | None = None
    offset: tzinfo | None = None
    precision: Precision = Precision.DAY


class Instant(NamedTuple):
    """A moment in UTC and how much of it the export really held."""

    at: datetime
    precision: Precision


class NoZone(ValueError):
    """A time of day without a zone, and none was given."""


def checked(
    year: int, month: int, day: int, clock: time | None, offset: tzinfo | None, precision: Precision
) -> When:
    """What a date says, month and day 0 meaning unknown. Raises ValueError when there is no such day."""
    if year == 0 or (month == 0 and day != 0):
        raise unreadable(f"{year:04}-{month:02}-{day:02}")
    date(year, month or 1, day or 1)  # raises ValueError when there is no such day
    if month == 0:
        return When(year, None, None, precision=Precision.YEAR)
    if day == 0:
        return When(year, month, None, precision=Precision.MONTH)
    return When(year, month, day, clock, offset, precision)


def unreadable(text: str) -> ValueError:
    """The error for a text that is no date."""
    return ValueError(f"{text[:40]!r} is not a date")


def decide_order(column: Iterable[Slash]) -> Order | None:
    """The one order of day and month that fits every date of a column, or None when both do.

    Raises ValueError when none does.
    """
    fitting = set(Order)
    for slash in column:
        fitting = {order for order in fitting if fits(slash, order)}
        if not fitting:
            raise ValueError("no single order of day and month fits the whole column")
    return fitting.pop() if len(fitting) == 1 else None


def fits(slash: Slash, order: Order) -> bool:
    """Whether there is such a day in this order."""
    try:
        with_order(slash, order)
    except ValueError:
        return False
    return True


def with_order(slash: Slash, order: Order) -> When:
    """`slash` read in `order`. Raises ValueError when there is no such day."""
    month, day = (slash.first, slash.second) if order is Order.MONTH_FIRST else (slash.second, slash.first)
    if not month or not day:
        raise ValueError("there is no day or month 0")
    return checked(slash.year, month, day, slash.clock, slash.offset, slash.precision)


def instant(when: When, zone: tzinfo | None) -> Instant | None:
    """`when` in UTC: noon for a date without time, `zone` for a time without one; None for a partial date.

    Raises NoZone when the time has no zone and `zone` is None, ValueError when the year leaves the calendar.
    """
    if when.month is None or when.day is None:
        return None
    if when.clock is None:
        return Instant(datetime.combine(date(when.year, when.month, when.day), NOON, UTC), Precision.DAY)
    offset = when.offset or zone
    if offset is None:
        raise NoZone
    local = datetime.combine(date(when.year, when.month, when.day), when.clock, offset)
    try:
        return Instant(local.astimezone(UTC).replace(microsecond=0), when.precision)
    except OverflowError:
        raise ValueError("the date lies outside the calendar") from None


def day_of(when: When) -> When:
    """The day of `when`, without its time."""
    return When(when.year, when.month, when.day)


def iso_utc(at: datetime) -> str:
    """`at` as it goes on the wire and into reports: 2019-05-04T10:00:00Z (simkl-api.md 4.5)."""
    return f"{at.isoformat()[:19]}Z"
