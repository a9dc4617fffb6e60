"""Questions to the catalogue: what an id names, what a title is like, what a text may mean (simkl-api.md 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from importer.simkl.account import canonical_ids, moment
from importer.simkl.judge import Good
from importer.simkl.transport import LOCATION, Reply
from importer.simkl.wire import UNREADABLE, IdTexts, Number, Text
from importer.vocabulary import ids
from importer.vocabulary.errors import ApiError
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section

REDIRECTS = frozenset({301, 302, 303, 307, 308})  # pages disagree on 301 and 302 (simkl-api.md 8.1)
CANDIDATES = 20  # a page of results; 50 is the most (simkl-api.md 8.3)

SITE = "https://simkl.com"
SCORING = ("simkl", "imdb", "mal")  # the sites whose scores a record may show (simkl-api.md 8.4)

_PLACES = {"movies": Section.MOVIES, "tv": Section.SHOWS, "anime": Section.ANIME}
_PATHS = {section: place for place, section in _PLACES.items()}
_SEARCHES = {Section.MOVIES: "movie", Section.SHOWS: "tv", Section.ANIME: "anime"}
_TYPES = {Kind.MOVIE: "movie", Kind.SHOW: "show"}  # `show` means tv or anime (simkl-api.md 8.1)
_TARGET = re.compile(r"/(movies|tv|anime)/(\d{1,18})(?:/.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """What an id names: a section and the Simkl id in it."""

    section: Section
    simkl: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the public of one site thinks of a title, out of 10; None where the record does not say."""

    rating: float
    votes: int | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The catalogue's record of a title; None and empty where it says nothing. `status` is that of the title
    (`ended`, `airing`), never of a list; `scores` are by site, in the order of `SCORING`."""

    section: Section
    ids: Mapping[str, str]
    title: str
    year: int | None
    anime_type: str
    status: str
    episodes: int | None
    first_shown: date | None
    scores: Mapping[str, Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A title that a search brought up; `names` are its further titles."""

    section: Section
    simkl: str
    title: str
    year: int | None
    names: tuple[str, ...]
    anime_type: str


# --- what an id names ---------------------------------------------------------------------------------


def redirect_params(space: str, id: str, kind: Kind) -> dict[str, str]:
    """What asks for `id`; the kind goes along only where numbers are given per kind, for it narrows."""
    if space not in ids.SENDABLE:
        raise ValueError(f"Simkl does not look up ids of {space}")
    params = {"to": "simkl", space: id}  # never `watched`, which writes (simkl-api.md 8.1)
    return params | {"type": _TYPES[kind]} if space in ids.PER_KIND else params


def read_target(answer: Good | Reply, origin: str) -> Target | None:
    """Where the redirect leads, read and never followed. An address of Simkl's that names no title is a miss;
    another site is none of Simkl's answers."""
    location = answer.headers.get(LOCATION, "")
    try:
        parts = urlsplit(location)
        host = parts.hostname or ""
    except ValueError:
        raise _no_redirect() from None
    is_home = host in ("", "simkl.com", urlsplit(origin).hostname) or host.endswith(".simkl.com")
    if not location or not is_home:
        raise _no_redirect()
    match = _TARGET.fullmatch(parts.path)
    number = ids.canonical("simkl", match[2]) if match else None
    return Target(_PLACES[match[1]], number) if match and number else None


def _no_redirect() -> ApiError:
    return ApiError(
        "Simkl did not answer a look-up with an address of its own. Check whether a proxy stands in between."
    )


# --- one title ----------------------------------------------------------------------------------------


class _Scoring(BaseModel):
    rating: float = Field(gt=0, le=10)  # 0: nobody has voted
    votes: Number = None
    rank: Number = None


def _scores(value: object) -> dict[str, Score]:
    """The readable ones of what a record calls `ratings`; they decorate it, so an odd one only drops out."""
    given = value if isinstance(value, dict) else {}
    found = {site: _score(given[site]) for site in SCORING if site in given}
    return {site: score for site, score in found.items() if score is not None}


