"""Text at the edge: harmless in a spreadsheet and on a terminal, and back again unchanged."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.vocabulary.cells import defused, printable, restored, terminal_safe, width_of

DANGEROUS = [
    "=1+1",
    "=HYPERLINK(1)",
    "+SUM(1)",
    "-2+3",
    "@SUM(1)",
    "\t1",
    "\rx",
    '"=1+1&"',
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠x",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_defused(text: str) -> None:
    """A spreadsheet shows the text and runs nothing."""
    assert defused(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "Alien", "8", "-1", "+8", "-8.5", "'Tis Pity", "tt0137523", "3=3", "a@b"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    """Numbers and titles are not decorated."""
    assert defused(text) == text
    assert restored(text) == text


@pytest.mark.parametrize("text", ["'=1+1", "''=1+1", "'-2+3", "''''@x"])
def test_quotes_of_its_own_survive(text: str) -> None:
    """One quote is added and one is taken away, whatever stands there already."""
    assert defused(text) == f"'{text}"
    assert restored(defused(text)) == text


def test_a_title_with_a_leading_quote_is_not_shortened() -> None:
    """Only a quote that was added is taken off."""
    assert restored("'71") == "'71"
    assert restored("''-prefixed") == "'-prefixed"


@given(st.text(alphabet="'=+-@\t\r\n＝＋－＠ 0.9aé\x00", max_size=12) | st.text(max_size=30))
def test_defusing_round_trips_and_disarms(text: str) -> None:
    """Every text comes back, and none starts like a formula unless it is a plain number."""
    written = defused(text)
    assert restored(written) == text
    assert written[:1] not in set("=+-@\t\r＝＋－＠") or written == text
    if written[:1] in set("=@\t\r＝＋－＠"):
        pytest.fail(f"{written!r} would run")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=4))
def test_defused_cells_survive_a_csv_file(cells: list[str]) -> None:
    """What is written to a report and read back is what was there."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([defused(cell) for cell in cells])
    assert [restored(cell) for cell in next(csv.reader(io.StringIO(out.getvalue(), newline="")))] == cells


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m"),
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("a\x00b\x08c\x7fd", "a\ufffdb\ufffdc\ufffdd"),
        ("a\x9b31mb", "a\ufffd31mb"),
        ("two\nlines\r\tx", "two\ufffdlines\ufffd\ufffdx"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\u2066x\u2069", "\ufffdx\ufffd"),
        ("a\u2028b\u2029c", "a\ufffdb\ufffdc"),
        ("\u061cx\u200fy", "\ufffdx\ufffdy"),
        ("half \ud83d", "half \ufffd"),
        ("\ufeffx", "\ufffdx"),
    ],
)
def test_what_could_repaint_the_terminal_is_marked(text: str, shown: str) -> None:
    """Control, direction and surrogate characters become visible marks."""
    assert terminal_safe(text) == shown


def test_the_lines_of_a_text_stay_lines() -> None:
    """Everything else in them is marked."""
    assert printable("two\nlines\x1b[31m\r\n\n\u2028") == "two\nlines\ufffd[31m\ufffd\n\n\ufffd"


@pytest.mark.parametrize(
    "text", ["Amélie", "千と千尋の神隠し", "Брат", "العربية", "💥", "e\u0301", "Qui êtes-vous\u202f?", "a\u00a0b"]
)
def test_titles_of_all_languages_are_shown(text: str) -> None:
    """Letters, emoji, combining marks and the blanks of French typography are harmless."""
    assert terminal_safe(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_unprintable_reaches_the_terminal(text: str) -> None:
    """After marking, no control character is left, and the text can be encoded."""
    shown = terminal_safe(text)
    shown.encode("utf-8")
    assert len(shown) == len(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) <= 0x9F or 0x202A <= ord(char) <= 0x202E for char in shown)


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("Alien", 5), ("Amélie", 6), ("Ame\u0301lie", 6), ("千と千尋", 8), ("Ｗ", 2)]
)
def test_width_is_counted_in_terminal_cells(text: str, cells: int) -> None:
    """Wide letters take two cells, combining marks none."""
    assert width_of(text) == cells


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("=1;@x;'+y", "'=1;'@x;''+y"),
        ("a; b", "a; b"),
        ("a;-5", "a;'-5"),
        ("x;\n=", "x;\n'="),
        ("x\n=1+1;y", "x\n'=1+1;y"),
        ("x\r\n=1", "x\r\n'=1"),
        ("x\t=1", "x\t'=1"),
        ("\t=1", "'\t'=1"),
        ('x;"=1+1&";y', 'x;\'"=1+1&";y'),
        ("x;\"'=1", "x;'\"'=1"),
    ],
)
def test_a_formula_inside_a_cell_is_defused(text: str, written: str) -> None:
    """Where the comma is for decimals, a spreadsheet ends the cell at a semicolon, even inside quotes, and the row
    at a line break; some end it at a tab, and a doubled quote is an empty text before what follows."""
    assert defused(text) == written
    assert restored(written) == text


PIECES = st.sampled_from([*";'\"=+-@ ,\t\r\n＝", "0.9", "-5", "a", "1+1", '"=1+1&";'])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=10).map("".join), st.sampled_from(";\t,"))
def test_no_reading_of_a_row_begins_a_cell_with_a_formula(text: str, delimiter: str) -> None:
    """As many quotes are taken off as were put in, and whichever character is taken for the delimiter, no cell
    begins like a formula unless all of it is a number."""
    assert restored(defused(text)) == text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(["x", defused(text), "y"])
    for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter):
        for cell in row:
            is_number = re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)
            assert is_number or cell[:1] not in set("=+-@＝"), f"{cell!r} would run"
