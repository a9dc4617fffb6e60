"""Questions to the catalogue: redirects that are read and not followed, records without the token, searches."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl.client import Candidate, Details, Score, SimklClient, Target
from importer.simkl.credentials import AppId
from importer.simkl.lookups import page
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.simkl.service import TOKEN, always, client_for
from tests.simkl.test_library import recording


def led_to(location: str | None, status: int = 301, **options: Any) -> Target | None:
    """What the client makes of a redirect to `location`; exactly one request is made."""
    headers = {} if location is None else {"Location": location}
    client = client_for(always(status, text="", headers=headers), **options)
    try:
        return client.redirect("imdb", "tt0944947", Kind.SHOW)
    finally:
        assert client.requests.get == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://simkl.com/tv/17465/game-of-thrones", Target(Section.SHOWS, "17465")),
        ("//simkl.com/tv/2090/the-simpsons/season-1/episode-1/", Target(Section.SHOWS, "2090")),
        ("https://simkl.com/movies/53536", Target(Section.MOVIES, "53536")),
        ("https://www.simkl.com/anime/37089/cowboy-bebop?utm=x#top", Target(Section.ANIME, "37089")),
        ("/anime/0037089/", Target(Section.ANIME, "37089")),
        ("http://simkl.com/movies/53536", Target(Section.MOVIES, "53536")),
        ("https://api.simkl.com/tv/17465", Target(Section.SHOWS, "17465")),
    ],
)
def test_a_redirect_names_the_title(status: int, location: str, target: Target) -> None:
    """Absolute or not, with a slug, an episode or a query; read off and never followed."""
    assert led_to(location, status) == target


@pytest.mark.parametrize(
    "location",
    [
        "https://simkl.com/",
        "https://simkl.com",
        "//simkl.com/",
        "/",
        "https://simkl.com/tv/",
        "https://simkl.com/tv/abc",
        "https://simkl.com/tv/0",
        "https://simkl.com/tv/12abc",
        "https://simkl.com/tv/١٢",
        "https://simkl.com/tvs/12",
        "https://simkl.com/x/tv/12",
        "https://simkl.com/search/?q=/tv/12",
        "https://simkl.com/tv/" + "9" * 400,
    ],
)
def test_any_other_page_of_simkl_is_a_miss(location: str) -> None:
    """Its own sign is the bare root."""
    assert led_to(location.encode("ascii", "ignore").decode()) is None


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "https://portal.example/login",
        "https://simkl.com.evil.example/tv/12",
        "http://[bad",
        "//evil/tv/1",
    ],
)
def test_a_redirect_that_is_not_simkls_is_an_error(location: str | None) -> None:
    """A hotel's log-in page must not turn every title into a miss."""
    with pytest.raises(ApiError, match="proxy"):
        led_to(location)


def test_the_stand_in_may_redirect_to_itself() -> None:
    """The host that was asked is at home too."""
    found = led_to("http://127.0.0.1:5000/tv/17465", base_url="http://127.0.0.1:5000")
    assert found == Target(Section.SHOWS, "17465")


def test_a_lookup_that_does_not_redirect_is_an_error() -> None:
    """200 is none of its answers."""
    with pytest.raises(ApiError, match="proxy"):
        client_for(always(200, {})).redirect("mal", "1", Kind.SHOW)


@pytest.mark.parametrize(
    ("status", "error", "raised"),
    [(401, "user_token_required", AuthError), (412, "", ApiError), (429, "user_limit_exceeded", Paused)],
)
def test_refused_lookups_are_told(status: int, error: str, raised: type[Exception]) -> None:
    """As refused reads."""
    with pytest.raises(raised):
        client_for(always(status, {"error": error})).redirect("mal", "1", Kind.SHOW)


