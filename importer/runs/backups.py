"""The account as a file: its ratings and lists, just as the service tells them, which rateport can import again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from importer.services import Service
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.folders import DRAFT, make_private, sweep_drafts, sync


def file_beside(to: Service, now: datetime) -> Path:
    """Where the backup of this moment goes: beside the journal, under a name that is free."""
    folder, name = to.journal.parent / "backups", f"{to.journal.stem}-{now:%Y%m%dT%H%M%SZ}"
    candidates = (folder / (f"{name}.json" if number == 1 else f"{name}-{number}.json") for number in count(1))
    return next(path for path in candidates if not path.exists())


def write_backup(path: Path, rows: Mapping[str, Any]) -> Path:
    """Write the library's rows, readable by the owner alone; the file is whole or not there. A file of that name
    is never replaced. Raises ConfigError when it cannot be written."""
    if path.exists():
        raise ConfigError(f"{path} is there already; name another file.")
    try:
        make_private(path.parent)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=DRAFT)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
                json.dump(rows, stream, ensure_ascii=False)
                stream.flush()
                os.fsync(descriptor)
            Path(draft).replace(path)
            sync(path.parent)
        finally:
            Path(draft).unlink(missing_ok=True)
        sweep_drafts(path.parent, path.name.partition("-")[0])  # of this account, whose lock is held
    except OSError as error:
        raise ConfigError(
            f"{path}: the backup cannot be written: {error.strerror or error}. Nothing was sent. Make room, or "
            "import without one: --no-backup."
        ) from None
    return path
