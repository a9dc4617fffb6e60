"""The stand-in on loopback, called by a real HTTP client."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from flask import Flask

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import Fault, FaultKind
from importer.sandbox.serving import serve
from importer.vocabulary.errors import ConfigError
from tests.clock import FakeClock
from tests.sandbox.calling import IDENTITY, NOW

BODY = {"movies": [{"rating": 8, "ids": {"tmdb": 603}}]}


@contextmanager
def serving(*faults: Fault) -> Iterator[tuple[Flask, httpx.Client]]:
    """A served stand-in without limits, and a client for it."""
    app = create_app(SandboxSettings(enforce_limits=False), clock=FakeClock(NOW), faults=faults)
    headers = {"Authorization": "Bearer t", "User-Agent": "tests/1"}
    with serve(app) as running, httpx.Client(base_url=running.url, params=IDENTITY, headers=headers) as client:
        yield app, client


def test_a_rating_over_the_wire() -> None:
    """Posted and read back, several calls in a row."""
    with serving() as (app, client):
        posted = client.post("/sync/ratings", json=BODY)
        assert (posted.status_code, posted.json()["added"]["movies"]) == (201, 1)
        assert client.get("/sync/ratings/movies/8").json()["movies"][0]["movie"]["ids"]["tmdb"] == "603"
        assert [call.status for call in backstage_of(app).calls] == [201, 200]


def test_in_process_it_says_the_same() -> None:
    """Through httpx without a socket."""
    app = create_app()
    transport = httpx.WSGITransport(app=app)
    headers = {"Authorization": "Bearer t"}
    with httpx.Client(transport=transport, base_url="http://sandbox", params=IDENTITY, headers=headers) as client:
        assert client.post("/sync/ratings", json=BODY).json()["added"]["movies"] == 1


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.TIMEOUT])
def test_a_cut_is_a_closed_socket(kind: FaultKind, applied: bool) -> None:
    """Without a single byte of an answer; the next call is served."""
    with serving(Fault(kind=kind, applied=applied)) as (app, client):
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            client.post("/sync/ratings", json=BODY)
        assert len(backstage_of(app).library()) == int(applied)
        assert client.post("/sync/ratings", json=BODY).status_code == 201


def test_a_large_body_is_answered() -> None:
    """413 reaches the client although its body was not read."""
    app = create_app(SandboxSettings(largest_body=1000))
    with serve(app) as running, httpx.Client(base_url=running.url, params=IDENTITY) as client:
        assert client.post("/sync/ratings", content=b" " * 2_000_000).status_code == 413


def test_many_callers_at_once() -> None:
    """Reads and writes of several threads leave a whole account; colliding writes meet the lock."""
    with serving() as (app, client):

        def call(number: int) -> None:
            while client.post("/sync/ratings", json={"movies": [{"rating": 8, "ids": {"tmdb": number}}]}).is_error:
                assert client.get("/sync/ratings").status_code == 200

        threads = [threading.Thread(target=call, args=(number,)) for number in range(1, 17)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(backstage_of(app).library()) == 16
        assert {call.status for call in backstage_of(app).calls} <= {200, 201, 400}


def test_it_listens_on_this_machine_alone() -> None:
    """And on the port that was asked for."""
    with serve(create_app()) as first:
        port = first.port
        assert first.url == f"http://127.0.0.1:{port}"
    with serve(create_app(), port) as second:
        assert second.port == port


@pytest.mark.parametrize("port", [None, 70_000])
def test_a_port_that_cannot_be_had(port: int | None) -> None:
    """Is a setting to change; None stands for one that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = port or taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {number} on 127.0.0.1 cannot be used"):
            serve(create_app(), number)


def test_stopping_ends_the_wait() -> None:
    """From another thread, and twice does no harm."""
    running = serve(create_app())
    waiting = threading.Thread(target=running.wait)
    waiting.start()
    running.stop()
    running.stop()
    waiting.join(60)
    assert not waiting.is_alive()
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.url)
