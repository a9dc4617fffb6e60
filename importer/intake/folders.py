"""What lies below a named folder: files to read, those left aside with the reason, and what cannot be listed."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from importer.vocabulary.folders import OUTCOMES, REPORT, SUMMARY

LINK = "a link; name it itself to have it read."
REPEATED = "a report of rateport, which repeats rows of the exports; name it itself to have it read."

_HIDDEN_FOLDERS = frozenset({"__MACOSX"})


@dataclass(slots=True)
class Below:
    """What was found below a folder, in no order."""

    files: list[Path] = field(default_factory=list)
    aside: dict[Path, str] = field(default_factory=dict)
    unlisted: list[OSError] = field(default_factory=list)


def below(folder: Path) -> Below:
    """Every file below `folder` but hidden ones; links and rateport's own reports are left aside. Raises OSError
    when `folder` itself cannot be listed."""
    found = Below()
    for where, folders, names in os.walk(folder, onerror=found.unlisted.append):
        here = Path(where)
        folders[:] = [name for name in folders if not is_hidden((name,))]
        repeated = REPORT if here != folder and _is_report(names) else ()
        found.aside |= {here / name: LINK for name in folders if (here / name).is_symlink()}
        for name in names:
            if not is_hidden((name,)):
                _add(found, here / name, is_repeated=name in repeated)
    for error in found.unlisted:
        if Path(error.filename) == folder:
            raise error
    return found


def _add(found: Below, file: Path, *, is_repeated: bool) -> None:
    if file.is_symlink():
        found.aside[file] = LINK
    elif is_repeated:
        found.aside[file] = REPEATED
    elif file.is_file():
        found.files.append(file)


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether a path leads through what systems keep out of sight."""
    return any((part.startswith(".") and part != "..") or part in _HIDDEN_FOLDERS for part in parts)


def _is_report(names: Collection[str]) -> bool:
    """A folder with the first and the last file of a report."""
    return OUTCOMES in names and SUMMARY in names
