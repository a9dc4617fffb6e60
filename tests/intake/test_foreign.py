"""Files that are no text are called by their name, with the way out, instead of talk about encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.intake.documents import documents
from importer.vocabulary.errors import InputError
from tests.intake.archives import written, zip_of

XLSX = zip_of({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
ODS = zip_of({"mimetype": b"", "content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>"})
FOREIGN = {
    "ratings.xlsx": (XLSX, "this is an Excel workbook; save or export it as CSV and name that file."),
    "ratings.ods": (ODS, "this is an OpenDocument file, as LibreOffice writes it; save or export it as CSV"),
    "ratings.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "this is an old Excel workbook or another"),
    "ratings.pdf": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "this is a PDF document; it holds no table (Hulu's lists what was watched); export CSV",
    ),
    "ratings.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "this is a 7z archive; unpack it and name what is inside."),
    "ratings.rar": (b"Rar!\x1a\x07\x01\x00", "this is a RAR archive; unpack it and name what is inside."),
    "ratings.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "this is a JPEG picture;"),
    "ratings.png": (b"\x89PNG\r\n\x1a\n\x00\x00", "this is a PNG picture;"),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("encoding", [None, "latin-1"])
def test_a_foreign_file_is_called_by_its_name(name: str, encoding: str | None, tmp_path: Path) -> None:
    """Whatever encoding was named, and whatever the file is called."""
    data, said = FOREIGN[name]
    path = written(tmp_path / "mine.csv", data)
    with pytest.raises(InputError) as refused:
        _ = [document.text for document in documents([path], encoding=encoding)]
    assert said in str(refused.value)
    assert "encoding" not in str(refused.value)


def test_a_workbook_in_a_zip_is_no_archive_to_unpack(tmp_path: Path) -> None:
    """Unpacking it would only lead to its XML."""
    (found,) = documents([written(tmp_path / "a.zip", zip_of({"ratings.xlsx": XLSX}))])
    with pytest.raises(InputError, match=r"a\.zip/ratings\.xlsx: this is an Excel workbook"):
        _ = found.text


def test_an_export_with_a_folder_of_that_name_is_still_opened(tmp_path: Path) -> None:
    """One telling name alone makes no workbook."""
    path = written(tmp_path / "a.zip", zip_of({"xl/ratings.csv": b"a,b\n"}))
    assert [document.path for document in documents([path])] == ["xl/ratings.csv"]
