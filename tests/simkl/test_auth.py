"""Signing in: two generations, told apart by trying; patience, refusals, and what a grant must allow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl.auth import SignInDesk
from importer.simkl.codes import ShownCode
from importer.simkl.credentials import AppId
from importer.simkl.tokens import Generation, Grant
from importer.simkl.transport import Http
from importer.vocabulary.errors import ApiError, AuthError, Paused, RateportError
from tests.clock import FakeClock
from tests.simkl.signing import (
    ACCESS,
    CLIENT_ID,
    DEVICE,
    DEVICE_REPLY,
    FRESH,
    ORIGIN,
    PIN_REPLY,
    REFRESH,
    TOKENS,
    Script,
    says,
    scripted,
)
from tests.simkl.test_fuzz import bodies, headers

V2_GRANT = Grant(
    generation=Generation.V2,
    access_token=ACCESS,
    refresh_token=REFRESH,
    expires_at=datetime(2026, 9, 27, 12, 0, 5, tzinfo=UTC),
    scope="media:read media:write",
)
PENDING = says(400, "authorization_pending")
KO = says(200, json={"result": "KO", "message": "Authorization pending"})


def test_the_device_flow() -> None:
    """Scopes are asked for, the code is shown once, the poll keeps its pace, and no request carries a token."""
    desk, script, _, shown = scripted(says(200, json=DEVICE_REPLY), PENDING, PENDING, says(200, json=TOKENS))
    grant = desk.sign_in(shown.append)
    assert grant.access_token == ACCESS
    assert grant.expires_at == datetime(2026, 9, 27, 12, 0, 15, tzinfo=UTC)
    assert shown == [
        ShownCode("BDWP-HQPK", "https://simkl.com/pin", "https://simkl.com/pin?user_code=BDWP-HQPK", 900)
    ]
    assert script.asked == ["POST /oauth2/device"] + ["POST /oauth2/token"] * 3
    assert script.times == [0.0, 5.0, 10.0, 15.0]
    assert script.form(0) == {"client_id": CLIENT_ID, "scope": "media:read media:write"}
    assert script.form(1) == {
        "client_id": CLIENT_ID,
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": DEVICE,
    }
    for request in script.requests:
        assert "Authorization" not in request.headers
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert request.url.params["app-name"] == "rateport"
        assert DEVICE not in str(request.url)


def test_a_grant_is_what_the_reply_says() -> None:
    """Tokens, scope, and the moment at which they end."""
    desk, _, _, shown = scripted(says(200, json=DEVICE_REPLY), says(200, json=TOKENS))
    assert desk.sign_in(shown.append) == V2_GRANT


@pytest.mark.parametrize(
    "crossed", [says(401, "invalid_client"), says(400, "unauthorized_client"), says(401), says(404, "url_failed")]
)
def test_an_older_client_id_gets_the_pin_flow(crossed: httpx.Response) -> None:
    """The device endpoint says that the id is none of its own, and the PIN flow takes over."""
    done = says(200, json={"result": "OK", "access_token": "a" * 64})
    desk, script, _, shown = scripted(crossed, says(200, json=PIN_REPLY), KO, done)
    assert desk.sign_in(shown.append) == Grant(
        generation=Generation.V1, access_token="a" * 64, refresh_token=None, expires_at=None, scope="public"
    )
    assert shown == [ShownCode("ABCDE", "https://simkl.com/pin", None, 900)]
    assert script.asked == [
        "POST /oauth2/device", "GET /oauth/pin", "GET /oauth/pin/ABCDE", "GET /oauth/pin/ABCDE",
    ]  # fmt: skip
    assert script.requests[1].url.params["client_id"] == CLIENT_ID
    assert not [request for request in script.requests if "Authorization" in request.headers]


@pytest.mark.parametrize("answer", [says(400, "unauthorized_client"), says(401, "invalid_client"), says(403)])
def test_a_client_id_of_neither_generation_is_named_as_the_trouble(answer: httpx.Response) -> None:
    """Both ways refuse it, and the sentence says how to register one."""
    desk, script, _, shown = scripted(says(401, "invalid_client"), answer)
    with pytest.raises(AuthError, match="devices & command line"):
        desk.sign_in(shown.append)
    assert (len(script.requests), shown) == (2, [])


def test_a_blocked_client_id_is_not_tried_twice() -> None:
    """412 can be a block for overuse: no PIN flow after it."""
    desk, script, _, shown = scripted(says(412, "client_id_failed"))
    with pytest.raises(ApiError, match="RATEPORT_CLIENT_ID"):
        desk.sign_in(shown.append)
    assert len(script.requests) == 1


def test_slow_down_adds_five_seconds_for_good() -> None:
    """Each one, to every later wait."""
    slow = says(400, "slow_down")
    desk, script, _, shown = scripted(
        says(200, json=DEVICE_REPLY), slow, PENDING, slow, PENDING, says(200, json=TOKENS)
    )
    desk.sign_in(shown.append)
    assert script.times == [0.0, 5.0, 15.0, 25.0, 40.0, 55.0]


def test_slow_down_of_the_pin_flow() -> None:
    """There it is a message, the only sign there is."""
    slow = says(200, json={"result": "KO", "message": "Slow down"})
    done = says(200, json={"result": "OK", "access_token": "b" * 64})
    desk, script, _, shown = scripted(says(401, "invalid_client"), says(200, json=PIN_REPLY), slow, KO, done)
    desk.sign_in(shown.append)
    assert script.times == [0.0, 0.0, 5.0, 15.0, 25.0]


@pytest.mark.parametrize("pending", [PENDING, says(500), httpx.ConnectError("away"), httpx.ReadTimeout("x")])
def test_a_code_that_nobody_enters_ends_in_time(pending: httpx.Response | Exception) -> None:
    """At its own end, and faults of the network do not make it sooner or the pace faster."""
    desk, script, clock, shown = scripted(says(200, json=DEVICE_REPLY), pending)
    with pytest.raises(AuthError, match="not entered in time"):
        desk.sign_in(shown.append)
    assert len(script.requests) == 1 + 179
    assert clock.steady() == pytest.approx(895.0)


def test_a_pin_that_nobody_enters_ends_in_time() -> None:
    """The PIN flow has no word for expired, so the end is kept here."""
    desk, _, clock, shown = scripted(says(401, "invalid_client"), says(200, json=PIN_REPLY), KO)
    with pytest.raises(AuthError, match="not entered in time"):
        desk.sign_in(shown.append)
    assert clock.steady() == pytest.approx(895.0)


def test_a_fresh_code_in_a_pin_poll_means_that_the_old_one_is_gone() -> None:
    """Waiting on would never end."""
    fresh = says(200, json={**PIN_REPLY, "user_code": "FGHIJ"})
    desk, script, _, shown = scripted(says(401, "invalid_client"), says(200, json=PIN_REPLY), KO, fresh)
    with pytest.raises(AuthError, match="no longer knows the code"):
        desk.sign_in(shown.append)
    assert len(script.requests) == 4
    assert [code.user_code for code in shown] == ["ABCDE"]


@pytest.mark.parametrize(
    ("status", "error", "sentence"),
    [
        (400, "expired_token", "has expired"),
        (400, "access_denied", "was refused"),
        (403, "ACCESS_DENIED", "was refused"),
        (400, "invalid_grant", "no longer knows"),
        (401, "invalid_client", "401 invalid_client"),
        (400, "unauthorized_client", "400 unauthorized_client"),
        (418, "", r"\(418\)"),
    ],
)
def test_refusals_end_the_wait(status: int, error: str, sentence: str) -> None:
    """Each with its sentence, and none is asked for again."""
    desk, script, _, shown = scripted(says(200, json=DEVICE_REPLY), says(status, error))
    with pytest.raises(AuthError, match=sentence):
        desk.sign_in(shown.append)
    assert len(script.requests) == 2


@pytest.mark.parametrize("scope", ["media:read", "", None, "media:write", "media:readmedia:write", "public"])
def test_a_grant_that_may_not_do_all_is_refused(scope: Any) -> None:
    """Simkl gives less than was asked for without a word; the person learns it now and not in mid-import."""
    desk, _, _, shown = scripted(says(200, json=DEVICE_REPLY), says(200, json={**TOKENS, "scope": scope}))
    with pytest.raises(AuthError, match=r"granted a sign-in without media:.*allow both reading and writing"):
        desk.sign_in(shown.append)


def test_a_read_only_grant_is_called_so() -> None:
    """The likeliest case has its own words."""
    desk, _, _, shown = scripted(says(200, json=DEVICE_REPLY), says(200, json={**TOKENS, "scope": "media:read"}))
    with pytest.raises(AuthError, match="without media:write, so it may not write"):
        desk.sign_in(shown.append)


@pytest.mark.parametrize(
    ("trouble", "times"),
    [
        (says(503), [0.0, 1.1, 3.1, 7.1, 12.1]),
        (says(200), [0.0, 1.1, 3.1, 7.1, 12.1]),
        (httpx.ConnectError("away"), [0.0, 1.1, 3.1, 7.1, 12.1]),
        (says(429), [0.0, 60.0, 120.0, 180.0, 185.0]),
    ],
)
def test_a_start_outlasts_passing_trouble(trouble: httpx.Response | Exception, times: list[float]) -> None:
    """Three times, with growing waits, or the longer ones that Simkl asks for."""
    desk, script, _, shown = scripted(
        trouble, trouble, trouble, says(200, json=DEVICE_REPLY), says(200, json=TOKENS)
    )
    assert desk.sign_in(shown.append).access_token == ACCESS
    assert script.times == times


def test_a_service_that_stays_away_is_a_pause() -> None:
    """Nothing is wrong with the person's doing."""
    desk, script, _, shown = scripted(httpx.ConnectError("[Errno 111] Connection refused"))
    with pytest.raises(Paused, match="Connection refused"):
        desk.sign_in(shown.append)
    assert len(script.requests) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"user_code": ""},
        {"user_code": "AB\x1b[31m"},
        {"user_code": "../settings"},
        {"device_code": ""},
        {"device_code": 7},
        {"verification_uri": ""},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://simkl.com/pin"},
        {"verification_uri": "https://simkl.com/\x1b[31m"},
        {"verification_uri": "//[bad"},
    ],
)
def test_a_code_that_cannot_be_shown_safely_is_not_shown(change: dict[str, Any]) -> None:
    """Neither odd characters nor odd links reach the terminal."""
    desk, _, _, shown = scripted(says(200, json={**DEVICE_REPLY, **change}))
    with pytest.raises(ApiError, match="form that rateport does not know"):
        desk.sign_in(shown.append)
    assert shown == []


