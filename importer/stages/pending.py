"""The pending rows of the frame, column by column: most rows stand alone, and building a value for each of them
only to find that out would cost more than all else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from importer.stages import frame as frames
from importer.stages.join import Candidate, folded, keys_of, title_key
from importer.vocabulary.ids import ANIME_NATIVE, PER_KIND, SENDABLE, SPACES
from importer.vocabulary.outcomes import Outcome

_BESIDE_NATIVE = frozenset({*ANIME_NATIVE, "simkl"})


class _Columns(dict[str, list[Any]]):
    """The columns of some rows as Python values, each taken out when it is first asked for: most never are."""

    def __init__(self, frame: pd.DataFrame, rows: pd.Series[bool]) -> None:
        super().__init__()
        self._frame = frame
        self._rows = rows

    def __missing__(self, name: str) -> list[Any]:
        values = self[name] = frames.values(self._frame.loc[self._rows, name], name)
        return values


class PendingRows:
    """The rows of `frame` that are still pending, or the `chosen` ones, by position among themselves; `places` are
    those in the frame."""

    def __init__(self, frame: pd.DataFrame, chosen: pd.Series[bool] | None = None) -> None:
        pending = frame["outcome"] == Outcome.PENDING.value if chosen is None else chosen
        self.places: list[int] = frame.index[pending].tolist()
        self._is_undated: list[bool] = frame.loc[pending, "rated_at"].isna().tolist()
        self._facts = _Columns(frame, pending)
        self._ids: dict[str, list[str | None]] = {
            space: self._facts[f"id_{space}"] for space in SPACES if frame[f"id_{space}"].notna().any()
        }

    def __len__(self) -> int:
        return len(self.places)

    def candidate(self, position: int) -> Candidate:
        """One row, with all it holds."""
        facts = self._facts
        ids = {space: value for space, values in self._ids.items() if (value := values[position]) is not None}
        return Candidate(
            place=self.places[position],
            row_id=facts["row_id"][position],
            source=facts["source"][position],
            rank=facts["rank"][position],
            kind=facts["kind"][position],
            anime=facts["anime"][position],
            title=facts["title"][position],
            year=facts["year"][position],
            ids=ids,
            rating=facts["rating"][position],
            rated_at=facts["rated_at"][position],
            line=facts["line"][position],
            file=facts["file"][position],
            is_kind_sure=facts["kind_sure"][position],
        )

    def crowded(self) -> list[int]:
        """Positions of rows that share an id, or a title and year without ids, with another row."""
        found: set[int] = set()
        for space, values in self._ids.items():
            if space in PER_KIND:
                kinds = self._facts["kind"]
                keys = [value and (kind, value) for kind, value in zip(kinds, values, strict=True)]
                _add_twins(found, keys)
            else:
                _add_twins(found, values)
        bare = self._bare
        if any(bare):
            titles, years = self._facts["title"], self._facts["year"]
            _add_twins(
                found,
                [
                    (folded(title), year) if is_bare and title and year else None
                    for title, year, is_bare in zip(titles, years, bare, strict=True)
                ],
            )
        return sorted(found)

    def own_keys(self) -> Iterator[str]:
        """The title key of each row by itself."""
        spaces = [(space, values) for space, values in self._ids.items() if space not in PER_KIND]
        if len(self._ids) == len(spaces) == 1:  # one id space, as in exports of IMDb: no need to look further
            space, values = spaces[0]
            for position, value in enumerate(values):
                yield f"{space}:{value}" if value is not None else self._own_key(position)
        else:
            yield from map(self._own_key, range(len(self)))

    def is_undated(self) -> list[bool]:
        """Whether each row has no date."""
        return self._is_undated

    def intricate(self) -> list[int]:
        """Positions of rows of which not simply every id goes: without ids, or native and franchise ids mixed."""
        native = self._holds(ANIME_NATIVE)
        mixed = self._holds([space for space in SENDABLE if space not in _BESIDE_NATIVE])
        return [
            position
            for position, (is_bare, is_native, is_mixed) in enumerate(zip(self._bare, native, mixed, strict=True))
            if is_bare or (is_native and is_mixed)
        ]

    def namesakes(self) -> dict[int, int]:
        """Rows without ids, by position, with the first row of the same title, year and kind that has one."""
        bare = self._bare
        if all(bare) or not any(bare):
            return {}
        facts = zip(self._facts["title"], self._facts["year"], self._facts["kind"], strict=True)
        names = [(folded(title), year, kind) if title and year else None for title, year, kind in facts]
        first: dict[Any, int] = {}
        for position, (name, is_bare) in enumerate(zip(names, bare, strict=True)):
            if name and not is_bare:
                first.setdefault(name, position)
        return {
            position: first[name]
            for position, (name, is_bare) in enumerate(zip(names, bare, strict=True))
            if is_bare and name in first
        }

    def _own_key(self, position: int) -> str:
        row = self.candidate(position)
        return title_key(keys_of(row), row.row_id)

    @cached_property
    def _bare(self) -> list[bool]:
        return [not holds for holds in self._holds(SENDABLE)]

    def _holds(self, spaces: Sequence[str]) -> list[bool]:
        """Whether each row has an id of one of `spaces`."""
        found = [False] * len(self)
        for space in spaces:
            if space in self._ids:
                found = [held or value is not None for held, value in zip(found, self._ids[space], strict=True)]
        return found


def _add_twins(found: set[int], keys: Sequence[Any]) -> None:
    held = [key for key in keys if key is not None]
    if len(set(held)) == len(held):
        return
    first: dict[Any, int] = {}
    for position, key in enumerate(keys):
        if key is not None and (other := first.setdefault(key, position)) != position:
            found.update((position, other))
