"""Which folder a report goes in: never one in which it would overwrite what was named as input."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from importer.vocabulary.errors import ConfigError

NAME = "rateport-report"


def fresh_folder(where: Path) -> Path:
    """The first of rateport-report, rateport-report-2, ... that is not there yet."""
    candidates = (where / (NAME if number == 1 else f"{NAME}-{number}") for number in count(1))
    return next(folder for folder in candidates if not folder.exists())


def guard_inputs(paths: Iterable[Path], folder: Path) -> None:
    """Raise ConfigError when a named input lies in the report folder, such as an edited leftovers.csv."""
    for path in paths:
        if folder.resolve() in (path.resolve(), path.resolve().parent):
            raise ConfigError(
                f"{path} lies in the report folder {folder} and would be overwritten; name another folder with -o."
            )


def ensure_writable(folder: Path) -> None:
    """Make the report folder now, and see that a file can be written there, before anything is sent.

    Raises ConfigError when it cannot.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(
            f"The report cannot be written to {folder}: {error.strerror}. Nothing was sent; name another with -o."
        ) from None
