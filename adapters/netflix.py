"""Netflix: CONTENT_INTERACTION/Ratings.csv of the data download (netflix.com/account/getmyinfo).

- Stars until spring 2017, thumbs since; a title may stand twice, once with each. The kind of a row decides which
  column counts, for rows of stars have thumbs beside them. 0 is none, a negative value "not interested".
- No ids, no year, no word on movie or show: every rated row asks the person, who may repair it in leftovers.csv.
- All profiles of the account share the file and each row names its own: --profile chooses one. Times are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Code,
    Document,
    Evidence,
    Locator,
    Moment,
    Record,
    Reject,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

SCORES = {"star": ("star value", "stars-5"), "thumb": ("thumbs value", "thumbs")}
_NOT_INTERESTED = re.compile(r"-[1-9]", re.ASCII)
ELSEWHERE = (
    "The ratings are in CONTENT_INTERACTION/Ratings.csv of the data download (netflix.com/account/getmyinfo)."
)
RATED = frozenset({"rating type", "star value", "thumbs value"})
OTHERS = frozenset({"name", "type", "kind", "year", "rating", "score", "your rating", "status", "url", "id"})

SHAPES = (
    csv_shape(
        name="ratings",
        required=RATED | {"profile name", "title name", "event utc ts"},
        optional=frozenset({"device model", "region view date"}),
    ),
    csv_shape(
        name="list",
        required=frozenset({"profile name", "title name"}),
        forbidden=RATED,
        refusal=f"A list of titles from Netflix, without ratings. {ELSEWHERE}",
    ),
    csv_shape(
        name="viewing-activity",
        required=frozenset({"profile name", "start time", "duration", "title"}),
        refusal=f"The viewing activity of Netflix, without ratings. {ELSEWHERE}",
    ),
    csv_shape(
        name="viewing-history",
        required=frozenset({"title", "date"}),
        forbidden=OTHERS,
        file_names=("netflix",),
        refusal=f"The viewing history of Netflix, without ratings. {ELSEWHERE}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Stars and thumbs of every profile, none of which can be sent as they are."""
    return each_row(document, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    profile = f"profile {' '.join(cells['profile name'].split())[:60]!r}"  # as the report shows it
    rating_type = cells["rating type"].strip()
    column, scale = SCORES.get(rating_type.lower(), ("star value", ""))
    score = cells[column].strip()
    record = rating_or_reject(
        locator,
        kind=None,
        score="" if _NOT_INTERESTED.fullmatch(score) else score,
        scale=scale or "thumbs",
        title=cells["title name"],
        moment=Moment(cells["event utc ts"], "utc", "Event Utc Ts"),
        profile=cells["profile name"],
    )
    assert isinstance(record, Reject)
    if not scale:
        detail = f"{profile}; the rating type reads {rating_type[:40]!r}, which is neither star nor thumb"
        return record._replace(code=Code.BAD_SCALE, detail=detail, score="", scale="")
    detail = "Netflix does not tell movies from shows" if record.code is Code.UNKNOWN_TYPE else record.detail
    return record._replace(detail=f"{profile}; {detail}" if detail else profile, score=score)


ADAPTER = Adapter(
    name="netflix",
    title="Netflix",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="netflix.com/account/getmyinfo: request your information; the zip holds CONTENT_INTERACTION/Ratings.csv.",
)
