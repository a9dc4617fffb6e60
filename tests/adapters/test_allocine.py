"""AlloCiné: title, stars and review, and nothing that names a film."""

from __future__ import annotations

import pytest

from adapters.allocine import ADAPTER
from adapters.letterboxd import ADAPTER as LETTERBOXD
from adapters.rateport import ADAPTER as PLAIN
from importer.adapter import Code, Document, Kind, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify


def records(*rows: str) -> list[Record]:
    """What a file of `rows` gives."""
    file = Document("allocine.csv", "\n".join(("Title,Rating,Review", *rows, "")).encode())
    claim = identify(file, [LETTERBOXD, PLAIN, ADAPTER])
    assert claim.word == "allocine:converter"
    return list(ADAPTER.parse(file, claim.shape))


def test_half_stars_without_a_year() -> None:
    """There is neither id nor date; a review may take several lines."""
    (found,) = records('"Le Bon, la Brute et le Truand",4.5,"Vu deux fois.\nEncore."')
    assert isinstance(found, Rating)
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Le Bon, la Brute et le Truand", None)
    assert (found.score, found.scale, found.ids, found.moment) == ("4.5", "stars-5-halves", {}, None)


def test_a_column_past_five_is_not_allocines() -> None:
    """A table of someone's own may have the same three columns: no score of it is doubled."""
    found = records("Heat,9,", "Ran,8.5,", "Alien,4,")
    assert [record.code for record in found if isinstance(record, Reject)] == [Code.BAD_SCALE] * 3


@pytest.mark.parametrize("column", ["Year", "Type", "Date", "imdb", "Scale"])
def test_tables_that_say_more_are_left_alone(column: str) -> None:
    """AlloCiné's have three columns."""
    with pytest.raises(Unidentified):
        identify(Document("x.csv", f"Title,Rating,Review,{column}\n".encode()), [ADAPTER])
