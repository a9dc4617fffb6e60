"""One POST: its turn, its mark in the journal, its bytes."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from importer.simkl.client import SimklClient
from importer.vocabulary.errors import RateportError
from importer.vocabulary.sends import Section, Send
from tests.clock import START, FakeClock
from tests.simkl.service import CREDENTIALS, always, anime, client_for, failing, movie, reply_of, show


def sent_body(sends: list[Send]) -> Any:
    """The JSON that goes out for `sends`."""
    bodies = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(201, json=reply_of())

    client_for(handler).post_ratings(sends)
    return bodies[0]


def test_each_item_goes_out_as_it_stands_in_its_array() -> None:
    """Field by field, numbers as numbers, non-ASCII titles whole."""
    sends = [
        movie(
            8, title="Amélie", year=2001, ids={"imdb": "tt0211915", "tmdb": 194}, rated_at="2019-05-04T10:00:00Z"
        ),
        show(9, ids={"tmdb": 1399}),
        anime(10, ids={"mal": 11757, "animeplanet": "sword-art-online"}),
        movie(1, title="Solaris", year=1972),
    ]
    assert sent_body(sends) == {
        "movies": [
            {
                "title": "Amélie",
                "year": 2001,
                "ids": {"imdb": "tt0211915", "tmdb": 194},
                "rating": 8,
                "rated_at": "2019-05-04T10:00:00Z",
            },
            {"title": "Solaris", "year": 1972, "rating": 1},
        ],
        "shows": [{"ids": {"tmdb": 1399}, "rating": 9}],
        "anime": [{"ids": {"mal": 11757, "animeplanet": "sword-art-online"}, "rating": 10}],
    }


def test_arrays_without_items_are_left_out() -> None:
    """Only what is sent is named."""
    assert list(sent_body([anime(7, ids={"mal": 1})])) == ["anime"]


@pytest.mark.parametrize(
    "item",
    [
        {"rating": 0, "ids": {"tmdb": 1}},
        {"rating": 11, "ids": {"tmdb": 1}},
        {"rating": 7.5, "ids": {"tmdb": 1}},
        {"rating": "7", "ids": {"tmdb": 1}},
        {"rating": True, "ids": {"tmdb": 1}},
        {"ids": {"tmdb": 1}},
        {"rating": 7, "ids": {"tmdb": 1}, "rated_at": "2019-05-04"},
        {"rating": 7, "ids": {"tmdb": None}},
        {"rating": 7, "ids": {"tmdb": 1}, "slug": "x"},
    ],
)
def test_an_item_that_simkl_would_drop_in_silence_never_goes_out(item: dict[str, Any]) -> None:
    """Out-of-range ratings come back like unknown titles, so they are stopped here, before the journal's mark."""
    marks: list[int] = []
    client = client_for(always(201, reply_of()), on_post=lambda: marks.append(1))
    with pytest.raises(ValidationError):
        client.post_ratings([Send(Section.MOVIES, item)])
    assert (client.requests.post, marks) == (0, [])


def test_the_mark_is_written_after_the_wait_and_before_the_request() -> None:
    """The journal must know of the POST before the service does, and at the moment it really starts."""
    clock = FakeClock()
    events: list[tuple[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        events.append(("request", round(clock.steady(), 6)))
        clock.advance(3.0)
        return httpx.Response(201, json=reply_of())

    client = client_for(handler, clock, on_post=lambda: events.append(("mark", round(clock.steady(), 6))))
    client.post_ratings([movie()])
    client.post_ratings([movie()])
    assert events == [("mark", 0.0), ("request", 0.0), ("mark", 4.1), ("request", 4.1)]


def test_a_mark_that_fails_stops_the_request() -> None:
    """What the journal does not know of is not sent."""

    def on_post() -> None:
        raise RateportError("disk full")

    client = client_for(always(201, reply_of()), on_post=on_post)
    with pytest.raises(RateportError, match="disk full"):
        client.post_ratings([movie()])
    assert client.requests.post == 0


@pytest.mark.parametrize(("ago_s", "start_s"), [(0.4, 2.7), (5.0, 0.0), (-7200.0, 3.1)])
def test_the_first_post_keeps_the_gap_to_the_last_run(ago_s: float, start_s: float) -> None:
    """Running again right after a kill does not break the limit, though the POST may have arrived late; a clock
    set back costs no more."""
    clock = FakeClock()
    client = client_for(always(201, reply_of()), clock, last_post_at=START - timedelta(seconds=ago_s))
    client.post_ratings([movie()])
    assert clock.steady() == pytest.approx(start_s)


def test_reads_and_writes_do_not_wait_for_each_other() -> None:
    """Simkl counts them apart, ten reads and one write a second."""
    clock = FakeClock()
    client = client_for(
        lambda request: httpx.Response(200, json=reply_of() if request.method == "POST" else {}), clock
    )
    client.post_ratings([movie()])
    for section in Section:
        client.read_ratings(section)
    assert clock.steady() == pytest.approx(0.22)
    client.post_ratings([movie()])
    assert clock.steady() == pytest.approx(1.1)
    assert (client.requests.get, client.requests.post) == (3, 2)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([201, 400, 409, 429, 500, None]), st.floats(0, 3), st.floats(0, 3)), max_size=40
    )
)
def test_no_two_posts_start_within_a_second(turns: list[tuple[int | None, float, float]]) -> None:
    """Whatever the replies are and however long they and the rest take, failures and cuts included."""
    clock = FakeClock()
    starts: list[float] = []
    now: dict[str, Any] = {}

    def handler(request: httpx.Request) -> httpx.Response:
        starts.append(clock.steady())
        clock.advance(now["reply_s"])
        if now["status"] is None:
            raise httpx.ReadError("cut")
        return httpx.Response(now["status"], json=reply_of())

    client = client_for(handler, clock)
    for status, reply_s, other_s in turns:
        now.update(status=status, reply_s=reply_s)
        client.post_ratings([movie()])
        clock.advance(other_s)
    assert all(later - earlier > 1.0 for earlier, later in pairwise(starts))


def test_an_interrupted_post_still_closes_the_gate() -> None:
    """Ctrl-C in flight leaves a client that keeps its pace."""
    clock = FakeClock()
    client = client_for(failing(KeyboardInterrupt()), clock)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            client.post_ratings([movie()])
    assert clock.sleeps == [pytest.approx(1.1)]


def test_a_wsgi_application_can_stand_in_for_the_service() -> None:
    """The sandbox is reached without a socket."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        sent = json.loads(environ["wsgi.input"].read())
        start_response("201 Created", [("Content-Type", "application/json")])
        return [json.dumps(reply_of({"request": sent["movies"][0], "response": {}})).encode()]

    with SimklClient(CREDENTIALS, clock=FakeClock(), wsgi_app=app) as client:
        answer = client.post_ratings([movie()])
    assert getattr(answer, "verdicts", None) == {movie().key: "accepted"}
