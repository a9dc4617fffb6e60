"""POST /sync/ratings, by simkl-add-ratings.txt and simkl-api.md 4."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import Caller

T3 = {"simkl": 53536}


@pytest.fixture
def strict() -> Caller:
    """A stand-in with the fixture catalogue."""
    return Caller(strict_catalogue=True)


def test_the_sample_of_the_official_page(strict: Caller) -> None:
    """The request of the page files a released movie as completed, a show and an anime as watching."""
    reply = strict.post(
        "/sync/ratings",
        {
            "movies": [{"rating": 8, "ids": {"simkl": 53536}}],
            "shows": [{"rating": 9, "ids": {"tmdb": "1399"}}],
            "anime": [{"rating": 10, "ids": {"mal": "11757"}, "rated_at": "2026-05-15T20:00:00Z"}],
        },
    )
    assert reply == {
        "added": {
            "movies": 1,
            "shows": 2,
            "statuses": [
                {
                    "request": {"rating": 8, "ids": {"simkl": 53536}},
                    "response": {"status": "completed", "simkl_type": "movie", "anime_type": None},
                },
                {
                    "request": {"rating": 9, "ids": {"tmdb": "1399"}},
                    "response": {"status": "watching", "simkl_type": "tv", "anime_type": None},
                },
                {
                    "request": {"rating": 10, "ids": {"mal": "11757"}, "rated_at": "2026-05-15T20:00:00.000Z"},
                    "response": {"status": "watching", "simkl_type": "anime", "anime_type": "tv"},
                },
            ],
        },
        "not_found": {"movies": [], "shows": []},
    }


def test_the_sample_reply_of_the_official_page() -> None:
    """With bare responses the reply has exactly the form that the page shows."""
    caller = Caller(strict_catalogue=True, bare_response=True)
    reply = caller.post("/sync/ratings", {"movies": [{"rating": 8, "ids": {"simkl": 53536}}]})
    assert reply["added"]["statuses"] == [
        {"request": {"rating": 8, "ids": {"simkl": 53536}}, "response": {"status": "completed"}}
    ]


def test_the_sample_of_the_notes(strict: Caller) -> None:
    """The request of simkl-api.md 4.1: mixed arrays, ints and strings, a title beside ids."""
    reply = strict.post(
        "/sync/ratings",
        {
            "movies": [
                {
                    "rating": 8,
                    "rated_at": "2019-05-04T10:00:00Z",
                    "title": "X",
                    "year": 2003,
                    "ids": {"imdb": "tt0181852", "tmdb": 296},
                }
            ],
            "shows": [{"rating": 9, "ids": {"tmdb": 1}}],
            "anime": [{"rating": 10, "ids": {"mal": 11757}}],
        },
    )
    assert (reply["added"]["movies"], reply["added"]["shows"]) == (1, 1)
    assert reply["not_found"] == {"movies": [], "shows": [{"rating": 9, "ids": {"tmdb": 1}}]}


@pytest.mark.parametrize("rating", [0, 11, -1, 100, None, "8", 8.5, 8.0, True, [8]])
def test_a_rating_that_is_none_is_not_found(strict: Caller, rating: Any) -> None:
    """Whatever is no whole number from 1 to 10 lands in not_found with status 201, and nothing is stored."""
    reply = strict.rate("movies", {"rating": rating, "ids": T3})
    assert reply["not_found"]["movies"] == [{"rating": rating, "ids": T3}]
    assert reply["added"] == {"movies": 0, "shows": 0, "statuses": []}
    assert strict.stage.library() == []


def test_a_missing_rating_is_not_found(strict: Caller) -> None:
    """An item without a rating looks like an item without a match."""
    assert strict.rate("shows", {"ids": {"tmdb": 1399}})["not_found"]["shows"] == [{"ids": {"tmdb": 1399}}]


def test_anime_that_is_not_found_stands_under_shows(strict: Caller) -> None:
    """Neither added nor not_found ever has an anime slot."""
    reply = strict.rate("anime", {"rating": 7, "ids": {"mal": 123456}})
    assert reply["not_found"] == {"movies": [], "shows": [{"rating": 7, "ids": {"mal": 123456}}]}
    assert "anime" not in reply["added"]


def test_an_empty_request_counts_nothing(strict: Caller) -> None:
    """{} is a request for nothing."""
    assert strict.post("/sync/ratings", {}) == {
        "added": {"movies": 0, "shows": 0, "statuses": []},
        "not_found": {"movies": [], "shows": []},
    }


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"movies":5}', b'{"movies":[5]}', b"\xff", b"[" * 100_000])
def test_a_body_of_another_form_is_refused(strict: Caller, body: bytes) -> None:
    """What is no object of arrays of objects is a bad request."""
    response = strict.call("POST", "/sync/ratings", data=body)
    assert (response.status_code, response.json["error"]) == (400, "wrong_parameter")


def test_an_item_without_ids_and_title_is_not_found(strict: Caller) -> None:
    """There is nothing to look for."""
    assert strict.rate("movies", {"rating": 7}, {"rating": 7, "ids": {}})["added"]["movies"] == 0


@pytest.mark.parametrize(
    ("section", "ids", "status"),
    [
        ("movies", {"tmdb": 603}, "completed"),
        ("movies", {"tmdb": 216527}, "plantowatch"),
        ("shows", {"imdb": "tt0059026"}, "completed"),
        ("shows", {"tmdb": 1399}, "watching"),
        ("anime", {"mal": 16498}, "watching"),
        ("anime", {"mal": 199}, "watching"),
    ],
)
def test_the_list_on_which_a_rated_title_lands(
    strict: Caller, section: str, ids: dict[str, Any], status: str
) -> None:
    """The four rows of the page's table: released and coming movies, single episodes, everything else."""
    reply = strict.rate(section, {"rating": 7, "ids": ids})
    assert reply["added"]["statuses"][0]["response"]["status"] == status
    assert strict.stage.library()[0].status == status


