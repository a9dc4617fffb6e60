"""Verify: whatever is not as it was sent is found, with names, and nothing else is."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from importer.sandbox.faults import FOREVER, Fault, FaultKind
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.errors import ApiError, ConfigError
from importer.vocabulary.sends import Section
from tests.migrating import Migration, lines_of, table
from tests.test_account_difference import READS, answering

STRICT = SandboxSettings(strict_catalogue=True)


def findings(migration: Migration, run: int | None = None) -> list[tuple[str, str]]:
    """Fault and sentence of every finding, without the folder of the file."""
    told = migration.verify(run)
    assert told.exit_code == int(bool(told.values["findings"]))
    folder = f"{migration.home}/"
    return [(each["fault"], each["sentence"].replace(folder, "")) for each in told.values["findings"]]


def _imported(path: Path, *rows: str) -> Migration:
    migration = Migration(path, sandbox=STRICT)
    migration.run(
        table(
            path / "mine.csv",
            [
                "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
                "Chernobyl,2019,show,8,2020-05-04,tt7366338,,",
                "Season 2,,anime,7,2021-01-03,,,25777",
                "Inception,2010,movie,6,,tt1375666,,",
                *rows,
            ],
        )
    )
    return migration


def test_an_import_that_arrived_has_no_findings(tmp_path: Path) -> None:
    """Every rating and date is there, and the exit code is 0."""
    migration = _imported(tmp_path)
    told = migration.verify()
    assert (told.exit_code, told.values["checked"], told.values["findings"]) == (0, 4, [])
    assert lines_of(told).endswith("Read back\n4 titles: every rating and date is there")
    assert migration.log.violations == []


MUTATIONS = {
    "value": (
        "UPDATE library SET rating = 3 WHERE simkl = 1000006",
        ("value", "Fight Club (1999) (mine.csv:2): your account holds 3 of 2021-01-01, sent was 9 of 2021-01-01"),
    ),
    "date": (
        "UPDATE library SET rated_at = '2021-02-02T12:00:00Z' WHERE simkl = 1000103",
        ("date", "Chernobyl (2019) (mine.csv:3): your account holds 8 of 2021-02-02, sent was 8 of 2020-05-04"),
    ),
    "date by a second": (
        "UPDATE library SET rated_at = '2020-05-04T12:00:01Z' WHERE simkl = 1000103",
        (
            "date",
            (
                "Chernobyl (2019) (mine.csv:3): your account holds 8 of 2020-05-04T12:00:01Z, "
                "sent was 8 of 2020-05-04T12:00:00Z"
            ),
        ),
    ),
    "value of an undated rating": (
        "UPDATE library SET rating = 5 WHERE simkl = 1000002",
        ("value", "Inception (2010) (mine.csv:5): your account holds 5 of 2026-09-20, sent was 6"),
    ),
    "rating removed": (
        "UPDATE library SET rating = NULL WHERE simkl = 1000202",
        ("missing", "mal 25777 (mine.csv:4) is not rated in your account"),
    ),
    "title removed": (
        "DELETE FROM library WHERE simkl = 1000006",
        ("missing", "Fight Club (1999) (mine.csv:2) was confirmed, but your account does not show it"),
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_not_as_sent_is_found(tmp_path: Path, name: str) -> None:
    """Just the one title, with its name, its row, what is held and what was sent."""
    migration = _imported(tmp_path)
    statement, finding = MUTATIONS[name]
    with migration.stage.database.writing():
        migration.stage.database.execute(statement)
    assert findings(migration) == [finding]


def test_what_was_not_sent_is_nobodys_business(tmp_path: Path) -> None:
    """Further titles of the account, and lists that were changed, are no findings."""
    migration = _imported(tmp_path)
    migration.put(Section.MOVIES, {"rating": 1, "ids": {"imdb": "tt0111161"}})
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0137523"}}, "dropped")
    assert findings(migration) == []


def test_two_rows_on_one_title_are_named(tmp_path: Path) -> None:
    """The IMDb and the TMDB id of one film, in rows that share nothing, rated differently."""
    migration = _imported(
        tmp_path, "The Matrix,1999,movie,9,2021-01-01,tt0133093,,", "Matrix,,movie,4,2021-02-01,,603,"
    )
    sentence = (
        "The Matrix (1999) (mine.csv:6) and tmdb 603 (mine.csv:7) are one title at Simkl, "
        "The Matrix (1999), simkl 1000001; it holds 4 of 2021-02-01"
    )
    assert findings(migration) == [("shared", sentence)]
    with migration.stage.database.writing():
        migration.stage.database.execute("UPDATE library SET rating = NULL WHERE simkl = 1000001")
    assert [fault for fault, _ in findings(migration)] == ["shared", "missing", "missing"]


def test_a_number_that_was_merged_is_told_from_the_import_on(tmp_path: Path) -> None:
    """An old Simkl number lands on the title that it was merged into; import and verify say so alike."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = tmp_path / "mine.csv"
    file.write_text("title,type,rating,rated_at,simkl\nOld,movie,7,2021-01-01,9000001\n", encoding="utf-8")
    result = migration.run(file)
    assert result.exit_code == 1
    told = "simkl 9000001 (mine.csv:2) landed on Terminator 3: Rise of the Machines (2003), simkl 53536"
    assert told in lines_of(result).replace(f"{tmp_path}/", "")
    ((fault, sentence),) = findings(migration)
    assert fault == "elsewhere"
    assert sentence.startswith(told)
    migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == ["unchanged"]


