"""The strict catalogue: a few dozen real titles that hold every case of simkl-api.md 14.12.

Names, years and ids of other catalogues are real. Simkl numbers are real where the notes quote them (53536, 2090,
39687, 40398), else made up. Years after the current one make a movie unreleased.
"""

from __future__ import annotations

from importer.sandbox.catalogue import Catalogue
from importer.sandbox.titles import IdKey, Title, family_of, scope_of
from importer.vocabulary.ids import is_numeric
from importer.vocabulary.sends import Section

MERGED = {9000001: 53536, 9000002: 39687}
"""Simkl numbers that were merged into another title and still find it."""


def _movie(simkl: int, name: str, year: int, **ids: str | int) -> tuple[Title, dict[str, str | int]]:
    return Title(simkl, Section.MOVIES, name, year, None, None), ids


def _show(simkl: int, name: str, year: int, episodes: int, **ids: str | int) -> tuple[Title, dict[str, str | int]]:
    return Title(simkl, Section.SHOWS, name, year, episodes, None), ids


def _anime(
    simkl: int,
    name: str,
    year: int,
    episodes: int,
    anime_type: str = "tv",
    aired: int | None = None,
    **ids: str | int,
) -> tuple[Title, dict[str, str | int]]:
    return Title(simkl, Section.ANIME, name, year, episodes, anime_type, aired), ids


TITLES = (
    _movie(53536, "Terminator 3: Rise of the Machines", 2003, imdb="tt0181852", tmdb=296),
    _movie(1000001, "The Matrix", 1999, imdb="tt0133093", tmdb=603),
    _movie(1000002, "Inception", 2010, imdb="tt1375666", tmdb=27205, letterboxd="inception"),
    _movie(1000003, "The Shawshank Redemption", 1994, imdb="tt0111161", tmdb=278),
    _movie(1000004, "The Dark Knight", 2008, imdb="tt0468569", tmdb=155),
    _movie(1000005, "Pulp Fiction", 1994, imdb="tt0110912", tmdb=680),
    _movie(1000006, "Fight Club", 1999, imdb="tt0137523", tmdb=550),
    _movie(1000007, "Parasite", 2019, imdb="tt6751668", tmdb=496243),
    _movie(1000008, "The Truman Show", 1998, imdb="tt0120382", tmdb=37165, letterboxd="the-truman-show"),
    _movie(
        1000009, "John Wick: Chapter 4", 2023, imdb="tt10366206", tmdb=603692, traktslug="john-wick-chapter-4-2023"
    ),
    # two movies with one title
    _movie(1000010, "Dune", 1984, imdb="tt0087182", tmdb=841),
    _movie(1000011, "Dune", 2021, imdb="tt1160419", tmdb=438631),
    # a movie and a show with the same tmdb number
    _movie(1000012, "Mirror", 1975, imdb="tt0072443", tmdb=1396),
    _show(1000101, "Breaking Bad", 2008, 62, imdb="tt0903747", tmdb=1396, tvdb=81189, traktslug="breaking-bad"),
    # not released yet
    _movie(1000013, "Avatar 4", 2029, imdb="tt3095356", tmdb=216527),
    _movie(1000014, "Avatar 5", 2031, imdb="tt5637536", tmdb=393209),
    _show(2090, "The Walking Dead", 2010, 177, imdb="tt1520211", tmdb=1402, tvdb=153021),
    _show(1000102, "Game of Thrones", 2011, 73, imdb="tt0944947", tmdb=1399, tvdb=121361),
    _show(1000103, "Chernobyl", 2019, 5, imdb="tt7366338", tmdb=87108, tvdb=360893),
    _show(1000104, "The Wire", 2002, 60, imdb="tt0306414", tmdb=1438, tvdb=79126),
    _show(1000105, "A Charlie Brown Christmas", 1965, 1, imdb="tt0059026"),
    # cours that share the ids of their franchise; the first season is what those find
    _anime(
        39687, "Attack on Titan", 2013, 25,
        imdb="tt2560140", tmdb=1429, tvdb=267440, mal=16498, anidb=9541, anilist=16498, kitsu=7442,
    ),
    _anime(
        1000202, "Attack on Titan Season 2", 2017, 12,
        imdb="tt2560140", tmdb=1429, tvdb=267440, mal=25777, anidb=10944, anilist=20958, kitsu=8671,
    ),
    _anime(
        1000203, "Attack on Titan Season 3", 2018, 12,
        imdb="tt2560140", tmdb=1429, tvdb=267440, mal=35760, anidb=13241, anilist=99147, kitsu=13569,
    ),
    _anime(
        1000204, "One Piece", 1999, 1100, aired=1085,
        imdb="tt0388629", tmdb=37854, tvdb=81797, mal=21, anidb=69, anilist=21, kitsu=12,
        animeplanet="one-piece", anisearch=2227, livechart=321,
    ),
    _anime(
        1000205, "Sword Art Online", 2012, 25,
        imdb="tt2250192", tmdb=45782, tvdb=259640, mal=11757, anidb=8692, anilist=11757, kitsu=6589,
    ),
    _anime(
        1000206, "Fullmetal Alchemist: Brotherhood", 2009, 64,
        imdb="tt1355642", tmdb=31911, tvdb=75579, mal=5114, anidb=6107, anilist=5114, kitsu=3936,
    ),
    _anime(40398, "Hunter x Hunter", 2011, 148, imdb="tt2098220", tmdb=46298, mal=11061, anilist=11061, kitsu=6448),
    _anime(1000207, "Cowboy Bebop", 1998, 26, imdb="tt0213338", tmdb=30991, tvdb=76885, mal=1, anidb=23, kitsu=1),
    # films that Simkl files under anime: no array finds their tmdb number, which is a movie's
    _anime(1000208, "Spirited Away", 2001, 1, "movie", imdb="tt0245429", mal=199, anidb=112, anilist=199),
    _anime(1000209, "Your Name.", 2016, 1, "movie", imdb="tt5311514", mal=32281, anidb=11829, anilist=21519),
)  # fmt: skip


def fill(catalogue: Catalogue) -> None:
    """Enter the titles that are not there yet; must run inside a writing transaction."""
    for title, ids in TITLES:
        if catalogue.holds(title.simkl):
            continue
        merged = [IdKey("simkl", "", str(old)) for old, new in MERGED.items() if new == title.simkl]
        own = [_key(title, space, text) for space, text in {"simkl": title.simkl, **ids}.items()]
        catalogue.add(title, (*own, *merged))


def _key(title: Title, space: str, value: str | int) -> IdKey:
    assert isinstance(value, int) == is_numeric(space)
    return IdKey(space, scope_of(space, family_of(title.section)), str(value))
