"""What the Kinopoisk adapter makes of pages of votes and lists."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind, Moment, Record
from tests.adapters.reading import claim_on, rating, read, reject

META = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'


def page(columns: dict[str, str]) -> bytes:
    head = "".join(f"<td>{name}</td>" for name in columns)
    cells = "".join(f"<td>{cell}</td>" for cell in columns.values())
    text = f"<html><head>{META}</head><body><table><tr>{head}</tr><tr>{cells}</tr></table></body></html>"
    return text.encode("windows-1251", "xmlcharrefreplace")


def vote(
    score: str = "9", year: str = "2001", russian: str = "Амели", original: str = "Amélie", date: str = ""
) -> Record:
    columns = {
        "русскоязычное название": russian,
        "оригинальное название": original,
        "год": year,
        "моя оценка": score,
        "рейтинг КиноПоиска": "8,012",
        "число оценок": "312&nbsp;455",
        "дата и время": date,
    }
    return read("kinopoisk", page(columns), "votes.xls")[0]


def test_a_vote_has_its_date_and_time_without_a_zone() -> None:
    """The time is written first; the zone is for the person to say."""
    found = rating(vote(date="21:30:05 12.03.2013"))
    assert (found.kind, found.title, found.year, found.score) == (Kind.MOVIE, "Amélie", 2001, "9")
    assert found.moment == Moment("12.03.2013 21:30:05", "iso", "дата и время")


def test_a_date_that_makes_no_sense_is_rejected() -> None:
    """With the words of the file."""
    found = reject(vote(date="вчера"))
    assert (found.code, found.detail) == (Code.BAD_DATE, "дата и время: 'вчера' is not a date")


@pytest.mark.parametrize("score", ["zero", "", "0"])
def test_zero_is_a_word_for_unrated(score: str) -> None:
    """As is nothing."""
    assert reject(vote(score)).code is Code.UNRATED


@pytest.mark.parametrize("year", ["2008 – 2013", "2008 – ...", "2008\xa0–\xa02013", "2008 - …"])
def test_a_range_of_years_means_a_series(year: str) -> None:
    """Its first year is the one of the title."""
    found = rating(vote(year=year))
    assert (found.kind, found.year, found.notes) == (Kind.SHOW, 2008, ())


@pytest.mark.parametrize("russian", ["Игра (сериал)", "Игра (мини-сериал)", "Игра (сериал 2001 – 2003)"])
def test_a_series_may_say_so_behind_its_title(russian: str) -> None:
    """Which is no part of the title."""
    found = rating(vote(russian=russian, original=""))
    assert (found.kind, found.title) == (Kind.SHOW, "Игра")


def test_the_russian_title_stands_in_for_an_empty_original() -> None:
    """It is the original one there."""
    assert rating(vote(russian="Бриллиантовая рука", original="")).title == "Бриллиантовая рука"


def test_the_page_of_a_list_has_no_date() -> None:
    """It has a comment in the place of it."""
    columns = {"русскоязычное название": "Амели", "оригинальное название": "", "год": "2001", "моя оценка": "8"}
    found = rating(read("kinopoisk", page({**columns, "комментарий": "смотреть <i>с мамой</i>"}))[0])
    assert (found.score, found.moment) == ("8", None)


def test_a_page_saved_again_as_utf_8_is_known() -> None:
    """Whatever its meta tag still says."""
    columns = {"название": "Амели", "оригинальное название": "Amélie", "год": "2001", "моя оценка": "8"}
    assert claim_on(page(columns).decode("windows-1251")).word == "kinopoisk:votes"
