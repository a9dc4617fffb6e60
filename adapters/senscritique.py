"""SensCritique: the CSV of converters that ask the site for a person's ratings, which has no export.

- It has columns of Letterboxd's import format: the score is `Rating10`, whole, 1 to 10. No real file was seen, so
  that a file with ids or with `Rating` beside it is taken for Letterboxd's (formats-western.md 2.14).
- There are no ids. The day on which a title was seen stands in for the date of the rating.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from importer.adapter import Adapter, Document, Evidence, Record, Shape, csv_shape, each_row, import_row

SHAPES = (
    csv_shape(
        name="converter",
        required=frozenset({"title", "year", "rating10", "watcheddate"}),
        optional=frozenset({"directors", "review"}),
        forbidden=frozenset({"imdbid", "tmdbid", "letterboxduri", "rating", "rewatch", "tags", "type"}),
        file_names=("senscritique",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per title."""
    return each_row(document, partial(import_row, False))


ADAPTER = Adapter(
    name="senscritique",
    title="SensCritique",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="The site has no export; run a converter from SensCritique to Letterboxd and take its CSV.",
)
