"""The main job: files in, ratings on the account, every row accounted for, whatever the service does."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from importer.config import Configuration, Settings
from importer.sandbox.faults import FOREVER, Fault, FaultKind, poisoned
from importer.sandbox.settings import SandboxSettings
from importer.services import service
from importer.vocabulary.errors import AuthError, ConfigError, JournalError, Paused
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.migrating import Migration, lines_of, movies, table


def test_every_rating_arrives_with_its_value_and_date(tmp_path: Path) -> None:
    """Movies, shows and anime land as rated, dated as rated."""
    migration = Migration(tmp_path)
    file = table(
        tmp_path / "mine.csv",
        [
            "Fight Club,1999,movie,10,2017-12-03,tt0137523,,",
            "Chernobyl,2019,show,9,2020-05-04,tt7366338,,",
            "Shingeki no Kyojin,,anime,8,2021-01-01,,,16498",
        ],
    )
    result = migration.run(file)
    assert result.exit_code == 0
    assert migration.account() == {
        "tt0137523": (10, "2017-12-03"),
        "tt7366338": (9, "2020-05-04"),
        "16498": (8, "2021-01-01"),
    }
    assert result.to_json()["outcomes"]["confirmed"] == 3
    assert migration.log.violations == []


@pytest.mark.promise("P6")
def test_running_again_sends_nothing(tmp_path: Path) -> None:
    """A finished import, run again, reads the account, finds everything there and writes nothing."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 150)
    migration.run(file)
    before = migration.account()
    result = migration.run(file)
    assert result.exit_code == 0
    assert result.to_json()["outcomes"]["unchanged"] == 150
    assert result.to_json()["requests"] == {"get": 5, "post": 0}
    assert migration.account() == before
    assert len(migration.log.made("POST", "/sync/ratings")) == 2


def test_unknown_titles_come_back_as_leftovers(tmp_path: Path) -> None:
    """A title that the service does not know is not_found, the rest arrives, and the exit code says so."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    file = table(
        tmp_path / "mine.csv",
        ["Fight Club,1999,movie,10,2017-12-03,tt0137523,,", "Nothing,2001,movie,5,2020-01-01,tt7777777,,"],
    )
    result = migration.run(file)
    assert result.exit_code == 1
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed", "not_found"]
    assert "tt7777777" in (tmp_path / "report" / "leftovers.csv").read_text(encoding="utf-8-sig")


@pytest.mark.promise("P8")
def test_leftovers_land_once_repaired(tmp_path: Path) -> None:
    """Edit an id in leftovers.csv, import the file, and the rating arrives."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    migration.run(table(tmp_path / "mine.csv", ["Fight Club,1999,movie,10,2017-12-03,tt7777777,,"]))
    leftovers = (tmp_path / "report" / "leftovers.csv").read_text(encoding="utf-8-sig")
    repaired = tmp_path / "repaired.csv"
    repaired.write_text(leftovers.replace("tt7777777", "tt0137523"), encoding="utf-8")
    result = migration.run(repaired)
    assert result.exit_code == 0
    assert migration.account() == {"tt0137523": (10, "2017-12-03")}


def test_a_report_never_overwrites_its_input(tmp_path: Path) -> None:
    """leftovers.csv cannot be imported into the folder it lies in."""
    migration = Migration(tmp_path)
    (tmp_path / "report").mkdir()
    file = movies(tmp_path / "report" / "leftovers.csv", 1)
    with pytest.raises(ConfigError, match="would be overwritten"):
        migration.run(file)


@pytest.mark.promise("P4")
def test_batches_grow_and_keep_the_gap(tmp_path: Path) -> None:
    """100, 200, 400: never two POSTs within a second, none of them refused."""
    migration = Migration(tmp_path)
    migration.run(movies(tmp_path / "mine.csv", 700))
    posts = migration.log.made("POST", "/sync/ratings")
    assert [len(call.json()["movies"]) for call in posts] == [100, 200, 400]
    gaps = [later.arrived - earlier.arrived for earlier, later in pairwise(posts)]
    assert all(gap >= 1.0 for gap in gaps)


