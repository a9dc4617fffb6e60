"""What is killed: imports of several kinds, an undo, a removal; each with the account that it meets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importer.config import Settings
from importer.pipeline import Result, Told
from importer.runs.session import Watching
from importer.sandbox.app import Fault, SandboxSettings
from importer.sandbox.faults import poisoned
from importer.services import Service
from importer.simkl.client import Credentials
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
from tests.migrating import Migration, table

COMPLETING = SandboxSettings(strict_catalogue=True, plan_to_watch_becomes_completed=True)
BEFORE = "before.json"
"""Where a plan leaves the account as it must be in the end."""
STRICT = SandboxSettings(strict_catalogue=True)
TWO_AT_A_TIME = SandboxSettings(largest_body=240)


@dataclass
class Client(Migration):
    """A migration whose stand-in is another process."""

    url: str = ""
    transport: Any = None

    def __post_init__(self) -> None:
        """There is no stand-in in this process."""

    @property
    def service(self) -> Service:
        """The other process."""
        return Service(
            credentials=Credentials("client", TOKEN),
            base_url=self.url,
            account="test",
            journal=self.home / "journal.sqlite",
        )

    def watching(self, should_stop: Callable[[], bool] = lambda: False) -> Watching:
        """As for any migration, through the watched transport."""
        return Watching(should_stop=should_stop, clock=self.clock, transport=self.transport)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One command on one account: what is there before, what is done, and what an undisturbed run comes to."""

    name: str
    prepare: Callable[[Migration], None]
    act: Callable[[Client], Result | Told]
    exit_code: int
    outcomes: Mapping[str, int]
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    faults: Sequence[Fault] = ()
    is_timed: bool = False
    """On clocks that tick, with the limits of the service enforced."""


def _one_file(migration: Migration) -> None:
    """Dated and undated rows, a title that is not known, one that is rejected: three batches."""
    rows = [f"Film {n},2001,movie,{n % 10 + 1},2020-01-02,tt{n:07},," for n in range(1, 104)]
    rows += [f"Late {n},2001,show,7,,,{n}," for n in range(201, 206)]
    rows += ["Nothing,2001,movie,5,2020-01-01,tt7999999,,", "Nowhere,,movie,5,,,,"]
    table(migration.home / "mine.csv", rows)


def _import(client: Client) -> Result:
    return client.run(client.home / "mine.csv")


def _several_files(migration: Migration) -> None:
    """Two exports that disagree, and an account that has rated some of it before, after, or just so."""
    for number, rating, at in (
        (1, 3, "2019-05-05T08:00:00Z"),
        (2, 3, "2025-05-05T08:00:00Z"),
        (3, 4, "2020-01-02T12:00:00Z"),
        (4, 9, "2019-05-05T08:00:00Z"),
        (5, 6, "2019-05-05T08:00:00Z"),
    ):
        migration.put(Section.MOVIES, {"rating": rating, "rated_at": at, "ids": {"imdb": f"tt{number:07}"}})
    migration.put(Section.MOVIES, {"ids": {"imdb": "tt0000006"}}, "dropped")
    folder = migration.home / "exports"
    folder.mkdir()
    first = [f"Film {n},2001,movie,{n % 10 + 1},2020-01-02,tt{n:07},," for n in range(1, 9)]
    second = [f"Film {n},2001,movie,{n % 7 + 1},2021-03-04,tt{n:07},," for n in range(7, 12)]
    table(folder / "a.csv", [*first, "Late,2001,show,7,,,201,", "Film 4,2001,movie,5,,tt0000004,,"])
    table(
        folder / "b.csv",
        [*second, "Late,2001,show,8,,,201,", "Later,2001,anime,2,,,,5114", "Gone,2001,movie,2,,tt9999999,,"],
    )


def _import_newest(client: Client) -> Result:
    return client.run(client.home / "exports", settings=Settings(on_conflict="newest"))


