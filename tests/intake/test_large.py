"""Tables too large to be held stay in their file and are read like any other."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

import pytest

from importer.adapter import Record
from importer.config import Settings
from importer.intake import large
from importer.intake.documents import Document, documents
from importer.intake.readers import each_row, header
from importer.preparing import Request, prepare
from importer.vocabulary.errors import InputError
from tests.clock import FakeClock
from tests.migrating import movies

pytestmark = pytest.mark.promise("P18")
ROWS = 200


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files above 1 kB count as large."""
    monkeypatch.setattr(large, "HELD_BYTES", 1000)


def only(path: Path, encoding: str | None = None) -> Document:
    """The one document in `path`."""
    [document] = documents([path], encoding=encoding)
    return document


def held(document: Document) -> Document:
    """The same document with its bytes in memory."""
    assert document.large
    return Document(document.name, document.large.content())


def records(document: Document) -> list[str]:
    """Where every row stands and what it holds."""
    found: list[str] = []

    def keep(locator: object, cells: object) -> Record:
        found.append(f"{locator} {cells}")
        return None  # type: ignore[return-value]

    list(each_row(document, keep))
    return found


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_it_reads_like_one_that_is_held(tmp_path: Path, mark: bytes, end: str) -> None:
    """Digest, encoding, header, lines and cells, with quoted line ends and letters of several bytes."""
    path = tmp_path / "ratings.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator=end)
        writer.writerow(["Title", "Rating"])
        writer.writerows([f"Amélie{end}{number} 千と千尋", number] for number in range(ROWS))
    path.write_bytes(mark + path.read_bytes())
    document = only(path)
    assert document.large and document.data == b""
    same = held(document)
    assert document.digest == same.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (document.encoding, document.head, document.text) == (same.encoding, same.head, same.text)
    assert header(document) == header(same) == ("title", "rating")
    assert records(document) == records(same)
    assert len(records(document)) == ROWS


def test_a_whole_preview_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frame and plan, to the last column."""
    path = movies(tmp_path / "ratings.csv", ROWS)
    assert only(path).large
    streamed = prepare(Request(paths=[path]), Settings(), FakeClock()).plan
    monkeypatch.setattr(large, "HELD_BYTES", 10**9)
    assert only(path).large is None
    whole = prepare(Request(paths=[path]), Settings(), FakeClock()).plan
    assert streamed.frame.to_csv() == whole.frame.to_csv()
    assert streamed.sends == whole.sends


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": "' + b"x" * 2000 + b'"}',
        b"\n [1" + b", 1" * 1000 + b"]",
        b"<list>" + b"x" * 2000 + b"</list>",
        "título;nota\n".encode("cp1252") * 200,
        "a,b\n".encode("utf-16") * 500,
        b"a,b\n" * 500 + b"\xff\n",
        b"a,b\n" * 500 + "é".encode()[:1],
        b"%PDF-" + b"x" * 2000,
    ],
    ids=["json", "list", "xml", "cp1252", "utf-16", "bad-byte", "cut-letter", "pdf"],
)
def test_what_is_no_plain_table_is_held(tmp_path: Path, content: bytes) -> None:
    """It is decoded, or refused, as a whole."""
    path = tmp_path / "export"
    path.write_bytes(content)
    document = only(path)
    assert document.large is None
    assert document.data == content


def test_an_encoding_that_was_named_is_obeyed(tmp_path: Path) -> None:
    """Whatever the bytes may look like."""
    path = movies(tmp_path / "ratings.csv", ROWS)
    assert only(path, "latin-1").encoding == "latin-1"


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    """Half of the one and half of the other would be nobody's ratings."""
    path = movies(tmp_path / "ratings.csv", ROWS)
    document = only(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(
        InputError, match=r"ratings\.csv: was changed while it was read; run the same command again\.$"
    ):
        header(document)
    path.unlink()
    with pytest.raises(InputError, match=r"ratings\.csv: cannot be read again: No such file"):
        header(document)
