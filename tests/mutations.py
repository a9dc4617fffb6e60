"""Ways to spoil a file: bytes, rows, cells, trees and archives, each driven by a seeded `Random`.

Every mutation takes a `Victim` and gives a `Mutant`. Where a mutation touches one row only, the mutant says how
many accepted rows may differ from those of the victim (`strangers`), and in what writing the victim is compared.
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from random import Random
from typing import Any, NamedTuple, Protocol
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from importer.adapter import Document, Medium
from importer.intake.readers import delimiter

LONG = 60_000

NUMBERS = (
    "0",
    "-0",
    "-1",
    "11",
    "1e3",
    "1e309",
    "9" * 5000,
    "0.1",
    "5.5",
    "3,5",
    "٣",
    "½",
    "NaN",
    "Infinity",
    "0x10",
)
DATES: tuple[str, ...] = (
    "2024-02-30",
    "0000-00-00",
    "9999-99-99",
    "31/12/2020",
    "13/01/2020",
    "2020-01-00",
    "1e12",
    "-62135596801",
)
DATES += ("99999999999999", "2262-04-12T00:00:00Z", "2024-13-01T25:61:61+99:99", "0001-01-01T00:00:00+14:00")
TEXTS: tuple[str, ...] = (
    "\u202egnp.exe",
    "\x1b]0;owned\x07",
    "a\x00b",
    "\u2028\u2029\x85",
    "🏴\u200d☠️" * 9,
    "=1+1",
    "@SUM(A1)",
    "\ufeff",
)
TEXTS += (
    "<script>alert(1)</script>",
    "]]>&amp;&#0;",
    "'\"--",
    "../../../etc/passwd",
    "{{7*7}}",
    "%s%n",
    "[link=x]",
    "\r\n\r\n",
)
IDS = (
    "tt0000000",
    "tt99999999999",
    "0",
    "-1",
    "null",
    "tt0137523",
    "680.0",
    "https://www.imdb.com/title/tt0111161/?x",
)
LONGS = tuple(
    char * (LONG // len(char)) for char in (" ", "1", "(", "a", "/title/", "-", "é", "😀", "\\", '"', ":", "\x00")
)
PLAUSIBLE = ("10", "7", "5", "3.5", "2019-05-04", "2001", "movie", "tv", "yes", "Completed", "true", "")
HOSTILE = (*NUMBERS, *DATES, *TEXTS, *IDS, *PLAUSIBLE, *LONGS)
WRONG_TYPES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    [[]],
    {"a": None},
    [1, 2],
    10**4000,
    1e300,
    -1,
    "\ud800",
    0.1 + 0.2,
)
ENCODINGS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "cp1251",
    "cp1250",
    "shift_jis",
    "utf-8-sig",
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf\xef\xbb\xbf")
SLIPS: tuple[str, ...] = (
    "../../../../tmp/slipped.csv",
    "/etc/passwd",
    "C:\\Windows\\x.csv",
    "..\\..\\x.csv",
    "a/../../x.csv",
    "\x1b[2J.csv",
)
SLIPS += ("con", "x" * 300, "\u202efdp.csv", "./x.csv", "a\x00b.csv", "~/x.csv", " ", "..", ".", "a//b.csv")


class Rows(Protocol):
    """The records of a file, to be taken out, put in and changed one at a time."""

    def __len__(self) -> int: ...

    def written(self) -> bytes:
        """The file written again, nothing changed."""
        ...

    def with_only(self, order: Sequence[int]) -> bytes:
        """The file with these records in this order, each as often as it is named."""
        ...

    def with_value(self, number: int, value: Any, rng: Random, *, is_new: bool) -> bytes | None:
        """The file with `value` somewhere in one record, or in a new copy behind it; None where that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Victim:
    """A sample: `name` inside its folder, its bytes unpacked, how it is built, and where its records are."""

    name: str
    data: bytes
    text: str
    medium: Medium
    labels: tuple[str, ...]
    """The paths of the lists that hold records."""

    @property
    def rows(self) -> Rows:
        """The records, taken apart anew."""
        return _ROWS[self.medium](self)


class Mutant(NamedTuple):
    """A spoiled file. `strangers`: how many accepted rows may be none of the victim's; None where the file as a
    whole is another. `like`: the victim in the writing to compare with. `name`: another for it."""

    data: bytes
    strangers: int | None = None
    like: bytes | None = None
    name: str | None = None
    is_folder: bool = False


Mutation = Callable[[Victim, Random], Mutant | None]


