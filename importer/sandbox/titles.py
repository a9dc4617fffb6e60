"""What a title is, and what a request item says of the title that it means (simkl-api.md 4.1 and 14.13)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from importer.vocabulary import ids as id_spaces
from importer.vocabulary.sends import Section

_MOVIE_SPACES = ("simkl", "imdb", "tmdb", "letterboxd", "traktslug", "netflix")
_SHOW_SPACES = ("simkl", "imdb", "tmdb", "tvdb", *id_spaces.ANIME_NATIVE, "traktslug")
_TVDB_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*[a-z-][a-z0-9-]*", re.ASCII)

NO_WORD = "unknown"
_NO_DIGITS = "999999"


class IdKey(NamedTuple):
    """One id as the catalogue files it; `scope` parts spaces that number movies and shows apart."""

    space: str
    scope: str
    id: str


@dataclass(frozen=True, slots=True)
class Title:
    """One work; `name` is None while nobody has told the open catalogue."""

    simkl: int
    section: Section
    name: str | None
    year: int | None
    episodes: int | None
    anime_type: str | None
    aired: int | None = None
    """How many of the episodes have aired; None: all of them, and no more will come."""

    def aired_in(self, year: int) -> int:
        """How many episodes there are to watch in `year`: none of a title of a later year."""
        if not self.is_released(year):
            return 0
        return (self.episodes or 0) if self.aired is None else self.aired

    def is_released(self, year: int) -> bool:
        """Whether it can be watched in `year`."""
        return self.year is None or self.year <= year

    @property
    def slug(self) -> str:
        """The name as it stands in addresses."""
        return "-".join("".join(char if char.isalnum() else " " for char in name_key(self.shown_name)).split())

    @property
    def shown_name(self) -> str:
        """The name, invented where none is known."""
        return self.name or f"{self.section.value.removesuffix('s').capitalize()} {self.simkl}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request item says of the title it means."""

    section: Section
    keys: tuple[IdKey, ...]
    name: str
    year: int | None
    names_nothing: bool
    """Whether one of its ids is of those that no catalogue holds."""

    @property
    def family(self) -> str:
        """The half of the catalogue in which to look."""
        return family_of(self.section)

    @property
    def is_anime(self) -> bool:
        """Whether array or ids say that it is anime."""
        return self.section is Section.ANIME or any(key.space in id_spaces.ANIME_NATIVE for key in self.keys)


def family_of(section: Section) -> str:
    """The half of the catalogue to which a section belongs."""
    return "movie" if section is Section.MOVIES else "tv"


def scope_of(space: str, family: str) -> str:
    """The scope under which ids of `space` are filed."""
    return family if space in id_spaces.PER_KIND else ""


def name_key(name: str) -> str:
    """A name as titles are compared: without regard to case and spacing."""
    return " ".join(name.casefold().split())


def wanted_by(section: Section, item: Mapping[str, Any]) -> Wanted:
    """What `item` asks for; ids of other spaces and ids that are none are left out."""
    ids = item.get("ids")
    family = family_of(section)
    keys = []
    names_nothing = False
    for space in _MOVIE_SPACES if section is Section.MOVIES else _SHOW_SPACES:
        text = _canonical(space, ids.get(space)) if isinstance(ids, dict) else None
        if text is None:
            continue
        if text.endswith(_NO_DIGITS) or text.startswith(NO_WORD):
            names_nothing = True
            continue
        keys.append(IdKey(space, scope_of(space, family), text))
    title = item.get("title")
    name = title.strip() if isinstance(title, str) else ""
    return Wanted(section, tuple(keys), name, _year(item.get("year")), names_nothing)


def _canonical(space: str, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value)
    if space == "tvdb" and _TVDB_SLUG.fullmatch(text):
        return text
    return id_spaces.canonical(space, text)


def _year(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if re.fullmatch(r"[12]\d{3}", text, re.ASCII) else None


def title_of(row: sqlite3.Row) -> Title:
    """The title in a row that holds the columns of `titles`."""
    return Title(
        simkl=row["simkl"],
        section=Section(row["section"]),
        name=row["name"],
        year=row["year"],
        episodes=row["episodes"],
        anime_type=row["anime_type"],
        aired=row["aired"],
    )
