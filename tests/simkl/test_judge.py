"""Every status from 400 to 599 with every error id that is known: to a write, and to a read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest

from importer.simkl.client import Busy, Refused, Unclear
from importer.vocabulary.errors import ApiError, AuthError, Paused, RateportError
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.simkl.service import client_for, movie

SIGN_IN = (
    "user_token_failed", "invalid_token", "user_token_required", "insufficient_scope", "unauthorized_client",
    "invalid_client",
)  # fmt: skip
QUOTA = ("user_limit_exceeded", "app_limit_exceeded")
BLOCKED = ("client_id_failed",)
NO_MATTER = (
    "", "empty_field", "wrong_parameter", "max_items", "rate_limit", "authorization_pending", "slow_down",
    "expired_token", "invalid_grant", "secret_error", "grant_error", "redirect_failed", "forbidden", "id_err",
    "empty", "url_failed", "already_watched", "internal", "premium_only",
)  # fmt: skip
ERRORS = (*SIGN_IN, *QUOTA, *BLOCKED, *NO_MATTER)
STATUSES = range(400, 600)


def meaning(status: int, error: str) -> str:
    """What simkl-api.md 3 and 9 say of such a reply."""
    if status == 408 or status >= 500:
        return "may have been applied"
    if status == 412 or error in BLOCKED:
        return "stop"
    if error in SIGN_IN:
        return "sign in"
    if error in QUOTA:
        return "another day"
    if status in (409, 423, 429) or (status, error) == (400, "rate_limit"):
        return "wait"
    if status in (400, 413, 422):
        return "too large" if status == 413 or error == "max_items" else "one row"
    return "sign in" if status == 401 else "stop"


def meant(answer: Any) -> str:
    """What the client made of it."""
    match answer:
        case Unclear(should_shrink=True, wait_s=0.0):
            return "may have been applied"
        case Busy(wait_s=wait_s) if 1 <= wait_s <= 60:
            return "wait"
        case Refused(may_be_one_row=may_be_one_row):
            return "one row" if may_be_one_row else "too large"
        case AuthError():
            return "sign in"
        case Paused():
            return "another day"
        case ApiError():
            return "stop"
    raise AssertionError(answer)


def replies(status: int, error: str, then: int) -> Any:
    """A service that says this once, and `then` something good."""
    made = Counter[str]()

    def handler(request: httpx.Request) -> httpx.Response:
        made[request.method] += 1
        if made.total() > 1:
            return httpx.Response(then, json={})
        return httpx.Response(status, json={"error": error, "code": status} if error else None)

    return handler, made


@pytest.mark.promise("P5")
@pytest.mark.parametrize("error", ERRORS)
def test_every_status_with_every_error_id_has_its_meaning(error: str) -> None:
    """One request for a write, whatever the reply; the id counts in any letters."""
    for status in STATUSES:
        for spelling in {error, error.upper()}:
            handler, made = replies(status, spelling, 201)
            answer: Any
            try:
                answer = client_for(handler).post_ratings([movie()])
            except RateportError as caught:
                answer = caught
            assert (status, meant(answer)) == (status, meaning(status, error))
            assert made.total() == 1


@pytest.mark.promise("P5")
@pytest.mark.parametrize("error", ERRORS)
def test_a_read_is_repeated_just_where_that_can_help(error: str) -> None:
    """What passes is asked for once more, at its pace; what does not stops at the first request."""
    for status in STATUSES:
        handler, made = replies(status, error, 200)
        clock = FakeClock()
        client = client_for(handler, clock)
        says = meaning(status, error)
        if says in ("may have been applied", "wait"):
            assert client.read_ratings(Section.MOVIES) == []
            assert (made["GET"], 1 <= clock.steady() <= 61) == (2, True)
            continue
        with pytest.raises(RateportError) as caught:
            client.read_ratings(Section.MOVIES)
        assert meant(caught.value) == (says if says in ("sign in", "another day") else "stop")
        assert made["GET"] == 1


ABSURD = (
    "",
    " ",
    "-1",
    "0",
    "0.0",
    "1e9",
    "NaN",
    "soon",
    "٣",
    "1" * 400,
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sun, 99",
)
FAR = ("901", "86400", "999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 21 Sep 2026 12:00:00 GMT")


@pytest.mark.promise("P5")
@pytest.mark.parametrize("status", [429, 503])
def test_an_absurd_retry_after_neither_hangs_nor_hammers(status: int) -> None:
    """Unreadable: as if it were not there. Too far: a pause that names the moment, within the calendar."""
    for header in ABSURD:
        handler = _retrying(status, header)
        answer = client_for(handler).post_ratings([movie()])
        assert isinstance(answer, Busy if status == 429 else Unclear)
        assert (1.0 if status == 429 else 0.0) <= answer.wait_s <= 60.0, header
    for header in FAR:
        with pytest.raises(Paused, match=r"after 2026-09-\d\d \d\d:\d\d:\d\d UTC"):
            client_for(_retrying(status, header)).post_ratings([movie()])


def _retrying(status: int, header: str) -> Any:
    raw = [(b"retry-after", header.encode())]
    return lambda request: httpx.Response(status, headers=raw, json={"error": "busy"})