# --- records ----------------------------------------------------------------------------------------------


class _TableRows:
    """Physical lines, so that every other row keeps its bytes."""

    def __init__(self, victim: Victim) -> None:
        self._mark = delimiter(Document(victim.name, victim.text.encode()))
        lines = list(io.StringIO(victim.text.removeprefix("\ufeff"), newline=""))
        if lines and lines[-1] and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += "\n"
        spans = list(_spans(lines, self._mark))
        self._head, self._spans = "".join(lines[: spans[0][1]]), ["".join(lines[a:b]) for a, b in spans[1:]]

    def __len__(self) -> int:
        return len(self._spans)

    def written(self) -> bytes:
        return self.with_only(range(len(self)))

    def with_only(self, order: Sequence[int]) -> bytes:
        return (self._head + "".join(self._spans[number] for number in order)).encode()

    def with_value(self, number: int, value: Any, rng: Random, *, is_new: bool) -> bytes | None:
        try:
            cells = next(
                csv.reader(io.StringIO(self._spans[number], newline=""), delimiter=self._mark, strict=True)
            )
        except (csv.Error, StopIteration):
            return None
        if not cells:
            return None
        cells[rng.randrange(len(cells))] = value if isinstance(value, str) else json.dumps(value)
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self._mark, lineterminator="\r\n").writerow(cells)
        kept = [self._spans[number]] if is_new else []
        spans = [*self._spans[:number], *kept, out.getvalue(), *self._spans[number + 1 :]]
        return (self._head + "".join(spans)).encode("utf-8", "surrogatepass")


def _spans(lines: Sequence[str], mark: str) -> Iterator[tuple[int, int]]:
    """From and to which line each row reaches; the first is the header with all before it."""
    skipped = int(bool(lines) and lines[0][:4].lower() == "sep=")
    reader = csv.reader(iter(lines[skipped:]), delimiter=mark, strict=True)
    is_header = True
    while True:
        start = reader.line_num + skipped
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = ["damaged"]
        if is_header and not any(cell.strip() for cell in row):
            continue
        yield (0 if is_header else start), reader.line_num + skipped
        is_header = False


class _JsonRows:
    """The elements of the lists that hold records."""

    def __init__(self, victim: Victim) -> None:
        self._tree = json.loads(victim.text)
        self._labels = victim.labels

    def _places(self, tree: Any) -> list[tuple[list[Any], int]]:
        return [(found, at) for label in self._labels for found in _lists(tree, label) for at in range(len(found))]

    def __len__(self) -> int:
        return len(self._places(self._tree))

    def written(self) -> bytes:
        return json.dumps(self._tree).encode()

    def with_only(self, order: Sequence[int]) -> bytes:
        tree = copy.deepcopy(self._tree)
        kept: dict[int, list[Any]] = {}
        places = self._places(tree)
        for number in order:
            found, at = places[number]
            kept.setdefault(id(found), []).append(found[at])
        for found in {id(found): found for found, _ in places}.values():
            found[:] = kept.get(id(found), [])
        return json.dumps(tree).encode()

    def with_value(self, number: int, value: Any, rng: Random, *, is_new: bool) -> bytes | None:
        tree = copy.deepcopy(self._tree)
        found, at = self._places(tree)[number]
        if is_new:
            found.insert(at + 1, copy.deepcopy(found[at]))
            at += 1
        leaves = list(_json_places(found[at]))
        if not leaves:
            return None
        holder, key = rng.choice(leaves)
        holder[key] = value
        return _dumped(tree)


def _dumped(tree: Any) -> bytes:
    """JSON, with numbers that json.dumps would not write."""
    text = json.dumps(tree, default=str)
    return text.encode()


def _lists(tree: Any, label: str) -> list[list[Any]]:
    found = [tree]
    for part in (f"{label}[]" if label != "item" else "[]").split("."):
        key = part.removesuffix("[]")
        found = [held.get(key) for held in found if isinstance(held, dict)] if key else found
        if part.endswith("[]") and part is not None:
            lists = [held for held in found if isinstance(held, list)]
            found = [element for held in lists for element in held]
    return lists


