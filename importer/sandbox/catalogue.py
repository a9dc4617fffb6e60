"""What the stand-in knows of titles, and how a request item finds one (simkl-api.md 14.13).

Ids are tried in the order simkl, imdb, tmdb, tvdb, anime ids, slugs; then title with year; then the bare title. The
first hit wins, conflicting ids go unnoticed. The array decides whether a tmdb number or Trakt slug means a
movie or a show. `movies[]` finds movies, `shows[]` and `anime[]` find shows and anime alike, anime films included;
tvdb and the anime ids name no movies, letterboxd and netflix no shows, hulu and crunchyroll only episodes (4.1).

**Strict catalogue:** the titles of `fixture.TITLES` and no others.

**Open catalogue:** every well-formed id is a title, the same one each time. What an item carries beside it (other
ids, title and year) belongs to that title from then on, as a real catalogue would have known. An item with a
title and year that fit a known title joins it unless the two differ in an id of one space. Not found are: an
id whose digits end in 999999 (tt9999999, tmdb 999999999), a slug that begins with `unknown`, an item without ids
whose title begins with `Unknown`, an id of the other family, and an id that is not written as its space writes.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from importer.sandbox.database import Database
from importer.sandbox.titles import NO_WORD, IdKey, Title, Wanted, family_of, name_key, title_of, wanted_by
from importer.vocabulary.sends import Section

_FIRST_INVENTED = 100_000_000
_INVENTED = 900_000_000
_ONE_EPISODE_IN = 12


class Catalogue:
    """The titles in the database; `resolve` must run inside a writing transaction, as it may add to them."""

    def __init__(self, database: Database, *, is_open: bool) -> None:
        self._database = database
        self._is_open = is_open

    def resolve(self, section: Section, item: Mapping[str, Any]) -> Title | None:
        """The title that `item`, standing in the array `section`, means; None when it is not found."""
        wanted = wanted_by(section, item)
        title = self._known(wanted)
        if not self._is_open:
            return title
        title = title or self._invented(wanted)
        return title and self._taught(title, wanted)

    def find(self, section: Section, item: Mapping[str, Any]) -> Title | None:
        """As `resolve`, but only titles that are already there, and nothing is learnt from `item`."""
        return self._known(wanted_by(section, item))

    def numbered(self, simkl: int) -> Title | None:
        """The title of this number, or the one into which it was merged."""
        return self._by_id(IdKey("simkl", "", str(simkl)))

    def named(self, section: Section) -> list[Title]:
        """The titles of one section whose names are known, by simkl number."""
        rows = self._database.execute(
            "SELECT * FROM titles WHERE section = ? AND name IS NOT NULL ORDER BY simkl", (section.value,)
        )
        return [title_of(row) for row in rows]

    def ids_of(self, title: Title) -> dict[str, str]:
        """The first id of each space, without the simkl number."""
        rows = self._database.execute(
            "SELECT space, id, min(position) AS first FROM ids WHERE simkl = ? AND space != 'simkl'"
            " GROUP BY space ORDER BY first",
            (title.simkl,),
        )
        return {row["space"]: row["id"] for row in rows}

    def _known(self, wanted: Wanted) -> Title | None:
        for key in wanted.keys:
            title = self._by_id(key)
            if title is not None and family_of(title.section) == wanted.family:
                return title
        return self._by_name(wanted)

    def _by_id(self, key: IdKey) -> Title | None:
        rows = self._database.execute(
            "SELECT titles.* FROM ids JOIN titles USING (simkl) WHERE space = ? AND scope = ? AND id = ?"
            " ORDER BY position LIMIT 1",
            key,
        )
        return title_of(rows[0]) if rows else None

    def _by_name(self, wanted: Wanted) -> Title | None:
        if not wanted.name or (self._is_open and _is_no_name(wanted.name)):
            return None
        rows = self._database.execute(
            "SELECT * FROM titles WHERE name_key = ? AND family = ? ORDER BY simkl",
            (name_key(wanted.name), wanted.family),
        )
        titles = [title_of(row) for row in rows]
        fitting = [title for title in titles if wanted.year in (None, title.year)]
        if self._is_open:
            return next((title for title in fitting if not self._differs(title, wanted)), None)
        return next(iter(fitting or titles), None)  # the bare title comes last, even if the year is wrong

    def _differs(self, title: Title, wanted: Wanted) -> bool:
        return bool(self._spaces_of(title).intersection(key.space for key in wanted.keys))

    def _spaces_of(self, title: Title) -> set[str]:
        return {row[0] for row in self._database.execute("SELECT space FROM ids WHERE simkl = ?", (title.simkl,))}

    def _invented(self, wanted: Wanted) -> Title | None:
        if any(self._by_id(key) is not None for key in wanted.keys):
            return None  # it is a title of the other family
        if not wanted.keys and (not wanted.name or wanted.names_nothing or _is_no_name(wanted.name)):
            return None
        seed = wanted.keys[0] if wanted.keys else ("title", wanted.family, f"{name_key(wanted.name)} {wanted.year}")
        digest = int.from_bytes(hashlib.sha256("\n".join(seed).encode()).digest()[:8], "big")
        simkl = int(seed[2]) if seed[0] == "simkl" else self._free_number(_FIRST_INVENTED + digest % _INVENTED)
        is_movie = wanted.section is Section.MOVIES
        single = digest % _ONE_EPISODE_IN == 0
        title = Title(
            simkl=simkl,
            section=Section.SHOWS if wanted.section is Section.ANIME else wanted.section,
            name=None,
            year=None,
            episodes=None if is_movie else 1 if single else 2 + digest % 60,
            anime_type=None,
        )
        self.add(title, (IdKey("simkl", "", str(simkl)),))
        return title

    def _free_number(self, simkl: int) -> int:
        while self._database.execute("SELECT 1 FROM titles WHERE simkl = ?", (simkl,)):
            simkl += 1
        return simkl

    def _taught(self, title: Title, wanted: Wanted) -> Title:
        known = self._spaces_of(title)
        for key in wanted.keys:
            if key.space not in known and self._by_id(key) is None:
                self._add_id(title.simkl, key)
        name, year = title.name, title.year
        if name is None and wanted.name:
            name, year = wanted.name, wanted.year
        turns_anime = wanted.is_anime and title.section is Section.SHOWS
        section = Section.ANIME if turns_anime else title.section
        anime_type = ("movie" if title.episodes == 1 else "tv") if turns_anime else title.anime_type
        taught = dataclasses.replace(title, section=section, name=name, year=year, anime_type=anime_type)
        if taught != title:
            self._database.execute(
                "UPDATE titles SET section = ?, name = ?, name_key = ?, year = ?, anime_type = ? WHERE simkl = ?",
                (section.value, name, name and name_key(name), year, anime_type, title.simkl),
            )
        return taught

    def add(self, title: Title, keys: tuple[IdKey, ...]) -> None:
        """Enter a title; of several titles with one id, the first entered is the one that the id finds."""
        self._database.execute(
            "INSERT INTO titles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                title.simkl,
                title.section.value,
                family_of(title.section),
                title.name,
                title.name and name_key(title.name),
                title.year,
                title.episodes,
                title.anime_type,
                title.aired,
            ),
        )
        for key in keys:
            self._add_id(title.simkl, key)

    def _add_id(self, simkl: int, key: IdKey) -> None:
        self._database.execute("INSERT INTO ids (space, scope, id, simkl) VALUES (?, ?, ?, ?)", (*key, simkl))

    def holds(self, simkl: int) -> bool:
        """Whether there is a title of this number."""
        return bool(self._database.execute("SELECT 1 FROM titles WHERE simkl = ?", (simkl,)))


def _is_no_name(name: str) -> bool:
    return name_key(name).startswith(NO_WORD)
