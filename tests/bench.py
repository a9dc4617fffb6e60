"""Speed and memory as ratios against references measured in the same run: `python -m tests.bench`, or `make bench`.
Help alone has a limit in milliseconds, because a person waits for it.

Every measured thing is a fresh process, whose processor time counts, as installed: with its byte code at hand. The
cheapest of several tries is taken, because all else is the machine's.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from importer.journal.journal import Journal
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Section, Send

ROWS = 100_000
MANY_ROWS = 1_000_000
TRIES = 9
TYPES = ("Movie",) * 6 + ("TV Series", "TV Mini Series", "Short", "TV Episode")
COLUMNS = [
    "Const",
    "Your Rating",
    "Date Rated",
    "Title",
    "Original Title",
    "URL",
    "Title Type",
    "IMDb Rating",
    "Runtime (mins)",
    "Year",
    "Genres",
    "Num Votes",
    "Release Date",
    "Directors",
]

CSV_PASS = """
import csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    for row in csv.DictReader(stream):
        pass
"""


NORMALIZED = """
import gc, os, sys
gc.disable()
from pathlib import Path
from importer.intake.registry import load_adapters
from importer.preparing import parsed_document
from importer.reading import findings, ratings_among
from importer.stages.normalization import Normalization
from importer.stages.normalize import normalized_slices
from importer.vocabulary.clock import SystemClock
reading = ratings_among(findings([Path(sys.argv[1])], load_adapters()))
documents = [parsed_document(finding) for finding in reading.ratings]
slices = normalized_slices(documents, Normalization(now=SystemClock().now()))
assert sum(len(frame) for frame in slices) == int(sys.argv[2])
os._exit(0)  # as rateport leaves
"""

GATHERED = """
import gc, sys
gc.disable()
from pathlib import Path
from importer.config import Settings
from importer.preparing import Request, gathered
from importer.vocabulary.clock import SystemClock
assert len(gathered(Request(paths=[Path(sys.argv[1])]), Settings(), SystemClock()).frame) == int(sys.argv[2])
"""

OPENED = """
import sys
from pathlib import Path
from importer.journal.journal import Journal
for _ in range(int(sys.argv[2])):
    with Journal(Path(sys.argv[1]), "bench"):
        pass
"""


class Cost(NamedTuple):
    """Seconds of the processor and the largest resident size in MB."""

    seconds: float
    megabytes: float


def export(path: Path, rows: int) -> Path:
    """An IMDb export of so many made-up rows, always the same."""
    chance = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(1, rows + 1):
            rated = date(2006, 1, 1) + timedelta(days=chance.randrange(7000))
            title = f"Some Title, Number {number}"
            writer.writerow(
                [f"tt{number:07}", chance.randint(1, 10), rated, title, title, f"https://www.imdb.com/title/tt{number:07}/",
                 chance.choice(TYPES), 7.1, chance.randint(20, 200), chance.randint(1920, 2025), "Drama, Mystery",
                 chance.randint(100, 999_999), "2016-09-01", "Jane Doe"]
            )  # fmt: skip
    return path


def journal(path: Path, sends: int) -> Path:
    """A journal of one run with so many confirmed sends."""
    rated = [
        Send(Section.MOVIES, {"rating": 7, "rated_at": "2019-05-04T10:00:00Z", "ids": {"imdb": f"tt{number:07}"}})
        for number in range(1, sends + 1)
    ]
    now = datetime(2026, 9, 20, tzinfo=UTC)
    with Journal(path, "bench") as book:
        ledger = book.ledger(book.begin("import", "", {}, now), "rate")
        batch = ledger.intend(rated, now)
        ledger.settle(batch, {send.key: Settlement(Fate.CONFIRMED) for send in rated}, None, now)
    return path


def cost(command: Sequence[str], home: Path, tries: int = TRIES) -> Cost:
    """The cheapest of several runs of `command`."""
    return min(_once(command, home) for _ in range(tries))


def _once(command: Sequence[str], home: Path) -> Cost:
    environment = {**os.environ, "RATEPORT_HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    assert process.stderr is not None
    error = process.stderr.read().decode()
    process.stderr.close()
    assert os.waitstatus_to_exitcode(status) in (0, 1), error
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> int:
    """Measure, print, and say with the exit code whether the promises hold."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = export(home / "ratings.csv", ROWS)
        click = cost([python, "-c", "import click"], home)
        help_text = cost([python, "-m", "importer", "--help"], home)
        csv_pass = cost([python, "-c", CSV_PASS, str(file)], home)
        preview = cost([python, "-m", "importer", "preview", str(file)], home)
        report = cost([python, "-m", "importer", "preview", str(file), "-o", str(home / "report")], home)
        many = [str(export(home / "many.csv", MANY_ROWS)), str(MANY_ROWS)]
        sliced = cost([python, "-c", NORMALIZED, *many], home, tries=5)
        whole = cost([python, "-c", GATHERED, *many], home, tries=1)
        book = str(journal(home / "journal.sqlite", ROWS))
        once, often = (cost([python, "-c", OPENED, book, str(times)], home, tries=5) for times in (1, 11))
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, fastest of {TRIES}, {ROWS:,} IMDb rows")
    promises = [
        ("--help against the bare import of click", help_text.seconds / click.seconds, 2.0, "times"),
        ("--help", help_text.seconds * 1000, 150.0, "ms"),
        ("preview against a csv.DictReader pass", preview.seconds / csv_pass.seconds, 8.0, "times"),
        ("preview, largest resident size", preview.megabytes, 450.0, "MB"),
        (f"{MANY_ROWS:,} rows read and normalized, slice by slice", sliced.seconds, 10.0, "s"),
        (f"{MANY_ROWS:,} rows, largest resident size", sliced.megabytes, 250.0, "MB"),
        (f"opening a journal of {ROWS:,} sends", (often.seconds - once.seconds) * 100, 100.0, "ms"),
    ]
    for what, found, limit, unit in promises:
        print(f"{what}: {found:.2f} {unit} (at most {limit:g})")
    print(
        f"import click {click.seconds:.3f} s, --help {help_text.seconds:.3f} s, DictReader {csv_pass.seconds:.2f} s"
    )
    print(
        f"preview {preview.seconds:.2f} s, with report files {report.seconds:.2f} s and {report.megabytes:.0f} MB"
    )
    print(f"{MANY_ROWS:,} rows joined to one frame: {whole.seconds:.1f} s and {whole.megabytes:.0f} MB")
    return int(any(found > limit for _, found, limit, _ in promises))


if __name__ == "__main__":
    sys.exit(main())
