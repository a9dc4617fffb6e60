"""The account before an import: what is new, changed, unchanged or kept, and a reading that cannot be trusted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from importer.config import Settings
from importer.sandbox.faults import FOREVER, Fault, FaultKind
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.errors import ApiError, ConfigError, Paused, RateportError
from importer.vocabulary.sends import Section
from tests.migrating import Migration, lines_of, movies, table

STRICT = SandboxSettings(strict_catalogue=True)
FIGHT_CLUB, SHAWSHANK, BREAKING_BAD = 1000006, 1000003, 1000101
TITAN_1, TITAN_2, TITAN_3 = 39687, 1000202, 1000203


def outcomes(migration: Migration) -> list[tuple[str, str]]:
    """Outcome and detail of every row."""
    return [(row["outcome"], row["detail"]) for row in migration.outcomes()]


def _fight_club(path: Path, rating: int, rated_at: str) -> Path:
    return table(path / "mine.csv", [f"Fight Club,1999,movie,{rating},{rated_at},tt0137523,,"])


HELD = "your Simkl rating stands: 6 of 2020-05-05"
OVER = "replaces 6 of 2020-05-05"
SAME, KEPT, CHANGED = ("unchanged", ""), ("kept", HELD), ("confirmed", OVER)
LATER, EARLIER, THAT_DAY, THEN = "2021-01-01", "2019-01-01", "2020-05-05", "2020-05-05T08:30:00Z"
CONFLICTS = [
    # policy, rating, date, how the row ends; the account holds 6 of 2020-05-05T08:30:00Z
    ("newest", 9, LATER, CHANGED),
    ("newest", 3, LATER, CHANGED),
    ("newest", 9, EARLIER, KEPT),
    ("newest", 9, "", KEPT),
    ("newest", 9, THAT_DAY, KEPT),
    ("newest", 9, THEN, KEPT),
    ("newest", 9, "2020-05-05T08:30:01Z", CHANGED),
    ("newest", 6, LATER, CHANGED),
    ("newest", 6, EARLIER, KEPT),
    ("newest", 6, "", SAME),
    ("newest", 6, THAT_DAY, SAME),
    ("newest", 6, THEN, SAME),
    ("keep", 9, LATER, KEPT),
    ("keep", 9, "", KEPT),
    ("keep", 6, LATER, KEPT),
    ("keep", 6, "", SAME),
    ("keep", 6, THAT_DAY, SAME),
    ("overwrite", 9, LATER, CHANGED),
    ("overwrite", 3, EARLIER, CHANGED),
    ("overwrite", 9, "", CHANGED),
    ("overwrite", 6, EARLIER, CHANGED),
    ("overwrite", 6, "", SAME),
    ("overwrite", 6, THAT_DAY, SAME),
    ("highest", 9, EARLIER, CHANGED),
    ("highest", 9, "", CHANGED),
    ("highest", 3, LATER, KEPT),
    ("highest", 6, LATER, KEPT),
    ("highest", 6, "", SAME),
    ("highest", 6, THAT_DAY, SAME),
]


@pytest.mark.parametrize(("policy", "rating", "rated_at", "end"), CONFLICTS)
def test_the_policy_decides_where_the_account_has_a_rating(
    tmp_path: Path, policy: str, rating: int, rated_at: str, end: tuple[str, str]
) -> None:
    """What is not shown to be newer never counts as newer, and a date that is only a day is compared as one."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": THEN, "ids": {"imdb": "tt0137523"}})
    file = _fight_club(tmp_path, rating, rated_at)
    settings = Settings(on_conflict=policy)
    previewed = migration.preview(file, settings=settings).to_json()["account"]
    migration.run(file, settings=settings)
    assert outcomes(migration) == [end]
    assert migration.posts() == (end == CHANGED)
    word = {"confirmed": "changed"}.get(end[0], end[0])
    assert previewed == {"new": 0, "changed": 0, "unchanged": 0, "kept": 0, "duplicate": 0, "unlisted": 0} | {
        word: 1
    }
    held = migration.held()[FIGHT_CLUB]
    if end != CHANGED:
        assert held == (6, "2020-05-05T08:30:00Z", "completed")
    else:
        assert held[0] == rating