def _json_places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a tree, as the container and the key in it."""
    keys: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _json_places(value[key])


_ABOVE, _BELOW = "<roots>", "</roots>"


class _XmlRows:
    """The elements of the records' names."""

    def __init__(self, victim: Victim) -> None:
        text = victim.text.lstrip("\ufeff \t\r\n")
        text = text.partition("?>")[2] if text.startswith("<?xml") else text
        self._head = re.match(r"(?:\s*<!--.*?-->)*\s*", text, re.DOTALL)[0]  # type: ignore[index] # empty at least
        whole = re.sub(r"&(?!#?\w+;)", "&amp;", text.removeprefix(self._head))
        self._text = f"{_ABOVE}{whole}{_BELOW}"  # some files have several roots
        self._labels = set(victim.labels)

    def _parsed(self) -> tuple[Any, list[tuple[Any, Any]]]:
        root = ElementTree.fromstring(self._text)
        pairs = [(parent, child) for parent in root.iter() for child in parent]
        return root, [(parent, child) for parent, child in pairs if child.tag.rpartition("}")[2] in self._labels]

    def __len__(self) -> int:
        return len(self._parsed()[1])

    def written(self) -> bytes:
        return self._written(self._parsed()[0])

    def with_only(self, order: Sequence[int]) -> bytes:
        root, places = self._parsed()
        for parent, child in places:
            parent.remove(child)
        for number in order:
            places[number][0].append(copy.deepcopy(places[number][1]))
        return self._written(root)

    def with_value(self, number: int, value: Any, rng: Random, *, is_new: bool) -> bytes | None:
        root, places = self._parsed()
        parent, element = places[number]
        if is_new:
            twin = copy.deepcopy(element)
            parent.insert(list(parent).index(element) + 1, twin)
            element = twin
        text = value if isinstance(value, str) else json.dumps(value)
        where = rng.choice(list(element.iter()))
        if where.attrib and rng.random() < 0.5:
            where.set(rng.choice(sorted(where.attrib)), text)
        else:
            where.text = text
        return self._written(root)

    def _written(self, root: Any) -> bytes:
        text = str(ElementTree.tostring(root, encoding="unicode")).removeprefix(_ABOVE).removesuffix(_BELOW)
        return f"{self._head}{text}".encode("utf-8", "surrogatepass")


class _PageRows:
    """The rows of a page's table."""

    def __init__(self, victim: Victim) -> None:
        found = list(re.finditer(r"<tr\b.*?</tr>\s*", victim.text, re.IGNORECASE | re.DOTALL))
        self._head, self._tail = victim.text[: found[0].end()], victim.text[found[-1].end() :]
        self._rows = [row[0] for row in found[1:]]

    def __len__(self) -> int:
        return len(self._rows)

    def written(self) -> bytes:
        return self.with_only(range(len(self)))

    def with_only(self, order: Sequence[int]) -> bytes:
        return (self._head + "".join(self._rows[number] for number in order) + self._tail).encode()

    def with_value(self, number: int, value: Any, rng: Random, *, is_new: bool) -> bytes | None:
        cells = list(re.finditer(r"(<td\b[^>]*>)(.*?)</td>", self._rows[number], re.IGNORECASE | re.DOTALL))
        if not cells:
            return None
        cell = rng.choice(cells)
        text = escape(value if isinstance(value, str) else json.dumps(value))
        row = self._rows[number][: cell.end(1)] + text + self._rows[number][cell.end(2) :]
        rows = [*self._rows[:number], *([self._rows[number]] if is_new else []), row, *self._rows[number + 1 :]]
        return (self._head + "".join(rows) + self._tail).encode("utf-8", "surrogatepass")


_ROWS: dict[Medium, Callable[[Victim], Rows]] = {
    Medium.TABLE: _TableRows,
    Medium.JSON: _JsonRows,
    Medium.XML: _XmlRows,
    Medium.HTML: _PageRows,
}


# --- one row touched, or whole rows moved -----------------------------------------------------------------


def row_removed(victim: Victim, rng: Random) -> Mutant | None:
    """One record less."""
    rows = victim.rows
    if len(rows) < 2:
        return None
    gone = rng.randrange(len(rows))
    return Mutant(rows.with_only([number for number in range(len(rows)) if number != gone]), 0, rows.written())


def rows_cut(victim: Victim, rng: Random) -> Mutant | None:
    """Some records less."""
    rows = victim.rows
    kept = [number for number in range(len(rows)) if rng.random() < 0.5]
    return Mutant(rows.with_only(kept), 0, rows.written())


def rows_moved(victim: Victim, rng: Random) -> Mutant | None:
    """The same records in another order."""
    rows = victim.rows
    return Mutant(rows.with_only(rng.sample(range(len(rows)), len(rows))), 0, rows.written())


