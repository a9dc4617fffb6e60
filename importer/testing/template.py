"""Example: the CSV behind Settings, Export ratings (say where the file comes from, and how you know its format).

- Say here what would surprise a reader, with its date: an empty score is a title on the list, not yet rated.
- The site counts stars from 1 to 10 and gives whole days; films and series stand in one table.
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
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

KINDS = {"film": Kind.MOVIE, "series": Kind.SHOW}

SHAPES = (
    csv_shape(
        name="ratings",
        required=frozenset({"title", "kind", "example score", "rated on"}),
        optional=frozenset({"year", "imdb id"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=KINDS.get(cells["kind"].strip().lower()),
        type_text=cells["kind"],
        score=cells["example score"],
        scale="1 to 10",
        title=cells["title"],
        year=cells["year"],
        raw_ids={"imdb": cells["imdb id"]},
        moment=Moment(cells["rated on"], "day", "Rated On"),
    )


ADAPTER = Adapter(
    name="example",
    title="Example",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="On the site open Settings, Export ratings.",
)
