"""Runs: taken up again without their export, listed, shown, and the removal of ratings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from importer import pipeline
from importer.config import Settings
from importer.pipeline import Result
from importer.report.tables import render
from importer.runs.beginning import How
from importer.sandbox.faults import Fault, FaultKind
from importer.sandbox.settings import SandboxSettings
from importer.terminal import next_steps
from importer.vocabulary.errors import ConfigError, InputError, Paused, RateportError
from importer.vocabulary.sends import Section
from tests import commanding
from tests.migrating import Migration, lines_of, movies, table

STRICT = SandboxSettings(strict_catalogue=True)
THEN = "2020-05-05T08:30:00Z"


def outcomes(migration: Migration) -> list[tuple[str, str]]:
    """Outcome and detail of every row."""
    return [(row["outcome"], row["detail"]) for row in migration.outcomes()]


def _stopped(migration: Migration, file: Path, settings: Settings | None = None) -> Path:
    """An import that is stopped after its first POST; its export is gone then."""
    sent = migration.posts()
    result = migration.run(file, settings=settings, should_stop=lambda: migration.posts() > sent)
    assert isinstance(result.stopped_by, Paused)
    file.unlink()
    return file


# --- resume -----------------------------------------------------------------------------------------------


def test_resume_goes_on_without_the_export(tmp_path: Path) -> None:
    """Every row of the vanished export is in the report, and nothing is sent twice."""
    migration = Migration(tmp_path)
    _stopped(migration, movies(tmp_path / "mine.csv", 250))
    result = migration.resume()
    assert isinstance(result, Result)
    assert (result.exit_code, result.summary.facts.run) == (0, 1)
    assert outcomes(migration) == [("confirmed", "")] * 250
    assert [len(call.json()["movies"]) for call in migration.log.made("POST", "/sync/ratings")] == [100, 100, 50]
    assert migration.verify().exit_code == 0


def test_resume_keeps_the_orders(tmp_path: Path) -> None:
    """Policy, --only-listed and --restore-status are those of the run, whatever the settings say now."""
    sandbox = SandboxSettings(plan_to_watch_becomes_completed=True)
    migration = Migration(tmp_path, sandbox=sandbox)
    for number in range(1, 131):
        named = {"ids": {"imdb": f"tt{number:07}"}, "title": f"Film {number}", "year": 2001}
        rated = {"rating": 10, "rated_at": THEN} if number > 120 else {}
        migration.stage.put(Section.MOVIES, {**named, **rated}, status="dropped" if rated else "plantowatch")
    migration.clock.advance(60)
    file = movies(tmp_path / "mine.csv", 140)
    _stopped(migration, file, Settings(on_conflict="overwrite", only_listed=True, restore_status=True))
    result = migration.resume(settings=Settings(on_conflict="keep"))
    assert result.exit_code == 0
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"] * 130 + ["rejected"] * 10
    assert [row[2] for row in sorted(migration.held().values(), key=lambda row: row[2] or "")] == (
        ["dropped"] * 10 + ["plantowatch"] * 120
    )
    assert len(migration.held()) == 130
    again = migration.run(movies(tmp_path / "mine.csv", 130), settings=Settings(on_conflict="overwrite"))
    assert again.to_json()["requests"]["post"] == 0


def test_resume_asks_first(tmp_path: Path) -> None:
    """The rest is shown; saying no sends nothing and leaves the run as it was."""
    migration = Migration(tmp_path)
    _stopped(migration, movies(tmp_path / "mine.csv", 250))
    with pytest.raises(Paused, match="Nothing was sent"):
        migration.resume(confirm=lambda summary: False)
    assert migration.posts() == 1
    assert migration.resume().exit_code == 0


def test_a_rating_that_somebody_gave_meanwhile_stands(tmp_path: Path) -> None:
    """Paused, then a title of the rest is rated by hand, newer: resume keeps that."""
    migration = Migration(tmp_path)
    _stopped(migration, movies(tmp_path / "mine.csv", 150))
    by_hand = {"ids": {"imdb": "tt0000140"}, "title": "Film 140", "year": 2001, "rating": 9,
               "rated_at": "2026-09-20T12:30:00Z"}  # fmt: skip
    number = migration.put(Section.MOVIES, by_hand)
    result = migration.resume()
    assert result.exit_code == 0
    assert migration.held()[number][:2] == (9, "2026-09-20T12:30:00Z")
    assert outcomes(migration)[139] == ("kept", "your Simkl rating stands: 9 of 2026-09-20")
    assert migration.undo(1).exit_code == 0
    assert list(migration.held()) == [number]


def test_the_last_unfinished_run_is_meant_unless_one_is_named(tmp_path: Path) -> None:
    """Two paused imports: the second goes on first, the first by its number."""
    migration = Migration(tmp_path)
    _stopped(migration, movies(tmp_path / "a.csv", 120))
    _stopped(migration, movies(tmp_path / "b.csv", 120, first=501))
    second, first = migration.resume(), migration.resume(1)
    assert isinstance(second, Result)
    assert isinstance(first, Result)
    assert (second.summary.facts.run, first.summary.facts.run) == (2, 1)
    assert len(migration.held()) == 240


def test_where_there_is_nothing_to_go_on_with_it_is_said(tmp_path: Path) -> None:
    """No run at all, a finished one, a number that there is none of: a sentence and exit code 2."""
    migration = Migration(tmp_path)
    with pytest.raises(ConfigError, match="There is nothing to go on with: every run has come to its end"):
        migration.resume()
    migration.run(movies(tmp_path / "mine.csv", 2))
    with pytest.raises(ConfigError, match="Run 1 has come to its end; there is nothing to go on with"):
        migration.resume(1)
    with pytest.raises(ConfigError, match="There is no run 5; 'rateport runs' lists them"):
        migration.resume(5)
    with pytest.raises(ConfigError, match="every run has come to its end"):
        migration.resume()


def test_the_commands_say_so_too(tmp_path: Path) -> None:
    """Over the command line: exit code 2, one sentence, no traceback."""
    for arguments, said in (
        (["resume", "--sandbox"], "There is nothing to go on with"),
        (["show", "--sandbox"], "There are no runs yet"),
        (["undo", "9", "--sandbox"], "There is no run 9"),
        (["undo", str(2**63), "--sandbox"], f"There is no run {2**63}; 'rateport runs' lists them"),
        (["show", str(2**63 - 1), "--sandbox"], f"There is no run {2**63 - 1}; 'rateport runs' lists them"),
        (["verify", "--sandbox"], "No import has been made yet"),
    ):
        done = commanding.run(arguments, tmp_path)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_resume_never_reports_over_what_the_run_has_read(tmp_path: Path) -> None:
    """Its leftovers, repaired and imported, are cut off; the report is not to take their place."""
    migration = Migration(tmp_path)
    (tmp_path / "report").mkdir()
    file = movies(tmp_path / "report" / "leftovers.csv", 250)
    request = replace(migration.request(file), report_folder=tmp_path / "other")
    how, should_stop = How(confirm=lambda summary: True), lambda: migration.posts() > 0
    pipeline.run_import(request, migration.configured(), migration.service, how, migration.watching(should_stop))
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="would be overwritten; name another folder with -o"):
        migration.resume()
    assert (file.read_bytes(), migration.posts()) == (before, 1)


# --- runs and show ----------------------------------------------------------------------------------------


def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    """Command, start, state and outcomes of each; a run that was undone says by which."""
    migration = Migration(tmp_path)
    assert lines_of(pipeline.runs(migration.service)) == "Runs, newest first\nnone yet"
    migration.run(movies(tmp_path / "a.csv", 3))
    migration.undo(1)
    _stopped(migration, movies(tmp_path / "b.csv", 120))
    told = pipeline.runs(migration.service)
    lines = lines_of(told).splitlines()[1:]
    assert lines[0].startswith("3: import, 2026-09-20 12:0")
    assert lines[0].endswith("UTC, not finished: rateport resume 3")
    assert lines[1].endswith("UTC, finished, of run 1")
    assert lines[2].endswith("UTC, undone by run 2, 3 confirmed")
    assert [run["command"] for run in told.values["runs"]] == ["import", "undo", "import"]


def test_show_tells_files_orders_and_what_was_seen(tmp_path: Path) -> None:
    """Of the named run, else of the last."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = table(tmp_path / "a.csv", ["Fight Club,1999,movie,9,2021-01-01,tt0137523,,"])
    migration.run(file, settings=Settings(on_conflict="highest", only_listed=False))
    said = lines_of(pipeline.show(None, migration.service))
    assert f"{file}: rateport:ratings" in said
    assert "--on-conflict highest" in said
    assert "the account before it: " in said
    assert "Put on your lists by Simkl\ncompleted: 1 (Fight Club (1999))" in said
    assert "1 title: every rating and date is there" in said
    migration.undo(1)
    assert lines_of(pipeline.show(2, migration.service)).startswith("2: undo, ")
    with pytest.raises(ConfigError, match="There is no run 8"):
        pipeline.show(8, migration.service)


