"""How request items find titles, in the strict and in the open catalogue (simkl-api.md 14.12, 14.13)."""

from __future__ import annotations

from typing import Any

import pytest

from importer.sandbox.fixture import TITLES
from importer.vocabulary.sends import Section
from tests.sandbox.calling import Caller

AOT = {"imdb": "tt2560140", "tmdb": 1429, "tvdb": 267440}


@pytest.fixture
def strict() -> Caller:
    """A stand-in with the fixture catalogue."""
    return Caller(strict_catalogue=True)


@pytest.fixture
def open_() -> Caller:
    """A stand-in with the open catalogue."""
    return Caller()


class TestStrict:
    """The titles of the fixture and no others."""

    def test_holds_some_thirty_titles(self) -> None:
        """Each simkl number once."""
        assert len(TITLES) == len({title.simkl for title, _ in TITLES}) == 31

    @pytest.mark.parametrize(("title", "ids"), TITLES, ids=lambda value: getattr(value, "name", ""))
    def test_every_title_is_found_by_its_number(self, strict: Caller, title: Any, ids: Any) -> None:
        """In the array of its own section."""
        assert strict.finds(title.section.value, {"simkl": title.simkl}) == title.simkl

    @pytest.mark.parametrize(
        ("ids", "found"),
        [
            ({"simkl": 2090, "imdb": "tt0944947"}, 2090),
            ({"simkl": 77, "imdb": "tt0944947", "tmdb": 1402}, 1000102),
            ({"imdb": "tt9999998", "tmdb": 1402, "tvdb": 81189}, 2090),
            ({"tmdb": 999, "tvdb": 81189, "mal": 21}, 1000101),
            ({"tvdb": 4, "mal": 21, "traktslug": "breaking-bad"}, 1000204),
            ({"mal": 4, "traktslug": "breaking-bad"}, 1000101),
            ({"slug": "breaking-bad"}, None),
            ({"trakt": 1388}, None),
        ],
    )
    def test_the_first_id_that_is_known_wins(self, strict: Caller, ids: Any, found: int | None) -> None:
        """Simkl, imdb, tmdb, tvdb, anime ids, slugs; ids that contradict each other go unnoticed."""
        assert strict.finds("shows", ids) == found

    def test_the_array_decides_what_a_tmdb_number_means(self, strict: Caller) -> None:
        """1396 is a movie and a show."""
        assert strict.finds("movies", {"tmdb": 1396}) == 1000012
        assert strict.finds("shows", {"tmdb": 1396}) == 1000101

    @pytest.mark.parametrize("section", ["shows", "anime"])
    def test_anime_is_found_under_shows_and_anime(self, strict: Caller, section: str) -> None:
        """Films included; movies finds none of it."""
        assert strict.finds(section, {"mal": "16498"}) == 39687
        assert strict.finds(section, {"mal": 199}) == 1000208
        assert strict.finds("movies", {"mal": 199}) is None
        assert strict.finds("movies", {"imdb": "tt0245429"}) is None

    @pytest.mark.parametrize(
        ("section", "ids"),
        [
            ("movies", {"tvdb": 153021}),
            ("movies", {"imdb": "tt0903747"}),
            ("shows", {"imdb": "tt0133093"}),
            ("shows", {"letterboxd": "inception"}),
            ("movies", {"tmdb": True}),
            ("movies", {"tmdb": 603.0}),
            ("movies", {"imdb": "603"}),
            ("movies", {"imdb": None}),
            ("movies", ["tt0133093"]),
        ],
    )
    def test_ids_out_of_place_find_nothing(self, strict: Caller, section: str, ids: Any) -> None:
        """Of the other array, of a space that does not name such titles, or written otherwise."""
        assert strict.finds(section, ids) is None

    def test_a_franchise_id_finds_the_first_season(self, strict: Caller) -> None:
        """It wins over the season's own id, which is why it must be held back."""
        for space, value in AOT.items():
            assert strict.finds("anime", {space: value, "mal": 35760}) == 39687
        assert strict.finds("anime", {"mal": 25777}) == 1000202
        assert strict.finds("anime", {"mal": 35760}) == 1000203

    def test_merged_numbers_find_what_they_were_merged_into(self, strict: Caller) -> None:
        """Read-back then tells another number than was sent."""
        assert strict.finds("movies", {"simkl": 9000001}) == 53536

    @pytest.mark.parametrize(
        ("title", "year", "found"),
        [
            ("Dune", 2021, 1000011),
            ("Dune", "1984", 1000010),
            ("  DUNE ", 1984, 1000010),
            ("Dune", None, 1000010),
            ("Dune", 2000, 1000010),
            ("Done", 2021, None),
            ("Breaking Bad", 2008, None),
        ],
    )
    def test_title_and_year_come_after_all_ids(
        self, strict: Caller, title: str, year: Any, found: int | None
    ) -> None:
        """And a bare title, or one with a wrong year, can find the wrong thing."""
        assert strict.finds("movies", {"imdb": "tt7777777"}, title=title, year=year) == found
        assert strict.finds("movies", {"tmdb": 603}, title=title, year=year) == 1000001


