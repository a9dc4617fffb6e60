"""TMDB: whose rating is read, halves, episodes in disguise, and a watchlist with the same header."""

from __future__ import annotations

import pytest

from adapters.tmdb import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify

HEADER = "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated"


def records(*rows: str) -> list[Record]:
    """All records of a file of `rows`."""
    file = Document("ratings.csv", "\n".join((HEADER, *rows, "")).encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def rating(row: str) -> Rating:
    """The rating that `row` holds."""
    (record,) = records(row)
    assert isinstance(record, Rating)
    return record


def reject(row: str) -> Reject:
    """The reject that `row` ends as."""
    (record,) = records(row)
    assert isinstance(record, Reject)
    return record


def test_the_persons_rating_is_read_not_the_crowds() -> None:
    """`Rating` stands before `Your Rating` and is an average."""
    found = rating("680,tt0110912,movie,Pulp Fiction,1994-09-10T00:00:00Z,,,8.49,9,2023-05-02T09:40:27Z")
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale) == ("9", "0 to 10")
    assert found.ids == {"tmdb": "680", "imdb": "tt0110912"}
    assert found.moment == Moment("2023-05-02T09:40:27Z", "iso", "Date Rated")


@pytest.mark.parametrize("score", ["0.5", "7.5", "10"])
def test_halves_are_scores(score: str) -> None:
    """The API takes them."""
    assert rating(f"680,tt0110912,movie,Pulp Fiction,,,,8.49,{score},2023-05-02T09:40:27Z").score == score


def test_a_show_is_a_row_of_type_tv_without_numbers() -> None:
    """Both ids are the show's."""
    found = rating("87108,tt7366338,tv,Chernobyl,2019-05-06T00:00:00Z,,,8.6,8,2023-05-02T09:40:17Z")
    assert (found.kind, found.ids) == (Kind.SHOW, {"tmdb": "87108", "imdb": "tt7366338"})


def test_an_episode_keeps_none_of_its_ids() -> None:
    """They would name another show, or none."""
    found = rating("85987,tt0583459,tv,Friends S1E1,1994-09-22T00:00:00Z,1,1,6.9,8,2023-01-07T16:35:52Z")
    assert (found.kind, found.season, found.episode, found.ids) == (Kind.EPISODE, 1, 1, {})


def test_numbers_without_an_episode_name_a_season() -> None:
    """Specials are season 0."""
    found = rating("3627,,tv,Game of Thrones,2010-12-05T00:00:00Z,0,,6.9,8,2023-01-07T16:35:52Z")
    assert (found.kind, found.season, found.episode, found.ids) == (Kind.SEASON, 0, None, {})


def test_rows_of_a_watchlist_are_unrated() -> None:
    """Their `Date Rated` is the day of listing."""
    found = reject("1396,tt0903747,tv,Breaking Bad,2008-01-20T00:00:00Z,,,8.886,,2023-05-02T13:22:44Z")
    assert (found.code, found.title) == (Code.UNRATED, "Breaking Bad")


def test_the_year_of_a_spreadsheet_date() -> None:
    """A re-save turns release dates around."""
    found = rating("680,tt0110912,movie,Pulp Fiction,9/10/1994 0:00,,,8.49,9,2023-05-02T09:40:27Z")
    assert found.year == 1994


@pytest.mark.parametrize(("cell", "code"), [("person", Code.UNKNOWN_TYPE), ("", Code.UNKNOWN_TYPE)])
def test_unknown_types_are_rejected(cell: str, code: Code) -> None:
    """They are not guessed at."""
    assert reject(f"680,tt0110912,{cell},Pulp Fiction,,,,8.49,9,2023-05-02T09:40:27Z").code is code


def test_a_score_off_the_scale_is_rejected() -> None:
    """Eleven is no score."""
    assert reject("680,tt0110912,movie,Pulp Fiction,,,,8.49,11,2023-05-02T09:40:27Z").code is Code.BAD_SCORE
