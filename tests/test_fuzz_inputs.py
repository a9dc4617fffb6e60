"""Hostile input: whatever a file holds, reading it ends in a sentence or in rows that add up, in bounded memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
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
EACH, EACH_TORTURE = 60, 420
EVERY_CUT, FEW_CUTS = 1, 5  # of sixteen and more for each sample: every fifth is at another place each time
SMALL, LARGE, CROWD = 8 * MIB, 200 * MIB, 2 * MIB


def _tried(cases: Iterable[fuzzing.Case], folder: Path) -> Counter[str]:
    """Try each case, and count the files that were tried, by what they held; a fault tells how to run just that
    case."""
    files = Counter[str]()
    for number, case in enumerate(cases):
        place = folder / str(number)
        place.mkdir()
        try:
            fault = fuzzing.fault(case, place)
        except Exception as error:
            error.add_note(f"Run just this case: {case}")
            raise
        assert fault is None, f"{fault}\nRun just this case: {case}"
        files.update(sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in place.iterdir())
        shutil.rmtree(place)
    return files


def _expect_sound(source: str, count: int, folder: Path) -> None:
    """Try so many files of a source, each another and none a sample."""
    files = _tried(fuzzing.cases(source, count), folder)
    samples = {sha256(victim.data).hexdigest() for victim in fuzzing.victims(source).values()}
    assert (len(files), files.total()) == (count, count)
    assert files.keys().isdisjoint(samples)


@pytest.mark.promise("P9")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("source", fuzzing.sources())
def test_spoiled_samples_end_in_a_sentence_or_in_rows_that_add_up(source: str, tmp_path: Path) -> None:
    """Bytes, cells, rows, columns, trees, encodings and archives; rows that were not touched stay as they were."""
    _expect_sound(source, EACH, tmp_path)


@pytest.mark.torture
@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("source", fuzzing.sources())
def test_very_many_spoiled_samples_do(source: str, tmp_path: Path) -> None:
    """The same with other throws of the dice, over 20,000 in all."""
    _expect_sound(source, EACH_TORTURE, tmp_path)


@pytest.mark.parametrize(
    ("each", "promised"), [(EACH, 2_500), pytest.param(EACH_TORTURE, 20_000, marks=pytest.mark.torture)]
)
def test_there_are_as_many_as_was_promised(each: int, promised: int) -> None:
    """2,500 in every run and twenty thousand in the long one, over every mutation; a file that two sources make
    alike counts once."""
    found, ways = set(), set()
    for case in (case for source in fuzzing.sources() for case in fuzzing.cases(source, each)):
        made = fuzzing.mutant(case)
        assert made is not None
        found.add(fuzzing.content(made))
        ways.add(case.mutation)
    assert len(found) >= promised
    assert ways == set(mutations.MUTATIONS)


@pytest.mark.promise("P9")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("every", [FEW_CUTS, pytest.param(EVERY_CUT, marks=pytest.mark.torture)])
@pytest.mark.parametrize("source", fuzzing.sources())
def test_samples_that_are_cut_off_do(source: str, every: int, tmp_path: Path) -> None:
    """At every 1 kB and every sixteenth; no row but the one that the cut goes through becomes another."""
    cases = list(islice(fuzzing.cuts(source), 0, None, every))
    assert _tried(cases, tmp_path).total() == len(cases) > 0


# --- the fuzzer itself can fail ---------------------------------------------------------------------------


def test_a_case_is_the_same_every_time() -> None:
    """Its name is all that it hangs on."""
    case = fuzzing.Case("imdb/ratings.csv", "cell-replaced", 3)
    assert fuzzing.mutant(case) == fuzzing.mutant(case)
    assert str(case) == "python -m tests.fuzzing 'imdb/ratings.csv' cell-replaced 3"


def test_only_what_is_new_is_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sample, no file twice, nothing where nothing was made; and when no more is to be had, that is the end."""
    made = [None, b"one", b"two", b"one", fuzzing.victims("imdb")["ratings.csv"].data, None]

    def one_of_few(victim: mutations.Victim, rng: Random) -> mutations.Mutant | None:
        data = rng.choice(made)
        return None if data is None else mutations.Mutant(data)

    monkeypatch.setattr(fuzzing, "MUTATIONS", {"one-of-few": one_of_few})
    found = [fuzzing.mutant(case) for case in fuzzing.cases("imdb", 1_000)]
    assert sorted(found) == [mutations.Mutant(b"one"), mutations.Mutant(b"two")]


