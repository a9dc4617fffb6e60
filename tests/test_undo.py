"""Undo: the account is as it was before a run, byte for byte, and what others did since is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from importer.config import Settings
from importer.pipeline import Result, Told
from importer.sandbox.faults import Fault, FaultKind
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.errors import ConfigError, Paused, RateportError
from importer.vocabulary.sends import Section
from tests.migrating import Migration, lines_of, movies, table

STRICT = SandboxSettings(strict_catalogue=True)
COMPLETING = SandboxSettings(strict_catalogue=True, plan_to_watch_becomes_completed=True)
FIGHT_CLUB, INCEPTION, SHAWSHANK, CHERNOBYL, MATRIX, TITAN_2 = 1000006, 1000002, 1000003, 1000103, 1000001, 1000202
WRITES = ("/sync/ratings", "/sync/ratings/remove", "/sync/history/remove", "/sync/add-to-list", "/sync/history")


def everything(migration: Migration) -> Path:
    """An account with titles in every state, and an export that touches each: rated, listed, planned, new."""
    for section, item, status in (
        (Section.MOVIES, {"rating": 6, "rated_at": "2020-05-05T08:30:00Z", "ids": {"imdb": "tt0137523"}}, None),
        (Section.MOVIES, {"ids": {"imdb": "tt0133093"}}, "plantowatch"),
        (Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, "hold"),
        (Section.ANIME, {"rating": 3, "rated_at": "2019-01-01T01:02:03Z", "ids": {"mal": 25777}}, "dropped"),
        (Section.MOVIES, {"rating": 9, "rated_at": "2018-01-01T01:02:03Z", "ids": {"imdb": "tt0110912"}}, None),
    ):
        migration.put(section, item, status)
    return table(
        migration.home / "mine.csv",
        [
            "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
            "The Matrix,1999,movie,10,2021-01-02,tt0133093,,",
            "Breaking Bad,2008,show,8,,tt0903747,,",
            "Season 2,,anime,7,2021-01-03,,,25777",
            "Inception,2010,movie,8,2020-05-04,tt1375666,,",
            "Chernobyl,2019,show,9,2020-05-04,tt7366338,,",
            "Hunter x Hunter,,anime,4,,,,11061",
            "Avatar 4,2029,movie,2,2020-01-01,tt3095356,,",
        ],
    )


@pytest.mark.parametrize("sandbox", [STRICT, COMPLETING], ids=["as the page says", "planned movies complete"])
@pytest.mark.parametrize("restore", [False, True])
def test_undo_puts_everything_back(tmp_path: Path, sandbox: SandboxSettings, restore: bool) -> None:
    """New, listed, rated before, moved by the service: all as they were, to the second."""
    migration = Migration(tmp_path, sandbox=sandbox)
    file = everything(migration)
    before = migration.dump()
    assert migration.run(file, settings=Settings(restore_status=restore)).exit_code == 0
    assert migration.dump() != before
    told = migration.undo(1)
    assert told.exit_code == 0
    assert migration.dump() == before
    assert migration.log.violations == []


def test_undo_says_what_it_does_with_counts_and_names(tmp_path: Path) -> None:
    """The person sees it before anything is written, and declines."""
    migration = Migration(tmp_path, sandbox=COMPLETING)
    migration.run(everything(migration))
    after, seen = migration.dump(), []

    def decline(sections: object) -> bool:
        seen.append(sections)
        return False

    with pytest.raises(Paused, match="Nothing was undone"):
        migration.undo(1, confirm=decline)
    assert migration.dump() == after
    assert seen[0][0] == (
        "Undo of run 1",
        (
            "2 ratings set back as they were (Fight Club (1999), Attack on Titan Season 2 (2017))",
            "2 ratings cleared, their titles stay listed (The Matrix (1999), Breaking Bad (2008))",
            (
                "4 titles taken out of your library again (Inception (2010), Avatar 4 (2029), Chernobyl (2019), "
                "Hunter x Hunter (2011))"
            ),
            "1 title put back on its list (The Matrix (1999))",
        ),
    )


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Neither to the account nor to the journal: the undo itself is still to come."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = everything(migration)
    before = migration.dump()
    migration.run(file)
    after, posts = migration.dump(), len([call for call in migration.log.calls if call.method == "POST"])
    told = migration.undo(1, dry_run=True)
    assert told.values | {"exit_code": 0} == told.values
    assert (told.values["rate"], told.values["clear"], told.values["remove"]) == (2, 2, 4)
    assert migration.dump() == after
    assert len([call for call in migration.log.calls if call.method == "POST"]) == posts
    migration.undo(1)
    assert migration.dump() == before


def test_undo_twice_is_calm(tmp_path: Path) -> None:
    """The second time there is nothing to put back, nothing is written, and the exit code is 0."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = everything(migration)
    before = migration.dump()
    migration.run(file)
    migration.undo(1)
    posts = len([call for call in migration.log.calls if call.method == "POST"])
    told = migration.undo(1)
    assert told.exit_code == 0
    assert "nothing to put back" in lines_of(told) or "8 titles as before already" in lines_of(told)
    assert migration.dump() == before
    assert len([call for call in migration.log.calls if call.method == "POST"]) == posts