def test_a_title_that_the_account_does_not_have_is_new(tmp_path: Path) -> None:
    """New: unlisted titles and listed ones without a rating, whatever the policy."""
    for policy in ("newest", "keep", "overwrite", "highest"):
        home = tmp_path / policy
        home.mkdir()
        migration = Migration(home, sandbox=STRICT)
        migration.put(Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, status="hold")
        file = table(
            home / "mine.csv",
            ["Fight Club,1999,movie,9,,tt0137523,,", "Breaking Bad,2008,show,10,2020-01-01,tt0903747,,"],
        )
        assert migration.run(file, settings=Settings(on_conflict=policy)).exit_code == 0
        assert outcomes(migration) == [("confirmed", ""), ("confirmed", "")]
        assert migration.held()[BREAKING_BAD] == (10, "2020-01-01T12:00:00Z", "hold")
        assert migration.held()[FIGHT_CLUB][0] == 9


def test_the_page_names_what_becomes_of_what(tmp_path: Path) -> None:
    """Old and new value with their dates for what changes, the other way round for what is kept."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": THEN, "ids": {"imdb": "tt0137523"}})
    migration.put(Section.MOVIES, {"rating": 7, "rated_at": THEN, "ids": {"imdb": "tt0111161"}})
    file = table(
        tmp_path / "mine.csv",
        [
            "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
            "The Shawshank Redemption,1994,movie,10,2019-01-01,tt0111161,,",
            "Chernobyl,2019,show,9,2020-05-04,tt7366338,,",
            "Avatar 5,2031,movie,4,2020-05-04,tt5637536,,",
            "Inception,2010,movie,8,2020-05-04,tt1375666,,",
        ],
    )
    result = migration.preview(file)
    assert result.summary.facts.account == (
        (
            "Compared with your account",
            (
                "3 new, 1 changed, 1 kept",
                "changed:",
                "Fight Club (1999): 6 of 2020-05-05 becomes 9 of 2021-01-01",
                "kept:",
                "The Shawshank Redemption (1994): 7 of 2020-05-05 stays, not 10 of 2019-01-01",
            ),
        ),
        (
            "Simkl will put 3 titles on a list, because on none of yours yet",
            (
                "as completed, if released: 1 (Inception (2010))",
                "as watching, or completed with a single episode: 1 (Chernobyl (2019))",
                "as plan to watch: 1 (Avatar 5 (2031))",
            ),
        ),
    )
    assert {call.method for call in migration.log.calls} == {"GET"}


SEASONS = [
    {"rated_at": f"2025-02-0{day}T18:00:00.000Z", "rating": rating, "type": "season",
     "season": {"number": day, "ids": {"trakt": 3950 + day}},
     "show": {"title": "Breaking Bad", "year": 2008, "ids": {"trakt": 1388, "imdb": "tt0903747", "tmdb": 1396}}}
    for day, rating in ((1, 8), (2, 10))
]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "end", "rating"),
    [("newest", "kept", 3), ("highest", "kept", 3), ("keep", "kept", 3), ("overwrite", "confirmed", 9)],
)
def test_a_derived_rating_replaces_none_unless_told_to(tmp_path: Path, policy: str, end: str, rating: int) -> None:
    """A show rated by its seasons is rateport's reckoning; the person's own rating at Simkl stands before it."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.SHOWS, {"rating": 3, "rated_at": "2019-01-01", "ids": {"imdb": "tt0903747"}})
    file = tmp_path / "ratings.json"
    file.write_text(json.dumps(SEASONS), encoding="utf-8")
    migration.run(file, settings=Settings(on_conflict=policy, shows_from_seasons="mean"))
    assert sorted(row["outcome"] for row in migration.outcomes()) == sorted(["duplicate", end])
    assert migration.held()[BREAKING_BAD][0] == rating


def test_a_derived_rating_goes_to_a_show_without_one(tmp_path: Path) -> None:
    """Where the account has no rating of the show, the derived one is new."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, status="watching")
    file = tmp_path / "ratings.json"
    file.write_text(json.dumps(SEASONS), encoding="utf-8")
    migration.run(file, settings=Settings(shows_from_seasons="mean"))
    assert migration.held()[BREAKING_BAD] == (9, "2025-02-02T18:00:00Z", "watching")


def test_only_listed_rates_only_what_is_on_a_list(tmp_path: Path) -> None:
    """The rest stays behind with its reason, quietly, and the exit code is 0."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0137523"}}, status="plantowatch")
    file = table(
        tmp_path / "mine.csv",
        [
            "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
            "Inception,2010,movie,8,2020-05-04,tt1375666,,",
        ],
    )
    result = migration.run(file, settings=Settings(only_listed=True))
    assert result.exit_code == 0
    assert outcomes(migration) == [
        ("confirmed", ""),
        ("rejected", "on none of your lists, and --only-listed is set"),
    ]
    assert migration.outcomes()[1]["code"] == "filtered"
    assert migration.held() == {FIGHT_CLUB: (9, "2021-01-01T12:00:00Z", "plantowatch")}


