"""Criticker: one scale per file, a zero that counts, links that tell the kind, and two ways to write dates."""

from __future__ import annotations

import pytest

from adapters.criticker import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify

HEADER = "Score, Film Name, Year, Date Rated, Mini Review, URL, IMDB ID"
TENTHS = "no score of this Criticker file goes past 10: read as 0 to 10"
PAPER = "scores of this Criticker file go past 10: read as 0 to 100"
XML = (
    "<recentratings><pageno>1</pageno><film><filmid>7</filmid><filmname>{name}</filmname><filmlink>{link}</filmlink>"
    "<imdbid>tt0110912</imdbid><rating>{score}</rating><reviewdate>Oct 5 2016, 20:48</reviewdate><tier>10</tier>"
    "</film></recentratings>"
)


def records(file: str) -> list[Record]:
    """All records of a file, in the shape that it is identified as."""
    document = Document("some.file", file.encode())
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def csv(*scores: str, date: str = "Jan 2 2017, 10:30", link: str = "/film/Pulp-Fiction/") -> list[Record]:
    """The records of a CSV with these scores."""
    url = f"https://www.criticker.com{link}"
    rows = [f'{score},"Pulp Fiction",1994,"{date}","","{url}","tt0110912"' for score in scores]
    return records("\n".join((HEADER, *rows, "")))


def rating(record: Record) -> Rating:
    assert isinstance(record, Rating)
    return record


def test_a_row_of_the_csv() -> None:
    """Its column names start with spaces."""
    found = rating(csv("95")[0])
    assert (found.kind, found.title, found.year, found.ids) == (
        Kind.MOVIE,
        "Pulp Fiction",
        1994,
        {"imdb": "tt0110912"},
    )
    assert (found.score, found.scale, found.notes) == ("95", "0 to 100 with 0", (PAPER,))
    assert found.moment == Moment("Jan 2 2017, 10:30", "named", "Date Rated")


def test_a_film_of_the_xml() -> None:
    """The year stands behind the name; the tier is no score."""
    found = rating(
        records(XML.format(name="Se7en (1995)", link="https://www.criticker.com/film/Se7en/", score=5))[0]
    )
    assert (found.kind, found.title, found.year, found.score) == (Kind.MOVIE, "Se7en", 1995, "5")
    assert (found.scale, found.notes) == ("0 to 10 with 0", (TENTHS,))
    assert found.moment == Moment("Oct 5 2016, 20:48", "named", "reviewdate")


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        (["10", "7", "0"], "0 to 10 with 0"),
        (["10", "7.5", "0"], "0 to 10 with 0"),
        (["100", "70", "0"], "0 to 100 with 0"),
        (["85"], "0 to 100 with 0"),
        (["85", "7"], "0 to 100 with 0"),
        (["11", "12", *["5"] * 20], "0 to 100 with 0"),
    ],
)
def test_the_whole_file_has_one_scale(scores: list[str], scale: str) -> None:
    """Where nobody goes past 10, a 7 is no 1."""
    found = [rating(record) for record in csv(*scores)]
    assert [record.scale for record in found] == [scale] * len(scores)
    assert [record.score for record in found] == scores


@pytest.mark.parametrize("slip", ["75", "999", "99999999999", "-1", "NaN", "💥"])
def test_one_slip_does_not_change_the_scale(slip: str) -> None:
    """It rejects its own row, and the others are read as before."""
    *good, bad = csv("10", "7", "0", slip)
    assert [rating(record).scale for record in good] == ["0 to 10 with 0"] * 3
    assert isinstance(bad, Reject)
    assert (bad.code, bad.scale) == (Code.BAD_SCORE, "0 to 10 with 0")


def test_zero_is_a_score() -> None:
    """196 of 1,918 rows of a real file have it."""
    assert [rating(record).score for record in csv("0", "95", "60")] == ["0", "95", "60"]


def test_no_score_is_quiet() -> None:
    """An empty cell is no zero."""
    (found,) = csv("")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize(("link", "kind"), [("/film/Fargo/", Kind.MOVIE), ("/tv/Fargo/", Kind.SHOW)])
def test_the_link_tells_a_series_from_a_film(link: str, kind: Kind) -> None:
    """Nothing else does."""
    assert rating(csv("95", link=link)[0]).kind is kind


@pytest.mark.parametrize("link", ["/game/Portal/", ""])
def test_other_links_are_not_guessed_at(link: str) -> None:
    """Criticker has games, too."""
    (found,) = csv("95", link=link)
    assert isinstance(found, Reject)
    assert found.code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize("date", ["October 5, 2016, 20:48", "2025-03-14 10:30", "3/14/2025 10:30"])
def test_dates_of_all_years(date: str) -> None:
    """Names of months until 2017, digits in 2025; their zone is not known."""
    assert rating(csv("95", date=date)[0]).moment == Moment(date, "named", "Date Rated")


def test_a_name_without_a_year() -> None:
    """The name stays as it is, brackets and all."""
    found = rating(records(XML.format(name="(500) Days", link="https://www.criticker.com/film/x/", score=5))[0])
    assert (found.title, found.year) == ("(500) Days", None)
