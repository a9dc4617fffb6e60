"""Tables that would fill the memory: they stay in their file, and are read from it anew each time."""

from __future__ import annotations

import codecs
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from importer.intake.foreign import foreign
from importer.intake.limits import MIB, Budget
from importer.vocabulary.errors import InputError

HELD_BYTES = 32 * MIB
"""Files up to this size are held in memory."""

ENCODING = "utf-8"
_HEAD_BYTES = 65_536
_NO_TABLE = (b"{", b"[", b"<")
_BLANKS = b" \t\r\n"


class _Stamp(NamedTuple):
    """What tells whether a file is still the one that it was."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Large:
    """A large file of plain UTF-8, of which no part but what is being read is in memory."""

    path: Path
    digest: str
    stamp: _Stamp

    def content(self) -> bytes:
        """All of it, for who cannot do with less."""
        with self.opened() as stream:
            return stream.read()

    def opened(self) -> BinaryIO:
        """All of it as a stream. Raises InputError when it is another file by now."""
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read again: {error.strerror or error}.") from None
        if _stamp(stream) != self.stamp:
            stream.close()
            raise InputError(f"{self.path}: was changed while it was read; run the same command again.")
        return stream


def large_table(path: Path, stream: BinaryIO, budget: Budget) -> Large | None:
    """The file as a large table, or None where it is no such thing, and `stream` is where it was.

    Raises InputError when it is over a limit.
    """
    stamp = _stamp(stream)
    if stamp.size <= HELD_BYTES or not _may_be_table(stream.read(_HEAD_BYTES)):
        stream.seek(0)
        return None
    stream.seek(0)
    before, digest, decoder = budget.read_bytes, hashlib.sha256(), codecs.getincrementaldecoder(ENCODING)()
    try:
        for piece in budget.pieces(stream, str(path), None):
            digest.update(piece)
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        stream.seek(0)
        budget.read_bytes = before
        return None
    return Large(path, digest.hexdigest(), stamp)


def _may_be_table(head: bytes) -> bool:
    text = head.removeprefix(codecs.BOM_UTF8)
    return b"\x00" not in head and not text.lstrip(_BLANKS).startswith(_NO_TABLE) and not foreign(head)


def _stamp(stream: BinaryIO) -> _Stamp:
    found = os.fstat(stream.fileno())
    return _Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
