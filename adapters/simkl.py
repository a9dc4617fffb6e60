"""Simkl itself: SimklBackup.json (also the API's all-items and ratings answers), CSV backup, CSV import template.

From simkl.com/apps/backup, the JSON for VIP members, or from the API (simkl-api.md 6 and 12).

- Sections shows, anime and movies may each be missing or null. Anime films stand under anime, nested as `show`.
- `user_rated_at` is a true rating date, but only beside a `user_rating`; 1970-01-01T00:00:01Z means unknown.
- Rows of a rewatch repeat the title and are no ratings of their own.
- The CSVs have a watch date only, in an order of day and month that differs between files, and no ids of anime
  catalogues but `MAL_ID`. Year 0 is an unknown year.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    Record,
    Reject,
    Shape,
    csv_shape,
    dig,
    each_item,
    each_row,
    json_shape,
    rating_or_reject,
    raw_text,
    text_of,
)

SPACES = (
    "simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet",
    "letterboxd", "traktslug", "netflix", "hulu", "crunchyroll",
)  # fmt: skip
TYPES = {
    "movie": (Kind.MOVIE, Anime.NO),
    "tv": (Kind.SHOW, Anime.NO),
    "tv show": (Kind.SHOW, Anime.NO),
    "show": (Kind.SHOW, Anime.NO),
    "anime": (Kind.SHOW, Anime.YES),
}
TABLE_COLUMNS = frozenset(
    {"simkl_id", "title", "type", "year", "watchlist", "lastepwatched", "watcheddate", "rating", "tmdb"}
)

_backup = partial(json_shape, file_names=("simklbackup",), rank=2)
_table = partial(csv_shape, optional=frozenset({"memo", "mal_id"}))

SHAPES = (
    _backup(name="backup", required=frozenset({"shows[].show", "shows[].user_rating"})),
    _backup(
        name="backup-anime",
        required=frozenset({"anime[].show", "anime[].user_rating"}),
        forbidden=frozenset({"shows[].user_rating"}),
    ),
    _backup(
        name="backup-movies",
        required=frozenset({"movies[].movie", "movies[].user_rating"}),
        forbidden=frozenset({"shows[].user_rating", "anime[].user_rating"}),
    ),
    _table(name="csv", required=TABLE_COLUMNS | {"tvdb", "imdb"}, rank=1),
    _table(name="import-template", required=TABLE_COLUMNS | {"tvdb_id", "imdb_id"}),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Shows, anime and movies one after the other, or the rows of a table."""
    if shape.medium is Medium.TABLE:
        return each_row(document, _row)
    return chain(
        each_item(document, "shows[]", _show),
        each_item(document, "anime[]", _anime),
        each_item(document, "movies[]", _movie),
    )


def _show(locator: Locator, entry: dict[str, Any]) -> Record:
    return _entry(locator, entry, "show", Kind.SHOW, Anime.NO)


def _anime(locator: Locator, entry: dict[str, Any]) -> Record:
    kind = Kind.MOVIE if text_of(entry.get("anime_type")) == "movie" else Kind.SHOW
    return _entry(locator, entry, "show", kind, Anime.YES)


def _movie(locator: Locator, entry: dict[str, Any]) -> Record:
    return _entry(locator, entry, "movie", Kind.MOVIE, Anime.NO)


def _entry(locator: Locator, entry: dict[str, Any], nested: str, kind: Kind, anime: Anime) -> Record:
    title = dig(entry, nested)
    is_rewatch = entry.get("is_rewatch") is True
    record = rating_or_reject(
        locator,
        kind=kind,
        score="" if is_rewatch else raw_text(entry.get("user_rating")),
        scale="1 to 10",
        anime=anime,
        title=text_of(dig(title, "title")),
        year=_year(text_of(dig(title, "year"))),
        raw_ids={space: text_of(dig(title, "ids", space)) for space in SPACES},
        moment=Moment(raw_text(entry.get("user_rated_at")), "iso", "user_rated_at"),
    )
    if is_rewatch and isinstance(record, Reject):
        return record._replace(detail="a rewatch; the rating stands in the row of the title itself")
    return record


def _row(locator: Locator, cells: Cells) -> Record:
    kind, anime = TYPES.get(cells["type"].strip().lower(), (None, Anime.UNKNOWN))
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=cells["type"],
        score=cells["rating"],
        scale="1 to 10",
        anime=anime,
        title=cells["title"],
        year=_year(cells["year"]),
        raw_ids={space: cells[space] or cells[f"{space}_id"] for space in ("simkl", "imdb", "tmdb", "tvdb", "mal")},
        moment=Moment(cells["watcheddate"], "iso", "WatchedDate", stand_in=True),
    )
    return record._replace(anime=Anime.YES) if "mal" in record.ids else record  # templates call anime tv, too


def _year(text: str) -> str:
    return "" if text.strip() == "0" else text


ADAPTER = Adapter(
    name="simkl",
    title="Simkl",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="simkl.com/apps/backup: full backup (a zip with SimklBackup.json) or CSV.",
)
