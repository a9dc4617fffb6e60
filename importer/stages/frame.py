"""The normalized frame: fixed columns, nullable types, checked wherever it passes from stage to stage.

pandas holds and counts; it never groups or joins by id, because it takes missing ids for equal
(style.md 5.4). Values leave the frame through `column`, as plain Python values.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from importer.vocabulary.errors import BalanceError
from importer.vocabulary.ids import SPACES
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime, Kind

Frame = pd.DataFrame
"""For those who hand a frame on without looking inside."""

TEXT = pd.StringDtype("python", na_value=pd.NA)  # the same engine whether or not pyarrow is installed
NUMBER = pd.Int64Dtype()
FLAG = pd.BooleanDtype()
INSTANT = pd.DatetimeTZDtype("us", "UTC")

ID_COLUMNS = tuple(f"id_{space}" for space in SPACES)

COLUMNS: Mapping[str, Any] = {
    "row_id": TEXT,
    "title_key": TEXT,
    "source": TEXT,
    "shape": TEXT,
    "rank": NUMBER,
    "file": TEXT,
    "line": NUMBER,
    "kind": TEXT,
    "kind_sure": FLAG,
    "anime": TEXT,
    "season": NUMBER,
    "episode": NUMBER,
    "ids_name_show": FLAG,
    "title": TEXT,
    "year": NUMBER,
    **dict.fromkeys(ID_COLUMNS, TEXT),
    "ids_from": TEXT,
    "score_text": TEXT,
    "scale": TEXT,
    "rating": NUMBER,
    "rated_at": INSTANT,
    "rated_precision": TEXT,
    "rated_from": TEXT,
    "stand_in": FLAG,
    "outcome": TEXT,
    "code": TEXT,
    "detail": TEXT,
}
"""Every column and its type, in order. `rated_at` is UTC; `rated_from` names the column a date came from."""

_FEW = frozenset({"rated_at", "code", "detail"})
"""Columns that take long to make of a list, and in most exports hold few values, many times each."""

_EACH = 2  # times that a value must be there, so that to count them first is worth the while

_ALLOWED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "anime": frozenset(Anime),
    "outcome": frozenset(Outcome),
    "code": frozenset(Code),
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A column in which many rows have one value: each value once, and the place of every row's among them."""

    values: Sequence[Any]
    places: array[int]


Column = Sequence[Any] | Shared


def shared(fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Column]:
    """The columns of `rows`, many of which are one and the same object; far quicker than each for itself."""
    identities = list(map(id, rows))
    distinct = dict(zip(identities, rows, strict=True))
    numbers = {identity: number for number, identity in enumerate(distinct)}
    places = array("q", map(numbers.__getitem__, identities))
    columns = zip(fields, zip(*distinct.values(), strict=True), strict=True)
    return {name: Shared(values, places) for name, values in columns}


def build(columns: Mapping[str, Column]) -> pd.DataFrame:
    """A checked frame from one list per column (None where a value is missing)."""
    for name, allowed in _ALLOWED.items():
        _check_allowed(name, set(_values(columns[name])) - allowed - {None})
    row_ids = columns["row_id"]
    assert not isinstance(row_ids, Shared)  # every row has its own
    _check_unique(row_ids)
    frame = pd.DataFrame({name: _series(name, columns[name]) for name in COLUMNS}, copy=False)
    return checked(frame, ("rating",))


def one_below_the_other(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One checked frame of several, which are taken apart on the way: both would need twice the room."""
    if len(parts) < 2:
        return parts[0] if parts else build(dict.fromkeys(COLUMNS, ()))
    columns = [{name: part[name] for name in COLUMNS} for part in parts]
    parts.clear()
    return checked(
        pd.DataFrame({name: _joined([part.pop(name) for part in columns]) for name in COLUMNS}, copy=False),
        ("row_id",),
    )


def _values(column: Column) -> Sequence[Any]:
    return column.values if isinstance(column, Shared) else column


def _joined(pieces: list[Any]) -> Any:
    return pd.concat(pieces, ignore_index=True)


def replaced(frame: pd.DataFrame, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """A checked copy of `frame` in which the named columns hold the given values."""
    fresh = frame.assign(**{name: _series(name, values) for name, values in columns.items()})
    return checked(fresh, columns)


def _series(name: str, column: Column) -> Any:
    dtype, values = COLUMNS[name], _values(column)
    if isinstance(column, Shared):
        return pd.Series(pd.array(values, dtype=dtype).take(column.places))
    if values and values[0] == values[-1] and values.count(values[0]) == len(values):
        # one for all rows, as the source is, and far quicker than a list of it
        return pd.Series(pd.array([values[0]], dtype=dtype).repeat(len(values)))
    if name in _FEW:
        distinct: dict[Any, int] = {}
        places = [distinct.setdefault(value, len(distinct)) for value in values]
        if distinct and len(distinct) <= len(values) // _EACH:
            return pd.Series(pd.array([*distinct], dtype=dtype).take(places))
    return pd.Series(list(values), dtype=dtype)


def column(frame: pd.DataFrame, name: str) -> list[Any]:
    """The values of a column as Python values, None where missing."""
    return values(frame[name], name)


def values(series: pd.Series[Any], name: str) -> list[Any]:
    """The values of a column, or of a part of it, as `column` gives them."""
    if COLUMNS[name] is INSTANT:
        moments = pd.DatetimeIndex(series).to_pydatetime()
        return [None if moment is pd.NaT else moment for moment in moments]
    missing = series.isna()
    if not missing.any():
        return series.tolist()
    return [None if gap else value for value, gap in zip(series.tolist(), missing.tolist(), strict=True)]


def checked(frame: pd.DataFrame, touched: Collection[str] = COLUMNS.keys()) -> pd.DataFrame:
    """`frame`, when the columns that were `touched` keep their promises; BalanceError when a stage broke one."""
    if list(frame.columns) != list(COLUMNS):
        strange = sorted(set(frame.columns) ^ set(COLUMNS))
        raise BalanceError(f"The frame has other columns than promised: {strange}.")
    for name, dtype in COLUMNS.items():
        if frame[name].dtype != dtype:
            raise BalanceError(f"The frame's column {name} is {frame[name].dtype}, not {dtype}.")
    for name in _ALLOWED.keys() & set(touched):
        _check_allowed(name, set(frame[name].dropna().unique()) - _ALLOWED[name])
    if "rating" in touched and not frame["rating"].dropna().between(1, 10).all():
        raise BalanceError("The frame holds a rating outside 1 to 10.")
    if "row_id" in touched:
        _check_unique(column(frame, "row_id"))
    return frame


def _check_unique(row_ids: Sequence[str]) -> None:
    if len(set(row_ids)) < len(row_ids):
        raise BalanceError("Two rows of the frame have one row_id.")


def _check_allowed(name: str, unknown: set[Any]) -> None:
    if unknown:
        raise BalanceError(f"The frame's column {name} holds {sorted(unknown)}.")


def check_balance(frame: pd.DataFrame, records_read: int) -> dict[str, int]:
    """How many rows ended in each outcome. Raises BalanceError unless every record has exactly one."""
    counts = frame["outcome"].value_counts()
    found = {outcome.value: int(counts.get(outcome.value, 0)) for outcome in Outcome}
    if sum(found.values()) != records_read or len(frame) != records_read:
        raise BalanceError(
            f"{records_read} records were read, but {sum(found.values())} have an outcome. "
            "This is a fault in rateport; nothing more was done. Please report it."
        )
    return found
