"""MUBI: the columns of its converters, which are some of Letterboxd's."""

from __future__ import annotations

import pytest

from adapters.letterboxd import ADAPTER as LETTERBOXD
from adapters.mubi import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify

HEADER = "Title,Year,Directors,Rating,WatchedDate"


def records(*rows: str, header: str = HEADER) -> list[Record]:
    """What a file of `rows` gives."""
    file = Document("films.csv", "\n".join((header, *rows, "")).encode())
    claim = identify(file, [LETTERBOXD, ADAPTER])
    assert claim.word == "mubi:converter"
    return list(ADAPTER.parse(file, claim.shape))


def test_whole_stars_with_the_day_of_watching() -> None:
    """It stands in for the day of the rating; series may stand among the films."""
    (found,) = records("La Haine,1995,Mathieu Kassovitz,4,2024-11-30")
    assert isinstance(found, Rating)
    assert (found.kind, found.is_kind_sure, found.title, found.year) == (Kind.MOVIE, False, "La Haine", 1995)
    assert (found.score, found.scale, found.ids) == ("4", "stars-5-halves", {})
    assert found.moment == Moment("2024-11-30", "day", "WatchedDate", stand_in=True)


def test_no_stars_are_quiet() -> None:
    """Watched without a rating."""
    (found,) = records("La Haine,1995,Mathieu Kassovitz,,2024-11-30")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


def test_stars_that_go_past_five_are_not_doubled() -> None:
    """Then the column is of another scale, and 4 may be 4 of ten."""
    found = records("Heat,1995,Michael Mann,9,", "Ran,1985,Akira Kurosawa,8,", "Alien,1979,Ridley Scott,4,")
    assert [record.code for record in found if isinstance(record, Reject)] == [Code.BAD_SCALE] * 3


@pytest.mark.parametrize("column", ["imdbID", "Tags", "Rating10", "LetterboxdURI"])
def test_a_column_more_makes_it_letterboxds(column: str) -> None:
    """Converters for MUBI write five columns."""
    file = Document("films.csv", f"{HEADER},{column}\n".encode())
    assert identify(file, [LETTERBOXD, ADAPTER]).adapter.name == "letterboxd"
