"""AlloCiné: the CSV of converters that read a person's page of ratings, as the site has no export.

- Title, Rating and Review are all there is: no year, no id, no date. A title alone names no film, so every rated
  row asks the person, who adds the year in leftovers.csv.
- Half a star to five. Where the column goes past five the table is none of AlloCiné, and no score is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from importer.adapter import (
    Adapter,
    Document,
    Evidence,
    Record,
    Shape,
    csv_shape,
    each_row,
    goes_past_five,
    import_row,
)

SHAPES = (
    csv_shape(
        name="converter",
        required=frozenset({"title", "rating", "review"}),
        forbidden=frozenset({
            *("year", "type", "kind", "scale", "score", "date", "rated_at", "watched_at", "imdb", "tmdb", "id"),
            *("directors", "imdbid", "tmdbid", "letterboxduri", "rating10", "watcheddate", "rewatch", "tags"),
        }),
        file_names=("allocine",),
    ),
)  # fmt: skip


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title."""
    return each_row(document, partial(import_row, goes_past_five(document)))


ADAPTER = Adapter(
    name="allocine",
    title="AlloCiné",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="The site has no export; run a converter from AlloCiné to Letterboxd and take its CSV.",
)
