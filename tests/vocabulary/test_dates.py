"""Dates are read in the form that is named, keep their calendar day, and are never guessed."""

from __future__ import annotations

import os
import time as time_module
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.vocabulary.dateforms import FORMS, read
from importer.vocabulary.dates import (
    EARLIEST,
    Instant,
    NoZone,
    Order,
    Precision,
    Slash,
    When,
    day_of,
    decide_order,
    instant,
    iso_utc,
    with_order,
)

DAY, MINUTE, SECOND = Precision.DAY, Precision.MINUTE, Precision.SECOND
KOLKATA = ZoneInfo("Asia/Kolkata")

instants = st.integers(-30_000_000_000, 200_000_000_000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def hours(number: float) -> tzinfo:
    """A fixed offset from UTC."""
    return timezone(timedelta(hours=number))


def in_utc(text: str, form: str, zone: tzinfo | None = None) -> str:
    """The instant that `text` means, as it would be sent."""
    when = read(text, form)
    assert isinstance(when, When)
    found = instant(when, zone)
    assert found is not None
    return iso_utc(found.at)


# --- forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019-05-04", When(2019, 5, 4)),
        (" 2019-05-04 ", When(2019, 5, 4)),
        ("2019/05/04", When(2019, 5, 4)),
        ("2019/5/4", When(2019, 5, 4)),
        ("2019.05.04", When(2019, 5, 4)),
        ("2019-05-04T10:11:12Z", When(2019, 5, 4, time(10, 11, 12), UTC, SECOND)),
        ("2019-05-04T10:11:12.000Z", When(2019, 5, 4, time(10, 11, 12), UTC, SECOND)),
        ("2019-05-04T10:11:12.5Z", When(2019, 5, 4, time(10, 11, 12, 500000), UTC, SECOND)),
        ("2019-05-04T10:11:12.123456789Z", When(2019, 5, 4, time(10, 11, 12, 123456), UTC, SECOND)),
        ("2019-05-04 10:11:12 UTC", When(2019, 5, 4, time(10, 11, 12), UTC, SECOND)),
        ("2019-05-04T10:11:12+02:00", When(2019, 5, 4, time(10, 11, 12), hours(2), SECOND)),
        ("2019-05-04T10:11:12-0730", When(2019, 5, 4, time(10, 11, 12), hours(-7.5), SECOND)),
        ("2019-05-04T10:11:12+09", When(2019, 5, 4, time(10, 11, 12), hours(9), SECOND)),
        ("2019-05-04 10:11:12", When(2019, 5, 4, time(10, 11, 12), None, SECOND)),
        ("2019-05-04 10:11", When(2019, 5, 4, time(10, 11), None, MINUTE)),
        ("2019-05-04 9:05 PM", When(2019, 5, 4, time(21, 5), None, MINUTE)),
        ("2019-05-04 12:05 am", When(2019, 5, 4, time(0, 5), None, MINUTE)),
        ("2019-05-04 12:05 pm", When(2019, 5, 4, time(12, 5), None, MINUTE)),
        ("2019-05-00", When(2019, 5, None, precision=Precision.MONTH)),
        ("2019-00-00", When(2019, None, None, precision=Precision.YEAR)),
        ("04.05.2019", When(2019, 5, 4)),
        ("4.5.2019 10:11", When(2019, 5, 4, time(10, 11), None, MINUTE)),
        ("04.05.19", When(2019, 5, 4)),
        ("5/4/2019", Slash(5, 4, 2019)),
        ("5/4/19", Slash(5, 4, 2019)),
        ("31-12-1999", Slash(31, 12, 1999)),
        ("5/4/2019 10:11", Slash(5, 4, 2019, time(10, 11), None, MINUTE)),
        ("5/4/2019, 10:11:12", Slash(5, 4, 2019, time(10, 11, 12), None, SECOND)),
        ("5/4/2019 0:00", Slash(5, 4, 2019)),
        ("5/4/2019 12:00:00 AM", Slash(5, 4, 2019)),
        ("2/29/2020", Slash(2, 29, 2020)),
        ("13-May-20", When(2020, 5, 13)),
        ("1-Sep-99", When(1999, 9, 1)),
        ("13-May-2020", When(2020, 5, 13)),
        ("13-December-2020 10:11", When(2020, 12, 13, time(10, 11), None, MINUTE)),
        ("May 13, 2020", When(2020, 5, 13)),
        ("13 May 2020", When(2020, 5, 13)),
        ("13. 5. 2020", When(2020, 5, 13)),
        ("13. 5. 2020 10:11", When(2020, 5, 13, time(10, 11), None, MINUTE)),
        ("13.5.2020.", When(2020, 5, 13)),
        ("2020. 05. 13.", When(2020, 5, 13)),
        ("2020. 5. 13", When(2020, 5, 13)),
    ],
)
def test_iso_and_what_spreadsheets_make_of_it(text: str, when: When | Slash) -> None:
    """The form `iso` reads dates with or without time, zone and fraction, and re-saved ones."""
    assert read(text, "iso") == when


