"""What a reply means, by status and error id and never by message (simkl-api.md 9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from importer.simkl.answers import Busy, Refused, Unclear
from importer.simkl.pacing import (
    BLIND_WAIT_S,
    LOCK_WAIT_S,
    LONGEST_WAIT_S,
    PATIENCE_S,
    moment_wait_s,
    retry_after_s,
)
from importer.simkl.transport import Reply
from importer.simkl.wire import parse
from importer.vocabulary.errors import ApiError, AuthError, Paused

_ERROR_ID = re.compile(r"[A-Za-z0-9_.\-]{1,40}", re.ASCII)  # what is longer may be a secret that is echoed

SIGN_IN_AGAIN = "Sign in again with `rateport login`, or set a valid RATEPORT_ACCESS_TOKEN."
_MIXED = (
    "The sign-in and the client id belong to different registrations at Simkl. "
    "Sign in again with `rateport login`, using the client id you mean to keep."
)
_AUTH = {
    "user_token_failed": f"Simkl no longer accepts the sign-in. {SIGN_IN_AGAIN}",
    "invalid_token": f"Simkl no longer accepts the sign-in. {SIGN_IN_AGAIN}",
    "user_token_required": f"Simkl saw no sign-in on a request that needs one. {SIGN_IN_AGAIN}",
    "insufficient_scope": (
        "The sign-in may read but not write. Sign in again with `rateport login` and allow write access."
    ),
    "unauthorized_client": _MIXED,
    "invalid_client": _MIXED,
}  # simkl-api.md 2.1, 2.7
_CURABLE = frozenset({"user_token_failed", "invalid_token"})  # what renewing can help against (simkl-api.md 2.7)
_QUOTA = {
    "user_limit_exceeded": "Simkl's daily number of requests for this account is used up.",
    "app_limit_exceeded": "Simkl's daily number of requests for this client id is used up.",
}  # simkl-api.md 3.2
_REFUSABLE = frozenset({400, 413, 422})
_TOO_BIG = frozenset({"max_items"})


class SignInLapsed(AuthError):
    """A 401 that a renewed token may cure; nothing was applied."""


@dataclass(frozen=True, slots=True)
class Good:
    """A 2xx reply that is JSON and carries no error; whether it says what it should is not yet known."""

    document: Any = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def judge(reply: Reply, now: datetime, random: Callable[[], float]) -> Good | Busy | Unclear | Refused:
    """Reads `reply`; raises AuthError, ApiError or Paused when asking again as it is cannot help."""
    status = reply.status
    if status < 200 or status == 408 or status >= 500:
        wait_s = (retry_after_s(reply.retry_after, now) if status == 503 else None) or 0.0
        if wait_s > LONGEST_WAIT_S:
            raise _spent("Simkl asks for a longer pause.", wait_s, now)
        return Unclear(f"Simkl answered {status}", True, wait_s)
    if status < 300:
        return _judge_success(reply, now)
    if status < 400:
        raise ApiError(
            f"Simkl answered with a redirect ({status}), which rateport never follows because the token would "
            "travel along. Check RATEPORT_API_URL, and whether a proxy stands in between."
        )
    return _judge_refusal(reply, now, random)


def _judge_success(reply: Reply, now: datetime) -> Good | Unclear:
    try:
        document = parse(reply.body)
    except ValueError:
        return Unclear(f"Simkl answered {reply.status} with {_nature(reply.body)} in place of JSON", False)
    if isinstance(document, dict) and document.get("error"):
        error = _error_id(document)
        _stop_on(error, reply, now)
        raise ApiError(
            f"Simkl answered {reply.status}, yet with the error {error or 'of no name'}: it will not go on."
        )
    return Good(document, reply.body, reply.headers)


def _judge_refusal(reply: Reply, now: datetime, random: Callable[[], float]) -> Busy | Refused:
    status, error = reply.status, error_of(reply.body)
    if status == 412:
        raise _blocked()
    if status == 429:
        return _judge_limit(reply, error, now, random)
    _stop_on(error, reply, now)
    if status in (409, 423) or (status == 400 and error == "rate_limit"):
        return Busy(LOCK_WAIT_S, "another write to this account is still running")
    if status in _REFUSABLE:
        return Refused(status, error, may_be_one_row=status != 413 and error not in _TOO_BIG)
    if status == 401:
        raise AuthError(f"Simkl refused the sign-in ({_named(status, error)}). {SIGN_IN_AGAIN}")
    raise _stop(status, error)


def _judge_limit(reply: Reply, error: str, now: datetime, random: Callable[[], float]) -> Busy:
    if error == "rate_limit":  # its Retry-After is the daily reset, not meant for this (simkl-api.md 3.4)
        return Busy(moment_wait_s(random), "Simkl asks for a slower pace")
    _stop_on(error, reply, now)
    wait_s = retry_after_s(reply.retry_after, now)
    if wait_s is None:
        return Busy(BLIND_WAIT_S, "Simkl asks to wait")
    if wait_s > PATIENCE_S:
        raise _spent("Simkl asks for a longer pause.", wait_s, now)
    return Busy(max(wait_s, moment_wait_s(random)), "Simkl asks to wait")


def _stop_on(error: str, reply: Reply, now: datetime) -> None:
    if error in _AUTH:
        kind = SignInLapsed if reply.status == 401 and error in _CURABLE else AuthError
        raise kind(f"{_AUTH[error]} ({_named(reply.status, error)})")
    if error in _QUOTA:
        raise _spent(_QUOTA[error], retry_after_s(reply.retry_after, now), now)
    if error == "client_id_failed":
        raise _blocked()


def _spent(sentence: str, wait_s: float | None, now: datetime) -> Paused:
    if wait_s is None:
        back = "after midnight in New York, when Simkl counts anew"  # simkl-api.md 3.2
    else:
        back = f"after {now + timedelta(seconds=wait_s):%Y-%m-%d %H:%M:%S} UTC"
    return Paused(f"{sentence} Run the same command again {back}.")


def _blocked() -> ApiError:
    return ApiError(
        "Simkl does not accept the client id (412): it is wrong, or blocked for a while after too many requests. "
        "Check RATEPORT_CLIENT_ID. If it is right, wait some hours before you run again: tries lengthen the block."
    )


def _stop(status: int, error: str) -> ApiError:
    named = _named(status, error)
    if status == 403:
        return ApiError(
            f"Simkl refuses this client id or this network address ({named}). Try again from elsewhere."
        )
    if status == 404:
        return ApiError(
            f"Simkl does not know this request ({named}). Look for a newer rateport; check RATEPORT_API_URL."
        )
    return ApiError(f"Simkl refuses the request as such ({named}), not a row of it. Look for a newer rateport.")


def _named(status: int, error: str) -> str:
    return f"{status} {error}".rstrip()


def error_of(body: bytes) -> str:
    """The error id of a reply in lower case; empty when there is none of a decent form."""
    try:
        return _error_id(parse(body))
    except ValueError:
        return ""


def _error_id(document: Any) -> str:
    error = document.get("error") if isinstance(document, dict) else None
    return error.lower() if isinstance(error, str) and _ERROR_ID.fullmatch(error) else ""


def _nature(body: bytes) -> str:
    if not body.strip():
        return "nothing"
    return "a web page" if body.lstrip()[:1] == b"<" else "a broken text"
