"""Signing in, renewing and signing out: the V2 device flow and, for older apps, the V1 PIN flow.

Pure protocol: nothing is stored or shown here. Which generation a client id is of is found out by trying, since
each endpoint says when an id is of the other one (simkl-api.md 2.1).
"""

from __future__ import annotations

import random as _random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from importer.simkl.answers import Busy, Unclear
from importer.simkl.codes import (
    CODE_GONE,
    Code,
    OnCode,
    Pace,
    code_of,
    odd_answer,
    pin_answer,
    shown_code,
    tokens_of,
)
from importer.simkl.judge import Good, error_of, judge
from importer.simkl.pacing import POST_GAP_S, Gate, back_off_s
from importer.simkl.tokens import Generation, Grant
from importer.simkl.transport import Http, Lost, NotSent, Reply
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ApiError, AuthError, Paused

SCOPE = "media:read media:write"  # left out or misspelt it gives a read-only token in silence (simkl-api.md 2.2)
INTERVAL_S = 5
SLOW_DOWN_S = 5  # simkl-api.md 2.2
TRIES = 3

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_CROSSED = frozenset({"invalid_client", "unauthorized_client"})  # simkl-api.md 2.1
_AGAIN = "Run `rateport login` again for a new code."
_ENDED = {
    "expired_token": f"The code has expired. {_AGAIN}",
    "access_denied": f"The sign-in was refused on Simkl's page. {_AGAIN}",
    "invalid_grant": CODE_GONE,
}
_PENDING = frozenset({"authorization_pending", "slow_down"})
_NO_APP = (
    "Simkl takes this client id neither for a device sign-in nor for the PIN of older apps. Check it; an app for "
    'rateport is registered at simkl.com/settings/developer as "TV, devices & command line".'
)
_REFRESH_ENDED = "The sign-in has ended at Simkl: it was revoked, or not used for half a year. "


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    error: str

    def __str__(self) -> str:
        return f"{self.status} {self.error}".rstrip()


@dataclass(frozen=True, slots=True)
class _Trouble:
    reason: str
    pace: Pace = Pace.SAME
    wait_s: float = 0.0


