"""Redirect, searches, details and episode lists (simkl-api.md 8, 14.20 and 14.21)."""

from __future__ import annotations

from typing import Any

import pytest

from importer.vocabulary.sends import Section
from tests.sandbox.calling import IDENTITY, Caller
from tests.sandbox.signing_in import FIRST

MISS = "https://simkl.com/"


@pytest.fixture
def caller() -> Caller:
    """The catalogue of the fixture."""
    return Caller(strict_catalogue=True)


def location(caller: Caller, **query: Any) -> str:
    """Where a redirect leads."""
    response = caller.call("GET", "/redirect", params={**IDENTITY, **query})
    assert (response.status_code, response.data) == (301, b"")
    assert response.headers["Cache-Control"] == "no-store"
    return response.headers["Location"]


def found(caller: Caller, word: str, query: str, **more: str) -> list[int]:
    """The numbers that a search finds, in its order."""
    return [item["ids"]["simkl_id"] for item in caller.get(f"/search/{word}", q=query, **more)]


class TestRedirect:
    """GET /redirect."""

    @pytest.mark.parametrize(
        ("query", "path"),
        [
            ({"imdb": "tt0181852"}, "movies/53536/terminator-3-rise-of-the-machines"),
            ({"imdb": "tt1520211", "to": "simkl"}, "tv/2090/the-walking-dead"),
            ({"mal": "16498"}, "anime/39687/attack-on-titan"),
            ({"tmdb": 1396, "type": "movie"}, "movies/1000012/mirror"),
            ({"tmdb": 1396, "type": "tv"}, "tv/1000101/breaking-bad"),
            ({"tmdb": 1396, "type": "show"}, "tv/1000101/breaking-bad"),
            ({"tmdb": 37854, "type": "anime"}, "anime/1000204/one-piece"),
            ({"tmdb": 37854, "type": "show"}, "anime/1000204/one-piece"),
            ({"letterboxd": "inception"}, "movies/1000002/inception"),
            ({"title": "Dune", "year": 2021, "type": "movie"}, "movies/1000011/dune"),
            ({"simkl": 9000001}, "movies/53536/terminator-3-rise-of-the-machines"),
            ({"imdb": "tt1520211", "season": 2, "episode": 3}, "tv/2090/the-walking-dead/season-2/episode-3/"),
        ],
    )
    def test_a_hit(self, caller: Caller, query: dict[str, Any], path: str) -> None:
        """The number stands in the path."""
        assert location(caller, **query) == f"https://simkl.com/{path}"

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"imdb": "tt0000007"},
            {"imdb": "nonsense"},
            {"tmdb": 1396},
            {"tmdb": 37854, "type": "tv"},
            {"imdb": "tt0245429", "type": "movie"},
            {"imdb": "tt0181852", "type": "tv"},
            {"imdb": "tt0181852", "type": "film"},
            {"imdb": "tt0181852", "to": "trailer"},
        ],
    )
    def test_a_miss(self, caller: Caller, query: dict[str, Any]) -> None:
        """Leads to the root of the site: unknown, a tmdb number without a type, another type, another aim."""
        assert location(caller, **query) == MISS

    def test_other_spellings(self) -> None:
        """Without a scheme, with a query."""
        caller = Caller(strict_catalogue=True, location_without_scheme=True, location_query="ref=api")
        assert location(caller, imdb="tt0133093") == "//simkl.com/movies/1000001/the-matrix?ref=api"
        assert location(caller, imdb="tt0000007") == "//simkl.com/?ref=api"

    def test_asking_for_a_write(self, caller: Caller) -> None:
        """Is a breach of the contract, and writes nothing here."""
        assert location(caller, to="watched", imdb="tt0133093") == MISS
        assert caller.stage.violations == ["call 1 GET /redirect: to=watched writes"]
        assert caller.stage.library() == []

    def test_a_name_in_other_letters(self) -> None:
        """Is written as addresses write it."""
        caller = Caller()
        number = caller.stage.put(Section.MOVIES, {"ids": {"imdb": "tt0245429"}, "title": "千と"}, status="dropped")
        assert location(caller, imdb="tt0245429") == f"https://simkl.com/movies/{number}/%E5%8D%83%E3%81%A8"


class TestSearchById:
    """GET /search/id."""

    def test_a_movie(self, caller: Caller) -> None:
        """In full."""
        assert caller.get("/search/id", imdb="tt0133093") == [
            {
                "type": "movie",
                "title": "The Matrix",
                "poster": None,
                "year": 1999,
                "status": "released",
                "ids": {"simkl": 1000001, "slug": "the-matrix"},
            }
        ]

    def test_shows_and_anime(self, caller: Caller) -> None:
        """With the number of their episodes."""
        (show,) = caller.get("/search/id", tmdb="1399", type="tv")
        (anime,) = caller.get("/search/id", mal="21")
        assert (show["type"], show["status"], show["total_episodes"]) == ("tv", "ended", 73)
        assert (anime["type"], anime["status"], anime["total_episodes"]) == ("anime", "airing", 1100)

    @pytest.mark.parametrize("query", [{"imdb": "tt0000007"}, {"tmdb": "603"}, {"tmdb": "603", "type": "tv"}])
    def test_a_miss(self, caller: Caller, query: dict[str, str]) -> None:
        """Is an empty list."""
        assert caller.get("/search/id", **query) == []


