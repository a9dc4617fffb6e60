"""Who may call what, and what is noted about callers (simkl-api.md 1, 2.7, 9 and 14.2, 14.3, 14.8, 14.22)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import IDENTITY, Caller

WRITES = ["/sync/ratings", "/sync/ratings/remove", "/sync/history", "/sync/history/remove", "/sync/add-to-list"]


@pytest.mark.parametrize("params", [{}, {"client_id": ""}, {"client_id": "other"}])
def test_a_call_must_name_its_app(params: dict[str, str]) -> None:
    """With one that is registered."""
    response = Caller(client_ids=frozenset({"app"})).call("GET", "/sync/activities", params=params)
    assert response.status_code == 412
    assert (response.json["error"], response.json["code"]) == ("client_id_failed", 412)


def test_the_app_may_stand_in_a_header() -> None:
    """Instead of in the query."""
    caller = Caller(client_ids=frozenset({"app"}))
    response = caller.call("GET", "/sync/activities", params={}, headers={"simkl-api-key": "app"})
    assert response.status_code == 200


def test_a_call_must_carry_a_token() -> None:
    """The answer says how to carry it."""
    response = Caller().call("GET", "/sync/activities", token=None)
    assert (response.status_code, response.json["error"]) == (401, "user_token_required")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api.simkl.com"'


def test_a_token_must_be_known() -> None:
    """If tokens are named at all."""
    caller = Caller(tokens={"good": "media:read media:write"})
    assert caller.call("GET", "/sync/activities", token="good").status_code == 200
    response = caller.call("GET", "/sync/activities", token="bad")
    assert (response.status_code, response.json["error"]) == (401, "user_token_failed")
    assert "WWW-Authenticate" in response.headers


@pytest.mark.parametrize("path", [*WRITES, "/sync/ratings/"])
def test_a_token_that_may_only_read(path: str) -> None:
    """Reads, and is refused for every write."""
    caller = Caller(tokens={"reader": "media:read"})
    assert caller.call("GET", "/sync/ratings", token="reader").status_code == 200
    response = caller.call("POST", path, token="reader", json={})
    assert (response.status_code, response.json["error"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("scope", ["media:read media:write", "media:write", "public"])
def test_scopes_that_may_write(scope: str) -> None:
    """Of both generations."""
    assert (
        Caller(tokens={"writer": scope}).call("POST", "/sync/ratings", token="writer", json={}).status_code == 201
    )


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/sync/nothing"), ("DELETE", "/sync/ratings"), ("POST", "/sync/activities")]
)
def test_a_call_that_is_not_listed(method: str, path: str) -> None:
    """It is refused and noted."""
    caller = Caller()
    response = caller.call(method, path)
    assert (response.status_code, response.json["error"]) == (404, "url_failed")
    assert caller.stage.violations == [f"call 1 {method} {path}: no such call"]


def test_messages_vary() -> None:
    """Nobody can come to parse them; error and code stay the same."""
    caller = Caller()
    bodies = [caller.call("GET", "/sync/nothing").json for _ in range(4)]
    assert {(body["error"], body["code"]) for body in bodies} == {("url_failed", 404)}
    assert len({body["message"] for body in bodies}) == 4


@pytest.mark.parametrize(
    ("options", "violation"),
    [
        ({"params": {"client_id": "app", "app-version": "1"}}, "no app-name"),
        ({"params": {"client_id": "app", "app-name": "tests"}}, "no app-version"),
        ({"headers": {"User-Agent": ""}}, "no User-Agent of its own"),
        ({"headers": {"User-Agent": "python-httpx/0.28.1"}}, "no User-Agent of its own"),
    ],
)
def test_a_caller_that_does_not_say_who_it_is(options: Any, violation: str) -> None:
    """It is served and noted, or refused by a switch."""
    caller = Caller()
    assert caller.call("GET", "/sync/activities", **options).status_code == 200
    assert caller.stage.violations == [f"call 1 GET /sync/activities: {violation}"]


@pytest.mark.parametrize("missing", ["app-name", "app-version"])
def test_identification_can_be_enforced(missing: str) -> None:
    """As some clients report."""
    params = {name: value for name, value in IDENTITY.items() if name != missing}
    response = Caller(strict_identification=True).call("GET", "/sync/activities", params=params)
    assert (response.status_code, response.json["error"]) == (412, "client_id_failed")


def test_the_log_of_calls() -> None:
    """Everything a test may want to know, but no token."""
    caller = Caller()
    caller.get("/sync/ratings", date_from="2026-01-01")
    caller.post("/sync/ratings", {"movies": [{"rating": 8, "ids": {"tmdb": 603}}]})
    caller.call("GET", "/sync/activities", token=None)
    first, second, third = caller.stage.calls
    assert (first.number, first.method, first.path, first.status) == (1, "GET", "/sync/ratings", 200)
    assert first.params == {**IDENTITY, "date_from": "2026-01-01"}
    assert first.headers == {"user-agent": "tests/1"}
    assert second.json() == {"movies": [{"rating": 8, "ids": {"tmdb": 603}}]}
    assert second.arrived == 2.2
    assert second.at.isoformat() == "2026-11-23T12:00:02.200000+00:00"
    assert (second.has_token, third.has_token, third.status) == (True, False, 401)
    assert caller.stage.log.made("POST", "/sync/ratings") == (second,)
    assert caller.stage.violations == []
