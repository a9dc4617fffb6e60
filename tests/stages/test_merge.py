"""Rows of several exports become titles: joined by what names them, never by what does not."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.stages.frame import column
from importer.stages.join import keys_of
from importer.stages.merge import preference
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.ids import ANIME_NATIVE, FRANCHISE, PER_KIND
from importer.vocabulary.records import Kind
from tests.making import anime, day, framed, merged, parsed, rating


def _titles(*documents: Any, **how: Any) -> list[list[int]]:
    """The lines of each title, for documents whose lines are unique."""
    _, groups = merged(*documents, **how)
    return sorted(sorted(member.line for member in group.members) for group in groups)


def test_rows_join_by_a_shared_id() -> None:
    """Any shared id of one-to-one spaces will do, also through a third row."""
    rows = [
        rating(1, ids={"imdb": "tt0137523"}),
        rating(2, ids={"imdb": "tt0137523", "tmdb": "550"}),
        rating(3, ids={"tmdb": "550"}),
        rating(4, ids={"imdb": "tt0111161"}),
    ]
    assert _titles(parsed(rows)) == [[1, 2, 3], [4]]


def test_tmdb_numbers_of_movies_and_shows_are_two_spaces() -> None:
    """tmdb 550 is one movie and another show."""
    rows = [rating(1, ids={"tmdb": "550"}), rating(2, kind=Kind.SHOW, ids={"tmdb": "550"})]
    assert _titles(parsed(rows)) == [[1], [2]]


def test_franchise_ids_do_not_join_seasons_of_an_anime() -> None:
    """Three seasons share imdb and tvdb and stay three titles."""
    shared = {"imdb": "tt2560140", "tvdb": "267440"}
    rows = [
        anime(1, ids={"mal": "16498", **shared}),
        anime(2, ids={"mal": "25777", **shared}),
        anime(3, ids={"mal": "25777"}),
        rating(4, kind=Kind.SHOW, ids={"imdb": "tt2560140"}),
    ]
    assert _titles(parsed(rows)) == [[1], [2, 3], [4]]


def test_title_and_year_join_only_without_ids() -> None:
    """One Day of 2011 is one film; a row with an id is not joined by its title."""
    rows = [
        rating(1, ids={}, title="One Day", year=2011),
        rating(2, ids={}, title="one  day", year=2011),
        rating(3, ids={}, title="One Day", year=2024),
        rating(4, ids={}, title="One Day", year=2011, kind=Kind.SHOW),
        rating(5, ids={"imdb": "tt1563738"}, title="One Day", year=2011),
    ]
    assert _titles(parsed(rows)) == [[1, 2], [3], [4], [5]]


def test_two_ids_of_one_space_never_join() -> None:
    """A shared tmdb id between two imdb ids is doubtful: split, and said."""
    rows = [
        rating(1, ids={"imdb": "tt0000001", "tmdb": "5"}),
        rating(2, ids={"imdb": "tt0000002", "tmdb": "5"}),
        rating(3, ids={"imdb": "tt0000001"}),
    ]
    frame, groups = merged(parsed(rows))
    assert sorted(sorted(member.line for member in group.members) for group in groups) == [[1, 3], [2]]
    assert "their imdb ids differ" in column(frame, "detail")[1]


def test_missing_ids_are_not_equal() -> None:
    """Rows without any id or year stay apart."""
    rows = [rating(1, ids={}, title="X"), rating(2, ids={}, title="X")]
    assert _titles(parsed(rows)) == [[1], [2]]


def test_short_links_tell_films_of_one_name_apart() -> None:
    """Two Letterboxd films with one name and year are two films."""
    rows = [
        rating(1, ids={"boxd": "aaaa"}, title="Alone", year=2020),
        rating(2, ids={"boxd": "bbbb"}, title="Alone", year=2020),
    ]
    assert _titles(parsed(rows)) == [[1], [2]]


@pytest.mark.parametrize(
    ("prefer", "sources", "speaks"),
    [("newest", (), 2), ("oldest", (), 1), ("highest", (), 3), ("sources", ("trakt", "imdb"), 3)],
)
def test_the_preference_decides_who_speaks(prefer: str, sources: tuple[str, ...], speaks: int) -> None:
    """Newest, oldest, highest, or the first source named; the others point to the speaker."""
    imdb = parsed(
        [rating(1, score="6", moment=day("2010-01-01")), rating(2, score="7", moment=day("2020-01-01"))], "i.csv"
    )
    trakt = parsed([rating(3, score="9", moment=day("2015-01-01"))], "t.csv", "trakt")
    frame, groups = merged(imdb, trakt, prefer=prefer, sources=sources)
    assert groups[0].speaker.line == speaks
    assert column(frame, "outcome").count("duplicate") == 2
    assert groups[0].disagrees


def test_the_ratings_file_speaks_over_the_diary() -> None:
    """Rank decides within one source, even against a newer diary entry."""
    ratings = parsed([rating(1, score="6", moment=day("2010-01-01"))], "r.csv", "letterboxd", rank=2)
    diary = parsed([rating(2, score="9", moment=day("2020-01-01"))], "d.csv", "letterboxd", rank=1)
    _, groups = merged(ratings, diary)
    assert groups[0].speaker.line == 1


def test_an_unknown_preference_is_refused() -> None:
    """A misspelt source is an error, not a silent default."""
    assert preference("trakt,imdb", ["imdb", "trakt"]).sources == ("trakt", "imdb")
    with pytest.raises(ConfigError, match="newest, oldest, highest"):
        preference("imbd", ["imdb", "trakt"])


_SPACES = ("imdb", "tmdb", "mal", "tvdb", "simkl")
_VALUES = {
    "imdb": ["tt0000001", "tt0000002", "tt0000003"],
    **{space: ["1", "2", "3"] for space in ("tmdb", "mal", "tvdb", "simkl")},
}
_rows = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(_SPACES), st.integers(0, 2), max_size=3),
        st.sampled_from([Kind.MOVIE, Kind.SHOW]),
        st.sampled_from(["A", "B"]),
        st.sampled_from([None, 2001, 2002]),
        st.integers(1, 10),
        st.sampled_from(["2010-01-01", "2011-01-01", None]),
    ),
    max_size=12,
)


def _made(rows: list[Any]) -> list[Any]:
    return [
        rating(
            number,
            ids={space: _VALUES[space][value] for space, value in ids.items()},
            kind=kind,
            title=title,
            year=year,
            score=str(score),
            moment=day(date) if date else None,
        )
        for number, (ids, kind, title, year, score, date) in enumerate(rows, start=1)
    ]


@pytest.mark.promise("P12")
@settings(max_examples=60, deadline=None)
@given(_rows, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_order(rows: list[Any], shuffler: random.Random) -> None:
    """The same rows in any order make the same titles with the same speakers."""
    records = _made(rows)
    shuffled = list(records)
    shuffler.shuffle(shuffled)

    def outcome(these: list[Any]) -> set[tuple[int, frozenset[int]]]:
        _, groups = merged(parsed(these))
        return {(g.speaker.line, frozenset(m.line for m in g.members)) for g in groups}

    assert outcome(records) == outcome(shuffled)


@pytest.mark.promise("P12")
@settings(max_examples=100, deadline=None)
@given(_rows)
def test_merging_never_joins_two_ids_of_one_space(rows: list[Any]) -> None:
    """Whatever the rows share, no title holds two ids of a one-to-one space, and no row is lost."""
    records = _made(rows)
    frame, groups = merged(parsed(records))
    assert sorted(member.line for group in groups for member in group.members) == list(range(1, len(records) + 1))
    assert len(frame) == len(records)
    for group in groups:
        held: dict[tuple[str, str], set[str]] = {}
        for member in group.members:
            native = any(space in member.ids for space in ANIME_NATIVE)
            for space, value in member.ids.items():
                if not (native and space in FRANCHISE):
                    held.setdefault((space, member.kind if space in PER_KIND else ""), set()).add(value)
        assert all(len(values) == 1 for values in held.values())


LONG = pytest.param(500, marks=[pytest.mark.torture, pytest.mark.timeout(600)])


@pytest.mark.promise("P6")
@pytest.mark.parametrize("examples", [60, LONG])
def test_importing_a_file_twice_is_importing_it_once(examples: int) -> None:
    """The same export named twice makes the same titles with the same ratings."""

    @settings(max_examples=examples, deadline=None)
    @given(_rows)
    def is_once(rows: list[Any]) -> None:
        records = _made(rows)

        def titles(*files: str) -> list[tuple[str, int]]:
            _, groups = merged(*(parsed(records, file) for file in files))
            return sorted((group.key, group.speaker.rating) for group in groups)

        named = [title for title in titles("a.csv") if not title[0].startswith("row:")]
        assert [title for title in titles("a.csv", "b.csv") if not title[0].startswith("row:")] == named

    is_once()


@pytest.mark.promise("P6")
@pytest.mark.parametrize("examples", [30, LONG])
def test_the_order_of_files_and_rows_does_not_matter(examples: int) -> None:
    """Three exports, named in any order, each with its rows in any order: the same titles with the same ratings
    and dates, where the date of rating decides and no two rows are of one day."""

    @settings(max_examples=examples, deadline=None)
    @given(_rows, st.randoms(use_true_random=False))
    def is_settled(rows: list[Any], shuffler: random.Random) -> None:
        dated = [(*row[:5], f"2010-01-{day:02}") for day, row in enumerate(rows, start=1)]
        files = {f"{number}.csv": _made(dated)[number::3] for number in range(3)}

        def titles(names: list[str]) -> list[tuple[set[int], int, int]]:
            _, groups = merged(*(parsed(files[name], name) for name in names))
            found = [
                ({member.line for member in group.members}, group.speaker.line, group.speaker.rating)
                for group in groups
            ]
            return sorted(found, key=lambda title: min(title[0]))

        before = titles(sorted(files))
        for name in files:
            shuffler.shuffle(files[name])
        names = sorted(files)
        shuffler.shuffle(names)
        assert titles(names) == before

    is_settled()


def test_every_key_names_its_row() -> None:
    """A row with a native id offers no franchise id as a key."""
    _, groups = merged(parsed([anime(1, ids={"mal": "1", "imdb": "tt0000001", "kitsu": "2"})]))
    assert keys_of(groups[0].speaker) == [("mal", "", "1"), ("kitsu", "", "2")]
    assert len(framed(parsed([]))) == 0
