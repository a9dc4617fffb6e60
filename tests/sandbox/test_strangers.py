"""Other people's clients talk to the served stand-in unchanged: their requests as they make them, in httpx."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.sandbox.serving import serve
from tests.clock import FakeClock

IDENTITY = {"client_id": "v1-tv-app", "app-name": "a-tv-app", "app-version": "2.1"}
AGENT = {"User-Agent": "a-tv-app/2.1 (+https://example.org)"}


class Stranger:
    """A client that sends its app in the query or in the header, and more than a second between its calls."""

    def __init__(self, url: str, stage: Backstage, clock: FakeClock) -> None:
        self.stage = stage
        self.clock = clock
        self.http = httpx.Client(base_url=url, params=IDENTITY, headers=AGENT, trust_env=False)

    def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One call."""
        self.clock.advance(1.1)
        return self.http.request(method, path, **how)

    def get(self, path: str, **params: str) -> Any:
        """The body of a read."""
        answer = self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        """The body of a write's answer."""
        answer = self.call("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@contextmanager
def stranger(**switches: Any) -> Iterator[Stranger]:
    """A client at a served stand-in that knows the small catalogue; it must not misbehave either."""
    clock = FakeClock()
    app = create_app(SandboxSettings(strict_catalogue=True, **switches), clock=clock)
    with serve(app) as server:
        client = Stranger(server.url, backstage_of(app), clock)
        client.http.headers["Authorization"] = "Bearer any-token"
        with client.http:
            yield client
    assert client.stage.violations == []


def test_a_pin_is_polled_until_it_is_entered() -> None:
    """The loop of the older apps: `result` is KO with a message, then OK with a token that opens the account."""
    with stranger(only_issued_tokens=True) as client:
        del client.http.headers["Authorization"]
        pin = client.get("/oauth/pin")
        assert (pin["result"], pin["device_code"], pin["expires_in"], pin["interval"]) == (
            "OK",
            "DEVICE_CODE",
            900,
            5,
        )
        for _ in range(2):
            client.clock.advance(pin["interval"])
            waiting = client.get(f"/oauth/pin/{pin['user_code']}")
            assert waiting == {"result": "KO", "message": "Authorization pending"}
        client.stage.approve(pin["user_code"])
        client.clock.advance(pin["interval"])
        granted = client.get(f"/oauth/pin/{pin['user_code']}")
        assert granted["result"] == "OK"
        client.http.headers["Authorization"] = f"Bearer {granted['access_token']}"
        assert client.call("POST", "/users/settings").json()["user"]["name"] == "sandbox"
        assert client.call("GET", "/users/settings").json()["account"] == {
            "id": 1,
            "timezone": "UTC",
            "type": "free",
        }


def test_a_device_flow_of_the_second_generation() -> None:
    """Form-encoded, with the app in the form; the errors are those of RFC 8628."""
    with stranger(only_issued_tokens=True) as client:
        del client.http.headers["Authorization"]
        form = {"client_id": "tv-app"}
        code = client.call("POST", "/oauth2/device", data={**form, "scope": "media:read media:write"}).json()
        poll = {
            **form,
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": code["device_code"],
        }
        client.clock.advance(code["interval"])
        pending = client.call("POST", "/oauth2/token", data=poll)
        assert (pending.status_code, pending.json()["error"]) == (400, "authorization_pending")
        client.stage.approve(code["user_code"])
        client.clock.advance(code["interval"])
        tokens = client.call("POST", "/oauth2/token", data=poll).json()
        assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "media:read media:write")
        renewal = {**form, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        fresh = client.call("POST", "/oauth2/token", data=renewal).json()
        signed = {"Authorization": f"Bearer {fresh['access_token']}"}
        answer = client.call("GET", "/sync/activities", params={"client_id": "tv-app"}, headers=signed)
        assert answer.status_code == 200


@pytest.mark.parametrize("where", ["query", "header"])
def test_the_app_may_stand_in_the_query_or_in_the_header(where: str) -> None:
    """Without either the answer is 412."""
    with stranger() as client:
        client.http.params = httpx.QueryParams({"app-name": "a-tv-app", "app-version": "2.1"})
        assert client.call("GET", "/sync/activities").status_code == 412
        named: dict[str, Any] = (
            {"params": {"client_id": "v1-tv-app"}}
            if where == "query"
            else {"headers": {"simkl-api-key": "v1-tv-app"}}
        )
        assert client.call("GET", "/sync/activities", **named).status_code == 200


RATING = {"rating": 9, "rated_at": "2020-02-02T12:00:00Z", "ids": {"imdb": "tt0133093"}}


def test_ratings_are_written_and_read() -> None:
    """The sample of the official page, and both ways to read: with type and ratings, and all at once."""
    with stranger() as client:
        written = client.post(
            "/sync/ratings",
            {
                "movies": [RATING, {"rating": 3, "ids": {"imdb": "tt7777777"}}],
                "shows": [{"rating": 11, "ids": {"mal": 1}}],
            },
        )
        assert (written["added"]["movies"], written["added"]["shows"]) == (1, 0)
        assert [entry["request"]["ids"] for entry in written["added"]["statuses"]] == [{"imdb": "tt0133093"}]
        assert [item["ids"] for item in written["not_found"]["movies"]] == [{"imdb": "tt7777777"}]
        assert [item["ids"] for item in written["not_found"]["shows"]] == [{"mal": 1}]
        (row,) = client.get("/sync/ratings/movies/8,9")["movies"]
        assert (row["user_rating"], row["movie"]["title"], row["status"]) == (9, "The Matrix", "completed")
        assert row["user_rated_at"] == "2020-02-02T12:00:00.000Z"
        assert client.get("/sync/ratings/movies/1,2") == {}
        assert client.post("/sync/ratings/remove", {"movies": [{"ids": {"imdb": "tt0133093"}}]}) == {
            "deleted": {"movies": 1, "shows": 0},
            "not_found": {"movies": [], "shows": []},
        }


def test_a_sync_of_the_whole_library() -> None:
    """Activities first, everything once, then only what changed since the stamp that was kept."""
    with stranger() as client:
        client.post("/sync/add-to-list", {"movies": [{"to": "plantowatch", "ids": {"imdb": "tt1375666"}}]})
        kept = client.get("/sync/activities")["all"]
        everything = client.get("/sync/all-items", extended="full")
        assert [row["movie"]["title"] for row in everything["movies"]] == ["Inception"]
        client.post("/sync/ratings", {"movies": [RATING]})
        now = client.get("/sync/activities")
        assert now["all"] > kept
        assert now["movies"]["rated_at"] == now["all"]
        changed = client.get("/sync/all-items/", date_from=kept)
        assert [(row["movie"]["title"], row["user_rating"]) for row in changed["movies"]] == [("The Matrix", 9)]
        assert client.get("/sync/all-items/", date_from=now["all"]) in ({}, None)
        planned = client.get("/sync/all-items/movies/plantowatch")
        assert [row["movie"]["title"] for row in planned["movies"]] == ["Inception"]


def test_lists_and_watches() -> None:
    """`to` on each item, episodes by season, a whole show; a top-level `to` is refused as by Simkl."""
    with stranger() as client:
        refused = client.call(
            "POST", "/sync/add-to-list", json={"to": "plantowatch", "movies": [{"ids": {"imdb": "tt1375666"}}]}
        )
        assert (refused.status_code, refused.json()["error"]) == (400, "empty_field")
        moved = client.post("/sync/add-to-list", {"shows": [{"to": "watching", "ids": {"tvdb": 153021}}]})
        assert moved["added"]["shows"][0]["to"] == "watching"
        watched = client.post(
            "/sync/history",
            {
                "movies": [{"ids": {"tmdb": 603}, "watched_at": "2021-01-01T20:00:00Z"}],
                "shows": [
                    {
                        "ids": {"imdb": "tt7366338"},
                        "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}],
                    }
                ],
            },
        )
        assert watched["added"]["episodes"] == 2
        assert watched["added"]["movies"] == 1
        (show,) = [
            row for row in client.get("/sync/all-items/shows")["shows"] if row["show"]["title"] == "Chernobyl"
        ]
        assert (show["watched_episodes_count"], show["last_watched"]) == (2, "S01E02")
        gone = client.post("/sync/history/remove", {"movies": [{"ids": {"tmdb": 603}}]})
        assert gone["deleted"]["movies"] == 1


def test_lookups_need_no_following() -> None:
    """A redirect names the title in its Location; a search and an id tell the same number."""
    with stranger() as client:
        found = client.call("GET", "/redirect", params={"to": "simkl", "imdb": "tt0133093"})
        assert found.status_code == 301
        assert httpx.URL(found.headers["Location"]).path.startswith("/movies/1000001")
        missed = client.call("GET", "/redirect", params={"to": "simkl", "imdb": "tt7777777"})
        assert missed.headers["Location"] == "https://simkl.com/"
        (by_id,) = client.get("/search/id", imdb="tt0133093")
        assert by_id["ids"]["simkl"] == 1000001
        by_text = client.get("/search/movie", q="matrix", limit="5")
        assert [title["ids"]["simkl_id"] for title in by_text] == [1000001]
        del client.http.headers["Authorization"]
        assert client.get("/movies/1000001", extended="full")["title"] == "The Matrix"
