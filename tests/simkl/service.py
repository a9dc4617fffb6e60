"""A service of one function: what the client's tests talk to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from importer.simkl.client import Credentials, SimklClient
from importer.vocabulary.sends import Section, Send
from tests.clock import FakeClock

TOKEN = "simkl_at_CANARYcanaryCANARY"
CREDENTIALS = Credentials(client_id="client-canary", access_token=TOKEN)
Handler = Callable[[httpx.Request], httpx.Response]


def client_for(handler: Handler, clock: FakeClock | None = None, **options: Any) -> SimklClient:
    """A client whose every request is answered by `handler`; jitter stands still at its middle."""
    options.setdefault("random", lambda: 0.5)
    return SimklClient(CREDENTIALS, clock=clock or FakeClock(), transport=httpx.MockTransport(handler), **options)


def always(
    status: int, json: Any = None, *, text: str | None = None, headers: Mapping[str, str] | None = None
) -> Handler:
    """A service that always says the same."""

    def handler(request: httpx.Request) -> httpx.Response:
        if text is not None:
            return httpx.Response(status, text=text, headers=headers)
        return httpx.Response(status, json=json, headers=headers)

    return handler


def failing(error: Exception) -> Handler:
    """A service that is never heard of: every request ends in `error`."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


def movie(rating: int = 8, **rest: Any) -> Send:
    """A send of a movie, by default The Truman Show."""
    return Send(Section.MOVIES, {"rating": rating, **(rest or {"ids": {"imdb": "tt0120382"}})})


def show(rating: int = 8, **rest: Any) -> Send:
    """A send of a show."""
    return Send(Section.SHOWS, {"rating": rating, **rest})


def anime(rating: int = 8, **rest: Any) -> Send:
    """A send of an anime."""
    return Send(Section.ANIME, {"rating": rating, **rest})


def status_of(echo: Any, **response: Any) -> dict[str, Any]:
    """An entry of `added.statuses[]`."""
    return {"request": echo, "response": {"status": "completed", **response}}


def reply_of(*statuses: Any, movies: Any = (), shows: Any = ()) -> dict[str, Any]:
    """A reply to a POST of ratings."""
    return {
        "added": {"movies": 0, "shows": 0, "statuses": list(statuses)},
        "not_found": {"movies": list(movies), "shows": list(shows)},
    }
