"""From a path, folder, zip or gz to `Document`s held in memory. Read only; no path is ever written.

Limits against bombs (ecosystem.md 1.7): Python's own zip check is missing before 3.13, so every member is read
through one counting budget. Going over a limit is an error with a sentence, never a cut.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from importer.intake.text import Decoded, decode
from importer.vocabulary.errors import InputError
from importer.vocabulary.owntables import OwnTable

_Result = TypeVar("_Result")

MIB = 1024 * 1024
_PIECE = 64 * 1024
_ZIP_MAGIC = b"PK\x03\x04"
_EMPTY_ZIP_MAGIC = b"PK\x05\x06"
_GZIP_MAGIC = b"\x1f\x8b"
_REPORT = ("outcomes.csv", "summary.json")
_HIDDEN_FOLDERS = frozenset({"__MACOSX"})
_USUAL_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much intake accepts: bytes per document and in all, entries, and unpacked size over packed size."""

    document_bytes: int = 256 * MIB
    total_bytes: int = 512 * MIB
    entries: int = 2_000
    ratio: int = 200
    ratio_free_bytes: int = 8 * MIB  # small files may compress better than any real export does


@dataclass(frozen=True, eq=False)
class Document:
    """One readable file: `name` as shown to the person, `path` inside the folder or archive that was named
    (empty when the file itself was), its bytes, and what was derived from them."""

    name: str
    data: bytes = field(repr=False)
    path: str = ""
    encoding_override: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    """Column names of a table that stand for others, by lower-case name (see `OwnTable.renames`)."""
    own_table: OwnTable = field(default_factory=OwnTable, repr=False)
    """What the person's config says of this table, where it does."""
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes: the part of `row_id` that stays the same under any file name."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The text and its encoding. Raises InputError when it cannot be told."""
        if self.data.startswith(_ZIP_MAGIC):  # archives that were named are opened; this one lay in an archive
            raise InputError(f"{self.name}: an archive inside an archive; unpack it first.")
        return decode(self.data, self.name, self.encoding_override)

    @property
    def text(self) -> str:
        """The whole file as text."""
        return self.decoded.text

    @property
    def encoding(self) -> str:
        """The encoding the file was written in."""
        return self.decoded.encoding

    @property
    def base_name(self) -> str:
        """The last part of the name, in lower case."""
        return PurePosixPath((self.path or self.name).replace("\\", "/")).name.lower()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders, in lower case, between the named folder or archive and this file."""
        return tuple(part.lower() for part in PurePosixPath(self.path).parts[:-1])


class _Budget:
    """Counts what a whole intake unpacks."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.read_bytes = 0
        self.entries = 0

    def add_entry(self, name: str) -> None:
        self.entries += 1
        if self.entries > self.limits.entries:
            raise InputError(f"{name}: more than {self.limits.entries} files; name the export itself.")

    def read(self, stream: io.BufferedIOBase | Any, name: str, packed_bytes: int | None) -> bytes:
        """All of `stream`, counted. Raises InputError when it grows past a limit."""
        pieces: list[bytes] = []
        size = 0
        while piece := stream.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            self._check(name, size, packed_bytes)
        self.read_bytes += size
        return b"".join(pieces)

    def _check(self, name: str, size: int, packed_bytes: int | None) -> None:
        limits = self.limits
        if size > limits.document_bytes:
            raise InputError(f"{name}: larger than {limits.document_bytes // MIB} MiB; no export is that large.")
        if self.read_bytes + size > limits.total_bytes:
            raise InputError(f"{name}: all files together are over {limits.total_bytes // MIB} MiB.")
        if packed_bytes and size > limits.ratio_free_bytes and size > packed_bytes * limits.ratio:
            raise InputError(f"{name}: unpacks to over {limits.ratio} times its size, as a zip bomb does.")


