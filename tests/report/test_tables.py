"""The terminal summary: readable at any width, and nothing in an export can repaint the terminal."""

from __future__ import annotations

import time
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.report.summary import (
    DateCounts,
    Disagreement,
    RunFacts,
    Said,
    ScaleScores,
    ScoreCount,
    Summary,
    summarize,
)
from importer.report.tables import render
from importer.stages.chunk import Forecast, forecast
from importer.stages.plan import Policy, plan
from importer.vocabulary.cells import width_of
from importer.vocabulary.outcomes import EXPLANATIONS, Code, Outcome
from importer.vocabulary.records import Kind, Locator, Moment, Reject
from tests.making import anime, day, merged, parsed, rating

NOTHING = RunFacts(command="preview", run=None, exit_code=0)
EMPTY = summarize(*merged()[:1], {}, [], NOTHING)
ODD = (
    *("[/x]", "[bold red]x", "[link=http://example.org]x[/link]", ":smile:", "{x}", "%s"),
    *("\x1b[31mred", "\x1b]8;;x\x07", "\x9b2J", "a\u202eb", "x\ny\r\tz", "\ud800", ""),
    *("\u05e9\u05dc\u05d5\u05dd", "a\u200bb\u0301", "家族" * 40, "👨\u200d👩", "\u0301", "a" * 300, "a b " * 99),
)


def _summary() -> Summary:
    """A preview with something in every part."""
    frame, groups = merged(
        parsed(
            [
                rating(
                    2, score="9", title="Inception", year=2010, ids={"imdb": "tt1375666"}, moment=day("2019-05-04")
                ),
                rating(
                    3, score="6", ids={"imdb": "tt0068646"}, moment=Moment("2019-05-04T10:00:00Z", "iso", "rated")
                ),
                rating(4, kind=Kind.EPISODE),
                Reject(locator=Locator(5), code=Code.UNRATED),
            ],
            file="exports/imdb.csv",
        ),
        parsed(
            [
                rating(2, score="3.5", scale="stars-5-halves", ids={"imdb": "tt1375666"}),
                rating(3, score="0.5", scale="stars-5-halves", ids={"imdb": "tt0111161"}),
                anime(
                    4,
                    score="4",
                    scale="stars-5-halves",
                    ids={"mal": "16498", "tvdb": "267440"},
                    moment=day("2020-01-01", "finished", stand_in=True),
                ),
            ],
            file="exports/letterboxd/ratings.csv",
            source="letterboxd",
        ),
    )
    made = plan(frame, groups, Policy())
    facts = RunFacts(
        command="preview",
        run=None,
        exit_code=1,
        forecast=forecast(len(made.sends) - made.undated, made.undated),
        inputs=(
            ("exports/imdb.csv", "imdb:ratings", "real export"),
            ("exports/letterboxd/ratings.csv", "letterboxd:ratings", "published format"),
        ),
        encodings=(("exports/imdb.csv", "windows-1252"),),
        passed_over=(
            ("exports/readme.txt", "not recognised"),
            ("exports/lists/a.csv", "a list holds no ratings"),
            ("exports/lists/b.csv", "a list holds no ratings"),
            ("exports/lists/c.csv", "a list holds no ratings"),
            ("exports/lists/d.csv", "a list holds no ratings"),
        ),
        next_steps=("Send it: rateport import exports",),
    )
    return summarize(made.frame, made.sends, groups, facts)