@pytest.mark.parametrize("complete", [None, "", "ftp://simkl.com", "https://simkl.com/ x"])
def test_an_odd_complete_link_is_left_out(complete: Any) -> None:
    """The plain one will do."""
    start = says(200, json={**DEVICE_REPLY, "verification_uri_complete": complete})
    desk, _, _, shown = scripted(start, says(200, json=TOKENS))
    desk.sign_in(shown.append)
    assert shown[0].complete_link is None


def test_a_start_that_leaves_out_its_numbers_gets_the_documented_ones() -> None:
    """Fifteen minutes, every five seconds."""
    start = {name: DEVICE_REPLY[name] for name in ("device_code", "user_code", "verification_uri")}
    desk, script, _, shown = scripted(says(200, json=start), says(200, json=TOKENS))
    desk.sign_in(shown.append)
    assert (script.times, shown[0].expires_in_s) == ([0.0, 5.0], 900)


@pytest.mark.parametrize("token", ["", "with space", "line\nbreak", 7, None, "x" * 5000])
def test_a_token_that_cannot_travel_is_none(token: Any) -> None:
    """It would break every later request."""
    desk, _, _, shown = scripted(says(200, json=DEVICE_REPLY), says(200, json={**TOKENS, "access_token": token}))
    with pytest.raises(ApiError):
        desk.sign_in(shown.append)


