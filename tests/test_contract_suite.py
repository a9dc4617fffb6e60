"""The contract suite itself: it passes a sound adapter, and each check catches the fault it is there for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from unittest import SkipTest

import pytest

import importer.testing
from importer.adapter import Adapter, Code, Document, Kind, Locator, Moment, Rating, Record, Reject, Shape
from importer.testing import checks_for, write_goldens
from tests import toy_adapter
from tests.intake.archives import written, zip_of
from tests.toy_adapter import ADAPTER, SAMPLES, write_samples

CHECKS = [
    "bom",
    "crlf",
    "dates-from-the-file",
    "empty-and-bare",
    "exceptions-in-use",
    "extra-column",
    "extra-element",
    "extra-key",
    "facts",
    "golden-equal",
    "golden-is-there",
    "identified",
    "indented",
    "junk-cell",
    "junk-date",
    "junk-score",
    "lf",
    "no-golden-orphaned",
    "one-record-per-row",
    "reads-only-its-document",
    "renamed-mark",
    "same-everywhere",
    "same-when-run-again",
    "sample-for-every-shape",
    "semicolons",
    "shuffled-columns",
    "shuffled-keys",
    "tabs",
    "trailing-blank-line",
    "truncated",
    "utf-16",
    "well-formed",
]

Change = Callable[[list[Record], Document], list[Record]]


def bench(
    tmp_path: Path, adapter: Adapter = ADAPTER, *names: str, others: tuple[Adapter, ...] = ()
) -> dict[str, Callable[[], None]]:
    """The checks of `adapter` over the toy's samples, with the goldens that the sound toy wrote."""
    samples = write_samples(tmp_path / "samples", *names)
    write_goldens(ADAPTER, samples, tmp_path / "golden", [])
    return dict(checks_for(adapter, samples, tmp_path / "golden", others))


def changing(change: Change) -> Adapter:
    """The toy with its records changed on the way out."""

    def parse(document: Document, shape: Shape) -> Iterator[Record]:
        return iter(change(list(toy_adapter.parse(document, shape)), document))

    return replace(ADAPTER, parse=parse)


def test_a_sound_adapter_passes_every_check(tmp_path: Path) -> None:
    """Nothing is asked that a plain adapter does not give."""
    checks = bench(tmp_path)
    for check in checks.values():
        check()
    assert sorted({name.partition("@")[0] for name in checks}) == CHECKS


def _invented_date(record: Record) -> Record:
    return record._replace(moment=Moment("2020-02-02", "day", "Toy Date"))


def _any_junk_in(document: Document) -> bool:
    return "💥" in document.text or json.dumps("💥") in document.text


def _read_by_hand(_: list[Record], document: Document) -> list[Record]:
    rows = list(csv.DictReader(io.StringIO(document.data.decode())))
    return [
        Reject(locator=Locator(number), code=Code.UNRATED, title=row["Toy Title"] or "")
        for number, row in enumerate(rows, start=2)
    ]


def _by_position(_: list[Record], document: Document) -> list[Record]:
    rows = list(csv.reader(io.StringIO(document.text)))[1:]
    return [
        Reject(locator=Locator(number), code=Code.UNRATED, title=row[0], detail=row[-1])
        for number, row in enumerate(rows, start=2)
        if row
    ]


def _unreadable_score_is_five(records: list[Record], _: Document) -> list[Record]:
    return [
        Rating(locator=record.locator, kind=record.kind, score="5", scale="1 to 10")
        if isinstance(record, Reject) and record.code is Code.BAD_SCORE and record.kind
        else record
        for record in records
    ]


def _unreadable_date_is_none(records: list[Record], _: Document) -> list[Record]:
    return [
        Rating(locator=record.locator, kind=record.kind, score=record.score, scale="1 to 10")
        if isinstance(record, Reject) and record.code is Code.BAD_DATE and record.kind
        else record
        for record in records
    ]


