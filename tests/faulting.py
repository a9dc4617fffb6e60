"""Commands under scripted faults: what is struck, how they ended, and what must hold whatever struck them."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from importer.config import Settings
from importer.journal.journal import Journal
from importer.runs.ending import Result
from importer.runs.undoing import Told
from importer.sandbox.calls import Call
from importer.sandbox.faults import DISTORTIONS, Fault, FaultKind, FaultScript
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.errors import RateportError
from importer.vocabulary.sends import Section
from tests.canary import TOKEN, searched_folder, singing
from tests.clock import START, FakeClock
from tests.migrating import Migration, lines_of, movies

RATINGS = "/sync/ratings"
ANSWERED = frozenset({FaultKind.SLOW, FaultKind.TRUNCATED, *DISTORTIONS})  # carried out whatever `applied` says
MEMORY = Path("/dev/shm")  # the journal is flushed at each step, which on a disk takes most of a test's time
LONGEST_RUN_S = 15 * 60
RERUNS = 4


class Script(FaultScript):
    """Faults that remember which call they struck."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        super().__init__(faults)
        self.struck: list[Fault | None] = []

    def pick(self, method: str, path: str, body: bytes) -> Fault | None:
        """The fault that hits this call, written down."""
        fault = super().pick(method, path, body)
        self.struck.append(fault)
        return fault

    def end(self) -> None:
        """No more faults; what struck is remembered."""
        self._faults.clear()
        self._seen.clear()


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the machine has one, searched for the token in the end."""
    with searched_folder(MEMORY if MEMORY.is_dir() else None) as folder:
        yield folder


# --- the scenes -------------------------------------------------------------------------------------------

Ended = Result | Told


@dataclass
class Scene:
    """One command on one account, ready to be struck."""

    migration: Migration
    act: Callable[[], Ended]
    script: Script = field(default_factory=Script)

    def __post_init__(self) -> None:
        self.migration.stage.faults = self.script
        self.skipped = len(self.migration.log.calls)

    def calls(self) -> Iterator[tuple[Call, Fault | None]]:
        """The calls under the present script, each with what struck it."""
        return zip(self.migration.log.calls[self.skipped :], self.script.struck, strict=True)


class Plan(NamedTuple):
    """What the exports hold: dated titles, more than a first batch of them, undated ones, and unknown ones."""

    dated: int = 104
    undated: int = 5
    unknown: int = 2


WHOLE = Plan()


def exports(folder: Path, plan: Plan) -> tuple[Path, Path]:
    """Two files: a table, and one that does not say of which kind its title is."""
    rows = movies(folder / "mine.csv", plan.dated + plan.undated, dated=lambda number: number <= plan.dated)
    with rows.open("a", encoding="utf-8") as stream:
        for number in range(1, plan.unknown + 1):
            stream.write(f"Gone {number},2001,movie,5,{'2020-01-02' if number % 2 else ''},tt{number}999999,,\n")
    other = folder / "ratings.csv"
    name = "Unknown thing" if plan.unknown else "Found thing"
    lines = ["Date,Name,Year,Letterboxd URI,Rating", f"2020-01-02,{name},2008,https://boxd.it/aaaa,4.5"]
    other.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rows, other


def account(migration: Migration) -> None:
    """Titles in every state: planned, rated otherwise, rated alike, on hold, and one that no export names."""
    for section, item, status in (
        (Section.MOVIES, {"ids": {"imdb": "tt0000001"}}, "plantowatch"),
        (Section.MOVIES, {"ids": {"imdb": "tt0000106"}}, "plantowatch"),
        (Section.MOVIES, {"rating": 9, "rated_at": "2015-05-05T12:00:00Z", "ids": {"imdb": "tt0000003"}}, None),
        (Section.MOVIES, {"rating": 5, "rated_at": "2020-01-02T12:00:00Z", "ids": {"imdb": "tt0000004"}}, None),
        (Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, "hold"),
        (Section.ANIME, {"rating": 7, "rated_at": "2018-05-05T12:00:00Z", "ids": {"mal": 16498}}, None),
    ):
        migration.put(section, item, status)


def import_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """An import that puts moved titles back."""
    migration = _migration(home)
    files = exports(home, plan)
    return Scene(migration, lambda: migration.run(*files, settings=_RESTORING))


def undo_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """The undo of an import that rated anew, rated listed titles, moved some and added many."""
    migration = _imported(home, plan)
    return Scene(migration, lambda: migration.undo(1))


def verify_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """The verification of a finished import."""
    migration = _imported(home, plan)
    return Scene(migration, migration.verify)


def remove_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """The removal of ratings in two batches."""
    migration = _imported(home, plan)
    file = home / "mine.csv"
    return Scene(migration, lambda: migration.remove(file, settings=Settings(backup=False)))


def resume_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """An import that puts moved titles back and was cut off, and goes on; from its beginning where it is done."""
    migration = _imported(home, plan, is_cut_off=True)
    files = home / "mine.csv", home / "ratings.csv"

    def act() -> Ended:
        with Journal(migration.service.journal, "test") as journal:
            is_begun = any(run.finished_at is None for run in journal.runs())
        return migration.resume() if is_begun else migration.run(*files, settings=_RESTORING)

    return Scene(migration, act)


def backup_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """A backup of what an import left."""
    migration = _imported(home, plan)
    return Scene(migration, migration.backup)


def preview_scene(home: Path, plan: Plan = WHOLE) -> Scene:
    """A preview that compares with the account."""
    migration = _migration(home)
    files = exports(home, plan)
    return Scene(migration, lambda: migration.preview(*files))


class Setting(Protocol):
    """What sets a scene."""

    def __call__(self, home: Path, plan: Plan = WHOLE) -> Scene:
        """The scene in the folder `home`."""
        ...


SCENES: Mapping[str, Setting] = {
    "import": import_scene,
    "undo": undo_scene,
    "verify": verify_scene,
    "remove": remove_scene,
    "resume": resume_scene,
    "backup": backup_scene,
    "preview": preview_scene,
}


_SERVICE = SandboxSettings(plan_to_watch_becomes_completed=True, shuffle_statuses=True)
_ACCOUNT = "account.sqlite"
_RESTORING = Settings(restore_status=True, backup=False)


def _migration(home: Path) -> Migration:
    migration = Migration(home, sandbox=_SERVICE)
    account(migration)
    return migration


def _imported(home: Path, plan: Plan, *, is_cut_off: bool = False) -> Migration:
    """The account and the home of an import, finished or cut off, an hour later: copies of one that was carried out
    once."""
    template, now = _import_of(plan, is_cut_off)
    shutil.copytree(template, home, dirs_exist_ok=True)
    return Migration(home, sandbox=replace(_SERVICE, database=home / _ACCOUNT), clock=FakeClock(now))


_templates = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)


@cache
def _import_of(plan: Plan, is_cut_off: bool) -> tuple[Path, datetime]:
    home = Path(_templates.name, "-".join(map(str, (*plan, is_cut_off))))
    home.mkdir()
    migration = Migration(home, sandbox=replace(_SERVICE, database=home / _ACCOUNT))
    account(migration)
    files = exports(home, plan)
    if is_cut_off:
        _cut_off(migration, lambda: migration.run(*files, settings=_RESTORING))
    else:
        assert migration.run(*files, settings=Settings(backup=False)).stopped_by is None
    good_manners(Scene(migration, migration.verify))
    assert singing(home, {TOKEN}) == []
    migration.clock.advance(3600)
    return home, migration.clock.now()


def _cut_off(migration: Migration, work: Callable[[], object]) -> None:
    """Let `work` end while the answer to its first undated ratings is on its way, or that to its second look at
    what changed."""
    answer, looks = migration.app.wsgi_app, itertools.count(1)

    def app(environ: Any, start_response: Any) -> Any:
        reply = list(answer(environ, start_response))
        last = migration.log.calls[-1]
        is_second_look = last.path == "/sync/activities" and next(looks) == 2
        if is_second_look or (last.path == RATINGS and any("rated_at" not in item for item in items_of(last))):
            raise KeyboardInterrupt
        return reply

    migration.app.wsgi_app = app  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):
        work()
    migration.app.wsgi_app = answer  # type: ignore[method-assign]


# --- how a command ended ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class End:
    """How one command ended: its result where it came to one, the error where something stopped it."""

    exit_code: int
    ended: Ended | None
    error: RateportError | None
    seconds: float


def attempt(scene: Scene) -> End:
    """Run the command. Whatever is no RateportError is a failure of rateport."""
    started = scene.migration.clock.steady()
    try:
        ended = scene.act()
    except RateportError as error:
        return End(error.exit_code, None, error, scene.migration.clock.steady() - started)
    stopped_by = ended.stopped_by if isinstance(ended, Result) else None
    return End(ended.exit_code, ended, stopped_by, scene.migration.clock.steady() - started)


def state(migration: Migration) -> dict[int, tuple[int | None, str | None, str]]:
    """Rating, date and list of every title; what was dated by the service is dated `now`."""
    return {
        simkl: (rating, "now" if at and at >= f"{START:%Y-%m-%d}" else at, status)
        for simkl, (rating, at, status) in migration.held().items()
    }


@cache
def undisturbed(command: str, plan: Plan = WHOLE) -> tuple[int, str]:
    """Exit code and account of the command when nothing strikes."""
    with quick_folder() as home:
        scene = SCENES[command](home, plan)
        end = attempt(scene)
        assert end.error is None
        return end.exit_code, json.dumps(state(scene.migration))


def ambushed(scene: Scene, at: int, act: Callable[[], object]) -> None:
    """Let `act` happen right before the call number `at`, counted from 1."""
    answer, arrived = scene.migration.app.wsgi_app, itertools.count(1)

    def app(environ: Any, start_response: Any) -> Any:
        if next(arrived) == at:
            act()
        return answer(environ, start_response)

    scene.migration.app.wsgi_app = app  # type: ignore[method-assign]


# --- what must hold ---------------------------------------------------------------------------------------


def books_balance(end: End) -> None:
    """Every record has exactly one outcome, and is settled by a command that sends and ends well."""
    if isinstance(end.ended, Result):
        told = end.ended.to_json()
        assert sum(told["outcomes"].values()) == told["records"]
        assert end.exit_code or told["command"] == "preview" or not told["outcomes"]["pending"]


def confirmed_rows_are_held(scene: Scene, end: End) -> None:
    """What the report calls confirmed stands in the account with value and date (or, in a removal, does not)."""
    if not isinstance(end.ended, Result):
        return
    held = {title["ids"].get("imdb") or title["title"]: title for title in scene.migration.stage.dump()}
    for row in scene.migration.outcomes():
        if row["outcome"] != "confirmed":
            continue
        title = held[row["imdb"] or row["title"]]
        if end.ended.to_json()["command"] == "remove":
            assert title["rating"] is None, row
            continue
        assert title["rating"] == int(row["rating"]), row
        if row["rated_at"]:
            assert title["rated_at"][:19] == row["rated_at"][:19], row


def undated_applied_once(scene: Scene) -> None:
    """No rating without a date was carried out twice under the present script, and each keeps its first moment."""
    first: dict[str, Call] = {}
    held = {str(title["ids"].get("imdb")): title for title in scene.migration.stage.dump()}
    for call, fault in scene.calls():
        if (call.method, call.path) != ("POST", RATINGS) or not is_applied(call, fault):
            continue
        for item in (item for item in items_of(call) if "rated_at" not in item):
            imdb = item["ids"].get("imdb", "")
            if imdb not in held:  # the service does not know it
                continue
            assert imdb not in first, f"{item} was applied by calls {first[imdb].number} and {call.number}"
            first[imdb] = call
            if held[imdb]["rating"] is not None:
                assert held[imdb]["rated_at"][:19] == f"{call.at:%Y-%m-%dT%H:%M:%S}"


def items_of(call: Call) -> list[Mapping[str, Any]]:
    """What a POST names, of all sections."""
    return [item for items in call.json().values() for item in items]


def is_applied(call: Call, fault: Fault | None) -> bool:
    """Whether the account did what the call asked for, whatever its caller was told."""
    if fault is None:
        return call.status is not None and 200 <= call.status < 300
    return fault.kind in ANSWERED or fault.applied


def no_hammering(scene: Scene, end: End, most: int) -> None:
    """Few requests were answered by a fault, and all of it took less than a quarter of an hour."""
    struck = Counter(call.method for call, fault in scene.calls() if fault is not None)
    assert struck["GET"] + struck["POST"] <= most, struck
    assert end.seconds < LONGEST_RUN_S, end


def backups_are_whole(scene: Scene) -> None:
    """Every backup holds each title of the account."""
    for file in (scene.migration.home / "backups").glob("*"):
        rows = json.loads(file.read_text(encoding="utf-8"))
        assert sum(map(len, rows.values())) == len(scene.migration.held()), file


def good_manners(scene: Scene) -> None:
    """The service has nothing to complain of: no call too fast, none that it does not know."""
    assert scene.migration.log.violations == []


def sound(scene: Scene, end: End, most: int) -> None:
    """All of the above."""
    books_balance(end)
    confirmed_rows_are_held(scene, end)
    undated_applied_once(scene)
    no_hammering(scene, end, most)
    backups_are_whole(scene)
    good_manners(scene)


def settles(scene: Scene, end: End, expected: tuple[int, str]) -> None:
    """The faults are over; the same command, run again until nothing stops it, ends as if nothing had struck.

    Only a title that an import could not put back on its list, and said so, stays where it is.
    """
    struck = sum(fault is not None for _, fault in scene.calls())
    scene.script.end()
    ends = [end]
    for _ in range(RERUNS):
        scene.migration.clock.advance(3600)
        ends.append(attempt(scene))
        sound(scene, ends[-1], struck)
        if ends[-1].error is None:
            break
    is_stuck = any(each.ended and "could not be put back" in lines_of(each.ended) for each in ends)
    ends_alike(scene, ends[-1], expected, is_stuck=is_stuck)


def ends_alike(scene: Scene, end: End, expected: tuple[int, str], *, is_stuck: bool = False) -> None:
    """The command came to the end that it has when nothing strikes; `is_stuck`: but for the lists of titles."""
    code, held = expected
    assert (end.error, end.exit_code) == (None, code), end
    assert _without_lists(json.dumps(state(scene.migration)), is_stuck) == _without_lists(held, is_stuck)


def _without_lists(held: str, is_stuck: bool) -> object:
    titles = json.loads(held)
    return {simkl: title[:2] if is_stuck else title for simkl, title in titles.items()}
