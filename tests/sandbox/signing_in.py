"""Apps of both generations that sign in to the stand-in, for tests of it."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.sandbox.calling import IDENTITY, Caller

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
BOTH = "media:read media:write"
FIRST = {**IDENTITY, "client_id": "v1-app"}
NAMED = {name: value for name, value in IDENTITY.items() if name != "client_id"}


def form(caller: Caller, path: str, client_id: str = "app", **fields: str) -> TestResponse:
    """One call of the second generation's endpoints."""
    data = {"client_id": client_id, **fields}
    return caller.call("POST", path, params=NAMED, token=None, data=data)


def device(caller: Caller, client_id: str = "app", scope: str = BOTH) -> Any:
    """A new code of the second generation."""
    response = form(caller, "/oauth2/device", client_id, scope=scope)
    assert response.status_code == 200, response.text
    return response.json


def poll(caller: Caller, asked: Any, client_id: str = "app", after_s: float = 5.0) -> TestResponse:
    """Ask how that code stands, so many seconds after the last call."""
    caller.clock.advance(after_s - caller.gap_s)
    fields = {"grant_type": DEVICE_GRANT, "device_code": asked["device_code"]}
    return form(caller, "/oauth2/token", client_id, **fields)


def refresh(caller: Caller, token: str, client_id: str = "app") -> TestResponse:
    """Ask for a new access token."""
    return form(caller, "/oauth2/token", client_id, grant_type="refresh_token", refresh_token=token)


def signed_in(caller: Caller, client_id: str = "app", scope: str = BOTH) -> Any:
    """The tokens of an app that its person let in."""
    asked = device(caller, client_id, scope)
    caller.stage.approve(asked["user_code"])
    response = poll(caller, asked, client_id)
    assert response.status_code == 200, response.text
    return response.json


def works(caller: Caller, token: str, client_id: str = "app") -> tuple[int, str]:
    """Status and error of a read with that token."""
    response = caller.call("GET", "/sync/activities", params={**IDENTITY, "client_id": client_id}, token=token)
    return response.status_code, (response.json or {}).get("error", "")


def pin(caller: Caller, code: str = "", after_s: float = 5.0, client_id: str = "v1-app") -> Any:
    """A new code of the first generation, or how one stands, so many seconds after the last call."""
    caller.clock.advance(after_s - caller.gap_s)
    path = f"/oauth/pin/{code}" if code else "/oauth/pin"
    response = caller.call("GET", path, params={**IDENTITY, "client_id": client_id}, token=None)
    assert response.status_code == 200, response.text
    return response.json
