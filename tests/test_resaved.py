"""Leftovers come back from any spreadsheet: saved in a dozen forms they are the same rows, and can be repaired."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from importer.config import Settings
from importer.preparing import Request, prepare
from importer.sandbox.settings import SandboxSettings
from importer.stages import frame as frames
from importer.vocabulary.cells import restored
from importer.vocabulary.ids import SENDABLE
from tests.clock import FakeClock
from tests.migrating import Migration, table

pytestmark = pytest.mark.promise("P8")

Table = list[list[str]]
Save = Callable[[Table], bytes]
EXPORT = (
    '"Amélie, the film",2001,movie,9,2020-01-02,tt7777771,,',
    '"Say ""Anything""; please",1989,movie,8.5,2020-01-03,tt7777772,,',
    "=1+1,1999,movie,7,2020-01-04T05:06:07Z,tt7777773,,",
    "Über uns,2011,show,6,,tt7777774,,",
    "-30-,1959,movie,twelve,2020-01-05,tt1375666,,",
    "Nightingale – the Rose,2018,film noir,5,2020-01-06,tt4068576,,",
    "Nobody knows,,movie,4,2020-01-07,,,",
    "Old date,1950,movie,3,1931-05-11,tt7777775,,",
    "Fight Club,1999,movie,10,2020-01-08,tt0137523,,",
)
"""Not found at Simkl, or rejected for type, score or want of an id; the last one arrives."""
FACTS = (
    *("kind", "anime", "season", "episode", "title", "year", "score_text", "scale", "rating", "rated_at"),
    *("rated_precision", "rated_from", "outcome", "code", *(f"id_{space}" for space in SENDABLE)),
)


def saved(
    rows: Table, delimiter: str = ",", end: str = "\r\n", encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL
) -> bytes:
    """A table as a spreadsheet writes it."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue().encode(encoding)


def widened(rows: Table) -> Table:
    """Two columns without a name behind the last."""
    return [[*row, "", ""] for row in rows]


def lengthened(rows: Table) -> Table:
    """Three rows without content behind the last."""
    return [*rows, *([""] * len(rows[0]) for _ in range(3))]


def turned(rows: Table) -> Table:
    """The columns in the order of their names."""
    order = sorted(range(len(rows[0])), key=lambda place: rows[0][place])
    return [[row[place] for place in order] for row in rows]


def narrowed(rows: Table) -> Table:
    """Without the columns that are there for reading only."""
    kept = [
        place for place, name in enumerate(rows[0]) if name not in ("reason", "line", "file", "shape", "source")
    ]
    return [[row[place] for place in kept] for row in rows]


def shouted(rows: Table) -> Table:
    """Names of columns in capitals, with blanks around."""
    return [[f" {name.upper()} " for name in rows[0]], *rows[1:]]


FORMS: Mapping[str, Save] = {
    "as it was": lambda rows: saved(rows, encoding="utf-8-sig", quoting=csv.QUOTE_ALL),
    "semicolons": lambda rows: saved(rows, delimiter=";"),
    "semicolons, BOM": lambda rows: saved(rows, delimiter=";", encoding="utf-8-sig"),
    "semicolons, Windows-1252": lambda rows: saved(rows, delimiter=";", encoding="cp1252"),
    "tabs": lambda rows: saved(rows, delimiter="\t"),
    "tabs, UTF-16": lambda rows: saved(rows, delimiter="\t", encoding="utf-16"),
    "LF": lambda rows: saved(rows, end="\n"),
    "CR": lambda rows: saved(rows, end="\r"),
    "no BOM": lambda rows: saved(rows),
    "Windows-1252": lambda rows: saved(rows, encoding="cp1252"),
    "UTF-16": lambda rows: saved(rows, encoding="utf-16"),
    "everything quoted": lambda rows: saved(rows, quoting=csv.QUOTE_ALL),
    "no end of the last line": lambda rows: saved(rows).removesuffix(b"\r\n"),
    "Excel's line": lambda rows: b"sep=;\r\n" + saved(rows, delimiter=";"),
    "empty columns": lambda rows: saved(widened(rows)),
    "empty rows": lambda rows: saved(lengthened(rows)),
    "columns reordered": lambda rows: saved(turned(rows)),
    "columns taken out": lambda rows: saved(narrowed(rows)),
    "names in capitals": lambda rows: saved(shouted(rows)),
}


