"""Hostile files made by a fuzzer that is led by coverage: what reaches new code is kept and changed further.

`python -m tests.coverage_guided` reads for an hour whatever atheris makes of the samples, up to the plan. It begins
with what earlier hours kept, and prints how many files were read and how much of the program they reached.
`python -m tests.coverage_guided FILE...` runs findings again, one after another; that needs no atheris.

Only the program itself is watched, no library. Reading ends in a sentence or in rows that add up, and takes at most
10 seconds and five times the file and 300 MiB; all else is a finding, of which the smallest file of each is kept.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import io
import re
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import platformdirs

if TYPE_CHECKING:
    from tests.mutations import Victim

ROOT = Path(__file__).parent.parent
WATCHED = ["importer", "adapters"]  # tests.fuzzing and all it imports is imported late, while atheris watches
SHARED = Path("/dev/shm")
HOUR, TURN = 3600, 900  # atheris 3.0.0 loses about 14 kB with every file, so its process changes
PLAN_BYTES = 3
MIB = 1024 * 1024
FREE, TIMES, SECONDS = 300 * MIB, 5, 10
STALLED_SECONDS = 60  # not of the processor, but of the clock: other work of the machine counts
MOST_MIB = 2048  # for the fuzzer, its corpus and one file
LARGEST = 128 * 1024
SPOILED_SHARE = 0.3
FORGET_PEAK = "5"  # proc_pid_clear_refs(5)
ENDED = 0
USUAL_ENDS = (ENDED, 70, 71)  # libFuzzer's for time over, a file that stalled, a file that swelled


class Packing(IntEnum):
    """What is named on the command line: the file alone, its folder with what lies beside it, an archive of it."""

    ALONE = 0
    FOLDER = 1
    ZIP = 2
    GZIP = 3


class Plan(NamedTuple):
    """The first bytes of an input, which are not the file's: in whose place it stands, and how it is read."""

    sample: int
    settings: int
    packing: Packing

    @classmethod
    def of(cls, head: bytes) -> Plan:
        """Any three bytes are a plan; fewer are filled up."""
        first, second, third = head.ljust(PLAN_BYTES, b"\0")
        return cls(first * 256 + second, third & 63, Packing(third >> 6))

    def __bytes__(self) -> bytes:
        return bytes([*divmod(self.sample, 256), self.settings | self.packing << 6])


class Target:
    """The program with every sample in a folder in memory, one of which is replaced at a time."""

    def __init__(self, place: Path) -> None:
        from importer.testing.samples import sample_files
        from tests import fuzzing

        self._fuzzing = fuzzing
        self.place = place
        self.victims: dict[str, Victim] = {}
        self.files: dict[str, bytes] = {}
        for source in fuzzing.sources():
            folder = fuzzing.SAMPLES / source
            self.victims |= {f"{source}/{name}": victim for name, victim in fuzzing.victims(source).items()}
            self.files |= {f"{source}/{name}": (folder / name).read_bytes() for name in sample_files(folder)}
        self.files |= {name: victim.data for name, victim in self.victims.items()}
        self.names = sorted(self.files)
        for name in self.names:
            self._path(name).parent.mkdir(parents=True, exist_ok=True)
            self._path(name).write_bytes(self.files[name])

    def _path(self, name: str) -> Path:
        """Of a sample; the members of an archive lie in a folder."""
        folder, _, base = name.rpartition("/")
        return self.place / "samples" / f"{folder}.d" / base

    def sample(self, plan: Plan) -> str:
        """Whose place the file takes."""
        return self.names[plan.sample % len(self.names)]

    def seeds(self) -> Iterator[bytes]:
        """Every sample as an input, alone and in its folder."""
        for number, name in enumerate(self.names):
            for packing in (Packing.ALONE, Packing.FOLDER):
                yield bytes(Plan(number, number % 6, packing)) + self.files[name]

    def run(self, data: bytes) -> str:
        """What comes of one input. Whatever is raised is a finding."""
        from importer.vocabulary.errors import ConfigError

        plan, content = Plan.of(data[:PLAN_BYTES]), data[PLAN_BYTES:]
        name = self.sample(plan)
        path = self._path(name)
        named = self._put(path, content, plan.packing)
        settings = self._fuzzing.Case(name, "", plan.settings).settings
        try:
            with Bounds(len(content)):
                found = self._fuzzing.read(named, settings)
        except ConfigError as error:
            return str(error)
        finally:
            path.write_bytes(self.files[name])
        return found.complaint or f"{found.records} records"

    def _put(self, path: Path, content: bytes, packing: Packing) -> Path:
        if packing is Packing.ALONE or packing is Packing.FOLDER:
            path.write_bytes(content)
            return path if packing is Packing.ALONE else path.parent
        packed = self.place / f"{path.name}.{packing.name.lower()}"
        packed.write_bytes(gzip.compress(content, 1) if packing is Packing.GZIP else _zipped(path, content))
        return packed