@pytest.mark.parametrize(
    ("text", "year"), [("1/2/70", 1970), ("1/2/69", 2069), ("1/2/99", 1999), ("1/2/00", 2000), ("1/2/26", 2026)]
)
def test_two_digit_years_are_read_as_posix_reads_them(text: str, year: int) -> None:
    """69 is in the future, 70 in the past."""
    when = read(text, "day")
    assert when is not None
    assert when.year == year


@pytest.mark.parametrize(
    ("text", "form", "when"),
    [
        ("2019-05-04 10:11:12", "utc", When(2019, 5, 4, time(10, 11, 12), UTC, SECOND)),
        ("2019-05-04T10:11:12+02:00", "utc", When(2019, 5, 4, time(10, 11, 12), hours(2), SECOND)),
        ("2019-05-04", "utc", When(2019, 5, 4)),
        ("5/4/2019 10:11", "utc", Slash(5, 4, 2019, time(10, 11), UTC, MINUTE)),
        ("2019-05-04", "day", When(2019, 5, 4)),
        ("2019-05-04T00:00:00Z", "day", When(2019, 5, 4)),
        ("2019-05-04 00:00:00", "day", When(2019, 5, 4)),
        ("4/18/2026", "day", Slash(4, 18, 2026)),
        ("13-May-20", "day", When(2020, 5, 13)),
        ("May 13, 2020", "day", When(2020, 5, 13)),
        ("2020. 05. 13.", "day", When(2020, 5, 13)),
        ("13-May-20 10:11", "utc", When(2020, 5, 13, time(10, 11), UTC, MINUTE)),
        ("Sat Mar  4 00:00:00 2017", "c", When(2017, 3, 4)),
        ("Mon Dec 25 23:59:59 2006", "c", When(2006, 12, 25)),
        ("2017-03-04", "c", When(2017, 3, 4)),
        ("1556964672", "epoch-s", When(2019, 5, 4, time(10, 11, 12), UTC, SECOND)),
        ("1556964672123", "epoch-ms", When(2019, 5, 4, time(10, 11, 12, 123000), UTC, SECOND)),
        ("May 4, 2019, 10:11", "named", When(2019, 5, 4, time(10, 11), None, MINUTE)),
        ("Sept. 14 2019", "named", When(2019, 9, 14)),
        ("4 March 2019 10:11:12 +0200", "named", When(2019, 3, 4, time(10, 11, 12), hours(2), SECOND)),
        ("2019-05-04 10:11", "named", When(2019, 5, 4, time(10, 11), None, MINUTE)),
        ("20190504", "ymd", When(2019, 5, 4)),
        ("20190500", "ymd", When(2019, 5, None, precision=Precision.MONTH)),
        ("20190000", "ymd", When(2019, None, None, precision=Precision.YEAR)),
    ],
)
def test_each_form_reads_its_own(text: str, form: str, when: When | Slash) -> None:
    """The other forms, by literal example."""
    assert read(text, form) == when


