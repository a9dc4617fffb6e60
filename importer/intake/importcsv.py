"""Letterboxd's import CSV, which converters for many sites write: title, year, stars, Rating10, WatchedDate, ids.

Any of its columns may be missing. `Rating` is half a star to five, `Rating10` 1 to 10, and a file may hold both.
"""

from __future__ import annotations

import re

from importer.intake.cellrow import Cells
from importer.intake.documents import Document
from importer.intake.making import rating_or_reject
from importer.intake.readers import rows_of
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Kind, Locator, Moment, Record, Reject
from importer.vocabulary.spellings import numbers

_FILM_LINK = re.compile(r"(?:https?://)?(?:www\.)?letterboxd\.com/(?:[^/]+/)?film/([^/?#]+)(?:/\d*)?/?", re.ASCII)
_SHORT_LINK = re.compile(r"(?:https?://)?(?:www\.)?boxd\.it/(\w+)/?", re.ASCII)


def goes_past_five(document: Document) -> bool:
    """Whether `Rating` is no column of stars: one score above 5 may be a slip, two are another scale."""
    return sum(score > 5 for score in numbers(cells["rating"].strip() for cells in rows_of(document))) > 1


def import_row(is_past_five: bool, locator: Locator, cells: Cells) -> Record:
    """The record of one row; without Rating10, none where the column of stars goes past five."""
    of_ten = bool(cells["rating10"].strip())
    is_doubtful = is_past_five and not of_ten
    record = rating_or_reject(
        locator,
        kind=None if is_doubtful else Kind.MOVIE,
        is_kind_sure=False,  # series stand among the films (formats-western.md 0.4)
        score=cells["rating10"] if of_ten else cells["rating"],
        scale="1 to 10" if of_ten else "stars-5-halves",
        title=cells["title"],
        year=cells["year"],
        raw_ids={
            **import_ids(cells["letterboxduri"].strip(), names_film=True),
            "tmdb": cells["tmdbid"],
            "imdb": cells["imdbid"],
        },
        moment=Moment(cells["watcheddate"], "day", "WatchedDate", stand_in=True),
    )
    if is_doubtful and isinstance(record, Reject) and record.code is not Code.UNRATED:
        detail = "Rating is half a star to five here, but the column goes past 5"
        return record._replace(code=Code.BAD_SCALE, detail=detail, kind=Kind.MOVIE, scale="")  # 4 may be 8 or 4
    return record


def import_ids(link: str, *, names_film: bool) -> dict[str, str]:
    """What a link of Letterboxd says: the film's slug, or its short name if links of that file name films."""
    if film := _FILM_LINK.fullmatch(link):
        return {"letterboxd": film[1]}
    if not names_film:
        return {}
    short = _SHORT_LINK.fullmatch(link)
    return {"boxd": short[1]} if short else {"letterboxd": link}
