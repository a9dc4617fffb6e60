"""What people install: the wheel where nothing else is, its extra, and beside packages that bear our names."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from importer.intake.registry import load_adapters
from tests.test_bounds import NEWER, OLDEST, interpreter

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
OFFLINE = ["--no-deps", "--no-index"]
EVERY_MODULE = """
import importlib, pkgutil
for package in ("importer", "adapters"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""
POCKET = """
from keyring.backend import KeyringBackend

class Pocket(KeyringBackend):
    priority = 5
    kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]
"""
KEEP_AND_FORGET = """
import sys
from pathlib import Path
from importer.simkl.keychain import choose_store
from tests.simkl.signing import ORIGIN, sign_in
choice = choose_store(Path(sys.argv[1]), ORIGIN)
choice.store.save(sign_in())
assert choice.store.load(ORIGIN) == sign_in()
choice.store.delete(ORIGIN)
assert choice.store.load(ORIGIN) is None
print(choice.sentence)
"""
THEIRS = {
    "adapters": {
        "adapters/__init__.py": "import transformers_of_language\n",
        "adapters/composition.py": "import adapters\n",
    },
    "importer": {"importer/__init__.py": '"""Imports."""\n', "importer/command.py": "import command\n"},
}


def sentence(package: str) -> str:
    """What is said of a package of another that bears one of our two names."""
    return (
        f"rateport: Another package named '{package}' is installed in this environment; install rateport by itself "
        "with 'pipx install rateport'."
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", *OFFLINE, "--no-build-isolation", "-w", str(folder), str(ROOT)], check=True)
    return next(folder.glob("rateport-*.whl"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Wheels of other distributions, by the name that they share with a package of ours."""
    folder = tmp_path_factory.mktemp("foreign")
    return {name: _made(folder, name, files) for name, files in THEIRS.items()}


def _made(folder: Path, name: str, files: Mapping[str, str]) -> Path:
    info = f"{name}-1.3.0.dist-info"
    held = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.3.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with ZipFile(folder / f"{name}-1.3.0-py3-none-any.whl", "w") as archive:
        for path, text in held.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in [*held, f"{info}/RECORD"]))
    return folder / f"{name}-1.3.0-py3-none-any.whl"


def command(environment: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of an environment, which sees nothing of this checkout."""
    return subprocess.run(
        [str(environment / "bin" / words[0]), *words[1:]],
        env={"PATH": os.environ["PATH"], "RATEPORT_HOME": str(environment / "home"), "COLUMNS": "100"},
        cwd=environment,
        capture_output=True,
        text=True,
        check=False,
    )


class Shared:
    """An environment with the libraries of the one that runs the tests, into which wheels are put in some order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, symlinks=True)
        self._pip = [*PIP, "--python", str(folder / "bin" / "python")]

    def install(self, *wheels: Path) -> None:
        """One after the other; pip says nothing about files that two of them have."""
        for file in wheels:
            subprocess.run([*self._pip, "install", *OFFLINE, str(file)], check=True)

    def uninstall(self, name: str) -> None:
        """With every file that its wheel brought, whoever wrote it last."""
        subprocess.run([*self._pip, "uninstall", "--yes", name], check=True)

    def sources(self) -> tuple[int, str]:
        """The exit code of `rateport sources`, and all that it says on standard error."""
        site = next(self.folder.glob("lib/python*/site-packages"))
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))  # last: pip must not see that rateport
        done = command(self.folder, "rateport", "sources")
        return done.returncode, done.stderr.strip()


def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    """With the samples of the demo, the licence, and the word to type checkers."""
    held = set(ZipFile(wheel).namelist())
    info = f"rateport-{importlib.metadata.version('rateport')}.dist-info"
    assert {f"{info}/licenses/LICENSE", "importer/py.typed", "adapters/py.typed"} <= held
    ours = {
        f"{'importer/' * (folder == 'sample_exports')}{path.relative_to(ROOT).as_posix()}"
        for folder in ("importer", "adapters", "sample_exports")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in held if not name.startswith(info)} == ours


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("pocket.Pocket", "The sign-in is kept in the keyring of this machine."),
        ("keyring.backends.fail.Keyring", "for this machine has no keyring that is safe to use."),
    ],
)
def test_the_library_of_the_extra_is_understood(tmp_path: Path, backend: str, said: str) -> None:
    """The real one, with a backend that keeps secrets for as long as the process lives, and with its own excuse."""
    (tmp_path / "pocket.py").write_text(POCKET)
    done = subprocess.run(
        [sys.executable, "-c", KEEP_AND_FORGET, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": backend},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(said)


@pytest.mark.torture
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("python", [f"3.{OLDEST}", NEWER[-1]])
def test_the_wheel_works_where_nothing_else_is_installed(wheel: Path, tmp_path: Path, python: str) -> None:
    """The command, the demo and every module, with the libraries that the wheel asks for and no other."""
    subprocess.run([interpreter(python), "-m", "venv", str(tmp_path)], check=True)
    installed = command(tmp_path, "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(wheel))
    assert installed.returncode == 0, installed.stderr
    assert command(tmp_path, "python", "-I", "-c", EVERY_MODULE).stderr == ""
    assert command(tmp_path, "rateport", "--version").stdout.startswith("rateport, version ")
    listed = command(tmp_path, "rateport", "sources").stdout
    assert [adapter.name for adapter in load_adapters() if f"\n  {adapter.name} " not in f"\n{listed}"] == []
    demo = command(tmp_path, "rateport", "demo", "-o", "report")
    assert demo.returncode == 0, demo.stderr
    assert (tmp_path / "report" / "outcomes.csv").is_file()


@pytest.mark.torture
@pytest.mark.parametrize("package", ["adapters", "importer"])
def test_a_package_that_is_installed_over_ours_is_told(
    wheel: Path, foreign: Mapping[str, Path], tmp_path: Path, package: str
) -> None:
    """A sentence with the way out, instead of a traceback."""
    environment = Shared(tmp_path)
    environment.install(wheel, foreign[package])
    assert environment.sources() == (2, sentence(package))


@pytest.mark.torture
def test_a_package_that_ours_is_installed_over_is_told(
    wheel: Path, foreign: Mapping[str, Path], tmp_path: Path
) -> None:
    """Its other modules lie among our sources."""
    environment = Shared(tmp_path)
    environment.install(foreign["adapters"], wheel)
    assert environment.sources() == (2, f"{sentence('adapters')} (There is no ADAPTER in adapters.composition.)")


@pytest.mark.torture
def test_modules_that_lie_beside_ours_do_no_harm(wheel: Path, foreign: Mapping[str, Path], tmp_path: Path) -> None:
    """`importer` is entered by its own doors; what another put there before is not looked at."""
    environment = Shared(tmp_path)
    environment.install(foreign["importer"], wheel)
    assert environment.sources() == (0, "")


@pytest.mark.torture
def test_a_package_that_took_a_part_of_ours_along_is_told(
    wheel: Path, foreign: Mapping[str, Path], tmp_path: Path
) -> None:
    """Uninstalling it takes our first module, which bears the name of its own."""
    environment = Shared(tmp_path)
    environment.install(wheel, foreign["adapters"])
    environment.uninstall("adapters")
    assert environment.sources() == (2, sentence("adapters"))
