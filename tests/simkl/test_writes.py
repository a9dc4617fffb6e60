"""The writes beside ratings: what goes out, and what each kind of reply says of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl.client import Accepted, Answer, Busy, Refused, SimklClient, Unclear, Unreachable
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import Section, Send, Verdict
from tests.simkl.service import always, anime, client_for, failing, movie, reply_of, show, status_of
from tests.simkl.test_fuzz import json_values

YES, NO, OPEN = Verdict.ACCEPTED, Verdict.NOT_FOUND, Verdict.UNKNOWN

TRUMAN = movie(8, ids={"imdb": "tt0120382", "simkl": 53536}, rated_at="2019-05-04T10:00:00Z")
THRONES = show(9, ids={"tmdb": 1399}, title="Game of Thrones", year=2011)
BEBOP = anime(10, ids={"mal": 1})
TITLES = [TRUMAN, THRONES, BEBOP]


def moved(send: Send, to: str) -> Send:
    """`send` as an item for a list."""
    return Send(send.section, {"ids": send.item["ids"], "to": to})


WATCHED = Send(Section.MOVIES, {"ids": {"imdb": "tt0120382"}, "watched_at": "2019-05-04T10:00:00Z"})
MOVES = [moved(TRUMAN, "plantowatch"), moved(THRONES, "hold"), moved(BEBOP, "completed")]

WRITES: dict[str, Any] = {
    "ratings/remove": (SimklClient.remove_ratings, TITLES),
    "history/remove": (SimklClient.remove_from_library, TITLES),
    "add-to-list": (SimklClient.add_to_list, MOVES),
    "history": (SimklClient.post_history, [WATCHED]),
}
each_write = pytest.mark.parametrize(("write", "sends"), WRITES.values(), ids=WRITES)


def sent(write: Any, sends: list[Send]) -> tuple[str, Any]:
    """Path and JSON that go out."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={})

    write(client_for(handler), sends)
    assert seen[0].method == "POST"
    assert seen[0].headers["Content-Type"] == "application/json"
    return seen[0].url.path, json.loads(seen[0].content)


def verdicts(write: Any, sends: list[Send], document: Any) -> list[Verdict]:
    """What a reply of `document` says of `sends`."""
    answer = write(client_for(always(201, document)), sends)
    assert isinstance(answer, Accepted)
    return [answer.verdicts[send.key] for send in sends]


# --- what goes out ------------------------------------------------------------------------------------


def test_clearing_ratings_names_titles_alone() -> None:
    """No rating, no date; anime under shows, where it is sure to be read."""
    assert sent(SimklClient.remove_ratings, TITLES) == (
        "/sync/ratings/remove",
        {
            "movies": [{"ids": {"imdb": "tt0120382", "simkl": 53536}}],
            "shows": [{"title": "Game of Thrones", "year": 2011, "ids": {"tmdb": 1399}}, {"ids": {"mal": 1}}],
        },
    )


def test_removing_from_the_library_names_ids_alone() -> None:
    """Bare ids wipe the title; a title in words could hit another one."""
    assert sent(SimklClient.remove_from_library, TITLES) == (
        "/sync/history/remove",
        {
            "movies": [{"ids": {"imdb": "tt0120382", "simkl": 53536}}],
            "shows": [{"ids": {"tmdb": 1399}}, {"ids": {"mal": 1}}],
        },
    )


def test_each_move_names_its_list() -> None:
    """One `to` for all is refused by Simkl; anime goes in its own array as in other writes."""
    assert sent(SimklClient.add_to_list, MOVES) == (
        "/sync/add-to-list",
        {
            "movies": [{"ids": {"imdb": "tt0120382", "simkl": 53536}, "to": "plantowatch"}],
            "shows": [{"ids": {"tmdb": 1399}, "to": "hold"}],
            "anime": [{"ids": {"mal": 1}, "to": "completed"}],
        },
    )


def test_a_watched_movie_names_its_moment() -> None:
    """And the rating, if it is to be set along with it."""
    rated = Send(Section.MOVIES, {**WATCHED.item, "rating": 7})
    assert sent(SimklClient.post_history, [rated]) == (
        "/sync/history",
        {"movies": [{"ids": {"imdb": "tt0120382"}, "watched_at": "2019-05-04T10:00:00Z", "rating": 7}]},
    )


