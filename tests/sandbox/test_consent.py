"""The page on which a person lets an app in (simkl-api.md 14.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import Caller
from tests.sandbox.signing_in import FIRST, device, pin, poll


def page(caller: Caller, **query: str) -> Any:
    """The page as a browser asks for it: no app, no token, no name."""
    return caller.app.test_client().get("/pin", query_string=query)


def press(caller: Caller, decision: str, code: str) -> Any:
    """What a button does."""
    return caller.app.test_client().post("/pin", data={"user_code": code, "decision": decision})


def test_the_page_says_what_it_is_and_who_asks() -> None:
    """The code of the link is already typed in."""
    caller = Caller()
    asked = device(caller, "rateport")
    text = page(caller, user_code=asked["user_code"]).text
    assert "It is not Simkl" in text
    assert f'value="{asked["user_code"]}"' in text
    assert "<b>rateport</b> asks for <b>media:read media:write</b>" in text


def test_the_page_without_a_code() -> None:
    """Asks for one and names nobody."""
    response = page(Caller())
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "Code from your terminal" in response.text
    assert "asks for" not in response.text


def test_approving() -> None:
    """In either generation, however the code is typed."""
    caller = Caller()
    second, first = device(caller), pin(caller)
    answer = press(caller, "approve", second["user_code"].lower())
    assert f"{second['user_code']} has been approved" in answer.text
    assert press(caller, "approve", f" {first['user_code']} ").status_code == 200
    assert poll(caller, second).status_code == 200
    assert pin(caller, first["user_code"])["result"] == "OK"


def test_refusing() -> None:
    """The app is told if so switched."""
    caller = Caller(refusal_is_told=True)
    asked = device(caller)
    assert f"{asked['user_code']} has been refused" in press(caller, "refuse", asked["user_code"]).text
    assert poll(caller, asked).json["error"] == "access_denied"


def test_a_code_for_which_nobody_waits() -> None:
    """Misspelt, decided on before, or too old."""
    caller = Caller()
    asked = device(caller)
    assert press(caller, "approve", "NONE-SUCH").status_code == 404
    assert press(caller, "approve", "").status_code == 404
    press(caller, "refuse", asked["user_code"])
    assert press(caller, "approve", asked["user_code"]).status_code == 404
    old = device(caller)
    caller.clock.advance(900)
    assert "No app waits for this code" in press(caller, "approve", old["user_code"]).text


@pytest.mark.parametrize("decision", ["", "yes"])
def test_a_decision_that_is_none(decision: str) -> None:
    """Changes nothing."""
    caller = Caller()
    asked = device(caller)
    assert press(caller, decision, asked["user_code"]).status_code == 400
    caller.stage.approve(asked["user_code"])


def test_nothing_that_is_typed_or_asked_comes_out_as_markup() -> None:
    """Neither the code nor the name of the app."""
    caller = Caller()
    asked = device(caller, "<script>alert(1)</script>")
    shown = [
        page(caller, user_code='"><script>alert(2)</script>'),
        page(caller, user_code=asked["user_code"]),
        press(caller, "approve", '"><script>alert(3)</script>'),
    ]
    for response in shown:
        assert "<script" not in response.text
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "&lt;script&gt;alert(1)" in shown[1].text


def test_the_page_is_not_a_call_to_the_service() -> None:
    """It is on another host: not logged, not paced, not counted."""
    caller = Caller(client_ids=frozenset(), daily_quota=0)
    for _ in range(20):
        assert page(caller).status_code == 200
    assert caller.stage.calls == ()
    assert caller.call("GET", "/oauth/pin", params=FIRST, token=None).status_code == 412
