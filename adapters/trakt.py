"""Trakt: JSON of the account export and of the API, the VIP CSV, and the CSV that Trakt itself imports.

From trakt.tv, Settings, Data; the API answers /sync/ratings with the same items (formats-western.md 2.3).

- One file per kind (ratings-movies.json, large accounts with a number), or all kinds mixed (API). Community
  backups hold the same lists under keys: movies and shows, ratings, or ratings with movies and shows below it.
- A season or episode stands beside its show. Only the show's ids are read, because the ids of a season or
  episode name no title. In Trakt's import CSV they would be the episode's own, so there none is read.
- The VIP CSV has two ratings: `rating` is the person's, `trakt_rating` the crowd's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    Record,
    Shape,
    csv_shape,
    dig,
    each_item,
    each_row,
    json_shape,
    marks,
    rating_or_reject,
    raw_text,
    text_of,
)

IDS = {"trakt": "trakt", "slug": "traktslug", "imdb": "imdb", "tmdb": "tmdb", "tvdb": "tvdb"}
CSV_SPACES = ("trakt", "imdb", "tmdb", "tvdb")
KINDS = {"movie": Kind.MOVIE, "show": Kind.SHOW, "season": Kind.SEASON, "episode": Kind.EPISODE}
KINDS_BY_KEYS = {
    frozenset({"movie"}): Kind.MOVIE,
    frozenset({"show"}): Kind.SHOW,
    frozenset({"show", "season"}): Kind.SEASON,
    frozenset({"show", "episode"}): Kind.EPISODE,
}

LISTS = {"ratings": "[]", "backup-list": "ratings[]"}
BACKUPS = {"backup": "", "backup-ratings": "ratings."}
NO_RATINGS = {
    "watchlist": ("listed_at", "type"),
    "history": ("watched_at", "action"),
    "watched": ("plays", "last_watched_at"),
    "collected-movies": ("collected_at", "movie"),
    "collected-shows": ("last_collected_at", "show"),
    "hidden": ("hidden_at", "type"),
}
REFUSAL = "This part of a Trakt export holds no ratings; ratings-movies.json and its siblings do."
COLUMNS = frozenset({"trakt_id", "imdb_id", "tmdb_id", "tvdb_id", "type", "rating", "rated_at"})
RATED = ("rating", "rated_at")

SHAPES = (
    *(
        json_shape(
            name=name,
            required=marks(f"{path}.", *RATED),
            any_of=marks(f"{path}.", "movie.ids", "show.ids"),
            rank=2,
        )
        for name, path in LISTS.items()
    ),
    *(
        json_shape(name=name, required=marks(f"{above}shows[].", *RATED, "show.ids"), rank=2)
        for name, above in BACKUPS.items()
    ),
    *(
        json_shape(
            name=f"{name}-movies",
            required=marks(f"{above}movies[].", *RATED, "movie.ids"),
            forbidden=marks(f"{above}shows[].", "rating"),
            rank=2,
        )
        for name, above in BACKUPS.items()
    ),
    csv_shape(name="vip-csv", required=COLUMNS | {"title", "year", "trakt_rating"}, rank=2),
    csv_shape(name="import-csv", required=COLUMNS | {"watched_at", "watchlisted_at"}, rank=1),
    *(
        json_shape(name=name, required=marks("[].", *keys), forbidden=frozenset({"[].rating"}), refusal=REFUSAL)
        for name, keys in NO_RATINGS.items()
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """The person's own ratings, with seasons and episodes told apart from their show."""
    if shape.medium is Medium.TABLE:
        return each_row(document, _row)
    if shape.name in LISTS:
        return each_item(document, LISTS[shape.name], _item)
    above = BACKUPS[shape.name.removesuffix("-movies")]
    return chain.from_iterable(each_item(document, f"{above}{kind}s[]", _item) for kind in KINDS)


def _item(locator: Locator, item: dict[str, Any]) -> Record:
    kind = _kind(item)
    is_movie = kind is Kind.MOVIE or (kind is None and "show" not in item)
    title = dig(item, "movie" if is_movie else "show")
    return rating_or_reject(
        locator,
        kind=kind,
        type_text=text_of(item.get("type")),
        score=raw_text(item.get("rating")),
        scale="1 to 10",
        title=text_of(dig(title, "title")),
        year=text_of(dig(title, "year")),
        raw_ids={space: text_of(dig(title, "ids", key)) for key, space in IDS.items()},
        moment=Moment(raw_text(item.get("rated_at")), "iso", "rated_at"),
        season=text_of(dig(item, "season", "number")) or text_of(dig(item, "episode", "season")),
        episode=text_of(dig(item, "episode", "number")),
        ids_name_show=True,
    )


def _kind(item: dict[str, Any]) -> Kind | None:
    """What the type says; where there is none, what the keys of the item leave no doubt about."""
    if word := text_of(item.get("type")).strip():
        return KINDS.get(word)
    return KINDS_BY_KEYS.get(frozenset(key for key in KINDS if item.get(key)))


def _row(locator: Locator, cells: Cells) -> Record:
    kind = KINDS.get(cells["type"].strip())
    is_vip = "trakt_rating" in cells  # there the ids are those of the show
    has_title_ids = is_vip or kind not in (Kind.SEASON, Kind.EPISODE)
    return rating_or_reject(
        locator,
        kind=kind,
        type_text=cells["type"],
        score=cells["rating"],
        scale="1 to 10",
        title=cells["title"],
        year=cells["year"],
        raw_ids={space: cells[f"{space}_id"] for space in CSV_SPACES} if has_title_ids else {},
        moment=Moment(cells["rated_at"], "iso", "rated_at"),
        season=cells["season_number"],
        episode=cells["episode_number"],
        ids_name_show=is_vip,
    )


ADAPTER = Adapter(
    name="trakt",
    title="Trakt",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="trakt.tv: Settings, Data, Export your data; the zip can be named as it is.",
)
