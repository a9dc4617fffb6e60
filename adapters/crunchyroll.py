"""Crunchyroll: ratings as crunchyroll-migrate writes them, which are refused.

The site gives out no file of ratings (formats-anime.md 13). The script's ratings are words, OneStar to FiveStars,
of whole series with all their seasons; they have no dates and no years, and ids in letters, which cannot be sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from importer.adapter import Adapter, Document, Evidence, Medium, Record, Shape

ONLY_WORDS = (
    "These ratings of Crunchyroll are words for whole series, without a year and with ids that Simkl does not "
    "know. Write them into a table with the columns rating (1 to 10), title, year and type."
)

SHAPES = (
    Shape(
        name="ratings",
        medium=Medium.JSON,
        suffixes=(".json",),
        required=frozenset(
            {"metadata.profile_name", "items[].content_id", "items[].content_type", "items[].rating"}
        ),
        refusal=ONLY_WORDS,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Nothing: every shape is refused."""
    return iter(())


ADAPTER = Adapter(
    name="crunchyroll",
    title="Crunchyroll",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="crunchyroll.com gives out no ratings; those of crunchyroll-migrate are recognised and refused.",
)
