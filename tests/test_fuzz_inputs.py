"""Hostile input: whatever a file holds, reading it ends in a sentence or in rows that add up, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from importer.adapter import Medium
from importer.config import Settings
from importer.preparing import Request, prepare
from importer.vocabulary.errors import InputError
from tests import fuzzing, mutations
from tests.bombs import BOMBS, MIB
from tests.clock import FakeClock

ROOT = Path(__file__).parent.parent
EACH, EACH_TORTURE = 24, 410
SMALL, LARGE = 8 * MIB, 200 * MIB


def _tried(source: str, count: int, folder: Path) -> None:
    """Try so many cases of a source; a fault tells how to run just that case."""
    for number, case in enumerate(fuzzing.cases(source, count)):
        place = folder / str(number)
        place.mkdir()
        try:
            fault = fuzzing.fault(case, place)
        except Exception as error:
            error.add_note(f"Run just this case: {case}")
            raise
        assert fault is None, f"{fault}\nRun just this case: {case}"


@pytest.mark.promise("P9")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("source", fuzzing.sources())
def test_spoiled_samples_end_in_a_sentence_or_in_rows_that_add_up(source: str, tmp_path: Path) -> None:
    """Bytes, cells, rows, columns, trees, encodings and archives; rows that were not touched stay as they were."""
    _tried(source, EACH, tmp_path)


@pytest.mark.torture
@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("source", fuzzing.sources())
def test_very_many_spoiled_samples_do(source: str, tmp_path: Path) -> None:
    """The same with other throws of the dice, over 20,000 in all."""
    _tried(source, EACH_TORTURE, tmp_path)


def test_there_are_as_many_as_was_promised() -> None:
    """A thousand in every run and twenty thousand in the long one, over every source and mutation."""
    sources = fuzzing.sources()
    assert len(sources) * EACH >= 1_000
    assert len(sources) * EACH_TORTURE >= 20_000
    assert {case.mutation for source in sources for case in fuzzing.cases(source, EACH)} == set(mutations.MUTATIONS)


# --- the fuzzer itself can fail ---------------------------------------------------------------------------


def test_a_case_is_the_same_every_time() -> None:
    """Its name is all that it hangs on."""
    case = fuzzing.Case("imdb/ratings.csv", "cell-replaced", 3)
    assert fuzzing.mutant(case) == fuzzing.mutant(case)
    assert str(case) == "python -m tests.fuzzing 'imdb/ratings.csv' cell-replaced 3"


def test_a_row_that_changes_unasked_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutation that changes two rows and owns up to one is caught."""

    def two_scores(victim: mutations.Victim, rng: Random) -> mutations.Mutant:
        lines = victim.text.splitlines(keepends=True)
        spoiled = [line.replace(",10,", ",3,", 1).replace(",9,", ",2,", 1) for line in lines]
        return mutations.Mutant("".join(spoiled).encode(), 1, victim.data)

    monkeypatch.setitem(mutations.MUTATIONS, "two-scores", two_scores)
    fault = fuzzing.fault(fuzzing.Case("imdb/ratings.csv", "two-scores", 0), tmp_path)
    assert fault is not None
    assert "accepted rows are none of the sample's; at most 1 was touched" in fault


def test_a_file_that_is_unpacked_is_a_fault(tmp_path: Path) -> None:
    """Wherever it goes, and a folder as well as a file; reading alone is none."""
    with fuzzing.nothing_written():
        (fuzzing.SAMPLES / "imdb" / "ratings.csv").read_bytes()
    with pytest.raises(AssertionError, match=r"open .*slipped\.csv"), fuzzing.nothing_written():
        (tmp_path / "slipped.csv").write_text("x", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"os\.mkdir .*slipped"), fuzzing.nothing_written():
        (tmp_path / "slipped").mkdir()


@pytest.mark.parametrize("medium", list(Medium))
def test_records_can_be_taken_apart_in_every_medium(medium: Medium) -> None:
    """Written again unchanged they hold the same rows, and one less when one is taken out."""
    source, name = {
        Medium.TABLE: ("imdb", "ratings.csv"),
        Medium.JSON: ("trakt", "ratings-movies.json"),
        Medium.XML: ("plex", "movies.xml"),
        Medium.HTML: ("kinopoisk", "votes.xls"),
    }[medium]
    victim = fuzzing.victims(source)[name]
    assert victim.medium is medium
    rows = victim.rows
    fewer = mutations.Victim(name, b"", rows.with_only(range(1, len(rows))).decode(), medium, victim.labels).rows
    assert (len(rows) > 2, len(fewer)) == (True, len(rows) - 1)