def test_a_rating_on_a_title_that_nobody_named_is_told_from_the_import_on(tmp_path: Path) -> None:
    """Simkl takes an id for that of another title, which shows no id that was sent."""
    migration = Migration(tmp_path, sandbox=STRICT)
    with migration.stage.database.writing():
        migration.stage.database.execute(
            "INSERT INTO ids (space, scope, id, simkl) VALUES ('tmdb', 'movie', '777', 1000006)"
        )
    result = migration.run(table(tmp_path / "mine.csv", ["Other,,movie,9,2023-01-01,,777,"]))
    sentence = "tmdb 777 (mine.csv:2) landed on Fight Club (1999), simkl 1000006, which has none of its ids"
    assert sentence in lines_of(result).replace(f"{tmp_path}/", "")
    assert findings(migration) == [("elsewhere", sentence)]


def test_a_title_that_was_merged_since_is_found_by_name(tmp_path: Path) -> None:
    """Its rating is there, but under another number than that on which it landed."""
    migration = _imported(tmp_path)
    with migration.stage.database.writing():
        for name in _TABLES:
            migration.stage.database.execute(f"UPDATE {name} SET simkl = 777 WHERE simkl = 1000006")
    assert findings(migration) == [
        (
            "elsewhere",
            (
                "Fight Club (1999) (mine.csv:2) landed on simkl 1000006, which is no longer there; "
                "now it is Fight Club (1999), simkl 777"
            ),
        )
    ]


@pytest.mark.parametrize("path", READS)
def test_a_reading_that_says_nothing_is_no_loss(tmp_path: Path, path: str) -> None:
    """An empty answer, or one that cannot be read, makes verify fail; it does not call the titles missing."""
    migration = _imported(tmp_path)
    left = answering(migration, path, b"{}", 1000)
    with pytest.raises(ApiError):
        migration.verify()
    left[0] = 0
    migration.stage.faults.add(Fault(kind=FaultKind.HTML, method="GET", path=path, repeat=FOREVER))
    with pytest.raises(ApiError):
        migration.verify()


def test_the_last_import_is_meant_unless_a_run_is_named(tmp_path: Path) -> None:
    """Run 1 by its number; an undo is nothing to verify; without any run there is a sentence."""
    migration = Migration(tmp_path, sandbox=STRICT)
    with pytest.raises(ConfigError, match="No import has been made yet"):
        migration.verify()
    for name, rating, day in (("a.csv", 6, "2019-01-01"), ("b.csv", 9, "2021-01-01")):
        migration.run(table(tmp_path / name, [f"Fight Club,1999,movie,{rating},{day},tt0137523,,"]))
    assert findings(migration) == []
    assert [fault for fault, _ in findings(migration, 1)] == ["value"]
    migration.undo(2)
    assert [fault for fault, _ in findings(migration, 1)] == []
    assert [fault for fault, _ in findings(migration)] == ["value"]
    with pytest.raises(ConfigError, match="Run 3 is no import but: undo"):
        migration.verify(3)


# --- many mutations ---------------------------------------------------------------------------------------

TITLES, HARMED, SPARED = 120, 20, 10  # of a round: so many are changed in a way that matters, and so many in none
MERGED, FOREIGN = 100_000_000, 900_000_000
_TABLES = ("library", "ids", "titles")


class Mutation(NamedTuple):
    """One change to one title, and the fault that it must be found as; none for a change that is none."""

    fault: str | None
    statements: tuple[str, ...]


