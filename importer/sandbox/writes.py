"""The writes of ratings and lists (simkl-api.md 4, 5 and 14.14 to 14.17); `history` has the one of watches.

Each must run inside a writing transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from importer.sandbox.backstage import Backstage
from importer.sandbox.items import (
    Item,
    Reply,
    check_list,
    document_of,
    echo_of,
    is_rating,
    items_of,
    moment_in,
    response_for,
    slot_of,
)
from importer.sandbox.moments import stamp
from importer.sandbox.refusals import Refused
from importer.sandbox.shown import TYPE_WORDS
from importer.sandbox.titles import Title
from importer.vocabulary.sends import Section

Write = Callable[[Backstage, bytes], Reply]


def add_ratings(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/ratings: every item ends in `statuses` or in `not_found`, anime under shows."""
    now = stage.clock.now()
    added = {"movies": 0, "shows": 0}
    statuses: list[Reply] = []
    not_found: dict[str, list[Item]] = {"movies": [], "shows": []}
    for section, item in items_of(document_of(body)):
        echo = echo_of(section, item, stage.settings)
        rated_at = moment_in(item, "rated_at", stamp(now), stage.settings)
        is_sound = rated_at is not None and is_rating(item.get("rating"))
        title = stage.catalogue.resolve(section, item) if is_sound else None
        if title is None or rated_at is None:
            not_found[slot_of(section)].append(echo)
            continue
        status = stage.account.rate(title, item["rating"], rated_at, now)
        statuses.append({"request": echo, "response": response_for(title, status, stage.settings)})
        added[slot_of(section)] += 1
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
    for section, item in items_of(document_of(body)):
        if not item.get("to"):
            raise Refused(400, "empty_field")
        check_list(section, item["to"])
    added: dict[str, list[Item]] = {"movies": [], "shows": []}

    def move(title: Title, item: Item) -> None:
        stage.account.move(title, item["to"], stage.clock.now())
        added[slot_of(title.section)].append({**item, "type": TYPE_WORDS[title.section]})

    _, not_found = _matched(stage, body, move, ())
    return {"added": added, "not_found": not_found}


def _matched(
    stage: Backstage, body: bytes, act: Callable[[Title, Item], None], unread: tuple[Section, ...]
) -> tuple[dict[str, int], dict[str, list[Item]]]:
    counts = {"movies": 0, "shows": 0}
    not_found: dict[str, list[Item]] = {"movies": [], "shows": []}
    for section, item in items_of(document_of(body)):
        if section in unread:
            continue
        title = stage.catalogue.resolve(section, item)
        if title is None:
            not_found[slot_of(section)].append(echo_of(section, item, stage.settings))
        else:
            act(title, item)
            counts[slot_of(section)] += 1
    return counts, not_found
