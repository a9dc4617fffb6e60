"""Request items: how they are read, and how replies repeat them (simkl-api.md 4.2 to 4.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from importer.sandbox.account import LISTS, NOT_FOR_MOVIES
from importer.sandbox.moments import read_stamp, with_fraction
from importer.sandbox.refusals import Refused
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.shown import SIMKL_TYPES, TYPE_WORDS
from importer.sandbox.titles import Title
from importer.vocabulary.scales import HIGHEST, LOWEST
from importer.vocabulary.sends import Section

Item = dict[str, Any]
Reply = dict[str, Any]

_MOMENTS = ("rated_at", "watched_at", "added_at")


def document_of(body: bytes) -> Item:
    """The request; raises Refused when it is no JSON object."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "wrong_parameter") from None
    if not isinstance(document, dict):
        raise Refused(400, "wrong_parameter")
    return document


def objects(value: object) -> list[Item]:
    """A list of objects, empty where there is none; raises Refused for anything else."""
    found = value or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refused(400, "wrong_parameter")
    return found


def items_of(document: Item) -> Iterator[tuple[Section, Item]]:
    """The items of the three arrays, each with its array."""
    for section in Section:
        yield from ((section, item) for item in objects(document.get(section.value)))


def slot_of(section: Section) -> str:
    """Where replies put a section: anime under shows."""
    return "movies" if section is Section.MOVIES else "shows"


def is_rating(value: object) -> bool:
    """Whether the service takes `value` for a rating."""
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def check_list(section: Section, name: object) -> None:
    """Refuse a list that titles of the section cannot stand on."""
    if name not in LISTS or (section is Section.MOVIES and name in NOT_FOR_MOVIES):
        raise Refused(400, "wrong_parameter")


def moment_in(item: Item, name: str, default: str, settings: SandboxSettings) -> str | None:
    """The moment to keep; None when it cannot be read and only the item pays for that."""
    if item.get(name) is None:
        return default
    try:
        return read_stamp(item[name])
    except ValueError:
        if settings.bad_date_fails_batch:
            raise Refused(400, "wrong_parameter") from None
        return None


def echo_of(section: Section, item: Item, settings: SandboxSettings) -> Item:
    """The item as replies repeat it: not quite as it was sent (simkl-api.md 4.2)."""
    echo = dict(item)
    for name in _MOMENTS:
        if isinstance(item.get(name), str):
            echo[name] = _respelt(item[name])
    if settings.string_ids_in_echo and isinstance(item.get("ids"), dict):
        echo["ids"] = {space: str(value) for space, value in item["ids"].items()}
    if settings.type_in_echo:
        echo["type"] = TYPE_WORDS[section]
    return echo


def _respelt(moment: str) -> str:
    try:
        return with_fraction(read_stamp(moment))
    except ValueError:
        return moment


def response_for(title: Title, status: str, settings: SandboxSettings) -> Mapping[str, str | None]:
    """What replies say of the title that an item was found to mean."""
    if settings.bare_response:
        return {"status": status}
    return {"status": status, "simkl_type": SIMKL_TYPES[title.section], "anime_type": title.anime_type}
