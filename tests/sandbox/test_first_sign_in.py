"""Sign-in of the first generation (simkl-api.md 2.5 and 14.6)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sandbox.calling import IDENTITY, Caller
from tests.sandbox.signing_in import FIRST, device, pin, works

PENDING = {"result": "KO", "message": "Authorization pending"}
SLOW = {"result": "KO", "message": "Slow down"}


@pytest.fixture
def caller() -> Caller:
    """A stand-in that takes only tokens it has issued."""
    return Caller(only_issued_tokens=True)


def token_for(caller: Caller, client_id: str = "v1-app") -> str:
    """The token of an app that its person let in."""
    code = pin(caller, client_id=client_id)["user_code"]
    caller.stage.approve(code)
    return str(pin(caller, code, client_id=client_id)["access_token"])


def test_a_new_code(caller: Caller) -> None:
    """With the placeholder where a device code would stand."""
    asked = pin(caller)
    assert re.fullmatch("[A-Z]{5}", asked["user_code"])
    assert asked == {
        "result": "OK",
        "device_code": "DEVICE_CODE",
        "user_code": asked["user_code"],
        "verification_uri": "http://localhost/pin",
        "verification_url": "http://localhost/pin",
        "expires_in": 900,
        "interval": 5,
    }


def test_other_forms_of_a_new_code() -> None:
    """Six characters, as in a sample, and only the older of the two names of the address."""
    asked = pin(Caller(pin_length=6, old_pin_reply=True))
    assert re.fullmatch("[A-Z]{6}", asked["user_code"])
    assert asked["verification_url"] == "http://localhost/pin"
    assert "verification_uri" not in asked


def test_the_way_in(caller: Caller) -> None:
    """Pending until the person agrees, then a token, once; afterwards the code is another's."""
    code = pin(caller)["user_code"]
    assert [pin(caller, code) for _ in range(3)] == [PENDING] * 3
    caller.stage.approve(code)
    answer = pin(caller, code)
    assert re.fullmatch("[0-9a-f]{64}", answer["access_token"])
    assert answer == {"result": "OK", "access_token": answer["access_token"]}
    fresh = pin(caller, code)
    assert fresh["device_code"] == "DEVICE_CODE"
    assert fresh["user_code"] != code
    assert works(caller, answer["access_token"], "v1-app") == (200, "")
    assert (
        caller.call("POST", "/sync/ratings", params=FIRST, token=answer["access_token"], json={}).status_code == 201
    )
    assert caller.stage.violations == []


def test_polling_too_early(caller: Caller) -> None:
    """Is answered by a plea, which counts as a poll."""
    code = pin(caller)["user_code"]
    got = [pin(caller, code, after_s) for after_s in (1.1, 4.8, 4.8, 5.0)]
    assert got == [PENDING, SLOW, SLOW, PENDING]


def test_an_unknown_code_gets_a_fresh_one(caller: Caller) -> None:
    """Which works."""
    fresh = pin(caller, "NONE1")
    caller.stage.approve(fresh["user_code"])
    assert pin(caller, fresh["user_code"])["result"] == "OK"


def test_a_code_that_is_too_old_gets_a_fresh_one(caller: Caller) -> None:
    """After fifteen minutes, approved or not."""
    code = pin(caller)["user_code"]
    caller.stage.approve(code)
    assert pin(caller, code, after_s=900)["user_code"] != code


def test_a_refused_code_stays_pending(caller: Caller) -> None:
    """This generation tells nobody."""
    code = pin(caller)["user_code"]
    caller.stage.refuse(code)
    assert [pin(caller, code) for _ in range(2)] == [PENDING] * 2


def test_the_same_app_gets_the_same_token(caller: Caller, tmp_path: Path) -> None:
    """Another app another one."""
    first = token_for(caller)
    assert token_for(caller) == first
    assert token_for(caller, "v1-other") != first
    kept = [Caller(database=tmp_path / "account.sqlite") for _ in range(2)]
    assert token_for(kept[0]) == token_for(kept[1]) != first


def test_a_token_does_not_expire(caller: Caller) -> None:
    """Five years on it still works."""
    token = token_for(caller)
    caller.clock.advance(157_680_000)
    assert works(caller, token, "v1-app") == (200, "")


def test_a_code_belongs_to_its_app(caller: Caller) -> None:
    """For another it is unknown."""
    code = pin(caller)["user_code"]
    caller.stage.approve(code)
    assert pin(caller, code, client_id="v1-other")["user_code"] != code
    assert pin(caller, code)["result"] == "OK"


def test_apps_of_the_second_generation_are_turned_away(caller: Caller) -> None:
    """With a code in the envelope, as this generation writes errors."""
    for path in ("/oauth/pin", "/oauth/pin/ABCDE"):
        response = caller.call("GET", path, params=IDENTITY, token=None)
        assert (response.status_code, response.json["error"], response.json["code"]) == (
            400,
            "unauthorized_client",
            400,
        )


def test_codes_of_the_second_generation_are_not_polled_here(caller: Caller) -> None:
    """By their user code."""
    asked = device(caller)
    caller.stage.approve(asked["user_code"])
    assert pin(caller, asked["user_code"])["device_code"] == "DEVICE_CODE"


def test_which_generation_an_app_is_of() -> None:
    """As listed, else by its id."""
    caller = Caller(generations={"app": 1, "v1-app": 2})
    assert pin(caller, client_id="app")["result"] == "OK"
    assert device(caller, "v1-app")["interval"] == 5
    assert caller.call("GET", "/oauth/pin", params=FIRST, token=None).status_code == 400


def test_an_app_must_be_registered() -> None:
    """Here as elsewhere."""
    caller = Caller(client_ids=frozenset({"v1-app"}))
    assert caller.call("GET", "/oauth/pin", params={"client_id": "v1-no"}, token=None).status_code == 412
    assert pin(caller)["result"] == "OK"
