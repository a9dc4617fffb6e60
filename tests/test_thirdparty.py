"""A source in a package of its own: installed by pip, found by its entry point, held to the same contract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer.intake.registry import load_adapters
from tests.commanding import run

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tests" / "thirdparty" / "rateport-example"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the package, and nothing else."""
    folder = tmp_path_factory.mktemp("thirdparty")
    source = shutil.copytree(PACKAGE, folder / "source")
    target = folder / "site"
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


def _variables(site: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}


def test_an_installed_source_is_listed(site: Path, tmp_path: Path) -> None:
    """`rateport sources` knows it beside all of ours."""
    names = [adapter.name for adapter in load_adapters()]
    listed = run(["sources"], tmp_path, _variables(site)).stdout
    found = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert sorted(found) == sorted([*names, "example"])
    assert "example        Kinonotes" in listed
    assert "example" not in run(["sources"], tmp_path, {"PYTHONPATH": str(ROOT)}).stdout


def test_an_installed_source_is_read(site: Path, tmp_path: Path) -> None:
    """Its files are identified and previewed like any other."""
    sample = str(PACKAGE / "samples" / "notes.json")
    assert "Kinonotes, notes (example:notes)" in run(["identify", sample], tmp_path, _variables(site)).stdout
    done = run(["preview", sample, "--json"], tmp_path, _variables(site))
    assert '"pending": 2' in done.stdout, done.stderr


def test_its_own_tests_hold_it_to_the_contract(site: Path, tmp_path: Path) -> None:
    """The ten lines of its test file run the whole suite over what is installed, not over its source."""
    for name in ("samples", "golden"):
        shutil.copytree(PACKAGE / name, tmp_path / name)
    shutil.copy(PACKAGE / "test_example.py", tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            "test_example.py",
        ],
        env={"PATH": os.environ["PATH"], **_variables(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout
