"""Files that hold the ratings of several people: --profile says whose are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from importer.adapter import Code, Kind, Locator, Rating, Record, Reject
from importer.stages.normalization import Normalization
from importer.stages.normalize import normalize
from importer.stages.slices import Parsed
from importer.vocabulary.errors import InputError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def rating(line: int, profile: str = "") -> Rating:
    """A rating of `profile`."""
    return Rating(Locator(line), Kind.MOVIE, "8", "1 to 10", title="Heat", year=1995, profile=profile)


def unread(line: int, profile: str, code: Code) -> Reject:
    """A record that could not be read."""
    return Reject(Locator(line), title="Heat", profile=profile, code=code)


def document(*records: Record, digest: str = "a" * 64, asks_profile: bool = False) -> Parsed:
    """A file of `records`."""
    return Parsed("Ratings.csv", digest, "netflix", "ratings", 0, records, asks_profile)


def outcomes(profile: str, *documents: Parsed) -> list[tuple[str, str | None, str | None]]:
    """Outcome, code and detail of every row."""
    frame = normalize(documents, Normalization(now=NOW, profile=profile))
    rows = zip(frame["outcome"], frame["code"].fillna(""), frame["detail"].fillna(""), strict=True)
    return [tuple(row) for row in rows]


def told(file: Parsed) -> tuple[str, ...]:
    """What is said of the document as a whole once it is read."""
    outcomes("", file)
    return file.heard.sentences


def test_rows_of_others_are_filtered() -> None:
    """Quietly, whatever else is wrong with them; every row keeps its outcome."""
    file = document(rating(2, "Inês"), rating(3, "Marlowe"), unread(4, "Marlowe", Code.UNKNOWN_TYPE))
    assert outcomes("Inês", file) == [
        ("pending", "", ""),
        ("rejected", "filtered", "--profile leaves 'Marlowe' out"),
        ("rejected", "filtered", "--profile leaves 'Marlowe' out"),
    ]


@pytest.mark.parametrize("asked", ["inês", "  Inês ", "INÊS"])
def test_the_name_is_compared_as_people_type_it(asked: str) -> None:
    """In any case, without the blanks around it."""
    assert outcomes(asked, document(rating(2, "Inês"), rating(3, "Marlowe")))[0] == ("pending", "", "")


def test_without_a_choice_all_are_read() -> None:
    """The preview names who there is."""
    file = document(rating(2, "Inês"), rating(3, "Marlowe"), rating(4, "Inês"))
    assert [outcome for outcome, _, _ in outcomes("", file)] == ["pending"] * 3
    assert file.heard.profiles == ("Inês", "Marlowe")
    assert file.heard.sentences == ("ratings of 2 people, --profile reads one: Inês, Marlowe",)


def test_files_without_profiles_are_one_persons() -> None:
    """A choice for one file leaves the others alone."""
    files = document(rating(2, "Inês")), document(rating(2), rating(3), digest="b" * 64)
    assert [outcome for outcome, _, _ in outcomes("Inês", *files)] == ["pending"] * 3
    assert [outcome for outcome, _, _ in outcomes("Nobody", files[1])] == ["pending"] * 2


def test_a_row_of_nobody_is_not_the_chosen_ones() -> None:
    """In a file of profiles; a row that could not be read at all keeps its own reason."""
    file = document(rating(2, "Inês"), rating(3), unread(4, "", Code.BAD_ROW))
    assert outcomes("Inês", file)[1:] == [
        ("rejected", "filtered", "--profile leaves rows without a profile out"),
        ("rejected", "bad-row", ""),
    ]


def test_a_profile_that_there_is_not_is_an_error_that_names_the_others() -> None:
    """A slip of the keys would leave everything out in silence."""
    file = document(*(rating(line, f"P{line}") for line in range(2, 16)))
    with pytest.raises(InputError, match=r"^--profile Ines: there are only P2, P3, .*P13 and 2 more\.$"):
        outcomes("Ines", file)


def test_ratings_of_many_people_wait_for_a_choice() -> None:
    """A research set is nobody's account; one person's part of it is."""
    many = document(rating(2, "1"), rating(3, "2"), asks_profile=True)
    assert outcomes("", many) == [("rejected", "filtered", "ratings of 2 people: say whose with --profile")] * 2
    assert [outcome for outcome, _, _ in outcomes("2", many)] == ["rejected", "pending"]
    assert outcomes("", replace(many, records=[rating(2, "1")])) == [("pending", "", "")]


def test_what_holds_for_the_whole_file_is_noted_at_every_rating() -> None:
    """A scale that was told by the file, for instance; a note of one row is its own."""
    first, second = (rating(line)._replace(notes=("read as 0 to 100",)) for line in (2, 3))
    file = document(first, unread(4, "", Code.UNRATED), second._replace(notes=("year left out", *second.notes)))
    assert told(file) == ("read as 0 to 100",)
    assert told(document(rating(2), rating(3))) == ()
    assert told(document(first)) == ()