def test_only_listed_looks_under_the_other_kind_too(tmp_path: Path) -> None:
    """Of two Letterboxd rows that are series, the one on a list is rated as what it is there, the other is not."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.SHOWS, {"ids": {"imdb": "tt7366338"}}, status="watching")
    file = tmp_path / "ratings.csv"
    file.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2020-01-02,Breaking Bad,2008,https://boxd.it/aaaa,4.5\n"
        "2020-01-03,Chernobyl,2019,https://boxd.it/bbbb,5\n",
        encoding="utf-8",
    )
    migration.run(file, settings=Settings(only_listed=True))
    assert outcomes(migration) == [
        ("rejected", "on none of your lists, and --only-listed is set"),
        ("confirmed", ""),
    ]
    assert migration.held() == {1000103: (10, "2020-01-03T12:00:00Z", "watching")}
    assert [list(call.json()) for call in migration.log.made("POST", "/sync/ratings")] == [["shows"]]


FRANCHISE = "Attack on Titan,2013,show,{},{},tt2560140,,"


def _with_cours(migration: Migration) -> None:
    migration.put(Section.ANIME, {"rating": 9, "rated_at": THEN, "ids": {"mal": 25777}})
    migration.put(Section.ANIME, {"rating": 7, "rated_at": THEN, "ids": {"mal": 35760}})


def test_a_franchise_id_that_one_season_holds_already_is_unchanged(tmp_path: Path) -> None:
    """The id names three seasons; the account has two of them, and one of them has just this rating."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _with_cours(migration)
    migration.run(table(tmp_path / "mine.csv", [FRANCHISE.format(7, THEN)]))
    assert outcomes(migration) == [("unchanged", "")]
    assert migration.posts() == 0


def test_a_franchise_id_never_goes_past_a_season_that_must_be_kept(tmp_path: Path) -> None:
    """Where one of the meant seasons wins by the policy, the row stays behind: which one was meant nobody knows."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _with_cours(migration)
    migration.run(table(tmp_path / "mine.csv", [FRANCHISE.format(8, "2019-01-01")]))
    assert [row["outcome"] for row in migration.outcomes()] == ["kept"]
    assert migration.held() == {
        TITAN_2: (9, "2020-05-05T08:30:00Z", "watching"),
        TITAN_3: (7, "2020-05-05T08:30:00Z", "watching"),
    }


def test_a_native_id_means_its_own_season(tmp_path: Path) -> None:
    """Season two by its MyAnimeList id is compared with season two alone."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _with_cours(migration)
    migration.run(
        table(
            tmp_path / "mine.csv", ["Season 2,,anime,4,2021-01-01,,,25777", "Season 3,,anime,7,2020-05-05,,,35760"]
        )
    )
    assert outcomes(migration) == [("confirmed", "replaces 9 of 2020-05-05"), ("unchanged", "")]


# --- rows that only the account shows to be one title ------------------------------------------------------

TWINS = ["The Matrix,1999,movie,9,2019-01-01,tt0133093,,", "Matrix,,movie,4,2021-02-01,,603,"]


@pytest.mark.parametrize("policy", ["newest", "keep", "overwrite", "highest"])
def test_twins_end_the_same_however_often_they_are_imported(tmp_path: Path, policy: str) -> None:
    """By its IMDb and by its TMDB id, the title is new, so both rows go; the next runs send neither again."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file, settings = table(tmp_path / "mine.csv", TWINS), Settings(on_conflict=policy)
    migration.run(file, settings=settings)
    held, posts = migration.dump(), migration.posts()
    assert migration.held()[1000001][0] == (9 if policy == "highest" else 4)
    for _ in range(2):
        migration.run(file, settings=settings)
        assert (migration.dump(), migration.posts()) == (held, posts)


def test_of_twins_on_a_title_of_the_account_only_one_is_sent(tmp_path: Path) -> None:
    """The account shows that both mean one title: the newer speaks, the other is its duplicate."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0133093"}}, status="plantowatch")
    result = migration.run(table(tmp_path / "mine.csv", TWINS))
    assert (result.exit_code, migration.posts()) == (0, 1)
    detail = f"{tmp_path / 'mine.csv'}:3 speaks for this title, which is the same at Simkl"
    assert outcomes(migration) == [("duplicate", detail), ("confirmed", "")]


