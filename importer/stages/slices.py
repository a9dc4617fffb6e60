"""The records of a document, a slice after the other, and what they tell of the document as a whole.

A slice is as much as stays in the processor's cache while it is read column by column, which is quicker; a million
records at a time would also fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from importer.vocabulary.records import Rating, Record

ROWS = 500
"""Records of a slice."""

PROFILES = 12
"""How many of their names are listed."""

_PROFILE = itemgetter(Rating._fields.index("profile"))  # the same place in a reject


class Heard:
    """What the records read so far tell of their document."""

    def __init__(self) -> None:
        self.rows = 0
        self._profiles: dict[str, None] = {}
        self._rated = 0  # as long as it matters
        self._shared: tuple[str, ...] = ()

    def listen(self, records: Sequence[Record]) -> None:
        """Take in what the next records tell."""
        self.rows += len(records)
        self._profiles |= dict.fromkeys(filter(None, map(_PROFILE, records)))
        for record in records:
            if self._rated and not self._shared:
                break
            if isinstance(record, Rating):
                kept = self._shared if self._rated else record.notes
                self._shared = tuple(note for note in kept if note in record.notes)
                self._rated += 1

    @property
    def profiles(self) -> tuple[str, ...]:
        """Whose ratings the document holds, where it says so, in the order of their first record."""
        return tuple(self._profiles)

    @property
    def shared_notes(self) -> tuple[str, ...]:
        """What is noted at every rating alike: decisions that hold for the whole document, such as its scale."""
        return self._shared if self._rated > 1 else ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is to be said of the document as a whole: decisions, and whose ratings it holds."""
        people = self.profiles
        if len(people) < 2:
            return self.shared_notes
        return (*self.shared_notes, f"ratings of {len(people)} people, --profile reads one: {listed(people)}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of one document: what it is called, what it was identified as, what it holds and tells."""

    file: str
    digest: str
    source: str
    shape: str
    rank: int
    records: Iterable[Record]
    asks_profile: bool = False
    heard: Heard = field(default_factory=Heard, init=False)

    def slices(self, rows: int, *, by_profile: bool) -> Iterator[list[Record]]:
        """The records in their order, after they have been listened to. All at once where it must be known whose
        ratings the document holds (`by_profile`, or where its shape asks for that)."""
        left = iter(self.records)
        while records := list(left if by_profile or self.asks_profile else islice(left, rows)):
            self.heard.listen(records)
            yield records


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - PROFILES} more" if len(names) > PROFILES else ""
    return f"{', '.join(names[:PROFILES])}{more}"
