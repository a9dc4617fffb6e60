"""Everything at once: files of every source in one preview are recognised, add up, and are joined by their ids."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from importer.intake.registry import load_adapters
from importer.testing.samples import Verdict, read_samples
from tests.commanding import run

SAMPLES = Path(__file__).parent.parent / "sample_exports"
NO_RATINGS = {"annict", "crunchyroll", "icheckmovies", "mydramalist"}
NOT_OURS = {"README.txt"}  # lies in the zip of a research set
Row = dict[str, str]


class Preview(NamedTuple):
    """What a preview wrote: its summary, and every row of outcomes.csv."""

    summary: dict[str, dict[str, int]]
    records: int
    rows: list[Row]


def preview(folder: Path, where: Path) -> Preview:
    """The preview of a folder."""
    done = run(["preview", str(folder), "--timezone", "UTC", "--json", "-o", "report"], where)
    assert done.returncode == 1, done.stderr
    with (where / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    summary = json.loads(done.stdout)
    return Preview(summary, summary["records"], rows)


def one_file_each(folder: Path) -> dict[str, str]:
    """A folder with the first file of every source that holds ratings, or its first; which they are, by source."""
    adapters = load_adapters()
    chosen: dict[str, str] = {}
    for adapter in adapters:
        samples = read_samples(SAMPLES / adapter.name, adapters)
        best = next((sample for sample in samples if sample.verdict is Verdict.PARSED), samples[0])
        chosen[adapter.name] = best.file
        target = folder / adapter.name / best.file
        target.parent.mkdir(parents=True)
        shutil.copy(SAMPLES / adapter.name / best.file, target)
    return chosen


@pytest.fixture(scope="module")
def one_each(tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """The preview of one file of every source."""
    where = tmp_path_factory.mktemp("one-each")
    one_file_each(where / "exports")
    return preview(where / "exports", where)


@pytest.fixture(scope="module")
def all_samples(tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """The preview of every sample there is."""
    return preview(SAMPLES, tmp_path_factory.mktemp("all"))


def test_one_file_of_every_source_is_recognised(tmp_path: Path) -> None:
    """`identify` names the source of each, or the reason why it holds no ratings."""
    chosen = one_file_each(tmp_path / "exports")
    assert len(chosen) == len(load_adapters()) >= 50
    done = run(["identify", "exports"], tmp_path)
    named = {line.rpartition("(")[2].partition(":")[0] for line in done.stdout.splitlines() if line.endswith(")")}
    assert named == chosen.keys() - NO_RATINGS
    strange = [line for line in done.stdout.splitlines() if "not an export" in line or "not recognised" in line]
    assert [line for line in strange if not any(f"/{name}:" in line for name in NOT_OURS)] == []


@pytest.mark.promise("P8")
@pytest.mark.parametrize("which", ["one_each", "all_samples"])
def test_the_totals_close(which: str, request: pytest.FixtureRequest) -> None:
    """Every record of every source has exactly one outcome."""
    found: Preview = request.getfixturevalue(which)
    assert found.records == len(found.rows) == len({row["row_id"] for row in found.rows})
    assert found.records == sum(found.summary["outcomes"].values()) == sum(found.summary["sources"].values())
    assert Counter(row["outcome"] for row in found.rows) == {
        outcome: rows for outcome, rows in found.summary["outcomes"].items() if rows
    }
    assert set(found.summary["sources"]) == {adapter.name for adapter in load_adapters()} - NO_RATINGS


def by_ids(kind: str, **ids: str) -> Callable[[Row], bool]:
    """Rows of `kind` that have one of these ids."""
    return lambda row: row["kind"] == kind and any(row[space] == value for space, value in ids.items())


@pytest.mark.parametrize(
    ("is_it", "sources", "duplicates"),
    [
        (
            by_ids("movie", imdb="tt0110912", tmdb="680"),  # Pulp Fiction
            "criticker jellyfin kodi letterboxd listal movielens plex rateport tmdb trakt",
            17,
        ),
        (
            by_ids("show", imdb="tt0903747", tvdb="81189", tmdb="1396"),  # Breaking Bad
            "imdb kodi plex rateport seriesguide simkl thetvdb trakt tvtime",
            15,
        ),
        (
            by_ids("show", mal="1", anidb="23", anilist="1", kitsu="1"),  # Cowboy Bebop
            "anidb anilist kitsu myanimelist shikimori",
            22,
        ),
        (
            by_ids("show", mal="16498", anidb="9541", anilist="16498"),  # Attack on Titan
            "anidb anilist kitsu myanimelist rateport simkl",
            19,
        ),
    ],
    ids=["pulp-fiction", "breaking-bad", "cowboy-bebop", "attack-on-titan"],
)
def test_rows_that_share_ids_are_one_title(
    is_it: Callable[[Row], bool], sources: str, duplicates: int, all_samples: Preview
) -> None:
    """Whatever catalogue an id is of: one row speaks, all others point to it."""
    found = [row for row in all_samples.rows if is_it(row) and row["outcome"] != "rejected"]
    assert {row["source"] for row in found} == set(sources.split())
    assert Counter(row["outcome"] for row in found) == {"pending": 1, "duplicate": duplicates}


@pytest.mark.parametrize("which", ["one_each", "all_samples"])
def test_no_id_is_sent_twice(which: str, request: pytest.FixtureRequest) -> None:
    """Of what would be sent, no two titles of one kind share an id."""
    found: Preview = request.getfixturevalue(which)
    pending = [row for row in found.rows if row["outcome"] == "pending"]
    for space in ("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu"):
        sent = Counter((row["kind"], row[space]) for row in pending if row[space])
        assert [held for held, times in sent.items() if times > 1] == [], space


def test_titles_without_ids_are_joined_by_name_and_year_alone(all_samples: Preview) -> None:
    """Pulp Fiction of sites that have no ids stays apart from Pulp Fiction with one, and says whose it may be."""
    named = [row for row in all_samples.rows if (row["title"], row["year"]) == ("Pulp Fiction", "1994")]
    bare = [row for row in named if not row["imdb"] and not row["tmdb"] and row["outcome"] == "pending"]
    assert [(row["source"], row["rating"]) for row in bare] == [("flixster", "9")]
    assert bare[0]["detail"].startswith("may be the same title as ")
