"""The account beyond its ratings: library, changes, activities, owner."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from importer.simkl.client import Activities, Profile, Quota, SimklClient
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import AccountTitle, Section
from tests.clock import FakeClock
from tests.simkl.service import always, client_for, failing
from tests.simkl.test_reading import FIGHT_CLUB, ROW, TROUBLES

PLANNED_ROW = {
    "user_rated_at": None,
    "user_rating": None,
    "status": "plantowatch",
    "show": {"title": "Game of Thrones", "year": 2011, "ids": {"simkl": 17465, "tvdb": "121361"}},
}
PLANNED = AccountTitle(
    section=Section.SHOWS,
    ids={"simkl": "17465", "tvdb": "121361"},
    title="Game of Thrones",
    year=2011,
    rating=None,
    rated_at=None,
    status="plantowatch",
)
SINCE = datetime(2026, 9, 20, 12, tzinfo=UTC)


def recording(document: Any) -> tuple[SimklClient, list[httpx.Request]]:
    """A client whose service always says `document`, and the requests that it gets."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text=json.dumps(document))

    return client_for(handler), seen


def test_the_library_holds_rated_and_unrated_titles() -> None:
    """With their lists, read in one request and in full; the rows stay as they are for a backup."""
    rows = [PLANNED_ROW, {**PLANNED_ROW, "user_rating": 7}]
    client, seen = recording({"shows": rows})
    titles, by_section = client.read_everything()
    assert titles[0] == PLANNED
    assert [title.rating for title in titles] == [None, 7]
    assert by_section == {"movies": [], "shows": rows, "anime": []}
    assert seen[0].url.path == "/sync/all-items"
    assert set(seen[0].url.params) == {"client_id", "app-name", "app-version"}


def test_a_date_of_rating_without_a_rating_is_none() -> None:
    """A cleared rating leaves its date behind."""
    client, _ = recording({"shows": [{**PLANNED_ROW, "user_rated_at": "2021-06-23T13:19:05Z"}]})
    assert client.read_everything()[0] == [PLANNED]


@pytest.mark.parametrize("document", [{}, None, {"movies": []}, {"movies": None}])
def test_the_forms_of_an_empty_library(document: Any) -> None:
    """As those of an account without ratings."""
    assert recording(document)[0].read_everything() == ([], {"movies": [], "shows": [], "anime": []})


@pytest.mark.parametrize(
    "document",
    [
        7,
        "ok",
        [],
        {"error_of_no_name": True},
        {"movies": "none"},
        {"movies": [7]},
        {"movies": [{"status": "completed"}]},
        {"movies": [{**ROW, "user_rating": 0}]},
        {"movies": [{**ROW, "movie": "x"}]},
        {"movies": [ROW], "anime": 7},
    ],
)
def test_an_odd_library_is_no_empty_one(document: Any) -> None:
    """What seems not to be listed would be filed anew, and a backup would miss it."""
    with pytest.raises(ApiError, match=r"list of (your \w+|changes) has a form that rateport does not know"):
        recording(document)[0].read_everything()


@pytest.mark.parametrize("text", ["", "<html>", '{"movies":[{"status":"comp', '{"movies":[]'])
def test_a_cut_library_is_no_empty_one(text: str) -> None:
    """It is asked for again, and then told."""
    client = client_for(always(200, text=text))
    with pytest.raises(ApiError, match="could not be read 6 times"):
        client.read_everything()