@pytest.mark.parametrize(
    ("write", "send"),
    [
        (SimklClient.remove_from_library, movie(8, title="Solaris", year=1972)),
        (SimklClient.remove_from_library, movie(8, ids={})),
        (SimklClient.remove_ratings, movie(8, ids={"imdb": None})),
        (SimklClient.add_to_list, movie(8, ids={"imdb": "tt0120382"})),
        (SimklClient.add_to_list, moved(TRUMAN, "seen")),
        (SimklClient.add_to_list, moved(TRUMAN, "")),
        (SimklClient.add_to_list, movie(8, ids={"imdb": "tt0120382"}, to="hold")),
        (SimklClient.post_history, Send(Section.MOVIES, {"ids": {"imdb": "tt0120382"}})),
        (SimklClient.post_history, Send(Section.MOVIES, {**WATCHED.item, "watched_at": "2019-05-04"})),
        (SimklClient.post_history, Send(Section.MOVIES, {**WATCHED.item, "rating": 11})),
        (SimklClient.post_history, Send(Section.SHOWS, WATCHED.item)),
        (SimklClient.post_history, Send(Section.ANIME, WATCHED.item)),
    ],
)
def test_an_item_that_would_do_harm_never_goes_out(write: Any, send: Send) -> None:
    """It is a fault of ours, stopped before the journal's mark: a bare show would mark every episode, say."""
    marks: list[int] = []
    client = client_for(always(201, {}), on_post=lambda: marks.append(1))
    with pytest.raises(ValueError):
        write(client, [send])
    assert (client.requests.post, marks) == (0, [])


# --- what comes back ----------------------------------------------------------------------------------

REMOVALS = pytest.mark.parametrize("write", [SimklClient.remove_ratings, SimklClient.remove_from_library])


@REMOVALS
@pytest.mark.parametrize(
    ("deleted", "missing", "expected"),
    [
        ({"movies": 1, "shows": 2}, {}, [YES, YES, YES]),
        ({"movies": "1", "shows": 2, "episodes": 0}, {"movies": [], "shows": [], "episodes": []}, [YES, YES, YES]),
        ({"movies": 1, "shows": 1}, {"shows": [{"ids": {"mal": "1"}}]}, [YES, YES, NO]),
        ({"movies": 0, "shows": 2}, {"movies": [{"ids": {"imdb": "tt0120382"}}]}, [NO, YES, YES]),
        ({"movies": 1, "shows": 1}, {}, [YES, OPEN, OPEN]),
        ({"movies": 1, "shows": 3}, {}, [YES, OPEN, OPEN]),
        ({"movies": 1}, {"shows": [{"ids": {"mal": 1}, "rating": None}]}, [YES, OPEN, NO]),
        ({}, {}, [OPEN, OPEN, OPEN]),
        ({"movies": 1, "shows": 2}, {"shows": [{"ids": {"mal": 999}}]}, [OPEN, OPEN, OPEN]),
        ({"movies": "many", "shows": None}, None, [OPEN, OPEN, OPEN]),
    ],
)
def test_a_removal_is_counted(write: Any, deleted: Any, missing: Any, expected: list[Verdict]) -> None:
    """What is not missing is removed where the count says so, and open where it does not."""
    assert verdicts(write, TITLES, {"deleted": deleted, "not_found": missing}) == expected


def test_two_that_a_missing_entry_could_mean_stay_open() -> None:
    """One entry, two titles of that name: the count cannot tell which."""
    twins = [movie(8, title="Solaris", year=1972), movie(7, title="Solaris", year=1972)]
    reply = {"deleted": {"movies": 1}, "not_found": {"movies": [{"title": "Solaris", "year": 1972}]}}
    assert verdicts(SimklClient.remove_ratings, twins, reply) == [OPEN, OPEN]