def test_one_film_rated_alike_in_two_exports_keeps_its_newer_date(tmp_path: Path) -> None:
    """The same title, year and rating, once with an id: echoes are told apart by dates, none is repeated."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = table(tmp_path / "mine.csv", ["Fight Club,1999,movie,8,2020-01-01,tt0137523,,"])
    letterboxd = tmp_path / "ratings.csv"
    letterboxd.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n2019-12-31,Fight Club,1999,https://boxd.it/bbbb,4\n",
        encoding="utf-8",
    )
    migration.run(file, letterboxd)
    assert migration.posts() == 1
    assert migration.account() == {"tt0137523": (8, "2020-01-01")}


def test_a_row_found_under_the_other_kind_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    """IMDb rates the series 10 in 2022; Letterboxd's film of that name, 3 in 2019, turns out to be the series."""
    for policy in ("newest", "overwrite"):
        home = tmp_path / policy
        home.mkdir()
        migration = Migration(home, sandbox=STRICT)
        file = table(home / "mine.csv", ["Chernobyl,2019,show,10,2022-01-01,tt7366338,,"])
        letterboxd = home / "ratings.csv"
        letterboxd.write_text(
            "Date,Name,Year,Letterboxd URI,Rating\n2019-07-01,Chernobyl,2019,https://boxd.it/bbbb,1.5\n",
            encoding="utf-8",
        )
        for _ in range(2):
            migration.run(file, letterboxd, settings=Settings(on_conflict=policy))
            assert migration.account() == {"tt7366338": (10, "2022-01-01")}


# --- readings that cannot be trusted ----------------------------------------------------------------------

READS = (
    "/sync/activities",
    "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10",
    "/sync/ratings/shows/1,2,3,4,5,6,7,8,9,10",
    "/sync/ratings/anime/1,2,3,4,5,6,7,8,9,10",
    "/sync/all-items",
)
BREAKS = {
    "500": FaultKind.STATUS,
    "a web page": FaultKind.HTML,
    "cut off": FaultKind.TRUNCATED,
    "nothing": FaultKind.EMPTY,
    "no answer": FaultKind.CUT,
}


def _filled(migration: Migration) -> None:
    migration.put(Section.MOVIES, {"rating": 6, "rated_at": THEN, "ids": {"imdb": "tt0137523"}})
    migration.put(Section.SHOWS, {"rating": 7, "rated_at": THEN, "ids": {"imdb": "tt0903747"}})
    migration.put(Section.ANIME, {"rating": 8, "rated_at": THEN, "ids": {"mal": 25777}})


def _three(path: Path) -> Path:
    return table(
        path / "mine.csv",
        [
            "Fight Club,1999,movie,9,2019-01-01,tt0137523,,",
            "Breaking Bad,2008,show,9,2019-01-01,tt0903747,,",
            "Season 2,,anime,9,2019-01-01,,,25777",
        ],
    )


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("fault", BREAKS)
def test_a_reading_that_fails_is_no_empty_account(tmp_path: Path, path: str, fault: str) -> None:
    """Whichever of the five readings fails for good: nothing is sent, every row is pending, the exit code tells."""
    broken = Fault(kind=BREAKS[fault], method="GET", path=path, status=None, repeat=FOREVER)
    if BREAKS[fault] is FaultKind.STATUS:
        broken = Fault(kind=FaultKind.STATUS, status=500, method="GET", path=path, repeat=FOREVER)
    migration = Migration(tmp_path, sandbox=STRICT, faults=[broken])
    _filled(migration)
    before = migration.dump()
    result = migration.run(_three(tmp_path))
    assert result.exit_code == 5
    assert isinstance(result.stopped_by, ApiError)
    assert [row["outcome"] for row in migration.outcomes()] == ["pending"] * 3
    assert {call.method for call in migration.log.calls} == {"GET"}
    assert migration.dump() == before
    with pytest.raises(ApiError):
        migration.preview(_three(tmp_path))


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("fault", BREAKS)
def test_a_reading_that_fails_once_is_asked_for_again(tmp_path: Path, path: str, fault: str) -> None:
    """Trouble that passes costs a moment and changes nothing."""
    broken = Fault(kind=BREAKS[fault], method="GET", path=path)
    migration = Migration(tmp_path, sandbox=STRICT, faults=[broken])
    _filled(migration)
    result = migration.run(_three(tmp_path))
    assert (result.exit_code, migration.posts()) == (0, 0)
    assert [row["outcome"] for row in migration.outcomes()] == ["kept"] * 3


