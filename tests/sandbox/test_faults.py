"""Every kind of scripted fault, in process (simkl-api.md 14.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from importer.sandbox.faults import FOREVER, ConnectionCut, Fault, FaultKind, ReplyTimeout, poisoned
from tests.sandbox.calling import Caller

MATRIX: dict[str, Any] = {"rating": 8, "ids": {"tmdb": 603}}
WIRE: dict[str, Any] = {"rating": 9, "ids": {"tmdb": 1438}}
BODY = {"movies": [MATRIX], "shows": [WIRE]}


def outcome(caller: Caller, method: str = "POST", path: str = "/sync/ratings", body: Any = BODY) -> int:
    """The status of one call."""
    return caller.call(method, path, json=body if method == "POST" else None).status_code


@pytest.mark.parametrize(
    ("status", "error", "headers"),
    [
        (400, "rate_limit", {}),
        (401, "user_token_failed", {}),
        (412, "client_id_failed", {}),
        (413, "too_large", {}),
        (429, "rate_limit", {"Retry-After": "61200"}),
        (500, "internal", {}),
        (502, "internal", {}),
        (503, "internal", {"Retry-After": "7"}),
        (520, "internal", {}),
        (200, "premium_only", {}),
        (302, "moved", {"Location": "http://127.0.0.1:1/"}),
    ],
)
@pytest.mark.parametrize("applied", [False, True])
def test_a_status(status: int, error: str, headers: dict[str, str], applied: bool) -> None:
    """With an error id and headers; the write is carried out or not, as scripted."""
    fault = Fault(kind=FaultKind.STATUS, status=status, error=error, headers=headers, applied=applied)
    caller = Caller([fault])
    response = caller.call("POST", "/sync/ratings", json=BODY)
    assert response.status_code == status
    assert (response.json["error"], response.json["code"]) == (error, status)
    assert {name: response.headers[name] for name in headers} == headers
    assert len(caller.stage.library()) == (2 if applied else 0)
    assert caller.stage.calls[0].fault == "status"
    assert outcome(caller) == 201


def test_which_call_is_hit() -> None:
    """The n-th that matches, and as many after it as scripted."""
    caller = Caller([Fault(kind=FaultKind.STATUS, status=502, at=2, repeat=2)])
    assert outcome(caller, "GET") == 200
    assert outcome(caller, path="/sync/ratings/remove") == 201
    assert [outcome(caller) for _ in range(4)] == [201, 502, 502, 201]


def test_calls_by_method_and_beginning_of_the_path() -> None:
    """A star at the end of the path, a star for the method; the first scripted fault goes first."""
    caller = Caller(
        [
            Fault(kind=FaultKind.STATUS, status=500, method="GET", path="/sync/ratings/*", at=2),
            Fault(kind=FaultKind.STATUS, status=503, method="*", path="/sync/*", at=3, repeat=FOREVER),
        ]
    )
    got = [outcome(caller, "GET", f"/sync/ratings/{word}/1") for word in ("movies", "shows", "anime")]
    assert got == [200, 500, 503]
    assert outcome(caller) == 503
    assert outcome(caller, "GET", "/users/settings") == 200


def test_a_fault_scripted_later_counts_from_then() -> None:
    """Between two calls of a test."""
    caller = Caller()
    assert outcome(caller) == 201
    caller.stage.faults.add(Fault(kind=FaultKind.STATUS, status=500))
    assert [outcome(caller), outcome(caller)] == [500, 201]


def test_an_edge_page() -> None:
    """HTML with status 200, nothing applied."""
    caller = Caller([Fault(kind=FaultKind.HTML)])
    response = caller.call("POST", "/sync/ratings", json=BODY)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert response.text.startswith("<!DOCTYPE html>")
    assert caller.stage.library() == []


@pytest.mark.parametrize("applied", [False, True])
def test_an_empty_answer(applied: bool) -> None:
    """Status 200 and no body."""
    caller = Caller([Fault(kind=FaultKind.EMPTY, applied=applied)])
    response = caller.call("POST", "/sync/ratings", json=BODY)
    assert (response.status_code, response.data) == (200, b"")
    assert len(caller.stage.library()) == (2 if applied else 0)


def test_a_truncated_answer() -> None:
    """Half of the true one, which was applied."""
    caller = Caller([Fault(kind=FaultKind.TRUNCATED)])
    response = caller.call("POST", "/sync/ratings", json=BODY)
    assert response.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.data)
    assert len(caller.stage.library()) == 2


@pytest.mark.parametrize("applied", [False, True])
def test_a_cut_connection(applied: bool) -> None:
    """Before or after the write took place; either way there is no answer."""
    caller = Caller([Fault(kind=FaultKind.CUT, applied=applied)])
    with pytest.raises(ConnectionCut) as raised:
        outcome(caller)
    assert isinstance(raised.value, ConnectionResetError)
    assert len(caller.stage.library()) == (2 if applied else 0)
    assert caller.stage.calls[0].status is None
    assert outcome(caller) == 201


@pytest.mark.parametrize("applied", [False, True])
def test_an_answer_that_never_comes(applied: bool) -> None:
    """The time passes on the clock of the stand-in."""
    caller = Caller([Fault(kind=FaultKind.TIMEOUT, seconds=60, applied=applied)])
    with pytest.raises(ReplyTimeout) as raised:
        outcome(caller)
    assert isinstance(raised.value, TimeoutError)
    assert caller.clock.sleeps == [60]
    assert len(caller.stage.library()) == (2 if applied else 0)
    assert outcome(caller) == 201


def test_a_slow_answer() -> None:
    """The true one, late."""
    caller = Caller([Fault(kind=FaultKind.SLOW, seconds=12.5)])
    assert caller.rate("movies", MATRIX)["added"]["movies"] == 1
    assert caller.clock.sleeps == [12.5]


@pytest.mark.parametrize(
    ("kind", "echoes", "counts", "not_found"),
    [
        (FaultKind.DUPLICATED, [MATRIX, MATRIX, WIRE, WIRE], (1, 1), []),
        (FaultKind.MISSING, [WIRE], (1, 1), []),
        (FaultKind.CONTRADICTED, [MATRIX, WIRE], (1, 1), [MATRIX]),
        (FaultKind.WITHOUT_IDS, [{"rating": 8}, {"rating": 9}], (1, 1), []),
        (FaultKind.WRONG_COUNTS, [MATRIX, WIRE], (2, 0), []),
    ],
)
def test_an_answer_that_says_something_else(
    kind: FaultKind, echoes: list[Any], counts: tuple[int, int], not_found: list[Any]
) -> None:
    """All of it was applied all the same."""
    caller = Caller([Fault(kind=kind)])
    reply = caller.post("/sync/ratings", BODY)
    assert [entry["request"] for entry in reply["added"]["statuses"]] == echoes
    assert (reply["added"]["movies"], reply["added"]["shows"]) == counts
    assert reply["not_found"]["movies"] == not_found
    assert len(caller.stage.library()) == 2


def test_a_distortion_leaves_other_answers_alone() -> None:
    """There is nothing in them to distort."""
    caller = Caller([Fault(kind=FaultKind.MISSING, method="GET")])
    assert caller.get("/sync/ratings") == {}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("603", MATRIX),
        ("tt0133093", {"rating": 8, "ids": {"imdb": "tt0133093"}}),
        ("Amélie", {"rating": 8, "title": "Amélie", "year": 2001}),
    ],
)
def test_a_poisoned_row(text: str, item: Any) -> None:
    """Whatever batch it travels in fails as a whole, the others pass."""
    caller = Caller([poisoned(text, 400, "wrong_parameter")])
    near = {"rating": 6, "ids": {"tmdb": 6034, "imdb": "tt01330931"}, "title": "Amélie et Paul", "year": 2001}
    assert outcome(caller, body={"movies": [near, item]}) == 400
    assert caller.stage.library() == []
    assert outcome(caller, body={"movies": [near]}) == 201
    assert [outcome(caller, body={"movies": [item]}) for _ in range(3)] == [400, 400, 400]
    assert outcome(caller, body={"shows": [WIRE]}) == 201


def test_a_body_that_is_too_large() -> None:
    """413 from the edge, so that a client learns to send less."""
    caller = Caller(largest_body=200)
    items = [{"rating": 8, "ids": {"tmdb": number}} for number in range(1, 21)]
    assert outcome(caller, body={"movies": items}) == 413
    assert outcome(caller, body={"movies": items[:4]}) == 201
    assert len(caller.stage.library()) == 4
