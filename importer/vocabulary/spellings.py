"""How exports write what they have no cell for: a year behind the title, an id without its letters, a scale that
only all the scores of a file tell. Texts in, texts out; whether they are any good is judged where records are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_WITH_YEAR = re.compile(r"(.*[^ \n]) *\((\d{4})\)", re.ASCII)  # never more than one look at a run of blanks
_BARE_IMDB = re.compile(r"\d{7,10}", re.ASCII)
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?", re.ASCII)


def title_and_year(text: str) -> tuple[str, str]:
    """`Heat (1995)` in two; without a year where none stands behind the title."""
    match = _WITH_YEAR.fullmatch(text.strip())
    return (match[1], match[2]) if match else (text, "")


def imdb_id(text: str) -> str:
    """An IMDb id that an export may write without its tt; anything else is left for the check of ids."""
    return f"tt{text.strip()}" if _BARE_IMDB.fullmatch(text.strip()) else text


def numbers(scores: Iterable[str]) -> list[Decimal]:
    """The scores from 0 to 100 among `scores`, to tell the scale of a whole file by; no other is looked at."""
    found = (Decimal(score.replace(",", ".")) for score in scores if _NUMBER.fullmatch(score))
    return [number for number in found if number <= 100]
