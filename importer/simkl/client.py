"""The client: each request at its time, each reply as what it means.

One POST is one try, because every try is written to the journal first; reads repeat themselves.
"""

from __future__ import annotations

import random as _random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx
from pydantic import ValidationError

from importer.simkl import account, matching, wire
from importer.simkl.answers import Accepted, Answer, Busy, Refused, Unclear, Unreachable
from importer.simkl.credentials import Credentials
from importer.simkl.judge import Good, judge
from importer.simkl.pacing import BACK_OFF_S, GET_GAP_S, POST_GAP_S, Gate, back_off_s
from importer.simkl.transport import Http, Lost, NotSent, wsgi_transport
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ApiError, Paused
from importer.vocabulary.sends import AccountTitle, Section, Send

__all__ = [
    "Accepted",
    "Answer",
    "Busy",
    "Credentials",
    "Refused",
    "Requests",
    "SimklClient",
    "Unclear",
    "Unreachable",
]

ADDRESS = "https://api.simkl.com"  # simkl-api.md 1
READ_WAIT_S = 60.0  # the longest single wait for the sake of a read

_Outcome = Good | Busy | Unclear | Refused | Unreachable


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


class SimklClient:
    """One account at one service address. Not for several threads: the service wants one request at a time.

    `last_post_at` is when an earlier process last posted, and `on_post` marks that moment for the next one;
    `on_wait` is told of each wait before a read is repeated.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = ADDRESS,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        wsgi_app: Any | None = None,
        last_post_at: datetime | None = None,
        on_post: Callable[[], None] | None = None,
        on_wait: Callable[[float, str], None] | None = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._http = Http(credentials, base_url, clock, transport if wsgi_app is None else wsgi_transport(wsgi_app))
        self._clock = clock
        self._post_gate = Gate(clock, POST_GAP_S, last_post_at)
        self._get_gate = Gate(clock, GET_GAP_S)
        self._on_post = on_post
        self._on_wait = on_wait
        self._random = random
        self.requests = Requests()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connection back."""
        self._http.close()

    def post_ratings(self, sends: Sequence[Send]) -> Answer:
        """One try at one batch; `on_post` runs between the wait for its turn and the request itself."""
        answer = self._post("/sync/ratings", wire.request_body(sends))
        if not isinstance(answer, Good):
            return answer
        try:
            reply = wire.RatingsReply.model_validate(answer.document)
        except ValidationError:
            return Unclear("Simkl's reply does not have the documented form", should_shrink=False)
        verdicts, strays = matching.verdicts(sends, reply)
        return Accepted(verdicts, answer.body.decode(), strays)

    def read_ratings(self, section: Section) -> list[AccountTitle]:
        """The rated titles of one section, asked for again where the trouble can pass."""
        return account.rated_titles(section, self._get(account.ratings_path(section)))

    def _post(self, path: str, body: bytes) -> _Outcome:
        self._post_gate.wait()
        if self._on_post is not None:
            self._on_post()
        return self._exchange(self._post_gate, "POST", path, body)

    def _get(self, path: str) -> Any:
        tries = 0
        while True:
            tries += 1
            self._get_gate.wait()
            answer = self._exchange(self._get_gate, "GET", path)
            if isinstance(answer, Good):
                return answer.document
            if isinstance(answer, Refused):
                raise ApiError(
                    f"Simkl refused to be read ({answer.status} {answer.error}): look for a newer rateport."
                )
            if tries > len(BACK_OFF_S):
                raise _given_up(answer, tries)
            self._pause(answer, tries)

    def _pause(self, answer: Unclear | Busy | Unreachable, tries: int) -> None:
        asked_s = 0.0 if isinstance(answer, Unreachable) else min(answer.wait_s, READ_WAIT_S)
        wait_s = max(asked_s, back_off_s(tries, self._random))
        if self._on_wait is not None:
            self._on_wait(wait_s, answer.reason)
        self._clock.sleep(wait_s)

    def _exchange(self, gate: Gate, method: str, path: str, body: bytes | None = None) -> _Outcome:
        try:
            reply = self._http.send(method, path, body)
        except NotSent as error:
            return Unreachable(str(error))
        except Lost as error:
            self.requests.count(method)
            return Unclear(str(error), should_shrink=error.timed_out)
        finally:
            gate.leave()
        self.requests.count(method)
        return judge(reply, self._clock.now(), self._random)


def _given_up(answer: Unclear | Busy | Unreachable, tries: int) -> ApiError | Paused:
    if isinstance(answer, Unreachable):
        return Paused(
            f"Simkl cannot be reached: {answer.reason}. Run the same command again once the network is back."
        )
    return ApiError(f"Simkl could not be read {tries} times in a row: {answer.reason}. Try again later.")