def imported(folder: Path) -> Migration:
    """An import that leaves rows of every kind."""
    migration = Migration(folder, sandbox=SandboxSettings(strict_catalogue=True))
    assert migration.run(table(folder / "mine.csv", EXPORT)).exit_code == 1
    return migration


def leftovers(migration: Migration) -> Table:
    """leftovers.csv, its header first."""
    text = (migration.home / "report" / "leftovers.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def read_back(path: Path) -> list[tuple[object, ...]]:
    """What a file says of every row."""
    frame = prepare(Request(paths=[path]), Settings(), FakeClock()).material.frame
    return list(zip(*(frames.column(frame, name) for name in FACTS), strict=True))


def test_there_are_a_dozen_forms() -> None:
    """All of them different files."""
    rows = [["title", "rating"], ["Amélie", "9"]]
    assert len({save(rows) for save in FORMS.values()}) >= 12


@pytest.mark.parametrize("form", FORMS)
def test_leftovers_saved_again_are_the_same_rows(tmp_path: Path, form: str) -> None:
    """Every row with the title, ids, rating, date and code that it had."""
    migration = imported(tmp_path)
    path = migration.home / "report" / "leftovers.csv"
    again = tmp_path / "again.csv"
    again.write_bytes(FORMS[form](leftovers(migration)))
    rows = read_back(path)
    assert len(rows) == 8
    assert read_back(again) == rows


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=[pytest.mark.torture] * bool(place % 4)) for place, form in enumerate(FORMS)]
)
def test_a_row_repaired_there_arrives_and_the_others_stay(tmp_path: Path, form: str) -> None:
    """An id and a score are mended; the rest is left over once more, for the same reasons."""
    migration = imported(tmp_path)
    rows = leftovers(migration)
    before = reasons(rows)
    mend(rows, "-30-", "rating", "8")
    mend(rows, "Amélie, the film", "imdb", "tt0133093")
    (tmp_path / "again.csv").write_bytes(FORMS[form](rows))
    result = migration.run(tmp_path / "again.csv")
    assert result.to_json()["records"] == 8
    mended = {"-30-", "Amélie, the film"}
    assert reasons(leftovers(migration)) == {name: code for name, code in before.items() if name not in mended}
    assert migration.account() == {
        "tt0137523": (10, "2020-01-08"),
        "tt0133093": (9, "2020-01-02"),
        "tt1375666": (8, "2020-01-05"),
    }


def reasons(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The codes of the rows, by title."""
    title, code = rows[0].index("title"), rows[0].index("code")
    return {restored(row[title]): row[code] for row in rows[1:]}


def mend(rows: Table, title: str, column: str, cell: str) -> None:
    """Write into the cell of the row of that title."""
    (row,) = (row for row in rows if restored(row[rows[0].index("title")]) == title)
    row[rows[0].index(column)] = cell


@pytest.mark.parametrize("score", ["twelve", "8.5", "11"])
def test_a_score_that_is_mended_keeps_the_date_of_its_rating(tmp_path: Path, score: str) -> None:
    """What was wrong with the score is no reason to date the rating today."""
    migration = Migration(tmp_path)
    migration.run(table(tmp_path / "mine.csv", [f"Inception,2010,movie,{score},2020-01-05,tt1375666,,"]))
    rows = leftovers(migration)
    mend(rows, "Inception", "rating", "8")
    (tmp_path / "again.csv").write_bytes(saved(rows))
    migration.run(tmp_path / "again.csv")
    assert migration.account() == {"tt1375666": (8, "2020-01-05")}


def test_a_thumb_that_is_rated_by_hand_keeps_its_date(tmp_path: Path) -> None:
    """So it is with scores that were worth nothing yet."""
    migration = Migration(tmp_path)
    file = tmp_path / "mine.csv"
    file.write_text(
        "title,year,type,rating,scale,rated_at\nInception,2010,movie,2,thumbs,2020-01-05\n", encoding="utf-8"
    )
    migration.run(file)
    rows = leftovers(migration)
    assert reasons(rows) == {"Inception": "bad-scale"}
    mend(rows, "Inception", "rating", "9")
    (tmp_path / "again.csv").write_bytes(saved(rows))
    migration.run(tmp_path / "again.csv")
    assert [day for _, day in migration.account().values()] == ["2020-01-05"]
