"""One record of flat texts by name: the row of a table, or what reads like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


class Cells(Mapping[str, str]):
    """A row by column name (lower case, trimmed); a column that the file does not have reads as empty.

    `places`: where among the `texts` each column stands. All rows of a table share it: a dict a row takes long.
    """

    __slots__ = ("_places", "_texts")

    def __init__(self, places: Mapping[str, int], texts: Sequence[str]) -> None:
        self._places = places
        self._texts = texts

    @classmethod
    def named(cls, texts: Mapping[str, str]) -> Cells:
        """A row that is no table's."""
        return cls(places(texts), [*texts.values()])

    def __getitem__(self, name: str) -> str:
        try:
            return self._texts[self._places[name]]
        except KeyError:
            return ""

    def get(self, name: str, default: Any = None, /) -> Any:
        """The text of a column, or `default` where there is none, as of any mapping."""
        return self[name] if name in self._places else default

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"Cells({dict(self)})"


def places(names: Iterable[str]) -> Mapping[str, int]:
    """Where each column of a header stands; the last of several without a name."""
    return {name: place for place, name in enumerate(names)}