TROUBLES = {
    "500": Fault(kind=FaultKind.STATUS, status=500),
    "500 after applying": Fault(kind=FaultKind.STATUS, status=500, applied=True),
    "502": Fault(kind=FaultKind.HTML, status=502),
    "520": Fault(kind=FaultKind.HTML, status=520),
    "503": Fault(kind=FaultKind.STATUS, status=503, error="down", headers={"Retry-After": "3"}),
    "429 with a misleading Retry-After": Fault(
        kind=FaultKind.STATUS, status=429, error="rate_limit", headers={"Retry-After": "40000"}
    ),
    "write lock": Fault(kind=FaultKind.STATUS, status=400, error="RATE_LIMIT"),
    "write lock, small letters, twice": Fault(kind=FaultKind.STATUS, status=400, error="rate_limit", repeat=2),
    "413": Fault(kind=FaultKind.STATUS, status=413, error="too_large"),
    "html with 200": Fault(kind=FaultKind.HTML),
    "empty body": Fault(kind=FaultKind.EMPTY, applied=True),
    "truncated": Fault(kind=FaultKind.TRUNCATED, applied=True),
    "cut before applying": Fault(kind=FaultKind.CUT),
    "cut after applying": Fault(kind=FaultKind.CUT, applied=True),
    "timeout": Fault(kind=FaultKind.TIMEOUT, seconds=60, applied=True),
    "slow": Fault(kind=FaultKind.SLOW, seconds=30),
    "duplicated statuses": Fault(kind=FaultKind.DUPLICATED),
    "missing statuses": Fault(kind=FaultKind.MISSING),
    "in both lists": Fault(kind=FaultKind.CONTRADICTED),
    "echo without ids": Fault(kind=FaultKind.WITHOUT_IDS),
    "wrong counts": Fault(kind=FaultKind.WRONG_COUNTS),
}


@pytest.mark.promise("P3")
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_passes_and_everything_arrives(tmp_path: Path, trouble: str, at: int) -> None:
    """Whatever goes wrong once, at the first or second POST, every row is confirmed in the end."""
    fault = TROUBLES[trouble]
    fault = Fault(**{name: getattr(fault, name) for name in fault.__dataclass_fields__} | {"at": at})
    migration = Migration(tmp_path, faults=[fault], sandbox=SandboxSettings(shuffle_statuses=True))
    file = movies(tmp_path / "mine.csv", 150, dated=lambda number: number <= 120)
    result = migration.run(file)
    assert result.stopped_by is None
    assert result.to_json()["outcomes"]["confirmed"] == 150
    account = migration.account()
    assert {name: value for name, (value, _) in account.items()} == {
        f"tt{number:07}": number % 10 + 1 for number in range(1, 151)
    }
    assert all(account[f"tt{number:07}"][1] == "2020-01-02" for number in range(1, 121))
    assert migration.log.violations == []


@pytest.mark.parametrize(("status", "error"), [(500, "internal"), (400, "wrong_parameter"), (422, "unreadable")])
def test_a_poisoned_row_stands_alone_in_the_end(tmp_path: Path, status: int, error: str) -> None:
    """One row that the service chokes on is isolated and named; all others arrive."""
    migration = Migration(tmp_path, faults=[poisoned("tt0000077", status, error)])
    result = migration.run(movies(tmp_path / "mine.csv", 130))
    assert result.exit_code == 1
    assert result.to_json()["outcomes"] == {
        "confirmed": 129, "unchanged": 0, "kept": 0, "duplicate": 0, "rejected": 1, "not_found": 0, "pending": 0,
    }  # fmt: skip
    refused = next(row for row in migration.outcomes() if row["outcome"] == "rejected")
    assert (refused["imdb"], refused["code"]) == ("tt0000077", "refused")
    assert len(migration.account()) == 129


@pytest.mark.promise("P5")
def test_a_dead_service_pauses_with_everything_saved(tmp_path: Path) -> None:
    """Endless 500s end in a pause, not in rejects; the next run goes on."""
    migration = Migration(tmp_path, faults=[Fault(kind=FaultKind.STATUS, status=500, at=2, repeat=40)])
    file = movies(tmp_path / "mine.csv", 250)
    result = migration.run(file)
    assert isinstance(result.stopped_by, Paused)
    assert result.exit_code == 75
    assert result.to_json()["outcomes"]["confirmed"] == 100
    assert result.to_json()["outcomes"]["pending"] == 150
    for _ in range(5):
        result = migration.run(file)
        if result.stopped_by is None:
            break
    assert result.to_json()["outcomes"]["confirmed"] == 250


def test_a_spent_quota_pauses_and_says_when(tmp_path: Path) -> None:
    """user_limit_exceeded stops at once and is no error of the rows."""
    quota = Fault(
        kind=FaultKind.STATUS, status=429, error="user_limit_exceeded", headers={"Retry-After": "7200"}, at=2
    )
    migration = Migration(tmp_path, faults=[quota])
    file = movies(tmp_path / "mine.csv", 150)
    result = migration.run(file)
    assert result.exit_code == 75
    assert migration.posts() == 2
    assert migration.run(file).to_json()["outcomes"]["confirmed"] == 150


