"""The frame as bytes and back, so that a journal can hold a plan without knowing what is in it."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

import pandas as pd

from importer.stages import frame as frames
from importer.vocabulary.errors import BalanceError

_LEVEL = 1  # rows of exports are much alike: more effort wins little


def packed(frame: pd.DataFrame) -> bytes:
    """The frame, every value of it; columns without any value take no room."""
    columns = {name: _plain(frames.column(frame, name)) for name in frames.COLUMNS}
    held = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    text = json.dumps({"rows": len(frame), "columns": held}, ensure_ascii=True, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


def unpacked(data: bytes) -> pd.DataFrame:
    """The frame that was packed. Raises ValueError for anything else."""
    try:
        held = json.loads(zlib.decompress(data))
        nothing = [None] * held["rows"]
        columns = {name: held["columns"].get(name, nothing) for name in frames.COLUMNS}
        columns["rated_at"] = [at and datetime.fromisoformat(at) for at in columns["rated_at"]]
        return frames.build(columns)
    except (zlib.error, KeyError, TypeError, BalanceError) as error:
        raise ValueError(f"not a packed frame: {error}") from None


def _plain(values: list[Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]
