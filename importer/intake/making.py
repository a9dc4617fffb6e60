"""One row as an adapter words it -> its record, checked against the one table of scales and the one of dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from importer.intake.cellrow import Cells
from importer.intake.readers import text_of
from importer.vocabulary import dateforms, ids, scales
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Anime, Kind, Locator, Moment, Rating, Record, Reject, rejected

TITLE_CHARS = 1_000
_PARTS = (Kind.SEASON, Kind.EPISODE)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls that are no white space, and those that turn the direction of writing (Unicode UAX 9)."""
_YEAR = re.compile(r"(1[89]\d{2}|2[01]\d{2})(?:\.0+)?", re.ASCII)

_MOVIE = Kind.MOVIE  # before Python 3.12 an enum takes long to look a member up
_made = tuple.__new__

_Checked = tuple[Moment | None, tuple[Code, str] | None]
_MOMENTS: dict[Moment, _Checked] = {}
"""Moments read lately, which rows of one day share. A cache of the library would sort them at every look."""
_KNOWN_MOMENTS = 65_536


def rating_or_reject(
    locator: Locator,
    *,
    kind: Kind | None,
    score: str,
    scale: str,
    type_text: str = "",
    anime: Anime = Anime.UNKNOWN,
    title: str = "",
    year: str = "",
    raw_ids: Mapping[str, str] | None = None,
    moment: Moment | None = None,
    season: str = "",
    episode: str = "",
    ids_name_show: bool = False,
    profile: str = "",
    notes: tuple[str, ...] = (),
    is_kind_sure: bool = True,
) -> Record:
    """The record for one row: a Rating, or a Reject that says what cannot be read.

    `score`, `year`, `season`, `episode` and `raw_ids` are the export's own texts; empty, 0 and null ids are no
    ids. A row without a score is a quiet reject (`unrated`). `kind` None is a reject that names `type_text`;
    `is_kind_sure` False has a title that is not found as one kind tried once as the other.
    `ids_name_show`: say it where seasons and episodes carry the ids and the title of their show, never otherwise.
    `profile`: whose rating it is, where a file holds those of several people.
    """
    problem = _score_problem(score, scale)
    if not problem and kind is None:
        problem = Code.UNKNOWN_TYPE, f"the type reads {type_text[:40]!r}"
    if moment and not problem:
        moment, problem = _MOMENTS.get(moment) or _dated(moment)
    if not title.isprintable() or "  " in title or len(title) > TITLE_CHARS:  # most are tidy, and this is quick
        title, notes = _tidied(title, notes)
    known_year = _year(year)
    good_ids, bad_ids = _ids(raw_ids) if raw_ids else ({}, [])
    if bad_ids and not problem and not good_ids and not (title and known_year):
        problem = Code.BAD_ID, "; ".join(bad_ids)
    if bad_ids or (known_year is None and year and not year.isspace()):
        notes = (*notes, *_left_out(bad_ids, "" if known_year else year))
    told = (
        locator,
        kind or _MOVIE,  # without a kind it is a reject in the end
        score.strip(),
        scale,
        anime,
        title.strip(),
        known_year,
        good_ids,
        moment,
        _ordinal(season) if season else None,
        _ordinal(episode) if episode else None,
        ids_name_show and kind in _PARTS,
        " ".join(profile.split()) if profile else "",
        notes,
        is_kind_sure,
    )
    record = _made(Rating, told)  # Rating(*told) takes three times as long, for every row
    return rejected(record, *problem)._replace(kind=kind) if problem else record


def unsupported(record: Record, detail: str = "") -> Record:
    """`record`, made without a kind, as one of a kind that Simkl does not have (a book, a game); `detail` in place
    of what its type reads. One that was rejected for another reason keeps that: unrated stays quiet."""
    if isinstance(record, Reject) and record.code is Code.UNKNOWN_TYPE:
        return record._replace(code=Code.UNSUPPORTED_KIND, detail=detail or record.detail)
    return record


def noted(record: Record, *notes: str) -> Record:
    """`record` with what else is to be said of it; in a reject that has a detail, that says enough."""
    if isinstance(record, Reject):
        return record._replace(detail=record.detail or "; ".join(notes))
    return record._replace(notes=(*notes, *record.notes))


def cells_of(item: Any) -> Cells:
    """A flat JSON object as a row of a table, its keys in lower case; no cells for what is no object."""
    return Cells.named(
        {key.lower(): text_of(value) for key, value in item.items()} if isinstance(item, dict) else {}
    )


def _tidied(title: str, notes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """One line, single spaces, nothing that steers a terminal, and no longer than titles are; and the notes."""
    if len(title) > TITLE_CHARS and len(title.strip()) > TITLE_CHARS:
        notes = (*notes, f"the title is cut after {TITLE_CHARS:,} characters")
    return " ".join(_UNSEEN.sub("", title).split())[:TITLE_CHARS], notes


@lru_cache(maxsize=8192)
def _score_problem(score: str, scale: str) -> tuple[Code, str] | None:
    try:
        known = scales.read(score, scales.SCALES[scale])
    except scales.BadScore as error:
        return Code.BAD_SCORE, str(error)
    return None if known is not None else (Code.UNRATED, "")


def _dated(moment: Moment) -> _Checked:
    """The moment when it says something, and what is wrong with it; known from then on."""
    if len(_MOMENTS) >= _KNOWN_MOMENTS:
        _MOMENTS.clear()
    try:
        found: _Checked = (moment if dateforms.read(moment.text, moment.form) else None), None
    except ValueError as error:
        found = moment, (Code.BAD_DATE, f"{moment.where}: {error}")
    _MOMENTS[moment] = found
    return found


def _left_out(bad_ids: Iterable[str], bad_year: str) -> Iterator[str]:
    yield from (f"{bad} left out" for bad in bad_ids)
    if bad_year.strip():
        yield f"year {bad_year.strip()[:20]!r} left out: not a year"


@lru_cache(maxsize=1024)
def _year(text: str) -> int | None:
    match = _YEAR.fullmatch(text.strip())
    return int(match[1]) if match else None


def _ids(raw_ids: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    good: dict[str, str] = {}
    bad: list[str] = []
    for space, text in raw_ids.items():
        canonical = ids.canonical(space, text)
        if canonical is not None:
            good[space] = canonical
        elif not ids.is_absent(text):
            bad.append(f"{space} {text[:40]!r} is no {space} id")
    return good, bad


def _ordinal(text: str) -> int | None:
    text = text.strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