@pytest.mark.parametrize(
    ("space", "kind", "asked"),
    [
        ("imdb", Kind.MOVIE, {"imdb": "5"}),
        ("mal", Kind.SHOW, {"mal": "5"}),
        ("tmdb", Kind.MOVIE, {"tmdb": "5", "type": "movie"}),
        ("tmdb", Kind.SHOW, {"tmdb": "5", "type": "show"}),
        ("tvdb", Kind.SHOW, {"tvdb": "5", "type": "show"}),
    ],
)
def test_the_kind_goes_along_where_numbers_are_given_per_kind(
    space: str, kind: Kind, asked: dict[str, str]
) -> None:
    """Nowhere else, for it narrows; and the question is never the one that writes."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(301, headers={"Location": "https://simkl.com/"})

    assert client_for(handler).redirect(space, "5", kind) is None
    params = dict(seen[0].url.params)
    assert {name: params[name] for name in params if name not in ("client_id", "app-name", "app-version")} == {
        "to": "simkl",
        **asked,
    }
    assert seen[0].url.path == "/redirect"
    assert seen[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_an_app_alone_asks_without_a_token() -> None:
    """Nobody's account is opened by a client id."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(301, headers={"Location": "https://simkl.com/movies/53536"})

    client = SimklClient(AppId("v1-app"), clock=FakeClock(), transport=httpx.MockTransport(handler))
    assert client.redirect("imdb", "tt0181852", Kind.MOVIE) == Target(Section.MOVIES, "53536")
    assert seen[0].url.params["client_id"] == "v1-app"
    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize("space", ["trakt", "slug", "to", "watched", ""])
def test_a_space_that_simkl_does_not_look_up_is_never_asked(space: str) -> None:
    """`to` among them: it could be made to write."""
    assert space not in SENDABLE
    client = client_for(always(301))
    with pytest.raises(ValueError, match="does not look up"):
        client.redirect(space, "watched", Kind.SHOW)
    assert client.requests.get == 0


RECORD = {
    "title": "Cowboy Bebop",
    "year": 1998,
    "type": "anime",
    "ids": {"simkl": 37089, "mal": "1", "anidb": "23", "slug": "cowboy-bebop"},
    "anime_type": "tv",
    "status": "ended",
    "total_episodes": 26,
    "first_aired": "1998-04-03T00:00:00Z",
    "ratings": {"simkl": {"rating": 9.1, "votes": 7}},
}


def test_a_record_is_read_without_the_token() -> None:
    """The token would pass the cache by, and nobody's account is asked for."""
    client, seen = recording(RECORD)
    assert client.details(Section.ANIME, "37089") == Details(
        section=Section.ANIME,
        ids={"simkl": "37089", "mal": "1", "anidb": "23"},
        title="Cowboy Bebop",
        year=1998,
        anime_type="tv",
        status="ended",
        episodes=26,
        first_shown=date(1998, 4, 3),
        scores={"simkl": Score(9.1, 7)},
    )
    assert seen[0].url.path == "/anime/37089"
    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize(("section", "path"), [(Section.MOVIES, "/movies/1"), (Section.SHOWS, "/tv/1")])
def test_each_section_has_its_path(section: Section, path: str) -> None:
    """Shows are `tv` there."""
    client, seen = recording([])
    assert client.details(section, "1") is None
    assert seen[0].url.path == path


@pytest.mark.parametrize("document", [[], None, {}])
def test_a_record_that_is_not_there_is_none(document: Any) -> None:
    """Simkl answers 200 with an empty list."""
    assert recording(document)[0].details(Section.MOVIES, "1") is None


def test_a_record_may_say_little() -> None:
    """What is missing or odd is left open."""
    document: dict[str, Any] = {"title": "X", "year": None, "total_episodes": "many", "released": "soon", "ids": []}
    assert recording(document)[0].details(Section.MOVIES, "1") == Details(
        section=Section.MOVIES,
        ids={},
        title="X",
        year=None,
        anime_type="",
        status="",
        episodes=None,
        first_shown=None,
        scores={},
    )


@pytest.mark.parametrize(
    ("said", "scores"),
    [
        (
            {"mal": {"rating": 8.75, "votes": 1045, "rank": 47}, "imdb": {"rating": 8, "votes": "31"}},
            {"imdb": Score(8.0, 31), "mal": Score(8.75, 1045, 47)},
        ),
        (
            {"simkl": {"rating": "7.9"}, "imdb": {"rating": 6.1, "votes": "many"}},
            {"simkl": Score(7.9), "imdb": Score(6.1)},
        ),
        ({"simkl": {"rating": 0, "votes": 0}, "imdb": {"rating": None}, "mal": None}, {}),
        ({"simkl": {"rating": 11}, "imdb": {"rating": -1}, "mal": {"rating": "good"}}, {}),
        ({"simkl": [], "imdb": 7, "x\x1b[31m": {"rating": 5}}, {}),
        ([], {}),
        (None, {}),
        ("x", {}),
    ],
)
def test_scores_are_read_where_they_can_be(said: Any, scores: dict[str, Score]) -> None:
    """Of the sites that are known, in one order; what is odd drops out and harms nothing else."""
    details = recording({**RECORD, "ratings": said})[0].details(Section.ANIME, "37089")
    assert details is not None
    assert list(details.scores.items()) == list(scores.items())
    assert details.title == "Cowboy Bebop"