def _score(value: object) -> Score | None:
    try:
        said = _Scoring.model_validate(value)
    except ValidationError:
        return None
    return Score(said.rating, said.votes or None, said.rank or None)


class _Record(BaseModel):
    title: Text = ""
    year: Number = None
    ids: IdTexts = Field(default_factory=dict)
    anime_type: Text = ""
    status: Text = ""
    total_episodes: Number = None
    released: Text = ""
    first_aired: Text = ""
    ratings: Annotated[dict[str, Score], BeforeValidator(_scores)] = Field(default_factory=dict)


def page(section: Section, simkl_id: str) -> str:
    """The address at which people see the title; raises as `details_path` does."""
    return SITE + details_path(section, simkl_id)


def details_path(section: Section, simkl_id: str) -> str:
    """The cached path of a title; only plain numbers are cached (simkl-api.md 3.7)."""
    number = ids.canonical("simkl", simkl_id)
    if number is None:
        raise ValueError("not a Simkl id")
    return f"/{_PATHS[section]}/{number}"


def read_details(section: Section, document: Any) -> Details | None:
    """The record in a reply; an empty list means that there is none (simkl-api.md 8.4)."""
    if document in ([], {}, None):
        return None
    try:
        record = _Record.model_validate(document)
    except ValidationError:
        raise _odd("record of a title") from None
    shown = moment(record.released or record.first_aired)
    return Details(
        section=section,
        ids=canonical_ids(record.ids),
        title=record.title,
        year=record.year or None,
        anime_type=record.anime_type,
        status=record.status,
        episodes=None if record.total_episodes == UNREADABLE else record.total_episodes,
        first_shown=shown.date() if shown else None,
        scores=record.ratings,
    )


# --- by text ------------------------------------------------------------------------------------------


def _names(value: object) -> tuple[str, ...]:
    """Listed titles come as texts or as objects with a `name`."""
    entries = value if isinstance(value, list) else []
    found = (entry.get("name") or entry.get("title") if isinstance(entry, dict) else entry for entry in entries)
    return tuple(name for name in found if isinstance(name, str) and name)


class _Hit(BaseModel):
    title: Text = ""
    title_en: Text = ""
    title_romaji: Text = ""
    all_titles: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    year: Number = None
    endpoint_type: Text = ""
    type: Text = ""
    ids: IdTexts = Field(default_factory=dict)


def search_path(section: Section) -> str:
    """Where titles of `section` are searched."""
    return f"/search/{_SEARCHES[section]}"


def search_params(text: str) -> dict[str, str]:
    """What asks for `text`, with all the names of what is found."""
    return {"q": text, "limit": str(CANDIDATES), "extended": "full"}


def read_candidates(section: Section, document: Any) -> list[Candidate]:
    """The titles in a reply; entries without an id or a title cannot be chosen and are left out."""
    if document is None:
        return []
    try:
        hits = [_Hit.model_validate(entry) for entry in document] if isinstance(document, list) else None
    except ValidationError:
        hits = None
    if hits is None:
        raise _odd("list of search results")
    return [candidate for hit in hits if (candidate := _candidate(section, hit)) is not None]


def _candidate(section: Section, hit: _Hit) -> Candidate | None:
    number = ids.canonical("simkl", hit.ids.get("simkl_id") or hit.ids.get("simkl") or "")
    title = hit.title or hit.title_en or hit.title_romaji
    if number is None or not title:
        return None
    names = dict.fromkeys(name for name in (hit.title_en, hit.title_romaji, *hit.all_titles) if name)
    return Candidate(
        section=_PLACES.get(hit.endpoint_type, section),  # a search may bring up another type (simkl-api.md 8.3)
        simkl=number,
        title=title,
        year=hit.year or None,
        names=tuple(name for name in names if name != title),
        anime_type=hit.type,
    )


def _odd(what: str) -> ApiError:
    return ApiError(f"Simkl's {what} has a form that rateport does not know. Look for a newer rateport.")
