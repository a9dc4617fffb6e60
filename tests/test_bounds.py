"""The dependencies at both ends of their bounds, and every Python on this machine from 3.11 on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OLDEST = (3, 11)
PROOF = (
    "tests/test_import.py",
    "tests/test_cli.py",
    "tests/test_adapters.py",
    "tests/report",
    "tests/stages",
    "tests/simkl",
)
LOWEST = re.compile(r"([A-Za-z0-9_.\-]+)>=([0-9.]+)")


def _interpreters() -> dict[str, str]:
    """Python commands by minor version: on the path, or beside this one."""
    beside = Path(sys.base_prefix).parent.glob("*/bin/python3")
    named = (shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], 30))
    found: dict[str, str] = {}
    for command in [sys.executable, *filter(None, named), *map(str, beside)]:
        asked = subprocess.run(
            [command, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and (version := tuple(map(int, asked.stdout.split()))) >= OLDEST:
            found.setdefault(".".join(map(str, version)), command)
    return found


def _lowest() -> list[str]:
    """Every library of the program at its lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [f"{match[1]}=={match[2]}" for line in project["dependencies"] if (match := LOWEST.match(line))]


def _proved(folder: Path, python: str, constraints: list[str]) -> None:
    """Install into an environment of its own and run the proof there."""
    (folder / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
    environment = folder / "venv"
    subprocess.run([python, "-m", "venv", str(environment)], check=True)
    own = str(environment / "bin" / "python")
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "pip>=25.1"], check=True)
    wanted = ["--editable", str(ROOT), "--group", f"{ROOT / 'pyproject.toml'}:dev"]
    subprocess.run([*pip, "-c", str(folder / "constraints.txt"), *wanted], check=True)
    done = subprocess.run(
        [own, "-m", "pytest", "-n", "2", "-m", "not torture", "-p", "no:cacheprovider", *PROOF],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_every_dependency_has_both_bounds() -> None:
    """A version that nobody has tried is not taken; only data without an interface may be as new as it likes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [line for line in project["project"]["dependencies"] if line != "tzdata"]
    assert all(">=" in line and ",<" in line for line in lines), lines


@pytest.mark.torture
@pytest.mark.timeout(1800)
def test_the_lowest_versions_work(tmp_path: Path) -> None:
    """All lower bounds at once, on the oldest Python."""
    _proved(tmp_path, _interpreters()[".".join(map(str, OLDEST))], _lowest())


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("version", [version for version in sorted(_interpreters()) if version != "3.11"])
def test_newer_pythons_work(tmp_path: Path, version: str) -> None:
    """The newest versions that the bounds allow, on every newer Python that there is here."""
    _proved(tmp_path, _interpreters()[version], [])