def test_renewing() -> None:
    """The refresh token goes in the form; the one that comes back, if any, is taken on."""
    desk, script, _, _ = scripted(says(200, json={**TOKENS, "access_token": FRESH}))
    grant = desk.renew(REFRESH)
    assert (grant.access_token, grant.refresh_token) == (FRESH, REFRESH)
    assert script.form(0) == {"client_id": CLIENT_ID, "grant_type": "refresh_token", "refresh_token": REFRESH}
    assert script.asked == ["POST /oauth2/token"]
    assert "Authorization" not in script.requests[0].headers


def test_renewing_may_leave_scope_and_refresh_token_out() -> None:
    """What is not said has not changed."""
    desk, _, _, _ = scripted(says(200, json={"access_token": FRESH, "expires_in": 604800}))
    grant = desk.renew(REFRESH)
    assert (grant.access_token, grant.refresh_token, grant.scope) == (FRESH, None, "")


@pytest.mark.parametrize(
    ("reply", "kind", "sentence"),
    [
        (says(400, "invalid_grant"), AuthError, "has ended at Simkl.*Sign in again"),
        (says(401, "invalid_client"), AuthError, "kept as it is.*RATEPORT_CLIENT_ID"),
        (says(400, "invalid_request"), AuthError, "kept as it is"),
        (says(429, "rate_limit"), Paused, "kept as it is"),
        (says(429, "user_limit_exceeded"), Paused, "kept as it is"),
        (says(500), Paused, "kept as it is"),
        (httpx.ReadTimeout("x"), Paused, "kept as it is"),
        (says(412, "client_id_failed"), ApiError, "RATEPORT_CLIENT_ID"),
        (says(200, json={**TOKENS, "scope": "media:read"}), AuthError, "may not write"),
    ],
)
def test_a_renewal_that_fails_says_what_became_of_the_sign_in(
    reply: httpx.Response | Exception, kind: type[Exception], sentence: str
) -> None:
    """Only invalid_grant ends it; the rest says nothing about the token."""
    desk, _, _, _ = scripted(reply)
    with pytest.raises(kind, match=sentence):
        desk.renew(REFRESH)