def test_a_listed_title_stays_on_its_list(strict: Caller) -> None:
    """Rating moves only what is on no list."""
    strict.post("/sync/add-to-list", {"shows": [{"to": "dropped", "ids": {"tmdb": 1399}}]})
    reply = strict.rate("shows", {"rating": 3, "ids": {"tmdb": 1399}})
    assert reply["added"]["statuses"][0]["response"]["status"] == "dropped"


@pytest.mark.parametrize(("switch", "status"), [(False, "plantowatch"), (True, "completed")])
def test_what_becomes_of_a_planned_movie(switch: bool, status: str) -> None:
    """The notes disagree on whether rating completes a planned movie; a switch has it either way."""
    caller = Caller(strict_catalogue=True, plan_to_watch_becomes_completed=switch)
    caller.post("/sync/add-to-list", {"movies": [{"to": "plantowatch", "ids": T3}]})
    caller.rate("movies", {"rating": 8, "ids": T3})
    assert caller.stage.library()[0].status == status


def test_rating_again_overwrites(strict: Caller) -> None:
    """The second rating and its date replace the first."""
    strict.rate("movies", {"rating": 8, "ids": T3, "rated_at": "2019-05-04T10:00:00Z"})
    strict.rate("movies", {"rating": 3, "ids": {"imdb": "tt0181852"}, "rated_at": "2020-01-02T03:04:05Z"})
    (entry,) = strict.stage.library()
    assert (entry.rating, entry.rated_at) == (3, "2020-01-02T03:04:05Z")


def test_of_one_title_twice_in_a_request_the_last_wins(strict: Caller) -> None:
    """Both are confirmed, one is kept."""
    reply = strict.rate("movies", {"rating": 8, "ids": T3}, {"rating": 2, "ids": {"tmdb": 296}})
    assert reply["added"]["movies"] == 2
    assert strict.stage.library()[0].rating == 2