def _import_over(client: Client) -> Result:
    return client.run(client.home / "exports", settings=Settings(on_conflict="overwrite", prefer="oldest"))


def _poisoned_rows(migration: Migration) -> None:
    """Rows on which the service chokes, dated and not, among others: thirteen batches."""
    _dated_and_not(migration, dated=3, undated=2)


def _many_batches(migration: Migration) -> None:
    """Dated and undated rows, of which the service takes two at a time: eight batches, after two too large."""
    _dated_and_not(migration, dated=8, undated=8)


def _dated_batches(migration: Migration) -> None:
    """Rows of which all may be sent again at once: only the pace holds a client back that starts anew."""
    _dated_and_not(migration, dated=8, undated=0)


def _dated_and_not(migration: Migration, dated: int, undated: int) -> None:
    rows = [f"Film {n},2001,movie,{n % 10 + 1},2020-01-02,tt{n:07},," for n in range(1, dated + 1)]
    rows += [f"Late {n},2001,movie,{n % 10 + 1},,tt{n:07},," for n in range(11, undated + 11)]
    table(migration.home / "mine.csv", rows)


def _every_list(migration: Migration) -> None:
    """Titles on every list, rated and watched before: what ratings and watches may move."""
    for section, item, status in (
        (Section.MOVIES, {"rating": 6, "rated_at": "2020-05-05T08:30:00Z", "ids": {"imdb": "tt0137523"}}, None),
        (Section.MOVIES, {"ids": {"imdb": "tt0133093"}}, "plantowatch"),
        (Section.MOVIES, {"ids": {"imdb": "tt0468569"}}, "plantowatch"),
        (Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, "hold"),
        (Section.ANIME, {"rating": 3, "rated_at": "2019-01-01T01:02:03Z", "ids": {"mal": 25777}}, "dropped"),
    ):
        migration.put(section, item, status)
    table(
        migration.home / "mine.csv",
        [
            "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
            "The Matrix,1999,movie,10,2021-01-02,tt0133093,,",
            "Breaking Bad,2008,show,8,,tt0903747,,",
            "Season 2,,anime,7,2021-01-03,,,25777",
            "Chernobyl,2019,show,9,2020-05-04,tt7366338,,",
            "Hunter x Hunter,,anime,4,,,,11061",
        ],
    )
    (migration.home / "letterboxd.csv").write_text(
        "tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review\n"
        "155,tt0468569,The Dark Knight,2008,,4.5,9,2019-05-04,false,,\n"
        "27205,tt1375666,Inception,2010,,4.5,9,2019-05-05,false,,\n",
        encoding="utf-8",
    )


def _import_lists(client: Migration) -> Result:
    settings = Settings(restore_status=True, with_history=True)
    return client.run(client.home / "mine.csv", client.home / "letterboxd.csv", settings=settings)


def _imported(migration: Migration) -> None:
    _every_list(migration)
    (migration.home / BEFORE).write_text(migration.dump(), encoding="utf-8")
    result = migration.run(migration.home / "mine.csv", settings=Settings(backup=False))
    assert result.exit_code == 0


def _undo(client: Client) -> Told:
    return client.undo(1)


def _undo_or_resume(client: Client) -> Result | Told:
    """Undo; where that was cut off, resume it."""
    from importer.journal.journal import Journal

    with Journal(client.service.journal, "test") as journal:
        is_begun = any(run.finished_at is None for run in journal.runs())
    return client.resume() if is_begun else client.undo(1)


def _rated(migration: Migration) -> None:
    """An account with ratings, and a list of those that are to go."""
    _every_list(migration)
    for imdb in ("tt0110912", "tt1375666", "tt0111161"):
        migration.put(Section.MOVIES, {"rating": 9, "rated_at": "2018-01-01T01:02:03Z", "ids": {"imdb": imdb}})
    table(
        migration.home / "mine.csv",
        [
            "Fight Club,1999,movie,9,2021-01-01,tt0137523,,",
            "Pulp Fiction,1994,movie,,,tt0110912,,",
            "Inception,2010,movie,9,,tt1375666,,",
            "Inception,2010,movie,8,,tt1375666,,",
            "The Matrix,1999,movie,1,,tt0133093,,",
            "Season 2,,anime,7,2021-01-03,,,25777",
        ],
    )


