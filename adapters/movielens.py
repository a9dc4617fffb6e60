"""MovieLens: movielens-ratings.csv of the export on movielens.org; the research sets and other parts are refused.

- `rating` is the person's, `average_rating` the crowd's. The IMDb id stands without tt, in 7 digits or more.
- `title` ends in the year. There are films only. Dates stand in the activity log alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Record,
    Shape,
    each_row,
    rating_or_reject,
)

_BARE_IMDB = re.compile(r"\d{7,10}", re.ASCII)
_WITH_YEAR = re.compile(r"(.+?) *\((\d{4})\)")
IDS = frozenset({"movie_id", "imdb_id", "tmdb_id"})
ELSEWHERE = "Your ratings are in movielens-ratings.csv of your own export (movielens.org, your profile)."

_table = partial(Shape, medium=Medium.TABLE, suffixes=(".csv",))

SHAPES = (
    _table(name="ratings", required=IDS | {"rating", "average_rating", "title"}),
    _table(
        name="unrated",
        required=IDS,
        forbidden=frozenset({"rating"}),
        refusal=f"A wishlist or tags of MovieLens, without ratings. {ELSEWHERE}",
    ),
    _table(
        name="activity",
        required=frozenset({"login_id", "action_type", "log_json"}),
        refusal=f"The activity log of MovieLens. {ELSEWHERE}",
    ),
    _table(
        name="research",
        required=frozenset({"userid", "movieid", "rating", "timestamp"}),
        refusal=f"A MovieLens research set: the ratings of many people, none of them named. {ELSEWHERE}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per rated film."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    imdb, named = cells["imdb_id"].strip(), _WITH_YEAR.fullmatch(cells["title"].strip())
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["rating"],
        scale="stars-5-halves",
        title=named[1] if named else cells["title"],
        year=named[2] if named else "",
        raw_ids={"imdb": f"tt{imdb}" if _BARE_IMDB.fullmatch(imdb) else imdb, "tmdb": cells["tmdb_id"]},
    )


ADAPTER = Adapter(
    name="movielens",
    title="MovieLens",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="On movielens.org open your profile, About your ratings, import/export, and save the ratings.",
)
