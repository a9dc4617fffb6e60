"""Sign-in of the second generation (simkl-api.md 2.2, 2.3, 14.7 and 14.8)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox.faults import Fault, FaultKind
from tests.sandbox.calling import IDENTITY, Caller
from tests.sandbox.signing_in import BOTH, NAMED, device, form, poll, refresh, signed_in, works

PENDING = (400, "authorization_pending")


@pytest.fixture
def caller() -> Caller:
    """A stand-in that takes only tokens it has issued."""
    return Caller(only_issued_tokens=True)


def outcome(response: Any) -> tuple[int, str]:
    """Status and error of an answer in the words of RFC 6749."""
    assert set(response.json) == {"error", "error_description"}
    return response.status_code, response.json["error"]


def test_a_new_code(caller: Caller) -> None:
    """To show, where to type it in, and a secret to poll with."""
    asked = device(caller)
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", asked["user_code"])
    assert len(asked.pop("device_code")) == 43
    assert asked == {
        "user_code": asked["user_code"],
        "verification_uri": "http://localhost/pin",
        "verification_uri_complete": f"http://localhost/pin?user_code={asked['user_code']}",
        "expires_in": 900,
        "interval": 5,
    }


def test_the_way_in(caller: Caller) -> None:
    """Pending until the person agrees, then tokens, once."""
    asked = device(caller)
    assert [outcome(poll(caller, asked)) for _ in range(3)] == [PENDING] * 3
    caller.stage.approve(asked["user_code"].lower().replace("-", " "))
    tokens = poll(caller, asked).json
    assert re.fullmatch(r"simkl_at_[A-Za-z0-9]{34}", tokens["access_token"])
    assert re.fullmatch(r"simkl_rt_[A-Za-z0-9]{34}", tokens["refresh_token"])
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 604800, BOTH)
    assert outcome(poll(caller, asked)) == (400, "invalid_grant")
    assert works(caller, tokens["access_token"]) == (200, "")
    assert caller.stage.violations == []


def test_polling_too_early_costs_more_each_time(caller: Caller) -> None:
    """Five seconds more from then on, counted from the last poll."""
    asked = device(caller)
    assert outcome(poll(caller, asked, after_s=1.1)) == PENDING
    assert outcome(poll(caller, asked, after_s=4.8)) == (400, "slow_down")
    assert outcome(poll(caller, asked, after_s=9.8)) == (400, "slow_down")
    caller.stage.approve(asked["user_code"])
    assert outcome(poll(caller, asked, after_s=14.8)) == (400, "slow_down")
    assert poll(caller, asked, after_s=20).status_code == 200


def test_a_code_that_is_too_old(caller: Caller) -> None:
    """After fifteen minutes, approved or not; nobody can approve it any more."""
    asked = device(caller)
    assert outcome(poll(caller, asked, after_s=899)) == PENDING
    caller.clock.advance(1)
    with pytest.raises(LookupError, match="no app waits"):
        caller.stage.approve(asked["user_code"])
    assert outcome(poll(caller, asked)) == (400, "expired_token")


@pytest.mark.parametrize(("told", "error"), [(False, "authorization_pending"), (True, "access_denied")])
def test_a_refusal(told: bool, error: str) -> None:
    """The notes disagree on whether the app hears of it; either way it gets nothing."""
    caller = Caller(refusal_is_told=told)
    asked = device(caller)
    caller.stage.refuse(asked["user_code"])
    assert [outcome(poll(caller, asked)) for _ in range(2)] == [(400, error)] * 2
    with pytest.raises(LookupError):
        caller.stage.approve(asked["user_code"])
    caller.clock.advance(900)
    assert outcome(poll(caller, asked)) == (400, "expired_token")


def test_codes_can_approve_themselves() -> None:
    """For a demo that nobody watches."""
    caller = Caller(auto_approve=True, only_issued_tokens=True)
    assert works(caller, poll(caller, device(caller)).json["access_token"]) == (200, "")


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (BOTH, BOTH),
        ("media:write media:read", BOTH),
        ("", "media:read"),
        ("media:wirte", "media:read"),
        ("media:read media:wirte", "media:read"),
        ("media:read,media:write", "media:read"),
        ("public", "media:read"),
    ],
)
def test_a_scope_that_is_misspelt(caller: Caller, asked: str, granted: str) -> None:
    """Silently falls away; a token that may only read says so when it writes."""
    tokens = signed_in(caller, scope=asked)
    assert tokens["scope"] == granted
    response = caller.call("POST", "/sync/history", token=tokens["access_token"], json={})
    assert response.status_code == (201 if granted == BOTH else 403)


def test_a_scope_that_is_missing(caller: Caller) -> None:
    """Means the same."""
    asked = form(caller, "/oauth2/device").json
    caller.stage.approve(asked["user_code"])
    assert poll(caller, asked).json["scope"] == "media:read"


def test_a_refresh(caller: Caller) -> None:
    """Kills the old access token at once and keeps the refresh token."""
    first = signed_in(caller)
    second = refresh(caller, first["refresh_token"]).json
    assert second["refresh_token"] == first["refresh_token"]
    assert (second["expires_in"], second["scope"]) == (604800, BOTH)
    assert works(caller, first["access_token"]) == (401, "user_token_failed")
    assert works(caller, second["access_token"]) == (200, "")


def test_an_access_token_ends_after_a_week(caller: Caller) -> None:
    """The refresh token does not."""
    tokens = signed_in(caller)
    caller.clock.advance(604_798)
    assert works(caller, tokens["access_token"])[0] == 200
    assert works(caller, tokens["access_token"]) == (401, "user_token_failed")
    assert refresh(caller, tokens["refresh_token"]).status_code == 200


def test_a_refresh_token_ends_half_a_year_after_its_last_use(caller: Caller) -> None:
    """Each use begins that time anew."""
    token = signed_in(caller)["refresh_token"]
    for _ in range(3):
        caller.clock.advance(179 * 86400)
        assert refresh(caller, token).status_code == 200
    caller.clock.advance(180 * 86400)
    assert outcome(refresh(caller, token)) == (400, "invalid_grant")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking(caller: Caller, which: str) -> None:
    """Either token ends the grant; the answer is the same for tokens that never were."""
    tokens, others = signed_in(caller), signed_in(caller)
    for _ in range(2):
        assert form(caller, "/oauth2/revoke", token=tokens[which]).status_code == 200
    assert form(caller, "/oauth2/revoke", token="nothing").status_code == 200
    assert form(caller, "/oauth2/revoke", "somebody", token=others[which]).status_code == 200
    assert form(caller, "/oauth2/revoke", "v1-app").status_code == 200
    assert works(caller, tokens["access_token"]) == (401, "user_token_failed")
    assert outcome(refresh(caller, tokens["refresh_token"])) == (400, "invalid_grant")
    assert works(caller, others["access_token"]) == (200, "")


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "simkl_rt_x"}, 400, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "invalid_request"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"}, 400, "invalid_grant"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"client_id": "v1-app"}, 401, "invalid_client"),
    ],
)
def test_what_the_token_endpoint_refuses(caller: Caller, fields: Any, status: int, error: str) -> None:
    """In the words of RFC 6749, without a code."""
    assert outcome(form(caller, "/oauth2/token", **fields)) == (status, error)


def test_only_registered_apps_may_ask() -> None:
    """And they say who they are in the form, not in the query."""
    caller = Caller(client_ids=frozenset({"app"}))
    assert outcome(form(caller, "/oauth2/device", "other")) == (401, "invalid_client")
    assert outcome(caller.call("POST", "/oauth2/device", params=IDENTITY, token=None, data={"scope": BOTH})) == (
        401,
        "invalid_client",
    )
    assert outcome(caller.call("POST", "/oauth2/device", token=None, json={"client_id": "app"})) == (
        400,
        "invalid_request",
    )
    assert form(caller, "/oauth2/device", "app").status_code == 200


def test_codes_and_tokens_belong_to_their_app(caller: Caller) -> None:
    """Another app can do nothing with them."""
    asked = device(caller)
    caller.stage.approve(asked["user_code"])
    assert outcome(poll(caller, asked, "other")) == (400, "invalid_grant")
    tokens = poll(caller, asked).json
    assert outcome(refresh(caller, tokens["refresh_token"], "other")) == (400, "invalid_grant")
    assert works(caller, tokens["access_token"], "other") == (401, "user_token_failed")
    assert caller.stage.violations == ["call 5 GET /sync/activities: the token of another app"]
    assert works(caller, tokens["access_token"]) == (200, "")


def test_a_token_used_by_an_app_of_the_first_generation(caller: Caller) -> None:
    """Is revoked on the spot."""
    tokens = signed_in(caller)
    assert works(caller, tokens["access_token"], "v1-app") == (401, "user_token_failed")
    assert works(caller, tokens["access_token"]) == (401, "user_token_failed")


def test_tokens_that_were_issued_are_judged_even_where_any_token_will_do() -> None:
    """Expired, replaced and read-only ones do not work in a demo either."""
    caller = Caller()
    first = signed_in(caller, scope="media:read")
    assert works(caller, "anything") == (200, "")
    assert caller.call("POST", "/sync/ratings", token=first["access_token"], json={}).status_code == 403
    refresh(caller, first["refresh_token"])
    assert works(caller, first["access_token"]) == (401, "user_token_failed")


def test_only_issued_tokens_and_those_that_were_named_work() -> None:
    """If so switched."""
    caller = Caller(only_issued_tokens=True, tokens={"preset": "media:read"})
    assert works(caller, "preset") == (200, "")
    assert works(caller, "anything") == (401, "user_token_failed")
    assert works(caller, signed_in(caller)["access_token"]) == (200, "")


def test_a_sign_in_outlives_the_stand_in(tmp_path: Path) -> None:
    """Codes, tokens and what became of them."""
    switches: Any = {"database": tmp_path / "account.sqlite", "only_issued_tokens": True}
    before = Caller(**switches)
    tokens, asked = signed_in(before), device(before)
    after = Caller(**switches)
    assert works(after, tokens["access_token"]) == (200, "")
    renewed = refresh(after, tokens["refresh_token"]).json
    assert works(before, tokens["access_token"]) == (401, "user_token_failed")
    assert works(before, renewed["access_token"]) == (200, "")
    after.stage.approve(asked["user_code"])
    assert poll(before, asked).status_code == 200


def test_the_log_keeps_no_secret(caller: Caller) -> None:
    """Only what was sent beside it."""
    tokens = signed_in(caller)
    refresh(caller, tokens["refresh_token"])
    form(caller, "/oauth2/revoke", token=tokens["refresh_token"])
    asked, polled, refreshed, revoked = caller.stage.calls
    assert asked.form() == {"client_id": "app", "scope": BOTH}
    assert polled.form()["device_code"] == "hidden"
    assert refreshed.form() == {"client_id": "app", "grant_type": "refresh_token", "refresh_token": "hidden"}
    assert revoked.form() == {"client_id": "app", "token": "hidden"}
    assert "simkl_" not in repr(caller.stage.calls)


def test_a_token_has_no_place_in_a_sign_in(caller: Caller) -> None:
    """It is noted."""
    data = {"client_id": "app", "scope": BOTH}
    assert caller.call("POST", "/oauth2/device", params=NAMED, token="t", data=data).status_code == 200
    assert caller.stage.violations == ["call 1 POST /oauth2/device: a token where none belongs"]


def test_sign_ins_are_paced_by_app(caller: Caller) -> None:
    """As calls without a token are."""
    caller.gap_s = 0.2
    device(caller, "one")
    device(caller, "two")
    assert outcome(form(caller, "/oauth2/device", "one")) == (429, "rate_limit")


def test_sign_ins_spend_no_quota() -> None:
    """They have no user yet."""
    caller = Caller(daily_quota=1)
    assert works(caller, signed_in(caller)["access_token"]) == (200, "")
    assert works(caller, "t") == (429, "user_limit_exceeded")


def test_faults_strike_sign_ins_too() -> None:
    """In the words of RFC 6749."""
    caller = Caller([Fault(kind=FaultKind.STATUS, path="/oauth2/*", status=503, error="internal")])
    assert outcome(form(caller, "/oauth2/device")) == (503, "internal")
    assert form(caller, "/oauth2/device").status_code == 200


def test_a_form_too_large_is_refused() -> None:
    """Before anybody reads it."""
    assert form(Caller(largest_body=1000), "/oauth2/token", token="x" * 2000).status_code == 413
