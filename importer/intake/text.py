"""From bytes to text: UTF-8, UTF-16 with its mark, a page's own word, or Windows-1252 recognised. Never a guess.

Real IMDb files up to 2021 are Windows-1252 (formats-western.md 0.2). Its 1-byte letters stand alone between
ASCII letters; text of other 1-byte encodings looks different and is refused by name of `--encoding`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from importer.intake.foreign import foreign
from importer.vocabulary.errors import ConfigError, InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_LONG_RUN = re.compile(rb"[\x80-\xff]{4,}")
_SYMBOL_IN_WORD = re.compile(r"[A-Za-zÀ-ÿ][¡-©«-´¶-¹»-¿×÷†‡•‰][a-zà-ÿ]")
_META = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?(windows-125[0-8]|koi8-[ru])\b", re.IGNORECASE)
_HEAD_BYTES = 4096
_ZEROS = 8  # at least, to speak of UTF-16
_CANDIDATES = ("cp1252", "cp1250", "cp1251", "shift_jis")


class Decoded(NamedTuple):
    """Text and the encoding it was written in (a name that Python and people know)."""

    text: str
    encoding: str


def decode(data: bytes, name: str, override: str | None) -> Decoded:
    """`data` as text. Raises InputError naming `--encoding` when no known encoding fits, or what `data` is when it
    is no text at all."""
    if what := foreign(data):
        raise InputError(f"{name}: {what}")
    if override:
        return _with_override(data, name, override)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, name, encoding), encoding.removesuffix("-sig"))
    if unmarked := _unmarked_utf_16(data):
        raise InputError(f"{name}: this looks like UTF-16 without its mark; say so with --encoding {unmarked}.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if declared := _META.search(data[:_HEAD_BYTES]):  # a page that says what it is written in
            encoding = declared[1].decode("ascii").lower()
            return Decoded(_strictly(data, name, encoding), encoding)
        if not _is_windows_1252(data):
            raise InputError(*_not_decodable(data, name, error.start)) from None
        return Decoded(data.decode("cp1252"), "windows-1252")


def _with_override(data: bytes, name: str, override: str) -> Decoded:
    try:
        codecs.lookup(override)
        text = _strictly(data, name, override)
    except (LookupError, ValueError):  # a codec, like hex, that makes no text; a name that is no text itself
        raise ConfigError(f"--encoding {override}: no such encoding; try utf-8, windows-1252 or utf-16.") from None
    return Decoded(text.removeprefix("\ufeff"), override)


def _unmarked_utf_16(data: bytes) -> str:
    """Which UTF-16 it looks like, by the zeros that it puts beside plain letters; text has no others."""
    first, second = data[:_HEAD_BYTES:2], data[1:_HEAD_BYTES:2]
    zeros = first.count(0), second.count(0)
    if min(zeros) or max(zeros) < _ZEROS or max(zeros) * 4 < len(first):
        return ""
    return "utf-16-be" if zeros[0] else "utf-16-le"


def _strictly(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        said = encoding.removesuffix("-sig")
        raise InputError(f"{name}:{line}: not valid {said}; name the right encoding with --encoding.") from None


def _is_windows_1252(data: bytes) -> bool:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = _covered(_HIGH_BYTES, data)
    in_utf8_pairs, in_long_runs = _covered(_UTF8_PAIR, data), _covered(_LONG_RUN, data)
    return (
        in_utf8_pairs * 10 <= high
        and in_long_runs * 10 <= high
        and sum(1 for _ in _SYMBOL_IN_WORD.finditer(text)) * 10 <= high
        and not any(unicodedata.category(char) == "Cc" for char in set(text) - set("\t\r\n\x00"))
    )


def _covered(pattern: re.Pattern[bytes], data: bytes) -> int:
    """How many bytes the pattern matches, counted one by one: a list of them may be larger than the file."""
    return sum(match.end() - match.start() for match in pattern.finditer(data))


def _not_decodable(data: bytes, name: str, start: int) -> list[str]:
    line_number = data.count(b"\n", 0, start) + 1
    line = data.splitlines()[line_number - 1][:80]
    readings = []
    for encoding in _CANDIDATES:
        try:
            readings.append(f"  {encoding}: {line.decode(encoding)}")
        except UnicodeDecodeError:
            continue
    what = "the text is neither UTF-8 nor Windows-1252. Name its encoding with --encoding; the line reads"
    return [f"{name}:{line_number}: {what}", *(readings or ["  (none of the usual encodings reads it)"])]
