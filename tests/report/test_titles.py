"""Titles on the terminal: readable at any width, and no title can repaint the terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.report.titles import Card, cards_page, ratings_page
from importer.vocabulary.cells import width_of
from importer.vocabulary.sends import AccountTitle, Section

HOSTILE = "\x1b[31mred\u202edrawkcab [link=http://example.org]click[/link] [/x] :smile: \x9b2J\r\n"
ODD = (
    HOSTILE,
    "",
    "a" * 300,
    "家族" * 60,
    "a b " * 99,
    "\ud800",
    "👨\u200d👩",
    "a\u200bb\u0301",
    "{x} %s",
    "\u0301",
)


def rated(title: str, year: int | None = 1999, rating: int = 8, **rest: Any) -> AccountTitle:
    """A rated title of the account."""
    given = {
        "section": Section.MOVIES,
        "ids": {"simkl": "1"},
        "rated_at": datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC),
        "status": "completed",
        **rest,
    }
    return AccountTitle(title=title, year=year, rating=rating, **given)


THREE = [
    rated("Fight Club", rating=10),
    rated("Breaking Bad", 2008, 9, section=Section.SHOWS, status="watching"),
    rated("The Lord of the Rings: The Fellowship of the Ring", 2001, section=Section.MOVIES, status="plantowatch"),
    rated("Ping Pong The Animation", None, 7, section=Section.ANIME, rated_at=None, status=None),
]
WIDE = """\
kind   title                                                     rating  rated       list
movie  Fight Club (1999)                                             10  2021-06-23  completed
show   Breaking Bad (2008)                                            9  2021-06-23  watching
movie  The Lord of the Rings: The Fellowship of the Ring (2001)       8  2021-06-23  plan to watch
anime  Ping Pong The Animation                                        7  no date

4 ratings: 2 movies, 1 show, 1 anime
"""
SIXTY = """\
kind   title               rating  rated       list
movie  Fight Club (1999)       10  2021-06-23  completed
show   Breaking Bad             9  2021-06-23  watching
       (2008)
movie  The Lord of the          8  2021-06-23  plan to watch
       Rings: The
       Fellowship of the
       Ring (2001)
anime  Ping Pong The            7  no date
       Animation

4 ratings: 2 movies, 1 show, 1 anime
"""
FORTY = """\
Fight Club (1999): 10, 2021-06-23,
movie, completed
Breaking Bad (2008): 9, 2021-06-23,
show, watching
The Lord of the Rings: The Fellowship of
the Ring (2001): 8, 2021-06-23, movie,
plan to watch
Ping Pong The Animation: 7, no date,
anime

4 ratings: 2 movies, 1 show, 1 anime
"""


@pytest.mark.parametrize(("width", "page"), [(200, WIDE), (60, SIXTY), (40, FORTY), (1, FORTY)])
def test_the_table_fits_the_terminal(width: int, page: str) -> None:
    """No wider than its content, titles wrapped where they must be, sentences where no table fits."""
    assert ratings_page(THREE, width=width) == page


@pytest.mark.parametrize(
    ("titles", "line"),
    [
        ([], "No ratings.\n"),
        ([rated("X")], "1 rating: 1 movie\n"),
        ([rated("X", section=Section.ANIME)] * 1200, "1,200 ratings: 1,200 anime\n"),
    ],
)
def test_the_titles_are_counted(titles: list[AccountTitle], line: str) -> None:
    """By kind; kinds without a rating are not named."""
    assert ratings_page(titles, width=80).endswith(line)


def test_a_hostile_title_is_shown_as_text() -> None:
    """Escapes and direction marks are made visible, markup stays as it is written."""
    page = ratings_page([rated(HOSTILE)], width=200)
    assert (
        "\ufffd[31mred\ufffddrawkcab [link=http://example.org]click[/link] [/x] :smile: \ufffd2J\ufffd\ufffd"
        in page
    )


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("width", [40, 56, 60, 200])
def test_odd_texts_neither_steer_nor_widen(text: str, width: int) -> None:
    """Wherever they stand: as title, list, label of a fact, missing id."""
    page = ratings_page([rated(text, status=text)], width=width)
    page += cards_page([Card(text, (("ids", text), ("scores", text)))], [text], width=width)
    assert not set(page) & set("\x07\x1b\x9b\r\t\u200b\u200d\u202e\ud800")
    assert max(map(width_of, page.splitlines())) <= width


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30), width=st.integers(1, 120))
def test_no_text_breaks_the_page(text: str, width: int) -> None:
    """Whatever the title, the page ends in its count."""
    page = ratings_page([rated(text)], width=width)
    assert page.endswith("\n\n1 rating: 1 movie\n")
    assert all(char == "\n" or char.isprintable() or not char.isascii() for char in page)


CARD = Card(
    "Cowboy Bebop (1998)",
    (
        ("type", "anime, tv"),
        ("Simkl", "https://simkl.com/anime/37089"),
        ("ids", "simkl:37089, imdb:tt0213338, mal:1, anidb:23, kitsu:1"),
    ),
)


def test_a_card_at_sixty_columns() -> None:
    """The facts stand in a column of their own; what is missing comes last."""
    assert cards_page([CARD, Card("X", (("type", "show"),))], ["imdb:tt0000007", "mal:5"], width=60) == (
        "Cowboy Bebop (1998)\n"
        "  type   anime, tv\n"
        "  Simkl  https://simkl.com/anime/37089\n"
        "  ids    simkl:37089, imdb:tt0213338, mal:1, anidb:23,\n"
        "         kitsu:1\n"
        "\n"
        "X\n"
        "  type  show\n"
        "\n"
        "Not found at Simkl: imdb:tt0000007, mal:5\n"
    )


def test_only_what_is_there_is_told() -> None:
    """No empty parts around a single hit or a single miss."""
    assert cards_page([Card("X", (("type", "show"),))], [], width=60) == "X\n  type  show\n"
    assert cards_page([], ["mal:5"], width=60) == "Not found at Simkl: mal:5\n"


def test_color_is_only_there_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the terminal nor the environment is asked: the caller decides."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ratings_page(THREE, width=200) == WIDE
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m4 ratings: 2 movies, 1 show, 1 anime\x1b[0m" in ratings_page(THREE, width=200, color=True)
    assert "\x1b[1mCowboy Bebop (1998)\x1b[0m" in cards_page([CARD], [], width=60, color=True)
