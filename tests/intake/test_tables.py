"""The strict reader of tables: every row is seen, stands where it says, and is never padded or cut."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.adapter import Cells, Code, Document, Locator, Record, Reject, each_row, rows_of
from importer.intake.readers import column_name, delimiter, header
from importer.vocabulary.errors import InputError


def seen(text: str) -> list[tuple[int, dict[str, str] | str]]:
    """Every row of a table with its line: its cells, or the detail of a bad row."""
    rows: list[tuple[int, dict[str, str] | str]] = []

    def convert(locator: Locator, cells: Cells) -> Record:
        rows.append((locator.line, dict(cells)))
        return Reject(locator=locator, code=Code.UNRATED)

    for record in each_row(Document("x.csv", text.encode()), convert):
        assert isinstance(record, Reject)
        assert record.locator.path == ""
        if record.code is Code.BAD_ROW:
            rows.append((record.locator.line, record.detail))
        assert record.locator.line == rows[-1][0]
    return rows


def test_rows_come_with_their_columns_and_lines() -> None:
    """Column names are lower case and trimmed, cells are as they are."""
    assert seen("Const, Your  Rating \ntt1, 9\ntt2,\n") == [
        (2, {"const": "tt1", "your rating": " 9"}),
        (3, {"const": "tt2", "your rating": ""}),
    ]


def test_a_column_that_is_not_there_reads_as_empty() -> None:
    """Adapters ask for columns of several generations."""
    assert Cells.named({"const": "tt1"})["date rated"] == ""
    assert "date rated" not in Cells.named({"const": "tt1"})
    assert Cells.named({"const": "tt1"}).get("date rated") is None


@pytest.mark.parametrize("also", [(), ("date added",)])
def test_columns_can_be_picked_one_by_one(also: tuple[str, ...]) -> None:
    """In the order asked for, one that is not there as empty; other rows are none."""
    found: list[tuple[str, ...]] = []

    def convert(locator: Locator, texts: tuple[str, ...]) -> Record:
        found.append(texts)
        return Reject(locator=locator, code=Code.UNRATED)

    document = Document("x.csv", b"Const,Title,Your Rating\ntt1,Heat,9\ntt2,Alien\n,,\ntt3,Jaws,\n")
    records = list(each_row(document, convert, columns=("your rating", "const", *also)))
    empty = ("",) * len(also)
    assert found == [("9", "tt1", *empty), ("", "tt3", *empty)]
    assert [(record.locator.line, getattr(record, "code", None)) for record in records] == [
        (2, Code.UNRATED),
        (3, Code.BAD_ROW),
        (5, Code.UNRATED),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [("Your Rating", "your rating"), ("  YOUR\t rating\n", "your rating"), ("Straße", "strasse"), ("", "")],
)
def test_column_names_are_compared_without_case_and_blanks(written: str, name: str) -> None:
    """People and sites change them between exports."""
    assert column_name(written) == name


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    """Of Unix, Windows and old Macs."""
    assert seen(end.join(["a,b", "1,2", "3,4", ""])) == [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]


def test_a_last_line_without_an_end_is_read() -> None:
    """Editors drop the last line end."""
    assert seen("a,b\n1,2") == [(2, {"a": "1", "b": "2"})]


def test_lines_are_physical_lines() -> None:
    """After cells with line breaks and blank lines the number is still the one that an editor shows."""
    text = '\na,b\n\n1,"two\nlines"\n2,"three\r\nlong\n"\n\n3,x\n'
    assert [(line, row["a"]) for line, row in seen(text) if isinstance(row, dict)] == [
        (4, "1"),
        (6, "2"),
        (10, "3"),
    ]


@pytest.mark.parametrize("blank", ["", ",", ",,,,", '"",""'])
def test_blank_rows_are_no_records(blank: str) -> None:
    """Spreadsheets leave rows of nothing but delimiters."""
    assert seen(f"a,b\n1,2\n{blank}\n3,4\n{blank}\n") == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})]


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ("1", "1 cells where the header has 3"),
        ("1,2", "2 cells where the header has 3"),
        ("1,2,3,4", "4 cells where the header has 3"),
        (",,,x", "4 cells where the header has 3"),
    ],
)
def test_a_row_of_another_width_is_rejected_with_its_line(row: str, detail: str) -> None:
    """It is neither padded nor cut, and the other rows are read."""
    assert seen(f"a,b,c\n1,2,3\n{row}\n4,5,6\n") == [
        (2, {"a": "1", "b": "2", "c": "3"}),
        (3, detail),
        (4, {"a": "4", "b": "5", "c": "6"}),
    ]


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ("1,2,3,,", "5 cells where the header has 3"),
        ("1,2,3,4", "4 cells where the header has 3"),
        ("1,2", "2 cells where the header has 3"),
    ],
)
def test_a_spare_delimiter_is_taken_off_where_the_source_writes_one(row: str, detail: str) -> None:
    """One at the end of a row, with nothing behind it; any other width is still told."""

    def convert(locator: Locator, cells: Cells) -> Record:
        return Reject(locator=locator, code=Code.UNRATED, detail=",".join(cells.values()))

    document = Document("x.csv", f"a,b,c\n1,2,3,\n4,5,6\n7,8,,\n,,,\n{row}\n".encode())
    found = [record for record in each_row(document, convert, spare_delimiter=True) if isinstance(record, Reject)]
    assert [(record.locator.line, record.detail) for record in found] == [
        (2, "1,2,3"),
        (3, "4,5,6"),
        (4, "7,8,"),
        (6, detail),
    ]
    strict = next(each_row(document, convert))
    assert isinstance(strict, Reject) and strict.code is Code.BAD_ROW


def test_quotes_are_read_as_spreadsheets_write_them() -> None:
    """Commas, quotes and line breaks inside a cell."""
    assert seen('a,b\n"Hello, ""World""\nagain",2\n') == [(2, {"a": 'Hello, "World"\nagain', "b": "2"})]


def test_a_quote_that_makes_no_sense_rejects_its_row_only() -> None:
    """The row is reported, the rest is read."""
    rows = seen('a,b\n"1"x,2\n3,4\n')
    assert rows[0][0] == 2
    assert str(rows[0][1]).startswith("quotes: ")
    assert rows[1:] == [(3, {"a": "3", "b": "4"})]


def test_a_quote_in_the_middle_of_a_cell_is_text() -> None:
    """Only a quote at the start of a cell opens one."""
    assert seen('a,b\n5" disk,2\n') == [(2, {"a": '5" disk', "b": "2"})]


def test_an_unclosed_quote_stops_the_file_and_names_the_line() -> None:
    """The rest of the file hangs on it; nothing of it may become one title."""
    with pytest.raises(InputError, match=r"^x\.csv:3: a quote opened here is never closed; the file is cut off"):
        seen('a,b\n1,2\n"3,4\n5,6\n')


def test_an_unclosed_quote_in_the_header_is_an_error() -> None:
    """There is nothing to go by."""
    with pytest.raises(InputError, match=r"^x\.csv:1: the header cannot be read"):
        seen('"a,b\n1,2\n')


@pytest.mark.parametrize("text", ["", "\n\n", " \n", ",,\n,,\n", "\ufeff"])
def test_a_table_without_a_header_is_an_error(text: str) -> None:
    """An empty file is no empty account."""
    with pytest.raises(InputError, match=r"^x\.csv: the file is empty\.$"):
        seen(text)


def test_a_header_alone_holds_no_records() -> None:
    """An empty list is one."""
    assert seen("a,b\n") == []


@pytest.mark.parametrize("names", ["Title,year,TITLE", "Title,year, title "])
def test_a_column_that_stands_twice_is_an_error(names: str) -> None:
    """It cannot be told which one is meant."""
    with pytest.raises(InputError, match=r"^x\.csv:1: the column 'title' stands twice in the header\.$"):
        seen(f"{names}\n1,2,3\n")


def test_columns_without_a_name_may_be_several() -> None:
    """Spreadsheets leave trailing delimiters behind the header."""
    assert header(Document("x.csv", b"a,b,,\n1,2,,\n")) == ("a", "b", "", "")
    assert [row for _, row in seen("a,b,,\n1,2,,\n")] == [{"a": "1", "b": "2", "": ""}]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b,c\n", ","),
        ("a;b;c\n", ";"),
        ("a\tb\tc\n", "\t"),
        ("a\n", ","),
        ('"a,x";"b,y";c\n', ";"),
        ('"one;two",b\n1,2\n', ","),
        ("a,b;c,d\n", ","),
        ("\n\n;;;\na;b;c;d\n", ";"),
        ("a;b\r1;2\r", ";"),
    ],
)
def test_the_header_tells_the_delimiter(text: str, mark: str) -> None:
    """The one that makes most columns of it, a comma when all do alike."""
    assert delimiter(Document("x.csv", text.encode())) == mark


@pytest.mark.parametrize("word", ["sep=;", "SEP=;", "sep=,", "Sep=\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_that_names_the_separator_is_no_header(word: str, end: str) -> None:
    """Excel writes it, and it counts as a line."""
    mark = word[-1]
    text = end.join([word, f"a{mark}b", f"1{mark}2", f"3{mark}4{mark}5", ""])
    assert seen(text) == [(3, {"a": "1", "b": "2"}), (4, "3 cells where the header has 2")]


def test_a_huge_cell_is_an_error_with_a_sentence() -> None:
    """A cell of more than a mebibyte is no title, in the header, in a row, and behind a quote."""
    huge = "x" * (1024 * 1024 + 1)
    with pytest.raises(InputError, match=r"^x\.csv:1: "):
        seen(f"{huge}\n")
    with pytest.raises(InputError, match=r"^x\.csv:1: "):
        seen(f'"{huge}",b\n')
    with pytest.raises(InputError, match=r"^x\.csv:3: a cell of more than 1 MiB"):
        seen(f"a,b\n1,2\n1,{huge}\n3,4\n")


def test_titles_that_look_like_nothing_stay_titles() -> None:
    """NA, null and nan are films."""
    titles = ["NA", "null", "None", "nan", "N/A", "#N/A", "", "True", "007"]
    text = "title,x\n" + "".join(f"{title},1\n" for title in titles)
    assert [row["title"] for _, row in seen(text) if isinstance(row, dict)] == titles


def test_a_nul_in_a_cell_is_a_character() -> None:
    """It does not end the file."""
    assert seen("a,b\n1\x002,3\n4,5\n") == [(2, {"a": "1\x002", "b": "3"}), (3, {"a": "4", "b": "5"})]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=12)


@given(
    st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from(",;\t"), st.sampled_from(["\r\n", "\n"])
)
def test_every_table_that_is_written_is_read(rows: list[tuple[str, str, str]], mark: str, end: str) -> None:
    """Whatever stands in the cells, all rows that hold anything come back, in order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    found = [tuple(row.values()) for _, row in seen(out.getvalue()) if isinstance(row, dict)]
    assert found == [row for row in rows if any(row)]


@pytest.mark.promise("P9")
@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but an InputError is raised, and lines go up."""
    try:
        rows = seen(text)
    except InputError:
        return
    lines = [line for line, _ in rows]
    assert lines == sorted(set(lines))


def test_rows_alone_for_what_only_the_whole_table_tells() -> None:
    """Those that are built like the header."""
    document = Document("x.csv", b"Title,Score\nHeat,8\nRan\n\nAlien,9\n")
    assert list(rows_of(document)) == [{"title": "Heat", "score": "8"}, {"title": "Alien", "score": "9"}]


def test_bars_may_part_cells() -> None:
    """As in AniDB's csv-adborg."""
    assert header(Document("x.csv", b"AID|Name|Vote\n")) == ("aid", "name", "vote")
    assert header(Document("x.csv", b"Title,A|B\n")) == ("title", "a|b")
