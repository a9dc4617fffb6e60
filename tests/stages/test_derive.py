"""Where only seasons or episodes are rated, the person may have a rating of their show derived by a stated rule."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.adapter import rating_or_reject
from importer.report.summary import RunFacts, summarize
from importer.stages import frame as frames
from importer.stages.derive import derive, is_derived
from importer.stages.frame import check_balance, column
from importer.stages.merge import Preference, merge
from importer.stages.normalization import Normalization
from importer.stages.plan import Plan, Policy, plan
from importer.stages.slices import Parsed
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import FromParts, Kind, Locator, Rating, Reject
from importer.vocabulary.sends import Section
from tests.making import NOW, day, framed, parsed, rating

LOST = {"imdb": "tt0411008", "tmdb": "4607"}


def season(line: int, number: int | None = None, score: int = 8, on: str | None = None, **facts: Any) -> Rating:
    """A rated season that carries the ids of its show; the line is its number, unless told otherwise."""
    given: dict[str, Any] = {"kind": Kind.SEASON, "ids": LOST, "ids_name_show": True, "season": number or line}
    return rating(line, score=str(score), moment=day(on) if on else None, **(given | facts))


def episode(line: int, score: int = 8, on: str | None = None, **facts: Any) -> Rating:
    """A rated episode of season 1 that carries the ids of its show; the line is its number."""
    return season(line, 1, score, on, **({"kind": Kind.EPISODE, "episode": line} | facts))


def show(line: int, score: str = "9", **facts: Any) -> Rating:
    """A rating of the show itself."""
    return rating(line, **({"kind": Kind.SHOW, "ids": LOST, "score": score} | facts))


def derived(*documents: Parsed, rule: FromParts | None = FromParts.MEAN, **how: Any) -> Any:
    """The frame after deriving."""
    return derive(framed(*documents, **how), rule, Normalization(**({"now": NOW} | how)))


def planned(*documents: Parsed, rule: FromParts = FromParts.MEAN) -> Plan:
    """The plan of what was derived."""
    return plan(*merge(derived(*documents, rule=rule), Preference()), Policy())


def ends(frame: Any) -> list[tuple[str, int | None]]:
    """Outcome and rating of every row."""
    return list(zip(column(frame, "outcome"), column(frame, "rating"), strict=True))


THREE = [season(1, score=6, on="2010-01-01"), season(2, score=9, on="2012-01-01"), season(3, score=8)]


@pytest.mark.parametrize(("rule", "expected"), [(FromParts.MEAN, 8), (FromParts.LATEST, 9), (FromParts.HIGHEST, 9)])
def test_a_show_is_rated_by_its_seasons(rule: FromParts, expected: int) -> None:
    """The newest row stands for the show with its own date, says so, and the others point to it."""
    frame = derived(parsed(THREE), rule=rule)
    assert ends(frame) == [("duplicate", 6), ("pending", expected), ("duplicate", 8)]
    assert column(frame, "kind") == ["season", "show", "season"]
    assert column(frame, "rated_at")[1] == datetime(2012, 1, 1, 12, tzinfo=UTC)
    assert column(frame, "detail") == [
        "a.csv:2 speaks for this show, derived",
        f"derived from 3 season ratings of this show ({rule})",
        "a.csv:2 speaks for this show, derived",
    ]
    assert column(frame, "code") == ["duplicate", None, "duplicate"]


def test_without_the_rule_they_stay_behind() -> None:
    """It is off unless asked for."""
    assert column(derived(parsed(THREE), rule=None), "code") == ["unsupported-kind"] * 3


@pytest.mark.parametrize(
    ("scores", "mean"), [((8, 9), 9), ((7, 8), 8), ((8, 7, 7), 7), ((1, 1), 1), ((10, 9, 9, 10), 10)]
)
def test_the_mean_is_half_up(scores: tuple[int, ...], mean: int) -> None:
    """8.5 is 9 and 7.5 is 8."""
    rows = [season(line, score=score) for line, score in enumerate(scores, start=1)]
    assert [end for end in ends(derived(parsed(rows))) if end[0] == "pending"] == [("pending", mean)]


@pytest.mark.parametrize(("rule", "expected"), [(FromParts.MEAN, 5), (FromParts.LATEST, 5), (FromParts.HIGHEST, 5)])
def test_seasons_speak_before_episodes(rule: FromParts, expected: int) -> None:
    """A season was weighed as a whole; one loved episode does not outweigh it, however new."""
    rows = [season(1, score=5, on="2010-01-01"), episode(2, 10, "2020-01-01"), episode(3, 9)]
    frame = derived(parsed(rows), rule=rule)
    assert ends(frame) == [("pending", expected), ("duplicate", 10), ("duplicate", 9)]
    assert column(frame, "detail")[0] == f"derived from 1 season rating of this show ({rule})"


def test_episodes_speak_where_no_season_is_rated() -> None:
    """The mean of four episodes."""
    rows = [episode(line, score, "2015-02-01") for line, score in ((1, 10), (2, 9), (3, 4), (4, 7))]
    (pending,) = [end for end in ends(derived(parsed(rows))) if end[0] == "pending"]
    assert pending == ("pending", 8)
    assert column(derived(parsed(rows)), "detail")[3] == "derived from 4 episode ratings of this show (mean)"


@pytest.mark.parametrize(
    "own",
    [
        show(9),
        show(9, ids={"imdb": "tt0411008"}),
        rating(9, ids={"imdb": "tt0411008"}),
        Reject(Locator(9), Kind.SHOW, "nine", "1 to 10", ids=LOST, code=Code.BAD_SCORE),
    ],
    ids=["rated", "by one id", "as a movie", "unreadable"],
)
def test_a_show_that_is_rated_itself_is_left_alone(own: Any) -> None:
    """Whatever shares an id and rates the whole speaks for it, even when it is not sent."""
    assert column(derived(parsed([*THREE, own])), "code")[:3] == ["unsupported-kind"] * 3


def test_a_rating_that_a_filter_leaves_out_still_speaks() -> None:
    """--since leaves the show's own old rating aside; its newer seasons do not replace it."""
    rows = [show(1, moment=day("2001-01-01")), season(2, on="2012-01-01")]
    frame = derived(parsed(rows), since=datetime(2005, 1, 1, tzinfo=UTC))
    assert column(frame, "code") == ["filtered", "unsupported-kind"]


