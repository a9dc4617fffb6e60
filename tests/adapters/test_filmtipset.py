"""What the Filmtipset adapter makes of its two ways to write a row."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import rating, read, reject

HEADER = "VoteDate;MovieTitle;IMDB;Score\n"


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ("2019-04-27,Mina jag &amp; Irene;183505;3", "Mina jag & Irene"),
        ('2019-04-27,A movie with "qoute";183505;3', 'A movie with "qoute"'),
        ('2019-04-27,"Quoted" at the start;183505;3', '"Quoted" at the start'),
        ("2019-04-27,Den gode, den onde;183505;3", "Den gode, den onde"),
        ("2019-04-27,Half; and half;183505;3", "Half; and half"),
        ('2019-04-27;"The King of Staten Island";183505;3', "The King of Staten Island"),
        ("2019-04-27;Utan citat;183505;3", "Utan citat"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_joined_and_parted_rows_read_alike(row: str, title: str, end: str) -> None:
    """Whatever stands in the title."""
    found = rating(read("filmtipset", f"{HEADER}{row}{end}")[0])
    assert (found.title, found.ids, found.score, found.scale) == (title, {"imdb": "tt0183505"}, "3", "stars-5")
    assert found.moment == Moment("2019-04-27", "day", "VoteDate")
    assert (found.kind, found.locator.line) == (Kind.MOVIE, 2)


@pytest.mark.parametrize(
    ("number", "ids"),
    [("1234", {"imdb": "tt0001234"}), ("9686708", {"imdb": "tt9686708"}), ("-1", {}), ("", {}), ("0", {})],
)
def test_imdb_ids_are_bare_digits(number: str, ids: dict[str, str]) -> None:
    """Minus one and nothing mean that there is none."""
    assert rating(read("filmtipset", f"{HEADER}2012-02-05,Between You and Me;{number};2\n")[0]).ids == ids


def test_other_rows_keep_their_lines() -> None:
    """A joined row takes no line more or less."""
    found = read("filmtipset", f"{HEADER}2019-04-27,A;1;3\n2019-04-28;B;2;4\n2019-04-29,C;3;5\n")
    assert [record.locator.line for record in found] == [2, 3, 4]


def test_a_joined_row_that_makes_no_sense_is_told() -> None:
    """It is not mended."""
    assert reject(read("filmtipset", f"{HEADER}2019-04-27,A;x;3\n")[0]).code is Code.BAD_ROW


def test_no_score_is_quiet() -> None:
    """In either kind of row."""
    found = read("filmtipset", f"{HEADER}2019-04-27,A;1;\n2019-04-27;A;1;\n")
    assert [reject(record).code for record in found] == [Code.UNRATED, Code.UNRATED]
