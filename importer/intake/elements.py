"""XML: a document -> its records, one element at a time, names without their namespace."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from importer.intake.cellrow import Cells
from importer.intake.documents import Document
from importer.intake.floods import expect_paths
from importer.intake.readers import Convert
from importer.vocabulary.errors import InputError
from importer.vocabulary.records import Locator, Record

XML_DEPTH = 32
HEAD_CHARS = 4096
COMMENT = "<!--"
ANYWHERE = "//"

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ROOT = re.compile(r"<(\w[\w.:-]*)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)")
_BARE_ROOT = re.compile(r"<[^<>]*/>\s*\S")
_WORD = re.compile(r"\w{3,}")
_LINE_OF = re.compile(r"line (\d+)")


def each_element(document: Document, path: str, convert: Convert) -> Iterator[Record]:
    """One record per element at `path` (from the root, as in `myanimelist/anime`): `convert(locator, cells)`
    with the text of its children by tag and of its attributes by `@name`."""
    label = path.rsplit("/", 1)[-1]
    for ordinal, element in enumerate(_elements(document, path), start=1):
        yield convert(Locator(ordinal, label), _cells_of(element))


def each_branch(document: Document, path: str, convert: Convert) -> Iterator[Record]:
    """One record per element at `path` (`//anime`: wherever it stands), with all that hangs below it:
    `convert(locator, branch)`, where a branch holds the attributes by `@name`, its own text by `""` and lists of
    branches by the tag of the children."""
    label = path.rsplit("/", 1)[-1]
    for ordinal, element in enumerate(_elements(document, path), start=1):
        yield convert(Locator(ordinal, label), _branch_of(element))


def first_element(document: Document, path: str) -> Cells:
    """The cells of the first element at `path`; empty when there is none."""
    return next((_cells_of(element) for element in _elements(document, path)), Cells.named({}))


def xml_paths(document: Document) -> frozenset[str]:
    """Every element path of the document and every attribute as `path/@name`; the last two names of each as
    `//anime/vote`, for formats whose upper half is not known; and every word of the comments before the root as
    `<!--word`, in lower case: that is where writers of a dialect name themselves."""
    found = {f"{COMMENT}{word.lower()}" for comment in _comments(document) for word in _WORD.findall(comment)}
    for path, element in _walk_xml(document):
        for mark in (path, *(f"{path}/@{_local(name)}" for name in element.attrib)):
            if mark not in found:
                found.update((mark, _ending(mark)))
                expect_paths(document.name, len(found))
    return frozenset(found)


def _ending(path: str) -> str:
    return ANYWHERE + "/".join(path.split("/")[-2:])


def _comments(document: Document) -> list[str]:
    head = document.text[:HEAD_CHARS]
    root = _ROOT.search(head)
    return _COMMENT.findall(head[: root.start()] if root else head)


def _elements(document: Document, path: str) -> Iterator[Any]:
    tag = path.removeprefix(ANYWHERE) if path.startswith(ANYWHERE) else ""
    for here, element in _walk_xml(document, keep_all="/" not in path):
        if here.rpartition("/")[2] == tag if tag else here == path:
            yield element


def _branch_of(element: Any) -> dict[str, Any]:
    branch: dict[str, Any] = {f"@{_local(name)}": text for name, text in element.attrib.items()}
    branch[""] = _text_of(element)
    for child in element:
        branch.setdefault(_local(child.tag), []).append(_branch_of(child))
    return branch


def _cells_of(element: Any) -> Cells:
    cells = {f"@{_local(name)}": text for name, text in element.attrib.items()}
    for child in element:
        cells.setdefault(_local(child.tag), _text_of(child))
    return Cells.named(cells)


def _text_of(element: Any) -> str:
    """The text of an element, that of elements among it too: 1<br/>0 is ten, not one. None where it only holds
    elements."""
    own = [element.text, *(child.tail for child in element)]
    return "".join(element.itertext()).strip() if any(text and not text.isspace() for text in own) else ""


def _local(name: str) -> str:
    """A name without its namespace: writers spell the address in many ways."""
    return name.rpartition("}")[2]


def _without_declaration(text: str) -> str:
    start = len(text) - len(text.lstrip("\ufeff"))
    declaration = _XML_DECLARATION.match(text, start)  # only here: to search would take hours of many blanks
    return text[declaration.end() if declaration else start :]


def _with_whole_ampersands(text: str) -> str:
    """`text` with every & that begins no entity of XML written as one: lists in MyAnimeList's dialect may hold them
    bare (formats-anime.md 1.1). Inside CDATA an & is just that."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += (_BARE_AMPERSAND.sub("&amp;", text[position:start]), text[start:end])
        position = end
    return "".join([*parts, _BARE_AMPERSAND.sub("&amp;", text[position:])]) if "&" in text else text


def _roots_above(text: str) -> int:
    """1 when something follows the root, as in one of AniDB's templates (formats-anime.md 5): then one more is put
    around them all."""
    root = _ROOT.search(text)
    if root is None:
        return 0
    ended = _BARE_ROOT.match(text, root.start()) or re.search(rf"</{re.escape(root[1])}\s*>\s*\S", text)
    return int(ended is not None)


def _walk_xml(document: Document, *, keep_all: bool = False) -> Iterator[tuple[str, Any]]:
    """Every element with its path from the root, once it is complete."""
    text = _with_whole_ampersands(_without_declaration(document.text))
    above = _roots_above(text)
    data = (f"<roots>{text}</roots>" if above else text).encode()
    stack: list[Any] = []
    paths = [""]
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                stack.append(element)
                if len(stack) > XML_DEPTH:
                    raise InputError(f"{document.name}: the XML is nested too deep for any export.")
                if len(stack) > above:
                    paths.append(f"{paths[-1]}/{_local(element.tag)}" if paths[-1] else _local(element.tag))
                continue
            if len(stack) > above:
                yield paths.pop(), element
            stack.pop()
            if len(stack) == 1 + above and not keep_all:
                del stack[above][:]  # a record that was handled; keeps memory flat
    except DefusedXmlException:
        raise InputError(f"{document.name}: the XML declares a DTD or entities, which no export does.") from None
    except ElementTree.ParseError as error:
        match = _LINE_OF.search(str(error))
        where = f"{document.name}:{match[1]}" if match else document.name
        is_template = document.base_name.endswith(".tpl")  # as AniDB makes exports of
        fault = "is a template, no export" if is_template else "is cut off or damaged"
        raise InputError(f"{where}: not complete XML ({error}); the file {fault}.") from None