# --- bounded memory ---------------------------------------------------------------------------------------


def _expect_bounded(names: list[str], size: int, folder: Path, seconds: int) -> None:
    for name in names:
        with (folder / name).open("wb") as stream:
            stream.writelines(BOMBS[name](size))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bombs", *(str(folder / name) for name in names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    told = {line["file"]: line["told"] for line in map(json.loads, done.stdout.splitlines())}
    assert told.keys() == set(names)
    for name, said in told.items():
        assert said.startswith((name, "No ratings were found")), f"{name}: {said}"
        (folder / name).unlink()


@pytest.mark.promise("P9")
@pytest.mark.timeout(240)
@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited and measured as Linux does")
@pytest.mark.parametrize("kind", ["csv", "json", "xml", "html", "zip", "gz"])
def test_a_bomb_stays_within_its_memory(kind: str, tmp_path: Path) -> None:
    """Five times the file and 300 MiB, above what the program itself takes."""
    _expect_bounded([name for name in BOMBS if name.endswith(f".{kind}")], SMALL, tmp_path, 200)


@pytest.mark.torture
@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited and measured as Linux does")
@pytest.mark.parametrize("name", sorted(name for name in BOMBS if name.startswith("cell")))
def test_a_cell_of_200_megabytes_stays_within_its_memory(name: str, tmp_path: Path) -> None:
    """It is refused with a sentence, not cut in silence."""
    _expect_bounded([name], LARGE, tmp_path, 1100)


# --- what the fuzzer has found ----------------------------------------------------------------------------


def read(path: Path, text: str) -> str:
    """What is said of a file of this text."""
    path.write_text(text, encoding="utf-8")
    try:
        return f"{prepare(Request(paths=[path]), Settings(), FakeClock()).records} records"
    except InputError as error:
        return str(error).replace(str(path), path.name)


@pytest.mark.timeout(20)
def test_blanks_in_xml_take_no_hours(tmp_path: Path) -> None:
    """The declaration is looked for at the start alone: the search took the square of a run of blanks."""
    sample = (fuzzing.SAMPLES / "plex" / "movies.xml").read_text(encoding="utf-8")
    head, mark, rest = sample.partition("<Video")
    assert mark
    assert read(tmp_path / "a.xml", head + " " * 900_000 + mark + rest) == read(tmp_path / "a.xml", sample)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("sample", "column", "value"),
    [
        ("douban/douban-movies.csv", "标题", "a" + " " * 500_000 + "a"),
        ("douban/douban-movies.csv", "标题", "(" + "中" * 200_000),
        ("filmaffinity/ratings.csv", "Title", "a" + " " * 500_000 + "a"),
        ("rateport/ratings.csv", "Date", "2019-05-04" + "T" * 500_000 + "\nx"),
    ],
)
def test_a_long_cell_is_looked_at_once(tmp_path: Path, sample: str, column: str, value: str) -> None:
    """Patterns that look back from every blank took the square of the cell's length."""
    source, _, name = sample.partition("/")
    victim = fuzzing.victims(source)[name]
    lines = victim.text.splitlines()
    cells = lines[1].split(",")
    cells[lines[0].replace("\ufeff", "").split(",").index(column)] = f'"{value}"'
    assert "records" in read(tmp_path / name, "\n".join([lines[0], ",".join(cells)]))


def test_a_cell_too_long_stops_the_file(tmp_path: Path) -> None:
    """What follows it is the rest of the cell, and may look like rows: they were taken for ratings."""
    header = "Const,Your Rating,Date Rated,Title,Title Type,Year"
    cell = "A" * (MIB + 1) + "\ntt0111161,10,2019-05-04,Never rated,Movie,1994\n"
    text = f'{header}\ntt0137523,9,2019-05-04,"{cell}",Movie,1999\n'
    assert read(tmp_path / "a.csv", text) == "a.csv:2: a cell of more than 1 MiB; no export holds one."
