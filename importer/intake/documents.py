"""From a path, folder, zip or gz to `Document`s held in memory. Read only; no path is ever written.

Limits against bombs (ecosystem.md 1.7): Python's own zip check is missing before 3.13, so every member is read
through one counting budget. Going over a limit is an error with a sentence, never a cut.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from importer.intake.foreign import ZIP_MAGIC, foreign
from importer.intake.text import Decoded, decode
from importer.vocabulary.errors import InputError
from importer.vocabulary.owntables import OwnTable

_Result = TypeVar("_Result")

MIB = 1024 * 1024
_PIECE = 64 * 1024
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
    problem: str = ""
    """Why there are no bytes: a file below a folder that cannot be read, or a part of a broken archive there."""
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes: the part of `row_id` that stays the same under any file name."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The text and its encoding. Raises InputError when it cannot be told."""
        if self.problem:
            raise InputError(self.problem)
        # archives that were named are opened; this one lay in an archive
        if self.data.startswith(ZIP_MAGIC) and not foreign(self.data):
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


class _OverLimit(InputError):
    """There is too much to read; going on would only take longer."""


class _Budget:
    """Counts what a whole intake unpacks."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.read_bytes = 0
        self.entries = 0

    def add_entry(self, name: str) -> None:
        self.entries += 1
        if self.entries > self.limits.entries:
            raise _OverLimit(f"{name}: more than {self.limits.entries} files; name the export itself.")

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
            raise _OverLimit(f"{name}: larger than {limits.document_bytes // MIB} MiB; no export is that large.")
        if self.read_bytes + size > limits.total_bytes:
            raise _OverLimit(f"{name}: all files together are over {limits.total_bytes // MIB} MiB.")
        if packed_bytes and size > limits.ratio_free_bytes and size > packed_bytes * limits.ratio:
            raise _OverLimit(f"{name}: unpacks to over {limits.ratio} times its size, as a zip bomb does.")


def documents(paths: list[Path], *, encoding: str | None = None, limits: Limits | None = None) -> list[Document]:
    """Every document under `paths` (files, folders, zip and gz), in the order named, folders sorted by name.

    Raises InputError for what is missing, unreadable, encrypted, damaged, or over a limit. Below a folder only
    limits stop: what else cannot be read there becomes a document with its `problem`.
    """
    budget = _Budget(limits or Limits())
    found: list[Document] = []
    for path in paths:
        found.extend(_open_path(path, budget, encoding))
    return found


def _open_path(path: Path, budget: _Budget, encoding: str | None) -> Iterator[Document]:
    try:
        if path.is_dir():
            yield from _open_folder(path, budget, encoding)
        elif path.is_file():
            yield from _open_file(path, str(path), None, budget, encoding)
        elif path.exists():
            raise InputError(
                f"{path}: is neither a file nor a folder, so it could be read only once or without end."
            )
        else:
            raise InputError(f"{path}: there is no such file or folder.")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from None


def _open_folder(folder: Path, budget: _Budget, encoding: str | None) -> Iterator[Document]:
    files, unlisted = _files_below(folder)
    for file in files:
        inside = file.relative_to(folder)
        name = f"{folder}/{inside}"
        opened = _open_file(file, name, folder, budget, encoding)
        yield from _or_problem(opened, name, str(PurePosixPath(*inside.parts)))
    for error in unlisted:
        below = Path(error.filename).relative_to(folder)
        problem = f"{folder}/{below}: the folder cannot be read: {error.strerror or error}."
        yield Document(f"{folder}/{below}", b"", str(PurePosixPath(*below.parts)), problem=problem)


def _or_problem(opened: Iterator[Document], name: str, inside: str) -> Iterator[Document]:
    """`opened`, ending in a document that tells the problem where opening fails; limits still hold for all."""
    try:
        yield from opened
    except _OverLimit:
        raise
    except InputError as error:
        yield Document(name, b"", inside, problem=str(error))
    except OSError as error:
        yield Document(name, b"", inside, problem=f"{name}: cannot be read: {error.strerror or error}.")


def _files_below(folder: Path) -> tuple[list[Path], list[OSError]]:
    """Every file but hidden ones, links, and rateport's own reports, which repeat what they report; and the errors
    of the folders that cannot be listed. Raises OSError when that is `folder` itself."""
    files: list[Path] = []
    unlisted: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=unlisted.append):
        here = Path(where)
        folders[:] = [name for name in folders if not _is_hidden((name,))]
        if here == folder or not set(_REPORT) <= set(names):
            files += [here / name for name in names if not _is_hidden((name,))]
    for error in unlisted:
        if Path(error.filename) == folder:
            raise error
    return sorted(file for file in files if file.is_file() and not file.is_symlink()), unlisted


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part in _HIDDEN_FOLDERS for part in parts)


def _open_file(
    file: Path, name: str, root: Path | None, budget: _Budget, encoding: str | None
) -> Iterator[Document]:
    budget.add_entry(name)
    with file.open("rb") as stream:
        data = budget.read(stream, name, None)
    inside = str(PurePosixPath(*file.relative_to(root).parts)) if root else ""
    if data.startswith((ZIP_MAGIC, _EMPTY_ZIP_MAGIC)):
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
    if unpacked.startswith((_GZIP_MAGIC, ZIP_MAGIC)):
        raise InputError(f"{name}: an archive inside an archive; unpack it first.")
    return unpacked


def _open_zip(data: bytes, name: str, inside: str, budget: _Budget, encoding: str | None) -> Iterator[Document]:
    if what := foreign(data):
        raise InputError(f"{name}: {what}")
    archive = _guarded(lambda: zipfile.ZipFile(io.BytesIO(data)), name, "zip file")
    seen: set[str] = set()
    for member in sorted(archive.infolist(), key=lambda info: info.filename):
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.filename.endswith("/") or _is_hidden(parts):
            continue
        if not parts:
            raise InputError(f"{name}: the zip file is damaged (a file without a name); download it again.")
        shown, path = f"{name}/{'/'.join(parts)}", str(PurePosixPath(inside, *parts))
        budget.add_entry(shown)
        if member.filename in seen:
            raise InputError(f"{shown}: stands twice in the zip; unpack it and name the right file.")
        seen.add(member.filename)
        opened = _open_member(archive, member, Document(shown, b"", path, encoding), budget)
        yield from _or_problem(opened, shown, path) if inside else opened


def _open_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, empty: Document, budget: _Budget
) -> Iterator[Document]:
    if member.flag_bits & 0x1:
        raise InputError(f"{empty.name}: is encrypted; unpack the zip with its password first.")
    if member.compress_type not in _USUAL_PACKING:
        raise InputError(f"{empty.name}: is packed in an unusual way; unpack the zip first.")
    content = _read_member(archive, member, empty.name, budget)
    yield replace(empty, data=_unzipped(content, empty.name, budget), memo={})


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