class TestSearch:
    """GET /search/movie, tv and anime."""

    def test_a_movie(self, caller: Caller) -> None:
        """In full; its number is called otherwise here."""
        assert caller.get("/search/movie", q="matrix") == [
            {
                "title": "The Matrix",
                "year": 1999,
                "endpoint_type": "movies",
                "poster": None,
                "ids": {"simkl_id": 1000001, "slug": "the-matrix", "tmdb": "603"},
            }
        ]

    def test_an_anime_with_everything(self, caller: Caller) -> None:
        """It has a kind and a name in Latin letters."""
        (first, *_) = caller.get("/search/anime", q="one piece", extended="full")
        assert (first["endpoint_type"], first["type"], first["title_romaji"]) == ("anime", "tv", "One Piece")
        assert (first["status"], first["ep_count"], first["all_titles"]) == ("airing", 1100, ["One Piece"])
        assert first["url"] == "/anime/1000204/one-piece"
        assert set(first["ratings"]) == {"simkl", "imdb", "mal"}

    @pytest.mark.parametrize(
        ("word", "query", "numbers"),
        [
            ("movie", "Dune", [1000010, 1000011]),
            ("movie", "dune 2021", [1000011, 1000010]),
            ("movie", "Dune (2021)", [1000011, 1000010]),
            ("movie", "terminator 3 rise of machines", [53536]),
            ("movie", "the matrix reloaded", [1000001]),
            ("anime", "attack on titan season 2", [1000202, 1000203, 39687]),
            ("movie", "breaking bad", []),
            ("tv", "Breaking Bad", [1000101]),
            ("tv", "nothing of the kind", []),
            ("movie", "!!!", []),
            ("movie", "https://www.imdb.com/title/tt0133093/", [1000001]),
            ("movie", "https://myanimelist.net/anime/21/One_Piece", [1000204]),
            ("tv", "https://www.themoviedb.org/movie/603-the-matrix", [1000001]),
            ("tv", "https://www.themoviedb.org/tv/1396", [1000101]),
            ("tv", "https://example.org/1396", []),
        ],
    )
    def test_what_is_found(self, caller: Caller, word: str, query: str, numbers: list[int]) -> None:
        """By half of the words, best first; an address goes before the type."""
        assert found(caller, word, query) == numbers

    def test_pages(self, caller: Caller) -> None:
        """The headers tell how many there are."""
        response = caller.call("GET", "/search/movie", params={**IDENTITY, "q": "the", "limit": "2", "page": "2"})
        numbers = [item["ids"]["simkl_id"] for item in response.json]
        assert numbers == found(caller, "movie", "the")[2:4]
        told = [response.headers[f"X-Pagination-{name}"] for name in ("Page", "Limit", "Page-Count", "Item-Count")]
        assert told == ["2", "2", "3", "5"]

    @pytest.mark.parametrize(
        ("page", "limit", "told"),
        [("99", "1000", ("20", "50")), ("0", "-5", ("1", "1")), ("x", "", ("1", "10"))],
    )
    def test_numbers_out_of_bounds(self, caller: Caller, page: str, limit: str, told: tuple[str, str]) -> None:
        """Are moved into them silently."""
        params = {**IDENTITY, "q": "dune", "page": page, "limit": limit}
        response = caller.call("GET", "/search/movie", params=params)
        assert response.status_code == 200
        assert (response.headers["X-Pagination-Page"], response.headers["X-Pagination-Limit"]) == told

    def test_nothing_to_search_for(self, caller: Caller) -> None:
        """Is a field left empty."""
        response = caller.call("GET", "/search/movie", params={**IDENTITY, "q": " "})
        assert (response.status_code, response.json["error"]) == (400, "empty_field")

    def test_there_is_no_search_in_all_types(self, caller: Caller) -> None:
        """It is refused and noted."""
        assert caller.call("GET", "/search/all", params={**IDENTITY, "q": "dune"}).status_code == 404
        assert caller.stage.violations == ["call 1 GET /search/all: no such call"]