WIDE = """\
preview: 7 records read
  7 = 1 duplicate + 2 rejected + 4 pending

Read
  exports/imdb.csv                imdb:ratings        real export
  exports/letterboxd/ratings.csv  letterboxd:ratings  published format

Not UTF-8
  windows-1252: exports/imdb.csv

Passed over
  exports/readme.txt
    not recognised
  exports/lists/a.csv, exports/lists/b.csv, exports/lists/c.csv and 1 more
    a list holds no ratings

By source
  source      records  duplicate  rejected  pending
  imdb              4          0         2        2
  letterboxd        3          1         0        2

Scores as exported (score → rating: rows)
  1 to 10 (whole numbers from 1 to 10)
    6: 1   8: 1   9: 1
  stars-5-halves (half a star to five stars)
    0.5 → 1: 1   3.5 → 7: 1   4 → 8: 1

Ratings
  10  0
   9  1  ████████████████
   8  2  ████████████████████████████████
   7  1  ████████████████
   6  1  ████████████████
   5  0
   4  0
   3  0
   2  0
   1  1  ████████████████

Dates
  1  with date and time
  1  with the day alone, kept at noon UTC
  1  with a stand-in date, from finished (--no-stand-in-dates leaves it out)
  1  without a date: will be dated today

Rows disagree about 1 title
  Inception (2010): 9 from exports/imdb.csv:2 speaks; 7 in exports/letterboxd/ratings.csv:2
  --prefer decides which row speaks.

Ids held back
  1 title: ids that name the whole franchise are not sent beside one season's own.

Left over: 1 row to repair
  1  unsupported-kind: Simkl rates movies, shows and anime as a whole, nothing else.
     Seasons, episodes, games and the like stay behind; rate the show itself if you wish.

Left aside, nothing to repair
  1  unrated: The row carries no rating.
     Nothing to do: watched without a score, or on a list without one.
  1  duplicate: Another row of the same title speaks for this one.
     Nothing to do; --prefer decides which row speaks.

Requests
  2 POSTs for 4 titles, less than a minute

Next
  Send it: rateport import exports
"""

NARROW = """\
preview: 7 records read
  7 = 1 duplicate + 2 rejected + 4 pending

Read
  exports/imdb.csv: imdb:ratings, real export
  exports/letterboxd/ratings.csv: letterboxd:ratings,
  published format

Not UTF-8
  windows-1252: exports/imdb.csv

Passed over
  exports/readme.txt
    not recognised
  exports/lists/a.csv, exports/lists/b.csv,
  exports/lists/c.csv and 1 more
    a list holds no ratings

By source
  source      records  duplicate  rejected  pending
  imdb              4          0         2        2
  letterboxd        3          1         0        2

Scores as exported (score → rating: rows)
  1 to 10 (whole numbers from 1 to 10)
    6: 1   8: 1   9: 1
  stars-5-halves (half a star to five stars)
    0.5 → 1: 1   3.5 → 7: 1   4 → 8: 1

Ratings
  10  0
   9  1  ████████████████
   8  2  ████████████████████████████████
   7  1  ████████████████
   6  1  ████████████████
   5  0
   4  0
   3  0
   2  0
   1  1  ████████████████

Dates
  1  with date and time
  1  with the day alone, kept at noon UTC
  1  with a stand-in date, from finished
     (--no-stand-in-dates leaves it out)
  1  without a date: will be dated today

Rows disagree about 1 title
  Inception (2010): 9 from exports/imdb.csv:2 speaks; 7 in
  exports/letterboxd/ratings.csv:2
  --prefer decides which row speaks.

Ids held back
  1 title: ids that name the whole franchise are not sent
  beside one season's own.

Left over: 1 row to repair
  1  unsupported-kind: Simkl rates movies, shows and anime
     as a whole, nothing else.
     Seasons, episodes, games and the like stay behind; rate
     the show itself if you wish.

Left aside, nothing to repair
  1  unrated: The row carries no rating.
     Nothing to do: watched without a score, or on a list
     without one.
  1  duplicate: Another row of the same title speaks for
     this one.
     Nothing to do; --prefer decides which row speaks.

Requests
  2 POSTs for 4 titles, less than a minute

Next
  Send it: rateport import exports
"""


def test_a_preview_on_a_wide_terminal() -> None:
    """Every part, as people see it."""
    assert render(_summary(), width=100) == WIDE


def test_a_preview_on_a_narrow_terminal() -> None:
    """The same facts in 60 columns."""
    assert render(_summary(), width=60) == NARROW


def test_an_import_tells_its_run_and_requests() -> None:
    """What was done, not what would be; the books close with what the service said."""
    summary = replace(
        EMPTY,
        facts=RunFacts(command="import", run=12, exit_code=1, gets=3, posts=1_400),
        records=1_234,
        outcomes={Outcome.CONFIRMED: 1_230, Outcome.KEPT: 0, Outcome.NOT_FOUND: 4},
        by_source={"imdb": {Outcome.CONFIRMED: 1_230, Outcome.NOT_FOUND: 4}},
        dates=DateCounts(exact=0, by_day=0, stand_ins={}, undated=1_234),
        codes={Code.NOT_FOUND: 4},
        leftovers=4,
    )

    assert (
        render(summary, width=72)
        == """\
import, run 12: 1,234 records read
  1,234 = 1,230 confirmed + 4 not found

By source
  source  records  confirmed  not found
  imdb      1,234      1,230          4

Dates
  1,234  without a date: Simkl dates them on arrival

Left over: 4 rows to repair
  4  not-found: Simkl has no title under these ids.
     Look the title up on simkl.com and fill in its simkl id, or another
     id that it shows.

Requests
  1,400 POSTs and 3 GETs made
"""
    )


