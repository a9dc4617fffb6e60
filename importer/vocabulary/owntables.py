"""The plain words of tables, and how the words of a person's own table stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from importer.vocabulary.ids import SENDABLE

COLUMNS = ("title", "year", "type", "anime", "rating", "rated_at", "watched_at", "season", "episode", *SENDABLE)
"""What a column of a person's own table can be; `watched_at` is a date that stands in for that of the rating."""

NAMED_TITLES = "named-titles"
"""The shape of a table that names titles and rates none; only removals read it."""

NAMING = frozenset({"title", "year", "type", "kind", "anime", *SENDABLE, *(f"{space}_id" for space in SENDABLE)})
"""All the columns that such a table can have."""

TYPES = ("movie", "show", "anime", "anime movie", "season", "episode")
"""What a word in the type column of a person's own table can mean."""


def plain_word(text: str) -> str:
    """How column names and type words are compared: trimmed, single spaces, any case, and without a byte order mark
    that stands behind another."""
    return " ".join(text.lstrip("\ufeff").split()).casefold()


@dataclass(frozen=True, slots=True)
class OwnTable:
    """What a person says of a table of their own: their name for each plain column, the scale, the form of the
    dates, what their type words mean, and the kind of all rows where no column tells."""

    columns: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    scale: str = "1 to 10"
    date_form: str = "iso"
    kind: str = ""

    def renames(self, header: Iterable[str]) -> dict[str, str]:
        """The plain name of each column of `header`: as the person says, else its own where that is free, else
        none, for a column that nobody named means nothing here."""
        named = {plain_word(own): plain for plain, own in self.columns.items()}
        free = set(COLUMNS) - self.columns.keys()
        return {name: named.get(name, name if name in free else "") for name in header}

    def missing(self, header: Iterable[str]) -> list[str]:
        """The columns that the person names and `header` does not have, as the person wrote them."""
        there = set(header)
        return [own for own in self.columns.values() if plain_word(own) not in there]

    def plain_type(self, text: str) -> str:
        """What a type word of this table means; a word that the person does not name stands for itself."""
        word = plain_word(text)
        return self.types.get(word, word)