def _one_run(migration: Migration) -> str:
    """Fight Club 6 -> 9, The Matrix on a list and now rated, Inception new."""
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": "2020-05-05T08:30:00Z", "ids": {"imdb": "tt0137523"}})
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0133093"}}, "plantowatch")
    before = migration.dump()
    migration.run(
        table(
            migration.home / "mine.csv",
            [
                "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
                "The Matrix,1999,movie,10,2021-01-02,tt0133093,,",
                "Inception,2010,movie,8,2020-05-04,tt1375666,,",
            ],
        )
    )
    return before


def rerated(imdb: str) -> Callable[[Migration], object]:
    """Somebody rates the title anew."""
    return lambda migration: migration.put(
        Section.MOVIES, {"rating": 1, "rated_at": "2026-09-20T13:00:00Z", "ids": {"imdb": imdb}}
    )


def redated(imdb: str, rating: int) -> Callable[[Migration], object]:
    """Somebody gives the same rating again, today."""
    return lambda migration: migration.put(
        Section.MOVIES, {"rating": rating, "rated_at": "2026-09-20T13:00:00Z", "ids": {"imdb": imdb}}
    )


def moved(imdb: str) -> Callable[[Migration], object]:
    """Somebody drops the title."""
    return lambda migration: migration.put(Section.MOVIES, {"ids": {"imdb": imdb}}, "dropped")


def watched(imdb: str) -> Callable[[Migration], object]:
    """Somebody watches the title."""
    return lambda migration: migration.put(
        Section.MOVIES, {"watched_at": "2026-09-20T13:00:00Z", "ids": {"imdb": imdb}}, "completed"
    )


def removed(imdb: str) -> Callable[[Migration], object]:
    """Somebody takes the title out of the library."""

    def remove(migration: Migration) -> None:
        stage = migration.stage
        with stage.database.writing():
            title = stage.catalogue.find(Section.MOVIES, {"ids": {"imdb": imdb}})
            assert title is not None
            stage.account.remove(title, migration.clock.now())
        migration.clock.advance(60)

    return remove


SINCE = [
    ("rated before, rated anew", rerated("tt0137523"), FIGHT_CLUB, "Fight Club (1999): changed since"),
    ("rated before, the same again", redated("tt0137523", 9), FIGHT_CLUB, "Fight Club (1999): changed since"),
    ("rated before, moved", moved("tt0137523"), FIGHT_CLUB, "Fight Club (1999): changed since"),
    ("rated before, removed", removed("tt0137523"), FIGHT_CLUB, "Fight Club (1999): removed since"),
    ("listed, rated anew", rerated("tt0133093"), MATRIX, "The Matrix (1999): changed since"),
    ("listed, moved", moved("tt0133093"), MATRIX, "The Matrix (1999): changed since"),
    ("listed, removed", removed("tt0133093"), MATRIX, "The Matrix (1999): removed since"),
    ("new, rated anew", rerated("tt1375666"), INCEPTION, "Inception (2010): changed since"),
    ("new, moved", moved("tt1375666"), INCEPTION, "Inception (2010): rated by the run, but watched or moved since"),
    ("new, watched", watched("tt1375666"), INCEPTION, "Inception (2010): rated by the run, but watched or moved"),
]