def _zipped(path: Path, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{path.parent.name}/{path.name}", content)
    return out.getvalue()


class Bounds:
    """Time of the processor and memory that reading a file of `size` bytes may take; more is an AssertionError."""

    def __init__(self, size: int) -> None:
        self._most = TIMES * size + FREE

    def __enter__(self) -> None:
        Path("/proc/self/clear_refs").write_text(FORGET_PEAK, encoding="ascii")
        self._began, self._size = time.process_time(), _memory("VmRSS")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        seconds, grown = time.process_time() - self._began, _memory("VmHWM") - self._size
        assert seconds <= SECONDS, f"took {seconds:.0f} seconds"
        assert grown <= self._most, f"took {grown // MIB} MiB"


def _memory(line: str) -> int:
    """What this process holds (VmRSS), or the most it held since that was forgotten (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(found.split()[1]) * 1024 for found in lines if found.startswith(f"{line}:"))


# --- findings ---------------------------------------------------------------------------------------------


def kept(data: bytes, error: Exception, folder: Path) -> Path | None:
    """Where a finding was kept; None where a smaller file lies there that was found at the same place."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]]
    kind = hashlib.sha256(" ".join([type(error).__name__, *places]).encode()).hexdigest()[:12]
    path = folder / f"{type(error).__name__}-{kind}"
    if path.exists() and path.stat().st_size <= len(data):
        return None
    path.write_bytes(data)
    path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), "utf-8", "backslashreplace")
    return path


def _tried(target: Target, folder: Path) -> Callable[[bytes], None]:
    """What the fuzzer calls: no finding ends the hour."""

    def try_one(data: bytes) -> None:
        try:
            target.run(data)
        except Exception as error:  # noqa: BLE001 - of whatever kind, it is a finding
            if path := kept(data, error, folder):
                print(f"\nFINDING {error!r:.300}\n  python -m tests.coverage_guided '{path}'", file=sys.stderr)

    return try_one


# --- what the fuzzer is told ------------------------------------------------------------------------------


def dictionary() -> str:
    """The words of the formats as libFuzzer reads them: keys, column names, tags, and values that are odd."""
    from importer.intake.registry import load_adapters
    from tests import mutations

    shapes = [shape for adapter in load_adapters() for shape in adapter.shapes]
    marks = {mark for shape in shapes for mark in shape.required | shape.optional | shape.any_of | shape.forbidden}
    words = {word for mark in marks for word in (mark, *re.split(r"[./@\[\]]+", mark))}
    words |= {name for shape in shapes for name in shape.file_names}
    words |= {*mutations.HOSTILE, *mutations.SLIPS, "sep=;\r\n", "<!DOCTYPE a [", "<![CDATA[", "\\ud83d", "\r\n"}
    words |= {form for word in tuple(words) for form in (f'"{word}":', f"<{word}>", f"</{word}>") if word in marks}
    short = sorted(word for word in words if 1 < len(word.encode("utf-8", "replace")) <= 40)
    return "".join(f'"{_escaped(word)}"\n' for word in short)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace"))


