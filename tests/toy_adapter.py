"""A small adapter of an invented source, in all three media: the contract suite is tried on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Medium,
    Moment,
    Record,
    Shape,
    dig,
    each_element,
    each_item,
    each_row,
    rating_or_reject,
    text_of,
)

TABLE = Shape(
    name="table",
    medium=Medium.TABLE,
    suffixes=(".csv",),
    required=frozenset({"toy title", "toy score", "toy date", "imdb"}),
    optional=frozenset({"toy year"}),
)
JSON = Shape(
    name="json",
    medium=Medium.JSON,
    suffixes=(".json",),
    required=frozenset({"toys[]", "toys[].toy_score", "toys[].film.imdb"}),
)
XML = Shape(
    name="xml", medium=Medium.XML, suffixes=(".xml",), required=frozenset({"toys/toy/toy_score", "toys/toy/@id"})
)
SHELF = Shape(
    name="shelf",
    medium=Medium.TABLE,
    suffixes=(".csv",),
    required=frozenset({"toy title", "shelved"}),
    refusal="A shelf holds no ratings; export the ratings instead.",
)

SAMPLES = {
    "toys.csv": (
        "Toy Title,Toy Year,Toy Score,Toy Date,imdb\r\n"
        '"Amélie, or the fabulous destiny",2001,8,2019-05-04,tt0211915\r\n'
        "Fight Club,1999,9,2019-05-05,tt0137523\r\n"
        "Alien,1979,,2019-05-06,tt0078748\r\n"
        "The Matrix,1999,10,2019-05-07,tt0133093\r\n"
        "Short row,1999\r\n"
    ),
    "resaved.csv": (
        "sep=;\nToy Title;Toy Year;Toy Score;Toy Date;imdb\n"
        '"Two\nlines";2001;8;2019-05-04;tt0211915\n'
        '"Bad"quote;1999;9;2019-05-05;tt0137523\n'
        ";;;;\n"
        "Alien; 1979 ;7;;tt0078748\n"
    ),
    "toys.json": (
        '{"owner": "someone", "tags": ["x", true, null], "toys": ['
        '{"toy_score": 8, "at": "2019-05-04T10:00:00Z", '
        '"film": {"name": "Amélie", "genres": ["comedy"], "year": 2001, "imdb": "tt0211915"}},'
        '{"toy_score": 9, "at": "2019-05-05T11:00:00Z", "film": {"name": "Fight Club", "imdb": "tt0137523"}}]}'
    ),
    "toys.xml": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<toys><toy id="tt0211915"><name>Amélie</name>'
        "<toy_score>8</toy_score><at>2019-05-04</at></toy>"
        '<toy id="tt0137523"><name>Fight Club</name><toy_score>9</toy_score><at>2019-05-05</at></toy></toys>\n'
    ),
    "shelf.csv": "Toy Title,Shelved\r\nAlien,2019-05-06\r\n",
}


def row(locator: Locator, cells: Cells) -> Record:
    """One row of the table."""
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["toy score"],
        scale="1 to 10",
        title=cells["toy title"],
        year=cells["toy year"],
        raw_ids={"imdb": cells["imdb"]},
        moment=Moment(cells["toy date"], "day", "Toy Date") if cells["toy date"] else None,
    )


def item(locator: Locator, found: dict[str, object]) -> Record:
    """One element of the JSON list."""
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=text_of(found.get("toy_score")),
        scale="1 to 10",
        title=text_of(dig(found, "film", "name")),
        year=text_of(dig(found, "film", "year")),
        raw_ids={"imdb": text_of(dig(found, "film", "imdb"))},
        moment=Moment(text_of(found["at"]), "utc", "at") if text_of(found.get("at")) else None,
    )


def element(locator: Locator, cells: Cells) -> Record:
    """One element of the XML file."""
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE,
        score=cells["toy_score"],
        scale="1 to 10",
        title=cells["name"],
        raw_ids={"imdb": cells["@id"]},
        moment=Moment(cells["at"], "day", "at") if cells["at"] else None,
    )


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """All records of a toy export."""
    if shape.medium is Medium.TABLE:
        return each_row(document, row)
    if shape.medium is Medium.JSON:
        return each_item(document, "toys[]", item)
    return each_element(document, "toys/toy", element)


def write_samples(folder: Path, *names: str) -> Path:
    """The toy's samples, all or the named ones, in `folder`."""
    folder.mkdir(exist_ok=True)
    for name in names or SAMPLES:
        (folder / name).write_bytes(SAMPLES[name].encode())
    return folder


ADAPTER = Adapter(
    name="toy",
    title="Toy",
    shapes=(TABLE, JSON, XML, SHELF),
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="Toy > Settings > Export.",
)


def _parse_in_zone(document: Document, shape: Shape) -> Iterator[Record]:
    for record in parse(document, shape):
        yield record._replace(title=os.environ.get("TZ", ""))


IN_ZONE = replace(ADAPTER, parse=_parse_in_zone)
