"""The points at which a client can be ended: every statement and commit of the journal, every step of every
exchange, every step at which a file comes into being."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from importer.journal.store import Store

_STEPS = {
    "http11.send_request_headers.complete": "its headers left",
    "http11.send_request_body.complete": "all of it left",
    "http11.receive_response_headers.complete": "half of the reply is read",
    "http11.receive_response_body.complete": "the reply is read",
}
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The stand-in speaks plain HTTP, and to load certificates takes 20 ms."""
_FILE_EVENTS = {"os.rename": "rename of", "os.remove": "removal of", "os.mkdir": "mkdir of", "open": "open of"}


class Points:
    """Counts the points that this process passes, by name, and ends it at the `last` one it is told of."""

    def __init__(self, last: int | None = None) -> None:
        self.names: list[str] = []
        self._last = last
        self._statement = ""

    def point(self, name: str) -> None:
        """One more place where the process may end."""
        self.names.append(name)
        if len(self.names) == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, text: str) -> None:
        """Before a statement of SQLite; the like of it in a row count once, for they are one transaction."""
        if text[:12] != self._statement:
            self._statement = text[:12]
            self.point(f"journal: {text[:12].strip()}")


def watch(points: Points, home: Path) -> httpx.BaseTransport:
    """Make this process pass `points`; the transport does so for exchanges."""
    _watch_files(points, home)
    _watch_drafts(points)
    _watch_statements(points)
    return _Wire(points)


class _Wire(httpx.HTTPTransport):
    def __init__(self, points: Points) -> None:
        super().__init__(verify=_NO_CERTIFICATES)
        self._points = points

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path}"
        self._points.point(f"{name}: before")

        def trace(step: str, info: Any) -> None:
            if step in _STEPS:
                self._points.point(f"{name}: {_STEPS[step]}")

        request.extensions = {**request.extensions, "trace": trace}
        return super().handle_request(request)


def _watch_statements(points: Points) -> None:
    connect, writing = sqlite3.connect, Store.writing

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(points.statement)
        return connection

    @contextmanager
    def watched(self: Store) -> Iterator[Any]:
        with writing(self) as connection:
            yield connection
        points.point("journal: committed")

    sqlite3.connect = traced  # type: ignore[assignment]
    Store.writing = watched  # type: ignore[method-assign]


def _watch_files(points: Points, home: Path) -> None:
    ours = os.fspath(home)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS and ours in (path := str(args[0])):
            is_read = event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR)
            if not is_read:
                points.point(f"file: {_FILE_EVENTS[event]} {_kind_of(path)}")

    sys.addaudithook(heard)


def _kind_of(path: str) -> str:
    name = Path(path).name
    return "a draft" if name.startswith(".") else Path(path).suffix or name


def _watch_drafts(points: Points) -> None:
    fdopen, fsync = os.fdopen, os.fsync

    def half_written(descriptor: int, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        stream = fdopen(descriptor, mode, *args, **kwargs)
        return _HalfWritten(stream, points) if "w" in mode else stream

    def watched(descriptor: int) -> None:
        points.point("file: before fsync")
        fsync(descriptor)
        points.point("file: after fsync")

    os.fdopen, os.fsync = half_written, watched  # type: ignore[assignment]


class _HalfWritten:
    """A text stream of which the process may die when some, but not all, of its text is on the disk."""

    def __init__(self, stream: io.TextIOWrapper, points: Points) -> None:
        self._stream = stream
        self._points = points
        self._writes = 0

    def write(self, text: str) -> int:
        written = self._stream.write(text)
        self._writes += 1
        if self._writes in (2, 20, 100):
            self._stream.flush()
            self._points.point("file: half written")
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> _HalfWritten:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()
