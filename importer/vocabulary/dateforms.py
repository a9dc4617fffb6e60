"""The one reading of dates: a text in a named form -> what it says of the moment, and nothing more.

An order of day and month that the text leaves open is a `Slash` until the whole column decides; a partial date
stays partial (formats-western.md 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from importer.vocabulary.dates import Order, Precision, Slash, When, checked, fits, unreadable

LONGEST = 80  # characters; no way to write a date comes near, and patterns need not look at more
_ABSENT = frozenset({"", "-", "null", "none", "nan", "0", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01"})
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(\S.*))?", re.ASCII)
_SLASH = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(\S.*))?", re.ASCII)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp][Mm])?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_C_STYLE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})", re.ASCII)
_EPOCH = re.compile(r"\d{1,15}", re.ASCII)
_YMD = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NAMED = re.compile(
    r"(?:([A-Z][a-z]{2,8})\.? (\d{1,2})|(\d{1,2}) ([A-Z][a-z]{2,8})\.?),? (\d{4})(?:,? (\S.*))?", re.ASCII
)
_DASHED = re.compile(r"(\d{1,2})-([A-Z][a-z]{2,8})-(\d{4}|\d{2})(?: (\S.*))?", re.ASCII)  # 13-May-20
_DOTTED = re.compile(r"(\d{1,4})\. ?(\d{1,2})\. ?(\d{1,4})\.?(?!\S)", re.ASCII)  # 13. 5. 2020, 2020. 05. 13.
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=65536)
def read(text: str, form: str) -> When | Slash | None:
    """What `text`, written in `form` (a key of FORMS), says; None when it says that there is no date.

    Raises ValueError when it cannot be read.
    """
    text = text.strip()
    if text.lower() in _ABSENT:
        return None
    if len(text) > LONGEST:
        raise unreadable(text)
    try:
        return FORMS[form](text)
    except ValueError:  # also from the calendar, whose words do not show the text
        raise unreadable(text) from None


def _iso(text: str) -> When | Slash:
    if match := _DOTTED.match(text):
        text = f"{match[1]}.{match[2]}.{match[3]}{text[match.end() :]}"
    if match := _DAY.fullmatch(text):
        clock, offset, precision = _clock(match[5])
        return checked(int(match[1]), int(match[3]), int(match[4]), clock, offset, precision)
    if match := _SLASH.fullmatch(text):
        return _slash(match)
    if match := _NAMED.fullmatch(text):
        return _named(match[1] or match[4], match[2] or match[3], match[5], match[6])
    if match := _DASHED.fullmatch(text):
        return _named(match[2], match[1], match[3], match[4])
    raise unreadable(text)


def _slash(match: re.Match[str]) -> When | Slash:
    first, second, year = int(match[1]), int(match[3]), _full_year(match[4])
    clock, offset, precision = _clock(match[5])
    if offset is None and clock == time(0):
        clock, precision = None, Precision.DAY  # a spreadsheet's 0:00 behind a date that has no time
    if match[2] == ".":  # dots are day first wherever dates are written with dots
        return checked(year, second, first, clock, offset, precision)
    slash = Slash(first, second, year, clock, offset, precision)
    possible = [order for order in Order if fits(slash, order)]
    if not possible:
        raise unreadable(match[0])
    return slash


def _full_year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    return int(text) + (1900 if int(text) >= 70 else 2000)  # as POSIX reads two digits


def _utc(text: str) -> When | Slash:
    when = _iso(text)
    if when.clock is not None and when.offset is None:
        return when._replace(offset=UTC)
    return when


def _day(text: str) -> When | Slash:
    when = _iso(text)
    if when.clock is None:
        return when
    if when.clock != time(0):
        raise unreadable(text)
    return when._replace(clock=None, offset=None, precision=Precision.DAY)


def _c_style(text: str) -> When | Slash:
    match = _C_STYLE.fullmatch(text)
    if match is None:
        return _day(text)
    if match[1] not in _MONTHS:
        raise unreadable(text)
    return checked(int(match[4]), _MONTHS.index(match[1]) + 1, int(match[2]), None, None, Precision.DAY)


def _named(word: str, day: str, year: str, clock: str | None) -> When:
    months = [number for number, name in enumerate(_MONTH_NAMES, start=1) if name.startswith(word)]
    if len(months) != 1:
        raise unreadable(word)
    return checked(_full_year(year), months[0], int(day), *_clock(clock))


def _epoch_s(text: str) -> When:
    if not _EPOCH.fullmatch(text):
        raise unreadable(text)
    return _from_epoch(text, int(text) * 1000)


def _epoch_ms(text: str) -> When:
    if not _EPOCH.fullmatch(text):
        raise unreadable(text)
    return _from_epoch(text, int(text))


def _from_epoch(text: str, milliseconds: int) -> When:
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise unreadable(text) from None
    return When(at.year, at.month, at.day, at.time(), UTC, Precision.SECOND)


def _ymd(text: str) -> When:
    match = _YMD.fullmatch(text)
    if match is None:
        raise unreadable(text)
    return checked(int(match[1]), int(match[2]), int(match[3]), None, None, Precision.DAY)


FORMS: dict[str, Callable[[str], When | Slash]] = {
    "iso": _iso,
    "utc": _utc,
    "day": _day,
    "c": _c_style,
    "epoch-s": _epoch_s,
    "epoch-ms": _epoch_ms,
    "ymd": _ymd,
    "named": _iso,
}
"""Ways of writing dates. `iso`: YYYY-MM-DD with or without a time, zone and fraction, and what spreadsheets
make of it; `utc`: the same, a time without zone is UTC; `day`: the same, never with a time; `c`: Sat Mar  4
00:00:00 2017, of which only the day counts; `epoch-s`, `epoch-ms`: counted from 1970; `ymd`: 20170304; `named`:
March 4, 2017, 10:11 or 4 Mar 2017, by the English names of months, or as `iso`."""


def _clock(text: str | None) -> tuple[time | None, tzinfo | None, Precision]:
    if text is None:
        return None, None, Precision.DAY
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise unreadable(text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[5]:
        if not 1 <= hour <= 12:
            raise unreadable(text)
        hour = hour % 12 + (12 if match[5].lower() == "pm" else 0)
    precision = Precision.MINUTE if match[3] is None else Precision.SECOND
    microsecond = int((match[4] or "0").ljust(6, "0")[:6])
    return time(hour, minute, second, microsecond), _offset(match[6]), precision


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if minutes > 59:
        raise unreadable(text)
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)
