"""Errors are grouped by what to do next, and each group is an exit code."""

from __future__ import annotations

import pytest

from importer.vocabulary import errors


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("RateportError", 1),
        ("ConfigError", 2),
        ("InputError", 3),
        ("AuthError", 4),
        ("ApiError", 5),
        ("JournalError", 6),
        ("BalanceError", 70),
        ("Paused", 75),
    ],
)
def test_each_error_has_its_exit_code(name: str, exit_code: int) -> None:
    """Scripts tell errors apart by the process status (design.md 6)."""
    error = getattr(errors, name)
    assert issubclass(error, errors.RateportError)
    assert error.exit_code == exit_code


def test_only_what_is_raised_as_a_line_is_one() -> None:
    """The name of a file may hold a line break, and must not speak for rateport."""
    error = errors.InputError("evil\nAll is well: there is no such file.", "It was looked for in two places.")
    assert str(error) == "evil\ufffdAll is well: there is no such file.\nIt was looked for in two places."
    assert str(errors.InputError(*str(error).split("\n"))) == str(error)
    assert str(errors.Paused()) == ""