def test_an_unrated_row_of_the_show_does_not_speak() -> None:
    """Watched without a score is no rating."""
    unrated = Reject(Locator(9), Kind.SHOW, ids=LOST, code=Code.UNRATED)
    assert ends(derived(parsed([*THREE, unrated])))[1] == ("pending", 8)


def test_numbers_of_movies_and_shows_are_apart() -> None:
    """tmdb 4607 is one movie and another show; the movie's rating is not the show's."""
    rows = [season(1, ids={"tmdb": "4607"}), rating(2, ids={"tmdb": "4607"})]
    assert ends(derived(parsed(rows))) == [("pending", 8), ("pending", 8)]


def test_an_episodes_own_id_never_names_a_show() -> None:
    """IMDb gives an episode an id of its own; what does not say whose the ids are stays behind."""
    record = rating_or_reject(
        Locator(2),
        kind=Kind.EPISODE,
        score="10",
        scale="1 to 10",
        title="Lost: Pilot: Part 1",
        raw_ids={"imdb": "tt0636289"},
    )
    frame = derived(parsed([record]))
    assert column(frame, "code") == ["unsupported-kind"]
    assert column(frame, "detail") == ["an episode rating"]


def test_parts_without_an_id_that_can_be_sent_stay_behind() -> None:
    """A title and a year do not say which show it is, nor does Trakt's own number."""
    rows = [season(1, ids={}, title="Lost", year=2004), season(2, ids={"trakt": "73"}, title="Lost", year=2004)]
    assert column(derived(parsed(rows)), "code") == ["unsupported-kind"] * 2


def test_the_marker_is_kept_for_parts_only() -> None:
    """An adapter says once that its parts carry ids of shows; movies and shows are not marked."""

    def made(kind: Kind | None) -> bool:
        return rating_or_reject(
            Locator(1), kind=kind, score="8", scale="1 to 10", raw_ids=LOST, ids_name_show=True
        ).ids_name_show

    assert {kind: made(kind) for kind in Kind} == {
        Kind.MOVIE: False,
        Kind.SHOW: False,
        Kind.SEASON: True,
        Kind.EPISODE: True,
    }
    assert made(None) is False


def test_ids_that_contradict_each_other_derive_nothing() -> None:
    """Two imdb ids under one tmdb id: nobody can say which show it is."""
    rows = [
        season(1, ids={"imdb": "tt0411008", "tmdb": "4607"}),
        season(2, ids={"imdb": "tt0944947", "tmdb": "4607"}),
    ]
    assert column(derived(parsed(rows)), "code") == ["unsupported-kind"] * 2


def test_a_season_that_two_exports_rate_counts_once() -> None:
    """Its newest rating counts: the mean of 6 and 10, not of 6, 6, 2 and 10."""
    old = parsed([season(1, 1, 6, "2010-01-01"), season(2, 2, 2, "2010-01-02")], "old.json", "trakt")
    new = parsed([season(1, 1, 6, "2010-01-01"), season(2, 2, 10, "2020-01-02")], "new.json", "trakt")
    frame = derived(old, new)
    assert ends(frame) == [("duplicate", 6), ("duplicate", 2), ("duplicate", 6), ("pending", 8)]
    assert column(frame, "detail")[3] == "derived from 2 season ratings of this show (mean)"


def test_parts_without_numbers_each_count() -> None:
    """Nothing tells them apart, and nothing says that they are one."""
    rows = [episode(1, 10, season=None, episode=None), episode(2, 7, season=None, episode=None)]
    (detail,) = {said for said in column(derived(parsed(rows)), "detail") if said.startswith("derived")}
    assert detail == "derived from 2 episode ratings of this show (mean)"


