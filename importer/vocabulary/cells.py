"""Text at the edge: harmless in a spreadsheet, harmless on a terminal, and back again unchanged."""

from __future__ import annotations

import re
import unicodedata

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_DELIMITER = ";"  # where a comma stands in decimals, spreadsheets end cells of any CSV file at it, quoted or not
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def defused(text: str) -> str:
    """`text` with a quote before whatever in it a spreadsheet would run as a formula; `restored` takes it off."""
    if _DELIMITER in text:
        return _DELIMITER.join(map(_defused, text.split(_DELIMITER)))
    return _defused(text)


def _defused(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """The text that `defused` was given."""
    if _DELIMITER in text:
        return _DELIMITER.join(map(_restored, text.split(_DELIMITER)))
    return _restored(text)


def _restored(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def terminal_safe(text: str) -> str:
    """`text` with every control, direction and surrogate character replaced by a visible mark."""
    return _UNSAFE.sub("\ufffd", text)


def width_of(text: str) -> int:
    """How many terminal cells `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