def test_a_run_without_records_says_so() -> None:
    """No heading stands above nothing."""
    assert render(EMPTY, width=80) == "preview: 0 records read\n  No file held a record.\n"


def test_a_pause_is_told_before_the_next_steps() -> None:
    """Every line of the reason, and the lines of the caller as they are."""
    facts = replace(
        NOTHING, paused="The quota is used up.\nIt is 500 a day.", next_steps=("Go on: rateport resume",)
    )

    assert render(replace(EMPTY, facts=facts), width=80).endswith(
        "Paused\n  The quota is used up.\n  It is 500 a day.\n\nNext\n  Go on: rateport resume\n"
    )


def test_sources_become_sentences_where_the_table_is_too_wide() -> None:
    """Seven outcomes do not fit in 60 columns; no number is cut for that."""
    ends = {outcome: 1_000 + number for number, outcome in enumerate(Outcome)}
    summary = replace(EMPTY, by_source={"imdb": ends, "letterboxd": {Outcome.KEPT: 5}})

    assert """
By source
  imdb: 1,000 confirmed, 1,001 unchanged, 1,002 kept, 1,003
  duplicate, 1,004 rejected, 1,005 not found, 1,006 pending
  letterboxd: 5 kept
""" in render(summary, width=60)
    assert "1,003     1,004      1,005" in render(summary, width=100)


def test_many_files_are_counted_by_what_they_are() -> None:
    """A folder with a hundred files must not push the numbers off the screen."""
    facts = replace(
        NOTHING,
        inputs=tuple((f"trakt/{number}.json", "trakt:ratings", "real export") for number in range(1_200)),
        encodings=tuple((f"trakt/{number}.json", "utf-16") for number in range(5)),
        passed_over=tuple((f"trakt/{number}.txt", f"reason {number}") for number in range(1_020)),
    )

    text = render(replace(EMPTY, facts=facts), width=100)

    assert "Read\n  1,200 files  trakt:ratings  real export\n" in text
    assert "utf-16: trakt/0.json, trakt/1.json, trakt/2.json and 2 more\n" in text
    assert "    reason 11\n  and 1,008 files more\n" in text


def test_many_scores_are_shown_in_ranges() -> None:
    """Only neighbours stand together: a map of one's own may send scores back and forth."""
    counts = [ScoreCount(str(score), 3 if score == 50 else score // 10 or 1, 2) for score in range(1, 101)]

    text = render(replace(EMPTY, scores=(ScaleScores("0 to 100", tuple(counts)),)), width=200)

    assert "1 to 19 → 1: 38" in text
    assert "50 → 3: 2 " in text
    assert "51 to 59 → 5: 18" in text
    assert "100 → 10: 2" in text


def test_bars_show_every_rating_there_is() -> None:
    """One row among a million is still a sliver; nothing is no bar."""
    ratings = dict.fromkeys(range(1, 11), 0) | {10: 1_000_000, 9: 515_625, 1: 1}

    lines = render(replace(EMPTY, ratings=ratings), width=100).splitlines()[3:]

    assert lines[1] == "  10  1,000,000  ████████████████████████████████"
    assert lines[2] == "   9    515,625  ████████████████▌"
    assert lines[3] == "   8          0"
    assert lines[10] == "   1          1  ▏"


def test_more_disagreements_than_shown_are_counted() -> None:
    """The rest is in outcomes.csv."""
    example = Disagreement(
        title="Heat", year=None, speaker=Said(9, "a.csv:2"), others=(Said(7, "b.csv:3"), Said(8, "c.csv:4"))
    )

    text = render(replace(EMPTY, disagreements=1_005, examples=(example,) * 5), width=100)

    assert "Rows disagree about 1,005 titles\n  Heat: 9 from a.csv:2 speaks; 7 in b.csv:3, 8 in c.csv:4\n" in text
    assert "  and 1,000 more, told in outcomes.csv\n" in text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.0, "less than a minute"),
        (29.0, "less than a minute"),
        (61.0, "about 1 minute"),
        (1_800.0, "about 30 minutes"),
        (3_600.0, "about 1 h 0 min"),
        (9_000.0, "about 2 h 30 min"),
    ],
)
def test_the_forecast_speaks_of_time_as_people_do(seconds: float, told: str) -> None:
    """Nobody plans in seconds."""
    summary = replace(EMPTY, facts=replace(NOTHING, forecast=Forecast(1, seconds)), outcomes={Outcome.PENDING: 1})

    assert f"  1 POST for 1 title, {told}\n" in render(summary, width=80)


