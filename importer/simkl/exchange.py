"""The line to the service: each request at its turn, reads repeated, a lapsed sign-in renewed once.

One POST is one try, because every try is written to the journal first; reads repeat themselves.
"""

from __future__ import annotations

import random as _random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from importer.simkl.answers import Busy, Refused, Unclear, Unreachable
from importer.simkl.judge import Good, SignInLapsed, judge
from importer.simkl.pacing import BACK_OFF_S, GET_GAP_S, LATE_S, POST_GAP_S, Gate, back_off_s
from importer.simkl.patience import Patience
from importer.simkl.quota import Quota, quota_in
from importer.simkl.transport import Http, Lost, NotSent, Reply
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ApiError, AuthError, Paused, Unreadable

READ_WAIT_S = 60.0  # the longest single wait for the sake of a read

Outcome = Good | Busy | Unclear | Refused | Unreachable


@dataclass(slots=True)
class Requests:
    """How many requests have left this machine."""

    get: int = 0
    post: int = 0

    def count(self, method: str) -> None:
        """One more of `method`."""
        if method == "POST":
            self.post += 1
        else:
            self.get += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who hears of what happens on the line: `on_post` right before each POST, `on_wait` of each wait before a
    read is repeated; `renew` gets the failing access token and gives a fresh one, or None. What is `in_flight` is
    not to be broken off."""

    on_post: Callable[[], None] | None = None
    on_wait: Callable[[float, str], None] | None = None
    renew: Callable[[str], str | None] | None = field(default=None, repr=False)
    in_flight: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    path: str
    body: bytes | None = None
    params: Mapping[str, str] | None = None
    is_signed: bool = True
    telling: frozenset[int] = frozenset()


class Line:
    """One connection with its pace. `last_post_at` is when an earlier process last posted, `last_get_at` when it
    may last have read."""

    def __init__(
        self,
        http: Http,
        clock: Clock,
        *,
        watch: Watch,
        patience: Patience,
        last_post_at: datetime | None = None,
        last_get_at: datetime | None = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._http = http
        self._clock = clock
        self._watch = watch
        self._patience = patience
        self._random = random
        self._post_gate = Gate(clock, POST_GAP_S, last_post_at, late_s=LATE_S)
        self._get_gate = Gate(clock, GET_GAP_S, last_get_at)
        self.requests = Requests()
        self.quota: Quota | None = None

    def post(self, path: str, body: bytes) -> Outcome:
        """One try at one write; a second one only where a lapsed sign-in refused the first."""
        answer = self._attempt(_Request(method="POST", path=path, body=body))
        assert not isinstance(answer, Reply)  # no status of a write is telling
        return answer

    def read(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        is_signed: bool = True,
        telling: frozenset[int] = frozenset(),
    ) -> Good | Reply:
        """The reply, asked for again where the trouble can pass. One of a `telling` status comes back as it is."""
        request = _Request(method=method, path=path, params=params, is_signed=is_signed, telling=telling)
        tries = 0
        while True:
            tries += 1
            asked_at = self._clock.steady()
            answer = self._attempt(request)
            if isinstance(answer, (Good, Reply)):
                self._patience.clean(method)
                return answer
            if isinstance(answer, Refused):
                raise ApiError(
                    f"Simkl refused to be read ({answer.status} {answer.error}): look for a newer rateport."
                )
            self._patience.trouble(method, asked_at)
            wait_s = self._wait_s(answer, tries)
            if tries > len(BACK_OFF_S) or self._patience.is_over(wait_s):
                raise _given_up(answer, tries)
            self._pause(answer, wait_s)

    def _attempt(self, request: _Request) -> Outcome | Reply:
        with self._watch.in_flight():
            return self._signed(request)

    def _signed(self, request: _Request) -> Outcome | Reply:
        try:
            return self._exchange(request)
        except SignInLapsed as lapsed:
            sentence = str(lapsed)
        if not (request.is_signed and self._renew()):
            raise AuthError(sentence)
        try:
            return self._exchange(request)
        except SignInLapsed as lapsed:
            raise AuthError(str(lapsed)) from None

    def _renew(self) -> bool:
        """Renewing is a POST of its own, so the turn of the next one is counted from its end (simkl-api.md 3.1)."""
        failing = self._http.access_token
        if self._watch.renew is None or failing is None:
            return False
        self._post_gate.wait()
        try:
            fresh = self._watch.renew(failing)
        finally:
            self._post_gate.leave()
        if fresh is None:
            return False
        self._http.use_token(fresh)
        return True

    def _exchange(self, request: _Request) -> Outcome | Reply:
        gate = self._post_gate if request.method == "POST" else self._get_gate
        gate.wait()
        if request.method == "POST" and self._watch.on_post is not None:
            self._watch.on_post()
        try:
            reply = self._http.send(
                request.method, request.path, request.body, params=request.params, is_signed=request.is_signed
            )
        except NotSent as error:
            return Unreachable(str(error))
        except Lost as error:
            self.requests.count(request.method)
            return Unclear(str(error), should_shrink=error.timed_out)
        finally:
            gate.leave()
        self.requests.count(request.method)
        self.quota = quota_in(reply.headers) or self.quota
        return reply if reply.status in request.telling else judge(reply, self._clock.now(), self._random)

    def _wait_s(self, answer: Unclear | Busy | Unreachable, tries: int) -> float:
        asked_s = 0.0 if isinstance(answer, Unreachable) else min(answer.wait_s, READ_WAIT_S)
        return max(asked_s, back_off_s(tries, self._random))

    def _pause(self, answer: Unclear | Busy | Unreachable, wait_s: float) -> None:
        if self._watch.on_wait is not None:
            self._watch.on_wait(wait_s, answer.reason)
        self._clock.sleep(wait_s)


def _given_up(answer: Unclear | Busy | Unreachable, tries: int) -> Unreadable | Paused:
    if isinstance(answer, Unreachable):
        return Paused(
            f"Simkl cannot be reached: {answer.reason}. Run the same command again once the network is back."
        )
    return Unreadable(f"Simkl could not be read {tries} times in a row: {answer.reason}. Try again later.")
