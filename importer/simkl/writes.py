"""Reply of a write -> verdicts: what each endpoint says of the sends, in its own way.

ACCEPTED means that the write did what it was asked for: rated, cleared, removed, moved, marked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from importer.simkl.matching import verdicts
from importer.simkl.wire import Added, Filed, ListReply, RatingsReply, RemovalReply, Status
from importer.vocabulary.sends import Section, Send, Verdict

Verdicts = tuple[dict[str, Verdict], int]
Reading = Callable[[Sequence[Send], Any], Verdicts]

_TYPES = {"movies": "movie", "shows": "tv"}


def ratings_verdicts(sends: Sequence[Send], document: Any) -> Verdicts:
    """From a reply with `statuses[]`, as ratings and history have it; ValueError for one of another form."""
    return verdicts(sends, RatingsReply.model_validate(document))


def list_verdicts(sends: Sequence[Send], document: Any) -> Verdicts:
    """From a reply that repeats the moved items; one that went to another list than asked is UNKNOWN."""
    reply = ListReply.model_validate(document)
    statuses = [
        Status.model_construct(request=echo, response=Filed(simkl_type=_TYPES.get(array, "")))
        for array, echoes in reply.added.items()
        for echo in echoes
    ]
    added = Added.model_construct(statuses=statuses)
    return verdicts(sends, RatingsReply.model_construct(added=added, not_found=reply.not_found))


def removal_verdicts(sends: Sequence[Send], document: Any) -> Verdicts:
    """From a reply that only counts what it matched: what it does not miss is removed if the count says so."""
    reply = RemovalReply.model_validate(document)
    nothing = Added.model_construct(statuses=[])
    found, strays = verdicts(sends, RatingsReply.model_construct(added=nothing, not_found=reply.not_found))
    for slot in ("movies", "shows"):
        matched = [send for send in sends if _slot(send) == slot and found[send.key] is not Verdict.NOT_FOUND]
        if not strays and reply.deleted.get(slot) == len(matched):
            found.update(dict.fromkeys((send.key for send in matched), Verdict.ACCEPTED))
    return found, strays


def _slot(send: Send) -> str:
    """Anime is counted under shows (simkl-api.md 5)."""
    return "movies" if send.section is Section.MOVIES else "shows"
