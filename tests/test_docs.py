"""What is written for people is true: commands run, tables are current, settings and codes are all there."""

from __future__ import annotations

import csv
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from importer.config import Settings, Table
from importer.vocabulary import errors, owntables
from importer.vocabulary.dateforms import FORMS
from importer.vocabulary.outcomes import EXPLANATIONS, Code, readme_anchor
from importer.vocabulary.scales import SCALES
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
    assert list(values["table"]) == list(Table.model_fields)
    for model, inside in ((Settings, ""), (Table, r"table\.")):
        for name, field in model.model_fields.items():
            assert re.search(rf"# {re.escape(field.description or '?')}\n(\[{inside}{name}\]|{name} =)", text), name


def _own_table() -> tuple[str, str]:
    """The table of README's worked example and the config that says what it means."""
    match = re.search(r"```csv\n(.*?)```.*?```toml\n(.*?)```", TEXT, re.DOTALL)
    assert match
    return match[1], match[2]


def test_the_readmes_own_table_is_read_as_it_says(tmp_path: Path) -> None:
    """The table and the block of the worked example, as they stand there."""
    own, block = _own_table()
    (tmp_path / "films.csv").write_text(own, encoding="utf-8")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text(block, encoding="utf-8")
    done = run(["preview", "films.csv", "-o", "report", "--json"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stand_in_dates"] == 2
    with (tmp_path / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = ("title", "year", "kind", "score", "rating", "rated_at", "rated_from", "outcome")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("Heat", "1995", "movie", "4,5", "9", "2019-05-04T12:00:00Z", "Seen", "pending"),
        ("Dark", "2017", "show", "5", "10", "2019-12-24T12:00:00Z", "Seen", "pending"),
    ]


def test_the_readme_lists_what_an_own_table_may_say() -> None:
    """Every plain column, scale, form of dates and type; AniList's raw scales are no one's own."""
    section = TEXT.partition("### A table of your own")[2].partition("\n## ")[0]
    words = {*owntables.COLUMNS, *owntables.TYPES}
    assert not {word for word in words if not re.search(rf"\b{word}\b", section)}
    quoted = {*SCALES, *FORMS} - {"anilist-raw-stars", "anilist-raw-smileys", "anilist-smileys"}
    assert not {name for name in quoted if f"`{name}`" not in section}


def test_help_is_there_for_everything(tmp_path: Path) -> None:
    """Every command and every option says what it does."""
    overview = run(["--help"], tmp_path).stdout
    commands = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
    assert {"demo", "identify", "import", "preview", "sandbox", "sources"} <= set(commands)
    for command in commands:
        text = run([command, "--help"], tmp_path).stdout
        for option in re.findall(r"^  (-[^ ].*)$", text, re.MULTILINE):
            assert re.search(r"\S  +\S", option) or f"{option}\n      " in text, f"{command}: {option}"
