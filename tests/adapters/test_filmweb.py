"""What the Filmweb adapter makes of CSV and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import rating, read, reject


def vote(**changed: Any) -> dict[str, Any]:
    return {
        "timestamp": 1606421713,
        "favorite": True,
        "user_rating": 9,
        "global_rating": 8.2,
        "global_rating_count": 93214,
        "original_title": "Le Fabuleux destin d'Amélie Poulain",
        "pl_title": "Amelia",
        "year": 2001,
        "movie_id": 31478,
        "url": "https://www.filmweb.pl/film/Amelia-2001-31478",
        "date": "2020-11-26",
        **changed,
    }


@pytest.mark.parametrize("timestamp", [1606421713, 1606421713417])
def test_the_date_is_read_from_its_own_column(timestamp: int) -> None:
    """Whether the time stamp counts seconds or milliseconds does not matter."""
    found = rating(read("filmweb", [vote(timestamp=timestamp)])[0])
    assert found.moment == Moment("2020-11-26", "iso", "date")
    assert (found.score, found.scale, found.ids) == ("9", "1 to 10", {})


@pytest.mark.parametrize(
    ("original", "polish", "title"),
    [("La Haine", "Nienawiść", "La Haine"), ("", "Miś", "Miś"), (None, "Miś", "Miś")],
)
def test_the_original_title_comes_first(original: str | None, polish: str, title: str) -> None:
    """It is missing where it is the Polish one."""
    assert rating(read("filmweb", [vote(original_title=original, pl_title=polish)])[0]).title == title


@pytest.mark.parametrize(("part", "kind"), [("film", Kind.MOVIE), ("serial", Kind.SHOW), ("tvshow", Kind.SHOW)])
def test_the_link_tells_what_it_is(part: str, kind: Kind) -> None:
    """There is no other type."""
    found = read("filmweb", [vote(url=f"https://www.filmweb.pl/{part}/X-2001-1")])[0]
    assert rating(found).kind is kind


@pytest.mark.parametrize(("part", "code"), [("videogame", Code.UNSUPPORTED_KIND), ("person", Code.UNKNOWN_TYPE)])
def test_other_links_are_told(part: str, code: Code) -> None:
    """A game cannot be carried, anything else is not guessed at."""
    assert reject(read("filmweb", [vote(url=f"https://www.filmweb.pl/{part}/X-2001-1")])[0]).code is code


def test_no_vote_is_quiet() -> None:
    """Wanted to see is not rated; the crowd's rating is not the person's."""
    assert reject(read("filmweb", [vote(user_rating=None)])[0]).code is Code.UNRATED


def test_the_csv_reads_like_the_json() -> None:
    """The columns are the keys."""
    table = ",".join(vote()) + "\n" + ",".join(f'"{value}"' for value in vote().values()) + "\n"
    (of_table,), (of_tree,) = read("filmweb", table), read("filmweb", [vote()])
    assert of_table._replace(locator=of_tree.locator) == of_tree
