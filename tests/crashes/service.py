"""The stand-in of one trial: a process of its own, whose account outlives every client.

In most trials its clock ticks with each call, so that nobody has to wait; in timed ones it is that of the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from importer.sandbox.app import backstage_of, create_app
from importer.sandbox.serving import serve
from importer.vocabulary.clock import SystemClock
from tests.clock import START, FakeClock
from tests.crashes.plans import Plan

ACCOUNT = "account.sqlite"
_HANDLERS = "process_request"  # what socketserver calls its threads
_PATIENCE_S = 20.0
_AHEAD = START + timedelta(hours=2) - datetime.now(UTC)  # the same in every process of these trials


class TickingClock(SystemClock):
    """The clock of the machine, set to the day of the trials."""

    def now(self) -> datetime:
        """The wall clock."""
        return super().now() + _AHEAD

    def advance(self, seconds: float) -> None:
        """Nobody but time itself moves it."""


class _Front:
    """Before the app: a clock that may tick with each call, and what the trial asks over the same socket."""

    def __init__(self, app: Flask, clock: FakeClock | TickingClock) -> None:
        self._inner = app.wsgi_app
        self._app = app
        self._clock = clock
        self._open = threading.Event()
        self._open.set()
        self._orders: dict[str, Callable[[], Any]] = {
            "/trial/state": self._state,
            "/trial/hold": self._open.clear,
            "/trial/release": self._open.set,
        }

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if order := self._orders.get(environ["PATH_INFO"]):
            start_response("200 OK", [("Content-Type", "application/json"), ("Connection", "close")])
            return [json.dumps(order()).encode()]
        self._open.wait(_PATIENCE_S)
        self._clock.advance(1)
        return self._inner(environ, start_response)

    def _state(self) -> dict[str, Any]:
        """The account, and what was done to it, once every call that has arrived is over: a client that was
        killed has left its connection behind, and the stand-in may still be at work on what came through it."""
        for thread in threading.enumerate():
            if _HANDLERS in thread.name and thread is not threading.current_thread():
                thread.join(_PATIENCE_S)
        stage = backstage_of(self._app)
        posts = [call for call in stage.calls if call.method == "POST" and call.status in (200, 201)]
        applied = Counter(
            json.dumps([call.path, section, item], sort_keys=True)
            for call in posts
            for section, items in call.json().items()
            for item in items
        )
        return {"dump": stage.dump(), "applied": applied, "violations": stage.violations}


class Service:
    """One served stand-in, seen from the trial."""

    def __init__(self, child: int, port: int, hold: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._child = child
        self._hold = hold

    def state(self) -> dict[str, Any]:
        """The account and what was done to it."""
        found = self.ask("state")
        assert isinstance(found, dict)
        return found

    def ask(self, order: str) -> Any:
        """`state`; `hold`: answer nobody until `release`."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2 * _PATIENCE_S)
        try:
            connection.request("GET", f"/trial/{order}")
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def stop(self) -> None:
        """End the process."""
        os.close(self._hold)
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)


@contextmanager
def served(plan: Plan, home: Path) -> Iterator[Service]:
    """The stand-in of `plan` over the account in `home`."""
    told, tells = os.pipe()
    held, hold = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        os.close(hold)
        _serve(plan, home, tells, held)
    os.close(tells)
    os.close(held)
    with os.fdopen(told) as stream:
        service = Service(child, int(stream.readline()), hold)
    try:
        yield service
    finally:
        service.stop()


def _serve(plan: Plan, home: Path, tells: int, held: int) -> None:
    try:
        clock = TickingClock() if plan.is_timed else FakeClock(START + timedelta(hours=1))
        settings = replace(plan.sandbox, database=home / ACCOUNT, enforce_limits=plan.is_timed)
        app = create_app(settings, clock=clock, faults=plan.faults)
        app.wsgi_app = _Front(app, clock)  # type: ignore[method-assign]
        server = serve(app)
        os.write(tells, f"{server.port}\n".encode())
        os.close(tells)
        os.read(held, 1)  # ends when the trial does, however it does
    except BaseException:  # noqa: BLE001 - a child never returns into what its parent does
        traceback.print_exc()
    finally:
        os._exit(0)
