"""The dependencies: bounds, locks, both ends of the bounds, and every Python on this machine from 3.11 on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
OLDEST = 11
PROOF = (
    "tests/intake",
    "tests/report",
    "tests/test_cli.py",
    "tests/test_import.py",
    "tests/test_over_http.py",
    "tests/test_packaging.py",
    "tests/test_recovery.py",
    "tests/test_verify.py",
    "tests/wire",
)
WIDE = (
    "tests/adapters",
    "tests/sandbox",
    "tests/simkl",
    "tests/stages",
    "tests/test_everything.py",
    "tests/test_hostile_output.py",
    "tests/test_runs.py",
    "tests/test_undo.py",
)
BEYOND = (
    "tests/simkl/test_judge.py",
    "tests/simkl/test_matching.py",
    "tests/stages/test_conflicting_ids.py",
    "tests/stages/test_slices.py",
    "tests/stages/test_zones.py",
    "tests/test_hostile_output.py::test_no_command_lets_data_steer_the_terminal",
    "tests/test_hostile_output.py::test_the_browser_would_show_a_dialog",
    "tests/test_hostile_output.py::test_the_page_that_asks_shows_every_name_as_it_is",
)
"""Of these files, what takes long and asks nothing of the libraries, or needs a browser."""

LOCKS = ("dev", "fuzz", "lock")
DATA = {"tzdata"}  # the rules of time zones, numbered by the year: nothing of it can break, and old rules are wrong
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}  # as in the Makefile
_HASH = re.compile(r" --hash=sha256:[0-9a-f]{64}(?= |$)")


@cache
def interpreters() -> dict[str, str]:
    """Python commands by version, in order: this one, and of each other minor version the first that starts."""
    return {f"3.{minor}": command for minor in range(OLDEST, 30) if (command := _interpreter(minor))}


def _interpreter(minor: int) -> str | None:
    if minor == sys.version_info.minor:
        return sys.executable
    name = f"python3.{minor}"
    beside = map(str, Path(sys.base_prefix).parent.glob(f"*/bin/{name}"))
    return next(filter(_starts, filter(None, chain(beside, [shutil.which(name)]))), None)


def _starts(command: str) -> bool:
    return subprocess.run([command, "-c", ""], capture_output=True, check=False).returncode == 0


NEWER = [name for name in interpreters() if name != f"3.{OLDEST}"] or [f"newer than 3.{OLDEST}"]


def interpreter(name: str) -> str:
    """The command of a Python of this version; the test is skipped where there is none, and fails under CI."""
    found = interpreters().get(name)
    if found is None:
        assert not os.environ.get("CI"), f"CI must not pass without a Python {name}"
        pytest.skip(f"there is no Python {name} here, neither on the path nor beside this one")
    return found


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for and a lock has to hold; that of `dev` holds all that is not in another."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(pyproject["dependency-groups"][lock])
    if lock == "dev":
        lines += [*_of_program(), *pyproject["build-system"]["requires"]]
    return [Requirement(line) for line in lines]


def _of_program() -> list[str]:
    """What the program itself needs, with its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]


def _lines(lock: str) -> Iterator[str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    return (line for line in text.splitlines() if not line.lstrip().startswith("#"))


def locked(lock: str) -> list[Requirement]:
    """What a lock holds, line by line."""
    return [Requirement(line.partition(" --hash")[0]) for line in _lines(lock)]


def _lowest() -> list[str]:
    """Every library of the program at its lower bound."""
    needed = map(Requirement, _of_program())
    bounds = ((line.name, bound) for line in needed for bound in line.specifier if bound.operator == ">=")
    return [f"{name}=={bound.version}" for name, bound in bounds]


def _proved(folder: Path, python: str, constraints: list[str], tests: Sequence[str]) -> None:
    """Install into an environment of its own, without regard to the lock, and run the tests there."""
    (folder / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
    environment = folder / "venv"
    subprocess.run([python, "-m", "venv", str(environment)], check=True)
    own = str(environment / "bin" / "python")
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    needed = ["--editable", f"{ROOT}[keyring]", *map(str, wanted("dev"))]
    subprocess.run([*pip, "-c", str(folder / "constraints.txt"), *needed], check=True)
    beyond = [f"--deselect={name}" for name in BEYOND]
    done = subprocess.run(
        [own, "-m", "pytest", "-n", "2", "-m", "not torture", "-p", "no:cacheprovider", *beyond, *tests],
        env={**os.environ, **QUIET},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_requirement_has_both_bounds() -> None:
    """A version that nobody has tried is not taken; only data without an interface may be as new as it likes."""
    bounds = [(line.name, {part.operator for part in line.specifier}) for lock in LOCKS for line in wanted(lock)]
    assert {name for name, found in bounds if ">=" not in found} == set()
    assert {name for name, found in bounds if "<" not in found} == DATA


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_every_requirement_within_its_bounds(lock: str) -> None:
    """A bound that was changed without `make lock` is noticed."""
    pins, lines = locked(lock), wanted(lock)
    names = {canonicalize_name(line.name) for line in lines}
    missing = [str(line) for line in lines if not any(_answers(pin, line) for pin in pins)]
    outside = [str(pin) for pin in pins if pin.name in names and not any(_answers(pin, line) for line in lines)]
    assert (missing, outside) == ([], []), "make lock"


def _answers(pin: Requirement, line: Requirement) -> bool:
    """Whether a line of a lock is what a requirement asks for."""
    same = pin.name == canonicalize_name(line.name)
    return same and all(line.specifier.contains(exact.version) for exact in pin.specifier)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_the_lock_is_one_version_by_its_hashes(lock: str) -> None:
    """Whatever answers to the name of the host, only the files that were locked are installed."""
    for line in _lines(lock):
        assert re.match(r"[a-z0-9.-]+==[^ *]+ ", line), line
        assert _HASH.sub("", line) != line, line
        assert "--" not in _HASH.sub("", line), line


def test_the_tests_run_with_what_is_locked() -> None:
    """An environment that has grown otherwise proves something else."""
    here = [pin for pin in locked("dev") if pin.marker is None or pin.marker.evaluate()]
    assert [str(pin) for pin in here if not pin.specifier.contains(version(pin.name))] == [], "make clean"


@pytest.mark.torture
@pytest.mark.timeout(2400)
def test_the_lowest_versions_work(tmp_path: Path) -> None:
    """All lower bounds at once, on the oldest Python."""
    _proved(tmp_path, interpreter(f"3.{OLDEST}"), _lowest(), [*PROOF, *WIDE])


@pytest.mark.torture
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("name", NEWER)
def test_newer_pythons_work(tmp_path: Path, name: str) -> None:
    """The newest versions that the bounds allow, on every newer Python that there is here; most on the newest."""
    _proved(tmp_path, interpreter(name), [], [*PROOF, *WIDE] if name == NEWER[-1] else PROOF)