def _harm(chance: random.Random, simkl: int, is_dated: bool) -> Mutation:
    where = f"WHERE simkl = {simkl}"
    changes = [
        Mutation("value", (f"UPDATE library SET rating = (rating + {chance.randint(0, 8)}) % 10 + 1 {where}",)),
        Mutation("missing", (f"UPDATE library SET rating = NULL {where}",)),
        Mutation("missing", (f"DELETE FROM library {where}",)),
        Mutation("elsewhere", tuple(f"UPDATE {name} SET simkl = {simkl + MERGED} {where}" for name in _TABLES)),
    ]
    dates = [f"{_day(chance)}T12:00:00Z", "2020-01-02T12:00:01Z"]
    changes += [
        Mutation("date", (f"UPDATE library SET rated_at = '{date}' {where}",)) for date in dates if is_dated
    ]
    return chance.choice(changes)


def _harmless(chance: random.Random, simkl: int, is_dated: bool) -> Mutation:
    changes = ["status = 'dropped'", f"watched_at = '{_day(chance)}T12:00:00Z'"]
    changes += [] if is_dated else [f"rated_at = '{_day(chance)}T12:00:00Z'"]
    return Mutation(None, (f"UPDATE library SET {chance.choice(changes)} WHERE simkl = {simkl}",))


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1990, 2019)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _rate_another(migration: Migration, chance: random.Random, n: int, number: int) -> None:
    """The person rates a title that the run knows nothing of, which is called as one that it has sent."""
    section = (Section.MOVIES, Section.SHOWS, Section.ANIME)[n % 3]
    ids = {"simkl": number, "imdb": f"tt{number}"}
    dated = {"rated_at": "2020-01-02T12:00:00Z"} if chance.random() < 0.5 else {}
    item = {"title": f"Title {n}", "year": 2001, "rating": chance.randint(1, 10), **dated, "ids": ids}
    assert migration.put(section, item) == number


def _rows(count: int) -> list[str]:
    kinds = ("movie,{r},{d},tt{n:07},,", "show,{r},{d},,{n},", "anime,{r},{d},,,{n}")
    return [
        f"Title {n},2001," + kinds[n % 3].format(r=n % 10 + 1, d="2020-01-02" if n % 5 else "", n=n)
        for n in range(1, count + 1)
    ]


@pytest.mark.promise("P13")
@pytest.mark.parametrize("mutations", [60, pytest.param(500, marks=pytest.mark.torture)])
def test_every_mutation_is_found_and_nothing_else(tmp_path: Path, mutations: int) -> None:
    """Each change that matters is found by name and kind. Lists, watched dates, the date that Simkl gave, and
    ratings of other titles are no business of the run."""
    migration = Migration(tmp_path)
    assert migration.run(table(tmp_path / "mine.csv", _rows(TITLES))).exit_code == 0
    numbers = {row["title"]: row["simkl"] for row in migration.stage.dump()}
    chance, found = random.Random(3), Counter[str]()
    restore = _snapshot(migration)
    while (left := mutations - found.total()) > 0:
        titles = chance.sample(range(1, TITLES + 1), HARMED + SPARED)
        expected: dict[str, str] = {}
        for place, n in enumerate(titles):
            change = _harm if place < min(HARMED, left) else _harmless
            mutation = change(chance, numbers[f"Title {n}"], is_dated=bool(n % 5))
            _execute(migration, mutation.statements)
            if mutation.fault:
                expected[f"Title {n} (2001)"] = mutation.fault
            else:
                _rate_another(migration, chance, n, FOREIGN + found.total() + place)
        told = migration.verify()
        faults = {each["sentence"].split(" (/")[0]: each["fault"] for each in told.values["findings"]}
        assert faults == expected
        assert len(told.values["findings"]) == len(expected)
        found.update(expected.values())
        restore()
    assert found.total() == mutations
    assert found.keys() == {"value", "date", "missing", "elsewhere"}


def _execute(migration: Migration, statements: Iterable[str]) -> None:
    with migration.stage.database.writing():
        for statement in statements:
            migration.stage.database.execute(statement)


def _snapshot(migration: Migration) -> Callable[[], None]:
    """What puts the account back as it is now."""
    database = migration.stage.database
    with database.writing():
        rows = {name: [tuple(row) for row in database.execute(f"SELECT * FROM {name}")] for name in _TABLES}

    def restore() -> None:
        with database.writing():
            for name in _TABLES:
                database.execute(f"DELETE FROM {name}")
                for row in rows[name]:
                    database.execute(f"INSERT INTO {name} VALUES ({','.join('?' * len(row))})", row)

    return restore


def test_the_findings_are_for_machines_too(tmp_path: Path) -> None:
    """As values that JSON can hold."""
    migration = _imported(tmp_path)
    told = migration.verify()
    assert json.loads(json.dumps(told.values)) == {
        "command": "verify", "run": 1, "checked": 4, "findings": [], "exit_code": 0,
    }  # fmt: skip
