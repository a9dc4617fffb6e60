"""Annict: its library as a dump of the API, which is refused because it holds no ratings.

Ratings exist there only as words on records and reviews, which no file seen holds (formats-anime.md 10).
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.adapter import Adapter, Document, Evidence, Medium, Record, Shape

NO_RATINGS = (
    "Annict's library tells what was watched and holds no ratings. Nothing that Annict hands out is known to hold "
    "them; write them into a table with the columns rating, title, year, type and mal."
)

SHAPES = (
    Shape(
        name="library",
        medium=Medium.JSON,
        suffixes=(".json",),
        required=frozenset({"data.viewer.libraryEntries.nodes[].work.annictId"}),
        refusal=NO_RATINGS,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Nothing: every shape is refused."""
    return iter(())


ADAPTER = Adapter(
    name="annict",
    title="Annict",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="annict.com gives out no ratings; its library is recognised and refused.",
)
