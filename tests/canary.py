"""Tokens as canaries: where they must not sing, and what looks for them there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

TOKEN = "canary-3f9a71"
"""The access token of tests that run whole commands; the whole test run is searched for it in the end."""


def singing(folder: Path, secrets: Collection[str], *, but: Collection[str] = ()) -> list[Path]:
    """The files below `folder` that hold one of the secrets, by name or inside, but for those named `but`."""
    words = [secret.encode() for secret in secrets]
    return [
        path
        for path in _files(folder)
        if path.name not in but and any(word in bytes(path) or word in _content(path) for word in words)
    ]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # gone, or meant to be unreadable
        return b""
