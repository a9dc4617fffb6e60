"""A disk that keeps only what it was told to sync: rebuilt from the system calls of a client, as strace saw them.

What was written and not synced may be there after a power cut or not, whole or in part, in any order. What happened
to the names in a folder is there up to some moment: file systems keep the order of those.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.crashes.tracing import Call

_NAMING = ("rename", "renameat", "renameat2", "unlink", "unlinkat")
TRACED = ("openat", "close", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", *_NAMING)
_SECTOR = 512
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Write(NamedTuple):
    """Bytes at a place of a file; None: it is cut off there."""

    file: int
    at: int
    content: bytes | None


class Naming(NamedTuple):
    """What changed at once among the names of a folder: what means another file now, and what means none."""

    folder: str
    given: Mapping[str, int]
    taken: Sequence[str] = ()


@dataclass
class Disk:
    """Files by number, names by path: what is synced, and what is under way."""

    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    namings: list[Naming] = field(default_factory=list)

    def sync(self, file: int) -> None:
        """A file as it is outlasts whatever comes."""
        kept = [write for write in self.writes if write.file == file]
        self.contents |= written(self.contents, kept)
        self.writes = [write for write in self.writes if write.file != file]

    def sync_folder(self, folder: str) -> None:
        """The names in a folder do."""
        kept = [naming for naming in self.namings if naming.folder == folder]
        self.names = named(self.names, kept)
        self.namings = [naming for naming in self.namings if naming.folder != folder]

    def files(self) -> dict[str, bytes]:
        """The files as the client sees them."""
        contents = written(self.contents, self.writes)
        return {path: contents.get(file, b"") for path, file in named(self.names, self.namings).items()}

    def copy(self) -> Disk:
        """The disk at this moment."""
        return Disk(dict(self.contents), dict(self.names), list(self.writes), list(self.namings))


def written(contents: Mapping[int, bytes], writes: Sequence[Write]) -> dict[int, bytes]:
    """The files when these writes have reached them; a hole is full of zeros."""
    found = dict(contents)
    for file, at, content in writes:
        before = found.get(file, b"").ljust(at, b"\0")
        found[file] = before[:at] if content is None else before[:at] + content + before[at + len(content) :]
    return found


def named(names: Mapping[str, int], namings: Sequence[Naming]) -> dict[str, int]:
    """The names after these changes."""
    found = dict(names)
    for naming in namings:
        found = {path: file for path, file in found.items() if path not in naming.taken} | dict(naming.given)
    return found


def after_a_cut(disk: Disk, chance: random.Random) -> Iterator[dict[str, bytes]]:
    """The files that a power cut at this moment may leave: nothing of what is under way, all of it, writes without
    names, names without writes, and by lot twice, the second time with one write that is torn."""
    writes, namings = disk.writes, disk.namings
    some = [[write for write in writes if chance.random() < 0.5] for _ in range(2)]
    some[1] = _with_a_torn_one(some[1], chance)
    chosen = [
        ([], []),
        (writes, namings),
        (writes, []),
        ([], namings),
        *((part, namings[: chance.randint(0, len(namings))]) for part in some),
    ]
    for part, names_too in chosen:
        contents = written(disk.contents, part)
        yield {path: contents.get(file, b"") for path, file in named(disk.names, names_too).items()}


def _with_a_torn_one(writes: Sequence[Write], chance: random.Random) -> list[Write]:
    """The writes, of one of which only the first sectors are there."""
    found = list(writes)
    if found:
        place = chance.randrange(len(found))
        content = found[place].content or b""
        sectors = chance.randint(0, len(content) // _SECTOR)
        found[place] = found[place]._replace(content=content[: _SECTOR * sectors])
    return found


class Recorder:
    """Carries out what a client did, call by call, on a disk that begins with the files of `home`, except for those
    whose name begins as `except_for`: the stand-in has a disk of its own."""

    def __init__(self, home: Path, except_for: str) -> None:
        self.disk = Disk()
        self._home = os.fspath(home)
        self._except_for = f"{self._home}/{except_for}"
        self._current: dict[str, int] = {}  # the names as the client sees them
        self._numbers = count()
        self._open: dict[int, tuple[int | None, str]] = {}
        self._places: dict[int, int] = {}
        for path in home.rglob("*"):
            if path.is_file() and self._is_ours(os.fspath(path)):
                file = self._made(os.fspath(path))
                self.disk.contents[file] = path.read_bytes()
        self.disk.names = dict(self._current)
        self.disk.namings = []

    def act(self, call: Call) -> None:
        """One call that did not fail."""
        getattr(self, f"_{call.name}")(call, texts_of(call))

    def _is_ours(self, path: str) -> bool:
        is_below = path == self._home or path.startswith(f"{self._home}/")
        return is_below and not path.startswith(self._except_for)

    def _made(self, path: str) -> int:
        file = self._current[path] = next(self._numbers)
        self.disk.namings.append(Naming(_folder(path), {path: file}))
        return file

    def _openat(self, call: Call, texts: Sequence[bytes]) -> None:
        path = os.fsdecode(texts[0])
        self._places[call.result] = 0
        if not self._is_ours(path) or "O_TMPFILE" in call.arguments:
            self._open[call.result] = (None, "")
            return
        if "O_CREAT" in call.arguments and path not in self._current:
            self._made(path)
        file = self._current.get(path)
        self._open[call.result] = (file, path)
        if file is not None and "O_TRUNC" in call.arguments:
            self.disk.writes.append(Write(file, 0, None))

    def _close(self, call: Call, texts: Sequence[bytes]) -> None:
        self._open.pop(_descriptor(call), None)

    def _write(self, call: Call, texts: Sequence[bytes]) -> None:
        place = self._places.get(_descriptor(call), 0)
        self._put(call, place, texts[0])
        self._places[_descriptor(call)] = place + call.result

    def _pwrite64(self, call: Call, texts: Sequence[bytes]) -> None:
        self._put(call, int(call.arguments.rsplit(", ", 1)[1]), texts[0])

    def _put(self, call: Call, at: int, content: bytes) -> None:
        file, _ = self._open.get(_descriptor(call), (None, ""))
        if file is not None:
            assert len(content) == call.result, call
            self.disk.writes.append(Write(file, at, content))

    def _ftruncate(self, call: Call, texts: Sequence[bytes]) -> None:
        file, _ = self._open.get(_descriptor(call), (None, ""))
        if file is not None:
            self.disk.writes.append(Write(file, int(call.arguments.rsplit(", ", 1)[1]), None))

    def _fsync(self, call: Call, texts: Sequence[bytes]) -> None:
        file, path = self._open.get(_descriptor(call), (None, ""))
        if file is not None:
            self.disk.sync(file)
        elif path:
            self.disk.sync_folder(path)

    _fdatasync = _fsync

    def _rename(self, call: Call, texts: Sequence[bytes]) -> None:
        old, new = map(os.fsdecode, texts)
        if not self._is_ours(old):
            return
        self._current[new] = file = self._current.pop(old)
        self.disk.namings.append(Naming(_folder(new), {new: file}, [old]))

    def _unlink(self, call: Call, texts: Sequence[bytes]) -> None:
        path = os.fsdecode(texts[0])
        if self._is_ours(path):
            del self._current[path]
            self.disk.namings.append(Naming(_folder(path), {}, [path]))

    _renameat = _renameat2 = _rename
    _unlinkat = _unlink


def texts_of(call: Call) -> list[bytes]:
    """The paths and contents among the arguments, which strace -xx writes in hexadecimal digits."""
    return [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(call.arguments)]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _descriptor(call: Call) -> int:
    return int(call.arguments.split(",", 1)[0])
