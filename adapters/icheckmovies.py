"""iCheckMovies: CSV of the movies a person checked, and of lists; it has no ratings, so every file is refused.

From icheckmovies.com, a list or My progress, Export. The columns `favorite` and `disliked` are never a score.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.adapter import Adapter, Document, Evidence, Medium, Record, Shape

SHAPES = (
    Shape(
        name="checks",
        medium=Medium.TABLE,
        suffixes=(".csv",),
        required=frozenset({"title", "year", "imdburl", "officialtoplistcount"}),
        refusal="iCheckMovies keeps checks, favorites and dislikes, but no ratings. A table of your own with the "
        "columns rating, title, year and type can be read instead.",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """No records: there is nothing to carry."""
    return iter(())


ADAPTER = Adapter(
    name="icheckmovies",
    title="iCheckMovies",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="icheckmovies.com exports checks, but there are no ratings in them.",
)