def cell_replaced(victim: Victim, rng: Random) -> Mutant | None:
    """One place of one record holds something else."""
    return _one_value(victim, rng, is_new=False)


def row_inserted(victim: Victim, rng: Random) -> Mutant | None:
    """One record more: a copy with one place that holds something else."""
    return _one_value(victim, rng, is_new=True)


def _one_value(victim: Victim, rng: Random, *, is_new: bool) -> Mutant | None:
    rows = victim.rows
    if not len(rows):
        return None
    value = rng.choice(WRONG_TYPES if rng.random() < 0.2 else HOSTILE)
    data = rows.with_value(rng.randrange(len(rows)), value, rng, is_new=is_new)
    return Mutant(data, 1, rows.written()) if data else None


def truncated(victim: Victim, rng: Random) -> Mutant | None:
    """The file ends early."""
    return Mutant(victim.data[: rng.randrange(len(victim.data))], 1, victim.data)


def byte_flipped(victim: Victim, rng: Random) -> Mutant | None:
    """One bit of one byte below the header of a table is another."""
    if victim.medium is not Medium.TABLE:
        return bytes_flipped(victim, rng)
    first = victim.data.find(b"\n") + 1
    if not 0 < first < len(victim.data):
        return None
    data, at = bytearray(victim.data), rng.randrange(first, len(victim.data))
    data[at] ^= 1 << rng.randrange(8)
    return Mutant(bytes(data), 1, victim.data)


# --- bytes ------------------------------------------------------------------------------------------------


def bytes_flipped(victim: Victim, rng: Random) -> Mutant | None:
    """Some bytes anywhere are others."""
    data = bytearray(victim.data)
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return Mutant(bytes(data))


def bytes_inserted(victim: Victim, rng: Random) -> Mutant | None:
    """NUL bytes, control characters, broken UTF-8 or brackets in between."""
    junk = rng.choice(
        (b"\x00", b"\x00" * 4096, b"\xff\xfe", b"\xed\xa0\x80", b'"', b"<", b"[", b"\x1a", b"\xc0\x80", b",,,;\t")
    )
    at = rng.randrange(len(victim.data) + 1)
    return Mutant(victim.data[:at] + junk * rng.choice((1, 1, 50)) + victim.data[at:])


def bytes_removed(victim: Victim, rng: Random) -> Mutant | None:
    """A piece is gone."""
    at = rng.randrange(len(victim.data))
    return Mutant(victim.data[:at] + victim.data[at + rng.randint(1, 200) :])


_TOKENS: tuple[str, ...] = (
    "<",
    "<a",
    "<!--",
    "</",
    "<![CDATA[",
    "&",
    "<?",
    '<a b="',
    "<tr>",
    "<td>",
    '"',
    ",",
    "\\u",
    "\\ud83d",
    "[",
    "{",
    " ",
    "\n",
)
_TOKENS += ("<!", "</a", "<a b=c ", "&#x", "é", "\x00", "(", "0", "<table>", "]]>", "\r", "\t", ";", "'", "=")


