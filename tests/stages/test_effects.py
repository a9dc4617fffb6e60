"""What ratings do to lists: foretold, and seen."""

from __future__ import annotations

from datetime import UTC, datetime

from importer.stages.difference import Stand, Standing
from importer.stages.effects import as_found, changed, filed, filings, moved, overlaid, touched
from importer.vocabulary.sends import Section, Send, Touched
from tests.stages.accounts import LATER, THEN, send, title

NOW = datetime(2026, 9, 20, tzinfo=UTC)
NEW = Standing(Stand.NEW)


def _movie(year: int | None) -> Send:
    named = {"title": "A", "year": year} if year else {}
    return Send(Section.MOVIES, {"rating": 5, **named, "ids": {"imdb": "tt0000001"}})


def test_titles_on_no_list_are_filed_by_the_table() -> None:
    """Released movies completed, later ones planned, shows and anime watching; listed titles nowhere."""
    show = Send(Section.SHOWS, {"rating": 5, "ids": {"tvdb": 1}})
    anime = Send(Section.ANIME, {"rating": 5, "ids": {"mal": 1}})
    listed = Standing(Stand.NEW, title(None, None))
    rated_only = Standing(Stand.CHANGED, title(6, THEN, status=None))
    asked = [(_movie(2026), NEW), (_movie(2027), NEW), (_movie(None), NEW), (show, NEW), (anime, rated_only)]
    assert filings([*asked, (send(), listed)], NOW) == {
        "completed": ["A (2026)", "imdb tt0000001"],
        "watching": ["tvdb 1", "mal 1"],
        "plantowatch": ["A (2027)"],
    }


def test_touched_tells_before_and_after_of_what_differs() -> None:
    """Titles that are as before are left out, new ones have nothing before."""
    same, was, became = title(simkl="1"), title(simkl="2"), title(9, LATER, simkl="2")
    new = title(simkl="3")
    assert touched([same, was], [same, became, new], ["3", "2", "1", "1"]) == [
        Touched("2", was, became),
        Touched("3", None, new),
    ]
    assert changed([same, was], [same, became, new]) == [became, new]


def test_filed_and_moved_are_told_apart() -> None:
    """From no list to one, from one to another."""
    none, planned, done = title(status=None), title(status="plantowatch"), title(status="completed")
    cases = [
        Touched("7", None, done),
        Touched("7", none, done),
        Touched("7", planned, done),
        Touched("7", done, done),
    ]
    assert [filed(each) for each in cases] == [True, True, False, False]
    assert [moved(each) for each in cases] == [False, False, True, False]


def test_the_fresher_reading_wins() -> None:
    """Of one title."""
    assert overlaid([title(6), title(1, simkl="2")], [title(9)]) == [title(9), title(1, simkl="2")]


def test_what_a_run_did_itself_counts_as_before() -> None:
    """Taken up again, a run finds its own rating there: the title counts as it was; what others did counts."""
    own, others = title(6, THEN), title(3, THEN, simkl="8", imdb="tt0000008")
    now = [title(9, LATER), title(4, LATER, simkl="8", imdb="tt0000008")]
    assert as_found([own, others], now, [send()]) == [own, now[1]]
    assert as_found([], [title(9, LATER)], [send()]) == []
    assert as_found([], [title(9, THEN)], [send()]) == [title(9, THEN)]
