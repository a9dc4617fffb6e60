"""From a path, folder, zip, gz or tar to `Document`s held in memory. Read only; no path is ever written."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

from importer.intake.folders import below, is_hidden
from importer.intake.foreign import ZIP_MAGIC, foreign
from importer.intake.large import ENCODING, Large, large_table
from importer.intake.limits import Budget, Limits, OverLimit
from importer.intake.text import Decoded, decode
from importer.vocabulary.cells import storable
from importer.vocabulary.errors import InputError
from importer.vocabulary.owntables import OwnTable

_Result = TypeVar("_Result")

HEAD_CHARS = 65536

_EMPTY_ZIP_MAGIC = b"PK\x05\x06"
_GZIP_MAGIC = b"\x1f\x8b"
_TAR_MAGIC, _TAR_PLACE = b"ustar", 257
_NAME_CHARS = 500
_DAMAGES = (
    *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, NotImplementedError, ValueError),
)
_USUAL_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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
    beside: Mapping[str, Document] = field(default_factory=dict, repr=False)
    """The documents read from the same folder, by lower-case name, for sources that spread one record over several
    files. Empty where this file alone was named."""
    own_table: OwnTable = field(default_factory=OwnTable, repr=False)
    """What the person's config says of this table, where it does."""
    large: Large | None = field(default=None, repr=False)
    """Where the bytes are when they are not held here."""
    problem: str = ""
    """Why there are no bytes: a file below a folder that cannot be read, or a part of a broken archive there."""
    aside: str = ""
    """Why it was not even tried: a link below a folder, or a part of a report there."""
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes: the part of `row_id` that stays the same under any file name."""
        return self.large.digest if self.large else hashlib.sha256(self.data).hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The text and its encoding. Raises InputError when it cannot be told."""
        if self.problem:
            raise InputError(self.problem)
        # archives that were named are opened; this one lay in an archive
        if (self.data.startswith(ZIP_MAGIC) and not foreign(self.data)) or _is_tar(self.data):
            raise InputError(f"{self.name}: an archive inside an archive; unpack it first.")
        data = self.large.content() if self.large else self.data
        return decode(data, self.name, self.encoding_override)

    @property
    def text(self) -> str:
        """The whole file as text."""
        return self.decoded.text

    @property
    def encoding(self) -> str:
        """The encoding the file was written in."""
        return ENCODING if self.large else self.decoded.encoding

    @property
    def head(self) -> str:
        """The start of the text, with all that can belong to the header of a table."""
        if not self.large:
            return self.text[:HEAD_CHARS]
        with self.lines() as lines:
            return lines.read(HEAD_CHARS)

    def opened(self) -> BinaryIO:
        """The text in UTF-8. Raises InputError when a file that is read anew is another by now."""
        if self.large:
            return self.large.opened()
        return io.BytesIO(self.data if self.encoding == "utf-8" else self.text.encode())  # copies may be large

    def lines(self) -> io.TextIOWrapper:
        """The text as a stream of lines, their ends as they are."""
        return io.TextIOWrapper(self.opened(), "utf-8-sig", newline="")  # StringIO: 4x memory

    @property
    def base_name(self) -> str:
        """The last part of the name, in lower case."""
        return PurePosixPath((self.path or self.name).replace("\\", "/")).name.lower()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders, in lower case, between the named folder or archive and this file."""
        return tuple(part.lower() for part in PurePosixPath(self.path).parts[:-1])


def documents(paths: list[Path], *, encoding: str | None = None, limits: Limits | None = None) -> list[Document]:
    """Every document under `paths` (files, folders, zip and gz), in the order named, folders sorted by name.

    Raises InputError for what is missing, unreadable, encrypted, damaged, or over a limit. Below a folder only
    limits stop: what else cannot be read there becomes a document with its `problem`, and what is left `aside`
    there one that says why.
    """
    budget = Budget(limits or Limits())
    found: list[Document] = []
    for path in paths:
        found.extend(_open_path(path, budget, encoding))
    return _side_by_side(found)


def _side_by_side(found: list[Document]) -> list[Document]:
    """`found`, each with the others of its folder at hand, under names that any report can hold."""
    folders: dict[str, dict[str, Document]] = {}
    for document in found:
        here = folders.setdefault(document.name.rpartition("/")[0], {})
        if not document.aside:
            here[document.base_name] = document
    return [
        replace(
            document,
            name=storable(document.name),
            path=storable(document.path),
            problem=storable(document.problem),
            beside=folders[document.name.rpartition("/")[0]],
        )
        for document in found
    ]


def _open_path(path: Path, budget: Budget, encoding: str | None) -> Iterator[Document]:
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


def _open_folder(folder: Path, budget: Budget, encoding: str | None) -> Iterator[Document]:
    found = below(folder)
    for file in sorted(found.files):
        name, inside = _inside(folder, file)
        yield from _or_problem(_open_file(file, name, folder, budget, encoding), name, inside)
    for file, why in sorted(found.aside.items()):
        name, inside = _inside(folder, file)
        yield Document(name, b"", inside, aside=why)
    for error in found.unlisted:
        name, inside = _inside(folder, Path(error.filename))
        problem = f"{name}: the folder cannot be read: {error.strerror or error}."
        yield Document(name, b"", inside, problem=problem)


def _inside(folder: Path, path: Path) -> tuple[str, str]:
    """What a path below `folder` is called, and the way to it."""
    inside = path.relative_to(folder)
    return f"{folder}/{inside}", str(PurePosixPath(*inside.parts))


def _or_problem(opened: Iterator[Document], name: str, inside: str) -> Iterator[Document]:
    """`opened`, ending in a document that tells the problem where opening fails; limits still hold for all."""
    try:
        yield from opened
    except OverLimit:
        raise
    except InputError as error:
        yield Document(name, b"", inside, problem=str(error))
    except OSError as error:
        yield Document(name, b"", inside, problem=f"{name}: cannot be read: {error.strerror or error}.")


def _open_file(
    file: Path, name: str, root: Path | None, budget: Budget, encoding: str | None
) -> Iterator[Document]:
    budget.add_entry(name)
    inside = str(PurePosixPath(*file.relative_to(root).parts)) if root else ""
    with file.open("rb") as stream:
        large = None if encoding else large_table(file, stream, budget)
        if large:
            yield Document(name, b"", inside, large=large)
            return
        data = budget.read(stream, name, None)
    if data.startswith((ZIP_MAGIC, _EMPTY_ZIP_MAGIC)):
        yield from _open_zip(data, name, inside, budget, encoding)
    elif _is_tar(data := _unzipped(data, name, budget)):
        yield from _open_tar(data, name, inside, budget, encoding)
    else:
        yield Document(name, data, inside, encoding)


def _is_tar(data: bytes) -> bool:
    return data[_TAR_PLACE : _TAR_PLACE + len(_TAR_MAGIC)] == _TAR_MAGIC


def _open_tar(data: bytes, name: str, inside: str, budget: Budget, encoding: str | None) -> Iterator[Document]:
    """The files of a tar archive, as AniDB packs its exports (.tgz); links and devices are none."""
    with _guarded(lambda: tarfile.open(fileobj=io.BytesIO(data), mode="r:"), name, "tar archive") as archive:
        for member in _guarded(partial(_tar_members, archive, data), name, "tar archive"):
            parts = PurePosixPath(member.name).parts
            if not member.isfile() or not parts or is_hidden(parts):
                continue
            shown, path = f"{name}/{'/'.join(parts)[-_NAME_CHARS:]}", str(PurePosixPath(inside, *parts))
            budget.add_entry(shown)
            content = _guarded(partial(budget.read, archive.extractfile(member), shown, None), name, "tar archive")
            yield Document(shown, _unzipped(content, shown, budget), path, encoding)


def _tar_members(archive: tarfile.TarFile, data: bytes) -> list[tarfile.TarInfo]:
    members = archive.getmembers()
    if data[archive.offset : archive.offset + tarfile.BLOCKSIZE] != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("no end where it ends")  # tarfile takes any unreadable header but the first for one
    return members


def _unzipped(data: bytes, name: str, budget: Budget) -> bytes:
    """`data`, unpacked when it is gzip by its magic bytes, whatever its name says."""
    if not data.startswith(_GZIP_MAGIC):
        return data
    unpacked = _guarded(
        lambda: budget.read(gzip.GzipFile(fileobj=io.BytesIO(data)), name, len(data)), name, "gzip file"
    )
    if unpacked.startswith((_GZIP_MAGIC, ZIP_MAGIC)):
        raise InputError(f"{name}: an archive inside an archive; unpack it first.")
    return unpacked


def _open_zip(data: bytes, name: str, inside: str, budget: Budget, encoding: str | None) -> Iterator[Document]:
    if what := foreign(data):
        raise InputError(f"{name}: {what}")
    archive = _guarded(lambda: zipfile.ZipFile(io.BytesIO(data)), name, "zip file")
    seen: set[str] = set()
    for member in sorted(archive.infolist(), key=lambda info: info.filename):
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.filename.endswith("/") or is_hidden(parts):
            continue
        if not parts:
            raise InputError(f"{name}: the zip file is damaged (a file without a name); download it again.")
        shown, path = f"{name}/{'/'.join(parts)[-_NAME_CHARS:]}", str(PurePosixPath(inside, *parts))
        budget.add_entry(shown)
        if member.filename in seen:
            raise InputError(f"{shown}: stands twice in the zip; unpack it and name the right file.")
        seen.add(member.filename)
        opened = _open_member(archive, member, Document(shown, b"", path, encoding), budget)
        yield from _or_problem(opened, shown, path) if inside else opened


def _open_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, empty: Document, budget: Budget
) -> Iterator[Document]:
    if member.flag_bits & 0x1:
        raise InputError(f"{empty.name}: is encrypted; unpack the zip with its password first.")
    if member.compress_type not in _USUAL_PACKING:
        raise InputError(f"{empty.name}: is packed in an unusual way; unpack the zip first.")
    content = _read_member(archive, member, empty.name, budget)
    yield replace(empty, data=_unzipped(content, empty.name, budget), memo={})


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: Budget) -> bytes:
    def read() -> bytes:
        with archive.open(member) as stream:
            return budget.read(stream, name, member.compress_size)

    return _guarded(read, name, "zip file")


def _guarded(read: Callable[[], _Result], name: str, what: str) -> _Result:
    try:
        return read()
    except _DAMAGES as error:
        found = str(error)[:_NAME_CHARS]  # may quote as much of the file as it takes for a name
        raise InputError(f"{name}: the {what} is damaged or cut off ({found}); download it again.") from None
