"""The numbers of a run: each counted once, from what the stages really make."""

from __future__ import annotations

import json

import pytest

from importer import __version__
from importer.report.summary import (
    DateCounts,
    Disagreement,
    RunFacts,
    Said,
    ScaleScores,
    ScoreCount,
    Summary,
    leftover_rows,
    summarize,
    summary_json,
)
from importer.stages.plan import Policy, plan
from importer.stages.reconcile import Fate, Settlement, reconcile
from importer.stages.slices import Parsed
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Kind, Locator, Moment, Reject
from tests.making import anime, day, framed, merged, parsed, planned, rating

PREVIEW = RunFacts(command="preview", run=None, exit_code=0)


def _reject(line: int, code: Code) -> Reject:
    return Reject(locator=Locator(line), code=code)


def _summarized(*documents: Parsed, facts: RunFacts = PREVIEW) -> Summary:
    frame, groups = merged(*documents)
    made = plan(frame, groups, Policy())
    return summarize(made.frame, made.sends, groups, facts)


def test_a_run_without_records_counts_zero_everywhere() -> None:
    """Nothing read is a summary too."""
    summary = _summarized()

    assert summary.records == 0
    assert set(summary.outcomes) == set(Outcome)
    assert set(summary.outcomes.values()) == {0}
    assert summary.ratings == dict.fromkeys(range(1, 11), 0)
    assert summary.dates == DateCounts(exact=0, by_day=0, stand_ins={}, undated=0)
    assert (summary.codes, summary.by_source, summary.scores, summary.leftovers) == ({}, {}, (), 0)


def test_rows_are_counted_by_outcome_code_and_source() -> None:
    """Each row stands in one outcome; only codes that occur are named, in the order of the enum."""
    summary = _summarized(
        parsed([rating(1), _reject(2, Code.BAD_ROW), _reject(3, Code.UNRATED), _reject(4, Code.BAD_ROW)]),
        parsed([rating(1, score="7")], file="b.csv", source="letterboxd"),
    )

    assert summary.records == 5
    assert summary.outcomes == {
        Outcome.CONFIRMED: 0,
        Outcome.UNCHANGED: 0,
        Outcome.KEPT: 0,
        Outcome.DUPLICATE: 1,
        Outcome.REJECTED: 3,
        Outcome.NOT_FOUND: 0,
        Outcome.PENDING: 1,
    }
    assert list(summary.codes.items()) == [(Code.UNRATED, 1), (Code.DUPLICATE, 1), (Code.BAD_ROW, 2)]
    assert {source: sum(ends.values()) for source, ends in summary.by_source.items()} == {
        "imdb": 4,
        "letterboxd": 1,
    }
    assert summary.by_source["imdb"][Outcome.REJECTED] == 3
    assert list(summary.by_source) == ["imdb", "letterboxd"]


def test_scores_stand_before_and_after_conversion() -> None:
    """Per scale every score with its rating and rows, lowest first by value and not by spelling."""
    halves = {"scale": "stars-5-halves"}
    summary = _summarized(
        parsed(
            [
                rating(1, score="10", ids={"imdb": "tt0000001"}),
                rating(2, score="9", ids={"imdb": "tt0000002"}),
                rating(3, score="9", ids={"imdb": "tt0000003"}),
                rating(4, score="0.5", ids={"imdb": "tt0000004"}, **halves),
                rating(5, score="4,5", ids={"imdb": "tt0000005"}, **halves),
                _reject(6, Code.BAD_SCORE),
            ]
        )
    )

    assert summary.scores == (
        ScaleScores("1 to 10", (ScoreCount("9", 9, 2), ScoreCount("10", 10, 1))),
        ScaleScores("stars-5-halves", (ScoreCount("0.5", 1, 1), ScoreCount("4,5", 9, 1))),
    )
    assert summary.ratings == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 3, 10: 1}


def test_dates_are_counted_over_what_is_sent() -> None:
    """Duplicates and rejects have no date to count; every send stands in exactly one place."""
    dates = (
        Moment("2019-05-04T10:00:00Z", "iso", "rated"),
        day("2019-05-04"),
        day("2019-05-05", "finished", stand_in=True),
        Moment("2019-05-05T10:00:00Z", "iso", "watched", stand_in=True),
        day("2019-05-06", "finished", stand_in=True),
        None,
    )
    rows = [
        rating(line, moment=moment, ids={"imdb": f"tt000000{line}"}) for line, moment in enumerate(dates, start=1)
    ]
    duplicate = rating(7, moment=day("1999-01-01"), ids={"imdb": "tt0000001"})
    episode = rating(8, moment=day("1999-01-01"), kind=Kind.EPISODE, ids={"imdb": "tt0000008"})

    summary = _summarized(parsed([*rows, duplicate, episode]))

    assert summary.dates == DateCounts(exact=1, by_day=1, stand_ins={"finished": 2, "watched": 1}, undated=1)