def test_filters_hold_for_what_is_derived() -> None:
    """--type movies leaves a derived show out, and --since one whose newest rating is older."""
    by_type = derived(parsed(THREE), sections=frozenset({Section.MOVIES}))
    assert set(column(by_type, "code")) == {"filtered"}
    assert set(column(by_type, "detail")) == {"--type leaves shows out"}
    by_day = derived(parsed(THREE), since=datetime(2015, 1, 1, tzinfo=UTC))
    assert set(column(by_day, "code")) == {"filtered"}
    assert ends(derived(parsed(THREE), since=datetime(2011, 1, 1, tzinfo=UTC)))[1] == ("pending", 8)


def test_what_was_noted_on_a_row_stays_said() -> None:
    """A date that was left out is still told when the row speaks for its show."""
    frame = derived(parsed([season(1, on="2031-01-01")]))
    assert column(frame, "detail") == [
        "derived from 1 season rating of this show (mean); Date Rated 2031-01-01 left out: it lies in the future"
    ]


def test_a_derived_rating_is_sent_as_one_of_the_show() -> None:
    """All ids of the show travel in the array of shows."""
    found = planned(parsed(THREE))
    (send,) = found.sends.values()
    assert send.section is Section.SHOWS
    assert send.item == {
        "rating": 8,
        "rated_at": "2012-01-01T12:00:00Z",
        "ids": {"imdb": "tt0411008", "tmdb": 4607},
    }


def test_the_preview_of_scores_is_not_bent() -> None:
    """The derived 8 is none of the score 9; the table of scores shows only what scores become."""
    found = planned(parsed(THREE))
    assert is_derived(found.frame).tolist() == [False, True, False]
    summary = summarize(found.frame, found.sends, [], RunFacts(command="preview", run=None, exit_code=0))
    assert [(score.score, score.rating, score.rows) for score in summary.scores[0].scores] == [
        ("6", 6, 1),
        ("8", 8, 1),
    ]


_IDS = [
    {"imdb": "tt0000001"},
    {"imdb": "tt0000001", "tmdb": "1"},
    {"tmdb": "1"},
    {"tmdb": "2"},
    {"imdb": "tt0000002", "tmdb": "2"},
    {"tvdb": "3"},
    {},
]
_rows = st.lists(
    st.tuples(
        st.sampled_from([Kind.SEASON, Kind.EPISODE, Kind.EPISODE, Kind.SHOW, Kind.MOVIE]),
        st.sampled_from(_IDS),
        st.integers(1, 10),
        st.sampled_from(["2010-01-01", "2011-01-01", None]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 1, 2]),
        st.booleans(),
    ),
    max_size=14,
)


def _made(rows: list[Any]) -> list[Rating]:
    return [
        rating(
            line,
            kind=kind,
            ids=ids,
            score=str(score),
            moment=day(on) if on else None,
            season=season_number if kind in (Kind.SEASON, Kind.EPISODE) else None,
            episode=episode_number if kind is Kind.EPISODE else None,
            ids_name_show=names_show and kind in (Kind.SEASON, Kind.EPISODE),
        )
        for line, (kind, ids, score, on, season_number, episode_number, names_show) in enumerate(rows, start=1)
    ]


@settings(max_examples=150, deadline=None)
@given(_rows, st.sampled_from(FromParts), st.randoms(use_true_random=False))
def test_deriving_loses_and_invents_nothing(rows: list[Any], rule: FromParts, shuffler: random.Random) -> None:
    """Totals close; no show has two rows that speak; a derived rating lies among those it comes from; the order of
    the rows does not matter."""
    records = _made(rows)
    frame = derived(parsed(records), rule=rule)
    check_balance(plan(*merge(frame, Preference()), Policy()).frame, len(records))
    before, after = ends(framed(parsed(records))), ends(frame)
    parts = [record for record in records if record.ids_name_show]
    new = [place for place, end in enumerate(after) if end[0] == "pending" and before[place][0] != "pending"]
    assert all(records[place].ids_name_show for place in new)
    for place in new:
        ids = set(records[place].ids.items())
        related = [int(part.score) for part in parts if _reaches(ids, part, parts)]
        assert min(related) <= (after[place][1] or 0) <= max(related)
        for other, end in enumerate(after):
            if other != place and end[0] == "pending":
                shares = ids & set(records[other].ids.items())
                assert {space for space, _ in shares} <= (
                    {"tmdb", "tvdb"} if records[other].kind is Kind.MOVIE else set()
                )
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    assert _spoken(derived(parsed(shuffled), rule=rule)) == _spoken(frame)


def _reaches(ids: set[tuple[str, str]], part: Rating, parts: list[Rating]) -> bool:
    """Whether `part` hangs together with `ids` through the ids of parts."""
    known, grown = set(ids), True
    while grown:
        linked = [set(other.ids.items()) for other in parts if known & set(other.ids.items())]
        grown = any(not found <= known for found in linked)
        known.update(*linked)
    return bool(known & set(part.ids.items()))


def _spoken(frame: Any) -> set[tuple[int, str, str, int | None, str | None]]:
    return set(
        zip(*(frames.column(frame, name) for name in ("line", "kind", "outcome", "rating", "code")), strict=True)
    )