def _all_titles_if_junk(records: list[Record], document: Document) -> list[Record]:
    return [record._replace(title="?") for record in records] if _any_junk_in(document) else records


def _strict_about_its_last_cell(records: list[Record], document: Document) -> list[Record]:
    if not document.text.rstrip().endswith("1999"):
        raise ValueError("the last row must be whole")
    return records


RUNS = count()

FAULTS: dict[str, Change] = {
    "golden-equal": lambda records, _: [record._replace(title="Another") for record in records],
    "one-record-per-row": lambda records, _: records[:-1],
    "well-formed": lambda records, _: [record._replace(ids={"imdb": "211915"}) for record in records],
    "dates-from-the-file": lambda records, _: [_invented_date(record) for record in records],
    "same-when-run-again": lambda records, _: [record._replace(title=str(next(RUNS))) for record in records],
    "truncated": _strict_about_its_last_cell,
    "empty-and-bare": lambda records, _: records or [Reject(locator=Locator(1), code=Code.BAD_ROW)],
    "junk-cell": _all_titles_if_junk,
    "junk-score": _unreadable_score_is_five,
    "junk-date": _unreadable_date_is_none,
    "bom": _read_by_hand,
    "utf-16": _read_by_hand,
    "semicolons": _read_by_hand,
    "shuffled-columns": _by_position,
    "extra-column": _by_position,
}


@pytest.mark.parametrize("check", FAULTS)
def test_each_check_catches_its_fault(check: str, tmp_path: Path) -> None:
    """An adapter with the fault fails the check of that name."""
    checks = bench(tmp_path, changing(FAULTS[check]), "toys.csv")
    with pytest.raises((AssertionError, ValueError, KeyError, UnicodeDecodeError)):
        checks[f"{check}@toys.csv"]()


@pytest.mark.parametrize(
    ("score", "scale", "moment", "fault"),
    [
        ("8", "stars", None, "there is no scale 'stars'"),
        ("", "1 to 10", None, "a rating without a score must be a reject: unrated"),
        ("0", "1 to 10", None, "a rating without a score must be a reject: unrated"),
        ("8", "1 to 10", Moment("0000-00-00", "day", "Toy Date"), "'0000-00-00' means that there is no date"),
    ],
)
def test_a_rating_made_by_hand_is_checked(
    score: str, scale: str, moment: Moment | None, fault: str, tmp_path: Path
) -> None:
    """Adapters may build ratings themselves, and must build sound ones."""

    def change(records: list[Record], _: Document) -> list[Record]:
        return [
            Rating(locator=record.locator, kind=Kind.MOVIE, score=score, scale=scale, moment=moment)
            for record in records
        ]

    with pytest.raises(AssertionError, match=fault):
        bench(tmp_path, changing(change), "toys.xml")["well-formed@toys.xml"]()


def test_two_records_in_one_place_are_caught(tmp_path: Path) -> None:
    """A locator names one record."""

    def change(records: list[Record], _: Document) -> list[Record]:
        return [record._replace(locator=records[0].locator) for record in records]

    with pytest.raises(AssertionError, match=r"toys.xml: several records stand at toy\[1\]"):
        bench(tmp_path, changing(change), "toys.xml")["one-record-per-row@toys.xml"]()


@pytest.mark.parametrize("sample", ["toys.json", "toys.xml"])
def test_records_out_of_order_are_caught(sample: str, tmp_path: Path) -> None:
    """Records come in the order of the file."""
    reverse = changing(lambda records, _: records[::-1])
    with pytest.raises(AssertionError, match=r"toys?\[2\] is number 1 of its list"):
        bench(tmp_path, reverse, sample)[f"one-record-per-row@{sample}"]()


def test_a_score_that_stands_nowhere_is_caught(tmp_path: Path) -> None:
    """A score that was computed is not the export's own."""
    doubled = changing(lambda records, _: [record._replace(score="3") for record in records])
    with pytest.raises(AssertionError, match="no place in the file holds what was read"):
        bench(tmp_path, doubled, "toys.xml")["junk-score@toys.xml"]()


