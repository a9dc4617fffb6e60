"""Every row is accounted for: whatever an export holds, its records and their outcomes are as many."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import previewing
from importer.config import Configuration, Settings
from importer.preparing import Request
from importer.vocabulary.cells import restored
from importer.vocabulary.outcomes import QUIET_CODES, Code
from tests.clock import FakeClock
from tests.faulting import quick_folder
from tests.generated import Export, exports

pytestmark = pytest.mark.promise("P8")

LINES = {"rateport": 2, "imdb": 2, "letterboxd": 2}
"""Where the first record stands, in files of a record a line."""
Row = dict[str, str]
AT_ONCE = 4


def written(folder: Path, files: Sequence[Export]) -> list[Path]:
    """Each export in a folder of its own."""
    paths = []
    for number, export in enumerate(files):
        (folder / str(number)).mkdir()
        paths.append(folder / str(number) / export.name)
        paths[-1].write_bytes(export.data)
    return paths


def rows_of(path: Path) -> list[Row]:
    """The rows of a report file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def each_adds_up(files: Sequence[Export], home: Path) -> None:
    """As many outcomes as records, for the whole and for each file; whatever is rejected says which row it was."""
    paths = written(home, files)
    request = Request(paths=paths, report_folder=home / "report")
    configuration = Configuration(Settings(timezone="UTC", date_order="dmy"), {}, home)
    told = previewing.preview(request, configuration, clock=FakeClock()).to_json()
    found, leftovers = rows_of(home / "report" / "outcomes.csv"), rows_of(home / "report" / "leftovers.csv")
    assert told["records"] == len(found) == sum(len(export.scores) for export in files)
    assert len({row["row_id"] for row in found}) == len(found)
    assert told["outcomes"] == {**dict.fromkeys(told["outcomes"], 0), **Counter(row["outcome"] for row in found)}
    assert {row["outcome"] for row in found} <= {"pending", "duplicate", "rejected"}
    for path, export in zip(paths, files, strict=True):
        file_adds_up([row for row in found if restored(row["file"]) == str(path)], export)
    loud = [row for row in found if row["outcome"] == "rejected" and row["code"] not in set(QUIET_CODES)]
    assert [row["row_id"] for row in leftovers] == [row["row_id"] for row in loud]
    assert all(row["code"] and row["reason"] and row["hint"] and row["file"] for row in leftovers)


def file_adds_up(found: Sequence[Row], export: Export) -> None:
    """The rows of one file, in its order."""
    assert [row["source"] for row in found] == [export.source] * len(export.scores)
    if first := LINES.get(export.source):
        assert [int(row["line"]) for row in found] == list(range(first, first + len(found)))
    for row, score in zip(found, export.scores, strict=True):
        if row["outcome"] == "rejected":
            assert row["code"] in set(Code)
            assert int(row["line"]) > 0
        else:
            assert 1 <= int(row["rating"]) <= 10
        if row["code"] in ("bad-score", "bad-scale"):
            assert " ".join(restored(row["score"]).split()) == " ".join(score.split())


@pytest.mark.parametrize(
    "files", [100, pytest.param(5_000, marks=[pytest.mark.torture, pytest.mark.timeout(1200)])]
)
def test_every_generated_export_adds_up(files: int) -> None:
    """Four to six files at a time, so many in all."""
    seen = Counter[str]()

    @settings(
        max_examples=files // AT_ONCE, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    @given(st.lists(exports(), min_size=AT_ONCE, max_size=6))
    def adds_up(some: list[Export]) -> None:
        seen.update(export.source for export in some)
        with quick_folder() as home:
            each_adds_up(some, home)

    adds_up()
    assert seen.total() >= files
    assert len(seen) == 5
