"""XML: a document -> its records, one element at a time, names without their namespace."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from importer.intake.documents import Document
from importer.intake.readers import Cells, Convert
from importer.vocabulary.errors import InputError
from importer.vocabulary.records import Locator, Record

XML_DEPTH = 32

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_LINE_OF = re.compile(r"line (\d+)")


def each_element(document: Document, path: str, convert: Convert) -> Iterator[Record]:
    """One record per element at `path` (from the root, as in `myanimelist/anime`): `convert(locator, cells)`
    with the text of its children by tag and of its attributes by `@name`."""
    label = path.rsplit("/", 1)[-1]
    for ordinal, element in enumerate(_elements(document, path), start=1):
        yield convert(Locator(ordinal, label), _cells_of(element))


def each_branch(document: Document, path: str, convert: Convert) -> Iterator[Record]:
    """One record per element at `path`, with all that hangs below it: `convert(locator, branch)`, where a branch
    holds the attributes by `@name`, its own text by `""` and lists of branches by the tag of the children."""
    label = path.rsplit("/", 1)[-1]
    for ordinal, element in enumerate(_elements(document, path), start=1):
        yield convert(Locator(ordinal, label), _branch_of(element))


def first_element(document: Document, path: str) -> Cells:
    """The cells of the first element at `path`; empty when there is none."""
    return next((_cells_of(element) for element in _elements(document, path)), Cells())


def xml_paths(document: Document) -> frozenset[str]:
    """Every element path of the document and every attribute as `path/@name`."""
    found: set[str] = set()
    for _, path, element in _walk_xml(document):
        found.add(path)
        found.update(f"{path}/@{_local(name)}" for name in element.attrib)
    return frozenset(found)


def _elements(document: Document, path: str) -> Iterator[Any]:
    for event, here, element in _walk_xml(document, keep_all="/" not in path):
        if event == "end" and here == path:
            yield element


def _branch_of(element: Any) -> dict[str, Any]:
    branch: dict[str, Any] = {f"@{_local(name)}": text for name, text in element.attrib.items()}
    branch[""] = (element.text or "").strip()
    for child in element:
        branch.setdefault(_local(child.tag), []).append(_branch_of(child))
    return branch


def _cells_of(element: Any) -> Cells:
    cells = Cells({f"@{_local(name)}": text for name, text in element.attrib.items()})
    for child in element:
        cells.setdefault(_local(child.tag), (child.text or "").strip())
    return cells


def _local(name: str) -> str:
    """A name without its namespace: writers spell the address in many ways."""
    return name.rpartition("}")[2]


def _walk_xml(document: Document, *, keep_all: bool = False) -> Iterator[tuple[str, str, Any]]:
    data = _XML_DECLARATION.sub("", document.text.lstrip("\ufeff"), count=1).encode()
    stack: list[Any] = []
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                stack.append(element)
                if len(stack) > XML_DEPTH:
                    raise InputError(f"{document.name}: the XML is nested too deep for any export.")
                continue
            yield event, "/".join(_local(open_element.tag) for open_element in stack), element
            stack.pop()
            if len(stack) == 1 and not keep_all:
                del stack[0][:]  # a record that was handled; keeps memory flat
    except DefusedXmlException:
        raise InputError(f"{document.name}: the XML declares a DTD or entities, which no export does.") from None
    except ElementTree.ParseError as error:
        match = _LINE_OF.search(str(error))
        where = f"{document.name}:{match[1]}" if match else document.name
        raise InputError(f"{where}: not complete XML ({error}); the file is cut off or damaged.") from None