@pytest.mark.promise("P5")
@pytest.mark.parametrize(
    ("status", "error", "exit_code"),
    [(401, "user_token_failed", 4), (403, "insufficient_scope", 4), (412, "client_id_failed", 5)],
)
def test_a_refused_sign_in_stops_at_once(tmp_path: Path, status: int, error: str, exit_code: int) -> None:
    """One request, no hammering, the exit code of its kind, and a report that says what is pending."""
    fault = Fault(kind=FaultKind.STATUS, status=status, error=error, repeat=FOREVER)
    migration = Migration(tmp_path, faults=[fault])
    result = migration.run(movies(tmp_path / "mine.csv", 20))
    assert result.exit_code == exit_code
    assert migration.posts() == 1
    assert {row["outcome"] for row in migration.outcomes()} == {"pending"}


@pytest.mark.promise("P3")
def test_undated_ratings_are_never_repeated_blindly(tmp_path: Path) -> None:
    """A lost reply to undated sends is settled by reading back; their date is that of the first sending."""
    migration = Migration(tmp_path, faults=[Fault(kind=FaultKind.CUT, applied=True)])
    result = migration.run(movies(tmp_path / "mine.csv", 5, dated=lambda number: False))
    assert result.to_json()["outcomes"]["confirmed"] == 5
    assert migration.posts() == 1


def test_answers_that_match_nothing_are_told(tmp_path: Path) -> None:
    """Who was sent ids and answers without them has answered to nothing: reading back settles the rows, and the
    answers are counted for the person and for machines, in an import and in its undo."""
    migration = Migration(tmp_path, faults=[Fault(kind=FaultKind.WITHOUT_IDS)])
    migration.put(Section.MOVIES, {"rating": 3, "ids": {"imdb": "tt0000001"}, "rated_at": "2015-01-02T12:00:00Z"})
    result = migration.run(movies(tmp_path / "mine.csv", 3), settings=Settings(ids_only=True))
    assert (result.exit_code, result.to_json()["outcomes"]["confirmed"]) == (0, 3)
    assert "3 answers of Simkl match nothing that was sent" in lines_of(result)
    assert result.to_json()["unmatched_answers"] == 3
    migration.stage.faults.add(Fault(kind=FaultKind.WITHOUT_IDS))
    undone = migration.undo()
    assert "1 answer of Simkl matches nothing that was sent" in lines_of(undone)
    assert undone.values["unmatched_answers"] == 1


def test_no_word_of_answers_that_match(tmp_path: Path) -> None:
    """Doubled or shuffled ones among them."""
    migration = Migration(tmp_path, faults=[Fault(kind=FaultKind.DUPLICATED)])
    result = migration.run(movies(tmp_path / "mine.csv", 3))
    assert "match nothing" not in lines_of(result)
    assert "unmatched_answers" not in result.to_json()


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    """The second says that another run has the lock, and sends nothing."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 3)

    def second(summary: object) -> bool:
        with pytest.raises(JournalError, match="Another rateport run"):
            migration.run(file)
        return True

    assert migration.run(file, confirm=second).exit_code == 0


def test_saying_no_sends_nothing(tmp_path: Path) -> None:
    """The person sees the forecast, declines, and nothing has happened."""
    migration = Migration(tmp_path)
    with pytest.raises(Paused, match="Nothing was sent"):
        migration.run(movies(tmp_path / "mine.csv", 3), confirm=lambda summary: False)
    assert {call.method for call in migration.log.calls} == {"GET"}
    assert migration.account() == {}


@pytest.mark.promise("P5")
def test_a_stop_between_batches_keeps_what_is_done(tmp_path: Path) -> None:
    """Ctrl-C after the first batch: 100 confirmed, the rest pending, the next run sends only the rest."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 150)
    result = migration.run(file, should_stop=lambda: migration.posts() >= 1)
    assert result.exit_code == 75
    assert result.to_json()["outcomes"]["confirmed"] == 100
    migration.run(file)
    assert [len(call.json()["movies"]) for call in migration.log.made("POST", "/sync/ratings")] == [100, 50]


def test_no_sign_in_is_said_before_anything_is_read(tmp_path: Path) -> None:
    """Without token and client id the error names the variables."""
    with pytest.raises(AuthError, match="RATEPORT_CLIENT_ID and RATEPORT_ACCESS_TOKEN"):
        service(Configuration(Settings(), {}, tmp_path), FakeClock())