@pytest.mark.parametrize("sample", ["toys.csv", "toys.json", "toys.xml"])
@pytest.mark.parametrize(
    "check", ["one-record-per-row", "dates-from-the-file", "junk-cell", "junk-score", "junk-date"]
)
def test_faults_are_caught_in_every_medium(check: str, sample: str, tmp_path: Path) -> None:
    """Rows, elements of JSON and elements of XML are held to the same."""
    checks = bench(tmp_path, changing(FAULTS[check]), sample)
    with pytest.raises(AssertionError, match=sample):
        checks[f"{check}@{sample}"]()


@pytest.mark.parametrize(
    "reach",
    [
        lambda: os.environ.get("HOME"),
        lambda: os.getenv("HOME"),
        lambda: time.time(),
        lambda: datetime.now(UTC),
        lambda: date.today(),  # noqa: DTZ011
        lambda: Path(__file__).read_text(),
        lambda: os.listdir("."),  # noqa: PTH208
        lambda: socket.socket().close(),
    ],
    ids=["environ", "getenv", "time", "datetime", "date", "file", "folder", "socket"],
)
def test_an_adapter_that_reaches_out_is_caught(reach: Callable[[], object], tmp_path: Path) -> None:
    """Clock, network, file system and environment are out of an adapter's reach."""

    def parse(document: Document, shape: Shape) -> Iterator[Record]:
        reach()
        return toy_adapter.parse(document, shape)

    checks = bench(tmp_path, replace(ADAPTER, parse=parse), "toys.csv")
    with pytest.raises(AssertionError, match="it may read only its document"):
        checks["reads-only-its-document@toys.csv"]()


def test_the_world_is_back_after_the_purity_check(tmp_path: Path) -> None:
    """What is taken away for one check is there again for the next."""
    bench(tmp_path)["reads-only-its-document@toys.csv"]()
    assert datetime.now(UTC).year > 2020
    assert os.environ.get("PATH")
    assert Path(__file__).read_text(encoding="utf-8")


def test_an_adapter_that_depends_on_the_zone_is_caught(tmp_path: Path) -> None:
    """The records are compared in other time zones, in a process of its own."""
    with pytest.raises(AssertionError, match="Pacific/Auckland"):
        bench(tmp_path, toy_adapter.IN_ZONE)["same-everywhere"]()


def test_an_adapter_that_no_other_process_could_find_is_told_so(tmp_path: Path) -> None:
    """An adapter made on the fly cannot be run elsewhere."""
    with pytest.raises(AssertionError, match="toy: keep the adapter under a name at the top of its module"):
        bench(tmp_path, changing(lambda records, _: records))["same-everywhere"]()


def test_what_other_threads_do_is_not_held_against_the_adapter(tmp_path: Path) -> None:
    """The runner of the tests may read the clock meanwhile."""
    times: list[float] = []

    def parse(document: Document, shape: Shape) -> Iterator[Record]:
        other = threading.Thread(target=lambda: times.append(time.time()))
        other.start()
        other.join()
        return toy_adapter.parse(document, shape)

    bench(tmp_path, replace(ADAPTER, parse=parse), "toys.csv")["reads-only-its-document@toys.csv"]()
    assert len(times) == 2


def test_junk_in_one_cell_may_not_raise(tmp_path: Path) -> None:
    """Any error but InputError is a fault, and the message says which cell held what."""

    def change(records: list[Record], document: Document) -> list[Record]:
        if "\x00" in document.text:
            raise KeyError("NUL")
        return records

    with pytest.raises(KeyError) as caught:
        bench(tmp_path, changing(change), "toys.csv")["junk-cell@toys.csv"]()
    assert caught.value.__notes__ == [r"toys.csv: line 2, column 'Toy Title' held '\x00'"]


