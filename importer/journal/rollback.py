"""The rollback file that a kill in the middle of a change leaves beside a journal (sqlite.org/fileformat2.html)."""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct(">8s5I")
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_TO_THE_END = 0xFFFFFFFF
_AROUND = 8  # bytes of a record beside its page: the number and a checksum


def is_cut_off(path: Path) -> bool:
    """Whether the file is shorter than it says: SQLite would undo a part of the change, and the rest would stay. No
    kill or power cut leaves it so, for a header is written after what it counts."""
    size, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while header := file.read(_HEADER.size):
            if header[: len(_MAGIC)] != _MAGIC[: len(header)]:
                return False  # not finished, so that SQLite takes no account of it
            if len(header) < _HEADER.size:
                return True
            _, records, _, _, sector, page = _HEADER.unpack(header)
            if records == _TO_THE_END or not sector:
                return False
            end = start + sector + records * (page + _AROUND)
            start = -(-end // sector) * sector
            if size < end or end < size < start:
                return True
            file.seek(start)
    return False
