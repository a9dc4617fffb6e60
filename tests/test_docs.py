"""What is written for people is true: commands run, tables are current, settings and codes are all there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from importer.config import Settings
from importer.vocabulary import errors
from importer.vocabulary.outcomes import EXPLANATIONS, Code, readme_anchor
from tests.commanding import run
from tests.docs import README, generated

ROOT = README.parent
TEXT = README.read_text(encoding="utf-8")


def _commands() -> list[str]:
    """Every rateport command in README's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("rateport ")]


@pytest.mark.parametrize("command", _commands())
def test_every_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    """As a newcomer would type it, from the checkout."""
    (tmp_path / "sample_exports").symlink_to(ROOT / "sample_exports")
    done = run(shlex.split(command)[1:], tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


def test_the_readme_has_commands() -> None:
    """The test above would pass without any."""
    assert [shlex.split(command)[1] for command in _commands()] == ["demo", "preview", "import"]


def test_commands_named_in_the_text_exist(tmp_path: Path) -> None:
    """`rateport WORD` in any code span or block is a command that has help."""
    words = set(re.findall(r"(?:`|^|\s)rateport ([a-z]+)\b", TEXT, re.MULTILINE)) - {"has", "stops", "reads"}
    assert {"preview", "import", "identify", "sources", "demo"} <= words
    for word in sorted(words):
        done = run([word, "--help"], tmp_path)
        assert done.returncode == 0, f"{word}: {done.stderr}"


def test_the_generated_parts_are_current() -> None:
    """The table of sources and the list of codes are what `make docs` writes."""
    assert generated(TEXT) == TEXT


def test_every_code_has_sentence_hint_and_anchor() -> None:
    """A reason without a cure helps nobody."""
    assert set(EXPLANATIONS) == set(Code)
    for code, explanation in EXPLANATIONS.items():
        assert explanation.sentence.endswith(".")
        assert explanation.hint.endswith(".")
        assert f'id="{readme_anchor(code)[1:]}"' in TEXT


def test_every_exit_code_is_explained() -> None:
    """The table of exit codes names each code that an error carries."""
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    carried = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.RateportError)
    }
    assert carried | {0} == table


def test_the_example_config_is_the_settings_model() -> None:
    """Every setting stands there with its default and its line of meaning, and the file loads."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)
    assert list(values) == list(Settings.model_fields)
    assert Settings.model_validate(values) == Settings()
    for name, field in Settings.model_fields.items():
        assert re.search(rf"# {re.escape(field.description or '?')}\n(\[{name}\]|{name} =)", text), name


def test_help_is_there_for_everything(tmp_path: Path) -> None:
    """Every command and every option says what it does."""
    overview = run(["--help"], tmp_path).stdout
    commands = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
    assert {"demo", "identify", "import", "preview", "sandbox", "sources"} <= set(commands)
    for command in commands:
        text = run([command, "--help"], tmp_path).stdout
        for option in re.findall(r"^  (-[^ ].*)$", text, re.MULTILINE):
            assert re.search(r"\S  +\S", option) or f"{option}\n      " in text, f"{command}: {option}"
