"""iCheckMovies: CSV of the movies a person checked, and of lists; it has no ratings, so every file is refused.

From icheckmovies.com, a list or My progress, Export. The columns `favorite` and `disliked` are never a score.
"""

from __future__ import annotations

from importer.adapter import (
    Adapter,
    Evidence,
    csv_shape,
    no_records,
)

SHAPES = (
    csv_shape(
        name="checks",
        required=frozenset({"title", "year", "imdburl", "officialtoplistcount"}),
        refusal="iCheckMovies keeps checks, favorites and dislikes, but no ratings. A table of your own with the "
        "columns rating, title, year and type can be read instead.",
    ),
)


ADAPTER = Adapter(
    name="icheckmovies",
    title="iCheckMovies",
    shapes=SHAPES,
    parse=no_records,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="icheckmovies.com exports checks, but there are no ratings in them.",
)