def test_disagreements_name_both_ratings_and_places() -> None:
    """The speaking row first; rows that agree with it are no disagreement."""
    summary = _summarized(
        parsed([rating(3, score="8", moment=day("2020-01-02"), title="Fight Club", year=1999)]),
        parsed([rating(4, score="6", moment=day("2020-01-01"))], file="b.csv", source="trakt"),
        parsed([rating(5, score="8")], file="c.csv", source="tmdb"),
        parsed([anime(1), anime(2)], file="d.csv"),
    )

    assert summary.disagreements == 1
    assert summary.examples == (
        Disagreement(title="Fight Club", year=1999, speaker=Said(8, "a.csv:3"), others=(Said(6, "b.csv:4"),)),
    )


def test_a_disagreement_without_a_title_shows_its_key() -> None:
    """An id is better than nothing."""
    summary = _summarized(parsed([rating(1), rating(2, score="3")]))

    assert [(found.title, found.year) for found in summary.examples] == [("imdb:tt0137523", None)]


def test_only_the_first_disagreements_are_told() -> None:
    """All are counted, five are shown, each with at most three others."""
    rows = [rating(line, score=str(line % 10 + 1), ids={"imdb": f"tt{line % 7:07}"}) for line in range(1, 64)]

    summary = _summarized(parsed(rows))

    assert summary.disagreements == 7
    assert len(summary.examples) == 5
    assert {len(found.others) for found in summary.examples} == {3}


def test_titles_with_franchise_ids_left_behind_are_counted() -> None:
    """The count is that of the plan's own notes."""
    documents = (
        parsed(
            [
                anime(1, ids={"mal": "16498", "imdb": "tt2560140"}),
                anime(2, ids={"mal": "25777", "simkl": "439744"}),
                anime(3, ids={"mal": "35760", "trakt": "1420"}),
                rating(4, ids={"imdb": "tt0137523", "letterboxd": "fight-club"}),
            ]
        ),
    )

    assert _summarized(*documents).held_back == 1
    assert planned(*documents).frame["detail"].str.contains("held back").sum() == 1


def test_an_id_of_the_other_kind_is_not_held_back() -> None:
    """tmdb numbers movies and shows apart: what does not fit the speaking row was never to be sent."""
    show = rating(1, ids={"imdb": "tt0137523", "tmdb": "550"}, kind=Kind.SHOW)

    summary = _summarized(parsed([show, rating(2)]))

    assert (summary.outcomes[Outcome.DUPLICATE], summary.held_back) == (1, 0)


def test_leftovers_are_what_can_be_repaired() -> None:
    """Quiet rejects and duplicates are left aside; not-found titles and other rejects are left over."""
    made = planned(
        parsed(
            [
                rating(1),
                rating(2),
                rating(3, ids={"imdb": "tt0068646"}),
                _reject(4, Code.UNRATED),
                _reject(5, Code.FILTERED),
                _reject(6, Code.BAD_DATE),
            ]
        )
    )
    lost = next(send for send in made.sends.values() if send.item["ids"] == {"imdb": "tt0068646"})
    frame = reconcile(made.frame, made.sends, {lost.key: Settlement(Fate.NOT_FOUND)})

    assert frame.loc[leftover_rows(frame), "line"].tolist() == [3, 6]


@pytest.mark.parametrize(("fate", "code"), [(Fate.REFUSED, "refused"), (Fate.UNCONFIRMED, "unconfirmed")])
def test_what_the_service_did_not_take_is_left_over(fate: Fate, code: str) -> None:
    """Refused and unconfirmed rows come back to the person."""
    made = planned(parsed([rating(1)]))
    frame = reconcile(made.frame, made.sends, {send.key: Settlement(fate) for send in made.sends.values()})

    summary = summarize(frame, made.sends, [], PREVIEW)

    assert summary.leftovers == 1
    assert summary.codes == {Code(code): 1}


def test_summary_json_has_the_promised_keys_and_nothing_else() -> None:
    """The form that scripts rely on (design.md 6), serializable as it is."""
    facts = RunFacts(command="import", run=7, exit_code=1, gets=3, posts=2, paused="never shown here")
    summary = _summarized(
        parsed([rating(1, moment=day("2020-01-01", stand_in=True)), anime(2), _reject(3, Code.NO_ID)]), facts=facts
    )

    assert json.loads(json.dumps(summary_json(summary))) == {
        "rateport": __version__,
        "command": "import",
        "run": 7,
        "records": 3,
        "outcomes": {
            "confirmed": 0,
            "unchanged": 0,
            "kept": 0,
            "duplicate": 0,
            "rejected": 1,
            "not_found": 0,
            "pending": 2,
        },
        "codes": {"no-id": 1},
        "sources": {"imdb": 3},
        "requests": {"get": 3, "post": 2},
        "undated": 1,
        "stand_in_dates": 1,
        "exit_code": 1,
    }


def test_a_frame_of_rejects_alone_is_summarized() -> None:
    """Columns without a single value are no obstacle."""
    frame = framed(parsed([_reject(1, Code.BAD_ROW)]))

    summary = summarize(frame, {}, [], PREVIEW)

    assert (summary.records, summary.leftovers, summary.scores) == (1, 1, ())
