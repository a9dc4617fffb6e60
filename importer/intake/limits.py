"""How much intake accepts, counted while it reads: going over a limit is an error with a sentence, never a cut.

Limits against bombs (ecosystem.md 1.7): Python's own zip check is missing before 3.13, so every member is read
through one counting budget.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from importer.vocabulary.errors import InputError

MIB = 1024 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much intake accepts: bytes per document and in all, entries, and unpacked size over packed size."""

    document_bytes: int = 256 * MIB
    total_bytes: int = 512 * MIB
    entries: int = 2_000
    ratio: int = 200
    ratio_free_bytes: int = 8 * MIB  # small files may compress better than any real export does


class OverLimit(InputError):
    """There is too much to read; going on would only take longer."""


class Budget:
    """Counts what a whole intake unpacks."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.read_bytes = 0
        self.entries = 0

    def add_entry(self, name: str) -> None:
        self.entries += 1
        if self.entries > self.limits.entries:
            raise OverLimit(f"{name}: more than {self.limits.entries} files; name the export itself.")

    def read(self, stream: io.BufferedIOBase | Any, name: str, packed_bytes: int | None) -> bytes:
        """All of `stream`, counted. Raises InputError when it grows past a limit."""
        return b"".join(self.pieces(stream, name, packed_bytes))

    def pieces(self, stream: io.BufferedIOBase | Any, name: str, packed_bytes: int | None) -> Iterator[bytes]:
        """All of `stream`, piece by piece, as `read` does it."""
        size = 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            self._check(name, size, packed_bytes)
            yield piece
        self.read_bytes += size

    def _check(self, name: str, size: int, packed_bytes: int | None) -> None:
        limits = self.limits
        if size > limits.document_bytes:
            raise OverLimit(f"{name}: larger than {limits.document_bytes // MIB} MiB; no export is that large.")
        if self.read_bytes + size > limits.total_bytes:
            raise OverLimit(f"{name}: all files together are over {limits.total_bytes // MIB} MiB.")
        if packed_bytes and size > limits.ratio_free_bytes and size > packed_bytes * limits.ratio:
            raise OverLimit(f"{name}: unpacks to over {limits.ratio} times its size, as a zip bomb does.")