@pytest.mark.parametrize(
    ("added", "missing", "expected"),
    [
        ({"movies": [MOVES[0].item], "shows": [MOVES[1].item, MOVES[2].item]}, {}, [YES, YES, YES]),
        ({"movies": [{"ids": {"imdb": "tt0120382"}, "type": "movie"}]}, {}, [YES, OPEN, OPEN]),
        ({"movies": [{"ids": {"imdb": "tt0120382"}, "to": "completed"}]}, {}, [OPEN, OPEN, OPEN]),
        ({"shows": [{"ids": {"tmdb": "1399"}, "to": "watching"}]}, {}, [OPEN, OPEN, OPEN]),
        ({"movies": [], "shows": []}, {"shows": [{"ids": {"mal": 1}, "to": "completed"}]}, [OPEN, OPEN, NO]),
        ({"anime": [{"ids": {"mal": 1}, "to": "completed"}]}, {}, [OPEN, OPEN, YES]),
        ([], None, [OPEN, OPEN, OPEN]),
    ],
)
def test_a_move_is_confirmed_by_its_echo(added: Any, missing: Any, expected: list[Verdict]) -> None:
    """On the list that was asked for; Simkl may choose another one, as for a show that is still running."""
    assert verdicts(SimklClient.add_to_list, MOVES, {"added": added, "not_found": missing}) == expected


def test_history_is_confirmed_by_its_status() -> None:
    """The echo adds a type and an empty rating."""
    echo = {**WATCHED.item, "type": "movie", "rating": None, "watched_at": "2019-05-04T10:00:00.000Z"}
    reply = reply_of(status_of(echo, simkl_type="movie"))
    reply["added"]["episodes"] = 0
    reply["not_found"]["episodes"] = []
    assert verdicts(SimklClient.post_history, [WATCHED], reply) == [YES]
    assert verdicts(SimklClient.post_history, [WATCHED], reply_of(movies=[echo])) == [NO]
    assert verdicts(SimklClient.post_history, [WATCHED], reply_of()) == [OPEN]


@each_write
@pytest.mark.parametrize("text", ["", "<html>", "null", "[]", "{}", "7", '{"deleted":7,"added":7}', '{"dele'])
def test_a_success_of_another_form_is_unclear(write: Any, sends: list[Send], text: str) -> None:
    """As for ratings, 2xx alone says nothing."""
    answer = write(client_for(always(200, text=text)), sends)
    assert isinstance(answer, Unclear)
    assert answer.should_shrink is False


@each_write
@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (500, "", Unclear("Simkl answered 500", True)),
        (400, "RATE_LIMIT", Busy(5.0, "another write to this account is still running")),
        (429, "rate_limit", Busy(1.5, "Simkl asks for a slower pace")),
        (400, "empty_field", Refused(400, "empty_field", True)),
        (413, "", Refused(413, "", False)),
        (401, "user_token_failed", AuthError),
        (403, "insufficient_scope", AuthError),
        (412, "", ApiError),
        (429, "user_limit_exceeded", Paused),
        (404, "", ApiError),
    ],
)
def test_trouble_is_told_as_for_ratings(
    write: Any, sends: list[Send], status: int, error: str, expected: Any
) -> None:
    """So that one loop can drive every write."""
    client = client_for(always(status, {"error": error}))
    if isinstance(expected, type):
        with pytest.raises(expected):
            write(client, sends)
    else:
        assert write(client, sends) == expected
    assert client.requests.post == 1


@each_write
def test_lost_and_unsent_are_told_apart(write: Any, sends: list[Send]) -> None:
    """As for ratings."""
    assert write(client_for(failing(httpx.ConnectError("away"))), sends) == Unreachable("away")
    assert write(client_for(failing(httpx.ReadTimeout("x"))), sends) == Unclear("no reply in time", True)


replies = st.fixed_dictionaries(
    {},
    optional={
        "deleted": json_values | st.dictionaries(st.sampled_from(["movies", "shows"]), st.integers(0, 3)),
        "added": json_values
        | st.dictionaries(
            st.sampled_from(["movies", "shows", "anime"]),
            st.lists(st.sampled_from([send.item for send in MOVES]) | json_values, max_size=3),
        ),
        "not_found": json_values
        | st.dictionaries(
            st.sampled_from(["movies", "shows"]),
            st.lists(st.sampled_from([send.item for send in TITLES]) | json_values, max_size=3),
        ),
    },
)


@given(st.sampled_from(list(WRITES.values())), replies | json_values)
def test_no_reply_breaks_a_write(case: Any, document: Any) -> None:
    """Each is an answer with one verdict for every send, or an error that says what to do."""
    write, sends = case
    try:
        answer: Answer = write(client_for(always(201, text=json.dumps(document))), sends)
    except (ApiError, AuthError, Paused) as error:
        assert str(error).isprintable()
    else:
        assert isinstance(answer, (Accepted, Unclear))
        if isinstance(answer, Accepted):
            assert set(answer.verdicts) == {send.key for send in sends}
