"""Whatever step of writing a report fails, every file is the old one or the complete new one (P14)."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importer.report.files import write_report
from importer.report.summary import RunFacts, summarize
from importer.vocabulary.errors import ConfigError
from tests.making import parsed, planned, rating

NAMES = ("leftovers.csv", "outcomes.csv", "summary.json")


class Failing:
    """Lets so many steps pass and fails the next one, whichever system call it is."""

    def __init__(self, passing: int, code: int) -> None:
        self.left = passing
        self.code = code
        self.has_failed = False

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """`real`, counted."""

        def call(*arguments: Any, **named: Any) -> Any:
            if self.left == 0 and not self.has_failed:
                self.has_failed = True
                raise OSError(self.code, os.strerror(self.code))
            self.left -= 1
            return real(*arguments, **named)

        return call


def written(folder: Path, count: int) -> None:
    """A report of so many rows."""
    rows = [rating(line, title=f"Film {line}", ids={"imdb": f"tt{line:07}"}) for line in range(1, count + 1)]
    frame = planned(parsed(rows)).frame
    write_report(folder, frame, summarize(frame, {}, [], RunFacts(command="preview", run=None, exit_code=0)))


def held(folder: Path) -> dict[str, bytes]:
    """Every file of the folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.promise("P14")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_failure_at_any_step_leaves_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """At the first step, the second, and so on until a report is written without a failure."""
    written(tmp_path / "old", 3)
    written(tmp_path / "new", 400)
    old, new = held(tmp_path / "old"), held(tmp_path / "new")
    assert sorted(old) == sorted(new) == list(NAMES)
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        written(folder, 3)
        failing = Failing(steps, code)
        with monkeypatch.context() as patching:
            for module, name in ((os, "fsync"), (os, "replace"), (os, "fdopen"), (tempfile, "mkstemp")):
                patching.setattr(module, name, failing.around(getattr(module, name)))
            try:
                written(folder, 400)
            except ConfigError as error:
                assert str(error).startswith(f"{folder}: the report cannot be written: {os.strerror(code)}")
        found = held(folder)
        assert sorted(found) == list(NAMES), f"step {steps} leaves drafts"
        for name in NAMES:
            assert found[name] in (old[name], new[name]), f"step {steps} leaves half of {name}"
        if not failing.has_failed:
            break
        steps += 1
    assert steps >= 10
    assert found == new