def spoiled(target: Target, data: bytes, rng: Random) -> bytes:
    """The input with its file spoiled in one of the ways of tests.mutations, or as it is where none suits it."""
    from importer.intake.documents import Document
    from importer.intake.outline import outline
    from tests.mutations import MUTATIONS, Victim

    sample = target.victims.get(target.sample(Plan.of(data[:PLAN_BYTES])))
    if sample is None:
        return data
    document = Document(sample.name, data[PLAN_BYTES:])
    try:
        victim = Victim(sample.name, document.data, document.text, outline(document).medium, sample.labels)
        made = rng.choice(list(MUTATIONS.values()))(victim, rng)
    except Exception:  # noqa: BLE001 - the ways are written for sound files
        return data
    return data if made is None or made.is_folder else data[:PLAN_BYTES].ljust(PLAN_BYTES, b"\0") + made.data


# --- the hour ---------------------------------------------------------------------------------------------


def watch(place: Path, home: Path, seconds: int) -> None:
    """Fuzz in this process, which libFuzzer ends; `place` holds what is not kept."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=WATCHED):
        target = Target(place)
        _warm(target)
    (place / "words.txt").write_text(dictionary(), encoding="ascii")
    seeds = place / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(target.seeds()):
        (seeds / str(number)).write_bytes(seed)

    def mutate(data: bytes, most: int, chance: int) -> bytes:
        rng = Random(chance)
        made = spoiled(target, data, rng) if rng.random() < SPOILED_SHARE else data
        return made[:most] if made != data else bytes(atheris.Mutate(data, most))

    flags = {
        "dict": place / "words.txt",
        "artifact_prefix": f"{home / 'findings'}/",
        "max_total_time": seconds,
        "max_len": LARGEST,
        "timeout": STALLED_SECONDS,
        "report_slow_units": STALLED_SECONDS,
        "rss_limit_mb": MOST_MIB,
        "print_final_stats": 1,
    }
    told = [sys.argv[0], *(f"-{name}={value}" for name, value in flags.items()), str(home / "corpus"), str(seeds)]
    atheris.Setup(told, _tried(target, home / "findings"), custom_mutator=mutate)
    atheris.Fuzz()


def _warm(target: Target) -> None:
    """What the program loads late is loaded now: while atheris watches, and on nobody's account of memory."""
    for sample in ("imdb/ratings.csv", "trakt/ratings-movies.json", "plex/movies.xml", "kinopoisk/votes.xls"):
        for packing in Packing:
            target.run(bytes(Plan(target.names.index(sample), 0, packing)) + target.files[sample])


def fuzz(home: Path, seconds: int) -> int:
    """Fuzz for so long, in one child after another: a file that stalls or swells beyond measure ends its child."""
    for folder in ("corpus", "findings"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    end, ended = time.monotonic() + seconds, ENDED
    while ended in USUAL_ENDS and (left := int(end - time.monotonic())) > 0:
        with in_memory() as place:
            turn = ["--home", str(home), "--seconds", str(min(left, TURN)), "--watch", place]
            command = [sys.executable, "-m", "tests.coverage_guided", *turn]
            ended = subprocess.run(command, cwd=ROOT, check=False).returncode
    found = sorted(str(path) for path in (home / "findings").iterdir() if path.suffix != ".txt")
    print(f"{len(found)} findings", *found, sep="\n  ")
    return int(bool(found) or ended not in USUAL_ENDS)


def in_memory() -> tempfile.TemporaryDirectory[str]:
    """A folder that costs no disk, where the system has such."""
    return tempfile.TemporaryDirectory(prefix="rateport-fuzz-", dir=SHARED if SHARED.is_dir() else None)


def main() -> int:
    """Fuzz, or run findings again."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage_guided")
    parser.add_argument("--seconds", type=int, default=HOUR)
    parser.add_argument("--home", type=Path, default=platformdirs.user_cache_path("rateport-fuzz"))
    parser.add_argument("--watch", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("findings", nargs="*", type=Path)
    given = parser.parse_args()
    if given.watch:
        watch(given.watch, given.home, given.seconds)
    if not given.findings:
        return fuzz(given.home, given.seconds)
    with in_memory() as place:
        target = Target(Path(place))
        for path in given.findings:
            data = path.read_bytes()
            print(target.sample(Plan.of(data[:PLAN_BYTES])), data[PLAN_BYTES:][:500], target.run(data), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
