"""Folders for what is nobody else's business, the files of a report, and the drafts of files."""

from __future__ import annotations

import errno
import glob
import os
from contextlib import suppress
from pathlib import Path

REPORT = OUTCOMES, LEFTOVERS, SUMMARY = ("outcomes.csv", "leftovers.csv", "summary.json")
"""The files of a report folder, in the order in which they are written."""

DRAFT = ".rateport-draft"
"""How the name of a file ends that is not whole yet."""


def make_private(folder: Path) -> None:
    """Make `folder` and every missing one above it for its owner alone, which mkdir does only for the last one.

    Raises OSError when it cannot be made.
    """
    if not folder.is_dir():
        if folder.parent != folder:
            make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync(folder: Path) -> None:
    """Make what was renamed in `folder` outlast a power cut. Raises OSError where the disk fails."""
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # network drives know no sync of folders
            raise
    finally:
        os.close(descriptor)


def sweep_drafts(folder: Path, name: str) -> None:
    """Remove the hidden drafts of files whose name begins with `name`: those that a killed run has left behind."""
    for draft in folder.glob(f".{glob.escape(name)}*{DRAFT}"):
        with suppress(OSError):
            draft.unlink(missing_ok=True)
