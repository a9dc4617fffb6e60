"""Whatever the other side says, the client ends in an answer or in an error that tells what to do."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.simkl.client import Accepted, Busy, Refused, Unclear, Unreachable
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.simkl.service import client_for, movie, show

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
echoes = st.fixed_dictionaries({}, optional=dict.fromkeys(("ids", "rating", "title", "year", "type"), json_values))
statuses = st.lists(st.fixed_dictionaries({}, optional={"request": echoes, "response": json_values}), max_size=3)
near_replies = st.fixed_dictionaries(
    {},
    optional={
        "error": json_values,
        "added": json_values | st.fixed_dictionaries({}, optional={"statuses": statuses | json_values}),
        "not_found": json_values
        | st.dictionaries(st.sampled_from(["movies", "shows", ""]), st.lists(echoes, max_size=3)),
        "movies": json_values | st.lists(st.fixed_dictionaries({}, optional={"user_rating": json_values})),
    },
)
bodies = st.binary(max_size=200) | (json_values | near_replies).map(lambda value: json.dumps(value).encode())
headers = st.dictionaries(
    st.sampled_from(
        ["Retry-After", "Location", "Content-Type", "Content-Encoding", "Set-Cookie", "WWW-Authenticate", "Date"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
    | st.sampled_from(["gzip", "br", "deflate", "//[", "text/html; charset=odd", "9" * 400]),
    max_size=4,
)


def _odd_service(status: int, found: dict[str, str], body: bytes) -> Any:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in found.items()]
    return lambda request: httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))


@settings(max_examples=400, deadline=None)
@given(st.integers(100, 999), headers, bodies)
def test_no_reply_to_a_post_breaks_the_client(status: int, found: dict[str, str], body: bytes) -> None:
    """Whatever comes back is an answer or one of three errors that tell what to do."""
    client = client_for(_odd_service(status, found, body))
    try:
        answer = client.post_ratings([movie(), show(ids={"tmdb": 1399})])
    except (AuthError, ApiError, Paused) as error:
        assert str(error).isprintable()
    else:
        assert isinstance(answer, (Accepted, Unclear, Refused, Busy, Unreachable))


@settings(max_examples=400, deadline=None)
@given(st.integers(100, 999), headers, bodies)
def test_no_reply_to_a_read_breaks_the_client(status: int, found: dict[str, str], body: bytes) -> None:
    """Reads end in titles or in an error, within six requests and a quarter of an hour."""
    clock = FakeClock()
    client = client_for(_odd_service(status, found, body), clock)
    try:
        titles = client.read_ratings(Section.MOVIES)
    except (AuthError, ApiError, Paused) as error:
        assert str(error).isprintable()
    else:
        assert all(title.rating in range(1, 11) for title in titles)
    assert client.requests.get <= 6
    assert clock.steady() < 900
