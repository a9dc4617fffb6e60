"""The four writes (simkl-api.md 4, 5 and 14.14 to 14.17); each must run inside a writing transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from importer.sandbox.account import LISTS, NOT_FOR_MOVIES
from importer.sandbox.backstage import Backstage
from importer.sandbox.catalogue import Title
from importer.sandbox.moments import read_stamp, stamp, with_fraction
from importer.sandbox.refusals import Refused
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.scales import HIGHEST, LOWEST
from importer.vocabulary.sends import Section

Item = dict[str, Any]
Reply = dict[str, Any]
Write = Callable[[Backstage, bytes], Reply]

_TYPE_WORDS = {Section.MOVIES: "movie", Section.SHOWS: "show", Section.ANIME: "anime"}
TYPES_IN_REPLIES = {Section.MOVIES: "movie", Section.SHOWS: "tv", Section.ANIME: "anime"}


def add_ratings(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/ratings: every item ends in `statuses` or in `not_found`, anime under shows."""
    now = stage.clock.now()
    added = {"movies": 0, "shows": 0}
    statuses: list[Reply] = []
    not_found: dict[str, list[Item]] = {"movies": [], "shows": []}
    for section, item in _items(body):
        echo = _echo(section, item, stage.settings)
        rated_at = _rated_at(item, stamp(now), stage.settings)
        is_sound = rated_at is not None and _is_rating(item.get("rating"))
        title = stage.catalogue.resolve(section, item) if is_sound else None
        if title is None or rated_at is None:
            not_found[_slot(section)].append(echo)
            continue
        status = stage.account.rate(title, item["rating"], rated_at, now)
        statuses.append({"request": echo, "response": _response(title, status, stage.settings)})
        added[_slot(section)] += 1
    if stage.settings.shuffle_statuses:
        statuses.sort(key=lambda entry: hashlib.sha256(json.dumps(entry).encode()).digest())
    return {"added": {**added, "statuses": statuses}, "not_found": not_found}


def remove_ratings(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/ratings/remove: counts what it matched, rated or not; the titles stay on their lists."""

    def clear(title: Title, item: Item) -> None:
        stage.account.clear_rating(title, stage.clock.now())

    unread = () if stage.settings.anime_array_on_remove else (Section.ANIME,)
    deleted, not_found = _matched(stage, body, clear, unread)
    return {"deleted": deleted, "not_found": not_found}


def remove_history(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/history/remove: bare ids take the title off its list with its rating; anime[] is left unread."""

    def remove(title: Title, item: Item) -> None:
        if not item.get("seasons") and not item.get("episodes"):
            stage.account.remove(title, stage.clock.now())

    deleted, not_found = _matched(stage, body, remove, (Section.ANIME,))
    return {"deleted": {**deleted, "episodes": 0}, "not_found": {**not_found, "episodes": []}}


def add_to_list(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/add-to-list: each item says by itself on which list it goes."""
    for section, item in _items(body):
        if not item.get("to"):
            raise Refused(400, "empty_field")
        if item["to"] not in LISTS or (section is Section.MOVIES and item["to"] in NOT_FOR_MOVIES):
            raise Refused(400, "wrong_parameter")
    added: dict[str, list[Item]] = {"movies": [], "shows": []}

    def move(title: Title, item: Item) -> None:
        stage.account.move(title, item["to"], stage.clock.now())
        slot = "movies" if title.section is Section.MOVIES else "shows"
        added[slot].append({**item, "type": _TYPE_WORDS[title.section]})

    _, not_found = _matched(stage, body, move, ())
    return {"added": added, "not_found": not_found}


def _matched(
    stage: Backstage, body: bytes, act: Callable[[Title, Item], None], unread: tuple[Section, ...]
) -> tuple[dict[str, int], dict[str, list[Item]]]:
    counts = {"movies": 0, "shows": 0}
    not_found: dict[str, list[Item]] = {"movies": [], "shows": []}
    for section, item in _items(body):
        if section in unread:
            continue
        title = stage.catalogue.resolve(section, item)
        if title is None:
            not_found[_slot(section)].append(_echo(section, item, stage.settings))
        else:
            act(title, item)
            counts[_slot(section)] += 1
    return counts, not_found


def _items(body: bytes) -> Iterator[tuple[Section, Item]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "wrong_parameter") from None
    if not isinstance(document, dict):
        raise Refused(400, "wrong_parameter")
    for section in Section:
        items = document.get(section.value) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Refused(400, "wrong_parameter")
        yield from ((section, item) for item in items)


def _slot(section: Section) -> str:
    return "movies" if section is Section.MOVIES else "shows"


def _is_rating(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def _rated_at(item: Item, now: str, settings: SandboxSettings) -> str | None:
    """The moment to keep; None when it cannot be read and only the item pays for that."""
    if item.get("rated_at") is None:
        return now
    try:
        return read_stamp(item["rated_at"])
    except ValueError:
        if settings.bad_date_fails_batch:
            raise Refused(400, "wrong_parameter") from None
        return None


def _echo(section: Section, item: Item, settings: SandboxSettings) -> Item:
    """The item as replies repeat it: not quite as it was sent (simkl-api.md 4.2)."""
    echo = dict(item)
    if isinstance(item.get("rated_at"), str):
        try:
            echo["rated_at"] = with_fraction(read_stamp(item["rated_at"]))
        except ValueError:
            echo["rated_at"] = item["rated_at"]
    if settings.string_ids_in_echo and isinstance(item.get("ids"), dict):
        echo["ids"] = {space: str(value) for space, value in item["ids"].items()}
    if settings.type_in_echo:
        echo["type"] = _TYPE_WORDS[section]
    return echo


def _response(title: Title, status: str, settings: SandboxSettings) -> Mapping[str, str | None]:
    if settings.bare_response:
        return {"status": status}
    return {"status": status, "simkl_type": TYPES_IN_REPLIES[title.section], "anime_type": title.anime_type}
