"""The writes that take away or move (simkl-api.md 5, 14.16 and 14.17)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import Caller


@pytest.fixture
def caller() -> Caller:
    """An account with a rated movie, show and anime."""
    made = Caller(strict_catalogue=True)
    made.post(
        "/sync/ratings",
        {
            "movies": [{"rating": 8, "ids": {"tmdb": 603}, "rated_at": "2019-05-04T10:00:00Z"}],
            "shows": [{"rating": 9, "ids": {"tmdb": 1399}}],
            "anime": [{"rating": 10, "ids": {"mal": 21}}],
        },
    )
    return made


def ratings_of(caller: Caller) -> dict[int, int | None]:
    """The ratings by simkl number."""
    return {entry.title.simkl: entry.rating for entry in caller.stage.library()}


def test_removing_a_rating_leaves_the_title_on_its_list(caller: Caller) -> None:
    """The value that may stand there is ignored; the answer counts."""
    before = caller.get("/sync/activities")["movies"]
    reply = caller.post("/sync/ratings/remove", {"movies": [{"rating": 3, "ids": {"imdb": "tt0133093"}}]})
    assert reply == {"deleted": {"movies": 1, "shows": 0}, "not_found": {"movies": [], "shows": []}}
    assert ratings_of(caller) == {1000001: None, 1000102: 9, 1000204: 10}
    assert caller.stage.library()[0].status == "completed"
    after = caller.get("/sync/activities")["movies"]
    assert (before["rated_at"], after["rated_at"]) == ("2026-11-23T12:00:01Z", "2026-11-23T12:00:03Z")
    assert before["completed"] == after["completed"]


def test_removing_counts_matches_rated_or_not(caller: Caller) -> None:
    """Again and again."""
    for _ in range(2):
        reply = caller.post("/sync/ratings/remove", {"movies": [{"ids": {"tmdb": 603}}, {"ids": {"tmdb": 550}}]})
        assert reply["deleted"] == {"movies": 2, "shows": 0}
    assert 1000006 not in ratings_of(caller)


def test_removing_what_is_not_found(caller: Caller) -> None:
    """It stands in not_found, anime under shows."""
    missing = {"ids": {"tmdb": 5}}
    reply = caller.post("/sync/ratings/remove", {"movies": [missing], "shows": [missing]})
    assert reply == {"deleted": {"movies": 0, "shows": 0}, "not_found": {"movies": [missing], "shows": [missing]}}


@pytest.mark.parametrize(("switch", "deleted", "left"), [(False, 0, 10), (True, 1, None)])
def test_the_anime_array_on_removal(switch: bool, deleted: int, left: int | None) -> None:
    """The notes disagree on whether it is read; in shows[] anime is always found."""
    caller = Caller(strict_catalogue=True, anime_array_on_remove=switch)
    caller.rate("anime", {"rating": 10, "ids": {"mal": 21}})
    reply = caller.post("/sync/ratings/remove", {"anime": [{"ids": {"mal": 21}}]})
    assert reply["deleted"] == {"movies": 0, "shows": deleted}
    assert ratings_of(caller) == {1000204: left}
    assert caller.post("/sync/ratings/remove", {"shows": [{"ids": {"mal": 21}}]})["deleted"]["shows"] == 1
    assert ratings_of(caller) == {1000204: None}


def test_removing_from_history_takes_all(caller: Caller) -> None:
    """List entry and rating; anime[] goes unread, in shows[] anime is found."""
    reply = caller.post(
        "/sync/history/remove",
        {"movies": [{"ids": {"tmdb": 603}}, {"ids": {"tmdb": 5}}], "anime": [{"ids": {"mal": 21}}]},
    )
    assert reply == {
        "deleted": {"movies": 1, "shows": 0, "episodes": 0},
        "not_found": {"movies": [{"ids": {"tmdb": 5}}], "shows": [], "episodes": []},
    }
    assert ratings_of(caller) == {1000102: 9, 1000204: 10}
    stamps = caller.get("/sync/activities")["movies"]
    assert stamps["removed_from_list"] == stamps["rated_at"] == "2026-11-23T12:00:02Z"
    caller.post("/sync/history/remove", {"shows": [{"ids": {"mal": 21}}]})
    assert ratings_of(caller) == {1000102: 9}


def test_removing_single_seasons_leaves_the_title(caller: Caller) -> None:
    """Only bare ids mean the whole."""
    caller.post("/sync/history/remove", {"shows": [{"ids": {"tmdb": 1399}, "seasons": [{"number": 1}]}]})
    assert ratings_of(caller)[1000102] == 9


def test_moving_to_another_list(caller: Caller) -> None:
    """Each item names its list; the rating stays."""
    reply = caller.post(
        "/sync/add-to-list",
        {
            "movies": [{"to": "dropped", "ids": {"tmdb": 603}}],
            "anime": [{"to": "hold", "ids": {"mal": 21}}, {"to": "hold", "ids": {"mal": 4}}],
        },
    )
    assert reply == {
        "added": {
            "movies": [{"to": "dropped", "ids": {"tmdb": 603}, "type": "movie"}],
            "shows": [{"to": "hold", "ids": {"mal": 21}, "type": "anime"}],
        },
        "not_found": {"movies": [], "shows": [{"to": "hold", "ids": {"mal": 4}}]},
    }
    found = {entry.title.simkl: (entry.status, entry.rating) for entry in caller.stage.library()}
    assert found == {1000001: ("dropped", 8), 1000102: ("watching", 9), 1000204: ("hold", 10)}
    assert caller.get("/sync/activities")["anime"]["hold"] == "2026-11-23T12:00:02Z"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"to": "dropped", "movies": [{"ids": {"tmdb": 603}}]}, "empty_field"),
        ({"movies": [{"to": "", "ids": {"tmdb": 603}}]}, "empty_field"),
        ({"movies": [{"to": "seen", "ids": {"tmdb": 603}}]}, "wrong_parameter"),
        ({"movies": [{"to": "watching", "ids": {"tmdb": 603}}]}, "wrong_parameter"),
    ],
)
def test_an_item_must_name_its_list(caller: Caller, body: Any, error: str) -> None:
    """A list named on top does not count."""
    assert caller.post("/sync/add-to-list", body, status=400)["error"] == error
    assert ratings_of(caller)[1000001] == 8
