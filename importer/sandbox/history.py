"""The write of watches, POST /sync/history (simkl-api.md 7); it must run inside a writing transaction.

The catalogue knows how many episodes a show has but not its seasons: all of them are numbered through, as those of
season one. A named episode of another season, and every item of a top-level `episodes[]`, is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    objects,
    response_for,
    slot_of,
)
from importer.sandbox.moments import stamp
from importer.sandbox.shown import TYPE_WORDS
from importer.sandbox.titles import Title
from importer.vocabulary.sends import Section


def add_history(stage: Backstage, body: bytes) -> Reply:
    """POST /sync/history: marks movies, named episodes, or all aired ones of a bare show; a rating is dated now."""
    now, document = stage.clock.now(), document_of(body)
    added = {"movies": 0, "shows": 0, "episodes": 0}
    statuses: list[Reply] = []
    not_found: dict[str, list[Item]] = {"movies": [], "shows": [], "episodes": objects(document.get("episodes"))}
    for section, item in items_of(document):
        echo = {"rating": None} | echo_of(section, item, stage.settings) | {"type": TYPE_WORDS[section]}
        watched_at = moment_in(item, "watched_at", stamp(now), stage.settings)
        title = stage.catalogue.resolve(section, item) if watched_at is not None else None
        if title is None or watched_at is None:
            not_found[slot_of(section)].append(echo)
            continue
        marked, strays = _marked(stage, title, item, watched_at)
        status = _filed(stage, section, title, item, watched_at)
        if is_rating(item.get("rating")):
            status = stage.account.rate(title, item["rating"], stamp(now), now)
        statuses.append({"request": echo, "response": response_for(title, status, stage.settings)})
        added[slot_of(section)] += 1
        added["episodes"] += marked
        not_found["episodes"] += strays
    return {"added": {**added, "statuses": statuses}, "not_found": not_found}


def _marked(stage: Backstage, title: Title, item: Item, watched_at: str) -> tuple[int, list[Item]]:
    """How many episodes are newly marked, and those named that do not exist."""
    if title.section is Section.MOVIES:
        return 0, []
    aired = title.aired_in(stage.clock.now().year)
    if not item.get("seasons") and not item.get("episodes"):
        return stage.account.mark(title, dict.fromkeys(range(1, aired + 1), watched_at)), []
    episodes: dict[int, str] = {}
    strays: list[Item] = []
    for season, episode in _named(item, title.episodes or 0):
        at = moment_in(episode, "watched_at", watched_at, stage.settings)
        number = episode.get("number")
        if at is not None and season == 1 and isinstance(number, int) and 1 <= number <= (title.episodes or 0):
            episodes[number] = at
        else:
            strays.append({"ids": item.get("ids"), "season": season, "episode": number})
    return stage.account.mark(title, episodes), strays


def _named(item: Item, last: int) -> Iterator[tuple[object, Item]]:
    """The episodes that an item names, with their seasons; a season without episodes means all of its own."""
    yield from ((1, episode) for episode in objects(item.get("episodes")))
    for season in objects(item.get("seasons")):
        whole = [{"number": number} for number in range(1, last + 1)] if season.get("number") == 1 else [{}]
        yield from ((season.get("number"), episode) for episode in objects(season.get("episodes")) or whole)


def _filed(stage: Backstage, section: Section, title: Title, item: Item, watched_at: str) -> str:
    """Note the watch, and return the list on which the title stands for it."""
    now = stage.clock.now()
    if item.get("status") is not None:
        check_list(section, item["status"])
        status = str(item["status"])
    elif title.section is Section.MOVIES:
        status = "completed"
    else:
        is_over = title.is_released(now.year) and title.aired is None
        status = "completed" if is_over and stage.account.watched(title) >= (title.episodes or 0) else "watching"
    added_at = moment_in(item, "added_at", stamp(now), stage.settings)
    stage.account.watch(title, watched_at, status, now, added_at)
    return status
