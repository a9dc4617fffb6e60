"""TMDB: the CSV of ratings, and the one of the watchlist, from the account pages of themoviedb.org.

- `Rating` is the crowd's, `Your Rating` the person's; halves occur, because the API takes them. The watchlist has
  the same header with no `Your Rating` in any row (2023).
- An episode is a row of Type tv with season and episode numbers, and then both ids are the episode's own.
- `Name` may be in the original language; that of an episode ends in S1E1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

_YEAR = re.compile(r"\d{4}", re.ASCII)

SHAPES = (
    csv_shape(
        name="ratings",
        required=frozenset({"tmdb id", "imdb id", "type", "name", "your rating", "date rated"}),
        optional=frozenset({"release date", "season number", "episode number", "rating"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row; rows of a watchlist are unrated."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    kind = _kind(cells)
    is_title = kind in (Kind.MOVIE, Kind.SHOW)
    year = _YEAR.search(cells["release date"])
    return rating_or_reject(
        locator,
        kind=kind,
        type_text=cells["type"],
        score=cells["your rating"],
        scale="0 to 10",
        title=cells["name"],
        year=year[0] if year else cells["release date"],
        raw_ids={"tmdb": cells["tmdb id"], "imdb": cells["imdb id"]} if is_title else {},
        moment=Moment(cells["date rated"], "iso", "Date Rated"),
        season=cells["season number"],
        episode=cells["episode number"],
    )


def _kind(cells: Cells) -> Kind | None:
    if (word := cells["type"].strip().lower()) != "tv":
        return Kind.MOVIE if word == "movie" else None
    if cells["episode number"].strip():
        return Kind.EPISODE
    return Kind.SEASON if cells["season number"].strip() else Kind.SHOW


ADAPTER = Adapter(
    name="tmdb",
    title="TMDB",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="On themoviedb.org open your profile, Ratings, and press Export.",
)
