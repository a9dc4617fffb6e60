"""The write of watches (simkl-api.md 7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import Caller

DAY = "2020-02-03T20:00:00Z"


@pytest.fixture
def caller() -> Caller:
    """An empty account and the catalogue of the fixture."""
    return Caller(strict_catalogue=True)


def lists(caller: Caller) -> dict[int, tuple[str, int]]:
    """List and watched episodes by simkl number."""
    return {entry.title.simkl: (entry.status, entry.watched) for entry in caller.stage.library()}


def watch(caller: Caller, section: str, *items: dict[str, Any]) -> Any:
    """The reply to a request with one array."""
    return caller.post("/sync/history", {section: list(items)})


def test_a_movie_with_a_rating(caller: Caller) -> None:
    """The watch is dated as asked, the rating now."""
    reply = watch(caller, "movies", {"ids": {"tmdb": 603}, "watched_at": DAY, "rating": 8})
    assert reply == {
        "added": {
            "movies": 1,
            "shows": 0,
            "episodes": 0,
            "statuses": [
                {
                    "request": {
                        "ids": {"tmdb": 603},
                        "watched_at": "2020-02-03T20:00:00.000Z",
                        "rating": 8,
                        "type": "movie",
                    },
                    "response": {"status": "completed", "simkl_type": "movie", "anime_type": None},
                }
            ],
        },
        "not_found": {"movies": [], "shows": [], "episodes": []},
    }
    (row,) = caller.get("/sync/ratings/movies/8")["movies"]
    assert row["last_watched_at"] == "2020-02-03T20:00:00.000Z"
    assert row["user_rated_at"] == "2026-11-23T12:00:01.000Z"
    stamps = caller.get("/sync/activities")["movies"]
    assert stamps["completed"] == stamps["rated_at"] == "2026-11-23T12:00:01Z"


def test_a_movie_without_a_rating(caller: Caller) -> None:
    """It leaves the rating alone; the echo names it all the same, and the watch is dated now."""
    caller.rate("movies", {"rating": 6, "ids": {"tmdb": 603}, "rated_at": DAY})
    reply = watch(caller, "movies", {"ids": {"tmdb": 603}})
    request = reply["added"]["statuses"][0]["request"]
    assert request == {"ids": {"tmdb": 603}, "rating": None, "type": "movie"}
    (row,) = caller.get("/sync/ratings/movies/6")["movies"]
    assert (row["last_watched_at"], row["user_rated_at"]) == (
        "2026-11-23T12:00:02.000Z",
        "2020-02-03T20:00:00.000Z",
    )


@pytest.mark.parametrize("rating", [0, 11, None, "8", 8.5, True])
def test_a_rating_that_is_none(caller: Caller, rating: Any) -> None:
    """The watch counts, the rating does not."""
    assert watch(caller, "movies", {"ids": {"tmdb": 603}, "rating": rating})["added"]["movies"] == 1
    assert [entry.rating for entry in caller.stage.library()] == [None]


def test_the_last_watch_is_the_one_shown(caller: Caller) -> None:
    """An earlier one that is told later changes nothing."""
    for day in ("2020-02-03", "2019-01-01", "2021-05-06", "2018-01-01"):
        watch(caller, "movies", {"ids": {"tmdb": 603}, "watched_at": f"{day}T00:00:00Z"})
    assert [entry.watched_at for entry in caller.stage.library()] == ["2021-05-06T00:00:00Z"]


def test_a_show_that_has_ended(caller: Caller) -> None:
    """Bare, all its episodes are marked, once."""
    item = {"ids": {"tmdb": 1399}, "watched_at": DAY}
    replies = [watch(caller, "shows", item) for _ in range(2)]
    assert [(reply["added"]["shows"], reply["added"]["episodes"]) for reply in replies] == [(1, 73), (1, 0)]
    assert lists(caller) == {1000102: ("completed", 73)}
    (row,) = caller.get("/sync/all-items/shows")["shows"]
    assert (row["last_watched"], row["next_to_watch"]) == ("S01E73", None)
    assert (row["watched_episodes_count"], row["total_episodes_count"]) == (73, 73)


def test_a_show_that_still_airs(caller: Caller) -> None:
    """Bare, what has aired is marked; anime is counted under shows."""
    reply = watch(caller, "anime", {"ids": {"mal": 21}, "rating": 9})
    assert (reply["added"]["shows"], reply["added"]["episodes"]) == (1, 1085)
    (row,) = caller.get("/sync/ratings/anime/9")["anime"]
    assert (row["status"], row["last_watched"], row["next_to_watch"]) == ("watching", "E1085", "E1086")
    counts = [row[f"{name}_episodes_count"] for name in ("watched", "total", "not_aired")]
    assert counts == [1085, 1100, 15]


def test_a_show_that_has_not_begun() -> None:
    """Nothing is marked, and it is being watched."""
    caller = Caller()
    reply = watch(caller, "shows", {"ids": {"imdb": "tt9000001"}, "title": "Some Day", "year": 2031})
    assert (reply["added"]["shows"], reply["added"]["episodes"]) == (1, 0)
    assert reply["added"]["statuses"][0]["response"]["status"] == "watching"


def test_single_episodes(caller: Caller) -> None:
    """Those named are marked; the last one completes a show that has ended."""
    first = {"ids": {"tmdb": 87108}, "seasons": [{"number": 1, "episodes": [{"number": 2}, {"number": 1}]}]}
    assert watch(caller, "shows", first)["added"]["episodes"] == 2
    assert lists(caller) == {1000103: ("watching", 2)}
    (row,) = caller.get("/sync/all-items/shows")["shows"]
    assert (row["last_watched"], row["next_to_watch"], row["watched_episodes_count"]) == ("S01E02", "S01E03", 2)
    rest = {"ids": {"tmdb": 87108}, "episodes": [{"number": number} for number in (3, 4, 5)]}
    assert watch(caller, "shows", rest)["added"]["episodes"] == 3
    assert lists(caller) == {1000103: ("completed", 5)}


def test_a_whole_season(caller: Caller) -> None:
    """Named without its episodes."""
    reply = watch(caller, "shows", {"ids": {"tmdb": 87108}, "seasons": [{"number": 1}]})
    assert reply["added"]["episodes"] == 5
    assert lists(caller) == {1000103: ("completed", 5)}


def test_episodes_that_do_not_exist(caller: Caller) -> None:
    """Stand in not_found; the show is found."""
    ids = {"tmdb": 87108}
    item = {"ids": ids, "seasons": [{"number": 1, "episodes": [{"number": 6}, {"number": 5}]}, {"number": 2}]}
    alone = {"ids": {"tvdb": 349232}}
    reply = caller.post("/sync/history", {"shows": [item], "episodes": [alone]})
    assert (reply["added"]["shows"], reply["added"]["episodes"]) == (1, 1)
    assert reply["not_found"]["episodes"] == [
        alone,
        {"ids": ids, "season": 1, "episode": 6},
        {"ids": ids, "season": 2, "episode": None},
    ]


def test_what_is_not_found(caller: Caller) -> None:
    """Anime under shows."""
    item = {"ids": {"mal": 4}, "rating": 8}
    reply = watch(caller, "anime", item)
    assert reply["not_found"] == {"movies": [], "shows": [{**item, "type": "anime"}], "episodes": []}
    assert reply["added"] == {"movies": 0, "shows": 0, "episodes": 0, "statuses": []}


def test_an_empty_request(caller: Caller) -> None:
    """Is a way to find out whether a token may write."""
    reply = caller.post("/sync/history", {})
    assert reply["added"] == {"movies": 0, "shows": 0, "episodes": 0, "statuses": []}


def test_a_list_and_a_day_of_adding_can_be_named(caller: Caller) -> None:
    """The list wins over the one that follows from the watch; a title already listed keeps its day."""
    item = {"ids": {"tmdb": 1399}, "status": "dropped", "added_at": "2018-01-01T00:00:00Z"}
    assert watch(caller, "shows", item)["added"]["statuses"][0]["response"]["status"] == "dropped"
    watch(caller, "shows", {**item, "added_at": "2017-01-01T00:00:00Z"})
    (entry,) = caller.stage.library()
    assert (entry.status, entry.added_at) == ("dropped", "2018-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "item",
    [{"status": "watching"}, {"status": "seen"}, {"watched_at": "yesterday"}, {"added_at": 5}],
)
def test_a_request_that_is_refused_as_a_whole(caller: Caller, item: dict[str, Any]) -> None:
    """For a list or a moment that is none; nothing of it is kept."""
    body = {"movies": [{"ids": {"tmdb": 550}}, {"ids": {"tmdb": 603}, **item}]}
    assert caller.post("/sync/history", body, status=400)["error"] == "wrong_parameter"
    assert caller.stage.library() == []


@pytest.mark.parametrize("body", [{"shows": [{"ids": {"tmdb": 1399}, "seasons": 5}]}, {"episodes": "all"}, []])
def test_a_request_of_another_shape(caller: Caller, body: Any) -> None:
    """Is refused."""
    assert caller.post("/sync/history", body, status=400)["error"] == "wrong_parameter"


def test_a_date_that_costs_only_its_item() -> None:
    """If so switched."""
    caller = Caller(strict_catalogue=True, bad_date_fails_batch=False)
    reply = watch(caller, "movies", {"ids": {"tmdb": 550}}, {"ids": {"tmdb": 603}, "watched_at": "yesterday"})
    assert (reply["added"]["movies"], len(reply["not_found"]["movies"])) == (1, 1)


def test_removing_takes_the_watches_along(caller: Caller) -> None:
    """Watched again, all episodes are new."""
    item = {"ids": {"tmdb": 87108}}
    watch(caller, "shows", item)
    caller.post("/sync/history/remove", {"shows": [item]})
    assert lists(caller) == {}
    assert watch(caller, "shows", item)["added"]["episodes"] == 5
