"""Folders for what is nobody else's business."""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make `folder` and every missing one above it for its owner alone, which mkdir does only for the last one.

    Raises OSError when it cannot be made.
    """
    if not folder.is_dir():
        if folder.parent != folder:
            make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
