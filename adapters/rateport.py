"""rateport's own files: leftovers.csv to run again, plain lists of ratings by hand or by script, outcomes.csv.

- leftovers.csv: a filled `rating` (1 to 10) makes the row a rating; without one it stays rejected, with the
  code it had. Its cells carry the quote that keeps spreadsheets from running them as formulas.
- Plain lists are tables or JSON arrays of flat objects, with `rating` and `title`, or with `rating`, `type` and
  ids; any table that says more of itself is another source's, so they yield to the columns of OTHERS.
- A table of the person's own is a plain list under the names, scale, date form and type words of their config.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
    Cells,
    Code,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    OwnTable,
    Record,
    Reject,
    Shape,
    each_item,
    each_row,
    rating_or_reject,
    restored,
    text_of,
)

ANIME_SPACES = ("mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet")
SPACES = (
    *("simkl", "imdb", "tmdb", "tvdb", *ANIME_SPACES),
    *("letterboxd", "traktslug", "netflix", "hulu", "crunchyroll"),
)
SCALES = frozenset({
    *("1 to 10", "0 to 10", "0 to 100", "stars-5", "stars-5-halves", "1 to 20", "thumbs"),
    *("0 to 10 with 0", "0 to 100 with 0", "stars-5 with 0"),
    *("anilist-smileys", "anilist-raw-smileys", "anilist-raw-stars"),
})  # fmt: skip
CODES = {code.value: code for code in Code if code not in (Code.UNRATED, Code.DUPLICATE, Code.FILTERED)}
TYPES = {
    **dict.fromkeys(("movie", "film", "tv movie"), (Kind.MOVIE, Anime.UNKNOWN)),
    **dict.fromkeys(("show", "tv", "series", "tv show", "tv series"), (Kind.SHOW, Anime.UNKNOWN)),
    **dict.fromkeys(("anime movie", "anime film"), (Kind.MOVIE, Anime.YES)),
    **dict.fromkeys(("anime", "anime tv", "anime show", "anime series"), (Kind.SHOW, Anime.YES)),
    "season": (Kind.SEASON, Anime.UNKNOWN),
    "episode": (Kind.EPISODE, Anime.UNKNOWN),
}
ANIME_WORDS = {"yes": Anime.YES, "true": Anime.YES, "no": Anime.NO, "false": Anime.NO}

LEFTOVERS = OwnTable(date_form="utc")
REPORT = frozenset({"row_id", "code", "kind", "rating", "rated_at", "simkl", "imdb"})
REFUSAL = "This is a report of rateport, not an export; use leftovers.csv beside it, or the original export."
OTHERS = frozenset({
    *("row_id", "outcome", "code", "hint", "trakt_id", "trakt_rating", "watched_at", "watchlisted_at", "user_id"),
    *("lastepwatched", "watcheddate", "watchlist", "your rating", "tmdb id", "rating10", "directors", "review"),
    *("letterboxduri", "imdbid", "tmdbid", "rewatch", "tags", "movie_id", "average_rating", "mood_tags", "userid"),
    *("movieid", "media_type", "media_id", "action_type", "favorite_character", "emotions", "is_watched"),
})  # fmt: skip
OTHER_KEYS = frozenset({
    *("[].movie", "[].show", "[].ids", "[].content", "[].seasons"),
    *("[].user_rating", "[].rating_user", "[].userRating", "[].vote_average"),  # `rating` is the crowd's
})  # fmt: skip

_table = partial(Shape, medium=Medium.TABLE, suffixes=(".csv",))
_array = partial(Shape, medium=Medium.JSON, suffixes=(".json",))

SHAPES = (
    _table(name="leftovers", required=REPORT | {"hint"}, rank=1),
    _table(name="outcomes", required=REPORT | {"outcome", "detail"}, refusal=REFUSAL),
    _table(name="ratings", required=frozenset({"rating", "title"}), forbidden=OTHERS),
    _table(name="ids", required=frozenset({"rating", "type"}), forbidden=OTHERS | {"title"}),
    _array(name="ratings-json", required=frozenset({"[].rating", "[].title"}), forbidden=OTHER_KEYS),
    _array(name="ids-json", required=frozenset({"[].rating", "[].type"}), forbidden=OTHER_KEYS | {"[].title"}),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Rows of leftovers never turn quiet; rows of plain lists stand for themselves."""
    if shape.medium is Medium.JSON:
        return each_item(document, "[]", _item)
    return each_row(document, _leftover if shape.name == "leftovers" else partial(_row, table=document.own_table))


def _leftover(locator: Locator, cells: Cells) -> Record:
    plain = Cells({name: restored(text) for name, text in cells.items()})
    record = _record(locator, plain, LEFTOVERS, score=plain["rating"])
    if isinstance(record, Reject) and record.code is Code.UNRATED:
        code = CODES.get(plain["code"].strip(), Code.BAD_SCORE)
        return _unscored(record, plain, code, "no rating from 1 to 10 is filled in")
    return record


def _item(locator: Locator, item: dict[str, Any]) -> Record:
    texts = {key: str(value) if isinstance(value, bool) else text_of(value) for key, value in item.items()}
    return _row(locator, Cells(texts), OwnTable())


def _row(locator: Locator, cells: Cells, table: OwnTable) -> Record:
    scale = cells["scale"].strip()
    if cells["rating"].strip() or not scale:
        return _record(locator, cells, table, score=cells["rating"])
    if scale in SCALES:
        return _record(locator, cells, table, score=cells["score"], scale=scale)
    record = _record(locator, cells, table, score="")
    return _unscored(record, cells, Code.BAD_SCALE, f"there is no scale {scale[:40]!r}")


def _unscored(record: Record, cells: Cells, code: Code, detail: str) -> Reject:
    assert isinstance(record, Reject)
    scale = cells["scale"] if cells["scale"] in SCALES else ""
    return record._replace(code=code, detail=detail, score=cells["score"].strip(), scale=scale)


def _record(locator: Locator, cells: Cells, table: OwnTable, *, score: str, scale: str = "") -> Record:
    has_type = not {"type", "kind"}.isdisjoint(cells)
    type_text = cells["kind"] or cells["type"] if has_type else table.kind
    kind, anime = TYPES.get(table.plain_type(type_text), (None, Anime.UNKNOWN))
    names_title = kind not in (Kind.SEASON, Kind.EPISODE) or "row_id" in cells  # else the ids may be the part's own
    date = next((name for name in ("rated_at", "date", "rated") if name in cells), "rated_at")
    if not cells[date].strip() and "watched_at" in cells:
        date = "watched_at"
    date_name = cells["rated_from"] or table.columns.get(date, date)
    is_stand_in = cells["stand_in"] == "yes" or date == "watched_at"
    record_of = partial(
        rating_or_reject,
        locator,
        type_text=type_text,
        score=score,
        scale=scale or table.scale,
        title=cells["title"],
        year=cells["year"],
        raw_ids={space: cells[space] or cells[f"{space}_id"] for space in SPACES} if names_title else {},
        moment=Moment(cells[date], table.date_form, date_name, is_stand_in),
        season=cells["season"],
        episode=cells["episode"],
    )
    record = record_of(kind=kind, anime=ANIME_WORDS.get(cells["anime"].strip().lower(), anime))
    if not has_type and not table.kind and not record.ids.keys().isdisjoint(ANIME_SPACES):
        return record_of(kind=Kind.SHOW, anime=Anime.YES)
    return record


ADAPTER = Adapter(
    name="rateport",
    title="rateport's leftovers and plain lists",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="leftovers.csv of a run's report folder; or a table with the columns rating, title, year, type, imdb.",
)
