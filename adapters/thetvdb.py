"""TheTVDB: saved answers of the XML API that the site closed; there is no export.

- Of a person's ratings, `UserRating` is their own, 0 to 10, and `CommunityRating` everybody's. They hold the
  series' id and nothing else: no title, no date.
- Favorites are a list of ids without a score, and no rating (formats-western.md 2.5).
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
    Record,
    Shape,
    each_element,
    marks,
    rating_or_reject,
    xml_shape,
)

SHAPES = (
    xml_shape(name="ratings", required=marks("Data/Series/", "seriesid", "UserRating")),
    xml_shape(
        name="favorites",
        required=frozenset({"Favorites/Series"}),
        refusal="These are favorites of TheTVDB, without ratings; the site has no export that holds any. A table "
        "of your own with the columns rating (1 to 10), title, year, type and tvdb can be read instead.",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per series."""
    return each_element(document, "Data/Series", _record)


def _record(locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.SHOW,
        score=cells["UserRating"],
        scale="1 to 10",
        raw_ids={"tvdb": cells["seriesid"]},
    )


ADAPTER = Adapter(
    name="thetvdb",
    title="TheTVDB",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="thetvdb.com has no export of ratings; only saved answers of its old XML API can be read.",
)
