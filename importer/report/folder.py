"""Which folder a report goes in: never one in which it would overwrite what is read as input."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Collection, Iterable
from itertools import count
from pathlib import Path

from importer.vocabulary.errors import ConfigError
from importer.vocabulary.folders import REPORT

NAME = "rateport-report"


def fresh_folder(where: Path) -> Path:
    """The first of rateport-report, rateport-report-2, ... that is not there yet.

    Raises ConfigError where none can be made, because `where` was removed.
    """
    candidates = (where / (NAME if number == 1 else f"{NAME}-{number}") for number in count(1))
    try:
        where.resolve(strict=True)
        return next(folder for folder in candidates if not folder.exists())
    except OSError as error:
        raise ConfigError(
            f"The report cannot be written to the folder you are in: {error.strerror}; name a folder with -o."
        ) from None


def guard_inputs(paths: Collection[Path], folder: Path) -> None:
    """Raise ConfigError when a named input is the report folder or lies in it, such as an edited leftovers.csv."""
    for path in paths:
        above = path / ".." if path.is_dir() else path.parent
        if _is_same(path, folder) or _is_same(above, folder):
            raise _overwritten(path, folder)
    guard_found(paths, folder)


def guard_found(files: Iterable[Path], folder: Path) -> None:
    """Raise ConfigError when a file that was read, by whatever way, is one that the report would replace."""
    for file in files:
        if any(_is_same(file, folder / name) for name in REPORT):
            raise _overwritten(file, folder)


def _overwritten(file: Path, folder: Path) -> ConfigError:
    return ConfigError(
        f"{file} lies in the report folder {folder} and would be overwritten; name another folder with -o."
    )


def _is_same(one: Path, other: Path) -> bool:
    """Whether both name one place, in whatever letters and by whatever links."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def ensure_writable(folder: Path) -> None:
    """Make the report folder now, and see that a report can be written there, before anything is sent.

    Raises ConfigError when it cannot.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        for name in REPORT:
            if (folder / name).is_dir() and not (folder / name).is_symlink():
                raise IsADirectoryError(errno.EISDIR, f"{name} is a folder there")
    except OSError as error:
        raise ConfigError(
            f"The report cannot be written to {folder}: {error.strerror}. Nothing was sent; name another with -o."
        ) from None
