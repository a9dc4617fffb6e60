"""Hostile files made from the samples, and what may come of them. A case is named by sample, mutation and seed.

`python -m tests.fuzzing SOURCE/FILE MUTATION SEED` runs one case again, shows what came of it and keeps the file.
The mutation `cut` leaves as many bytes of the sample as the seed says.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any, NamedTuple

from importer.adapter import Record
from importer.config import Settings
from importer.intake.documents import Document
from importer.intake.outline import outline
from importer.intake.registry import load_adapters
from importer.preparing import Request, prepare
from importer.stages import frame as frames
from importer.testing.samples import Sample, Verdict, read_samples, records_of, sample_files
from importer.vocabulary.errors import BalanceError, InputError
from importer.vocabulary.outcomes import Outcome
from tests.clock import START, FakeClock
from tests.mutations import MUTATIONS, Mutant, Victim

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_exports"
SENTENCE_CHARS = 2_000
SECONDS = 10
"""Of the processor, that one case may take; none makes a file of 10 MB."""
CUT, CUT_BYTES, CUT_PARTS = "cut", 1024, 16
_FACTS = ("title", *frames.ID_COLUMNS, "rating", "rated_at", "kind")
TOLD_BY_THE_WHOLE_FILE = {
    # one unrated row shows that `created` is the day of listing; without any it is that of rating
    "imdb/watchlist-2017.csv": "rated_at",
    # one day above the twelfth shows the order of all dates; without any it is the one that the settings name
    "simkl/SimklBackup.csv": "rated_at",
    # scores above ten show that all are out of a hundred; without any a 5 is a 5
    "myanimelist/anilist-to-mal-100.xml": "rating",
}
"""Samples with a fact that means what only all their rows together tell, and that fact."""
_ACCEPTED = {Outcome.PENDING.value, Outcome.DUPLICATE.value}
_SETTINGS = (
    Settings(),
    Settings(),
    Settings(),
    Settings(timezone="America/New_York", date_order="dmy"),
    Settings(date_order="mdy", hold_undated=True, ids_only=True),
    Settings(shows_from_seasons="mean", stand_in_dates=False, prefer="highest", timezone="Asia/Tokyo"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file: made from which sample, how, and by which throw of the dice."""

    sample: str
    mutation: str
    seed: int

    def __str__(self) -> str:
        return f"python -m tests.fuzzing '{self.sample}' {self.mutation} {self.seed}"

    @property
    def settings(self) -> Settings:
        """How the file is read."""
        return _SETTINGS[self.seed % len(_SETTINGS)]


class Read(NamedTuple):
    """What came of reading: a complaint, or the facts of every accepted row."""

    complaint: str
    accepted: Counter[tuple[Any, ...]]
    records: int = 0


def sources() -> list[str]:
    """Every source with samples."""
    return sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())


def cases(source: str, count: int) -> Iterator[Case]:
    """The first `count` cases of a source that make a file unlike its samples and unlike those of all cases before,
    every mutation of every sample in turn, in an order of chance."""
    return islice(_different(source), count)


def _different(source: str) -> Iterator[Case]:
    """Turn after turn, until one makes nothing that was not there."""
    pairs = [(name, mutation) for name in victims(source) for mutation in MUTATIONS]
    seen = {content(Mutant(victim.data)) for victim in victims(source).values()}
    turn, before = 0, 0
    while len(seen) > before:
        before = len(seen)
        Random(f"{source} {turn}").shuffle(pairs)
        for name, mutation in pairs:
            case = Case(f"{source}/{name}", mutation, turn)
            made = _made(case)
            if made and made.data != made.like and (found := content(made)) not in seen:
                seen.add(found)
                yield case
        turn += 1


def content(made: Mutant) -> str:
    """What tells one file from another; all folders are one."""
    return "folder" if made.is_folder else sha256(made.data).hexdigest()


