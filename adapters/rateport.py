"""rateport's own files: leftovers.csv to run again, plain lists of ratings by hand or by script, outcomes.csv.

- leftovers.csv: a filled `rating` (1 to 10) makes the row a rating, a bad date also wants its `rated_at`; without
  them it keeps its code. Its cells carry the quote that keeps spreadsheets from running them as formulas.
- `scale` is that of `score`, or of `rating` where no score stands. A column of ratings that look like those of
  another scale is none from 1 to 10, not even in the rows that might be.
- Plain lists are tables or JSON arrays of flat objects, with `rating` and `title`, or with `rating`, `type` and
  ids; any table that says more of itself is another source's, so they yield to the columns of OTHERS.
- A table of the person's own is a plain list under the names, scale, date form and type words of their config.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    Rating,
    Record,
    Reject,
    Shape,
    each_item,
    each_row,
    numbers,
    rating_or_reject,
    rejected,
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

ONE_TO_TEN = OwnTable().scale
SHORT = 3  # ratings, of which a single fraction is no slip
NO_SCALE = "the ratings do not look like 1 to 10; name the scale: a column `scale`, or [table] scale in the config"
Convert = Callable[[Locator, Cells], Record]

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
    if shape.name == "leftovers":
        return each_row(document, _leftover)
    rows = partial(_rows, document, shape.medium)
    table = document.own_table if shape.medium is Medium.TABLE else OwnTable()
    return rows(partial(_row, table=table, is_foreign=table.scale == ONE_TO_TEN and _is_foreign(rows)))


def _rows(document: Document, medium: Medium, convert: Convert) -> Iterator[Record]:
    if medium is Medium.JSON:
        return each_item(document, "[]", lambda locator, item: convert(locator, _flat(item)))
    return each_row(document, convert)


def _flat(item: dict[str, Any]) -> Cells:
    return Cells.named({key: str(said) if isinstance(said, bool) else text_of(said) for key, said in item.items()})


def _is_foreign(rows: Callable[[Convert], Iterator[Record]]) -> bool:
    """Whether ratings of no named scale are off 1 to 10: one may be a slip, but no fraction in a short list."""

    def look(locator: Locator, cells: Cells) -> Record:
        return Reject(locator=locator, score="" if cells["scale"].strip() else cells["rating"].strip())

    ratings = numbers(record.score for record in rows(look))
    fractions = sum(rating % 1 != 0 for rating in ratings)
    return fractions >= (1 if len(ratings) <= SHORT else 2) or sum(rating > 10 for rating in ratings) >= 2


def _leftover(locator: Locator, cells: Cells) -> Record:
    plain = Cells.named({name: restored(text) for name, text in cells.items()})
    record = _record(locator, plain, LEFTOVERS, score=plain["rating"])
    if isinstance(record, Rating) and plain["code"].strip() == Code.BAD_DATE and not plain["rated_at"].strip():
        return rejected(record, Code.BAD_DATE, "fill in rated_at, or write `none`")
    if isinstance(record, Reject) and record.code is Code.UNRATED:
        code = CODES.get(plain["code"].strip(), Code.BAD_SCORE)
        return _unscored(record, plain, code, "no rating from 1 to 10 is filled in")
    return record


def _row(locator: Locator, cells: Cells, table: OwnTable, is_foreign: bool) -> Record:
    scale, rating, score = cells["scale"].strip(), cells["rating"], cells["score"]
    if not scale or (rating.strip() and score.strip()):
        record = _record(locator, cells, table, score=rating)
        is_unrated = isinstance(record, Reject) and record.code is Code.UNRATED
        return (
            record if scale or is_unrated or not is_foreign else _unscored(record, cells, Code.BAD_SCALE, NO_SCALE)
        )
    if scale in SCALES:
        return _record(locator, cells, table, score=score if score.strip() else rating, scale=scale)
    record = _record(locator, cells, table, score="")
    return _unscored(record, cells, Code.BAD_SCALE, f"there is no scale {scale[:40]!r}")


def _unscored(record: Record, cells: Cells, code: Code, detail: str) -> Reject:
    reject = rejected(record, code) if isinstance(record, Rating) else record
    scale = cells["scale"] if cells["scale"] in SCALES else ""
    score = cells["score"].strip() or cells["rating"].strip()
    return reject._replace(code=code, detail=detail, score=score, scale=scale)


def _record(locator: Locator, cells: Cells, table: OwnTable, *, score: str, scale: str = "") -> Record:
    has_type = not {"type", "kind"}.isdisjoint(cells)
    type_text = cells["kind"] or cells["type"] if has_type else table.kind
    kind, anime = TYPES.get(table.plain_type(type_text), (None, Anime.UNKNOWN))
    names_title = kind not in (Kind.SEASON, Kind.EPISODE) or "row_id" in cells  # else the ids may be the part's own
    date = next((name for name in ("rated_at", "date", "rated") if name in cells), "rated_at")
    if not cells[date].strip() and "watched_at" in cells:
        date = "watched_at"
    place = table.columns.get(date, date)
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
        moment=Moment(
            cells[date],
            table.date_form,
            cells["rated_from"] or place,
            is_stand_in,
            place if cells["rated_from"] else "",
        ),
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