def answering(migration: Migration, path: str, body: bytes, times: int) -> list[int]:
    """Put `body` in place of the next `times` true answers to `path`; how many are left stands in what comes
    back."""
    inner: Callable[..., Iterable[bytes]] = migration.app.wsgi_app
    left = [times]

    def outer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != path or not left[0]:
            return inner(environ, start_response)
        left[0] -= 1
        list(inner(environ, lambda *ignored: lambda data: None))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]

    migration.app.wsgi_app = outer  # type: ignore[method-assign]
    return left


@pytest.mark.parametrize("body", [b"{}", b"null", b"[]"])
@pytest.mark.parametrize("path", READS)
def test_an_answer_that_says_nothing_is_no_empty_account(tmp_path: Path, path: str, body: bytes) -> None:
    """An empty answer where there are titles contradicts the other four, and nothing is done."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    before = migration.dump()
    answering(migration, path, body, 1000)
    result = migration.run(_three(tmp_path))
    assert result.exit_code == 5
    assert [row["outcome"] for row in migration.outcomes()] == ["pending"] * 3
    assert {call.method for call in migration.log.calls} == {"GET"}
    assert migration.dump() == before


def test_undated_ratings_are_not_sent_twice_because_a_list_is_cut_off(tmp_path: Path) -> None:
    """The reply is lost, the ratings have arrived, and the list that would show them comes back empty: the run
    pauses rather than to send again, and goes on when the lists agree."""
    migration = Migration(tmp_path, sandbox=STRICT, faults=[Fault(kind=FaultKind.CUT, applied=True)])
    file = table(tmp_path / "mine.csv", ["The Shawshank Redemption,1994,movie,9,,tt0111161,,"])
    lies = answering(migration, READS[1], b"{}", 0)
    honest: Callable[..., Iterable[bytes]] = migration.app.wsgi_app

    def lying_from_the_post_on(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        lies[0] = 1000 if environ["REQUEST_METHOD"] == "POST" else lies[0]
        return honest(environ, start_response)

    migration.app.wsgi_app = lying_from_the_post_on  # type: ignore[method-assign]
    assert isinstance(migration.run(file).stopped_by, Paused)
    migration.app.wsgi_app = honest  # type: ignore[method-assign]
    lies[0] = 0
    assert migration.run(file).exit_code == 0
    assert migration.posts() == 1
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]


@pytest.mark.parametrize("path", READS[1:])
def test_an_answer_that_says_nothing_once_is_asked_for_again(tmp_path: Path, path: str) -> None:
    """The account is read a second time, and that reading counts."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    answering(migration, path, b"{}", 1)
    result = migration.run(_three(tmp_path))
    assert (result.exit_code, migration.posts()) == (0, 0)
    assert [row["outcome"] for row in migration.outcomes()] == ["kept"] * 3


def test_an_account_without_any_rating_that_reads_as_empty_is_caught(tmp_path: Path) -> None:
    """Only lists, no ratings: all ratings are truly empty, and still an empty library is not believed."""
    migration = Migration(tmp_path, sandbox=STRICT)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0137523"}}, status="plantowatch")
    answering(migration, "/sync/all-items", b"{}", 1000)
    assert migration.run(_three(tmp_path)).exit_code == 5
    assert migration.posts() == 0


def test_a_library_that_lacks_one_section_is_caught(tmp_path: Path) -> None:
    """The shows are missing from the library, yet the ratings name one."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    rows = {"movies": [{"user_rating": 6, "status": "completed", "movie": {"ids": {"simkl": FIGHT_CLUB}}}]}
    answering(migration, "/sync/all-items", json.dumps(rows).encode(), 1000)
    result = migration.run(_three(tmp_path))
    assert result.exit_code == 5
    assert "disagree about 2 of them" in str(result.stopped_by)


@pytest.mark.parametrize("path", READS)
def test_a_look_afterwards_that_fails_keeps_the_run_open(tmp_path: Path, path: str) -> None:
    """Sent, but not read back: exit code of the trouble, what was confirmed is told, and `resume` looks again."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    file = table(tmp_path / "mine.csv", ["Inception,2010,movie,8,2020-05-04,tt1375666,,"])
    left = answering(migration, path, b"<html>", 0)

    def agree(summary: object) -> bool:
        left[0] = 1000
        return True

    result = migration.run(file, confirm=agree)
    assert isinstance(result.stopped_by, RateportError)
    assert result.exit_code == 5
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]
    left[0] = 0
    again = migration.resume()
    assert (again.exit_code, migration.posts()) == (0, 1)
    assert "1 title: every rating and date is there" in lines_of(again)


