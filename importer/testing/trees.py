"""JSON and XML samples taken apart and written again."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from defusedxml import ElementTree

from importer.adapter import Document, Record
from importer.intake.elements import ANYWHERE, COMMENT
from importer.testing.slots import Slot

_COMMENTS = re.compile(r"(?:\s*<!--.*?-->)*\s*", re.DOTALL)
_EXTRA = "rateport_test"
_JSON_JUNK: tuple[Any, ...] = (None, True, [], {}, [[]], {"a": None}, "\ud800")


class _Number(str):
    """A number in the file's own spelling, which a float would lose."""


def _dumped(value: Any, indent: str = "") -> str:
    if isinstance(value, dict):
        below = indent and f"{indent}  "
        pairs = (f"{json.dumps(key)}: {_dumped(held, below)}" for key, held in value.items())
        return f"{{{below}{f',{below}'.join(pairs)}{indent}}}"
    if isinstance(value, list):
        below = indent and f"{indent}  "
        return f"[{below}{f',{below}'.join(_dumped(held, below) for held in value)}{indent}]"
    return str(value) if isinstance(value, _Number) else json.dumps(value)


def _mapped(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A copy with `change` made to every object."""
    if isinstance(value, dict):
        return change({key: _mapped(held, change) for key, held in value.items()})
    return [_mapped(held, change) for held in value] if isinstance(value, list) else value


def _shuffled(pairs: dict[str, Any]) -> dict[str, Any]:
    keys = sorted(pairs)
    random.Random(len(keys)).shuffle(keys)  # noqa: S311  # not for secrets
    return {key: pairs[key] for key in keys}


class JsonSpecimen:
    """A JSON document as nested values, numbers kept as they are spelled."""

    def __init__(self, document: Document) -> None:
        self._tree = json.loads(document.text, parse_int=_Number, parse_float=_Number)

    def text(self) -> str:
        """The document on one line."""
        return _dumped(self._tree)

    def _items(self, label: str) -> list[Any]:
        found = [self._tree]
        for part in (f"{label}[]" if label != "item" else "[]").split("."):
            key = part.removesuffix("[]")
            found = [held.get(key) for held in found if isinstance(held, dict)] if key else found
            if part.endswith("[]"):
                found = [element for held in found if isinstance(held, list) for element in held]
        return found

    def slots(self, record: Record) -> list[Slot]:
        """Every scalar below the record's element."""
        items = self._items(record.locator.path)
        if not 0 < record.locator.line <= len(items):
            return []
        return list(_leaves(items[record.locator.line - 1], str(record.locator)))

    def count_fault(self, records: Sequence[Record]) -> str:
        """Every element of every list that is read gives one record, counted from 1."""
        for label, number in Counter(record.locator.path for record in records).items():
            if number != len(self._items(label)):
                return f"{label}: {len(self._items(label))} elements, {number} records"
        return _ordinal_fault(records)

    def variants(self) -> Iterator[tuple[str, str]]:
        """Keys in another order, a key more in every object, indented."""
        yield "shuffled-keys", _dumped(_mapped(self._tree, _shuffled))
        yield "extra-key", _dumped(_mapped(self._tree, lambda pairs: {_EXTRA: _Number("7"), **pairs}))
        yield "indented", _dumped(self._tree, "\n")

    def without(self, mark: str) -> str | None:
        """The document with one key renamed wherever it stands at this path."""
        parts = mark.split(".")
        if parts[-1].endswith("[]"):
            return None
        return _dumped(_renamed(self._tree, parts))

    def bare(self) -> str:
        """The document with all its lists empty."""
        return _dumped(_emptied(self._tree))


def _leaves(value: Any, where: str) -> Iterator[Slot]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        held, path = value[key], f"{where}.{key}"
        if isinstance(held, dict | list):
            yield from _leaves(held, path)
        else:
            text = str(held) if isinstance(held, str) else ""
            yield Slot(str(key), path, text, _putter(value, key), held, _JSON_JUNK)


def _putter(container: Any, key: Any) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        container[key] = value

    return put


def _renamed(value: Any, parts: list[str]) -> Any:
    if parts[0] == "[]":
        return [_renamed(held, parts[1:]) for held in value] if isinstance(value, list) else value
    if not isinstance(value, dict):
        return value
    key = parts[0].removesuffix("[]")
    if len(parts) == 1:
        return {f"not_{name}" if name == key else name: held for name, held in value.items()}
    rest = ["[]", *parts[1:]] if parts[0].endswith("[]") else parts[1:]
    return {name: _renamed(held, rest) if name == key else held for name, held in value.items()}


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _emptied(held) for key, held in value.items()}
    return [] if isinstance(value, list) else value


