"""Files that are no text: what they are, told by their first bytes or by what lies in them, and the way out."""

from __future__ import annotations

import io
import re
import zipfile

ZIP_MAGIC = b"PK\x03\x04"
_CSV = "save or export it as CSV and name that file"
_UNPACK = "unpack it and name what is inside"
_KINDS = (
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or another Office document", _CSV),
    (rb"\{\\rtf\d", "an RTF document", "open it in an editor, save it as plain text and name that file"),
    (rb"%PDF-", "a PDF document", "it holds no table (Hulu's lists what was watched); export CSV instead"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (rb"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (rb"\xfd7zXZ\x00|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd", "an archive packed with xz, bzip2 or zstd", _UNPACK),
    (rb"MZ[^\x20-\x7e]", "a program, perhaps with an archive behind it", _UNPACK),
    (rb"\xff\xd8\xff", "a JPEG picture", "it holds no ratings that can be read"),
    (rb"\x89PNG\r\n\x1a\n", "a PNG picture", "it holds no ratings that can be read"),
    (rb"GIF8[79]a", "a GIF picture", "it holds no ratings that can be read"),
    (rb"SQLite format 3\x00", "an SQLite database", "export CSV or JSON from the program that wrote it"),
)
_ZIPPED_KINDS = (
    ("xl/", "an Excel workbook", _CSV),
    ("word/", "a Word document", _CSV),
    ("META-INF/manifest.xml", "an OpenDocument file, as LibreOffice writes it", _CSV),
    ("Index/Document.iwa", "a Numbers or Pages document", _CSV),
)
_MARKERS = {"xl/": "[Content_Types].xml", "word/": "[Content_Types].xml", "META-INF/manifest.xml": "content.xml"}


def foreign(data: bytes) -> str | None:
    """What `data` is and what to do with it, when it is surely neither an export nor an archive that we open."""
    if data.startswith(ZIP_MAGIC):
        return _zipped(data)
    return next((f"this is {what}; {way}." for magic, what, way in _KINDS if re.match(magic, data)), None)


def _zipped(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        return None  # whoever opens it says in what way it is damaged
    for start, what, way in _ZIPPED_KINDS:
        if _MARKERS.get(start, start) in names and any(name.startswith(start) for name in names):
            return f"this is {what}; {way}."
    return None