def test_a_look_afterwards_that_says_nothing_is_a_pause(tmp_path: Path) -> None:
    """Ratings that vanish from the reading, with nothing removed, are no loss but a bad answer."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    file = table(tmp_path / "mine.csv", ["Inception,2010,movie,8,2020-05-04,tt1375666,,"])

    def agree(summary: object) -> bool:
        answering(migration, READS[1], b"{}", 2)
        return True

    result = migration.run(file, confirm=agree)
    assert isinstance(result.stopped_by, Paused)
    assert result.exit_code == 75
    file.unlink()
    again = migration.resume()
    assert again.exit_code == 0
    assert migration.posts() == 1
    assert "every rating and date is there" in lines_of(again)


@pytest.mark.parametrize("legacy", [True, False])
def test_a_truly_empty_account_is_imported_into(tmp_path: Path, legacy: bool) -> None:
    """New client ids answer {}, old ones null; both mean that there is nothing yet."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True, legacy_null=legacy))
    result = migration.run(_three(tmp_path))
    assert result.exit_code == 0
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"] * 3
    assert migration.verify().exit_code == 0
    migration.undo()
    assert migration.held() == {}


# --- lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restore", [False, True])
def test_a_planned_movie_that_rating_completes_can_be_put_back(tmp_path: Path, restore: bool) -> None:
    """Said before, seen afterwards, and with --restore-status put back on its list with its rating."""
    sandbox = SandboxSettings(strict_catalogue=True, plan_to_watch_becomes_completed=True)
    migration = Migration(tmp_path, sandbox=sandbox)
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0137523"}}, status="plantowatch")
    file = _fight_club(tmp_path, 9, LATER)
    settings = Settings(restore_status=restore)
    assert "1 of the titles are on your plan to watch" in lines_of(migration.preview(file, settings=settings))
    result = migration.run(file, settings=settings)
    assert result.exit_code == 0
    assert "Fight Club (1999): plan to watch → completed" in lines_of(result)
    assert ("put back" in lines_of(result).splitlines()) is restore
    where = "plantowatch" if restore else "completed"
    assert migration.held() == {FIGHT_CLUB: (9, "2021-01-01T12:00:00Z", where)}
    assert migration.log.violations == []


def test_titles_that_simkl_files_are_told_by_what_is_seen(tmp_path: Path) -> None:
    """The forecast says completed or watching; afterwards the account's own record says which."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = table(
        tmp_path / "mine.csv",
        [
            "A Charlie Brown Christmas,1965,show,8,2020-01-01,tt0059026,,",
            "Avatar 4,2029,movie,2,2020-01-01,tt3095356,,",
            "Chernobyl,2019,show,9,2020-05-04,tt7366338,,",
        ],
    )
    result = migration.run(file)
    assert result.summary.facts.account[1] == (
        "Put on your lists by Simkl",
        (
            "plan to watch: 1 (Avatar 4 (2029))",
            "watching: 1 (Chernobyl (2019))",
            "completed: 1 (A Charlie Brown Christmas (1965))",
        ),
    )


# --- budget -----------------------------------------------------------------------------------------------


def test_a_spent_quota_pauses_and_resume_needs_no_export(tmp_path: Path) -> None:
    """Ten in a hundred requests stay for other apps; the time to come back is said, and the export may be gone."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(daily_quota=100))
    file = movies(tmp_path / "mine.csv", 350)
    for _ in range(16):
        migration.preview(file)
    migration.account()  # three calls of another app
    result = migration.run(file)
    assert isinstance(result.stopped_by, Paused)
    assert result.exit_code == 75
    assert "10 of today's 100 requests to Simkl are left" in str(result.stopped_by)
    assert "Simkl counts anew at 2026-09-21 04:00 UTC" in str(result.stopped_by)
    assert result.to_json()["outcomes"]["confirmed"] == 300
    file.unlink()
    again = migration.resume()
    assert again.exit_code == 75
    migration.clock.advance(timedelta(days=1).total_seconds())
    done = migration.resume()
    assert done.exit_code == 0
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"] * 350
    assert len(migration.held()) == 350