class TestDetails:
    """GET /movies/{id}, /tv/{id}, /anime/{id} and the lists of episodes."""

    def free(self, caller: Caller, path: str) -> Any:
        """The body of a call without a token."""
        response = caller.call("GET", path, token=None)
        assert response.status_code == 200
        return response.json

    def test_a_movie(self, caller: Caller) -> None:
        """In full, ids as text but for Simkl's own."""
        assert self.free(caller, "/movies/1000001") == {
            "title": "The Matrix",
            "year": 1999,
            "type": "movie",
            "released": "1999-01-01",
            "ids": {"simkl": 1000001, "slug": "the-matrix", "imdb": "tt0133093", "tmdb": "603"},
            "ratings": {"simkl": {"rating": 6.1, "votes": 1101}, "imdb": {"rating": 6.1, "votes": 11010}},
        }

    def test_shows_and_anime(self, caller: Caller) -> None:
        """A show says show where its address says tv."""
        show, anime = self.free(caller, "/tv/2090"), self.free(caller, "/anime/1000208")
        assert (show["type"], show["status"], show["total_episodes"]) == ("show", "ended", 177)
        assert (anime["type"], anime["anime_type"], anime["total_episodes"]) == ("anime", "movie", 1)
        assert set(anime["ratings"]["mal"]) == {"rating", "votes", "rank"}
        assert (anime["ids"]["mal"], show["first_aired"]) == ("199", "2010-01-01")

    def test_a_merged_number(self, caller: Caller) -> None:
        """Shows what it was merged into."""
        assert self.free(caller, "/movies/9000001")["ids"]["simkl"] == 53536

    @pytest.mark.parametrize("path", ["/movies/5", "/movies/2090", "/tv/39687", "/anime/2090", "/tv/episodes/5"])
    def test_a_miss(self, caller: Caller, path: str) -> None:
        """Is an empty list with 200: unknown, or of another type."""
        assert self.free(caller, path) == []

    @pytest.mark.parametrize("path", ["/movies/tt0133093", "/tv/-5", "/anime/episodes/x", "/tv/²"])
    def test_what_is_no_number(self, caller: Caller, path: str) -> None:
        """Is refused."""
        response = caller.call("GET", path, token=None)
        assert (response.status_code, response.json["error"]) == (404, "id_err")

    def test_episodes(self, caller: Caller) -> None:
        """Those of anime have no season; not all have aired."""
        show, anime = self.free(caller, "/tv/episodes/1000103"), self.free(caller, "/anime/episodes/1000204")
        assert show[4] == {"title": "Episode 5", "season": 1, "episode": 5, "type": "episode", "aired": True}
        assert (len(show), len(anime)) == (5, 1100)
        assert [(episode["episode"], episode["aired"]) for episode in anime[1084:1086]] == [
            (1085, True),
            (1086, False),
        ]
        assert "season" not in anime[0]

    def test_a_token_is_noted(self, caller: Caller) -> None:
        """It does no good there, whether it is one or not."""
        assert caller.call("GET", "/movies/1000001", token="t").status_code == 200
        assert caller.stage.calls[0].has_token
        assert caller.stage.violations == ["call 1 GET /movies/1000001: a token where none belongs"]

    def test_the_app_must_be_named(self, caller: Caller) -> None:
        """As everywhere."""
        assert caller.call("GET", "/movies/1000001", params={}, token=None).status_code == 412


class TestWhoMayLookUp:
    """Tokens and quota."""

    @pytest.mark.parametrize("path", ["/redirect", "/search/id", "/search/movie"])
    def test_a_token_is_needed_in_the_second_generation(self, caller: Caller, path: str) -> None:
        """Apps of the first do without."""
        query = {"imdb": "tt0133093", "q": "matrix"}
        refused = caller.call("GET", path, params={**IDENTITY, **query}, token=None)
        assert (refused.status_code, refused.json["error"]) == (401, "user_token_required")
        assert caller.call("GET", path, params={**FIRST, **query}, token=None).status_code in (200, 301)

    def test_a_token_that_is_no_good(self) -> None:
        """Is refused although it was not needed."""
        caller = Caller(only_issued_tokens=True)
        response = caller.call("GET", "/redirect", params=FIRST, token="bad")
        assert (response.status_code, response.json["error"]) == (401, "user_token_failed")

    def test_the_quota_counts_what_is_not_cached(self) -> None:
        """Details and lists of episodes are free."""
        caller = Caller(strict_catalogue=True, daily_quota=2)
        for path in ("/movies/1000001", "/tv/episodes/2090", "/search/id"):
            response = caller.call("GET", path, token=None if path != "/search/id" else "t")
            assert response.status_code == 200
        assert response.headers["X-RateLimit-Remaining"] == "1"
        assert location(caller) == MISS
        assert caller.call("GET", "/redirect").status_code == 429
        assert caller.call("GET", "/movies/1000001", token=None).status_code == 200


def test_the_open_catalogue_finds_what_it_was_taught() -> None:
    """And invents nothing for a lookup."""
    caller = Caller()
    assert location(caller, imdb="tt0133093") == MISS
    assert found(caller, "movie", "matrix") == []
    item = {"rating": 8, "ids": {"imdb": "tt0133093"}, "title": "The Matrix", "year": 1999}
    caller.rate("movies", item)
    number = caller.stage.library()[0].title.simkl
    assert location(caller, imdb="tt0133093") == f"https://simkl.com/movies/{number}/the-matrix"
    assert location(caller, tmdb="603", type="movie") == MISS
    assert found(caller, "movie", "matrix") == [number]
    assert caller.get("/search/id", title="The Matrix", year="1999")[0]["ids"]["simkl"] == number
    assert caller.call("GET", f"/movies/{number}", token=None).json["year"] == 1999
    assert caller.stage.database.execute("SELECT count(*) FROM titles")[0][0] == 1