def _letterboxd(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["Date,Name,Year,Letterboxd URI,Rating", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_doubtful_kind_is_tried_once_as_the_other(tmp_path: Path) -> None:
    """Letterboxd holds series without saying so: not found as a movie, found as a show, and said."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    file = _letterboxd(
        tmp_path / "ratings.csv",
        "2020-01-02,Breaking Bad,2008,https://boxd.it/aaaa,4.5",
        "2020-01-03,Fight Club,1999,https://boxd.it/bbbb,5",
        "2020-01-04,Nowhere To Be Found,1999,https://boxd.it/cccc,2",
    )
    result = migration.run(file)
    assert [(row["outcome"], row["detail"]) for row in migration.outcomes()] == [
        ("confirmed", "not found as a movie, found as a show"),
        ("confirmed", ""),
        ("not_found", "neither found as a movie nor as a show"),
    ]
    assert migration.account() == {"tt0903747": (9, "2020-01-02"), "tt0137523": (10, "2020-01-03")}
    assert result.to_json()["requests"]["post"] == 2
    again = migration.run(file)
    assert again.to_json()["requests"]["post"] == 0
    assert [(row["outcome"], row["detail"]) for row in migration.outcomes()] == [
        ("unchanged", ""),
        ("unchanged", ""),
        ("not_found", "neither found as a movie nor as a show"),
    ]


def test_an_anime_film_known_by_its_imdb_id_is_found_among_shows(tmp_path: Path) -> None:
    """Simkl keeps anime films with the anime; the second try leaves the movie's tmdb number behind."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    file = table(tmp_path / "mine.csv", ["Spirited Away,2001,movie,10,2020-01-02,tt0245429,129,"])
    migration.run(file)
    posts = [call.json() for call in migration.log.made("POST", "/sync/ratings")]
    assert list(posts[0]) == ["movies"]
    if len(posts) > 1:
        assert posts[1]["shows"][0]["ids"] == {"imdb": "tt0245429"}
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]


def test_a_sure_kind_is_not_tried_twice(tmp_path: Path) -> None:
    """A show that the export calls a show is not looked for among movies."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    migration.run(table(tmp_path / "mine.csv", ["Nowhere,2001,show,9,2020-01-02,tt7777777,,"]))
    assert migration.posts() == 1
    assert [row["outcome"] for row in migration.outcomes()] == ["not_found"]


def test_an_older_export_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """Rated 6 in 2019, 9 in 2021 from another file, then the first file again: 9 stays, and the report says so."""
    migration = Migration(tmp_path)
    first = table(tmp_path / "a.csv", ["Heat,1995,movie,6,2019-01-01,tt0113277,,"])
    second = table(tmp_path / "b.csv", ["Heat,1995,movie,9,2021-01-01,tt0113277,,"])
    for file in (first, second, first):
        migration.run(file)
    assert migration.account() == {"tt0113277": (9, "2021-01-01")}
    (row,) = migration.outcomes()
    assert (row["outcome"], row["detail"]) == ("kept", "your Simkl rating stands: 9 of 2021-01-01")
    assert migration.posts() == 2


def test_an_older_rating_never_replaces_a_newer_one(tmp_path: Path) -> None:
    """9 in 2021, then 6 of 2019 from an older file, then the first file again: only the first is ever sent."""
    migration = Migration(tmp_path)
    newer = table(tmp_path / "a.csv", ["Heat,1995,movie,9,2021-01-01,tt0113277,,"])
    older = table(tmp_path / "b.csv", ["Heat,1995,movie,6,2019-01-01,tt0113277,,"])
    for file in (newer, older, newer):
        migration.run(file)
    assert migration.account() == {"tt0113277": (9, "2021-01-01")}
    assert migration.posts() == 1


def test_a_folder_that_cannot_take_the_report_stops_before_sending(tmp_path: Path) -> None:
    """Nothing is sent when the outcome could not be written down."""
    migration = Migration(tmp_path)
    (tmp_path / "report").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(ConfigError, match="Nothing was sent"):
        migration.run(movies(tmp_path / "mine.csv", 2))
    assert migration.posts() == 0


def test_a_limit_on_the_size_of_a_request_is_learnt_once(tmp_path: Path) -> None:
    """After a 413 no batch is as large again."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(largest_body=4_000))
    result = migration.run(movies(tmp_path / "mine.csv", 300))
    assert result.to_json()["outcomes"]["confirmed"] == 300
    statuses = [call.status for call in migration.log.made("POST", "/sync/ratings")]
    assert statuses.count(413) == 2
    assert statuses[:2] == [413, 413]


def test_the_newest_of_two_unseen_twins_stays(tmp_path: Path) -> None:
    """A row without ids that names the same title as one with an id goes in the order of dates, and is noted."""
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True))
    with_id = table(tmp_path / "imdb.csv", ["Fight Club,1999,movie,9,2021-01-01,tt0137523,,"])
    without = _letterboxd(tmp_path / "ratings.csv", "2018-01-02,Fight Club,1999,https://boxd.it/aaaa,0.5")
    migration.run(with_id, without)
    assert migration.account() == {"tt0137523": (9, "2021-01-01")}
    assert "may be the same title as" in migration.outcomes()[1]["detail"]