def test_a_rating_without_a_date_is_dated_now(strict: Caller) -> None:
    """And a repeat without a date moves the date."""
    strict.rate("movies", {"rating": 8, "ids": T3})
    assert strict.stage.library()[0].rated_at == "2026-11-23T12:00:01Z"
    strict.rate("movies", {"rating": 8, "ids": T3, "rated_at": None})
    assert strict.stage.library()[0].rated_at == "2026-11-23T12:00:02Z"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2019-05-04T10:00:00.999Z", "2019-05-04T10:00:00Z"),
        ("2019-05-04T10:00:00+02:00", "2019-05-04T08:00:00Z"),
        ("2019-05-04", "2019-05-04T00:00:00Z"),
    ],
)
def test_dates_are_kept_in_utc_and_whole_seconds(strict: Caller, sent: str, kept: str) -> None:
    """Fractions are dropped, offsets applied."""
    strict.rate("movies", {"rating": 8, "ids": T3, "rated_at": sent})
    assert strict.stage.library()[0].rated_at == kept


@pytest.mark.parametrize("sent", ["yesterday", "", 1556964000, "0001-01-01T00:00:00+14:00"])
def test_an_unreadable_date_fails_the_batch(strict: Caller, sent: Any) -> None:
    """Nothing of the request is applied, the good rows before the bad one included."""
    body = {"movies": [{"rating": 8, "ids": T3}, {"rating": 8, "ids": {"tmdb": 603}, "rated_at": sent}]}
    assert strict.post("/sync/ratings", body, status=400)["error"] == "wrong_parameter"
    assert strict.stage.library() == []


def test_an_unreadable_date_can_fail_its_item_alone() -> None:
    """The other way in which the service may behave."""
    caller = Caller(strict_catalogue=True, bad_date_fails_batch=False)
    bad = {"rating": 8, "ids": {"tmdb": 603}, "rated_at": "yesterday"}
    reply = caller.rate("movies", {"rating": 8, "ids": T3}, bad)
    assert reply["not_found"]["movies"] == [bad]
    assert [entry.title.simkl for entry in caller.stage.library()] == [53536]


def test_the_echo_can_name_types_and_write_ids_as_text() -> None:
    """The echo need not be what was sent."""
    caller = Caller(type_in_echo=True, string_ids_in_echo=True)
    reply = caller.rate("anime", {"rating": 8, "ids": {"mal": 21, "animeplanet": "one-piece"}})
    assert reply["added"]["statuses"][0]["request"] == {
        "rating": 8,
        "type": "anime",
        "ids": {"mal": "21", "animeplanet": "one-piece"},
    }


def test_statuses_can_come_in_another_order() -> None:
    """The same entries, not in the order of the request."""
    items = [{"rating": 8, "ids": {"tmdb": number}} for number in range(1, 21)]
    echoes = [
        [entry["request"] for entry in Caller(shuffle_statuses=on).rate("movies", *items)["added"]["statuses"]]
        for on in (False, True)
    ]
    assert echoes[0] == items
    assert echoes[1] != items
    assert sorted(echoes[1], key=lambda echo: echo["ids"]["tmdb"]) == items


def test_writes_can_answer_200() -> None:
    """As the panel beside the page has it."""
    Caller(write_status=200).post("/sync/ratings", {}, status=200)


def test_activity_stamps_move(strict: Caller) -> None:
    """Rating moves rated_at of its section, and the stamp of the list on which a title newly landed."""
    strict.rate("anime", {"rating": 8, "ids": {"mal": 21}})
    strict.clock.advance(60)
    strict.rate("anime", {"rating": 9, "ids": {"mal": 21}})
    stamps = strict.get("/sync/activities")
    assert stamps["anime"]["watching"] == "2026-11-23T12:00:01Z"
    assert stamps["anime"]["rated_at"] == stamps["anime"]["all"] == stamps["all"] == "2026-11-23T12:01:02Z"
    assert stamps["tv_shows"]["rated_at"] is stamps["movies"]["all"] is None


def test_five_hundred_items_in_one_request() -> None:
    """A request of the largest size is answered item by item."""
    caller = Caller()
    reply = caller.rate("movies", *({"rating": 8, "ids": {"imdb": f"tt{number:07}"}} for number in range(1, 501)))
    assert reply["added"]["movies"] == len(reply["added"]["statuses"]) == len(caller.stage.library()) == 500
