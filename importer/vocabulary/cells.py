"""Text at the edge: harmless in a spreadsheet, harmless on a terminal, and back again unchanged."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = r"['\"]*"
_FORMULA = re.compile(rf"{_QUOTES}[=+\-@\t\r\n＝＋－＠]")
# Where a comma stands in decimals, spreadsheets end the cells of any CSV file at semicolons, some at tabs; then the
# quotes around our cells hold nothing together: a line break ends the row, and a doubled quote is an empty text.
_ENDS = re.compile(r"[;\t\r\n]")
_BEHIND = rf"(?<={_ENDS.pattern})"
_INNER_FORMULA = rf"(?={_QUOTES}[=+\-@＝＋－＠])"
_TO_DEFUSE = re.compile(rf"\A(?={_FORMULA.pattern})|{_BEHIND}{_INNER_FORMULA}")
_TO_RESTORE = re.compile(rf"\A'(?={_FORMULA.pattern})|{_BEHIND}'{_INNER_FORMULA}")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def defused(text: str) -> str:
    """`text` with a quote before whatever in it a spreadsheet would run as a formula; `restored` takes it off."""
    is_harmless = not (_FORMULA.match(text) or _ENDS.search(text))  # nearly all are, and this is quick
    return text if is_harmless or _NUMBER.fullmatch(text) else _TO_DEFUSE.sub("'", text)


def restored(text: str) -> str:
    """The text that `defused` was given."""
    return _TO_RESTORE.sub("", text) if "'" in text else text


def terminal_safe(text: str) -> str:
    """`text` with every control, direction and surrogate character replaced by a visible mark."""
    return _UNSAFE.sub("\ufffd", text)


def printable(text: str) -> str:
    """Every line of `text` made safe for a terminal; its line breaks must be of our own making."""
    return "\n".join(map(terminal_safe, text.split("\n")))


def storable(text: str) -> str:
    """`text` with every surrogate, which stands for a byte of a name that is no text, replaced by a visible mark:
    no file and no database takes one."""
    return _SURROGATE.sub("\ufffd", text)


def width_of(text: str) -> int:
    """How many terminal cells `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