def test_a_missing_golden_is_a_failure_of_its_own(tmp_path: Path) -> None:
    """A new sample without a golden is told apart from one that differs."""
    checks = bench(tmp_path)
    (tmp_path / "golden" / "toys.csv.jsonl").unlink()
    with pytest.raises(AssertionError, match=r"golden/toys.csv.jsonl is missing"):
        checks["golden-is-there@toys.csv"]()


def test_an_orphan_golden_is_a_failure_of_its_own(tmp_path: Path) -> None:
    """A golden whose sample is gone proves nothing any more."""
    checks = bench(tmp_path)
    (tmp_path / "golden" / "gone.csv.jsonl").write_text("{}\n")
    with pytest.raises(AssertionError, match=r"without a sample: gone.csv.jsonl"):
        checks["no-golden-orphaned"]()


def test_a_golden_that_differs_shows_the_line(tmp_path: Path) -> None:
    """The failure is a unified diff."""
    checks = bench(tmp_path)
    path = tmp_path / "golden" / "toys.csv.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("Fight Club", "Fight Night"), encoding="utf-8")
    with pytest.raises(AssertionError) as caught:
        checks["golden-equal@toys.csv"]()
    assert '-{"ids": {"imdb": "tt0137523"}' in str(caught.value)
    assert '"title": "Fight Night"' in str(caught.value)
    assert '+{"ids": {"imdb": "tt0137523"}' in str(caught.value)


