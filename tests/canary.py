"""Tokens as canaries: where they must not sing, and what looks for them there."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "canary-3f9a71"
"""The access token of whoever is signed in in a test; all that a test run writes and prints is searched for it."""
UNPRINTED = (TOKEN, "simkl_at_CANARY", "simkl_rt_CANARY")
"""What no test prints: those of `tests.simkl` lie in files of sign-ins, where they belong."""


@contextmanager
def searched_folder(where: Path | None = None) -> Iterator[Path]:
    """A folder for a while, searched for the token before it vanishes."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        yield Path(folder)
        telling = singing(Path(folder), {TOKEN})
        assert not telling, telling


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
