"""MovieLens: movielens-ratings.csv of the export on movielens.org; the research sets and other parts are refused.

- `rating` is the person's, `average_rating` the crowd's. The IMDb id stands without tt, in 7 digits or more.
- `title` ends in the year. There are films only. Dates stand in the activity log alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Record,
    Shape,
    csv_shape,
    each_row,
    imdb_id,
    rating_or_reject,
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
        refusal=f"A MovieLens research set: the ratings of many people, none of them named. {ELSEWHERE}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated film."""
    return each_row(document, _record)


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
