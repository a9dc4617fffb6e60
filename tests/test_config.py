"""A config file that is none, or holds what no setting can be: one sentence that names it, exit code 2."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from importer.config import Configuration, load
from importer.vocabulary.errors import ConfigError


def loaded(home: Path, content: bytes) -> Configuration:
    """What comes of a config file of that content."""
    (home / "config.toml").write_bytes(content)
    return load({}, {"RATEPORT_HOME": str(home)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x = " + b"[" * 3000, "nested too deep"),
        (b"x = " + b"9" * 5000, "a number in it is too long"),
        (b"x = [", "not valid TOML: "),
        ("backup = false".encode("utf-16"), "not UTF-8; save it anew"),
        (b"#" * 1024 * 1024 + b"##", "too large to hold settings alone"),
    ],
)
def test_what_no_config_holds_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Saved by the wrong program, or made to do harm."""
    with pytest.raises(ConfigError, match=said) as caught:
        loaded(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}: ")


def test_the_mark_of_an_editor_is_no_setting(tmp_path: Path) -> None:
    """Notepad can put one before the text."""
    assert loaded(tmp_path, b"\xef\xbb\xbfbackup = false\n").settings.backup is False


@pytest.mark.parametrize("rating", [b"true", b"0", b"11", b"7.0", b'"7"', b"0x" + b"f" * 5000])
def test_an_own_rating_is_a_whole_number(tmp_path: Path, rating: bytes) -> None:
    """A yes is no 1, and a number of thousands of digits cannot even be shown."""
    with pytest.raises(ConfigError, match=r"scales\.stars-5\.3 \(from .*a rating is a whole number from 1 to 10"):
        loaded(tmp_path, b'[scales.stars-5]\n"3" = ' + rating)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    """It is no missing file."""
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match=r"config\.toml: this is not a file; move it away"):
        load({}, {"RATEPORT_HOME": str(tmp_path)})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes to it."""
    os.mkfifo(tmp_path / "config.toml")
    with pytest.raises(ConfigError, match=r"config\.toml: this is not a file; move it away"):
        load({}, {"RATEPORT_HOME": str(tmp_path)})