@pytest.mark.parametrize(
    ("reply", "arrived"),
    [
        (says(200, json={}), True),
        (says(401, "invalid_client"), False),
        (says(412), False),
        (says(500), False),
        (httpx.ConnectError("away"), False),
    ],
)
def test_revoking_says_whether_the_request_arrived(reply: httpx.Response | Exception, arrived: bool) -> None:
    """And never fails a sign-out."""
    desk, script, _, _ = scripted(reply)
    assert desk.revoke(REFRESH) is arrived
    assert script.form(0) == {"client_id": CLIENT_ID, "token": REFRESH}


def test_posts_of_the_desk_keep_the_gap() -> None:
    """Token calls are POSTs too."""
    desk, script, _, _ = scripted(says(200, json=TOKENS))
    desk.renew(REFRESH)
    desk.renew(REFRESH)
    assert script.times == [0.0, 1.1]


def _headers(found: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Without a packing, which a made-up body does not have."""
    return [(name.encode(), value.encode("latin-1")) for name, value in found.items() if name != "Content-Encoding"]


@given(st.lists(st.tuples(st.integers(100, 999), headers, bodies), min_size=1, max_size=4))
def test_no_reply_breaks_the_sign_in(replies: list[tuple[int, dict[str, str], bytes]]) -> None:
    """Whatever comes back ends in a grant or in a sentence, within the life of a code."""
    odd = [httpx.Response(status, headers=_headers(found), content=body) for status, found, body in replies]
    desk, _, clock, shown = scripted(says(200, json=DEVICE_REPLY), *odd)
    try:
        grant = desk.sign_in(shown.append)
    except RateportError as error:
        assert str(error).isprintable()
    else:
        assert grant.access_token
    assert clock.steady() < 1000


@pytest.mark.promise("P4")
def test_a_process_before_is_reckoned_with() -> None:
    """Signing in right after signing out: those are POSTs of one app, and keep the gap."""
    clock = FakeClock()
    script = Script(clock, says(200, json={}))
    http = Http(AppId(CLIENT_ID), ORIGIN, clock, httpx.MockTransport(script))
    assert SignInDesk(http, clock, last_post_at=clock.now()).revoke(REFRESH)
    assert script.times == [1.1]