def repeated(victim: Victim, rng: Random) -> Mutant | None:
    """One sign of the format, so often that whoever looks back from each of them never ends."""
    token, at = rng.choice(_TOKENS), rng.choice((0, rng.randrange(len(victim.text)), len(victim.text)))
    return Mutant((victim.text[:at] + token * (2 * LONG // len(token)) + victim.text[at:]).encode())


def doubled(victim: Victim, rng: Random) -> Mutant | None:
    """The file follows itself, whole or from somewhere inside."""
    return Mutant(victim.data + victim.data[rng.choice((0, rng.randrange(len(victim.data)))) :])


def encoding_crossed(victim: Victim, rng: Random) -> Mutant | None:
    """Written in one encoding, marked as another or not at all."""
    data = victim.text.encode(rng.choice(ENCODINGS), "replace")
    return Mutant(rng.choice((b"", *MARKS)) + data)


def ends_changed(victim: Victim, rng: Random) -> Mutant | None:
    """Other characters end the lines."""
    end = rng.choice(("\r", "\x0b", "\x0c", "\x85", "\u2028", "\n\n", "\r\r\n", " \n"))
    return Mutant(victim.text.replace("\r\n", "\n").replace("\n", end).encode())


def emptied(victim: Victim, rng: Random) -> Mutant | None:
    """Nothing, next to nothing, or a folder of that name."""
    choice = rng.choice(
        (b"", b"\n", b" " * 5000, b"\x00" * 5000, *MARKS, b"[]", b"{}", b"<a/>", b"<html>", b"null", b"0", None)
    )
    return Mutant(b"", is_folder=True) if choice is None else Mutant(choice)


# --- tables -----------------------------------------------------------------------------------------------


def columns_changed(victim: Victim, rng: Random) -> Mutant | None:
    """Names in the header swapped, renamed, doubled, dropped or blown up."""
    end = victim.text.find("\n")
    if victim.medium is not Medium.TABLE or end < 0:
        return None
    names = victim.text[:end].split(delimiter(Document("header", victim.text.encode())))
    one, other = rng.randrange(len(names)), rng.randrange(len(names))
    change = rng.randrange(5)
    if change == 0:
        names[one], names[other] = names[other], names[one]
    elif change == 1:
        names[one] = rng.choice(TEXTS).replace("\n", " ").replace("\r", " ")
    elif change == 2:
        names[one] = names[other]
    elif change == 3:
        names.pop(one)
    else:
        names[one:one] = [f"column {number}" for number in range(rng.choice((1, 3000)))]
    return Mutant((",".join(names) + victim.text[end:]).encode())


def cells_hostile(victim: Victim, rng: Random) -> Mutant | None:
    """Many places of many records hold something else."""
    data: bytes | None = victim.data
    text, rows = victim.text, victim.rows
    for _ in range(min(6, len(rows))):
        spoiled = _respoiled(victim, text, rng)
        text = spoiled if spoiled is not None else text
        data = text.encode("utf-8", "surrogatepass")
    return Mutant(data) if data else None


def _respoiled(victim: Victim, text: str, rng: Random) -> str | None:
    try:
        rows = Victim(victim.name, b"", text, victim.medium, victim.labels).rows
        value = rng.choice(WRONG_TYPES if rng.random() < 0.2 else HOSTILE)
        data = rows.with_value(rng.randrange(len(rows)), value, rng, is_new=rng.random() < 0.3)
    except (ValueError, SyntaxError, IndexError):  # spoiled too far to be taken apart again
        return None
    return data.decode("utf-8", "surrogatepass") if data else None


# --- trees ------------------------------------------------------------------------------------------------


def tree_changed(victim: Victim, rng: Random) -> Mutant | None:
    """Keys renamed, dropped or doubled, values of other types, branches hung elsewhere, nesting without end."""
    if victim.medium is Medium.XML:
        return _xml_changed(victim, rng)
    if victim.medium is not Medium.JSON:
        return cells_hostile(victim, rng)
    tree = json.loads(victim.text)
    holder, key = rng.choice(list(_json_places(tree)) or [([0], 0)])
    change = rng.randrange(6)
    if change == 0:
        holder[key] = rng.choice(WRONG_TYPES)
    elif change == 1:
        holder.pop(key)
    elif change == 2 and isinstance(holder, dict):
        holder[rng.choice((key.upper(), f"{key} ", "", "\ud800", key * 500))] = holder.pop(key)
    elif change == 3:
        holder[key] = copy.deepcopy(tree)
    else:
        return Mutant(_with_raw(tree, holder, key, rng.choice(_RAW_JSON)))
    return Mutant(_dumped(tree))


_RAW_JSON = (
    "[" * 10_000 + "]" * 10_000,
    '{"a":' * 10_000 + "1" + "}" * 10_000,
    "[" * 100_000,
    "9" * 5000,
    "-0",
    "1E400",
    "NaN",
    "-Infinity",
    '"\\ud83d"',
    '"\\ud83d\\ud83d\\ude00"',
    '"\\u0000"',
    '{"a": 1, "a": 2}',
    "'single'",
    "01",
    "1.",
    "\x00",
    '"\t"',
    "tru",
    "// comment\n1",
    '"' + "x" * 2_000_000 + '"',
)


def _with_raw(tree: Any, holder: Any, key: Any, raw: str) -> bytes:
    holder[key] = "@RAW@"
    return json.dumps(tree).replace('"@RAW@"', raw, 1).encode()


_DOCTYPES = (
    "<!DOCTYPE a>",
    '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]>',
    "<!DOCTYPE a [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 11))
    + "]>",
    f"<!DOCTYPE a [<!ENTITY b '{'x' * 50_000}'>]>",
)


def _xml_changed(victim: Victim, rng: Random) -> Mutant:
    text = victim.text.lstrip("\ufeff")
    declared = text.find("?>") + 2 if text.startswith("<?xml") else 0
    starts = [match.end() for match in re.finditer(r"<\w[^>]*[^/>]>", text)]
    at = rng.choice(starts)
    change = rng.randrange(6)
    if change == 0:
        return Mutant(
            (text[:declared] + rng.choice(_DOCTYPES) + text[declared:at] + "&l10;&b;" + text[at:]).encode()
        )
    if change == 1:
        depth = rng.choice((40, 10_000))
        return Mutant((text[:at] + "<d>" * depth + "</d>" * depth + text[at:]).encode())
    if change == 2:
        inner = rng.choice(
            (
                "<![CDATA[<x>]]>",
                "<!-- -- -->",
                "<?php x ?>",
                "&#0;",
                "&nbsp;",
                "\x00",
                "<![CDATA[",
                "<!ENTITY a 'b'>",
            )
        )
        return Mutant((text[:at] + inner + text[at:]).encode("utf-8", "surrogatepass"))
    if change == 3:
        many = " ".join(f'a{number}="1"' for number in range(20_000))
        return Mutant((text[: at - 1] + f" {many}" + text[at - 1 :]).encode())
    if change == 4:
        declaration = f'<?xml version="1.0" encoding="{rng.choice((*ENCODINGS, "x-nothing", "utf-7"))}"?>'
        return Mutant((declaration + text[declared:]).encode())
    return Mutant(
        re.sub(r"<(/?)(\w+)", lambda tag: f"<{tag[1]}{tag[2]}x" if len(tag[2]) % 3 == 0 else tag[0], text).encode()
    )


# --- archives ---------------------------------------------------------------------------------------------


def _zip(members: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("x", (2024, 1, 2, 3, 4, 6))
            info.filename, info.compress_type = name, method
            archive.writestr(info, content)
    return out.getvalue()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def zipped(victim: Victim, rng: Random) -> Mutant | None:
    """In a zip: under a name that climbs out, spoiled, twice wrapped, among hundreds, or with a lying header."""
    base = PurePosixPath(victim.name).name
    change = rng.randrange(6)
    if change == 0:
        data = _zip([(rng.choice(SLIPS), victim.data), (base, victim.data)][: rng.randint(1, 2)])
    elif change == 1:
        found = bytearray(_zip([(base, victim.data)], rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))))
        for _ in range(rng.randint(1, 4)):
            found[rng.randrange(len(found))] = rng.randrange(256)
        data = bytes(found)
    elif change == 2:
        data = _zip([("inner.zip", _zip([(base, victim.data)])), (base, victim.data)][: rng.randint(1, 2)])
    elif change == 3:
        data = _zip([(f"{number}/{base}", victim.data[: number * 40]) for number in range(60)])
    elif change == 4:
        whole = _zip([(base, victim.data)])
        data = whole[: rng.randrange(len(whole))]
    else:
        data = _zip([(base, _gzip(victim.data)), ("empty.csv", b""), ("b.csv", bytes(2_000_000))])
    return Mutant(data, name="export.zip")


def gzipped(victim: Victim, rng: Random) -> Mutant | None:
    """In a gzip: twice, spoiled, cut off, with junk behind, or a small bomb."""
    whole = _gzip(victim.data)
    change = rng.randrange(5)
    if change == 0:
        return Mutant(_gzip(whole), name="export.gz")
    if change == 1:
        found = bytearray(whole)
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
        return Mutant(bytes(found), name="export.gz")
    if change == 2:
        return Mutant(whole[: rng.randrange(len(whole))], name="export.gz")
    if change == 3:
        return Mutant(whole + rng.randbytes(20), name="export.gz")
    return Mutant(_gzip(victim.data + b"\n" * 3_000_000), name="export.gz")


MUTATIONS: dict[str, Mutation] = {
    "row-removed": row_removed,
    "rows-cut": rows_cut,
    "rows-moved": rows_moved,
    "cell-replaced": cell_replaced,
    "row-inserted": row_inserted,
    "truncated": truncated,
    "byte-flipped": byte_flipped,
    "bytes-flipped": bytes_flipped,
    "bytes-inserted": bytes_inserted,
    "bytes-removed": bytes_removed,
    "repeated": repeated,
    "doubled": doubled,
    "encoding-crossed": encoding_crossed,
    "ends-changed": ends_changed,
    "emptied": emptied,
    "columns-changed": columns_changed,
    "cells-hostile": cells_hostile,
    "tree-changed": tree_changed,
    "zipped": zipped,
    "gzipped": gzipped,
}
