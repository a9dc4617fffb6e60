"""Malformed files that a person thought of: each ends as its table says, and sound rows beside the damage stay."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from importer import cli
from tests.malformed import FACTS, Case, Family
from tests.malformed.archives import ARCHIVES
from tests.malformed.json_texts import JSON_TEXTS
from tests.malformed.pages import PAGES
from tests.malformed.tables import TABLES
from tests.malformed.xml_texts import XML_TEXTS

pytestmark = pytest.mark.promise("P9")

FAMILIES: Mapping[str, Family] = {
    "tables": TABLES,
    "json": JSON_TEXTS,
    "xml": XML_TEXTS,
    "pages": PAGES,
    "archives": ARCHIVES,
}
AT_LEAST = 60
SENTENCE_CHARS = 2_000
QUIET = ("unrated", "duplicate", "filtered")
SETTLED = ("pending", "duplicate")


class Ended(NamedTuple):
    """How the command ended: its exit code, both outputs, and the rows of outcomes.csv if it was written."""

    exit_code: int
    out: str
    err: str
    rows: list[dict[str, str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file and the report go, with a home that nobody uses."""
    monkeypatch.setenv("RATEPORT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def previewed(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ended:
    """`rateport preview` of one file, in this process, with the zone that times without one ask for."""
    report = path.parent / "report"
    words = ["rateport", "preview", path.name, "--timezone", "UTC", "--json", "-o", str(report)]
    monkeypatch.setattr(sys, "argv", words)
    exit_code = cli.main()
    told = capsys.readouterr()
    return Ended(exit_code, told.out, told.err, list(_rows(report)))


def _rows(report: Path) -> Iterator[dict[str, str]]:
    if report.exists():
        with (report / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)


def shown(row: Mapping[str, str]) -> str:
    """A row as the tables of cases write it: title and rating, or title and reason."""
    if row["outcome"] not in SETTLED:
        words = [row["title"], row["code"]]
    else:
        is_twin = row["outcome"] == "duplicate"
        words = [row["title"], row["rating"], "" if row["rated_at"] else "undated", "duplicate" if is_twin else ""]
    return " ".join(word for word in words if word)


def each_case() -> Iterator[Any]:
    """Every case of every family."""
    for family, cases in FAMILIES.items():
        for name, case in cases.items():
            yield pytest.param(name, case, id=f"{family}-{name}")


@pytest.mark.parametrize(("name", "case"), list(each_case()))
def test_a_malformed_file_ends_as_it_must(
    name: str, case: Case, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is read to the end that its table says, or refused with its sentence; nothing else is written."""
    path = place / name
    path.write_bytes(case.data)
    ended = previewed(path, monkeypatch, capsys)
    if case.sentence:
        expect_refused(ended, case)
    else:
        expect_read(ended, case)
    assert {found.name for found in place.iterdir()} <= {name, "report", "home"}
    assert path.read_bytes() == case.data


def expect_refused(ended: Ended, case: Case) -> None:
    """Exit code 3 and one sentence, on stderr, with no report."""
    assert case.sentence in ended.err
    assert (ended.exit_code, ended.out, ended.rows) == (3, "", [])
    assert ended.err.startswith("rateport: ")
    assert "Traceback" not in ended.err
    assert len(ended.err) < SENTENCE_CHARS


def expect_read(ended: Ended, case: Case) -> None:
    """The records as written, the sum that must hold, and the exit code that goes with them."""
    assert "; ".join(map(shown, ended.rows)) == case.records, ended.err
    summary = json.loads(ended.out)
    assert len(ended.rows) == summary["records"] == sum(summary["outcomes"].values())
    assert "Traceback" not in ended.err
    has_leftovers = any(row["outcome"] == "rejected" and row["code"] not in QUIET for row in ended.rows)
    assert ended.exit_code == int(has_leftovers)
    for row in ended.rows:
        expect_true(row)


def expect_true(row: Mapping[str, str]) -> None:
    """No accepted row says of a title what is not so of it."""
    if row["outcome"] not in SETTLED or row["title"] not in FACTS:
        return
    for column, fact in FACTS[row["title"]].items():
        said = row[column][: len(fact)] if column == "rated_at" else row[column]
        assert said in ("", fact), f"{row['title']}: {column} is {said}"


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_family_has_as_many_cases_as_was_promised(family: str) -> None:
    """Sixty at least, and no two of the same content."""
    cases = FAMILIES[family]
    assert len(cases) >= AT_LEAST
    assert len({case.data for case in cases.values()}) == len(cases)
