"""The log of every call that reached the stand-in, for tests to read; tokens are not kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

_IDENTIFYING = ("app-name", "app-version")  # simkl-api.md 1
_SECRETS = frozenset({"device_code", "refresh_token", "token"})
_LIBRARIES = ("python-httpx/", "python-requests/", "Python-urllib/")


@dataclass(slots=True)
class Call:
    """One call as it arrived, and what became of it."""

    number: int
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    """Those that bear on the contract, by lower-case name."""
    has_token: bool
    arrived: float
    """On the steady clock."""
    at: datetime
    body: bytes
    too_fast: bool
    is_listed: bool = True
    status: int | None = None
    """None: the connection was cut."""
    fault: str | None = None
    """The kind of the scripted fault that hit it."""
    breaches: list[str] = field(default_factory=list)
    """What the app found wrong with it, beside what shows in the other facts."""

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body of a sign-in, with its secrets replaced."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def violations(self) -> list[str]:
        """What the caller did wrong by the contract, in words."""
        found = [f"no {name}" for name in _IDENTIFYING if not self.params.get(name)]
        agent = self.headers.get("user-agent", "")
        if not agent or agent.startswith(_LIBRARIES):
            found.append("no User-Agent of its own")
        if self.too_fast:
            found.append("too fast")
        if not self.is_listed:
            found.append("no such call")
        found += self.breaches
        return [f"call {self.number} {self.method} {self.path}: {fault}" for fault in found]


def without_secrets(form: bytes) -> bytes:
    """A form as it may be kept: what opens an account is replaced by the word `hidden`."""
    pairs = parse_qsl(form.decode(errors="replace"), keep_blank_values=True)
    return urlencode([(name, "hidden" if name in _SECRETS else value) for name, value in pairs]).encode()


class CallLog:
    """All calls in the order of their arrival."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def add(self, **facts: Any) -> Call:
        """Note one arrival."""
        with self._lock:
            call = Call(number=len(self._calls) + 1, **facts)
            self._calls.append(call)
            return call

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls so far."""
        with self._lock:
            return tuple(self._calls)

    @property
    def violations(self) -> list[str]:
        """Every breach of the contract by the caller; empty for a client that behaves."""
        return [violation for call in self.calls for violation in call.violations()]

    def made(self, method: str, path: str) -> tuple[Call, ...]:
        """The calls of one method to exactly one path."""
        return tuple(call for call in self.calls if (call.method, call.path) == (method, path))
