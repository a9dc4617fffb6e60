"""Id spaces: which exist, how an id is written in each, which may be sent, and what an id names.

Source of the sendable keys: simkl-add-ratings.txt and simkl-api.md 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SENDABLE = (
    "simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "livechart", "anisearch",
    "animeplanet", "letterboxd", "traktslug", "netflix", "hulu", "crunchyroll",
)  # fmt: skip
"""Id spaces that Simkl takes, in the order in which they stand in reports."""

KEPT = ("trakt", "boxd")
"""Spaces that cannot be sent (numeric Trakt ids, Letterboxd's short links) but help to merge and to report."""

SPACES = SENDABLE + KEPT

ANIME_NATIVE = ("mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet")
"""Spaces in which an id names one season (cour) of an anime (simkl-api.md 10)."""

FRANCHISE = ("imdb", "tmdb", "tvdb")
"""Spaces in which an id of an anime names the whole franchise (formats-anime.md B3)."""

PER_KIND = frozenset({"tmdb", "tvdb", "trakt", "traktslug"})
"""Spaces that number movies and shows apart, so that one number names two titles (simkl-api.md 4.1)."""

WEAK = frozenset({"letterboxd", "traktslug", "netflix", "hulu", "crunchyroll"})
"""Spaces that Simkl's page names only in its schema: hints, to be sent beside a stronger id or a title and
year (simkl-api.md 4.1)."""

_IMDB = re.compile(r"(?:.*/title/)?tt(\d{7,10})/?(?:\?.*)?", re.ASCII)
_PLAIN_IMDB = re.compile(r"tt\d{7,10}", re.ASCII)
_NUMBER = re.compile(r"0*([1-9]\d{0,17})(?:\.0+)?", re.ASCII)  # 680.0: what spreadsheets make of 680
_SLUG = re.compile(r"[a-z0-9][a-z0-9_\-]*", re.ASCII)
_SHORT_LINK = re.compile(r"[A-Za-z0-9]+", re.ASCII)

_NONE_WORDS = frozenset({"", "0", "null", "none", "nan", "n/a", "-1", "-"})


def _imdb(text: str) -> str | None:
    if _PLAIN_IMDB.fullmatch(text):
        return text
    match = _IMDB.fullmatch(text.lower())
    return f"tt{match[1]}" if match else None


def _number(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    return match[1] if match else None


def _slug(text: str) -> str | None:
    lowered = text.lower()
    return lowered if _SLUG.fullmatch(lowered) and lowered not in _NONE_WORDS else None


def _short_link(text: str) -> str | None:
    return text if _SHORT_LINK.fullmatch(text) else None


_CANONICAL: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(SPACES, _number),
    "imdb": _imdb,
    "animeplanet": _slug,
    "letterboxd": _slug,
    "traktslug": _slug,
    "boxd": _short_link,
}


def is_absent(text: str) -> bool:
    """Whether an export's id cell says that there is no id: empty, 0, null and the like."""
    return text.strip().lower() in _NONE_WORDS


def canonical(space: str, text: str) -> str | None:
    """The one way rateport writes the id `text` of `space`, or None when it is no id of that space."""
    return _CANONICAL[space](text.strip())


def is_numeric(space: str) -> bool:
    """Whether ids of `space` are numbers, which go on the wire as JSON integers."""
    return _CANONICAL[space] is _number
