"""Every adapter under the contract suite: each check is a test named SOURCE-CHECK@SAMPLE."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from importer.intake.registry import load_adapters
from importer.testing import checks_for, write_goldens
from tests.commanding import run
from tests.conftest import GOLDEN_CHANGE

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_exports"
GOLDENS = HERE / "golden"


def _checks() -> Iterator[object]:
    for adapter in load_adapters():
        checks = checks_for(adapter, SAMPLES / adapter.name, GOLDENS / adapter.name, load_adapters())
        for name, check in checks:
            yield pytest.param(check, id=f"{adapter.name}-{name}")


@pytest.fixture(scope="module", autouse=True)
def _goldens_written(request: pytest.FixtureRequest) -> list[str]:
    if not request.config.getoption("--update-golden"):
        return []
    return [
        change
        for adapter in load_adapters()
        for change in write_goldens(adapter, SAMPLES / adapter.name, GOLDENS / adapter.name)
    ]


@pytest.mark.promise("P9")
@pytest.mark.parametrize("check", list(_checks()))
def test_contract(
    check: Callable[[], None], _goldens_written: list[str], record_property: Callable[[str, object], None]
) -> None:
    """The adapter keeps what the contract promises of it."""
    for change in _goldens_written:
        record_property(GOLDEN_CHANGE, change)
    check()


def test_every_adapter_has_samples() -> None:
    """An adapter without samples would pass every check."""
    assert [adapter.name for adapter in load_adapters() if not list((SAMPLES / adapter.name).rglob("*.*"))] == []


def test_no_golden_or_sample_folder_without_adapter() -> None:
    """A folder that no adapter owns is a leftover of a rename."""
    names = {adapter.name for adapter in load_adapters()}
    assert {path.name for path in (*SAMPLES.iterdir(), *GOLDENS.iterdir())} - names == set()


def test_files_of_every_source_at_once(tmp_path: Path) -> None:
    """One folder with all samples: every source is read, the totals close, and a film is sent once for all."""
    done = run(["preview", str(SAMPLES), "--timezone", "UTC", "--json", "-o", "report"], tmp_path)
    assert done.returncode == 1, done.stderr
    summary = json.loads(done.stdout)
    assert summary["records"] == sum(summary["outcomes"].values()) == sum(summary["sources"].values())
    assert set(summary["sources"]) == {
        adapter.name for adapter in load_adapters() if any(not shape.refusal for shape in adapter.shapes)
    }
    with (tmp_path / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == summary["records"]
    sent = Counter(row["imdb"] for row in rows if row["outcome"] == "pending" and row["kind"] == "movie")
    assert [imdb for imdb, times in sent.items() if imdb and times > 1] == []
    of_pulp_fiction = [row for row in rows if row["imdb"] == "tt0110912" and row["outcome"] != "rejected"]
    assert Counter(row["outcome"] for row in of_pulp_fiction)["pending"] == 1
    assert len({row["source"] for row in of_pulp_fiction}) >= 5
