"""Records become frame rows: ratings from 1 to 10, instants in UTC, and a word about what was left out."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from importer.stages.frame import column
from importer.vocabulary.dates import Order
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Kind, Locator, Moment, Reject
from importer.vocabulary.scales import with_custom_maps
from importer.vocabulary.sends import Section
from tests.making import anime, day, framed, parsed, rating


def test_a_rating_becomes_a_pending_row() -> None:
    """A rated row keeps its score, gets its rating and noon of its day."""
    frame = framed(parsed([rating(7, score="3.5", scale="stars-5-halves", moment=day("2019-05-04"))]))
    assert column(frame, "rating") == [7]
    assert column(frame, "score_text") == ["3.5"]
    assert column(frame, "rated_at") == [datetime(2019, 5, 4, 12, tzinfo=UTC)]
    assert column(frame, "rated_precision") == ["day"]
    assert column(frame, "rated_from") == ["Date Rated"]
    assert column(frame, "outcome") == ["pending"]
    assert column(frame, "line") == [7]


def test_a_reject_keeps_its_code() -> None:
    """What an adapter rejected stays rejected, for the same reason."""
    frame = framed(parsed([Reject(locator=Locator(3), code=Code.UNKNOWN_TYPE, detail="the type reads 'x'")]))
    assert column(frame, "outcome") == ["rejected"]
    assert column(frame, "code") == ["unknown-type"]
    assert column(frame, "detail") == ["the type reads 'x'"]


@pytest.mark.parametrize("kind", [Kind.SEASON, Kind.EPISODE])
def test_seasons_and_episodes_stay_behind(kind: Kind) -> None:
    """Simkl rates whole titles only."""
    frame = framed(parsed([rating(kind=kind)]))
    assert column(frame, "code") == ["unsupported-kind"]


def test_a_date_in_the_future_is_left_out_and_said() -> None:
    """Never replaced by today, never sent."""
    frame = framed(parsed([rating(moment=day("2031-01-01"))]))
    assert column(frame, "rated_at") == [None]
    assert column(frame, "detail") == ["Date Rated 2031-01-01 left out: it lies in the future"]
    assert column(frame, "outcome") == ["pending"]


def test_a_date_before_1970_is_left_out_and_said() -> None:
    """1970-01-01 is a marker for unknown."""
    frame = framed(parsed([rating(moment=Moment("1970-01-01T00:00:01Z", "iso", "user_rated_at"))]))
    assert column(frame, "rated_at") == [None]
    assert "before 1970 means unknown" in column(frame, "detail")[0]


def test_a_partial_date_is_left_out_and_said() -> None:
    """2012-10-00 names no day, so no day is made up."""
    frame = framed(parsed([rating(moment=Moment("2012-10-00", "iso", "my_finish_date", True))]))
    assert column(frame, "rated_at") == [None]
    assert column(frame, "detail") == ["my_finish_date 2012-10-00 left out: only part of the date is known"]


def test_stand_in_dates_can_be_switched_off() -> None:
    """A finish date stands in by default, labelled; and stays out when the person says so."""
    document = parsed([rating(moment=day("2019-05-04", "my_finish_date", stand_in=True))])
    assert column(framed(document), "stand_in") == [True]
    assert column(framed(document), "rated_from") == ["my_finish_date"]
    assert column(framed(document, stand_ins=False), "rated_at") == [None]
    assert column(framed(document, stand_ins=False), "rated_from") == [None]


def test_a_column_decides_day_and_month() -> None:
    """One date with a part above 12 decides for the whole column."""
    rows = [rating(1, moment=day("4/5/2026")), rating(2, ids={"imdb": "tt0111161"}, moment=day("4/18/2026"))]
    assert column(framed(parsed(rows)), "rated_at") == [
        datetime(2026, 4, 5, 12, tzinfo=UTC),
        datetime(2026, 4, 18, 12, tzinfo=UTC),
    ]


def test_one_column_decides_for_dates_of_several_origins() -> None:
    """Leftovers hold in one column what was read from many; its name stands in the question too."""
    rows = [
        rating(1, moment=Moment("4/5/2026", "utc", "Date", place="rated_at")),
        rating(2, ids={"imdb": "tt0111161"}, moment=Moment("4/18/2026", "utc", "Date Rated", place="rated_at")),
    ]
    frame = framed(parsed(rows))
    assert column(frame, "rated_at")[0] == datetime(2026, 4, 5, 12, tzinfo=UTC)
    assert column(frame, "rated_from") == ["Date", "Date Rated"]
    with pytest.raises(InputError, match=r"a\.csv, column rated_at: 4/5/2026"):
        framed(parsed(rows[:1]))


def test_an_undecided_column_asks_for_the_order() -> None:
    """No guess: the error names file, column and flag."""
    with pytest.raises(InputError, match=r"a\.csv, column Date Rated: .*--date-order"):
        framed(parsed([rating(moment=day("4/5/2026"))]))


def test_the_asked_order_settles_an_undecided_column() -> None:
    """--date-order dmy reads 4/5/2026 as the 4th of May."""
    frame = framed(parsed([rating(moment=day("4/5/2026"))]), order=Order.DAY_FIRST)
    assert column(frame, "rated_at") == [datetime(2026, 5, 4, 12, tzinfo=UTC)]


def test_a_contradicting_column_rejects_what_does_not_fit() -> None:
    """With --date-order the odd one out is a reject, without it an error."""
    rows = [rating(1, moment=day("4/18/2026")), rating(2, moment=day("18/4/2026"))]
    with pytest.raises(InputError, match="some dates have the day first"):
        framed(parsed(rows))
    frame = framed(parsed(rows), order=Order.MONTH_FIRST)
    assert column(frame, "code") == [None, "bad-date"]


def test_a_time_without_zone_needs_one() -> None:
    """The error names --timezone; with one the instant is exact, across daylight saving."""
    rows = [rating(moment=Moment("2020-07-01 21:30:00", "iso", "rated_at"))]
    with pytest.raises(InputError, match="--timezone"):
        framed(parsed(rows))
    frame = framed(parsed(rows), zone=ZoneInfo("Europe/Berlin"))
    assert column(frame, "rated_at") == [datetime(2020, 7, 1, 19, 30, tzinfo=UTC)]


def test_a_stand_in_time_without_zone_counts_as_its_day() -> None:
    """A watch date is near the rating at best, so its day at noon will do; with a zone it is exact."""
    rows = [rating(moment=Moment("18-12-2023 21:50:41", "iso", "WatchedDate", True))]
    assert column(framed(parsed(rows)), "rated_at") == [datetime(2023, 12, 18, 12, tzinfo=UTC)]
    assert column(framed(parsed(rows)), "rated_precision") == ["day"]
    exact = framed(parsed(rows), zone=ZoneInfo("Europe/Berlin"))
    assert column(exact, "rated_at") == [datetime(2023, 12, 18, 20, 50, 41, tzinfo=UTC)]


def test_filters_leave_rows_aside_quietly() -> None:
    """--type and --since never lose a row: it is rejected as filtered."""
    rows = [rating(1, moment=day("2019-05-04")), anime(2, moment=day("2024-05-04")), rating(3)]
    by_type = framed(parsed(rows), sections=frozenset({Section.ANIME}))
    assert column(by_type, "code") == ["filtered", None, "filtered"]
    by_day = framed(parsed(rows), since=datetime(2020, 1, 1, tzinfo=UTC))
    assert column(by_day, "code") == ["filtered", None, "filtered"]


def test_a_custom_map_wins() -> None:
    """The person's own map replaces the table's value, score by score."""
    scales = with_custom_maps({"stars-5-halves": {"3.5": 8}})
    rows = [rating(1, score="3.5", scale="stars-5-halves"), rating(2, score="3", scale="stars-5-halves")]
    assert column(framed(parsed(rows), scales=scales), "rating") == [8, 6]


def test_the_same_file_twice_keeps_row_ids_apart() -> None:
    """Every input record is one row, even when a file was named twice."""
    frame = framed(parsed([rating()]), parsed([rating()]))
    assert len(set(column(frame, "row_id"))) == 2


def test_thumbs_are_worth_what_the_person_says() -> None:
    """Without a map a thumb is a reject that names the setting; with one it is a rating."""
    rows = [rating(1, score="2", scale="thumbs"), rating(2, score="1", scale="thumbs", ids={"imdb": "tt0111161"})]
    without = framed(parsed(rows))
    assert column(without, "code") == ["bad-scale", "bad-scale"]
    assert "[scales.thumbs]" in column(without, "detail")[0]
    mapped = framed(parsed(rows), scales=with_custom_maps({"thumbs": {"2": 8}}))
    assert column(mapped, "rating") == [8, None]
