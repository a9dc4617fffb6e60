"""Listal: the XML behind Export on listal.com, one file for movies and one for TV.

- An RSS feed; `rating`, `imdb`, `listtype` and `notes` stand in Listal's own namespace. 0 means unrated.
- Only the link says what a title is: /movie/ or /tv/. The IMDb id stands without tt, in 7 digits or more.
- `pubDate` is the day of the entry and stands in for that of the rating; its time is hours off, so that only the
  day is read. Whether a title is owned or wanted says nothing of the rating.
"""

from __future__ import annotations

import re
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
    each_element,
    imdb_id,
    marks,
    rating_or_reject,
    title_and_year,
    xml_shape,
)

ITEM = "rss/channel/item"
KINDS = {"movie": Kind.MOVIE, "tv": Kind.SHOW}
_KIND = re.compile(r"listal\.com/(movie|tv)/")
_RFC_822 = re.compile(r"(?:[A-Z][a-z]{2}, )?(\d{1,2} [A-Z][a-z]{2} \d{4}) \d{2}:\d{2}(?::\d{2})? \S+", re.ASCII)

SHAPES = (
    xml_shape(
        name="xml",
        required=marks(f"{ITEM}/", "title", "link", "rating", "listtype"),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per entry."""
    return each_element(document, ITEM, _record)


def _record(locator: Locator, cells: Cells) -> Record:
    title, year = title_and_year(cells["title"])
    word, published = _KIND.search(cells["link"]), _RFC_822.fullmatch(cells["pubDate"])
    return rating_or_reject(
        locator,
        kind=KINDS[word[1]] if word else None,
        type_text=cells["link"],
        score=cells["rating"],
        scale="1 to 10",
        title=title,
        year=year,
        raw_ids={"imdb": imdb_id(cells["imdb"])},
        moment=Moment(published[1] if published else cells["pubDate"], "named", "pubDate", stand_in=True),
    )


ADAPTER = Adapter(
    name="listal",
    title="Listal",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="On listal.com open your movies (or TV) and press Export to XML; do it for each of the two.",
)