def test_goldens_read_as_written_here(tmp_path: Path) -> None:
    """Head, one line per record with sorted keys, counts last; a refused file is one line."""
    bench(tmp_path)
    lines = (tmp_path / "golden" / "toys.csv.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"document": "toys.csv", "shape": "toy:table", "verdict": "parsed"}'
    assert lines[1] == (
        '{"ids": {"imdb": "tt0211915"}, "is": "rating", "kind": "movie", "locator": "line 2", "moment": '
        '{"column": "Toy Date", "form": "day", "text": "2019-05-04"}, "scale": "1 to 10", "score": "8", '
        '"title": "Amélie, or the fabulous destiny", "year": 2001}'
    )
    assert lines[-1] == '{"counts": {"bad-row": 1, "rating": 3, "unrated": 1}}'
    assert len(lines) == 7
    refused = (tmp_path / "golden" / "shelf.csv.jsonl").read_text(encoding="utf-8")
    assert refused == (
        '{"document": "shelf.csv", "sentence": "A shelf holds no ratings; export the ratings instead.", '
        '"shape": "toy:shelf", "verdict": "refused"}\n'
    )


def test_writing_goldens_says_what_changed(tmp_path: Path) -> None:
    """New, changed and removed goldens are listed; what stays is not."""
    samples = write_samples(tmp_path / "samples", "toys.csv", "toys.json")
    goldens = tmp_path / "golden"
    assert write_goldens(ADAPTER, samples, goldens, []) == [
        "new: golden/toys.csv.jsonl",
        "new: golden/toys.json.jsonl",
    ]
    assert write_goldens(ADAPTER, samples, goldens, []) == []
    (samples / "toys.csv").write_text(SAMPLES["toys.csv"].replace("Alien", "Aliens"), encoding="utf-8")
    (samples / "toys.json").unlink()
    assert write_goldens(ADAPTER, samples, goldens, []) == [
        "changed: golden/toys.csv.jsonl",
        "removed: golden/toys.json.jsonl",
    ]


def test_a_file_that_two_adapters_claim_is_a_failure(tmp_path: Path) -> None:
    """A tie is an error for people, so it is one here."""
    twin = replace(ADAPTER, name="twin")
    checks = bench(tmp_path, others=(twin,))
    with pytest.raises(AssertionError, match="toy:table, twin:table"):
        checks["identified@toys.csv"]()


def test_an_added_column_may_not_hand_the_file_to_another(tmp_path: Path) -> None:
    """The file stays what it is when the site adds a column, also beside a rival with fewer demands."""
    rival = replace(
        ADAPTER,
        name="rival",
        shapes=(replace(toy_adapter.TABLE, required=toy_adapter.TABLE.required | {"toy year"}),),
    )
    checks = bench(tmp_path, ADAPTER, "toys.csv", others=(rival,))
    with pytest.raises(AssertionError, match="rival:table"):
        checks["identified@toys.csv"]()


def test_every_shape_needs_a_sample(tmp_path: Path) -> None:
    """A shape without a sample is a promise without proof."""
    with pytest.raises(AssertionError, match="no sample of the shape json, xml, shelf"):
        bench(tmp_path, ADAPTER, "toys.csv")["sample-for-every-shape"]()


def test_a_stray_file_among_the_samples_is_a_failure(tmp_path: Path) -> None:
    """A sample that nothing recognises is overlooked by every other check."""
    samples = write_samples(tmp_path / "samples")
    (samples / "notes.csv").write_text("a,b\n1,2\n")
    checks = bench(tmp_path)
    with pytest.raises(AssertionError, match=r"notes.csv: not an export that rateport knows"):
        checks["identified@notes.csv"]()


def test_strangers_beside_the_export_in_an_archive_are_allowed(tmp_path: Path) -> None:
    """A site packs what it likes; the golden shows what each file was taken for."""
    members = {"ratings.csv": SAMPLES["toys.csv"].encode(), "notes.txt": b"hello\n", "deleted/old.csv": b"a,b\n"}
    written(tmp_path / "samples" / "toys.zip", zip_of(members))
    boxed = replace(ADAPTER, ignored_folders=frozenset({"deleted"}))
    write_goldens(boxed, tmp_path / "samples", tmp_path / "golden", [])
    checks = dict(checks_for(boxed, tmp_path / "samples", tmp_path / "golden", []))
    checks["identified@toys.zip"]()
    checks["golden-equal@toys.zip"]()
    checks["junk-cell@toys.zip/ratings.csv"]()
    golden = (tmp_path / "golden" / "toys.zip.jsonl").read_text(encoding="utf-8")
    assert [line for line in golden.splitlines() if "document" in line] == [
        '{"document": "toys.zip/deleted/old.csv", "verdict": "unidentified"}',
        '{"document": "toys.zip/notes.txt", "verdict": "unidentified"}',
        '{"document": "toys.zip/ratings.csv", "shape": "toy:table", "verdict": "parsed"}',
    ]


def test_a_file_that_is_set_aside_has_a_golden_that_says_so(tmp_path: Path) -> None:
    """It is a sample like any other: that it is not read is a promise."""
    written(tmp_path / "samples" / "export" / "deleted" / "old.csv", SAMPLES["toys.csv"].encode())
    boxed = replace(ADAPTER, ignored_folders=frozenset({"deleted"}))
    write_goldens(boxed, tmp_path / "samples", tmp_path / "golden", [])
    dict(checks_for(boxed, tmp_path / "samples", tmp_path / "golden", []))["identified@export/deleted/old.csv"]()
    assert (tmp_path / "golden" / "export__deleted__old.csv.jsonl").read_text(encoding="utf-8") == (
        '{"document": "export/deleted/old.csv", "sentence": "export/deleted/old.csv: set aside by Toy itself.", '
        '"verdict": "ignored"}\n'
    )


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (
            "cut.zip",
            zip_of({"a.csv": b"x"})[:20],
            "cut.zip: the zip file is damaged or cut off (File is not a zip file)",
        ),
        ("cut.json", b'{"toys": [', "cut.json:1: not complete JSON"),
    ],
)
def test_a_sample_that_cannot_be_read_is_a_failure(name: str, data: bytes, sentence: str, tmp_path: Path) -> None:
    """Unless the folder says that it is meant so."""
    written(tmp_path / "samples" / name, data)
    checks = bench(tmp_path, ADAPTER, "toys.csv")
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        checks[f"identified@{name}"]()
    assert '"verdict": "unreadable"' in (tmp_path / "golden" / f"{name}.jsonl").read_text(encoding="utf-8")


