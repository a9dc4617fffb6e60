"""Annict: its library as a dump of the API, which is refused because it holds no ratings.

Ratings exist there only as words on records and reviews, which no file seen holds (formats-anime.md 10).
"""

from __future__ import annotations

from importer.adapter import (
    Adapter,
    Evidence,
    json_shape,
    no_records,
)

NO_RATINGS = (
    "Annict's library tells what was watched and holds no ratings. Nothing that Annict hands out is known to hold "
    "them; write them into a table with the columns rating, title, year, type and mal."
)

SHAPES = (
    json_shape(
        name="library",
        required=frozenset({"data.viewer.libraryEntries.nodes[].work.annictId"}),
        refusal=NO_RATINGS,
    ),
)


ADAPTER = Adapter(
    name="annict",
    title="Annict",
    shapes=SHAPES,
    parse=no_records,
    evidence=Evidence.REAL_EXPORT,
    help="annict.com gives out no ratings; its library is recognised and refused.",
)
