"""The reads (simkl-api.md 6, 14.18 and 14.19)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import ALL, Caller


def filled(**switches: Any) -> Caller:
    """An account with a rated movie, show and anime, and a planned movie that is not rated."""
    caller = Caller(strict_catalogue=True, **switches)
    caller.post("/sync/add-to-list", {"movies": [{"to": "plantowatch", "ids": {"tmdb": 550}}]})
    caller.clock.advance(3600)
    caller.post(
        "/sync/ratings",
        {
            "movies": [{"rating": 6, "ids": {"tmdb": 603}, "rated_at": "2021-06-23T13:19:05Z"}],
            "shows": [{"rating": 9, "ids": {"tmdb": 1399}, "rated_at": "2022-01-01T00:00:00Z"}],
            "anime": [{"rating": 10, "ids": {"mal": 21}, "rated_at": "2023-01-01T00:00:00Z"}],
        },
    )
    return caller


def numbers(document: Any) -> dict[str, list[int]]:
    """The simkl numbers in a reply, by type."""
    return {
        section: [(row.get("movie") or row.get("show"))["ids"]["simkl"] for row in rows]
        for section, rows in document.items()
    }


def test_a_rated_movie_in_full() -> None:
    """No episode fields, the simkl id a number, all others text."""
    assert filled().get(f"/sync/ratings/movies/{ALL}") == {
        "movies": [
            {
                "added_to_watchlist_at": "2026-11-23T13:00:02.000Z",
                "last_watched_at": None,
                "user_rated_at": "2021-06-23T13:19:05.000Z",
                "user_rating": 6,
                "status": "completed",
                "movie": {
                    "title": "The Matrix",
                    "year": 1999,
                    "ids": {"simkl": 1000001, "slug": "the-matrix", "imdb": "tt0133093", "tmdb": "603"},
                },
            }
        ]
    }


def test_a_rated_anime_in_full() -> None:
    """It nests under show, with its own type beside it."""
    (row,) = filled(fraction_in_dates=False).get("/sync/ratings/anime/9,10")["anime"]
    assert row["user_rated_at"] == "2023-01-01T00:00:00Z"
    assert row["anime_type"] == "tv"
    assert (row["watched_episodes_count"], row["total_episodes_count"], row["next_to_watch"]) == (0, 1100, None)
    assert row["show"] == {
        "title": "One Piece",
        "year": 1999,
        "ids": {
            "simkl": 1000204, "slug": "one-piece", "imdb": "tt0388629", "tmdb": "37854", "tvdb": "81797",
            "mal": "21", "anidb": "69", "anilist": "21", "kitsu": "12", "animeplanet": "one-piece",
            "anisearch": "2227", "livechart": "321",
        },
    }  # fmt: skip


def test_rare_ids_can_be_left_out() -> None:
    """As a newer note has it."""
    (row,) = filled(rare_ids_on_reads=False).get(f"/sync/ratings/anime/{ALL}")["anime"]
    assert set(row["show"]["ids"]) == {"simkl", "slug", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu"}


def test_a_tvdb_slug_comes_back_under_its_own_name() -> None:
    """On requests tvdb takes both."""
    caller = Caller()
    caller.rate("shows", {"rating": 7, "ids": {"tvdb": "the-wire"}}, {"rating": 7, "ids": {"tvdb": 79126}})
    found = [row["show"]["ids"] for row in caller.get(f"/sync/ratings/shows/{ALL}")["shows"]]
    assert sorted([ids.get("tvdb"), ids.get("tvdbslug")] for ids in found if ids.get("tvdb")) == [["79126", None]]
    assert [ids["tvdbslug"] for ids in found if "tvdbslug" in ids] == ["the-wire"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", {"movies": [1000001], "shows": [1000102], "anime": [1000204]}),
        ("/shows", {"shows": [1000102]}),
        ("/movies", {"movies": [1000001, 1000006]}),
        ("/movies/6", {"movies": [1000001]}),
        ("/movies/5,7", {}),
        ("/movies/0", {}),
        ("/movies/11", {}),
        ("/movies/6.0", {}),
        ("/shows/9,11", {"shows": [1000102]}),
        ("/films/6,9", {"movies": [1000001], "shows": [1000102]}),
        ("/tv", {"movies": [1000001, 1000006], "shows": [1000102], "anime": [1000204]}),
    ],
)
def test_what_a_read_of_ratings_holds(path: str, found: dict[str, list[int]]) -> None:
    """Without ratings the whole library of the type, with an unknown type all types, and nobody says so."""
    assert numbers(filled().get(f"/sync/ratings{path}")) == found


def test_nothing_is_an_empty_object_or_null() -> None:
    """By the age of the app."""
    assert Caller().get("/sync/ratings") == {}
    assert Caller(legacy_null=True).get("/sync/ratings") is None
    assert Caller(legacy_null=True).get("/sync/all-items") is None


def test_a_cleared_rating_shows_only_without_ratings() -> None:
    """With a date but no rating: a date alone proves nothing."""
    caller = filled()
    caller.post("/sync/ratings/remove", {"shows": [{"ids": {"tmdb": 1399}}]})
    (row,) = caller.get("/sync/ratings/shows", date_from="2026-11-23T13:00:02Z")["shows"]
    assert (row["user_rating"], row["user_rated_at"]) == (None, "2026-11-23T13:00:03.000Z")
    assert caller.get(f"/sync/ratings/shows/{ALL}") == {}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", {"movies": [1000001, 1000006], "shows": [1000102], "anime": [1000204]}),
        ("/anime", {"anime": [1000204]}),
        ("/movies/all", {"movies": [1000001, 1000006]}),
        ("/movies/plantowatch", {"movies": [1000006]}),
        ("/movies/watching", {}),
        ("/movies/hold", {}),
        ("/shows/watching", {"shows": [1000102]}),
    ],
)
def test_what_a_read_of_the_library_holds(path: str, found: dict[str, list[int]]) -> None:
    """Narrowed by type and list; two lists that movies do not have are valid and empty."""
    assert numbers(filled().get(f"/sync/all-items{path}")) == found


def test_the_library_since_a_moment() -> None:
    """What changed strictly after it, back-dated ratings included."""
    caller = filled()
    assert numbers(caller.get("/sync/all-items", date_from="2026-11-23T12:00:01Z")) == {
        "movies": [1000001],
        "shows": [1000102],
        "anime": [1000204],
    }
    assert caller.get("/sync/all-items", date_from="2026-11-23T13:00:02.000Z") == {}
    assert caller.get("/sync/all-items", date_from="2026-11-23T15:00:02+02:00") == {}


def test_the_library_as_bare_ids() -> None:
    """All of them, or simkl alone."""
    caller = filled()
    assert caller.get("/sync/all-items/movies", extended="simkl_ids_only") == {
        "movies": [{"movie": {"ids": {"simkl": 1000001}}}, {"movie": {"ids": {"simkl": 1000006}}}]
    }
    assert caller.get("/sync/all-items/shows", extended="ids_only") == {
        "shows": [
            {
                "show": {
                    "ids": {
                        "simkl": 1000102,
                        "slug": "game-of-thrones",
                        "imdb": "tt0944947",
                        "tmdb": "1399",
                        "tvdb": "121361",
                    }
                }
            }
        ]
    }


@pytest.mark.parametrize(
    "path", ["/sync/all-items/films", "/sync/all-items/movies/seen", "/sync/all-items?date_from=x"]
)
def test_a_wrong_word_in_a_read_of_the_library(path: str) -> None:
    """Is refused, other than with ratings."""
    path, _, query = path.partition("?")
    params = {"client_id": "app", **dict([query.split("=")] if query else [])}
    response = Caller().call("GET", path, params=params)
    assert (response.status_code, response.json["error"]) == (400, "wrong_parameter")


def test_activities_of_a_new_account() -> None:
    """Never is null, and movies have no watching and no hold."""
    stamps = Caller().get("/sync/activities")
    assert stamps["all"] is None
    assert set(stamps) == {"all", "settings", "tv_shows", "anime", "movies"}
    assert stamps["movies"] == dict.fromkeys(
        ("all", "rated_at", "playback", "plantowatch", "completed", "dropped", "removed_from_list")
    )
    assert set(stamps["anime"]) == {*stamps["movies"], "watching", "hold"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_user_settings(method: str) -> None:
    """By either verb."""
    response = Caller(account_id=42, account_type="vip", user_name="mira").call(method, "/users/settings")
    assert response.json["account"] == {"id": 42, "timezone": "UTC", "type": "vip"}
    assert response.json["user"]["name"] == "mira"
