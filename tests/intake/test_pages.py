"""Tables in HTML pages: every row is seen and counted, and a page's own word for its encoding is taken."""

from __future__ import annotations

import pytest

from importer.adapter import Cells, Code, Document, Locator, Medium, Record, Reject, each_html_row
from importer.intake.outline import Outline, outline
from importer.intake.pages import html_header
from importer.vocabulary.errors import InputError


def page(*rows: str) -> Document:
    return Document("x.xls", f"<html><body><table>{''.join(rows)}</table></body></html>".encode())


def seen(document: Document) -> list[tuple[str, dict[str, str] | str]]:
    """Every row with its place: its cells, or the detail of a bad row."""
    rows: list[tuple[str, dict[str, str] | str]] = []

    def convert(locator: Locator, cells: Cells) -> Record:
        rows.append((str(locator), dict(cells)))
        return Reject(locator=locator, code=Code.UNRATED)

    for record in each_html_row(document, convert):
        assert isinstance(record, Reject)
        if record.code is Code.BAD_ROW:
            rows.append((str(record.locator), record.detail))
    return rows


HEAD = "<tr><th>Title</th><th> My  Vote </th></tr>"


@pytest.mark.parametrize(
    "start", ["<html>", "<!DOCTYPE html>\n<html>", "\ufeff\r\n<HTML>", "<meta charset=utf-8>", ""]
)
def test_a_page_is_told_from_xml(start: str) -> None:
    """By how it starts; its marks are the columns of its table."""
    document = Document("x.xls", f"{start}<TABLE>{HEAD}</TABLE>".encode())
    assert outline(document) == Outline(Medium.HTML, frozenset({"title", "my vote"}))


def test_cells_are_read_as_a_browser_shows_them() -> None:
    """Entities, tags, line breaks and no-break spaces."""
    row = "<tr><td>Tom &amp;\n <b>Jerry</b><br>again</td><td>1&nbsp;000</td></tr>"
    assert seen(page(HEAD, row)) == [("row[1]", {"title": "Tom & Jerry again", "my vote": "1 000"})]


def test_end_tags_may_be_left_out() -> None:
    """HTML allows it."""
    assert seen(page("<tr><td>Title<td>Vote<tr><td>A<td>1<tr><td>B<td>2")) == [
        ("row[1]", {"title": "A", "vote": "1"}),
        ("row[2]", {"title": "B", "vote": "2"}),
    ]


def test_a_row_of_another_width_is_told() -> None:
    """It is neither padded nor cut; a row without any text is no record."""
    short = "<tr><td>A</td></tr>"
    blank = "<tr><td> </td><td>&nbsp;</td></tr>"
    assert seen(page(HEAD, short, blank, "<tr><td>B</td><td>2</td></tr>")) == [
        ("row[1]", "1 cells where the header has 2"),
        ("row[2]", {"title": "B", "my vote": "2"}),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html><body>Please sign in.</body></html>", "x.xls: the page holds no table."),
        ("<table></table>", "x.xls: the page holds no table."),
        (f"<table>{HEAD}<tr><td>A", "x.xls: the table is never closed; the file is cut off or damaged."),
        ("<table><tr><td>A</td><td>a </td></tr></table>", "x.xls: the column 'a' stands twice in the header."),
        ("<html><![foo[<table></table>", "x.xls: the page cannot be read: "),
    ],
)
def test_what_is_no_table_is_an_error_with_a_sentence(text: str, sentence: str) -> None:
    """Whatever it is instead."""
    with pytest.raises(InputError) as error:
        html_header(Document("x.xls", text.encode()))
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize("encoding", ["windows-1251", "KOI8-R"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_page_says_what_it_is_written_in(encoding: str, quote: str) -> None:
    """Nothing else could tell Cyrillic letters of one byte apart."""
    text = f"<html><meta http-equiv=Content-Type content={quote}text/html; charset={encoding}{quote}>Оценка"
    document = Document("x.xls", text.encode(encoding))
    assert (document.text, document.encoding) == (text, encoding.lower())


def test_a_page_in_utf_8_is_utf_8_whatever_it_says() -> None:
    """It was saved again, and its word was left behind."""
    document = Document("x.xls", "<meta charset=windows-1251>Оценка".encode())
    assert (document.text, document.encoding) == ("<meta charset=windows-1251>Оценка", "utf-8")


def test_bytes_that_the_named_encoding_does_not_know_are_an_error() -> None:
    """0x98 is nothing in windows-1251."""
    with pytest.raises(InputError, match=r"^x\.xls:1: not valid windows-1251; name the right encoding"):
        _ = Document("x.xls", b"<meta charset=windows-1251>\xce\x98\xff").text