class TestOpen:
    """Every well-formed id is a title."""

    def test_an_id_is_the_same_title_each_time(self, open_: Caller) -> None:
        """In another process too, for the number is a hash of the id."""
        assert open_.finds("movies", {"imdb": "tt0133093"}) == 285415982
        assert open_.finds("movies", {"imdb": "https://www.imdb.com/title/tt0133093/"}) == 285415982
        assert open_.finds("movies", {"tmdb": 603}) != 285415982
        assert Caller().finds("movies", {"imdb": "tt0133093"}) == 285415982

    def test_a_simkl_number_is_its_own_title(self, open_: Caller) -> None:
        """So that a backup finds again what it names."""
        assert open_.finds("shows", {"simkl": 17465}) == 17465

    def test_one_title_by_all_the_ids_that_came_with_it(self, open_: Caller) -> None:
        """What an item carries beside its first id is known from then on."""
        found = open_.finds("movies", {"imdb": "tt0133093", "tmdb": 603, "letterboxd": "the-matrix"})
        assert open_.finds("movies", {"tmdb": "603"}) == found
        assert open_.finds("movies", {"letterboxd": "the-matrix", "netflix": 20557937}) == found
        assert open_.finds("movies", {"imdb": "tt7777777", "netflix": 20557937}) == found
        assert open_.finds("shows", {"tmdb": 603}) not in (found, None)

    def test_a_taken_id_stays_with_its_title(self, open_: Caller) -> None:
        """The first that is known wins, and nothing is taken from the second."""
        first = open_.finds("movies", {"imdb": "tt0133093"})
        second = open_.finds("movies", {"tmdb": 603})
        assert open_.finds("movies", {"imdb": "tt0133093", "tmdb": 603}) == first
        assert open_.finds("movies", {"tmdb": 603}) == second

    @pytest.mark.parametrize(
        ("section", "item"),
        [
            ("movies", {"ids": {"imdb": "tt9999999"}}),
            ("movies", {"ids": {"tmdb": 999999999}}),
            ("anime", {"ids": {"mal": "999999"}}),
            ("anime", {"ids": {"animeplanet": "unknown-show"}}),
            ("movies", {"ids": {"imdb": "tt9999999"}, "title": "A Film", "year": 2001}),
            ("movies", {"title": "Unknown Film", "year": 2001}),
            ("movies", {"ids": {"imdb": "nm0000206"}}),
            ("movies", {"ids": {"tmdb": -5}}),
            ("shows", {"ids": {"crunchyroll": 796122}}),
            ("movies", {}),
        ],
    )
    def test_what_is_not_found(self, open_: Caller, section: str, item: Any) -> None:
        """Ids that end in 999999, words that begin with unknown, and what is no id."""
        reply = open_.rate(section, {"rating": 7, **item})
        assert reply["added"]["statuses"] == []
        assert open_.stage.library() == []

    def test_an_unknown_id_does_not_hide_a_known_one(self, open_: Caller) -> None:
        """The first that is known wins."""
        found = open_.finds("movies", {"tmdb": 603})
        assert open_.finds("movies", {"imdb": "tt9999999", "tmdb": 603}) == found

    def test_a_title_in_the_wrong_array_is_not_found(self, open_: Caller) -> None:
        """An imdb id once seen as a movie is no show."""
        assert open_.finds("movies", {"imdb": "tt0133093"}) is not None
        assert open_.finds("shows", {"imdb": "tt0133093"}) is None
        assert open_.finds("shows", {"imdb": "tt0133093"}, title="The Matrix", year=1999) is None

    def test_titles_and_years_come_from_the_request(self, open_: Caller) -> None:
        """Else they are invented, until somebody tells."""
        movie = open_.stage.put(Section.MOVIES, {"ids": {"tmdb": 603}}, status="completed")
        show = open_.stage.put(Section.SHOWS, {"ids": {"tmdb": 603}}, status="watching")
        names = {entry.title.simkl: entry.title.shown_name for entry in open_.stage.library()}
        assert names == {movie: f"Movie {movie}", show: f"Show {show}"}
        open_.rate("movies", {"rating": 7, "ids": {"tmdb": 603}, "title": "The Matrix", "year": 1999})
        titles = {entry.title.simkl: entry.title for entry in open_.stage.library()}
        assert (titles[movie].shown_name, titles[movie].year) == ("The Matrix", 1999)

    def test_title_and_year_find_the_title_with_ids(self, open_: Caller) -> None:
        """And the other way round."""
        found = open_.finds("movies", {"imdb": "tt1160419"}, title="Dune", year=2021)
        assert open_.finds("movies", {}, title="dune", year="2021") == found
        assert open_.finds("movies", {"tmdb": 438631}, title="Dune", year=2021) == found
        assert open_.finds("movies", {"tmdb": 438631}) == found

    def test_two_titles_of_one_name_stay_apart(self, open_: Caller) -> None:
        """By their year, by an id that differs, by their section."""
        found = [
            open_.finds("movies", {"imdb": "tt1160419"}, title="Dune", year=2021),
            open_.finds("movies", {"imdb": "tt0087182"}, title="Dune", year=1984),
            open_.finds("movies", {"imdb": "tt0000077"}, title="Dune", year=2021),
            open_.finds("shows", {}, title="Dune", year=2021),
        ]
        assert len(set(found)) == 4

    def test_a_title_without_ids_is_a_title_of_its_own(self, open_: Caller) -> None:
        """The same one each time, year and all."""
        found = open_.finds("movies", {}, title="Stalker", year=1979)
        assert found == Caller().finds("movies", {}, title="Stalker", year=1979)
        assert found != open_.finds("movies", {}, title="Stalker", year=1980)

    def test_anime_is_what_stands_there_or_has_an_anime_id(self, open_: Caller) -> None:
        """Wherever it stood first."""
        open_.stage.put(Section.ANIME, {"ids": {"tmdb": 37854}}, status="watching")
        open_.stage.put(Section.SHOWS, {"ids": {"mal": 21}}, status="watching")
        open_.stage.put(Section.SHOWS, {"ids": {"imdb": "tt0388629"}}, status="watching")
        open_.rate("shows", {"rating": 7, "ids": {"imdb": "tt0388629", "anidb": 69}})
        assert [entry.title.section for entry in open_.stage.library()] == [Section.ANIME] * 3

    def test_a_movie_of_next_year_is_not_released(self, open_: Caller) -> None:
        """The clock decides."""
        open_.rate("movies", {"rating": 7, "ids": {"imdb": "tt3095356"}, "title": "Avatar 4", "year": 2027})
        assert open_.stage.library()[0].status == "plantowatch"

    def test_some_shows_have_one_episode(self, open_: Caller) -> None:
        """Most have more."""
        open_.rate("shows", *({"rating": 7, "ids": {"tvdb": number}} for number in range(1, 101)))
        listed = [entry.status for entry in open_.stage.library()]
        assert 2 < listed.count("completed") < 20
        assert listed.count("completed") + listed.count("watching") == 100