def documents(paths: list[Path], *, encoding: str | None = None, limits: Limits | None = None) -> list[Document]:
    """Every document under `paths` (files, folders, zip and gz), in the order named, folders sorted by name.

    Raises InputError for what is missing, unreadable, encrypted, damaged, or over a limit.
    """
    budget = _Budget(limits or Limits())
    found: list[Document] = []
    for path in paths:
        found.extend(_open_path(path, budget, encoding))
    return found


def _open_path(path: Path, budget: _Budget, encoding: str | None) -> Iterator[Document]:
    try:
        if path.is_dir():
            for file in _files_below(path):
                yield from _open_file(file, f"{path}/{file.relative_to(path)}", path, budget, encoding)
        elif path.exists():
            yield from _open_file(path, str(path), None, budget, encoding)
        else:
            raise InputError(f"{path}: there is no such file or folder.")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from None


def _files_below(folder: Path) -> list[Path]:
    """Every file but hidden ones, links, and rateport's own reports, which repeat what they report."""
    reports = {report.parent for report in folder.rglob(_REPORT[0]) if (report.parent / _REPORT[1]).exists()}
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and not file.is_symlink()
        and not _is_hidden(file.relative_to(folder).parts)
        and (file.parent == folder or file.parent not in reports)
    )


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part in _HIDDEN_FOLDERS for part in parts)


def _open_file(
    file: Path, name: str, root: Path | None, budget: _Budget, encoding: str | None
) -> Iterator[Document]:
    budget.add_entry(name)
    with file.open("rb") as stream:
        data = budget.read(stream, name, None)
    inside = str(PurePosixPath(*file.relative_to(root).parts)) if root else ""
    if data.startswith((_ZIP_MAGIC, _EMPTY_ZIP_MAGIC)):
        yield from _open_zip(data, name, inside, budget, encoding)
    else:
        yield Document(name, _unzipped(data, name, budget), inside, encoding)


def _unzipped(data: bytes, name: str, budget: _Budget) -> bytes:
    """`data`, unpacked when it is gzip by its magic bytes, whatever its name says."""
    if not data.startswith(_GZIP_MAGIC):
        return data
    unpacked = _guarded(
        lambda: budget.read(gzip.GzipFile(fileobj=io.BytesIO(data)), name, len(data)), name, "gzip file"
    )
    if unpacked.startswith((_GZIP_MAGIC, _ZIP_MAGIC)):
        raise InputError(f"{name}: an archive inside an archive; unpack it first.")
    return unpacked


def _open_zip(data: bytes, name: str, inside: str, budget: _Budget, encoding: str | None) -> Iterator[Document]:
    archive = _guarded(lambda: zipfile.ZipFile(io.BytesIO(data)), name, "zip file")
    seen: set[str] = set()
    for member in sorted(archive.infolist(), key=lambda info: info.filename):
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.filename.endswith("/") or _is_hidden(parts):
            continue
        if not parts:
            raise InputError(f"{name}: the zip file is damaged (a file without a name); download it again.")
        shown = f"{name}/{'/'.join(parts)}"
        budget.add_entry(shown)
        if member.filename in seen:
            raise InputError(f"{shown}: stands twice in the zip; unpack it and name the right file.")
        seen.add(member.filename)
        if member.flag_bits & 0x1:
            raise InputError(f"{shown}: is encrypted; unpack the zip with its password first.")
        if member.compress_type not in _USUAL_PACKING:
            raise InputError(f"{shown}: is packed in an unusual way; unpack the zip first.")
        content = _read_member(archive, member, shown, budget)
        path = str(PurePosixPath(inside, *parts)) if inside else str(PurePosixPath(*parts))
        yield Document(shown, _unzipped(content, shown, budget), path, encoding)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: _Budget) -> bytes:
    def read() -> bytes:
        with archive.open(member) as stream:
            return budget.read(stream, name, member.compress_size)

    return _guarded(read, name, "zip file")


def _guarded(read: Callable[[], _Result], name: str, what: str) -> _Result:
    try:
        return read()
    except (
        zipfile.BadZipFile,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise InputError(f"{name}: the {what} is damaged or cut off ({error}); download it again.") from None
