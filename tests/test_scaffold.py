"""`python -m importer.testing new-source NAME` makes a source that works, and never touches one that is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer.testing import checks_for, template, write_goldens
from importer.testing.scaffold import new_source
from importer.vocabulary.errors import ConfigError

ROOT = Path(__file__).parent.parent
MADE = [
    "adapters/scaffolded.py",
    "sample_exports/scaffolded/ratings.csv",
    "tests/golden/scaffolded/ratings.csv.jsonl",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the program with room for samples and goldens."""
    for package in ("importer", "adapters"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sample_exports").mkdir()
    (tmp_path / "tests" / "golden").mkdir(parents=True)
    return tmp_path


def python(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m ARGUMENTS` at the top of the checkout."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env={"PYTHONPATH": str(checkout), "RATEPORT_HOME": str(checkout / "home"), "PATH": ""},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_source_works_at_once(checkout: Path) -> None:
    """Module, sample and empty golden are there, the source is known, and its sample is read."""
    done = python(checkout, "importer.testing", "new-source", "scaffolded")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:3] == [f"Made {path}" for path in MADE]
    assert "make golden" in done.stdout
    assert (checkout / MADE[2]).read_bytes() == b""
    assert "Scaffolded, ratings (scaffolded:ratings)" in python(checkout, "importer", "identify", MADE[1]).stdout
    assert '"pending": 4' in python(checkout, "importer", "preview", "--json", MADE[1]).stdout


def test_the_template_keeps_the_contract(tmp_path: Path) -> None:
    """What a newcomer starts from passes the whole suite beside all other sources, once its golden is written."""
    for folder in ("adapters", "sample_exports", "tests/golden"):
        (tmp_path / folder).mkdir(parents=True)
    new_source("example", tmp_path, [])
    samples, goldens = tmp_path / "sample_exports" / "example", tmp_path / "tests" / "golden" / "example"
    before = dict(checks_for(template.ADAPTER, samples, goldens))
    with pytest.raises(AssertionError, match="differs"):
        before["golden-equal@ratings.csv"]()
    assert write_goldens(template.ADAPTER, samples, goldens) == ["changed: example/ratings.csv.jsonl"]
    for _, check in checks_for(template.ADAPTER, samples, goldens):
        check()
    golden = (goldens / "ratings.csv.jsonl").read_text(encoding="utf-8")
    assert golden.splitlines()[-1] == '{"counts": {"rating": 4, "unknown-type": 1, "unrated": 1}}'


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("imdb", "There is a source imdb already: adapters/imdb.py."),
        ("Scaffolded", "'Scaffolded' cannot name a module"),
        ("movie-box", "'movie-box' cannot name a module"),
        ("1box", "'1box' cannot name a module"),
        ("class", "'class' cannot name a module"),
        ("../box", "'../box' cannot name a module"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused(checkout: Path, name: str, said: str) -> None:
    """Names in use and words that are no module's are refused with a sentence, and nothing is written."""
    before = sorted(checkout.rglob("*.py"))
    done = python(checkout, "importer.testing", "new-source", name)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert sorted(checkout.rglob("*.py")) == before
    assert list((checkout / "sample_exports").iterdir()) == []


def test_leftovers_of_another_try_are_not_overwritten(tmp_path: Path) -> None:
    """A sample folder of the name, a source from elsewhere, or a second call: all are refused."""
    for folder in ("adapters", "sample_exports/scaffolded", "tests/golden"):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"There is a source scaffolded already: sample_exports/scaffolded\."):
        new_source("scaffolded", tmp_path, [])
    with pytest.raises(ConfigError, match=r"There is a source elsewhere already\."):
        new_source("elsewhere", tmp_path, ["elsewhere"])
    new_source("mine", tmp_path, [])
    with pytest.raises(ConfigError, match=r"There is a source mine already: adapters/mine\.py\."):
        new_source("mine", tmp_path, [])


def test_it_wants_a_checkout(tmp_path: Path) -> None:
    """Elsewhere it writes nothing and says where to run it."""
    with pytest.raises(ConfigError, match="There is no folder adapters here"):
        new_source("scaffolded", tmp_path, [])
    assert list(tmp_path.iterdir()) == []
