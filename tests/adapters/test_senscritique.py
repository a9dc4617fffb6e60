"""SensCritique: ten points in Letterboxd's columns, with the day on which a title was seen."""

from __future__ import annotations

import pytest

from adapters.filmaffinity import ADAPTER as FILMAFFINITY
from adapters.letterboxd import ADAPTER as LETTERBOXD
from adapters.senscritique import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Reject
from importer.intake.identify import identify

HEADER = "Title,Year,Rating10,WatchedDate"


def word_of(header: str) -> str:
    """What a file with this header is taken for."""
    return identify(Document("films.csv", f"{header}\n".encode()), [FILMAFFINITY, LETTERBOXD, ADAPTER]).word


def test_ten_points() -> None:
    """Not halved, not doubled; the day of watching stands in."""
    file = Document("films.csv", f"{HEADER}\nParasite,2019,9,2019-06-12\nTenet,2020,,2020-08-28\n".encode())
    found, unrated = ADAPTER.parse(file, identify(file, [ADAPTER]).shape)
    assert isinstance(found, Rating)
    assert (found.kind, found.is_kind_sure, found.title, found.year) == (Kind.MOVIE, False, "Parasite", 2019)
    assert (found.score, found.scale) == ("9", "1 to 10")
    assert found.moment == Moment("2019-06-12", "day", "WatchedDate", stand_in=True)
    assert isinstance(unrated, Reject)
    assert unrated.code is Code.UNRATED


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (HEADER, "senscritique:converter"),
        ("Title,Year,Directors,Rating10,WatchedDate,Review", "senscritique:converter"),
        (f"imdbID,{HEADER}", "letterboxd:import"),
        (f"{HEADER},Rewatch", "letterboxd:import"),
        ("Title,Year,Directors,WatchedDate,Rating,Rating10", "filmaffinity:fa-scraper"),
    ],
)
def test_files_for_letterboxds_importer_are_told_apart(header: str, word: str) -> None:
    """The score alone on ten points, and no ids."""
    assert word_of(header) == word
