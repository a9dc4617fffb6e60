"""Letterboxd: the zip behind Settings, Data, Export your data; and the CSV that others write for its importer.

Scores run from half a star to five; an import CSV may hold `Rating10` beside or instead of them. In ratings.csv
`Date` is the day of the rating and the link names the film; in diary.csv and reviews.csv `Date` is the day of the
entry and the link names the entry, except until 2019, when it held the film's slug. No file tells that a title is a
mini-series, though some are. Folders deleted/ and orphaned/ hold entries that are gone from the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
    goes_past_five,
    import_ids,
    import_row,
    rating_or_reject,
)

_FILM = frozenset({"date", "name", "year", "letterboxd uri"})
_ENTRY = _FILM | {"rating", "tags", "watched date"}
_OF_ENTRIES = frozenset({"tags", "watched date", "rewatch", "review"})
_IMPORT_MARKS = frozenset({"letterboxduri", "imdbid", "tmdbid", "watcheddate"})
_IMPORT = _IMPORT_MARKS | {"title", "year", "directors", "rating", "rewatch", "tags", "review"}
_OTHER_SOURCES = frozenset({"letterboxd uri", "type", "title type", "media_type", "simkl_id"})
_INSTEAD = "The ratings are in ratings.csv of the same export."
SHAPES = (
    csv_shape(name="ratings", required=_FILM | {"rating"}, forbidden=_OF_ENTRIES, rank=3),
    csv_shape(name="diary", required=_ENTRY, optional=_OF_ENTRIES, forbidden=frozenset({"review"}), rank=2),
    csv_shape(name="reviews", required=_ENTRY | {"review"}, optional=_OF_ENTRIES, rank=2),
    csv_shape(
        name="films",
        required=_FILM,
        forbidden=_OF_ENTRIES | {"rating"},
        refusal=f"Films watched, liked or on the watchlist of Letterboxd, without ratings. {_INSTEAD}",
    ),
    *(
        csv_shape(name=name, required=frozenset(marks), refusal=f"A Letterboxd {what}, without ratings. {_INSTEAD}")
        for name, what, marks in (
            ("list", "list", {"letterboxd list export v7"}),
            ("list-bare", "list", {"date", "name", "tags", "url", "description"}),
            ("profile", "profile", {"date joined", "username", "favorite films"}),
        )
    ),
    csv_shape(name="import", required=frozenset({"rating10"}), optional=_IMPORT, forbidden=_OTHER_SOURCES, rank=1),
    csv_shape(
        name="import-stars",
        required=frozenset({"rating"}),
        any_of=_IMPORT_MARKS,
        optional=_IMPORT,
        forbidden=_OTHER_SOURCES | {"rating10"},
        rank=1,
    ),
    csv_shape(
        name="import-bare",
        required=frozenset({"title", "year", "directors", "rating"}),
        optional=_IMPORT,
        forbidden=_OTHER_SOURCES | _IMPORT_MARKS | {"rating10"},
        rank=1,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated film, diary entry or review; every title counts as a movie."""
    if shape.name.startswith("import"):
        return each_row(document, partial(import_row, goes_past_five(document)))
    return each_row(document, partial(_exported, shape.name == "ratings"))


def _exported(link_names_film: bool, locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        is_kind_sure=False,  # mini-series stand among the films (formats-western.md 0.4)
        score=cells["rating"],
        scale="stars-5-halves",
        title=cells["name"],
        year=cells["year"],
        raw_ids=import_ids(cells["letterboxd uri"].strip(), names_film=link_names_film),
        moment=Moment(cells["date"], "day", "Date"),
    )


ADAPTER = Adapter(
    name="letterboxd",
    title="Letterboxd",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="On letterboxd.com open Settings, Data, and press Export your data; name the zip as it is.",
    ignored_folders=frozenset({"deleted", "orphaned"}),
)
