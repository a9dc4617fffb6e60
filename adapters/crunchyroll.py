"""Crunchyroll: ratings as crunchyroll-migrate writes them, which are refused.

The site gives out no file of ratings (formats-anime.md 13). The script's ratings are words, OneStar to FiveStars,
of whole series with all their seasons; they have no dates and no years, and ids in letters, which cannot be sent.
"""

from __future__ import annotations

from importer.adapter import (
    Adapter,
    Evidence,
    json_shape,
    no_records,
)

ONLY_WORDS = (
    "These ratings of Crunchyroll are words for whole series, without a year and with ids that Simkl does not "
    "know. Write them into a table with the columns rating (1 to 10), title, year and type."
)

SHAPES = (
    json_shape(
        name="ratings",
        required=frozenset(
            {"metadata.profile_name", "items[].content_id", "items[].content_type", "items[].rating"}
        ),
        refusal=ONLY_WORDS,
    ),
)


ADAPTER = Adapter(
    name="crunchyroll",
    title="Crunchyroll",
    shapes=SHAPES,
    parse=no_records,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="crunchyroll.com gives out no ratings; those of crunchyroll-migrate are recognised and refused.",
)