# --- remove -----------------------------------------------------------------------------------------------


def _rated(migration: Migration) -> None:
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": THEN, "ids": {"imdb": "tt0137523"}})
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt1375666"}}, "plantowatch")
    migration.put(Section.ANIME, {"rating": 9, "rated_at": THEN, "ids": {"mal": 25777}})
    migration.put(Section.ANIME, {"rating": 7, "rated_at": THEN, "ids": {"mal": 35760}})


REMOVAL = [
    "Fight Club,1999,movie,1,2021-01-01,tt0137523,,",
    "Inception,2010,movie,1,2021-01-01,tt1375666,,",
    "The Matrix,1999,movie,1,,tt0133093,,",
    "Attack on Titan,2013,show,1,,tt2560140,,",
]


def test_remove_clears_what_the_files_name(tmp_path: Path) -> None:
    """Cleared whatever the file rates it; unrated titles are unchanged; what may mean several is left alone."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    result = migration.remove(table(tmp_path / "mine.csv", REMOVAL))
    assert outcomes(migration) == [
        ("confirmed", "the rating 6 was removed"),
        ("unchanged", "not rated in your account"),
        ("unchanged", "not rated in your account"),
        (
            "rejected",
            "it may mean any of these: Attack on Titan Season 2 (2017), Attack on Titan Season 3 (2018)",
        ),
    ]
    assert migration.outcomes()[3]["code"] == "conflict"
    assert result.exit_code == 1
    assert result.to_json()["command"] == "remove"
    assert migration.held() == {
        1000002: (None, None, "plantowatch"),
        1000006: (None, None, "completed"),
        1000202: (9, THEN, "watching"),
        1000203: (7, THEN, "watching"),
    }
    (post,) = migration.log.made("POST", "/sync/ratings/remove")
    assert post.json() == {"movies": [{"ids": {"simkl": 1000006}}]}
    assert migration.log.violations == []


def test_remove_shows_the_names_and_asks(tmp_path: Path) -> None:
    """Saying no removes nothing; there is a backup only when something is removed."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    before, seen = migration.dump(), []

    def decline(summary: object) -> bool:
        seen.append(summary)
        return False

    file = table(tmp_path / "mine.csv", REMOVAL)
    with pytest.raises(Paused, match="Nothing was removed"):
        migration.remove(file, confirm=decline)
    assert migration.dump() == before
    assert not (tmp_path / "backups").exists()
    (section,) = seen[0].facts.account
    assert section == ("Ratings to remove; the titles stay on their lists", ("Fight Club (1999): 6",))
    migration.remove(file)
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