def test_a_forecast_of_nothing_says_so() -> None:
    """A rerun in which all is settled."""
    summary = replace(EMPTY, facts=replace(NOTHING, forecast=Forecast(0, 0.0)), outcomes={Outcome.PENDING: 0})

    assert "Requests\n  Nothing to send.\n" in render(summary, width=80)


@pytest.mark.parametrize("code", Code)
def test_every_code_is_explained(code: Code) -> None:
    """Sentence and hint stand with the count."""
    text = render(replace(EMPTY, codes={code: 3}), width=200)

    assert f"  3  {code.value}: {EXPLANATIONS[code].sentence}\n     {EXPLANATIONS[code].hint}\n" in text


# --- whatever an export holds -----------------------------------------------------------------------------


def _full_of(text: str) -> Summary:
    facts = RunFacts(
        command=text,
        run=1,
        exit_code=0,
        forecast=Forecast(1, 1.0),
        passed_over=((text, text),),
        encodings=((text, text),),
        inputs=((text, text, text),),
        paused=text,
        next_steps=(text,),
    )
    said = Said(1, text)
    return replace(
        EMPTY,
        facts=facts,
        outcomes={Outcome.PENDING: 1},
        by_source={text: {Outcome.PENDING: 1}},
        scores=(ScaleScores(text, (ScoreCount(text, 1, 1),)),),
        dates=DateCounts(exact=1, by_day=1, stand_ins={text: 1}, undated=1),
        disagreements=1,
        examples=(Disagreement(title=text, year=1, speaker=said, others=(said,)),),
    )


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("width", [1, 40, 60, 100])
def test_odd_texts_are_shown_as_text(text: str, width: int) -> None:
    """No markup, no escape, no direction mark, no line wider than the terminal."""
    page = render(_full_of(text), width=width)

    assert not set(page) & set("\x07\x1b\x9b\r\t\u200b\u200d\u202e\ud800")
    assert max(map(width_of, page.splitlines())) <= max(width, 40)
    assert "😄" not in page


def test_markup_is_shown_as_it_is_written() -> None:
    """`[/x]` is a title, not a tag."""
    page = render(_full_of("[/x] [bold]"), width=100)

    assert "[/x] [bold] (1): 1 from [/x] [bold] speaks; 1 in [/x] [bold]\n" in page


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30), width=st.integers(1, 120))
def test_no_text_breaks_the_page(text: str, width: int) -> None:
    """Whatever the text, the page ends, in one newline, without control characters."""
    page = render(_full_of(text), width=width)

    assert page.endswith("\n") and not page.endswith("\n\n")
    assert all(char == "\n" or char.isprintable() or not char.isascii() for char in page)


def test_color_is_only_there_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the terminal nor the environment is asked: the caller decides."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.setenv(name, "1")

    monkeypatch.setenv("NO_COLOR", "1")

    assert render(_summary(), width=100) == WIDE
    assert "\x1b[36m█" in render(_summary(), width=100, color=True)
    assert "\x1b[1mpreview: 7 records read\x1b[0m" in render(_summary(), width=100, color=True)


def test_a_hundred_thousand_rows_are_summed_up_quickly() -> None:
    """No row is looked at by itself where a column can be."""
    rows = [
        rating(
            line, score=str(line % 10 + 1), ids={"imdb": f"tt{line:07}"}, moment=day(f"2019-05-{line % 28 + 1:02}")
        )
        for line in range(1, 1_001)
    ]
    few, groups = merged(parsed(rows))
    few_sends = plan(few, groups, Policy()).sends
    frame = pd.concat([few] * 100, ignore_index=True)
    sends = {part * 1_000 + place: send for part in range(100) for place, send in few_sends.items()}
    begun = time.process_time()

    page = render(summarize(frame, sends, groups * 100, NOTHING), width=100)

    assert time.process_time() - begun < 1.0  # measured 0.2 s
    assert page.startswith("preview: 100,000 records read\n  100,000 = 100,000 pending\n")
