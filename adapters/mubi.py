"""MUBI: the CSV of converters that read a person's film ratings off the site, which has no export.

- It has columns of Letterboxd's import format, and exactly these; no real file was seen (formats-western.md 2.14).
- Stars are whole, one to five. There are no ids. `WatchedDate` stands in for the date of the rating.
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
        required=frozenset({"title", "year", "directors", "rating", "watcheddate"}),
        forbidden=frozenset({"imdbid", "tmdbid", "letterboxduri", "rating10", "rewatch", "tags", "review"}),
        file_names=("mubi",),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per film."""
    return each_row(document, partial(import_row, goes_past_five(document)))


ADAPTER = Adapter(
    name="mubi",
    title="MUBI",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="The site has no export; run a converter from MUBI to Letterboxd on your profile and take its CSV.",
)
