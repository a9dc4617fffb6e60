"""For any account, table and orders: the preview is the run, verify is calm, undo restores, twice is once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from importer import pipeline
from importer.sandbox.settings import SandboxSettings
from tests.accounts import Case, cases, fill, written
from tests.faulting import quick_folder
from tests.migrating import Migration

QUICK, LONG = 30, 150
SETTLED = {"confirmed", "not_found"}
STILL = {"unchanged", "kept", "duplicate", "rejected", "not_found"}


def _rows(migration: Migration) -> list[tuple[str, str]]:
    return [(row["outcome"], row["code"]) for row in migration.outcomes()]


def _posted(migration: Migration) -> list[tuple[str, int, str]]:
    """Every item that was posted as a rating: array, rating, date."""
    return sorted(
        (array, item["rating"], item.get("rated_at", ""))
        for call in migration.log.made("POST", "/sync/ratings")
        for array, items in call.json().items()
        for item in items
    )


def _promised(migration: Migration) -> list[tuple[str, int, str]]:
    """The same of every row that is pending in the preview."""
    arrays = {"movie": "movies", "show": "shows"}
    return sorted(
        ("anime" if _is_anime(row) else arrays[row["kind"]], int(row["rating"]), row["rated_at"])
        for row in migration.outcomes()
        if row["outcome"] == "pending"
    )


def _is_anime(row: dict[str, str]) -> bool:
    return row["anime"] == "yes" or any(row[space] for space in ("mal", "anilist", "kitsu"))


def _writes(migration: Migration) -> int:
    return sum(call.method == "POST" for call in migration.log.calls)


def _library(migration: Migration, *, is_open: bool) -> list[dict[str, Any]]:
    """The account; an open catalogue learns names and ids from what is asked for, which no undo takes back."""
    names = {"title", "year", "ids", "section"} if is_open else set()
    return [{key: row[key] for key in row if key not in names} for row in migration.stage.dump()]


def _holds(case: Case, folder: Path, *, is_open: bool) -> None:
    sandbox = SandboxSettings(strict_catalogue=not is_open, plan_to_watch_becomes_completed=case.completes)
    migration = Migration(folder, sandbox=sandbox)
    fill(migration, case.account)
    file = written(folder / "mine.csv", case.rows)
    before = _library(migration, is_open=is_open)

    previewed = migration.preview(file, settings=case.settings)
    promised, items = _rows(migration), _promised(migration)
    assert _writes(migration) == 0
    ran = migration.run(file, settings=case.settings)
    became = _rows(migration)
    _preview_is_run(promised, became)
    assert _posted(migration) == items
    assert ran.to_json()["account"] == previewed.to_json()["account"]
    assert sum(ran.to_json()["outcomes"].values()) == ran.to_json()["records"] == len(case.rows)
    after = _library(migration, is_open=is_open)

    verified = migration.verify()
    found = _found(migration)
    assert verified.values["findings"] == found, (verified.values["findings"], found)
    assert {finding["fault"] for finding in found} <= {"shared"}

    writes = _writes(migration)
    again = migration.run(file, settings=case.settings)
    assert {outcome for outcome, _ in _rows(migration)} <= STILL, migration.outcomes()
    assert again.to_json()["requests"]["post"] == 0
    assert _library(migration, is_open=is_open) == after

    undone = migration.undo(2)
    assert (undone.exit_code, _writes(migration)) == (0, writes)
    undone = migration.undo(1)
    assert _library(migration, is_open=is_open) == before, undone.values
    assert undone.exit_code == 0
    assert migration.log.violations == []


def _preview_is_run(promised: list[tuple[str, str]], became: list[tuple[str, str]]) -> None:
    for before, after in zip(promised, became, strict=True):
        if before[0] == "pending":
            assert after[0] in SETTLED
        else:
            assert after == before


def _found(migration: Migration) -> list[dict[str, str]]:
    """What the import said of its own reading back."""
    told = pipeline.show(1, migration.service).values["found"]
    return [{name: each[name] for name in ("fault", "sentence")} for each in (told or {}).get("findings", ())]


def _proved(is_open: bool, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(cases())
    def proved(case: Case) -> None:
        with quick_folder() as folder:
            _holds(case, folder, is_open=is_open)

    proved()


@pytest.mark.promise("P7")
@pytest.mark.promise("P6")
@pytest.mark.parametrize("is_open", [False, True], ids=["strict catalogue", "open catalogue"])
@pytest.mark.parametrize(
    "examples", [QUICK, pytest.param(LONG, marks=[pytest.mark.torture, pytest.mark.timeout(3600)])]
)
def test_preview_run_verify_undo(is_open: bool, examples: int) -> None:
    """The preview is the run, the books balance, verify says what the run said, a second run sends nothing, and
    undo restores the account."""
    _proved(is_open, examples)