def test_every_form_has_a_name_that_is_known() -> None:
    """Adapters name forms by these words and no others."""
    assert sorted(FORMS) == ["c", "day", "epoch-ms", "epoch-s", "iso", "named", "utc", "ymd"]


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "null", "None", "NaN", "0", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01"],
)
def test_ways_of_writing_no_date(form: str, text: str) -> None:
    """Blank and zero dates say that there is none; they are no errors."""
    assert read(text, form) is None


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "5 minutes ago", "💥", "=1+1", "-1", "x" * 2000, "2019-13-01", "2019-02-29", "2019-04-31",
        "2019-05-04T", "2019-05-04 evening", "2019-05/04", "2019-00-05", "0000-05-04", "2019-05-04 25:00",
        "2019-05-04 10:61", "2019-05-04 13:00 PM", "2019-05-04 0:30 AM", "2019-05-04 10:11+25:00",
        "2019-05-04 10:11+02:75",
        "13/13/2019", "0/0/2019", "5/0/2019", "31.02.2019", "5/4/201", "٢٠١٩-٠٥-٠٤", "2019-05-04\n2019",
        "Mai 4, 2019", "13-Mai-20", "13-Ju-20", "31-Jun-20", "May-13-2020", "13. 13. 2020", "5. 2020",
        "May 13, 20", "June 31, 2019", "4 May", "Sat Foo  4 00:00:00 2017", "Sat Feb 30 00:00:00 2017", "9" * 16,
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(form: str, text: str) -> None:
    """Nothing is read out of junk, in no form, and the complaint shows the start of it."""
    with pytest.raises(ValueError, match="is not a date") as caught:
        read(text, form)
    assert str(caught.value) == f"{text[:40]!r} is not a date"


@pytest.mark.parametrize("text", ["2019-05-04 10:11", "5/4/2019 10:11"])
def test_a_day_never_has_a_time(text: str) -> None:
    """A time where only days stand is a sign of another column."""
    with pytest.raises(ValueError, match="is not a date"):
        read(text, "day")


@pytest.mark.parametrize("text", ["99999999999999", "999999999999999"])
def test_seconds_beyond_the_calendar_are_refused(text: str) -> None:
    """Milliseconds in a column of seconds end after the last year there is."""
    with pytest.raises(ValueError, match="is not a date"):
        read(text, "epoch-s")


@given(st.sampled_from(sorted(FORMS)), st.text(max_size=30))
def test_junk_raises_nothing_but_value_error(form: str, text: str) -> None:
    """Any text is a date, no date, or refused."""
    try:
        read(text, form)
    except ValueError:
        return


@given(st.dates(date(1000, 1, 1)))
def test_days_round_trip_in_every_spelling(day: date) -> None:
    """A day written in any form reads as that day."""
    expected = When(day.year, day.month, day.day)
    assert read(day.isoformat(), "day") == expected
    assert read(day.strftime("%Y/%m/%d"), "iso") == expected
    assert read(day.strftime("%d.%m.%Y"), "utc") == expected
    assert read(day.strftime("%Y%m%d"), "ymd") == expected
    assert read(day.strftime("%a %b %d 00:00:00 %Y"), "c") == expected


@given(
    instants,
    st.integers(-14 * 60, 14 * 60),
)
def test_instants_round_trip(at: datetime, minutes: int) -> None:
    """An instant written with any offset is the same instant."""
    text = at.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    assert in_utc(text, "iso") == iso_utc(at)
    assert in_utc(iso_utc(at), "iso") == iso_utc(at)


