"""Files made to exhaust whoever reads them, and a process of its own that reads them under limits.

`python -m tests.bombs FILE...` reads each file in a child whose address space may grow by five times the size
of the file and 300 MiB beyond what the program itself takes, and which may take one second of the processor for
each MiB that it reads and two more. It prints a line of JSON for each.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from importer.config import Settings
from importer.intake.documents import documents
from importer.intake.registry import load_adapters
from importer.preparing import Request, prepare
from importer.vocabulary.errors import InputError
from tests.clock import FakeClock
from tests.intake.archives import overlapping, zip_of

MIB = 1024 * 1024
FREE, TIMES = 300 * MIB, 5
FREE_SECONDS, SECONDS_PER_MIB = 2, 1

_PACKED = (".zip", ".gz")
_HEADER = b"Const,Your Rating,Date Rated,Title,Title Type,Year\n"
_ROW = (b"tt0137523,9,2019-05-04,", b",Movie,1999\n")
_JSON = (
    b'[{"rated_at":"2021-11-06T12:30:00.000Z","rating":8,"type":"movie","movie":{"title":"',
    b'","year":1999,"ids":{"trakt":432,"slug":"fight-club-1999","imdb":"tt0137523","tmdb":550}}}]',
)
_XML = (
    b"<myanimelist><anime><series_animedb_id>1</series_animedb_id><series_title>",
    b"</series_title><my_score>9</my_score></anime><myinfo><user_export_type>1</user_export_type></myinfo></myanimelist>",
)
_LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 11))

Pieces = Iterator[bytes]


def _filled(start: bytes, unit: bytes, end: bytes, size: int) -> Pieces:
    yield start
    piece = unit * (MIB // len(unit))
    for _ in range(max(1, size // len(piece))):
        yield piece
    yield end


def _numbered(start: bytes, form: str, between: str, end: bytes, size: int) -> Pieces:
    yield start
    yield between.join(form.format(number) for number in range(size // (len(form) + len(between) + 4))).encode()
    yield end


def _zip_flood(size: int) -> Pieces:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("ratings.csv", "w") as member:
        for piece in _filled(_HEADER, b"A", b"\n", 8 * size):
            member.write(piece)
    yield out.getvalue()


def _gzip_flood(size: int) -> Pieces:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as stream:
        for piece in _filled(_HEADER, b"A", b"\n", 8 * size):
            stream.write(piece)
    yield out.getvalue()


BOMBS: dict[str, Callable[[int], Pieces]] = {
    "cell.csv": lambda size: _filled(_HEADER + _ROW[0], b"A", _ROW[1], size),
    "cell-quoted.csv": lambda size: _filled(_HEADER + _ROW[0] + b'"', b"A\n", b'"' + _ROW[1], size),
    "cell-wide.csv": lambda size: _filled(_HEADER + _ROW[0] + "😀".encode(), b"A", _ROW[1], size),
    "cell-1252.csv": lambda size: _filled(_HEADER + _ROW[0], b"\xe9 a", _ROW[1], size),
    "columns.csv": lambda size: _numbered(b"", "c{}", ",", b"\n", size),
    "lines.csv": lambda size: _filled(_HEADER, b"\n", b"", size),
    "bad-rows.csv": lambda size: _filled(_HEADER, b"a\n", b"", size),
    "quotes.csv": lambda size: _filled(_HEADER, b'"a"b\n', b"", size),
    "cell.json": lambda size: _filled(_JSON[0], b"A", _JSON[1], size),
    "cell-wide.json": lambda size: _filled(_JSON[0] + "😀".encode(), b"A", _JSON[1], size),
    "escapes.json": lambda size: _filled(_JSON[0], b"\\ud83d", _JSON[1], size),
    "deep.json": lambda size: _filled(b"", b"[", b"", size),
    "deep-keys.json": lambda size: _filled(b"", b'{"a":', b"", size),
    "objects.json": lambda size: _filled(b"[{}", b",{}", b"]", size),
    "lists.json": lambda size: _filled(b"[[]", b",[]", b"]", size),
    "numbers.json": lambda size: _numbered(b"[", "{}", ",", b"]", size),
    "number.json": lambda size: _filled(b"[", b"9", b"]", size),
    "keys.json": lambda size: _numbered(b"{", '"k{0}":{0}', ",", b"}", size),
    "cell.xml": lambda size: _filled(_XML[0], b"A", _XML[1], size),
    "blanks.xml": lambda size: _filled(_XML[0], b" ", _XML[1], size),
    "deep.xml": lambda size: _filled(b"", b"<a>", b"", size),
    "flat.xml": lambda size: _filled(b"<a>", b"<b/>", b"</a>", size // 4),
    "names.xml": lambda size: _numbered(b"<a>", "<b{}/>", "", b"</a>", size),
    "attributes.xml": lambda size: _numbered(b"<a ", "b{}='1'", " ", b"/>", size),
    "laughs.xml": lambda size: iter([f"<!DOCTYPE a [<!ENTITY l0 'lol'>{_LAUGHS}]><a>&l10;</a>".encode()]),
    "entity.xml": lambda size: iter(
        [f"<!DOCTYPE a [<!ENTITY b '{'x' * 100_000}'>]><a>{'&b;' * 100_000}</a>".encode()]
    ),
    "cell.html": lambda size: _filled(b"<html><table><tr><td>", b"A", b"</td></tr></table>", size),
    "rows.html": lambda size: _filled(b"<html><table>", b"<tr>", b"</table>", size),
    "tags.html": lambda size: _filled(b"<html>", b"<", b"", size),
    "ratio.zip": _zip_flood,
    "entries.zip": lambda size: iter([zip_of({f"{number}.csv": b"a" for number in range(3_000)})]),
    "nested.zip": lambda size: iter([zip_of({"a.zip": zip_of({"b.zip": zip_of({"c.csv": bytes(size)})})})]),
    "overlapping.zip": lambda size: iter([overlapping(bytes(size), 300)]),
    "ratio.csv.gz": _gzip_flood,
    "twice.csv.gz": lambda size: iter([gzip.compress(gzip.compress(bytes(size)))]),
    "flat.xml.gz": lambda size: iter([gzip.compress(b"<a>" + b"<b/>" * (size // 16) + b"</a>")]),
}


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _records(path: Path) -> str:
    return f"{prepare(Request(paths=[path]), Settings(), FakeClock()).records} records"


def _came_of(path: Path, read: Callable[[Path], str]) -> str:
    try:
        return read(path)
    except InputError as error:
        return str(error).replace(str(path), path.name)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        return f"FAULT {error!r:.300}"


def _weight(path: Path) -> int:
    """How many bytes are read: what an archive unpacks to counts, unless it is refused."""
    if path.suffix not in _PACKED:
        return path.stat().st_size
    try:
        return sum(len(document.data) for document in documents([path]))
    except InputError:
        return path.stat().st_size


def _limit(path: Path, seconds: float) -> None:
    """What this process may take from here on; beyond that it gets no memory, and is ended soon."""
    most = _address_space() + TIMES * path.stat().st_size + FREE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds)))


def bounded(path: Path, read: Callable[[Path], str] = _records) -> dict[str, Any]:
    """What came of reading `path` in a child whose memory and time are limited, and how many seconds it took."""
    most = FREE_SECONDS + SECONDS_PER_MIB * _weight(path) / MIB
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        _limit(path, most)
        os.write(sending, _came_of(path, read).encode("utf-8", "replace")[:4_000])
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as stream:
        told = stream.read().decode("utf-8", "replace")
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    if status or seconds > most:
        told = f"FAULT ended by {status} after {seconds:.1f} seconds of {most:.1f}"
    return {"file": path.name, "told": told, "seconds": seconds}


def main(paths: list[str]) -> None:
    """Read every file in a child of its own."""
    load_adapters()
    sample = Path(__file__).parent.parent / "sample_exports"
    for warm in ("imdb/ratings.csv", "trakt/ratings-movies.json", "plex/movies.xml"):
        _records(sample / warm)  # what is loaded late is loaded now
    for path in paths:
        print(json.dumps(bounded(Path(path))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
