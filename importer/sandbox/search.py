"""Free-text search over the titles of the catalogue (simkl-api.md 8.3).

A query is a title, a title with a year behind it, or the address of a page that shows one. A title is found when
it holds at least half of the words; the more of them and the fewer others, the further up it stands.
"""

from __future__ import annotations

import re
from typing import Any

from importer.sandbox.catalogue import Catalogue
from importer.sandbox.titles import Title
from importer.vocabulary.sends import Section

PAGES, LIMITS, USUAL_LIMIT = (1, 20), (1, 50), 10

_ALL = (Section.MOVIES, Section.SHOWS)
_LINKS: tuple[tuple[re.Pattern[str], str, tuple[Section, ...]], ...] = (
    (re.compile(r"//(?:www\.|m\.)?imdb\.com/title/(tt\d+)"), "imdb", _ALL),
    (re.compile(r"//(?:www\.)?themoviedb\.org/movie/(\d+)"), "tmdb", (Section.MOVIES,)),
    (re.compile(r"//(?:www\.)?themoviedb\.org/tv/(\d+)"), "tmdb", (Section.SHOWS,)),
    (re.compile(r"//(?:www\.)?letterboxd\.com/film/([\w-]+)"), "letterboxd", (Section.MOVIES,)),
    (re.compile(r"//(?:www\.)?myanimelist\.net/anime/(\d+)"), "mal", (Section.ANIME,)),
    (re.compile(r"//(?:www\.)?anidb\.net/anime/(\d+)"), "anidb", (Section.ANIME,)),
    (re.compile(r"//(?:www\.)?anilist\.co/anime/(\d+)"), "anilist", (Section.ANIME,)),
    (re.compile(r"//(?:www\.)?simkl\.com/(?:movies|tv|anime)/(\d+)"), "simkl", _ALL),
)
_YEAR = re.compile(r"(.*\S)\s+\(?([12]\d{3})\)?", re.DOTALL)


def search(catalogue: Catalogue, section: Section, query: str) -> list[Title]:
    """The titles that `query` finds, best first; an address finds its title in whichever section it is."""
    if "//" in query:
        return _behind(catalogue, query)
    with_year = _YEAR.fullmatch(query.strip())
    text, year = (with_year[1], int(with_year[2])) if with_year else (query, None)
    wanted = _words(text)
    ranked = []
    for title in catalogue.named(section):
        words = _words(title.shown_name)
        shared = len(wanted & words)
        if shared and shared * 2 >= len(wanted):
            ranked.append(((year not in (None, title.year), -shared, len(words - wanted), title.simkl), title))
    return [title for _, title in sorted(ranked, key=lambda entry: entry[0])]


def _behind(catalogue: Catalogue, address: str) -> list[Title]:
    for pattern, space, sections in _LINKS:
        match = pattern.search(address)
        if match:
            item: dict[str, Any] = {"ids": {space: match[1]}}
            found = (catalogue.find(section, item) for section in sections)
            return [title for title in found if title is not None]
    return []


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def clamped(text: str | None, usual: int, bounds: tuple[int, int]) -> int:
    """A number from a query, moved silently into its bounds; `usual` where there is none."""
    if text is None or not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        return usual
    return min(max(int(text), bounds[0]), bounds[1])
