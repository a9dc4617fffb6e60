"""Status and error id -> answer: what is known of the account after each reply to a POST."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from importer.simkl.client import Accepted, Busy, Refused, Unclear
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import Verdict
from tests.simkl.service import always, client_for, movie, reply_of, status_of

UNCLEAR = {408, *range(500, 600)}
BUSY = {409, 423, 429}
REFUSED = {400, 413, 422}
AUTH = {401}
STOP = set(range(400, 600)) - UNCLEAR - BUSY - REFUSED - AUTH


def answer_to(status: int, json: Any = None, **options: Any) -> Any:
    """What the client makes of a POST that is answered so, within one request."""
    client = client_for(always(status, json, **options))
    try:
        return client.post_ratings([movie()])
    finally:
        assert client.requests.post == 1


@pytest.mark.parametrize("body", ["", "<!DOCTYPE html><title>Oops</title>", '{"error":"odd","code":0}'])
@pytest.mark.parametrize("status", range(400, 600))
def test_every_error_status_has_its_answer(status: int, body: str) -> None:
    """No status from 400 to 599 is left to chance, with or without a body that can be read."""
    if status in STOP | AUTH:
        with pytest.raises(AuthError if status in AUTH else ApiError):
            answer_to(status, text=body)
        return
    answer = answer_to(status, text=body)
    error = "odd" if body.startswith("{") else ""
    if status in UNCLEAR:
        assert answer == Unclear(f"Simkl answered {status}", should_shrink=True)
    elif status in REFUSED:
        assert answer == Refused(status, error, may_be_one_row=status != 413)
    elif status == 429:
        assert answer == Busy(60.0, "Simkl asks to wait")
    else:
        assert answer == Busy(5.0, "another write to this account is still running")


@pytest.mark.parametrize("spelling", ["RATE_LIMIT", "rate_limit", "Rate_Limit"])
def test_the_write_lock_is_waited_out(spelling: str) -> None:
    """It comes as 400, in two spellings, and is no fault of the batch."""
    answer = answer_to(400, {"error": spelling, "code": 400, "message": "x"})
    assert answer == Busy(5.0, "another write to this account is still running")


@pytest.mark.parametrize("retry_after", [None, "1", "40000", "nonsense"])
def test_the_limit_per_second_ignores_its_retry_after(retry_after: str | None) -> None:
    """Simkl puts the daily reset there even when a second would do."""
    headers = {"Retry-After": retry_after} if retry_after else None
    assert answer_to(429, {"error": "RATE_LIMIT"}, headers=headers) == Busy(1.5, "Simkl asks for a slower pace")


@pytest.mark.parametrize(
    ("retry_after", "wait_s"), [("0", 1.5), ("2", 2.0), ("10", 10.0), ("Sun, 20 Sep 2026 12:00:04 GMT", 4.0)]
)
def test_a_short_nameless_429_is_waited_out(retry_after: str, wait_s: float) -> None:
    """Up to ten seconds, in seconds or as a date."""
    answer = answer_to(429, {"error": "slow"}, headers={"Retry-After": retry_after})
    assert answer == Busy(wait_s, "Simkl asks to wait")


@pytest.mark.parametrize("error", ["user_limit_exceeded", "APP_LIMIT_EXCEEDED", "anything", None])
def test_a_spent_quota_pauses_and_says_until_when(error: str | None) -> None:
    """Hours are never slept out; the person learns when to come back."""
    with pytest.raises(Paused, match="again after 2026-09-21 04:00:00 UTC"):
        answer_to(429, {"error": error}, headers={"Retry-After": str(16 * 3600)})


def test_a_spent_quota_without_a_time_names_the_reset() -> None:
    """The daily count starts anew at midnight in New York."""
    with pytest.raises(Paused, match="midnight in New York"):
        answer_to(429, {"error": "user_limit_exceeded"})


@pytest.mark.parametrize(
    ("retry_after", "wait_s"),
    [("30", 30.0), ("Sun, 20 Sep 2026 12:01:00 GMT", 60.0), ("900", 900.0), ("soon", 0.0), (None, 0.0)],
)
def test_a_503_may_have_been_applied_and_may_ask_to_wait(retry_after: str | None, wait_s: float) -> None:
    """The wait is passed on, bounded; whether the batch was applied stays open."""
    headers = {"Retry-After": retry_after} if retry_after else None
    assert answer_to(503, text="", headers=headers) == Unclear("Simkl answered 503", True, wait_s)


@pytest.mark.parametrize("retry_after", ["57600", "Mon, 21 Sep 2026 04:00:00 GMT"])
def test_a_503_for_hours_pauses_and_says_until_when(retry_after: str) -> None:
    """More than a quarter of an hour is never slept out, not even in parts."""
    with pytest.raises(Paused, match=r"longer pause\. Run the same command again after 2026-09-21 04:00:00 UTC"):
        answer_to(503, text="", headers={"Retry-After": retry_after})


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        (401, "user_token_failed", "rateport login"),
        (401, "invalid_token", "rateport login"),
        (401, "user_token_required", "no sign-in"),
        (401, "invalid_client", "registrations"),
        (400, "unauthorized_client", "registrations"),
        (403, "insufficient_scope", "write access"),
        (401, "", "rateport login"),
    ],
)
def test_sign_in_troubles_say_what_to_do(status: int, error: str, advice: str) -> None:
    """Each is an AuthError with its own advice."""
    with pytest.raises(AuthError, match=advice):
        answer_to(status, {"error": error})


@pytest.mark.parametrize("error", ["client_id_failed", "", "rate_limit"])
def test_a_412_stops_the_run(error: str) -> None:
    """It may be a block for overuse, which more requests would lengthen."""
    with pytest.raises(ApiError, match=r"RATEPORT_CLIENT_ID.*lengthen"):
        answer_to(412, {"error": error})


def test_too_many_items_ask_for_a_smaller_batch_not_for_a_hunt() -> None:
    """Neither 413 nor max_items can be the fault of one row."""
    assert answer_to(413, text="") == Refused(413, "", may_be_one_row=False)
    assert answer_to(400, {"error": "max_items"}) == Refused(400, "max_items", may_be_one_row=False)
    assert answer_to(400, {"error": "empty_field"}) == Refused(400, "empty_field", may_be_one_row=True)


@pytest.mark.parametrize("error", ["premium_only", {"deep": 1}, ["x"], 7, True, "\x1b[31mred", "x" * 500])
def test_a_2xx_with_an_error_is_no_success(error: Any) -> None:
    """The error stops the run, is named when it has a decent name, and never repaints the terminal."""
    with pytest.raises(ApiError) as caught:
        answer_to(200, {"error": error, **reply_of(status_of(movie().item))})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200
    assert ("premium_only" in str(caught.value)) is (error == "premium_only")


@pytest.mark.parametrize("error", [None, False, "", [], 0])
def test_an_empty_error_is_none(error: Any) -> None:
    """A field that says nothing does not turn success into failure."""
    answer = answer_to(201, {"error": error, **reply_of(status_of(movie().item))})
    assert answer.verdicts == {movie().key: Verdict.ACCEPTED}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "<html><body>Checking your browser</body></html>",
        '{"added":{"movies":1,"shows":0,"statuses":[{"requ',
        "null",
        "[]",
        "{}",
        "7",
        '"ok"',
        '{"added":7,"not_found":{}}',
        '{"added":{"statuses":"x"},"not_found":{}}',
        '{"added":{"statuses":[]},"not_found":"x"}',
        '{"not_found":{"movies":[]}}',
        "[" * 100_000,
        "9" * 10_000,
        '{"added":{"statuses":[{"request":{"title":"\\ud800"}}]},"not_found":{}}',
    ],
)
@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_2xx_that_is_not_the_documented_reply_is_unclear(status: int, text: str) -> None:
    """2xx alone never means that a rating was stored."""
    answer = answer_to(status, text=text)
    assert isinstance(answer, Unclear)
    assert answer.should_shrink is False


def test_a_reply_of_invalid_utf8_is_unclear() -> None:
    """Bytes that are no text."""
    answer = client_for(lambda request: httpx.Response(201, content=b'{"added":"\xff"}')).post_ratings([movie()])
    assert isinstance(answer, Unclear)


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_2xx_with_the_documented_reply_counts(status: int) -> None:
    """Pages disagree on 200 and 201; the reply's own text is kept for the journal."""
    answer = answer_to(status, reply_of(status_of(movie().item)))
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {movie().key: Verdict.ACCEPTED}
    assert '"statuses"' in answer.raw
    assert answer.strays == 0


def test_entries_that_match_nothing_are_counted() -> None:
    """In each reply, and over all replies to one client."""
    client = client_for(
        always(
            201,
            reply_of(status_of(movie().item), status_of({"ids": {"hulu": 4}}), shows=[{"ids": {"imdb": "tt7"}}]),
        )
    )
    for times in (1, 2):
        answer = client.post_ratings([movie()])
        assert isinstance(answer, Accepted)
        assert answer.verdicts == {movie().key: Verdict.ACCEPTED}
        assert (answer.strays, client.strays) == (2, 2 * times)
