"""A sample taken apart, so that a test can change one place and write the whole again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from importer.adapter import Record


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of one record: `name` is its column or key, `where` says to a person where it is, `text` is what
    it holds. `put` writes another value there; `extra_junk` are values that only this medium can hold."""

    name: str
    where: str
    text: str
    put: Callable[[Any], None]
    held: Any
    extra_junk: tuple[Any, ...] = ()

    @contextmanager
    def holding(self, value: Any) -> Iterator[None]:
        """The place holds `value` for a while."""
        self.put(value)
        try:
            yield
        finally:
            self.put(self.held)


class Specimen(Protocol):
    """A document taken apart by code that shares nothing with the readers."""

    def text(self) -> str:
        """The document written again from its parts."""
        ...

    def slots(self, record: Record) -> list[Slot]:
        """The places that `record` was read from; none for a record that is built unlike its header."""
        ...

    def count_fault(self, records: Sequence[Record]) -> str:
        """Why `records` cannot be one for each data record of the document; empty when they can."""
        ...

    def variants(self) -> Iterator[tuple[str, str]]:
        """The document written in other ways that mean the same, by the name of the check."""
        ...

    def without(self, mark: str) -> str | None:
        """The document with `mark` under another name; None where a mark has no name of its own."""
        ...

    def bare(self) -> str:
        """The document with its header, or its outermost brackets, and no record."""
        ...