def test_the_example_for_third_parties_runs(tmp_path: Path) -> None:
    """The test file in the docstring of importer.testing is all that is needed."""
    example = textwrap.dedent(importer.testing.__doc__.split("\n\n")[2])
    example += textwrap.dedent("\n\n".join(["", *importer.testing.__doc__.split("\n\n")[3:5]]))
    test_file = written(
        tmp_path / "test_example.py", example.replace("rateport_example", "tests.toy_adapter").encode()
    )
    write_samples(tmp_path / "samples")
    write_goldens(ADAPTER, tmp_path / "samples", tmp_path / "golden", [])
    done = run_pytest(test_file, "--rootdir", str(tmp_path), "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_goldens_are_not_written_under_ci() -> None:
    """A golden that a robot writes proves nothing."""
    done = run_pytest(Path(__file__), "--update-golden", "--collect-only", CI="true")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--update-golden is refused under CI" in done.stderr


def run_pytest(test_file: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own."""
    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-m", "pytest", str(test_file), *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root, **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def golden_folder(tmp_path: Path) -> Path:
    """The golden folder of the toy, where exceptions are declared."""
    (tmp_path / "golden").mkdir()
    return tmp_path / "golden"


def test_a_declared_exception_is_skipped_with_its_reason(tmp_path: Path) -> None:
    """An adapter may say which check cannot hold, for all samples or for one, and must say why."""
    goldens = golden_folder(tmp_path)
    (goldens / "exceptions.txt").write_text(
        "# what the toy cannot do\njunk-cell: scores are told by the column\ntabs@toys.csv: it has no tabs\n"
    )
    checks = bench(tmp_path)
    for name, reason in (
        ("junk-cell@toys.csv", "scores are told by the column"),
        ("junk-cell@toys.json", "scores are told by the column"),
        ("tabs@toys.csv", "it has no tabs"),
    ):
        with pytest.raises(SkipTest, match=reason):
            checks[name]()
    checks["tabs@shelf.csv"]()
    checks["exceptions-in-use"]()


def test_an_exception_to_nothing_is_a_failure(tmp_path: Path) -> None:
    """An exception outlives neither its check nor its sample."""
    goldens = golden_folder(tmp_path)
    (goldens / "exceptions.txt").write_text("tabs@gone.csv: it has no tabs\n")
    with pytest.raises(AssertionError, match=r"there is no check tabs@gone.csv"):
        bench(tmp_path)["exceptions-in-use"]()


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    """A check is not switched off in silence."""
    goldens = golden_folder(tmp_path)
    (goldens / "exceptions.txt").write_text("tabs\n")
    with pytest.raises(ValueError, match="gives no reason"):
        bench(tmp_path)


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"name": "Toy Box"}, "'Toy Box' is no lower-case word"),
        ({"title": ""}, "no title"),
        ({"help": ""}, "where on the site"),
        ({"shapes": ()}, "no shape"),
        ({"shapes": (toy_adapter.JSON, toy_adapter.JSON)}, "share a name"),
        ({"shapes": (replace(toy_adapter.JSON, required=frozenset()),)}, "would fit every file"),
        ({"shapes": (replace(toy_adapter.JSON, forbidden=toy_adapter.JSON.required),)}, "forbids what it requires"),
    ],
)
def test_the_facts_of_an_adapter_are_checked(facts: dict[str, object], complaint: str, tmp_path: Path) -> None:
    """Name, title, help and shapes must serve a person."""
    checks = dict(checks_for(replace(ADAPTER, **facts), write_samples(tmp_path / "samples"), tmp_path, []))
    with pytest.raises(AssertionError, match=complaint):
        checks["facts"]()