@given(st.integers(1, 200_000_000_000))
def test_epochs_round_trip(seconds: int) -> None:
    """Seconds and milliseconds from 1970 are the instants they count."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert in_utc(str(seconds), "epoch-s") == iso_utc(at)
    assert in_utc(f"{seconds}000", "epoch-ms") == iso_utc(at)


# --- the order of day and month ---------------------------------------------------------------------------


def slashes(*texts: str) -> Iterator[Slash]:
    """The dates of a column."""
    for text in texts:
        found = read(text, "day")
        assert isinstance(found, Slash)
        yield found


def test_one_day_above_twelve_decides_the_column() -> None:
    """The order is the column's, never a single date's."""
    assert decide_order(slashes("1/2/2019", "4/18/2019", "3/3/2019")) is Order.MONTH_FIRST
    assert decide_order(slashes("1/2/2019", "18/4/2019", "3/3/2019")) is Order.DAY_FIRST


def test_a_leap_day_decides_too() -> None:
    """Only one order makes a day of it."""
    assert decide_order(slashes("29/2/2020")) is Order.DAY_FIRST


@pytest.mark.promise("P11")
@pytest.mark.parametrize("column", [(), ("1/2/2019",), ("1/2/2019", "12/12/2019", "7/7/2019")])
def test_an_open_order_stays_open(column: tuple[str, ...]) -> None:
    """Where both orders fit, nobody guesses."""
    assert decide_order(slashes(*column)) is None


def test_a_column_with_both_orders_is_refused() -> None:
    """No order fits 18/4 and 4/18 at once."""
    with pytest.raises(ValueError, match="no single order"):
        decide_order(slashes("18/4/2019", "4/18/2019"))


def test_the_order_gives_the_day() -> None:
    """5/4 is the 4th of May or the 5th of April."""
    slash = Slash(5, 4, 2019, time(10, 11), UTC, MINUTE)
    assert with_order(slash, Order.MONTH_FIRST) == When(2019, 5, 4, time(10, 11), UTC, MINUTE)
    assert with_order(slash, Order.DAY_FIRST) == When(2019, 4, 5, time(10, 11), UTC, MINUTE)


@pytest.mark.parametrize("slash", [Slash(13, 1, 2019), Slash(0, 1, 2019), Slash(1, 0, 2019)])
def test_an_order_that_makes_no_day_is_refused(slash: Slash) -> None:
    """There is no 13th month, and no day or month 0."""
    with pytest.raises(ValueError, match=r"month"):
        with_order(slash, Order.MONTH_FIRST)


@given(st.lists(st.dates(date(1970, 1, 2), date(2069, 12, 31)), min_size=1), st.sampled_from(list(Order)))
def test_a_column_in_one_order_is_read_in_that_order_or_stays_open(days: list[date], order: Order) -> None:
    """A decision is never wrong."""
    pattern = "%d/%m/%Y" if order is Order.DAY_FIRST else "%m/%d/%y"
    column = list(slashes(*(day.strftime(pattern) for day in days)))
    decided = decide_order(column)
    assert decided in (order, None)
    if decided:
        assert [with_order(slash, decided)[:3] for slash in column] == [(d.year, d.month, d.day) for d in days]


# --- instants ---------------------------------------------------------------------------------------------


def test_a_date_without_time_is_noon() -> None:
    """The middle of the day in UTC, whatever the zone of the person."""
    assert in_utc("2019-05-04", "day") == "2019-05-04T12:00:00Z"
    assert in_utc("2019-05-04", "day", KOLKATA) == "2019-05-04T12:00:00Z"
    assert in_utc("Sat Mar  4 00:00:00 2017", "c", KOLKATA) == "2017-03-04T12:00:00Z"


@pytest.mark.promise("P11")
@given(st.dates(date(1970, 1, 2), date(9000, 1, 1)), st.integers(-12 * 60, 12 * 60 - 1))
def test_noon_keeps_the_calendar_day(day: date, minutes: int) -> None:
    """From UTC-12 up to, not including, UTC+12 people see the day that stands in their export."""
    found = instant(When(day.year, day.month, day.day), None)
    assert found is not None
    assert found.precision is DAY
    assert found.at.astimezone(timezone(timedelta(minutes=minutes))).date() == day


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Etc/GMT+12", 20),
        ("Pacific/Honolulu", 20),
        ("America/Los_Angeles", 20),
        ("Europe/Berlin", 20),
        ("Asia/Tokyo", 20),
        ("Pacific/Noumea", 20),
        ("Pacific/Auckland", 21),
        ("Pacific/Kiritimati", 21),
    ],
)
def test_where_noon_keeps_the_day_and_where_it_cannot(zone: str, day: int) -> None:
    """No instant has one date everywhere; noon loses only the zones from UTC+12 on."""
    found = instant(When(2026, 7, 20), None)
    assert found is not None
    assert found.at.astimezone(ZoneInfo(zone)).day == day


def test_an_offset_of_its_own_outranks_the_zone_of_the_person() -> None:
    """The zone of the person serves only times that have none."""
    assert in_utc("2019-05-04T10:11:12+02:00", "iso", KOLKATA) == "2019-05-04T08:11:12Z"
    assert in_utc("2019-05-04 10:11:12", "utc", KOLKATA) == "2019-05-04T10:11:12Z"
    assert in_utc("2019-05-04 10:11:12", "iso", KOLKATA) == "2019-05-04T04:41:12Z"


def test_a_time_without_zone_is_not_attached_to_any() -> None:
    """Without a zone there is no instant."""
    when = read("2019-05-04 10:11:12", "iso")
    assert isinstance(when, When)
    with pytest.raises(NoZone):
        instant(when, None)


@pytest.mark.parametrize("text", ["2019-05-00", "2019-00-00"])
def test_a_partial_date_is_no_instant(text: str) -> None:
    """A month or a year is not made into a day."""
    when = read(text, "iso")
    assert isinstance(when, When)
    assert instant(when, None) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_outside_the_calendar_is_refused(text: str) -> None:
    """The conversion to UTC may leave the years 1 to 9999."""
    when = read(text, "iso")
    assert isinstance(when, When)
    with pytest.raises(ValueError, match="outside the calendar"):
        instant(when, None)


def test_the_day_of_a_moment_has_no_time() -> None:
    """What is left of a time that nobody can place is its day."""
    assert day_of(When(2019, 5, 4, time(10, 11), hours(2), MINUTE)) == When(2019, 5, 4)


def test_precision_is_what_the_export_holds() -> None:
    """The fraction is dropped, the precision is not made up."""
    when = read("2019-05-04 10:11:12.987Z", "iso")
    assert isinstance(when, When)
    assert instant(when, None) == Instant(datetime(2019, 5, 4, 10, 11, 12, tzinfo=UTC), SECOND)
    minute = read("2019-05-04 10:11Z", "iso")
    assert isinstance(minute, When)
    assert instant(minute, None) == Instant(datetime(2019, 5, 4, 10, 11, tzinfo=UTC), MINUTE)


def test_the_earliest_date_leaves_out_the_marker_for_unknown() -> None:
    """1970-01-01T00:00:01Z means that the date is not known (simkl-api.md 4.5)."""
    assert datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) < EARLIEST
    assert iso_utc(EARLIEST) == "1970-01-02T00:00:00Z"


def test_early_years_are_written_with_four_digits() -> None:
    """strftime writes year 987 with three digits on some systems."""
    assert iso_utc(datetime(987, 6, 5, 4, 3, 2, tzinfo=UTC)) == "0987-06-05T04:03:02Z"
    assert iso_utc(datetime(2019, 5, 4, 10, 0, tzinfo=UTC)) == "2019-05-04T10:00:00Z"


@pytest.mark.promise("P11")
@pytest.mark.skipif(not hasattr(time_module, "tzset"), reason="the system has one zone only")
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"])
def test_the_zone_of_the_machine_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates mean the same on every machine."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", zone)
    time_module.tzset()
    try:
        assert in_utc("2019-05-04", "day") == "2019-05-04T12:00:00Z"
        assert in_utc("2019-05-04 23:30", "utc") == "2019-05-04T23:30:00Z"
        assert in_utc("1556964672", "epoch-s") == "2019-05-04T10:11:12Z"
        assert in_utc("2019-05-04 10:11:12", "iso", KOLKATA) == "2019-05-04T04:41:12Z"
    finally:
        monkeypatch.delenv("TZ") if before is None else monkeypatch.setenv("TZ", before)
        time_module.tzset()