def cuts(source: str) -> Iterator[Case]:
    """Every sample of a source cut off at every 1 kB and at every sixteenth of it."""
    for name, data in wholes(source).items():
        size = len(data)
        ends = {*range(0, size, CUT_BYTES), *(size * part // CUT_PARTS for part in range(CUT_PARTS))}
        yield from (Case(f"{source}/{name}", CUT, end) for end in sorted(ends))


@cache
def wholes(source: str) -> dict[str, bytes]:
    """The bytes of every sample of a source by name, of archives and of what was understood in them."""
    files = {name: (SAMPLES / source / name).read_bytes() for name in sample_files(SAMPLES / source)}
    return files | {name: victim.data for name, victim in victims(source).items()}


@cache
def victims(source: str) -> dict[str, Victim]:
    """The samples of a source that are understood, by name."""
    found = read_samples(SAMPLES / source, load_adapters())
    return {sample.name: _victim(sample) for sample in found if sample.claim is not None}


def _victim(sample: Sample) -> Victim:
    assert sample.claim
    document = Document(sample.name, sample.document.data)
    records: list[Record] = records_of(sample.claim, document) if sample.verdict is Verdict.PARSED else []
    labels = tuple(dict.fromkeys(record.locator.path for record in records))
    return Victim(sample.name, document.data, document.text, outline(document).medium, labels)


def mutant(case: Case) -> Mutant | None:
    """The file of a case; None where the mutation does not suit the sample."""
    source, _, name = case.sample.partition("/")
    if case.mutation == CUT:
        whole = wholes(source)[name]
        return Mutant(whole[: case.seed], 1, whole)
    return MUTATIONS[case.mutation](victims(source)[name], Random(str(case)))


_made = lru_cache(maxsize=1)(mutant)  # who goes through the cases tries each as soon as it was chosen


def fault(case: Case, folder: Path) -> str | None:
    """What is wrong with what came of a case, or None. Exceptions of any kind but the right one go up."""
    made = _made(case)
    assert made is not None, "the mutation does not suit the sample"
    name = case.sample.partition("/")[2]
    path = folder / PurePosixPath(made.name or name).name
    settings = case.settings
    if made.strangers is not None:  # a rating made from many rows hangs on each of them
        settings = settings.model_copy(update={"shows_from_seasons": ""})
    _put(path, made)
    with _in_time():
        found = read(path, settings)
    if made.strangers is None or found.complaint or made.like is None:
        return None
    held = _held(path.name, made.like, settings.model_dump_json())
    if told := TOLD_BY_THE_WHOLE_FILE.get(case.sample):
        found, held = _without(told, found), _without(told, held)
    strangers = Counter() if held.complaint else found.accepted - held.accepted
    if strangers.total() <= made.strangers:
        return None
    told = "\n".join(str(_short(facts)) for facts in strangers)
    return (
        f"{strangers.total()} accepted rows are none of the sample's; at most {made.strangers} was touched:\n{told}"
    )


@lru_cache(maxsize=256)
def _held(name: str, unspoiled: bytes, settings: str) -> Read:
    """What the sample holds in the writing to compare with; many cases of a source compare with the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(unspoiled)
        return read(path, Settings.model_validate_json(settings))


def _without(fact: str, found: Read) -> Read:
    at = _FACTS.index(fact)
    rest: Counter[tuple[Any, ...]] = Counter()
    for facts, times in found.accepted.items():
        rest[(*facts[:at], None, *facts[at + 1 :])] += times
    return found._replace(accepted=rest)


def _put(path: Path, made: Mutant) -> None:
    if made.is_folder:
        (path / path.name).mkdir(parents=True)
    else:
        path.write_bytes(made.data)


@contextmanager
def _in_time() -> Iterator[None]:
    began = time.process_time()
    yield
    seconds = time.process_time() - began
    assert seconds < SECONDS, f"reading took {seconds:.1f} seconds"


def read(path: Path, settings: Settings) -> Read:
    """Read one file up to the plan. Raises AssertionError unless that ends in a sentence or in rows that add up,
    and nothing was written."""
    try:
        with nothing_written():
            prepared = prepare(Request(paths=[path]), settings, FakeClock())
    except BalanceError:
        raise
    except InputError as error:
        complaint = str(error).replace(str(path), path.name)  # how deep the tests' folder lies is nobody's fault
        assert complaint.strip(), "an error without a sentence"
        assert len(complaint) < SENTENCE_CHARS, f"a sentence of {len(complaint)} characters: {complaint[:300]}"
        assert "Traceback" not in complaint and " object at 0x" not in complaint, complaint
        return Read(complaint, Counter())
    frame = frames.checked(prepared.plan.frame)
    frames.check_balance(frame, prepared.records)
    columns = {name: frames.column(frame, name) for name in (*_FACTS, "outcome", "year", "detail", "score_text")}
    accepted: Counter[tuple[Any, ...]] = Counter()
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        _expect_sound(row)
        if row["outcome"] in _ACCEPTED:
            accepted[tuple(row[name] for name in _FACTS)] += 1
    return Read("", accepted, prepared.records)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGING = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.truncate", "os.chmod"}
_watches: list[list[str]] = []


@contextmanager
def nothing_written() -> Iterator[None]:
    """Raises AssertionError when the block has made or changed a file or folder, wherever it lies."""
    _watch_files()
    changed: list[str] = []
    _watches.append(changed)
    try:
        yield
    finally:
        _watches.remove(changed)
        assert not changed, f"files were written: {changed}"


@cache
def _watch_files() -> None:
    sys.addaudithook(_heard)  # once: Python takes none back


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if not _watches or not (event in _CHANGING or (event == "open" and args[2] & _WRITING)):
        return
    path = str(args[0])
    if "__pycache__" not in path:  # of a module that is loaded late
        _watches[-1].append(f"{event} {path}")


def _expect_sound(row: dict[str, Any]) -> None:
    for name, value in row.items():
        if isinstance(value, str):
            value.encode()  # half a surrogate pair could be neither stored nor sent
            assert name not in ("title", *frames.ID_COLUMNS) or "\x1b" not in value, f"{name} holds an escape"
    assert len(row["title"] or "") <= 1_000, "a title without end"
    if row["outcome"] in _ACCEPTED:
        assert row["rating"] in range(1, 11), row
    if row["outcome"] == Outcome.PENDING:
        assert row["kind"] in ("movie", "show"), row
    assert row["rated_at"] is None or 1970 <= row["rated_at"].year <= START.year, row["rated_at"]


def _short(facts: tuple[Any, ...]) -> dict[str, Any]:
    return {name: str(value)[:80] for name, value in zip(_FACTS, facts, strict=False) if value is not None}


def main(sample: str, mutation: str, seed: str) -> None:
    """Run one case and show what came of it."""
    case = Case(sample, mutation, int(seed))
    made = mutant(case)
    if made is None:
        print("The mutation does not suit the sample.")
        return
    folder = Path(tempfile.mkdtemp(prefix="rateport-fuzz-"))
    print(f"The file is kept in {folder}.")
    print(fault(case, folder) or "All is well.")
    path = folder / PurePosixPath(made.name or sample).name
    if not made.is_folder:
        path.write_bytes(made.data)
        print(read(path, case.settings))


if __name__ == "__main__":
    main(*sys.argv[1:])