def test_the_page_for_people() -> None:
    """The address that a browser opens."""
    assert page(Section.SHOWS, "017465") == "https://simkl.com/tv/17465"
    with pytest.raises(ValueError, match="not a Simkl id"):
        page(Section.MOVIES, "x")


@pytest.mark.parametrize("document", [7, "x", [1], [RECORD]])
def test_an_odd_record_is_an_error(document: Any) -> None:
    """And not a title that is missing."""
    with pytest.raises(ApiError, match="record of a title"):
        recording(document)[0].details(Section.MOVIES, "1")


@pytest.mark.parametrize("simkl_id", ["", "x", "tt0120382", "1/../../sync", "-1"])
def test_only_numbers_are_asked_for(simkl_id: str) -> None:
    """Nothing else belongs in the path."""
    client = client_for(always(200, []))
    with pytest.raises(ValueError, match="not a Simkl id"):
        client.details(Section.MOVIES, simkl_id)
    assert client.requests.get == 0


HIT = {
    "title": "Shingeki no Kyojin",
    "title_en": "Attack on Titan",
    "title_romaji": "Shingeki no Kyojin",
    "all_titles": ["進撃の巨人", {"name": "AoT"}, 7, ""],
    "year": 2013,
    "endpoint_type": "anime",
    "type": "tv",
    "ids": {"simkl_id": 39687, "slug": "attack-on-titan"},
}


def test_a_search_brings_candidates() -> None:
    """With every name they go by; the text travels as it is."""
    client, seen = recording([HIT])
    assert client.search(Section.ANIME, "9-1-1 & co: 進撃?") == [
        Candidate(
            section=Section.ANIME,
            simkl="39687",
            title="Shingeki no Kyojin",
            year=2013,
            names=("Attack on Titan", "進撃の巨人", "AoT"),
            anime_type="tv",
        )
    ]
    assert seen[0].url.path == "/search/anime"
    assert seen[0].url.params["q"] == "9-1-1 & co: 進撃?"
    assert (seen[0].url.params["limit"], seen[0].url.params["extended"]) == ("20", "full")
    assert seen[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_search_may_bring_up_another_type() -> None:
    """Where the record says so it counts, else the type that was asked for."""
    bare = {"title": "Solaris", "ids": {"simkl": 5}}
    client, seen = recording([HIT, bare])
    assert [hit.section for hit in client.search(Section.SHOWS, "x")] == [Section.ANIME, Section.SHOWS]
    assert seen[0].url.path == "/search/tv"


@pytest.mark.parametrize(
    "entry", [{}, {"title": "X"}, {"ids": {"simkl_id": 5}}, {"title": "X", "ids": {"simkl_id": 0}}]
)
def test_what_cannot_be_chosen_is_left_out(entry: Any) -> None:
    """Without an id or a title there is nothing to choose."""
    assert len(recording([entry, HIT])[0].search(Section.MOVIES, "x")) == 1


@pytest.mark.parametrize("document", [[], None])
def test_a_search_may_find_nothing(document: Any) -> None:
    """In both of its forms."""
    assert recording(document)[0].search(Section.MOVIES, "x") == []


@pytest.mark.parametrize("document", [{}, 7, "x", [7], [None], [HIT, []]])
def test_an_odd_search_is_an_error(document: Any) -> None:
    """And not an empty one."""
    with pytest.raises(ApiError, match="search results"):
        recording(document)[0].search(Section.MOVIES, "x")


@given(st.text(max_size=60) | st.from_regex(r"(https?:)?//simkl\.com/(tv|movies|anime)?/?\d{0,20}.{0,9}"))
def test_no_location_breaks_the_client(location: str) -> None:
    """Each is a title, a miss or an error."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers=[(b"Location", location.encode("utf-8"))])

    try:
        target = client_for(handler).redirect("mal", "1", Kind.SHOW)
    except ApiError as error:
        assert str(error).isprintable()
    else:
        assert target is None or target.simkl.isdecimal()


def test_redirects_stay_errors_everywhere_else() -> None:
    """Only the look-up reads them."""
    calls: list[Any] = [
        lambda client: client.details(Section.MOVIES, "1"),
        lambda client: client.search(Section.MOVIES, "x"),
        lambda client: client.read_everything(),
    ]
    for call in calls:
        client: SimklClient = client_for(always(301, text="", headers={"Location": "https://simkl.com/tv/1"}))
        with pytest.raises(ApiError, match="redirect"):
            call(client)
