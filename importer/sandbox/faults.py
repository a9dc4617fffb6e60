"""Scripted faults: which call is hit, and what goes wrong with it."""

from __future__ import annotations

import copy
import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FOREVER = sys.maxsize


class FaultKind(StrEnum):
    """What can go wrong."""

    STATUS = "status"
    """The answer is `status` with the error id `error` and `headers`."""
    HTML = "html"
    """The answer is an HTML page, with `status` (200 unless told otherwise)."""
    EMPTY = "empty"
    """The answer is 200 without a body."""
    TRUNCATED = "truncated"
    """The true answer breaks off half way."""
    CUT = "cut"
    """The connection ends without an answer: `ConnectionCut` in process, a closed socket on loopback."""
    TIMEOUT = "timeout"
    """`seconds` pass without an answer, then `ReplyTimeout` in process, a closed socket on loopback."""
    SLOW = "slow"
    """The true answer comes `seconds` late."""
    DUPLICATED = "duplicated"
    """Every entry of `statuses` stands there twice."""
    MISSING = "missing"
    """Every other entry of `statuses` is missing, the first included."""
    CONTRADICTED = "contradicted"
    """The first entry of `statuses` also stands in `not_found`."""
    WITHOUT_IDS = "without_ids"
    """The echoes in `statuses` hold no ids."""
    WRONG_COUNTS = "wrong_counts"
    """`added` counts something else than `statuses`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: it hits the calls `at` to `at + repeat - 1`, counted from 1, of those that match.

    A call matches when method and path do (a `path` that ends with * means everything that begins so, a `method` *
    every method) and, where `poison` is given, when an item of the body holds that text as id or title.
    `applied` says whether a call that gets no true answer was carried out all the same.
    """

    kind: FaultKind
    method: str = "POST"
    path: str = "/sync/ratings"
    at: int = 1
    repeat: int = 1
    poison: str | None = None
    applied: bool = False
    status: int | None = None
    error: str = "internal"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def matches(self, method: str, path: str, body: bytes) -> bool:
        """Whether the call is one of those that this fault counts."""
        if self.method not in (method, "*"):
            return False
        if not (path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path):
            return False
        return self.poison is None or _holds(body, self.poison)


def _holds(body: bytes, text: str) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        return False
    lists = [items for items in document.values() if isinstance(items, list)] if isinstance(document, dict) else []
    return any(
        text == item.get("title") or text in map(str, (item.get("ids") or {}).values())
        for items in lists
        for item in items
    )


def poisoned(text: str, status: int = 500, error: str = "internal") -> Fault:
    """Every rating request with an item that holds the id or title `text` fails as a whole."""
    return Fault(kind=FaultKind.STATUS, poison=text, status=status, error=error, repeat=FOREVER)


class ConnectionCut(ConnectionResetError):
    """The connection ended without an answer."""


class ReplyTimeout(TimeoutError):
    """No answer came in time."""


class FaultScript:
    """The faults of one stand-in, with how often each was matched."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults: list[Fault] = []
        self._seen: list[int] = []
        self._lock = threading.Lock()
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Script one more fault; it counts calls from now on."""
        with self._lock:
            self._faults.append(fault)
            self._seen.append(0)

    def pick(self, method: str, path: str, body: bytes) -> Fault | None:
        """The fault that hits this call, the first scripted one where several would."""
        picked = None
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not fault.matches(method, path, body):
                    continue
                self._seen[index] += 1
                if picked is None and fault.at <= self._seen[index] < fault.at + fault.repeat:
                    picked = fault
        return picked


Reply = dict[str, Any]


def distorted(kind: FaultKind, reply: Reply) -> Reply:
    """`reply` of POST /sync/ratings with the distortion `kind`; any other reply as it is."""
    changed = copy.deepcopy(reply)
    if isinstance(changed.get("added"), dict) and isinstance(changed["added"].get("statuses"), list):
        DISTORTIONS[kind](changed)
    return changed


def _duplicate(reply: Reply) -> None:
    added = reply["added"]
    added["statuses"] = [entry for entry in added["statuses"] for _ in range(2)]


def _lose(reply: Reply) -> None:
    del reply["added"]["statuses"][::2]


def _contradict(reply: Reply) -> None:
    for entry in reply["added"]["statuses"][:1]:
        slot = "movies" if entry["response"].get("simkl_type") == "movie" else "shows"
        reply["not_found"][slot].append(entry["request"])


def _strip_ids(reply: Reply) -> None:
    for entry in reply["added"]["statuses"]:
        entry["request"].pop("ids", None)


def _miscount(reply: Reply) -> None:
    reply["added"]["movies"] += 1
    reply["added"]["shows"] = 0


DISTORTIONS: dict[FaultKind, Callable[[Reply], None]] = {
    FaultKind.DUPLICATED: _duplicate,
    FaultKind.MISSING: _lose,
    FaultKind.CONTRADICTED: _contradict,
    FaultKind.WITHOUT_IDS: _strip_ids,
    FaultKind.WRONG_COUNTS: _miscount,
}
"""The faults that leave an answer in place and change what it says."""