def _remove(client: Client) -> Result:
    return client.remove(client.home / "mine.csv")


def _letterboxd(migration: Migration) -> None:
    """An export that does not say which of its titles are series, with a date or without, known or not, and with a
    row that is rejected: three batches."""
    (migration.home / "ratings.csv").write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2020-01-02,Breaking Bad,2008,https://boxd.it/aaaa,4.5\n"
        "2020-01-03,Fight Club,1999,https://boxd.it/bbbb,5\n"
        "2020-01-04,Nowhere To Be Found,1999,https://boxd.it/cccc,2\n"
        "2020-01-05,Chernobyl,2019,https://boxd.it/dddd,4\n"
        ",The Matrix,1999,https://boxd.it/eeee,3\n"
        "2020-01-06,Alien,1979,https://boxd.it/ffff,9\n",
        encoding="utf-8",
    )
    migration.put(Section.SHOWS, {"ids": {"imdb": "tt7366338"}}, "plantowatch")


def _import_doubtful(client: Client) -> Result:
    return client.run(client.home / "ratings.csv")


POISON = (
    poisoned("tt0000002"),
    poisoned("tt0000003", 400, "wrong_parameter"),
    poisoned("tt0000012"),
)

PLANS = {
    plan.name: plan
    for plan in (
        Plan(
            name="one-file",
            prepare=_one_file,
            act=_import,
            exit_code=1,
            outcomes={"confirmed": 108, "not_found": 1, "rejected": 1},
        ),
        Plan(
            name="several-files",
            prepare=_several_files,
            act=_import_newest,
            exit_code=1,
            outcomes={"confirmed": 11, "unchanged": 1, "kept": 1, "duplicate": 4, "not_found": 1},
        ),
        Plan(
            name="overwriting",
            prepare=_several_files,
            act=_import_over,
            exit_code=1,
            outcomes={"confirmed": 12, "unchanged": 1, "duplicate": 4, "not_found": 1},
        ),
        Plan(
            name="poisoned-rows",
            prepare=_poisoned_rows,
            act=_import,
            exit_code=1,
            outcomes={"confirmed": 2, "rejected": 3},
            faults=POISON,
        ),
        Plan(
            name="eight-batches",
            prepare=_many_batches,
            act=_import,
            exit_code=0,
            outcomes={"confirmed": 16},
            sandbox=TWO_AT_A_TIME,
        ),
        Plan(
            name="lists",
            prepare=_every_list,
            act=_import_lists,
            exit_code=0,
            outcomes={"confirmed": 8},
            sandbox=COMPLETING,
        ),
        Plan(name="undo", prepare=_imported, act=_undo, exit_code=0, outcomes={"confirmed": 6}, sandbox=COMPLETING),
        Plan(
            name="undo-resumed",
            prepare=_imported,
            act=_undo_or_resume,
            exit_code=0,
            outcomes={"confirmed": 6},
            sandbox=COMPLETING,
        ),
        Plan(
            name="removal",
            prepare=_rated,
            act=_remove,
            exit_code=0,
            outcomes={"confirmed": 3, "unchanged": 1, "duplicate": 1, "rejected": 1},
            sandbox=STRICT,
        ),
        Plan(
            name="doubtful-kinds",
            prepare=_letterboxd,
            act=_import_doubtful,
            exit_code=1,
            outcomes={"confirmed": 4, "not_found": 1, "rejected": 1},
            sandbox=STRICT,
        ),
    )
}
PACED = Plan(
    name="paced",
    prepare=_dated_batches,
    act=_import,
    exit_code=0,
    outcomes={"confirmed": 8},
    sandbox=TWO_AT_A_TIME,
    is_timed=True,
)