def test_the_forecast_tells_requests_and_quota(tmp_path: Path) -> None:
    """POSTs and GETs that are still to come, and what the day has left."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(daily_quota=100))
    result = migration.preview(movies(tmp_path / "mine.csv", 350))
    forecast = result.summary.facts.forecast
    assert forecast is not None
    assert (forecast.posts, forecast.gets) == (3, 5)
    assert "Today's requests\n95 of 100 are left, 85 of them for this" in lines_of(result)


def test_a_quota_that_will_not_do_is_said_before(tmp_path: Path) -> None:
    """The forecast needs more than what is left."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(daily_quota=100))
    file = movies(tmp_path / "mine.csv", 350)
    for _ in range(16):
        migration.preview(file)
    said = lines_of(migration.preview(file))
    assert "that is not enough for all: the import will pause, and rateport resume goes on tomorrow" in said


# --- titles that Simkl does not know ----------------------------------------------------------------------


def test_an_unknown_title_is_asked_for_again_after_a_week(tmp_path: Path) -> None:
    """For seven days it is not_found without asking; then Simkl may have learnt it."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = table(tmp_path / "mine.csv", ["Nothing,2001,show,5,2020-01-01,tt7777777,,"])
    migration.run(file)
    assert migration.posts() == 1
    migration.clock.advance(timedelta(days=6).total_seconds())
    result = migration.run(file)
    assert (result.exit_code, migration.posts()) == (1, 1)
    assert outcomes(migration) == [("not_found", "Simkl did not know it on 2026-09-20")]
    migration.clock.advance(timedelta(days=2).total_seconds())
    migration.run(file)
    assert migration.posts() == 2


def test_a_title_that_turned_up_meanwhile_is_seen(tmp_path: Path) -> None:
    """Not known on Sunday, rated by hand on Monday: the account decides, not the memory."""
    migration = Migration(tmp_path)
    file = table(tmp_path / "mine.csv", ["Nothing,2001,movie,5,2020-01-01,tt9999999,,"])
    migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == ["not_found"]
    migration.put(Section.MOVIES, {"title": "Nothing", "year": 2001, "ids": {"tmdb": 77}, "rating": 5,
                                   "rated_at": "2020-01-01T12:00:00Z"})  # fmt: skip
    migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == ["unchanged"]


# --- watches ----------------------------------------------------------------------------------------------

WATCHED = "tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review\n"


def test_with_history_marks_movies_as_watched_on_their_day(tmp_path: Path) -> None:
    """The watch has the export's watch date, the rating keeps the same date; movies without one are only rated."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = tmp_path / "letterboxd-import.csv"
    file.write_text(
        WATCHED
        + "278,tt0111161,The Shawshank Redemption,1994,Frank Darabont,4.5,9,2019-05-04,false,,\n"
        + "550,tt0137523,Fight Club,1999,David Fincher,4,8,,false,,\n",
        encoding="utf-8",
    )
    result = migration.run(file, settings=Settings(with_history=True))
    assert result.exit_code == 0
    rows = {row["simkl"]: row for row in migration.stage.dump()}
    assert rows[SHAWSHANK]["watched_at"] == "2019-05-04T12:00:00Z"
    assert rows[SHAWSHANK]["rated_at"] == "2019-05-04T12:00:00Z"
    assert rows[FIGHT_CLUB]["watched_at"] is None
    (post,) = migration.log.made("POST", "/sync/history")
    assert [item["ids"]["imdb"] for item in post.json()["movies"]] == ["tt0111161"]
    again = migration.run(file, settings=Settings(with_history=True))
    assert len(migration.log.made("POST", "/sync/history")) == 1
    assert again.exit_code == 0