@pytest.mark.parametrize(("change", "title", "said"), [case[1:] for case in SINCE], ids=[case[0] for case in SINCE])
def test_what_changed_since_is_left_alone(
    tmp_path: Path, change: Callable[[Migration], object], title: int, said: str
) -> None:
    """The changed title stays just as it is and is named; the others go back; the exit code tells."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _one_run(migration)
    change(migration)
    changed = {row["simkl"]: row for row in migration.stage.dump()}.get(title)
    told = migration.undo(1)
    assert told.exit_code == 1
    assert any(line.startswith(said) for line in lines_of(told).splitlines()), lines_of(told)
    held = {row["simkl"]: row for row in migration.stage.dump()}
    assert held.get(title) == changed
    expected = {
        FIGHT_CLUB: (6, "2020-05-05T08:30:00Z", "completed"),
        MATRIX: (None, None, "plantowatch"),
    }
    assert {key: value for key, value in migration.held().items() if key != title} == {
        key: value for key, value in expected.items() if key != title
    }


def test_a_new_title_that_was_removed_since_needs_nothing(tmp_path: Path) -> None:
    """It is as before already."""
    migration = Migration(tmp_path, sandbox=STRICT)
    before = _one_run(migration)
    removed("tt1375666")(migration)
    told = migration.undo(1)
    assert told.exit_code == 0
    assert migration.dump() == before


def test_a_watched_title_that_was_listed_before_loses_only_its_rating(tmp_path: Path) -> None:
    """Watching it since does not move it; the rating of the run goes, the watch stays."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0133093"}}, "completed")
    migration.run(table(tmp_path / "mine.csv", ["The Matrix,1999,movie,10,2021-01-02,tt0133093,,"]))
    watched("tt0133093")(migration)
    told = migration.undo(1)
    (row,) = migration.stage.dump()
    assert (row["rating"], row["status"], row["watched_at"]) == (None, "completed", "2026-09-20T13:00:00Z")
    assert told.exit_code == 0


# --- several runs -----------------------------------------------------------------------------------------


def _two_runs(migration: Migration) -> tuple[str, str, str]:
    """Dumps before, between and after two imports that share one title."""
    before = migration.dump()
    migration.run(table(migration.home / "a.csv", ["Fight Club,1999,movie,6,2019-01-01,tt0137523,,",
                                                   "Inception,2010,movie,8,2020-05-04,tt1375666,,"]))  # fmt: skip
    between = migration.dump()
    migration.run(table(migration.home / "b.csv", ["Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
                                                   "Chernobyl,2019,show,9,2020-05-04,tt7366338,,"]))  # fmt: skip
    return before, between, migration.dump()


def test_two_runs_are_undone_last_first(tmp_path: Path) -> None:
    """Each undo leads one step back."""
    migration = Migration(tmp_path, sandbox=STRICT)
    before, between, _ = _two_runs(migration)
    assert migration.undo(2).exit_code == 0
    assert migration.dump() == between
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


def test_two_runs_undone_first_first_leave_what_the_second_changed(tmp_path: Path) -> None:
    """The shared title was changed since the first run, by the second: it goes when that one is undone."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _two_runs(migration)
    told = migration.undo(1)
    assert told.exit_code == 1
    assert "Fight Club (1999): changed since; stays as it is" in lines_of(told)
    assert migration.held() == {
        FIGHT_CLUB: (9, "2021-01-01T12:00:00Z", "completed"),
        CHERNOBYL: (9, "2020-05-04T12:00:00Z", "watching"),
    }
    assert migration.undo(2).exit_code == 0
    assert migration.held() == {FIGHT_CLUB: (6, "2019-01-01T12:00:00Z", "completed")}
    assert migration.undo(1).exit_code == 0
    assert migration.held() == {}


def test_an_undo_can_be_undone(tmp_path: Path) -> None:
    """Undo of the undo brings the import back, and undoing that takes it away again."""
    migration = Migration(tmp_path, sandbox=COMPLETING)
    file = everything(migration)
    before = migration.held()
    migration.run(file)
    migration.put(Section.SHOWS, {"ids": {"imdb": "tt7366338"}}, "watching")  # as it is already
    after = migration.held()
    assert migration.undo(1).exit_code == 0
    told = migration.undo(2)
    assert (told.exit_code, migration.held()) == (0, after)
    assert told.values["rate"] == 8
    assert migration.undo(3).exit_code == 0
    assert migration.held() == before


def test_a_title_that_came_back_since_is_left_alone(tmp_path: Path) -> None:
    """Removed by an undo, rated anew by hand: undoing the undo does not touch it."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.run(table(tmp_path / "mine.csv", ["Inception,2010,movie,8,2020-05-04,tt1375666,,"]))
    migration.undo(1)
    rerated("tt1375666")(migration)
    told = migration.undo(2)
    assert (told.exit_code, migration.held()[INCEPTION][0]) == (1, 1)
    assert "Inception (2010): changed since; stays as it is" in lines_of(told)


