"""notify.moe: the CSV export of the anime list.

From notify.moe, your list, Export (formats-anime.md 11); the site sleeps.

- The CSV is written without quotes, so that a title with commas has too many cells: all columns but the title
  hold words and numbers, so whatever is too much belongs to the title. A table saved anew has quotes.
- There are no ids and no years: the title is all that tells a title. `Overall` is the rating, 0 is unrated.
- The JSON has the site's own ids in place of titles, which nothing else knows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import dropwhile

from importer.adapter import (
    Adapter,
    Anime,
    Cells,
    Code,
    Document,
    Evidence,
    Kind,
    Locator,
    Record,
    Reject,
    Shape,
    csv_shape,
    each_row,
    json_shape,
    rating_or_reject,
)

COLUMNS = frozenset({"title", "status", "episodes", "overall", "story", "visuals", "soundtrack"})
NO_TITLES = (
    "The JSON of notify.moe names titles by ids that only it knows. Export the list as CSV, which has the titles."
)
DELIMITERS = ",;\t|"
BEFORE_HEADER = re.compile(r'(?:sep=.)?[\s,;|"]*', re.IGNORECASE)
LINE_END = re.compile("\r\n|\r|\n")  # splitlines would end lines inside titles, too

SHAPES = (
    csv_shape(name="csv", required=COLUMNS, optional=frozenset({"rewatched"})),
    json_shape(
        name="json",
        required=frozenset({"items[].animeId", "items[].rating.overall", "items[].rating.visuals"}),
        refusal=NO_TITLES,
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row, in file order."""
    rows = _rows(document.text)
    _, head = next(rows, (0, ""))
    mark = max(DELIMITERS, key=lambda mark: len(COLUMNS.intersection(_names(head, mark))))
    names = _names(head, mark)
    if not COLUMNS.issubset(names):  # the header stands in several lines, held together by quotes: saved anew
        yield from each_row(document, _record)
        return
    for number, line in rows:
        cells = _cells(line, names.index("title"), len(names), mark)
        if len(cells) < len(names):
            detail = f"{len(cells)} cells where the header has {len(names)}"
            yield Reject(locator=Locator(number), code=Code.BAD_ROW, detail=detail)
        elif any(cells):
            yield _record(Locator(number), Cells.named(dict(zip(names, cells, strict=True))))


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, by number, the header first."""
    numbered = ((number, line) for number, line in enumerate(LINE_END.split(text), start=1) if line.strip())
    return dropwhile(lambda row: BEFORE_HEADER.fullmatch(row[1]), numbered)


def _names(line: str, mark: str) -> list[str]:
    """The names of the columns under this delimiter, as they are compared."""
    with suppress(csv.Error):
        cells = next(csv.reader([line], delimiter=mark))
        return [" ".join(cell.lstrip("\ufeff").split()).casefold() for cell in cells]
    return []


def _cells(line: str, title: int, width: int, mark: str) -> list[str]:
    """The cells of a line: as quotes say when they give the right number, or with all that is too much in the
    one numbered `title`."""
    with suppress(csv.Error):
        quoted = next(csv.reader([line], delimiter=mark, strict=True))
        if len(quoted) == width:
            return quoted
    found = line.split(mark)
    end = title + 1 + max(len(found) - width, 0)
    return [*found[:title], mark.join(found[title:end]), *found[end:]]


def _record(locator: Locator, cells: Cells) -> Record:
    return rating_or_reject(
        locator,
        kind=Kind.SHOW,  # films are not told apart
        score=cells["overall"],
        scale="0 to 10",
        anime=Anime.YES,
        title=cells["title"],
    )


ADAPTER = Adapter(
    name="notifymoe",
    title="notify.moe",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="notify.moe: your anime list, Export, as CSV.",
)
