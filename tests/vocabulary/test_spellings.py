"""What exports write inside other cells."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importer.vocabulary.spellings import imdb_id, numbers, title_and_year


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heat (1995)", ("Heat", "1995")),
        (" Amores perros(2000) ", ("Amores perros", "2000")),
        ("Blade Runner 2049 (2017)", ("Blade Runner 2049", "2017")),
        ("(500) Days of Summer (2009)", ("(500) Days of Summer", "2009")),
        (
            "Birdman or (The Unexpected Virtue of Ignorance)",
            ("Birdman or (The Unexpected Virtue of Ignorance)", ""),
        ),
        ("(1995)", ("(1995)", "")),
        ("", ("", "")),
    ],
)
def test_a_year_behind_the_title(text: str, expected: tuple[str, str]) -> None:
    """Only four digits in brackets at the very end are a year, and only behind a title."""
    assert title_and_year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0113277", "tt0113277"),
        (" 15398776 ", "tt15398776"),
        ("tt0113277", "tt0113277"),
        ("113277", "113277"),
        ("nm0000199", "nm0000199"),
        ("", ""),
    ],
)
def test_an_imdb_id_without_its_letters(text: str, expected: str) -> None:
    """Seven digits or more are an id; fewer are left to be judged as they stand."""
    assert imdb_id(text) == expected


def test_numbers_are_the_scores_that_can_tell_a_scale() -> None:
    """Comma or point, zero too; words, signs and what lies past 100 say nothing."""
    assert numbers(["8", "7,5", "0", "100", "100.5", "250", "-3", "nine", ""]) == [
        Decimal("8"), Decimal("7.5"), Decimal("0"), Decimal("100"),
    ]  # fmt: skip
