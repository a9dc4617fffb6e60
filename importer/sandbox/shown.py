"""How replies show a title, wherever they do (simkl-api.md 8.2 to 8.4 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importer.sandbox.settings import SandboxSettings
from importer.sandbox.titles import Title
from importer.vocabulary.sends import Section

Shown = dict[str, Any]

PATH_WORDS: Mapping[Section, str] = {Section.MOVIES: "movies", Section.SHOWS: "tv", Section.ANIME: "anime"}
"""The sections as they stand in addresses."""
TYPE_WORDS: Mapping[Section, str] = {Section.MOVIES: "movie", Section.SHOWS: "show", Section.ANIME: "anime"}
"""The sections as items and details name them."""
SIMKL_TYPES: Mapping[Section, str] = {Section.MOVIES: "movie", Section.SHOWS: "tv", Section.ANIME: "anime"}
"""The sections as replies to writes and searches name them."""

_RARE = ("livechart", "anisearch", "animeplanet", "netflix", "hulu", "crunchyroll")


def ids_shown(title: Title, ids: Mapping[str, str], settings: SandboxSettings) -> Shown:
    """The ids of a title: Simkl's own a number, all others text."""
    left_out = () if settings.rare_ids_on_reads else _RARE
    others = {_key_of(space, id): id for space, id in ids.items() if space not in left_out}
    return {"simkl": title.simkl, "slug": title.slug} | others


def _key_of(space: str, id: str) -> str:
    return "tvdbslug" if space == "tvdb" and not id.isdecimal() else space


def found_by_id(title: Title, year: int) -> Shown:
    """A title in the reply of /search/id."""
    shown: Shown = {
        "type": SIMKL_TYPES[title.section],
        "title": title.shown_name,
        "poster": None,
        "year": title.year,
        "status": _status(title, year),
        "ids": {"simkl": title.simkl, "slug": title.slug},
    }
    return shown if title.section is Section.MOVIES else shown | {"total_episodes": title.episodes}


def found_by_text(title: Title, ids: Mapping[str, str], year: int, *, is_full: bool) -> Shown:
    """A title in the reply of /search/{type}, where its number is called simkl_id."""
    own: Shown = {"simkl_id": title.simkl, "slug": title.slug}
    shown: Shown = {
        "title": title.shown_name,
        "year": title.year,
        "endpoint_type": PATH_WORDS[title.section],
        "poster": None,
        "ids": own | ({"tmdb": ids["tmdb"]} if "tmdb" in ids else {}),
    }
    if title.section is Section.ANIME:
        shown |= {"title_romaji": title.shown_name, "type": title.anime_type}
    if is_full:
        shown |= {
            "all_titles": [title.shown_name],
            "url": f"/{PATH_WORDS[title.section]}/{title.simkl}/{title.slug}",
            "rank": None,
            "status": _status(title, year),
            "ep_count": title.episodes,
            "ratings": _ratings(title, ids),
        }
    return shown


def details(title: Title, ids: Mapping[str, str], settings: SandboxSettings, year: int) -> Shown:
    """The full record."""
    first_day = f"{title.year}-01-01" if title.year is not None else None
    shown: Shown = {
        "title": title.shown_name,
        "year": title.year,
        "type": TYPE_WORDS[title.section],
        "ids": ids_shown(title, ids, settings),
        "ratings": _ratings(title, ids),
    }
    if title.section is Section.MOVIES:
        return shown | {"released": first_day}
    shown |= {"status": _status(title, year), "total_episodes": title.episodes, "first_aired": first_day}
    return shown | {"anime_type": title.anime_type} if title.section is Section.ANIME else shown


def episodes(title: Title, year: int) -> list[Shown]:
    """The list of episodes; those of anime have no season."""
    season: Shown = {} if title.section is Section.ANIME else {"season": 1}
    aired = title.aired_in(year)
    return [
        {"title": f"Episode {number}", **season, "episode": number, "type": "episode", "aired": number <= aired}
        for number in range(1, (title.episodes or 0) + 1)
    ]


def _status(title: Title, year: int) -> str:
    if title.section is Section.MOVIES:
        return "released" if title.is_released(year) else "unreleased"
    if not title.is_released(year):
        return "tba"
    return "ended" if title.aired is None else "airing"


def _ratings(title: Title, ids: Mapping[str, str]) -> Shown:
    """What others think of it: made up, the same each time, and only of sites that know the title."""
    average, votes = round(5 + title.simkl % 45 / 10, 1), 100 + title.simkl % 9000
    ratings: Shown = {"simkl": {"rating": average, "votes": votes}}
    if "imdb" in ids:
        ratings["imdb"] = {"rating": average, "votes": votes * 10}
    if "mal" in ids:
        ratings["mal"] = {"rating": average, "votes": votes * 5, "rank": 1 + title.simkl % 5000}
    return ratings
