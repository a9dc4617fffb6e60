"""MovieLens: movielens-ratings.csv of the export on movielens.org, and ratings.csv of the research sets.

- `rating` is the person's, `average_rating` the crowd's. The IMDb id stands without tt, in 7 digits or more.
- `title` ends in the year. There are films only. Of one's own ratings, dates stand in the activity log alone.
- A research set holds the ratings of many people, told apart by `userId`: --profile says whose to read. Films are
  numbered; the ids for a number stand in links.csv beside it (`tmdbId` may be empty), the titles in movies.csv.
  `timestamp` counts seconds.
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
    imdb_id,
    rating_or_reject,
    rows_of,
    title_and_year,
)

IDS = frozenset({"movie_id", "imdb_id", "tmdb_id"})
ELSEWHERE = "Your ratings are in movielens-ratings.csv of your own export (movielens.org, your profile)."

SHAPES = (
    csv_shape(name="ratings", required=IDS | {"rating", "average_rating", "title"}),
    csv_shape(
        name="unrated",
        required=IDS,
        forbidden=frozenset({"rating"}),
        refusal=f"A wishlist or tags of MovieLens, without ratings. {ELSEWHERE}",
    ),
    csv_shape(
        name="activity",
        required=frozenset({"login_id", "action_type", "log_json"}),
        refusal=f"The activity log of MovieLens. {ELSEWHERE}",
    ),
    csv_shape(
        name="research",
        required=frozenset({"userid", "movieid", "rating", "timestamp"}),
        asks_profile=True,
    ),
    csv_shape(
        name="research-rest",
        required=frozenset({"movieid"}),
        any_of=frozenset({"imdbid", "genres", "tag"}),
        forbidden=frozenset({"rating"}),
        refusal="A part of a MovieLens research set that holds no ratings; ratings.csv beside it does, and is read "
        "together with it when the folder or zip is named.",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated film."""
    if shape.name == "research":
        links, films = (_by_number(document, name) for name in ("links.csv", "movies.csv"))
        return each_row(document, partial(_research, links, films))
    return each_row(document, _record)


def _by_number(document: Document, name: str) -> dict[str, Cells]:
    """The rows of a file beside `document` by the number of their film; none where it is not there."""
    beside = document.beside.get(name)
    return {cells["movieid"]: cells for cells in rows_of(beside)} if beside else {}


def _research(links: dict[str, Cells], films: dict[str, Cells], locator: Locator, cells: Cells) -> Record:
    number = cells["movieid"].strip()
    title, year = title_and_year(films[number]["title"]) if number in films else ("", "")
    link = links.get(number, Cells.named({}))
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["rating"],
        scale="stars-5-halves",
        title=title,
        year=year,
        raw_ids={"imdb": imdb_id(link["imdbid"]), "tmdb": link["tmdbid"]},
        moment=Moment(cells["timestamp"], "epoch-s", "timestamp"),
        profile=cells["userid"],
    )


def _record(locator: Locator, cells: Cells) -> Record:
    title, year = title_and_year(cells["title"])
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["rating"],
        scale="stars-5-halves",
        title=title,
        year=year,
        raw_ids={"imdb": imdb_id(cells["imdb_id"]), "tmdb": cells["tmdb_id"]},
    )


ADAPTER = Adapter(
    name="movielens",
    title="MovieLens",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="On movielens.org open your profile, About your ratings, import/export, and save the ratings.",
)
