"""What becomes of the titles of all sources on their way into records."""

from __future__ import annotations

import pytest

from importer.adapter import Kind, Locator, rating_or_reject


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Heat", "Heat"),
        (" Heat\t(1995)\r\nUncut ", "Heat (1995) Uncut"),
        ("He\x00at", "Heat"),
        ("\x1b[31mHeat\x1b[0m", "[31mHeat[0m"),
        ("Heat \x07 Uncut\x7f\x9b", "Heat Uncut"),
        ("\u202eHeat\u202c \u2066Ran\u2069", "Heat Ran"),
        ("Amélie\u200d", "Amélie\u200d"),
        ("x" * 2000, "x" * 1000),
    ],
)
def test_a_title_is_one_line_without_controls(raw: str, title: str) -> None:
    """Nothing that steers a terminal or turns the writing round is kept; joiners belong to words."""
    record = rating_or_reject(Locator(1), kind=Kind.MOVIE, score="8", scale="1 to 10", title=raw)
    assert record.title == title
