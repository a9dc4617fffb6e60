"""Zip files built by hand, with the lies that zipfile would not write."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

WHEN = (2024, 1, 2, 3, 4, 6)


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def written(path: Path, data: bytes) -> Path:
    """`path`, holding `data`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def claiming_encryption(data: bytes) -> bytes:
    """The zip with every member marked as encrypted."""
    return _with_flag(_with_flag(data, b"PK\x03\x04", 6), b"PK\x01\x02", 8)


def _with_flag(data: bytes, magic: bytes, offset: int) -> bytes:
    found = bytearray(data)
    position = found.find(magic)
    while position >= 0:
        found[position + offset] |= 1
        position = found.find(magic, position + 4)
    return bytes(found)


def claiming_sizes(data: bytes, size: int) -> bytes:
    """The zip with another uncompressed size in every header."""
    found = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        position = found.find(magic)
        while position >= 0:
            struct.pack_into("<I", found, position + offset, size)
            position = found.find(magic, position + 4)
    return bytes(found)


def overlapping(content: bytes, count: int) -> bytes:
    """A zip whose `count` entries all point to the same packed bytes (ecosystem.md 1.7)."""
    data = zip_of({"000.csv": content})
    directory = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    entry = data[directory:end]
    entries = [entry.replace(b"000.csv", f"{number:03}.csv".encode()) for number in range(count)]
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, count, count, sum(map(len, entries)))
    return data[:directory] + b"".join(entries) + bytes(tail)
