"""Adapters are found: ours by their module, third parties' by their entry point."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer.adapter import Adapter
from importer.intake.registry import load_adapters

ROOT = Path(__file__).parents[2]

ADAPTER = """
from importer.adapter import Adapter, Evidence, Medium, Shape, each_row

ADAPTER = Adapter(
    name="{name}",
    title="Example",
    shapes=(Shape(name="all", medium=Medium.TABLE, suffixes=(), required=frozenset({{"example"}})),),
    parse=lambda document, shape: each_row(document, None),
    evidence=Evidence.RECONSTRUCTED,
    help="Nowhere.",
)
NOT_ONE = "text"
"""

LIST = """
from importer.intake.registry import load_adapters
from importer.vocabulary.errors import ConfigError
try:
    print(" ".join(adapter.name for adapter in load_adapters()))
except ConfigError as error:
    print(error)
"""


def installed(folder: Path, target: str, name: str = "example") -> Path:
    """A folder that holds an installed distribution with one adapter behind an entry point."""
    info = folder / "rateport_example-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rateport-example\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[rateport.adapters]\n{name} = {target}\n")
    (folder / "rateport_example.py").write_text(ADAPTER.format(name=name))
    return folder


def names_with(*folders: Path) -> str:
    """What a fresh process finds, or the complaint."""
    done = subprocess.run(
        [sys.executable, "-c", LIST],
        env={"PYTHONPATH": os.pathsep.join(map(str, [*folders, ROOT]))},
        cwd=folders[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ours() -> list[str]:
    """The names of the modules in `adapters`."""
    return [path.stem for path in (ROOT / "adapters").glob("*.py") if path.stem != "__init__"]


def test_every_module_of_the_package_is_an_adapter_of_that_name() -> None:
    """Name, module, sample folder and golden folder are one word."""
    assert sorted(ours()) == [adapter.name for adapter in load_adapters()]
    assert all(isinstance(adapter, Adapter) for adapter in load_adapters())


def test_an_adapter_of_a_third_party_is_found_by_its_entry_point(tmp_path: Path) -> None:
    """Installing it is all that is needed."""
    found = names_with(installed(tmp_path / "site", "rateport_example:ADAPTER"))
    assert found.split() == sorted([*ours(), "example"])


def test_an_adapter_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    """Neither skipped in silence nor a traceback."""
    assert names_with(installed(tmp_path / "a", "rateport_gone:ADAPTER")) == (
        "The adapter example (rateport_gone:ADAPTER) cannot be loaded: No module named 'rateport_gone'"
    )
    assert names_with(installed(tmp_path / "b", "rateport_example:GONE")).startswith(
        "The adapter example (rateport_example:GONE) cannot be loaded: "
    )


def test_something_else_behind_the_entry_point_is_refused(tmp_path: Path) -> None:
    """An adapter is a value of the contract's type."""
    assert names_with(installed(tmp_path, "rateport_example:NOT_ONE")) == (
        "The adapter example (rateport_example:NOT_ONE) is no importer.adapter.Adapter."
    )


def test_a_name_that_is_in_use_is_refused(tmp_path: Path) -> None:
    """Nobody replaces a source of ours unseen."""
    assert names_with(installed(tmp_path, "rateport_example:ADAPTER", "imdb")) == (
        "Two adapters are named imdb; uninstall one of them."
    )


def another(package: str) -> str:
    """The sentence about a package of another that bears one of our two names."""
    return (
        f"Another package named '{package}' is installed in this environment; install rateport by itself with "
        "'pipx install rateport'."
    )


def written_over(folder: Path, file: str, text: str) -> Path:
    """An installation of ours, into whose folders another distribution has written a file."""
    for package in ("importer", "adapters"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / file).write_text(text)
    return folder


def test_another_package_named_adapters_is_noticed(tmp_path: Path) -> None:
    """The name is a common one; an empty list of sources would puzzle people."""
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "__init__.py").write_text("")
    assert names_with(tmp_path) == another("adapters")


@pytest.mark.parametrize(
    ("package", "text"), [("adapters", "raise SystemExit(9)\n"), ("importer", '__version__ = "1.3"\n')]
)
def test_a_package_that_was_written_over_ours_is_noticed(tmp_path: Path, package: str, text: str) -> None:
    """The first module of a package tells whose it is, without being run: it may need what is not there."""
    assert names_with(written_over(tmp_path, f"{package}/__init__.py", text)) == another(package)


def test_a_package_that_ours_was_written_over_is_noticed(tmp_path: Path) -> None:
    """What is left of it lies among our sources, and is not run either."""
    found = names_with(written_over(tmp_path, "adapters/composition.py", "raise SystemExit(9)\n"))
    assert found == f"{another('adapters')} (There is no ADAPTER in adapters.composition.)"
