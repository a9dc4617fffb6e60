"""Netflix: stars and thumbs, whose they are, and rows that say neither movie nor show."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from adapters.netflix import ADAPTER
from importer.adapter import Code, Document, Moment, Reject
from importer.intake.identify import Unidentified, identify
from tests.commanding import run

HEADER = "Profile Name,Title Name,Rating Type,Star Value,Thumbs Value,Device Model,Event Utc Ts,Region View Date"


def shape_of(header: str, name: str = "some.csv") -> str:
    """The shape that a file with this header is identified as."""
    return identify(Document(name, f"{header}\n".encode()), [ADAPTER]).shape.name


def rejects(*rows: str) -> list[Reject]:
    """All records of a file of `rows`, none of which can be a rating."""
    file = Document("Ratings.csv", "\n".join((HEADER, *rows, "")).encode())
    found = list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))
    assert all(isinstance(record, Reject) for record in found)
    return [record for record in found if isinstance(record, Reject)]


def test_a_thumb() -> None:
    """It is worth what the person's config says, and asks for movie or show."""
    (found,) = rejects("Marlowe,Haunted,thumb,0,2,Chrome,2021-10-31 22:14:09,2021-10-31")
    assert (found.code, found.kind, found.title) == (Code.UNKNOWN_TYPE, None, "Haunted")
    assert (found.score, found.scale) == ("2", "thumbs")
    assert found.detail == "profile 'Marlowe'; Netflix does not tell movies from shows"
    assert found.moment == Moment("2021-10-31 22:14:09", "utc", "Event Utc Ts")


def test_stars_with_thumbs_beside_them_are_stars() -> None:
    """The rating type says which column counts."""
    (found,) = rejects("Inês,Stranger Things,star,5,2,PS4,2016-07-30 02:11:37,2016-07-29")
    assert (found.code, found.score, found.scale) == (Code.UNKNOWN_TYPE, "5", "stars-5")


def test_a_title_rated_twice_is_two_records() -> None:
    """Stars in 2016 and thumbs in 2019: the merge lets one of them speak."""
    stars, thumbs = rejects(
        "Inês,You,star,4,2,PS4,2016-07-30 02:11:37,2016-07-29",
        "Inês,You,thumb,0,1,PS4,2019-07-06 23:15:10,2019-07-07",
    )
    assert [(found.score, found.scale) for found in (stars, thumbs)] == [("4", "stars-5"), ("1", "thumbs")]


@pytest.mark.parametrize("cells", ["star,0,0", "star,-2,0", "thumb,0,0", "thumb,3,", "star,,2"])
def test_none_and_not_interested_are_quiet(cells: str) -> None:
    """0, nothing and negative stars are no ratings; the other column does not fill in."""
    (found,) = rejects(f"Kinder,Peppa Pig,{cells},PS4,2018-03-05 08:12:44,2018-03-05")
    assert (found.code, found.detail) == (Code.UNRATED, "profile 'Kinder'")


def test_what_was_not_interesting_keeps_its_value() -> None:
    """The report shows what the file said."""
    (found,) = rejects("Kinder,Sonic Prime,star,-2,0,PS4,2016-08-01 07:00:00,2016-08-01")
    assert found.score == "-2"


@pytest.mark.parametrize("cells", ["star,6,0", "star,4.5,0", "thumb,0,4", "thumb,0,up"])
def test_scores_off_the_scale(cells: str) -> None:
    """Stars are whole, thumbs go to 3."""
    (found,) = rejects(f"Kinder,Peppa Pig,{cells},PS4,2018-03-05 08:12:44,2018-03-05")
    assert found.code is Code.BAD_SCORE
    assert found.detail.startswith("profile 'Kinder'; ")


def test_an_unknown_rating_type_is_not_guessed_at() -> None:
    """Neither column is taken for it."""
    (found,) = rejects("Kinder,Peppa Pig,percent,5,2,PS4,2018-03-05 08:12:44,2018-03-05")
    assert (found.code, found.score, found.scale) == (Code.BAD_SCALE, "", "")
    assert found.detail == "profile 'Kinder'; the rating type reads 'percent', which is neither star nor thumb"


def test_the_profile_may_be_any_text() -> None:
    """Profiles are named by people, children among them."""
    (found,) = rejects('"  O\'Neil,\n Jr ",You,thumb,0,1,PS4,2019-07-06 23:15:10,2019-07-07')
    assert found.detail == 'profile "O\'Neil, Jr"; Netflix does not tell movies from shows'


def test_each_row_names_its_profile() -> None:
    """Which --profile chooses by, however the name is spaced."""
    rows = (
        "Marlowe,You,thumb,0,1,PS4,2019-07-06 23:15:10,",
        '" Les  enfants ",Haunted,star,4,0,PS4,2016-08-01 07:00:00,',
    )
    assert [found.profile for found in rejects(*rows)] == ["Marlowe", "Les enfants"]


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        (HEADER, "ratings"),
        ("Profile Name,Title Name,Country,Utc Title Add Date", "list"),
        ("Profile Name,Start Time,Duration,Attributes,Title", "viewing-activity"),
        ("Title,Date", "viewing-history"),
    ],
)
def test_files_of_the_download(header: str, shape: str) -> None:
    """Only one of them holds ratings, the others are refused with a sentence."""
    assert shape_of(header) == shape
    refusal = next(known.refusal for known in ADAPTER.shapes if known.name == shape)
    assert ("Ratings.csv" in refusal) is (shape != "ratings")


@pytest.mark.parametrize("header", ["Title,Date,Rating", "Title,Date,Year", "Title,Type,Date"])
def test_other_tables_with_title_and_date_are_left_alone(header: str) -> None:
    """The viewing history has two columns and no more."""
    with pytest.raises(Unidentified):
        shape_of(header)


# --- leftovers --------------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a table that a run wrote."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_leftovers_need_nothing_but_the_kind(tmp_path: Path) -> None:
    """What stars are worth and when they were given stands in leftovers.csv; a word in `kind` makes a rating."""
    row = "Marlowe,Dracula,star,4,0,PS4,2015-02-14 20:30:00,2015-02-14"
    (tmp_path / "Ratings.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    assert run(["preview", "Ratings.csv", "-o", "report"], tmp_path).returncode == 1
    (left,) = table(tmp_path / "report" / "leftovers.csv")
    assert (left["code"], left["kind"], left["title"]) == ("unknown-type", "", "Dracula")
    assert (left["rating"], left["rated_at"]) == ("8", "2015-02-14T20:30:00Z")

    with (tmp_path / "repaired.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, left)
        writer.writeheader()
        writer.writerow({**left, "kind": "show", "year": "2013"})
    assert run(["preview", "repaired.csv", "-o", "again"], tmp_path).returncode == 0
    (sent,) = table(tmp_path / "again" / "outcomes.csv")
    assert (sent["outcome"], sent["kind"], sent["title"], sent["year"]) == ("pending", "show", "Dracula", "2013")
    assert (sent["rating"], sent["rated_at"], sent["rated_from"]) == ("8", "2015-02-14T20:30:00Z", "Event Utc Ts")