def test_anime_is_cleared_where_it_is_read(tmp_path: Path) -> None:
    """The remove endpoint looks into shows[]; the rating is gone afterwards."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    result = migration.remove(table(tmp_path / "mine.csv", ["Season 2,,anime,1,,,,25777"]))
    assert result.exit_code == 0
    assert migration.held()[1000202] == (None, None, "watching")


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("by", ["resume", "the same command"])
def test_a_removal_that_was_cut_off_goes_on(tmp_path: Path, by: str, applied: bool) -> None:
    """Stopped for good in its POST, before or after applying: it ends as an undisturbed one, report and all."""
    stop = Fault(
        kind=FaultKind.STATUS, status=401, error="user_token_failed", path="/sync/ratings/remove", applied=applied
    )
    migration = Migration(tmp_path, sandbox=STRICT, faults=[stop])
    _rated(migration)
    before = migration.dump()
    file = table(tmp_path / "mine.csv", REMOVAL)
    stopped = migration.remove(file)
    assert isinstance(stopped.stopped_by, RateportError)
    assert outcomes(migration)[0][0] == "pending"
    if by == "resume":
        file.unlink()
    result = migration.resume() if by == "resume" else migration.remove(file)
    assert result.exit_code == 1
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed", "unchanged", "unchanged", "rejected"]
    assert migration.held()[1000006] == (None, None, "completed")
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


def test_removing_twice_is_calm(tmp_path: Path) -> None:
    """The second time every row is unchanged and nothing is written."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    file = table(tmp_path / "mine.csv", REMOVAL[:2])
    migration.remove(file)
    result = migration.remove(file)
    assert (result.exit_code, result.to_json()["requests"]["post"]) == (0, 0)
    assert [row["outcome"] for row in migration.outcomes()] == ["unchanged", "unchanged"]