class SignInDesk:
    """The sign-in endpoints of one address, asked for one app. Its connection never carries a token.
    `last_post_at` is when an earlier process may last have posted."""

    def __init__(
        self,
        http: Http,
        clock: Clock,
        *,
        last_post_at: datetime | None = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._http = http
        self._clock = clock
        self._random = random
        self._post_gate = Gate(clock, POST_GAP_S, last_post_at)

    @property
    def client_id(self) -> str:
        """The app that is asked for."""
        return self._http.client_id

    @property
    def origin(self) -> str:
        """The address that issues what is granted here."""
        return self._http.origin

    def sign_in(self, on_code: OnCode) -> Grant:
        """Waits until the person has entered the code that `on_code` shows. Raises AuthError when it is refused,
        expires, or is granted without write access."""
        started = self._patiently(lambda: self._form("/oauth2/device", scope=SCOPE))
        if isinstance(started, Good):
            return self._wait_for_device(code_of(started.document), on_code)
        if started.status not in (401, 404) and started.error not in _CROSSED:
            raise AuthError(f"Simkl refuses to begin a sign-in ({started}).")
        started = self._patiently(lambda: self._http.send("GET", "/oauth/pin", is_signed=False))
        if isinstance(started, Good):
            return self._wait_for_pin(code_of(started.document), on_code)
        raise AuthError(f"{_NO_APP} ({started})")

    def renew(self, refresh_token: str) -> Grant:
        """A fresh access token, which ends the one before it at once. AuthError: the sign-in is over or the app is
        not accepted; Paused: nothing is known, so keep what there is."""
        try:
            answer = self._patiently(
                lambda: self._form("/oauth2/token", grant_type="refresh_token", refresh_token=refresh_token)
            )
        except Paused as trouble:
            raise Paused(f"The sign-in could not be renewed and is kept as it is. {trouble}") from None
        if isinstance(answer, Good):
            return self._grant(answer.document, is_renewal=True)
        if answer.error == "invalid_grant":
            raise AuthError(f"{_REFRESH_ENDED}Sign in again with `rateport login`.")
        raise AuthError(
            f"Simkl refuses to renew the sign-in ({answer}); it is kept as it is. Check RATEPORT_CLIENT_ID, or "
            "sign in again with `rateport login`."
        )

    def revoke(self, token: str) -> bool:
        """Asks Simkl to end the grant that `token` belongs to; whether it did is never told, only whether the
        request arrived (simkl-api.md 2.3). V1 tokens are ended by the person on Simkl's page."""
        try:
            return isinstance(self._patiently(lambda: self._form("/oauth2/revoke", token=token)), Good)
        except (ApiError, Paused):
            return False

    # --- the two flows --------------------------------------------------------------------------------

    def _wait_for_device(self, code: Code, on_code: OnCode) -> Grant:
        if not code.device_code:
            raise odd_answer()

        def ask_once() -> Grant | Pace:
            fields = {"grant_type": _DEVICE_GRANT, "device_code": code.device_code}
            match self._ask(lambda: self._form("/oauth2/token", **fields)):
                case Good(document=document):
                    return self._grant(document)
                case _Trouble(pace=pace):
                    return pace
                case _Refusal(error="authorization_pending"):
                    return Pace.SAME
                case _Refusal(error="slow_down"):
                    return Pace.SLOWER
                case refusal:
                    raise AuthError(_ENDED.get(refusal.error) or f"Simkl refuses the sign-in ({refusal}).")

        return self._poll(code, on_code, ask_once)

    def _wait_for_pin(self, code: Code, on_code: OnCode) -> Grant:
        path = f"/oauth/pin/{quote(code.user_code, safe='')}"

        def ask_once() -> Grant | Pace:
            match self._ask(lambda: self._http.send("GET", path, is_signed=False)):
                case Good(document=document):
                    return pin_answer(document)
                case _Trouble(pace=pace):
                    return pace
                case refusal:
                    raise AuthError(f"Simkl refuses the sign-in ({refusal}).")

        return self._poll(code, on_code, ask_once)

    def _poll(self, code: Code, on_code: OnCode, ask_once: Callable[[], Grant | Pace]) -> Grant:
        shown = shown_code(code)
        deadline = self._clock.steady() + shown.expires_in_s
        interval = code.interval or INTERVAL_S
        on_code(shown)
        while self._clock.steady() + interval < deadline:
            self._clock.sleep(interval)
            answer = ask_once()
            if isinstance(answer, Grant):
                return answer
            interval += SLOW_DOWN_S if answer is Pace.SLOWER else 0
        raise AuthError(f"The code was not entered in time. {_AGAIN}")

    def _grant(self, document: Any, *, is_renewal: bool = False) -> Grant:
        tokens = tokens_of(document)
        missing = [word for word in SCOPE.split() if word not in tokens.scope.split()]
        if missing and (tokens.scope or not is_renewal):
            raise AuthError(
                f"Simkl granted a sign-in without {' and '.join(missing)}, so it may not "
                f"{'write' if 'media:write' in missing else 'read'}. Sign in again with `rateport login` and allow "
                "both reading and writing."
            )
        expires_in_s = tokens.expires_in
        return Grant(
            generation=Generation.V2,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token or None,
            expires_at=self._clock.now() + timedelta(seconds=expires_in_s) if expires_in_s else None,
            scope=tokens.scope,
        )

    # --- one question ---------------------------------------------------------------------------------

    def _form(self, path: str, **fields: str) -> Reply:
        self._post_gate.wait()
        try:
            return self._http.send_form(path, {"client_id": self._http.client_id, **fields})
        finally:
            self._post_gate.leave()

    def _patiently(self, send: Callable[[], Reply]) -> Good | _Refusal:
        tries = 0
        while True:
            tries += 1
            answer = self._ask(send)
            if not isinstance(answer, _Trouble):
                return answer
            if tries > TRIES:
                raise Paused(f"Simkl cannot be reached for the sign-in: {answer.reason}. Try again later.")
            self._clock.sleep(max(answer.wait_s, back_off_s(tries, self._random)))

    def _ask(self, send: Callable[[], Reply]) -> Good | _Refusal | _Trouble:
        try:
            reply = send()
        except (NotSent, Lost) as error:
            return _Trouble(str(error))
        named = error_of(reply.body)
        is_refusal = 400 <= reply.status < 500 and reply.status not in (408, 412, 429)
        if is_refusal or named in _PENDING or named in _ENDED:
            return _Refusal(reply.status, named)
        answer = judge(reply, self._clock.now(), self._random)
        if isinstance(answer, Good):
            return answer
        if isinstance(answer, Busy):
            return _Trouble(answer.reason, Pace.SLOWER, answer.wait_s)
        assert isinstance(answer, Unclear)  # what may be a refusal went before
        return _Trouble(answer.reason)