def _ordinal_fault(records: Sequence[Record]) -> str:
    seen: Counter[str] = Counter()
    for record in records:
        seen[record.locator.path] += 1
        if record.locator.line != seen[record.locator.path]:
            return f"{record.locator} is number {seen[record.locator.path]} of its list"
    return ""


class XmlSpecimen:
    """An XML document as a tree of elements."""

    def __init__(self, document: Document) -> None:
        text = document.text.lstrip("\ufeff \t\r\n")
        without_declaration = text.partition("?>")[2] if text.startswith("<?xml") else text
        comments = _COMMENTS.match(without_declaration)
        self._head = comments[0] if comments else ""
        try:
            self._root: Any = ElementTree.fromstring(without_declaration)
        except ElementTree.ParseError:  # several roots
            self._root = ElementTree.fromstring(f"<roots>{without_declaration}</roots>")

    def text(self) -> str:
        """The document without declaration."""
        return self._written(self._root)

    def _written(self, root: Any) -> str:
        return self._head + str(ElementTree.tostring(root, encoding="unicode"))

    def slots(self, record: Record) -> list[Slot]:
        """Every text and attribute of the record's element."""
        elements = islice(self._root.iter(record.locator.path), record.locator.line - 1, record.locator.line)
        return [slot for top in elements for element in top.iter() for slot in _xml_slots(element, record)]

    def count_fault(self, records: Sequence[Record]) -> str:
        """Every element of the record's name gives one record, counted from 1."""
        for tag, number in Counter(record.locator.path for record in records).items():
            elements = len(list(self._root.iter(tag)))
            if number != elements:
                return f"<{tag}>: {elements} elements, {number} records"
        return _ordinal_fault(records)

    def variants(self) -> Iterator[tuple[str, str]]:
        """An element more in every element that holds elements; other indentation."""
        changed = ElementTree.fromstring(self.text())
        for parent in [element for element in changed.iter() if len(element)]:
            parent.insert(0, ElementTree.fromstring(f"<{_EXTRA}>7</{_EXTRA}>"))
        yield "extra-element", self._written(changed)
        for gap in ("", "\n\t\t"):
            changed = ElementTree.fromstring(self.text())
            for parent in [element for element in changed.iter() if len(element)]:
                parent.text = gap
                for child in parent:
                    child.tail = gap
            yield "indented", self._written(changed)

    def without(self, mark: str) -> str | None:
        """The document with one element or attribute renamed wherever it stands at this path."""
        changed = ElementTree.fromstring(self.text())
        if mark.startswith(COMMENT):
            named = re.compile(re.escape(mark.removeprefix(COMMENT)), re.IGNORECASE)
            return named.sub("nobody", self._head) + self._written(changed).removeprefix(self._head)
        tag, *below = mark.removeprefix(ANYWHERE).split("/")
        attribute = below.pop()[1:] if below and below[-1].startswith("@") else ""
        found = list(changed.iter(tag)) if mark.startswith(ANYWHERE) else [changed] if changed.tag == tag else []
        for name in below:
            found = [child for element in found for child in element if child.tag.rpartition("}")[2] == name]
        for element in found:
            if attribute and attribute in element.attrib:
                element.set(f"not_{attribute}", element.attrib.pop(attribute))
            elif not attribute:
                element.tag = f"not_{element.tag.rpartition('}')[2]}"
        return self._written(changed)

    def bare(self) -> str:
        """The root with nothing in it."""
        changed = ElementTree.fromstring(self.text())
        del changed[:]
        return self._written(changed)


def _xml_slots(element: Any, record: Record) -> Iterator[Slot]:
    where = f"{record.locator} <{element.tag}>"
    for name, held in element.attrib.items():
        yield Slot(name, f"{where} @{name}", held.strip(), _putter(element.attrib, name), held)
    if not len(element):

        def put(value: str) -> None:
            element.text = value

        yield Slot(element.tag, where, (element.text or "").strip(), put, element.text)