READS: dict[str, Any] = {
    "library": lambda client: client.read_everything(),
    "delta": lambda client: client.library_delta(SINCE),
    "activities": lambda client: client.activities(),
    "settings": lambda client: client.settings(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize(
    ("status", "error", "raised"),
    [
        (401, "user_token_failed", AuthError),
        (403, "insufficient_scope", AuthError),
        (412, "client_id_failed", ApiError),
        (429, "user_limit_exceeded", Paused),
        (200, "premium_only", ApiError),
        (301, "", ApiError),
    ],
)
def test_what_cannot_pass_is_told_as_for_ratings(
    read: Any, status: int, error: str, raised: type[Exception]
) -> None:
    """One request, one sentence."""
    client = client_for(always(status, {"error": error}))
    with pytest.raises(raised):
        read(client)
    assert client.requests.get == 1


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_what_can_pass_is_outlasted_as_for_ratings(read: Any, trouble: httpx.Response | Exception) -> None:
    """Six tries, then a sentence; none of it is taken for an answer."""

    def handler(request: httpx.Request) -> httpx.Response:
        if isinstance(trouble, Exception):
            raise trouble
        return httpx.Response(trouble.status_code, content=trouble.content, headers=trouble.headers)

    clock = FakeClock()
    with pytest.raises((ApiError, Paused), match=r"could not be read 6 times|cannot be reached"):
        read(client_for(handler, clock))
    assert len(clock.sleeps) == 5


def test_a_delta_asks_from_a_second_before() -> None:
    """Simkl means strictly newer; the moment itself must not fall through."""
    client, seen = recording({"movies": [ROW], "shows": [PLANNED_ROW]})
    assert client.library_delta(SINCE.astimezone(timezone(timedelta(hours=2)))) == [FIGHT_CLUB, PLANNED]
    assert seen[0].url.path == "/sync/all-items"
    assert seen[0].url.params["date_from"] == "2026-09-20T11:59:59Z"
    assert seen[0].url.params["client_id"] == "client-canary"


@pytest.mark.parametrize("document", [{}, None, {"movies": []}, {"anime": None}])
def test_the_forms_of_no_change(document: Any) -> None:
    """Nothing, in each of its forms."""
    assert recording(document)[0].library_delta(SINCE) == []


@pytest.mark.parametrize("document", [[], [ROW], 7, {"films": []}, {"movies": [], "shows": 7}])
def test_an_odd_delta_is_not_no_change(document: Any) -> None:
    """It must not pass for an account that stood still."""
    with pytest.raises(ApiError):
        recording(document)[0].library_delta(SINCE)


ACTIVITIES = {
    "all": "2026-09-20T12:00:00Z",
    "settings": {"all": None},
    "tv_shows": {"all": "2026-09-20T12:00:00.500Z", "rated_at": None, "watching": "2026-09-19T12:00:00Z"},
    "anime": {"all": None},
    "movies": None,
}


def test_activities() -> None:
    """By section, under the names of the rest of the service; null means never."""
    client, seen = recording(ACTIVITIES)
    noon = datetime(2026, 9, 20, 12, tzinfo=UTC)
    assert client.activities() == Activities(
        all=noon,
        sections={
            Section.MOVIES: {},
            Section.SHOWS: {"all": noon, "rated_at": None, "watching": noon - timedelta(days=1)},
            Section.ANIME: {"all": None},
        },
    )
    assert (seen[0].method, seen[0].url.path) == ("GET", "/sync/activities")


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        [],
        7,
        {**ACTIVITIES, "all": "soon"},
        {**ACTIVITIES, "all": 7},
        {**ACTIVITIES, "movies": 7},
        {**ACTIVITIES, "anime": {"all": ""}},
    ],
)
def test_odd_activities_are_not_never(document: Any) -> None:
    """An account that seems untouched would not be read again."""
    with pytest.raises(ApiError, match="activities has a form"):
        recording(document)[0].activities()


SETTINGS = {"user": {"name": "Ada", "age": "36"}, "account": {"id": 7, "timezone": "UTC", "type": "vip"}}


def test_settings_say_whose_account_it_is() -> None:
    """Read by GET, with the day's quota where the headers tell it."""
    quota = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "499"}
    client = client_for(always(200, SETTINGS, headers=quota))
    assert client.settings() == Profile(id="7", name="Ada", type="vip", quota=Quota(500, 499))
    assert (client.requests.get, client.requests.post) == (1, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-RateLimit-Limit": "500"},
        {"X-RateLimit-Remaining": "9"},
        {"X-RateLimit-Limit": "lots", "X-RateLimit-Remaining": "9"},
        {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "-1"},
        {"X-RateLimit-Limit": "9" * 500, "X-RateLimit-Remaining": "9"},
    ],
)
def test_a_quota_that_is_not_told_is_none(headers: dict[str, str]) -> None:
    """Sources disagree on whether the headers exist, so nothing may need them."""
    assert client_for(always(200, SETTINGS, headers=headers)).settings().quota is None


@pytest.mark.parametrize("status", [404, 405])
def test_settings_are_asked_for_by_post_where_get_is_refused(status: int) -> None:
    """The page documents POST; it is paced and marked like any other."""
    seen: list[tuple[str, bytes]] = []
    marks: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.content))
        return httpx.Response(status if request.method == "GET" else 200, json=SETTINGS)

    assert client_for(handler, on_post=lambda: marks.append(1)).settings().id == "7"
    assert (seen, marks) == ([("GET", b""), ("POST", b"")], [1])


def test_settings_that_are_refused_both_ways_are_told() -> None:
    """No third way is tried."""
    client = client_for(always(404, {"error": "url_failed"}))
    with pytest.raises(ApiError, match="404 url_failed"):
        client.settings()
    assert (client.requests.get, client.requests.post) == (1, 1)


@pytest.mark.parametrize(
    "document",
    [None, {}, [], {"user": {"name": "Ada"}}, {"account": {}}, {"account": {"id": None}}, {"account": {"id": True}},
     {"account": {"id": "x"}}, {"account": {"id": -1}}, {"account": {"id": ""}}, {"account": []}],
)  # fmt: skip
def test_an_account_without_a_number_is_an_error(document: Any) -> None:
    """Journals and sign-ins are told apart by it."""
    with pytest.raises(ApiError, match="whose account"):
        recording(document)[0].settings()


def test_the_number_of_an_account_may_be_text() -> None:
    """And name and type may be missing."""
    assert recording({"account": {"id": "7"}})[0].settings() == Profile(id="7", name="", type="", quota=None)


def test_no_network_is_a_pause_for_every_read() -> None:
    """Nothing is counted, for nothing left."""
    client = client_for(failing(httpx.ConnectError("away")))
    with pytest.raises(Paused):
        client.settings()
    assert client.requests.get == 0