def test_a_sample_is_cut_at_every_kilobyte_and_sixteenth() -> None:
    """Of one larger than sixteen kilobytes the former are more, of a small one the latter."""
    ends = [case.seed for case in fuzzing.cuts("kitsu") if case.sample == "kitsu/library-entries.json"]
    size = len(fuzzing.wholes("kitsu")["library-entries.json"])
    assert set(ends) == {*range(0, size, 1024), *(size * part // 16 for part in range(16))}
    samples = {
        path.relative_to(fuzzing.SAMPLES).as_posix() for path in fuzzing.SAMPLES.rglob("*.*") if path.is_file()
    }
    assert samples <= {case.sample for source in fuzzing.sources() for case in fuzzing.cuts(source)}
    cut = fuzzing.mutant(fuzzing.Case("kitsu/library-entries.json", fuzzing.CUT, 1024))
    assert cut is not None
    assert len(cut.data) == 1024


def test_reading_that_takes_long_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time of the processor."""
    monkeypatch.setattr(fuzzing, "SECONDS", 0)
    with pytest.raises(AssertionError, match=r"^reading took 0\.\d seconds"):
        fuzzing.fault(fuzzing.Case("imdb/ratings.csv", "cell-replaced", 3), tmp_path)


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


def _victim_in(medium: Medium) -> mutations.Victim:
    source, name = {
        Medium.TABLE: ("imdb", "ratings.csv"),
        Medium.JSON: ("trakt", "ratings-movies.json"),
        Medium.XML: ("plex", "movies.xml"),
        Medium.HTML: ("kinopoisk", "list.xls"),
    }[medium]
    victim = fuzzing.victims(source)[name]
    assert victim.medium is medium
    return victim


@pytest.mark.parametrize("medium", list(Medium))
def test_records_can_be_taken_apart_in_every_medium(medium: Medium) -> None:
    """Written again unchanged they hold the same rows, and one less when one is taken out."""
    victim = _victim_in(medium)
    rows = victim.rows
    fewer = mutations.Victim(
        victim.name, b"", rows.with_only(range(1, len(rows))).decode(), medium, victim.labels
    ).rows
    assert (len(rows) > 2, len(fewer)) == (True, len(rows) - 1)


# --- bounded memory and time ------------------------------------------------------------------------------

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory and time are limited as Linux does")


def _python(*command: str, seconds: int) -> str:
    """What a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _told(*paths: Path, seconds: int) -> dict[str, str]:
    """What comes of reading each file within its limits."""
    told = _python("-m", "tests.bombs", *map(str, paths), seconds=seconds)
    return {line["file"]: line["told"] for line in map(json.loads, told.splitlines())}


def _expect_refused(names: list[str], size: int, folder: Path, seconds: int) -> None:
    for name in names:
        with (folder / name).open("wb") as stream:
            stream.writelines(BOMBS[name](size))
    told = _told(*(folder / name for name in names), seconds=seconds)
    assert told.keys() == set(names)
    for name, said in told.items():
        assert said.startswith((name, "No ratings were found")), f"{name}: {said}"
        (folder / name).unlink()


@ON_LINUX
@pytest.mark.promise("P9")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["csv", "json", "xml", "html", "zip", "gz"])
def test_a_bomb_stays_within_its_limits(kind: str, tmp_path: Path) -> None:
    """Five times the file and 300 MiB, above what the program itself takes; a second for each MiB, and two more."""
    _expect_refused([name for name in BOMBS if name.endswith(f".{kind}")], SMALL, tmp_path, 200)


@ON_LINUX
@pytest.mark.promise("P9")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("medium", list(Medium))
def test_very_many_records_stay_within_theirs(medium: Medium, tmp_path: Path) -> None:
    """Those of a sample, over and over: a file that is not refused at its start shows what reading takes."""
    victim = _victim_in(medium)
    numbers = [*range(len(victim.rows))] * (CROWD // len(victim.data))
    path = tmp_path / victim.name
    path.write_bytes(victim.rows.with_only(numbers))
    assert _told(path, seconds=50) == {victim.name: f"{len(numbers)} records"}


@ON_LINUX
@pytest.mark.torture
@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", sorted(name for name in BOMBS if name.startswith("cell")))
def test_a_cell_of_200_megabytes_stays_within_its_limits(name: str, tmp_path: Path) -> None:
    """It is refused with a sentence, not cut in silence."""
    _expect_refused([name], LARGE, tmp_path, 1100)


@ON_LINUX
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("reader", "told"),
    [
        ("min(iter(int, 1))", "FAULT ended by 9"),
        ("str(len(bytes(301 * bombs.MIB)))", "FAULT MemoryError"),
        ("str(len(bytes(200 * bombs.MIB)))", str(200 * MIB)),
    ],
)
def test_whoever_takes_too_much_is_caught(reader: str, told: str, tmp_path: Path) -> None:
    """The limits are real: one who never ends is ended, and one who takes 300 MiB for nothing is told of."""
    path = tmp_path / "small.csv"
    path.write_bytes(b"a")
    bounded = f"bombs.bounded(Path({str(path)!r}), lambda path: {reader})"
    code = f"from pathlib import Path; from tests import bombs; print({bounded}['told'])"
    assert _python("-c", code, seconds=50).startswith(told)


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
