"""notify.moe: a CSV without quotes, whose titles hold commas."""

from __future__ import annotations

import pytest

from adapters.notifymoe import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import identify

HEADER = "Title,Status,Episodes,Overall,Story,Visuals,Soundtrack,Rewatched"


def records(*rows: str, header: str = HEADER) -> list[Record]:
    """What the adapter makes of these rows, identified as a person's file would be."""
    document = Document("list.csv", "\n".join([header, *rows, ""]).encode())
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def test_rated_title() -> None:
    """The overall rating is taken, the title is all that is known of it."""
    (found,) = records("Mushishi,completed,26,9.3,8.0,7.5,10.0,1")
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title, found.ids) == (Kind.SHOW, Anime.YES, "Mushishi", {})
    assert (found.score, found.scale, found.moment, found.locator.line) == ("9.3", "0 to 10", None, 2)


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ("Love, Chunibyo & Other Delusions,completed,12,7.3,7.0,8.0,7.0,0", "Love, Chunibyo & Other Delusions"),
        ("A, B, C,completed,12,7.3,7.0,8.0,7.0,0", "A, B, C"),
        ('"Bungaku Shoujo" Movie,completed,12,7.3,7.0,8.0,7.0,0', '"Bungaku Shoujo" Movie'),
        ('"Love, Chunibyo & Other Delusions",completed,12,7.3,7.0,8.0,7.0,0', "Love, Chunibyo & Other Delusions"),
        ('"""Bungaku Shoujo"" Movie",completed,12,7.3,7.0,8.0,7.0,0', '"Bungaku Shoujo" Movie'),
    ],
)
def test_commas_and_quotes_in_titles(row: str, title: str) -> None:
    """The site quotes nothing, a spreadsheet does; both give the title, and the score of its own column."""
    (found,) = records(row)
    assert (found.title, found.score) == (title, "7.3")


def test_title_column_anywhere() -> None:
    """Columns are found by name, and what is too much still belongs to the title."""
    header = "Status,Overall,Title,Episodes,Story,Visuals,Soundtrack"
    (found,) = records("completed,7.3,Love, Chunibyo & Other Delusions,12,1.0,1.0,1.0", header=header)
    assert (found.title, found.score) == ("Love, Chunibyo & Other Delusions", "7.3")


@pytest.mark.parametrize("others", ["0.0,0.0,0.0", "6.0,0.0,0.0"])
def test_unrated(others: str) -> None:
    """No overall rating is no rating, whatever the story is worth."""
    (found,) = records(f"Nisekoi:,watching,4,0.0,{others},0")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


def test_row_that_is_cut_off() -> None:
    """Too few cells cannot be told apart; the rows around it stand."""
    first, second, third = records(
        "A,completed,1,8.0,0.0,0.0,0.0,0", "B,completed,1,8.0", "C,completed,1,7.0,0.0,0.0,0.0,0"
    )
    assert isinstance(second, Reject)
    assert (second.code, second.detail, second.locator.line) == (Code.BAD_ROW, "4 cells where the header has 8", 3)
    assert [(record.title, record.score) for record in (first, third)] == [("A", "8.0"), ("C", "7.0")]


def test_semicolons_of_a_spreadsheet() -> None:
    """Decimals have commas there, and titles with semicolons are quoted."""
    (found,) = records('"Steins;Gate";completed;24;9,5;9,8;8,0;8,5;0', header=HEADER.replace(",", ";"))
    assert (found.title, found.score) == ("Steins;Gate", "9,5")


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace(",", "|"),
        "\n|||\n" + HEADER.replace(",", "|"),
        HEADER.replace(",", "|") + "\u2028" + "\t" * 20,
        HEADER.replace(",", "|").replace("Story", '"Story\n"'),
        "\ufeff\ufeff" + HEADER.replace(",", "|"),
    ],
)
def test_header_as_identification_reads_it(header: str) -> None:
    """What the file was recognised by is read: another delimiter, empty cells before it, a line separator or a line
    end in a name, and marks of the encoding."""
    (found,) = records("Steins;Gate|completed|24|9.5|9.8|8.0|8.5|0", header=header)
    assert (found.title, found.score) == ("Steins;Gate", "9.5")


def test_very_many_columns() -> None:
    """Under the wrong delimiters the header is one cell, and longer than a cell may be."""
    names = [f"column {number}" for number in range(100_000)]
    header = "|".join([HEADER.replace(",", "|"), *names])
    (found,) = records("Steins;Gate|completed|24|9.5|9.8|8.0|8.5|0" + "|" * len(names), header=header)
    assert (found.title, found.score) == ("Steins;Gate", "9.5")


def test_quoted_decimals() -> None:
    """A table saved anew with commas on both sides is read by its quotes."""
    (found,) = records('"Love, Chunibyo & Other Delusions",completed,12,"7,3","7,0","8,0","7,0",0')
    assert (found.title, found.score) == ("Love, Chunibyo & Other Delusions", "7,3")


def test_json_is_refused() -> None:
    """It names no titles."""
    data = b'{"userId":"x","items":[{"animeId":"CwnBcFiMg","rating":{"overall":10,"visuals":9.5}}]}'
    refusal = identify(Document("list.json", data), [ADAPTER]).shape.refusal
    assert refusal.endswith("Export the list as CSV, which has the titles.")
