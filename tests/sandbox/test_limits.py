"""Pace, blocks, write lock and daily quota, all on a fake clock (simkl-api.md 3 and 14.9 to 14.11)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from importer.sandbox.app import SandboxSettings, create_app
from importer.sandbox.faults import Fault, FaultKind
from importer.sandbox.limits import seconds_to_reset
from tests.clock import FakeClock
from tests.sandbox.calling import IDENTITY, NOW, Caller


def outcome(caller: Caller, method: str, after_s: float, token: str | None = "t") -> tuple[int, str]:
    """Status and error of a call made so many seconds after the last."""
    caller.gap_s = after_s
    response = caller.call(method, "/sync/ratings", token=token, json={} if method == "POST" else None)
    return response.status_code, (response.json or {}).get("error", "")


def test_one_post_a_second() -> None:
    """To the second, from arrival to arrival."""
    caller = Caller()
    assert [outcome(caller, "POST", 1.0)[0] for _ in range(50)] == [201] * 50
    assert caller.stage.violations == []


def test_a_post_too_early_is_refused_and_blocks_the_caller() -> None:
    """For ten seconds nothing works, and each further time twice as long."""
    caller = Caller()
    outcome(caller, "POST", 5)
    assert outcome(caller, "POST", 0.99) == (429, "rate_limit")
    assert outcome(caller, "GET", 0.5) == (412, "client_id_failed")
    assert outcome(caller, "POST", 9.4) == (412, "client_id_failed")
    assert outcome(caller, "POST", 1.1) == (201, "")
    assert outcome(caller, "POST", 0.5) == (429, "rate_limit")
    assert outcome(caller, "POST", 19.9) == (412, "client_id_failed")
    assert outcome(caller, "POST", 0.05) == (412, "client_id_failed")
    assert outcome(caller, "POST", 39.9) == (412, "client_id_failed")
    assert outcome(caller, "POST", 1.1) == (201, "")
    assert [text.rpartition(": ")[2] for text in caller.stage.violations] == ["too fast"] * 3


def test_a_refused_post_is_not_applied() -> None:
    """Too fast means not at all."""
    caller = Caller()
    caller.post("/sync/ratings", {})
    caller.gap_s = 0.5
    caller.post("/sync/ratings", {"movies": [{"rating": 8, "ids": {"tmdb": 603}}]}, status=429)
    assert caller.stage.library() == []


def test_ten_gets_a_second() -> None:
    """The eleventh is refused for the moment, with a Retry-After that misleads; nothing is blocked."""
    caller = Caller()
    assert [outcome(caller, "GET", 0.05)[0] for _ in range(10)] == [200] * 10
    caller.gap_s = 0.05
    response = caller.call("GET", "/sync/ratings", token="t")
    assert (response.status_code, response.json["error"]) == (429, "rate_limit")
    assert int(response.headers["Retry-After"]) > 60_000
    assert outcome(caller, "GET", 1.0) == (200, "")
    assert [outcome(caller, "GET", 0.1)[0] for _ in range(30)] == [200] * 30


def test_tokens_are_counted_apart() -> None:
    """And calls without a token by their app."""
    caller = Caller()
    assert outcome(caller, "POST", 5, "a")[0] == 201
    assert outcome(caller, "POST", 0.1, "b")[0] == 201
    assert outcome(caller, "POST", 0.1, None) == (401, "user_token_required")
    assert outcome(caller, "POST", 0.1, None) == (429, "rate_limit")
    assert outcome(caller, "POST", 0.1, "a") == (429, "rate_limit")


def test_limits_can_be_left_off() -> None:
    """What comes too fast is served and noted all the same."""
    caller = Caller(enforce_limits=False)
    assert [outcome(caller, "POST", 0.5)[0] for _ in range(3)] == [201] * 3
    assert caller.stage.violations == [
        "call 2 POST /sync/ratings: too fast",
        "call 3 POST /sync/ratings: too fast",
    ]


def test_the_daily_quota() -> None:
    """What is left stands in the headers; once spent, nothing works until midnight US Eastern."""
    caller = Caller(daily_quota=3)
    left = [caller.call("GET", "/sync/activities").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    response = caller.call("GET", "/sync/activities")
    assert (response.status_code, response.json["error"]) == (429, "user_limit_exceeded")
    assert response.headers["X-RateLimit-Limit"] == "3"
    assert response.headers["Retry-After"] == str(17 * 3600 - 4)
    caller.clock.advance(17 * 3600 - 5)
    assert caller.call("GET", "/sync/activities").status_code == 200


def test_refusals_before_the_door_cost_no_quota() -> None:
    """Failed calls count, calls that name no account do not."""
    caller = Caller(daily_quota=2)
    assert caller.call("GET", "/sync/activities", token=None).status_code == 401
    assert caller.call("POST", "/sync/ratings", data=b"{").headers["X-RateLimit-Remaining"] == "1"


def test_the_quota_outlives_the_process(tmp_path: Path) -> None:
    """Starting again does not renew it."""
    settings = {"daily_quota": 1, "database": tmp_path / "account.sqlite"}
    assert Caller(**settings).call("GET", "/sync/activities").status_code == 200
    assert Caller(**settings).call("GET", "/sync/activities").status_code == 429


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), 17 * 3600),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), 16 * 3600),
        (datetime(2026, 11, 1, 4, 30, tzinfo=UTC), 24.5 * 3600),
        (datetime(2026, 11, 23, 4, 59, 59, 500_000, tzinfo=UTC), 1),
    ],
)
def test_the_way_to_midnight(now: datetime, seconds: float) -> None:
    """Winter, summer, the day on which clocks go back, and the last half second."""
    assert seconds_to_reset(now) == seconds


class StandingClock(FakeClock):
    """A clock on which whoever sleeps stays until it is let go."""

    def __init__(self) -> None:
        super().__init__(NOW)
        self.asleep = threading.Event()
        self.go_on = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Stay here."""
        self.asleep.set()
        assert self.go_on.wait(60)


@pytest.mark.parametrize("spelling", ["RATE_LIMIT", "rate_limit"])
def test_a_second_write_while_one_runs(spelling: str) -> None:
    """It meets the write lock, while reads go through; afterwards all is well."""
    clock = StandingClock()
    slow = Fault(kind=FaultKind.SLOW, seconds=15)
    app = create_app(SandboxSettings(enforce_limits=False, lock_error=spelling), clock=clock, faults=[slow])
    headers = {"Authorization": "Bearer t"}

    def post() -> int:
        return app.test_client().post("/sync/ratings", query_string=IDENTITY, headers=headers, json={}).status_code

    first = threading.Thread(target=post)
    first.start()
    assert clock.asleep.wait(60)
    response = app.test_client().post("/sync/ratings", query_string=IDENTITY, headers=headers, json={})
    assert (response.status_code, response.json["error"]) == (400, spelling)
    assert app.test_client().get("/sync/ratings", query_string=IDENTITY, headers=headers).status_code == 200
    clock.go_on.set()
    first.join()
    assert post() == 201
    assert clock.now() - NOW == timedelta(0)