def test_without_asking_no_watch_is_made(tmp_path: Path) -> None:
    """Off by default."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = tmp_path / "letterboxd-import.csv"
    file.write_text(
        WATCHED + "278,tt0111161,The Shawshank Redemption,1994,,4.5,9,2019-05-04,false,,\n", encoding="utf-8"
    )
    migration.run(file)
    assert migration.log.made("POST", "/sync/history") == ()
    assert migration.stage.dump()[0]["watched_at"] is None


def test_shows_are_never_marked_as_watched(tmp_path: Path) -> None:
    """A finish date of a show would mark its episodes, so with --with-history it is only rated."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = tmp_path / "anime.csv"
    file.write_text(
        "<?xml version='1.0' encoding='UTF-8'?><myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>"
        "<anime><series_animedb_id>5114</series_animedb_id><series_title>Brotherhood</series_title>"
        "<series_type>TV</series_type><my_score>9</my_score><my_finish_date>2019-05-04</my_finish_date>"
        "<my_status>Completed</my_status></anime></myanimelist>",
        encoding="utf-8",
    )
    migration.run(file, settings=Settings(with_history=True))
    assert migration.log.made("POST", "/sync/history") == ()
    (row,) = migration.stage.dump()
    assert (row["rating"], row["rated_at"], row["watched_episodes"]) == (9, "2019-05-04T12:00:00Z", 0)


# --- the backup -------------------------------------------------------------------------------------------


def test_every_import_that_writes_saves_the_account_first(tmp_path: Path) -> None:
    """Beside the journal, readable by the owner alone, holding the account as it was before."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    migration.run(table(tmp_path / "mine.csv", ["Inception,2010,movie,8,2020-05-04,tt1375666,,"]))
    (file,) = (tmp_path / "backups").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert [row["show"]["ids"]["simkl"] for row in rows["anime"]] == [TITAN_2]
    assert [row["user_rating"] for row in rows["movies"]] == [6]


def test_no_backup_is_written_when_told_so_or_when_nothing_changes(tmp_path: Path) -> None:
    """--no-backup, and an import that has nothing to send."""
    migration = Migration(tmp_path, sandbox=STRICT)
    _filled(migration)
    migration.run(_three(tmp_path))
    migration.run(
        table(tmp_path / "mine.csv", ["Inception,2010,movie,8,2020-05-04,tt1375666,,"]),
        settings=Settings(backup=False),
    )
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("sections", [{"movies"}, {"shows"}, {"anime"}, {"movies", "shows", "anime"}])
def test_a_backup_is_an_export(tmp_path: Path, sections: set[str]) -> None:
    """Imported into an empty account it brings back every rating with its date."""
    migration = Migration(tmp_path, sandbox=STRICT)
    titles = {
        "movies": (Section.MOVIES, {"imdb": "tt0137523"}, 6),
        "shows": (Section.SHOWS, {"imdb": "tt0903747"}, 7),
        "anime": (Section.ANIME, {"mal": 25777}, 8),
    }
    for name in sorted(sections):
        section, ids, rating = titles[name]
        migration.put(section, {"rating": rating, "rated_at": THEN, "ids": ids})
    file = tmp_path / "saved.json"
    told = migration.backup(file)
    assert told.values["rated"] == len(sections)
    assert file.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    empty = Migration(other, sandbox=STRICT)
    result = empty.run(file)
    assert result.exit_code == 0
    assert result.summary.facts.inputs[0][1].startswith("simkl:backup")
    assert empty.held() == migration.held()


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    """A file of that name is left as it is."""
    migration = Migration(tmp_path, sandbox=STRICT)
    file = tmp_path / "saved.json"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="is there already"):
        migration.backup(file)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_backup_that_cannot_be_written_stops_the_import(tmp_path: Path) -> None:
    """Nothing is sent without the file that was promised."""
    migration = Migration(tmp_path, sandbox=STRICT)
    (tmp_path / "backups").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(ConfigError, match="--no-backup"):
        migration.run(_fight_club(tmp_path, 9, LATER))
    assert migration.posts() == 0


def test_two_works_of_one_name_and_year_are_two(tmp_path: Path) -> None:
    """Their IMDb ids tell them apart: the rating of the one does not keep that of the other out."""
    migration = Migration(tmp_path)
    item = {"rating": 4, "rated_at": "2024-05-05T12:00:00Z", "ids": {"imdb": "tt4593060"}}
    migration.put(Section.MOVIES, {**item, "title": "Pinocchio", "year": 2022}, None)
    file = table(tmp_path / "mine.csv", ["Pinocchio,2022,movie,9,2023-01-02,tt1488589,,"])
    result = migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]
    assert (result.exit_code, migration.verify().exit_code) == (0, 0)
    assert sorted(rating for rating, _, _ in migration.held().values() if rating) == [4, 9]
