"""Files that a person spoiled, or could have: one table for each family, by file name, with the end each must take.

A family is a dict: the name of the file -> its bytes and their end. An end is written as the preview shows it:
`"Heat 7; Alien bad-score; Jaws 8 undated"` for a file that is read, one part for each record in file order, or a
part of the sentence with which the file is refused. The titles of `FACTS` are rated alike wherever they stand: an
accepted row that gives one of them another rating, id, year or date is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FACTS: Mapping[str, Mapping[str, str]] = {
    "Heat": {"imdb": "tt0113277", "tmdb": "949", "year": "1995", "rated_at": "2018-03-03", "rating": "7"},
    "Alien": {"imdb": "tt0078748", "tmdb": "348", "year": "1979", "rated_at": "2019-05-04", "rating": "9"},
    "Jaws": {"imdb": "tt0073195", "tmdb": "578", "year": "1975", "rated_at": "2020-01-02", "rating": "8"},
    "Amélie": {"imdb": "tt0211915", "tmdb": "194", "year": "2001", "rated_at": "2020-02-29", "rating": "10"},
    "The Wire": {"imdb": "tt0306414", "tmdb": "1438", "year": "2002", "rated_at": "2021-07-01", "rating": "10"},
    "Akira": {"mal": "47", "anilist": "47", "anidb": "28", "rated_at": "2018-03-03", "rating": "7"},
    "Monster": {"mal": "19", "anilist": "19", "anidb": "2369", "rated_at": "2019-05-04", "rating": "9"},
    "Trigun": {"mal": "6", "anilist": "6", "anidb": "6", "rated_at": "2020-01-02", "rating": "8"},
}
"""What is true of the titles that the files hold, as the columns of outcomes.csv name it."""


class Case(NamedTuple):
    """A file and its end: the records that are read, or else a part of the sentence."""

    data: bytes
    records: str
    sentence: str = ""


Family = Mapping[str, Case]


def read(data: str | bytes, records: str) -> Case:
    """A file that is read."""
    return Case(_bytes(data), records)


def refused(data: str | bytes, sentence: str) -> Case:
    """A file that is refused."""
    return Case(_bytes(data), "", sentence)


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
