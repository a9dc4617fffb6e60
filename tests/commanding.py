"""The command line as a process of its own, with a home folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def run(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None, *, answer: str | None = None
) -> subprocess.CompletedProcess[str]:
    """`rateport ARGUMENTS` in `folder`; `answer` is typed where it asks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RATEPORT_")}
    return subprocess.run(
        [sys.executable, "-m", "importer", *arguments],
        env={**kept, "RATEPORT_HOME": str(folder / "home"), "COLUMNS": "100", **(variables or {})},
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )
