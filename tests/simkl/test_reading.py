"""Reading the account back: what counts as a title, and what is asked for again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import AccountTitle, Section
from tests.clock import FakeClock
from tests.simkl.service import always, client_for, failing

ROW = {
    "last_watched_at": "2014-08-16T18:45:20.000Z",
    "user_rated_at": "2021-06-23T13:19:05.000Z",
    "user_rating": 6,
    "status": "completed",
    "movie": {
        "title": "Fight Club",
        "year": 1999,
        "ids": {"simkl": 53536, "slug": "fight-club", "imdb": "tt0137523", "tmdb": "550", "tvdb": None},
    },
}
FIGHT_CLUB = AccountTitle(
    section=Section.MOVIES,
    ids={"simkl": "53536", "imdb": "tt0137523", "tmdb": "550"},
    title="Fight Club",
    year=1999,
    rating=6,
    rated_at=datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC),
    status="completed",
    watched="2014-08-16T18:45:20Z",
)


def read(document: Any, section: Section = Section.MOVIES) -> list[AccountTitle]:
    """What the client makes of `document`."""
    return client_for(always(200, text=json.dumps(document))).read_ratings(section)


@pytest.mark.parametrize("document", [{"movies": [ROW]}, {"movies": [ROW], "shows": [{}], "anime": None}, [ROW]])
def test_a_rated_title_is_read_whole(document: Any) -> None:
    """Keyed by type or as a bare list; ids as text, without the ones that are not sent."""
    assert read(document) == [FIGHT_CLUB]


@pytest.mark.parametrize("document", [{}, None, [], {"movies": []}, {"movies": None}, {"movies": {}}])
def test_the_forms_of_an_empty_account(document: Any) -> None:
    """Newer client ids get {}, old ones null."""
    assert read(document) == []


@pytest.mark.parametrize(
    "document",
    [
        7,
        "ok",
        True,
        {"shows": [ROW]},
        {"films": []},
        {"movies": "none"},
        {"movies": 0},
        {"movies": [7]},
        [None],
        ["x"],
    ],
)
def test_a_reply_of_another_form_is_no_empty_account(document: Any) -> None:
    """An account that seems empty would be overwritten."""
    with pytest.raises(ApiError, match="form that rateport does not know"):
        read(document)


@pytest.mark.parametrize("rating", [0, 11, -1, 7.5, "great", [], True])
def test_a_rating_that_cannot_be_is_an_error(rating: Any) -> None:
    """Passing over the title would let it be overwritten."""
    with pytest.raises(ApiError):
        read({"movies": [{**ROW, "user_rating": rating}]})


def test_a_rated_row_without_a_title_is_an_error() -> None:
    """A rating of nothing cannot be compared with."""
    with pytest.raises(ApiError):
        read({"movies": [{"user_rating": 7}]})


@pytest.mark.parametrize("row", [{**ROW, "user_rating": None}, {"user_rated_at": "2021-06-23T13:19:05Z"}])
def test_unrated_rows_are_passed_over(row: dict[str, Any]) -> None:
    """A date of rating alone proves no rating: a cleared one leaves it behind."""
    assert read({"movies": [row]}) == []


@pytest.mark.parametrize("nest", ["show", "anime", "movie"])
def test_anime_may_nest_under_any_name(nest: str) -> None:
    """Films come under `movie`, the rest under `show`; the section is the one asked for."""
    row = {
        "user_rating": "9",
        "user_rated_at": "2026-05-15T20:00:00Z",
        "anime_type": "tv",
        nest: {"title": "Cowboy Bebop", "year": "1998", "ids": {"simkl": "37089", "mal": "1", "anidb": 23}},
    }
    assert read({"anime": [row]}, Section.ANIME) == [
        AccountTitle(
            section=Section.ANIME,
            ids={"simkl": "37089", "mal": "1", "anidb": "23"},
            title="Cowboy Bebop",
            year=1998,
            rating=9,
            rated_at=datetime(2026, 5, 15, 20, tzinfo=UTC),
            status=None,
        )
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-06-23T13:19:05Z", datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC)),
        ("2021-06-23T13:19:05.999Z", datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC)),
        ("2021-06-23T08:19:05-05:00", datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC)),
        ("2021-06-23 13:19:05", datetime(2021, 6, 23, 13, 19, 5, tzinfo=UTC)),
        ("soon", None),
        ("", None),
        (None, None),
        (1624454345, None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_moments_come_in_several_forms(text: Any, moment: datetime | None) -> None:
    """With or without a fraction, with an offset as old endpoints give it; what is no date is none."""
    assert read({"movies": [{**ROW, "user_rated_at": text}]})[0].rated_at == moment


def test_ids_that_are_none_are_left_out() -> None:
    """Empty, null, false and nested values name nothing."""
    ids = {"simkl": 53536, "imdb": "", "tmdb": None, "tvdb": False, "mal": ["1"], "kitsu": "0", "anidb": 0}
    title = read({"movies": [{**ROW, "movie": {"ids": ids}}]})[0]
    assert (title.ids, title.title, title.year) == ({"simkl": "53536"}, "", None)


TROUBLES = {
    "500": httpx.Response(500),
    "502 page": httpx.Response(502, text="<html>"),
    "524": httpx.Response(524),
    "408": httpx.Response(408),
    "page with 200": httpx.Response(200, text="<!DOCTYPE html><title>Just a moment</title>"),
    "nothing with 200": httpx.Response(200, text=""),
    "cut short": httpx.Response(200, text='{"movies":[{"user_rat'),
    "per second": httpx.Response(429, json={"error": "rate_limit"}, headers={"Retry-After": "40000"}),
    "lock": httpx.Response(400, json={"error": "RATE_LIMIT"}),
    "time-out": httpx.ReadTimeout("x"),
    "line cut": httpx.RemoteProtocolError("x"),
    "no network": httpx.ConnectError("x"),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_passing_trouble_is_outlasted(trouble: httpx.Response | Exception) -> None:
    """The read repeats itself, tells of each wait, and ends with the account."""
    clock = FakeClock()
    waits: list[tuple[float, str]] = []
    replies: list[httpx.Response | Exception] = [trouble, trouble, httpx.Response(200, json={"movies": [ROW]})]

    def handler(request: httpx.Request) -> httpx.Response:
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, content=reply.content, headers=reply.headers)

    client = client_for(handler, clock, on_wait=lambda wait_s, reason: waits.append((wait_s, reason)))
    assert client.read_ratings(Section.MOVIES) == [FIGHT_CLUB]
    assert clock.sleeps == [wait_s for wait_s, _ in waits]
    assert len(waits) == 2
    assert all(reason for _, reason in waits)
    assert clock.steady() <= 10.0


def test_the_waits_grow_and_end() -> None:
    """Five repeats with growing waits, then a sentence."""
    clock = FakeClock()
    client = client_for(always(500), clock, random=lambda: 0.0)
    with pytest.raises(ApiError, match=r"could not be read 6 times in a row: Simkl answered 500\. Try again later"):
        client.read_ratings(Section.SHOWS)
    assert clock.sleeps == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert client.requests.get == 6


def test_a_network_that_stays_away_is_a_pause() -> None:
    """Nothing is wrong with the account or the service; the same command goes on later."""
    client = client_for(failing(httpx.ConnectError("[Errno 111] Connection refused")))
    with pytest.raises(Paused, match=r"Connection refused.*once the network is back"):
        client.read_ratings(Section.SHOWS)
    assert client.requests.get == 0


def test_a_503_that_asks_for_patience_gets_it_within_reason() -> None:
    """Its own wait counts where it is longer than ours, up to a minute."""
    clock = FakeClock()
    with pytest.raises(ApiError):
        client_for(always(503, headers={"Retry-After": "600"}), clock).read_ratings(Section.MOVIES)
    assert clock.sleeps == [60.0] * 5


@pytest.mark.parametrize(
    ("status", "error", "raised"),
    [
        (400, "wrong_parameter", ApiError),
        (401, "user_token_failed", AuthError),
        (403, "forbidden", ApiError),
        (404, "url_failed", ApiError),
        (412, "client_id_failed", ApiError),
        (429, "user_limit_exceeded", Paused),
        (301, "", ApiError),
        (200, "premium_only", ApiError),
    ],
)
def test_what_cannot_pass_is_not_repeated(status: int, error: str, raised: type[Exception]) -> None:
    """One request, one error that says what to do."""
    client = client_for(always(status, {"error": error}))
    with pytest.raises(raised):
        client.read_ratings(Section.MOVIES)
    assert client.requests.get == 1


@pytest.mark.parametrize(
    ("ratings", "path"),
    [
        (range(1, 11), "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"),
        ((9, 6, 9), "/sync/ratings/movies/6,9"),
        ([6], "/sync/ratings/movies/6"),
    ],
)
def test_the_request_names_the_ratings(ratings: Any, path: str) -> None:
    """Each once, in order, in the path itself."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"movies": [ROW]})

    (title,) = client_for(handler).read_ratings(Section.MOVIES, ratings)
    assert (title.title, title.rating) == ("Fight Club", 6)
    assert seen[0].url.path == path


@pytest.mark.parametrize("ratings", [(), (0,), (8, 11), (-1,)])
def test_ratings_that_do_not_exist_are_never_asked_for(ratings: tuple[int, ...]) -> None:
    """The service would answer as if the account were empty, or with the whole library."""
    client = client_for(always(200, {}))
    with pytest.raises(ValueError, match="from 1 to 10"):
        client.read_ratings(Section.MOVIES, ratings)
    assert client.requests.get == 0


def test_a_service_that_does_not_narrow_is_narrowed() -> None:
    """Only what was asked for comes back."""
    document = {"movies": [ROW, {**ROW, "user_rating": 9}, {**ROW, "user_rating": None}]}
    titles = client_for(always(200, document)).read_ratings(Section.MOVIES, [9])
    assert [title.rating for title in titles] == [9]