def test_a_removal_can_be_undone(tmp_path: Path) -> None:
    """The ratings come back with their dates."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = everything(migration)
    before = migration.dump()
    migration.remove(file)
    assert [row["rating"] for row in migration.stage.dump()] == [None, 9, None, None, None]
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


def test_a_run_that_did_nothing_leaves_nothing_to_undo(tmp_path: Path) -> None:
    """An import whose rows were all there already."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = everything(migration)
    migration.run(file)
    after = migration.dump()
    migration.run(file)
    told = migration.undo(2)
    assert (told.exit_code, lines_of(told)) == (0, "Undo of run 2\nnothing to put back\n" + "\n".join(
        ["Left alone, because it changed since", "Cannot be undone",
         "Did not go back; undo again, or look at them at Simkl"]))  # fmt: skip
    assert migration.dump() == after


def test_a_run_that_does_not_exist_is_said(tmp_path: Path) -> None:
    """A wrong number is a sentence and exit code 2."""
    migration = Migration(tmp_path, sandbox=STRICT)
    with pytest.raises(ConfigError, match="There is no run 7; 'rateport runs' lists them"):
        migration.undo(7)


# --- what is cut off --------------------------------------------------------------------------------------


def test_a_paused_import_can_be_undone(tmp_path: Path) -> None:
    """Stopped after the first of three batches: what was sent goes back, and the run is not taken up again."""
    migration = Migration(tmp_path)
    migration.put(Section.MOVIES, {"rating": 1, "rated_at": "2019-01-01T01:02:03Z", "ids": {"imdb": "tt0000005"},
                                   "title": "Film 5", "year": 2001})  # fmt: skip
    before = migration.dump()
    file = movies(tmp_path / "mine.csv", 350)
    assert migration.run(file, should_stop=lambda: migration.posts() >= 1).exit_code == 75
    assert len(migration.held()) == 100
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before
    with pytest.raises(ConfigError, match="every run has come to its end"):
        migration.resume()


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("dated", [False, True])
def test_an_import_cut_off_in_a_request_can_be_undone(tmp_path: Path, applied: bool, dated: bool) -> None:
    """Its first POST is without an answer, for good: whether it was applied is seen in the account."""
    fault = Fault(kind=FaultKind.STATUS, status=401, error="user_token_failed", applied=applied)
    migration = Migration(tmp_path, faults=[fault])
    before = migration.dump()
    file = movies(tmp_path / "mine.csv", 20, dated=lambda number: dated)
    assert isinstance(migration.run(file).stopped_by, RateportError)
    assert len(migration.held()) == (20 if applied else 0)
    migration.undo(1)
    assert migration.dump() == before


TROUBLES = {
    "cut before": Fault(kind=FaultKind.CUT),
    "cut after": Fault(kind=FaultKind.CUT, applied=True),
    "500": Fault(kind=FaultKind.STATUS, status=500),
    "500 after": Fault(kind=FaultKind.STATUS, status=500, applied=True),
    "write lock": Fault(kind=FaultKind.STATUS, status=400, error="RATE_LIMIT"),
    "429": Fault(kind=FaultKind.STATUS, status=429, error="rate_limit", headers={"Retry-After": "40000"}),
    "web page": Fault(kind=FaultKind.HTML, applied=True),
    "cut off": Fault(kind=FaultKind.TRUNCATED),
    "nothing": Fault(kind=FaultKind.EMPTY, applied=True),
}
DEEDS = ("/sync/ratings", "/sync/ratings/remove", "/sync/history/remove", "/sync/add-to-list")


def _at(fault: Fault, path: str, repeat: int = 1) -> Fault:
    facts = {name: getattr(fault, name) for name in fault.__dataclass_fields__}
    return Fault(**facts | {"path": path, "repeat": repeat})