def _named(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_remove_takes_a_list_that_rates_nothing(tmp_path: Path) -> None:
    """Every row ends in one outcome: found by an id or by title and year, not rated, or why it names no title."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    before = migration.dump()
    file = _named(
        tmp_path / "mistakes.csv",
        "imdb,mal,type,title,year",
        "tt0137523,,movie,,",
        ",25777,anime,,",
        ",,show,Attack on Titan Season 3,2018",
        "tt1375666,,movie,,",
        "nonsense,,movie,,",
        "tt0137523,,film or so,,",
        "tt0137523,,episode,,",
    )
    result = migration.remove(file)
    assert [(row["outcome"], row["code"]) for row in migration.outcomes()] == [
        *[("confirmed", "")] * 3,
        ("unchanged", ""),
        ("rejected", "no-id"),
        ("rejected", "unknown-type"),
        ("rejected", "unsupported-kind"),
    ]
    assert {row["rating"] for row in migration.outcomes()} == {""}
    assert [held[0] for held in migration.held().values()] == [None] * 4
    assert result.exit_code == 1
    assert next_steps(result) == [
        "To remove what is left: mend its rows in the file you named, then run rateport remove again."
    ]
    assert migration.undo(1).exit_code == 0
    assert migration.dump() == before


def test_a_removal_by_names_is_taken_up_again(tmp_path: Path) -> None:
    """Cut off in its POST and resumed without the list."""
    stop = Fault(kind=FaultKind.STATUS, status=401, error="user_token_failed", path="/sync/ratings/remove")
    migration = Migration(tmp_path, sandbox=STRICT, faults=[stop])
    _rated(migration)
    file = _named(tmp_path / "mistakes.csv", "imdb,type", "tt0137523,movie")
    assert isinstance(migration.remove(file).stopped_by, RateportError)
    file.unlink()
    assert migration.resume().exit_code == 0
    assert outcomes(migration) == [("confirmed", "the rating 6 was removed")]


def test_filters_hold_for_names(tmp_path: Path) -> None:
    """--type takes no more than it says; what has no date is not from any day on."""
    for number, settings in enumerate((Settings(type=["shows"]), Settings(since="2001-01-01"))):
        migration = Migration(tmp_path / str(number), sandbox=STRICT)
        migration.home.mkdir()
        _rated(migration)
        before = migration.dump()
        result = migration.remove(_named(tmp_path / "m.csv", "imdb,type", "tt0137523,movie"), settings=settings)
        assert [row["code"] for row in migration.outcomes()] == ["filtered"]
        assert (result.exit_code, migration.dump()) == (0, before)


@pytest.mark.parametrize(
    "lines",
    [
        ("imdb,type,rating", "tt0137523,movie,"),
        ("title,year,type,rating,imdb", "Fight Club,1999,movie,,tt0137523"),
        ("imdb,type,rating", "tt0137523,movie,", "tt0133093,movie,9"),
    ],
    ids=["ids", "titles", "some are rated"],
)
def test_a_row_without_its_rating_removes_nothing(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """As in a watchlist, which may name what the person has rated since."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    before = migration.dump()
    migration.remove(_named(tmp_path / "watchlist.csv", *lines))
    assert migration.outcomes()[0]["code"] == "unrated"
    assert migration.dump() == before


def test_only_a_removal_reads_a_list_that_rates_nothing_and_only_a_named_one(tmp_path: Path) -> None:
    """An import could make no rating of it; in a folder it may be there for anything."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    before = migration.dump()
    (tmp_path / "folder").mkdir()
    file = _named(tmp_path / "folder" / "ids.csv", "imdb,type", "tt0137523,movie")
    with pytest.raises(InputError, match="not recognised; the nearest is rateport:ids, which also needs 'rating'"):
        migration.run(file)
    with pytest.raises(InputError, match="No ratings were found in what you named"):
        migration.remove(file.parent)
    with pytest.raises(InputError, match="which also needs 'rating'"):
        migration.remove(_named(tmp_path / "own.csv", "imdb,type,stars", "tt0137523,movie,3"))
    assert migration.dump() == before


def test_the_summary_of_a_removal_speaks_of_no_dates(tmp_path: Path) -> None:
    """Nothing is sent that Simkl could date."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _rated(migration)
    result = migration.remove(table(tmp_path / "mine.csv", REMOVAL[:3]))
    assert "Dates" not in render(result.summary, width=100)
    assert result.to_json()["undated"] == 0
