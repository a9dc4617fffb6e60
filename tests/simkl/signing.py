"""A service of scripted replies for the sign-in, and sign-ins to store."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from importer.simkl.auth import SignInDesk
from importer.simkl.codes import ShownCode
from importer.simkl.credentials import AppId
from importer.simkl.tokens import Generation, StoredSignIn
from importer.simkl.transport import Http
from tests.clock import FakeClock

CLIENT_ID = "client-canary"
ACCESS = "simkl_at_CANARYaccess"
FRESH = "simkl_at_CANARYfresh"
REFRESH = "simkl_rt_CANARYrefresh"
DEVICE = "CANARYdevice"
ORIGIN = "https://api.simkl.com"

DEVICE_REPLY = {
    "device_code": DEVICE,
    "user_code": "BDWP-HQPK",
    "verification_uri": "https://simkl.com/pin",
    "verification_uri_complete": "https://simkl.com/pin?user_code=BDWP-HQPK",
    "expires_in": 900,
    "interval": 5,
}
PIN_REPLY = {
    "result": "OK",
    "device_code": "DEVICE_CODE",
    "user_code": "ABCDE",
    "verification_url": "https://simkl.com/pin",
    "expires_in": 900,
    "interval": 5,
}
TOKENS = {
    "access_token": ACCESS,
    "token_type": "Bearer",
    "expires_in": 604800,
    "refresh_token": REFRESH,
    "scope": "media:read media:write",
}


def says(status: int, error: str | None = None, json: Any = None, **headers: str) -> httpx.Response:
    """A reply of the script."""
    return httpx.Response(status, json={"error": error} if error is not None else json, headers=headers)


class Script:
    """Replies in order, the last one for ever; keeps what it was asked and when."""

    def __init__(self, clock: FakeClock, *replies: httpx.Response | Exception) -> None:
        self._clock = clock
        self._replies = list(replies)
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.times.append(round(self._clock.steady(), 6))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, content=reply.content, headers=reply.headers)

    @property
    def asked(self) -> list[str]:
        """Method and path of each request."""
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def form(self, number: int) -> dict[str, str]:
        """The fields of request `number`."""
        return {name: values[0] for name, values in parse_qs(self.requests[number].content.decode()).items()}


def desk_for(script: Any, clock: FakeClock) -> SignInDesk:
    """A desk whose every request is answered by `script`."""
    http = Http(AppId(CLIENT_ID), ORIGIN, clock, httpx.MockTransport(script))
    return SignInDesk(http, clock, random=lambda: 0.0)


def scripted(*replies: httpx.Response | Exception) -> tuple[SignInDesk, Script, FakeClock, list[ShownCode]]:
    """A desk, its script and clock, and a list for the codes that it shows."""
    clock = FakeClock()
    script = Script(clock, *replies)
    return desk_for(script, clock), script, clock, []


def sign_in(
    access_token: str = ACCESS,
    *,
    generation: Generation = Generation.V2,
    client_id: str = CLIENT_ID,
    refresh_token: str | None = REFRESH,
    expires_at: datetime | None = None,
    origin: str = ORIGIN,
    account_id: str = "7",
) -> StoredSignIn:
    """A sign-in as a store keeps it."""
    return StoredSignIn(
        generation=generation,
        client_id=client_id,
        access_token=access_token,
        refresh_token=refresh_token,
        expires_at=expires_at,
        scope="media:read media:write",
        origin=origin,
        account_id=account_id,
        account_name="Ada",
    )