@pytest.mark.parametrize("path", DEEDS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_passes_and_everything_goes_back(tmp_path: Path, path: str, trouble: str) -> None:
    """Whatever goes wrong once at any step, the undo ends as an undisturbed one."""
    migration = Migration(tmp_path, sandbox=COMPLETING)
    file = everything(migration)
    before = migration.dump()
    migration.run(file)
    migration.stage.faults.add(_at(TROUBLES[trouble], path))
    told = migration.undo(1)
    assert migration.dump() == before
    assert told.exit_code == 0
    assert migration.log.violations == []


@pytest.mark.parametrize("path", DEEDS)
@pytest.mark.parametrize("applied", [False, True])
def test_an_undo_that_was_cut_off_is_run_again(tmp_path: Path, path: str, applied: bool) -> None:
    """Stopped for good at any step, before or after applying: undo again, or resume, ends the same."""
    for name, go_on in (("undo", lambda m: m.undo(1)), ("resume", lambda m: m.resume())):
        home = tmp_path / name
        home.mkdir()
        migration = Migration(home, sandbox=COMPLETING)
        file = everything(migration)
        before = migration.dump()
        migration.run(file)
        stop = Fault(kind=FaultKind.STATUS, status=401, error="user_token_failed", path=path, applied=applied)
        migration.stage.faults.add(stop)
        with pytest.raises(RateportError):
            migration.undo(1)
        again: Result | Told = go_on(migration)
        assert again.exit_code == 0
        assert migration.dump() == before
        assert migration.log.violations == []


@pytest.mark.parametrize("number", range(1, 16))
def test_an_undo_that_is_killed_at_any_request_is_run_again(tmp_path: Path, number: int) -> None:
    """The process ends at the n-th request of the undo, whichever it is; the next undo ends the same."""
    migration = Migration(tmp_path, sandbox=COMPLETING)
    file = everything(migration)
    before = migration.dump()
    migration.run(file)
    inner, left = migration.app.wsgi_app, [number]

    def killed(environ: object, start_response: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            inner(environ, start_response)
            raise KeyboardInterrupt
        return inner(environ, start_response)

    migration.app.wsgi_app = killed  # type: ignore[method-assign,assignment]
    try:
        migration.undo(1)
    except KeyboardInterrupt:
        migration.clock.advance(60)
        assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


# --- what cannot be undone --------------------------------------------------------------------------------


def test_an_undated_rating_before_is_said_to_be_impossible(tmp_path: Path) -> None:
    """Simkl would date it today: the value goes back, the loss of the date is said before and after."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": "2020-05-05T08:30:00Z", "ids": {"imdb": "tt0137523"}})
    with migration.stage.database.writing():
        migration.stage.database.execute("UPDATE library SET rated_at = NULL")
    migration.run(
        table(tmp_path / "mine.csv", ["Fight Club,1999,movie,9,2021-01-01,tt0137523,,"]),
        settings=Settings(on_conflict="overwrite"),
    )
    said = "Fight Club (1999): had a rating without a date; Simkl dates it anew"
    assert said in lines_of(migration.undo(1, dry_run=True))
    told = migration.undo(1)
    assert said in lines_of(told)
    assert told.exit_code == 1
    assert migration.held()[FIGHT_CLUB][0] == 6
    assert migration.undo(1).values["rate"] == 0


def test_a_watch_made_by_the_run_is_said_to_stay(tmp_path: Path) -> None:
    """--with-history marked a listed movie as watched; its rating goes, the watch cannot be taken back."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0111161"}}, "completed")
    file = tmp_path / "letterboxd-import.csv"
    file.write_text(
        "tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review\n"
        "278,tt0111161,The Shawshank Redemption,1994,,4.5,9,2019-05-04,false,,\n"
        "27205,tt1375666,Inception,2010,,4.5,9,2019-05-04,false,,\n",
        encoding="utf-8",
    )
    migration.run(file, settings=Settings(with_history=True))
    told = migration.undo(1)
    assert "The Shawshank Redemption (1994): marked as watched; take that back on its page at Simkl" in lines_of(
        told
    )
    assert told.exit_code == 1
    assert migration.held() == {SHAWSHANK: (None, None, "completed")}
