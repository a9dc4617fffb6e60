"""What the FilmAffinity adapter makes of the CSV of fa-scraper."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

HEADER = "Title,Year,Directors,WatchedDate,Rating,Rating10\n"


def test_the_vote_is_the_one_out_of_ten() -> None:
    """`Rating` is half of it, for Letterboxd."""
    found = rating(read("filmaffinity", f'{HEADER}"El bueno, el feo",1966,Sergio Leone,2023-02-27,3.5,7\n')[0])
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "El bueno, el feo", 1966)
    assert (found.score, found.scale, found.ids) == ("7", "1 to 10", {})
    assert found.moment == Moment("2023-02-27", "day", "WatchedDate", stand_in=True)


@pytest.mark.parametrize("mark", ["Serie de TV", "Miniserie de TV", "TV Series", "TV Miniseries"])
def test_series_are_told_by_the_mark_behind_their_title(mark: str) -> None:
    """Which is no part of the title."""
    found = rating(read("filmaffinity", f"{HEADER}Breaking Bad ({mark}),2008,X,2021-01-05,5.0,10\n")[0])
    assert (found.kind, found.title) == (Kind.SHOW, "Breaking Bad")


@pytest.mark.parametrize("title", ["Birdman (or the Virtue of Ignorance)", "(500) Days of Summer"])
def test_other_brackets_belong_to_the_title(title: str) -> None:
    """Films have them, too."""
    found = rating(read("filmaffinity", f"{HEADER}{title},2014,X,2021-01-05,5.0,10\n")[0])
    assert (found.kind, found.title) == (Kind.MOVIE, title)


def test_no_vote_is_quiet() -> None:
    """Half of it may not stand in."""
    assert reject(read("filmaffinity", f"{HEADER}X,2014,X,2021-01-05,3.5,\n")[0]).code is Code.UNRATED


@pytest.mark.parametrize("column", ["imdbID", "tmdbID", "LetterboxdURI", "Tags", "Review", "Rewatch"])
def test_a_column_more_of_letterboxds_format_makes_it_letterboxds(column: str) -> None:
    """fa-scraper writes none of them."""
    assert claim_on(f"{HEADER.strip()},{column}\n").word == "letterboxd:import"
