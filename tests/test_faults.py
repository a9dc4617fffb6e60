"""Whatever the service does wrong, wherever it does it: nothing is lost, invented, or repeated that must not be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from importer import pipeline
from importer.config import Settings
from importer.runs.beginning import How
from importer.runs.posting import BUSY_TRIES, TRIES, TROUBLE_LIMIT
from importer.sandbox.faults import FOREVER, Fault, FaultKind
from importer.sandbox.settings import SandboxSettings
from importer.simkl.pacing import BACK_OFF_S
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
from tests.clock import FakeClock
from tests.faulting import SCENES, Plan, ambushed, attempt, ends_alike, quick_folder, settles, sound, undisturbed
from tests.migrating import Migration, lines_of, movies, table


class Group(Enum):
    """What a fault asks of us."""

    HARMLESS = auto()
    """Nothing, or a look at the account."""
    PASSING = auto()
    """To try again, or to look at the account first."""
    BUSY = auto()
    """To wait, and to try again."""
    SPENT = auto()
    """To stop until another day."""
    REFUSED = auto()
    """To find the row that is at fault."""
    SIGN_IN = auto()
    """To stop until somebody signs in again."""
    STOP = auto()
    """To stop."""


class Kind(NamedTuple):
    """A fault, and what it asks of us."""

    group: Group
    fault: Fault


def status(group: Group, status: int, error: str = "internal", *, applied: bool = False, retry: str = "") -> Kind:
    """An answer of one status."""
    headers = {"Retry-After": retry} if retry else {}
    fault = Fault(kind=FaultKind.STATUS, status=status, error=error, applied=applied, headers=headers)
    return Kind(group, fault)


def html(status: int, *, applied: bool = False, group: Group = Group.PASSING) -> Kind:
    """A page of the edge."""
    return Kind(group, Fault(kind=FaultKind.HTML, status=status, applied=applied))


def lost(kind: FaultKind, *, applied: bool = False, seconds: float = 0.0) -> Kind:
    """No answer, or a part of one."""
    return Kind(Group.PASSING, Fault(kind=kind, applied=applied, seconds=seconds))


def odd(kind: FaultKind, seconds: float = 0.0) -> Kind:
    """A true answer with something odd about it."""
    return Kind(Group.HARMLESS, Fault(kind=kind, seconds=seconds))


KINDS: Mapping[str, Kind] = {
    # simkl-api.md 9, each status with each of its ids
    "400 empty_field": status(Group.REFUSED, 400, "empty_field"),
    "400 wrong_parameter": status(Group.REFUSED, 400, "wrong_parameter"),
    "400 max_items": status(Group.REFUSED, 400, "max_items"),
    "400 RATE_LIMIT": status(Group.BUSY, 400, "RATE_LIMIT"),
    "400 rate_limit": status(Group.BUSY, 400, "rate_limit"),
    "400 unauthorized_client": status(Group.SIGN_IN, 400, "unauthorized_client"),
    "401 user_token_failed": status(Group.SIGN_IN, 401, "user_token_failed"),
    "401 invalid_token": status(Group.SIGN_IN, 401, "invalid_token"),
    "401 user_token_required": status(Group.SIGN_IN, 401, "user_token_required"),
    "401 invalid_client": status(Group.SIGN_IN, 401, "invalid_client"),
    "403 insufficient_scope": status(Group.SIGN_IN, 403, "insufficient_scope"),
    "403 forbidden": status(Group.STOP, 403, "forbidden"),
    "404 id_err": status(Group.STOP, 404, "id_err"),
    "404 url_failed": status(Group.STOP, 404, "url_failed"),
    "409 already_watched": status(Group.BUSY, 409, "already_watched"),
    "412 client_id_failed": status(Group.STOP, 412, "client_id_failed"),
    "413": html(413, group=Group.REFUSED),
    "422 unreadable": status(Group.REFUSED, 422, "unreadable"),
    "423 locked": status(Group.BUSY, 423, "locked"),
    "429 rate_limit": status(Group.BUSY, 429, "rate_limit", retry="43200"),
    "429 user_limit_exceeded": status(Group.SPENT, 429, "user_limit_exceeded", retry="7200"),
    "429 app_limit_exceeded": status(Group.SPENT, 429, "app_limit_exceeded"),
    "429 of no name, soon": status(Group.BUSY, 429, "slow_down_please", retry="4"),
    "429 of no name, much later": status(Group.SPENT, 429, "slow_down_please", retry="3600"),
    "429 of no name": status(Group.BUSY, 429, "slow_down_please"),
    "500": status(Group.PASSING, 500),
    "500 after applying": status(Group.PASSING, 500, applied=True),
    "502": html(502),
    "503 for 3 s": status(Group.PASSING, 503, "down", retry="3"),
    "503 until a date": status(Group.PASSING, 503, "down", retry="Sun, 20 Sep 2026 12:02:00 GMT"),
    "503 for a day": status(Group.SPENT, 503, "down", retry="86400"),
    "503 for a day, after applying": status(Group.SPENT, 503, "down", applied=True, retry="86400"),
    "504 after applying": html(504, applied=True),
    "520": html(520),
    "524 after applying": html(524, applied=True),
    "408": html(408),
    "302": html(302, group=Group.STOP),
    "200 premium_only": status(Group.STOP, 200, "premium_only"),
    "200 html": html(200),
    "200 html after applying": html(200, applied=True),
    # what is no answer, or a part of one
    "empty": lost(FaultKind.EMPTY),
    "empty after applying": lost(FaultKind.EMPTY, applied=True),
    "truncated": lost(FaultKind.TRUNCATED),
    "cut": lost(FaultKind.CUT),
    "cut after applying": lost(FaultKind.CUT, applied=True),
    "past the time-out": lost(FaultKind.TIMEOUT, seconds=60),
    "past the time-out after applying": lost(FaultKind.TIMEOUT, applied=True, seconds=60),
    # answers with something odd about them
    "slow": odd(FaultKind.SLOW, 55),
    "duplicate verdicts": odd(FaultKind.DUPLICATED),
    "missing verdicts": odd(FaultKind.MISSING),
    "contradicting verdicts": odd(FaultKind.CONTRADICTED),
    "echo without ids": odd(FaultKind.WITHOUT_IDS),
    "wrong counts": odd(FaultKind.WRONG_COUNTS),
}
ALL_BUT_ONE = "all but one"
REPEATS = ("once", "twice", ALL_BUT_ONE, "forever")
PASSES = (Group.PASSING, Group.BUSY)
GETS = {"import": 10, "undo": 10, "verify": 5, "remove": 10, "resume": 14, "backup": 5, "preview": 5}
POSTS = {"import": 5, "undo": 5, "verify": 0, "remove": 2, "resume": 5, "backup": 0, "preview": 0}
RATED = 4  # POSTs of ratings in an import; the fifth moves titles
MOST = 40  # answers of one fault before a run gives up: a dozen in a row, or rows, from each kind of write
SPREAD = 120


class Case(NamedTuple):
    """One fault at one request of one command."""

    command: str
    method: str
    at: int
    kind: str
    repeat: str

    def __str__(self) -> str:
        return f"{self.command}-{self.method}-{self.at}-{self.kind}-{self.repeat}"

    @property
    def faults(self) -> list[Fault]:
        """The script."""
        fault = KINDS[self.kind].fault
        return [replace(fault, method=self.method, path="*", at=self.at, repeat=self.answers)]

    @property
    def answers(self) -> int:
        """How many requests in a row the fault strikes."""
        if self.repeat != ALL_BUT_ONE:
            return {"once": 1, "twice": 2, "forever": FOREVER}[self.repeat]
        if self.method == "GET":
            return len(BACK_OFF_S)
        if KINDS[self.kind].group is Group.BUSY:
            return BUSY_TRIES
        return (TROUBLE_LIMIT if self.is_everything else TRIES) - 1

    @property
    def is_everything(self) -> bool:
        """Whether it strikes the ratings of an import, of which nothing is left out."""
        return self.command == "import" and self.method == "POST" and self.at <= RATED


def combinations() -> Iterator[Case]:
    """Every kind at every request of every command, or at each third one of an import that is taken up again; the
    repeats in turn, all of them at the ratings of an import."""
    for number, kind in enumerate(KINDS):
        repeats = [each for each in REPEATS if each != ALL_BUT_ONE or KINDS[kind].group in PASSES]
        for command in SCENES:
            step = 3 if command == "resume" else 1
            for method, count in (("GET", GETS[command]), ("POST", POSTS[command])):
                if method == "GET" and KINDS[kind].group is Group.HARMLESS and kind != "slow":
                    continue  # these distort replies to ratings only
                for at in range(1 + number % step, count + 1, step):
                    cases = [Case(command, method, at, kind, repeat) for repeat in repeats]
                    turn = (number + at) % len(repeats)
                    yield from cases if cases[0].is_everything else cases[turn : turn + 1]


CASES = list(combinations())


def codes(case: Case) -> set[int]:
    """With which exit codes the command may end while the fault strikes."""
    whole, _ = undisturbed(case.command)
    group, is_lasting = KINDS[case.kind].group, case.repeat == "forever"
    match group:
        case Group.HARMLESS:
            return {whole}
        case Group.PASSING | Group.BUSY if not is_lasting:
            return {whole}
        case Group.PASSING | Group.BUSY:
            fault = KINDS[case.kind].fault
            is_done = case.method == "POST" and (fault.applied or fault.kind is FaultKind.TRUNCATED)
            return {5, 75, whole} if is_done else {5, 75}
        case Group.SPENT:
            return {75}
        case Group.SIGN_IN:
            return {4}
        case Group.STOP:
            return {5}
        case Group.REFUSED:
            return {5} if case.method == "GET" else {whole, 1, 5, 75}
    raise AssertionError(group)


def proved(case: Case) -> None:
    """Under the fault the command ends well; once it is over, the same command ends as if nothing had been."""
    with quick_folder() as home:
        scene = SCENES[case.command](home)
        for fault in case.faults:
            scene.script.add(fault)
        end = attempt(scene)
        sound(scene, end, MOST)
        assert end.exit_code in codes(case), end
        if KINDS[case.kind].group in (Group.SPENT, Group.SIGN_IN, Group.STOP):
            assert sum(fault is not None for _, fault in scene.calls()) == 1
        if KINDS[case.kind].group in PASSES and case.repeat != "forever":
            ends_alike(scene, end, undisturbed(case.command))
        settles(scene, end, undisturbed(case.command))


STEP = len(CASES) // SPREAD


@pytest.mark.promise("P3")
@pytest.mark.promise("P4")
@pytest.mark.promise("P5")
@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=[pytest.mark.torture] * bool(number % STEP)) for number, case in enumerate(CASES)],
    ids=str,
)
def test_a_fault_is_weathered(case: Case) -> None:
    """Every kind of fault at every request; a spread of them in every run of the tests."""
    proved(case)


def test_the_table_is_as_long_as_promised() -> None:
    """At least 500 combinations, among them each kind at each POST of ratings, once, twice, for ever, and for as
    long as it can be outlasted."""
    assert len(set(CASES)) == len(CASES) >= 500
    assert {(case.kind, case.repeat, case.at) for case in CASES if case.is_everything} == {
        (kind, repeat, at)
        for kind in KINDS
        for repeat in REPEATS
        for at in range(1, RATED + 1)
        if repeat != ALL_BUT_ONE or KINDS[kind].group in PASSES
    }


@pytest.mark.parametrize("command", SCENES)
def test_the_table_knows_every_request(command: str) -> None:
    """As many reads and writes as the command makes when nothing strikes."""
    with quick_folder() as home:
        scene = SCENES[command](home)
        attempt(scene)
        methods = [call.method for call, _ in scene.calls()]
        assert (methods.count("GET"), methods.count("POST")) == (GETS[command], POSTS[command])


# --- found and repaired -----------------------------------------------------------------------------------

RESTORING = Settings(restore_status=True, backup=False)


def fail(status: int, error: str = "internal", **facts: Any) -> Fault:
    """An answer of one status, for ever unless told otherwise."""
    return Fault(kind=FaultKind.STATUS, status=status, error=error, **{"repeat": FOREVER, **facts})


def test_a_title_that_cannot_be_put_back_on_its_list_is_told(tmp_path: Path) -> None:
    """Refused moves are no moves: the report and the exit code say so, and undo knows where the titles are."""
    migration = Migration(
        tmp_path, sandbox=SandboxSettings(strict_catalogue=True, plan_to_watch_becomes_completed=True)
    )
    number = migration.put(Section.MOVIES, {"ids": {"imdb": "tt0137523"}}, "plantowatch")
    before = migration.dump()
    file = table(tmp_path / "mine.csv", ["Fight Club,1999,movie,10,2017-12-03,tt0137523,,"])
    migration.stage.faults.add(fail(400, "wrong_parameter", path="/sync/add-to-list", repeat=1))
    result = migration.run(file, settings=RESTORING)
    assert (result.exit_code, result.stopped_by) == (1, None)
    assert migration.held()[number][2] == "completed"
    assert "put back, but for 1" in lines_of(result)
    assert "Fight Club (1999) could not be put back on its list (HTTP 400 wrong_parameter)" in lines_of(result)
    migration.undo(1)
    assert migration.dump() == before


def test_a_reading_that_fails_later_forgets_nothing(tmp_path: Path) -> None:
    """What a paused import had confirmed is still told when the next one cannot even read the account."""
    migration = Migration(tmp_path, faults=[fail(500, at=2)])
    file = movies(tmp_path / "mine.csv", 130)
    assert migration.run(file).to_json()["outcomes"]["confirmed"] == 100
    migration.stage.faults.add(fail(500, method="GET", path="*"))
    result = migration.run(file)
    assert result.exit_code == 5
    assert (result.to_json()["outcomes"]["confirmed"], result.to_json()["outcomes"]["pending"]) == (100, 30)


def test_a_second_try_that_is_still_to_come_is_pending_when_the_account_cannot_be_read(tmp_path: Path) -> None:
    """Not found as a movie, not yet tried as a show: that is not `not found`."""
    spent = fail(429, "user_limit_exceeded", at=2)
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True), faults=[spent])
    file = tmp_path / "ratings.csv"
    file.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2020-01-02,Breaking Bad,2008,https://boxd.it/aaaa,4.5\n2020-01-03,Fight Club,1999,https://boxd.it/bbbb,5\n",
        encoding="utf-8",
    )
    migration.run(file)
    migration.stage.faults.add(fail(500, method="GET", path="*"))
    migration.run(file)
    assert [row["outcome"] for row in migration.outcomes()] == ["pending", "confirmed"]


def test_a_service_whose_lists_never_agree_is_told_apart_from_a_loss(tmp_path: Path) -> None:
    """Once written, a title missing from one of two lists pauses the run; it still tells what was confirmed, writes
    nothing more, and ends well as soon as the lists agree."""
    migration = Migration(tmp_path)
    file = movies(tmp_path / "mine.csv", 130)
    answer, is_lying = migration.app.wsgi_app, True

    def app(environ: Any, start_response: Any) -> Any:
        if not (is_lying and migration.posts() == 2 and environ["PATH_INFO"].startswith("/sync/ratings/movies")):
            return answer(environ, start_response)
        response = Response.from_app(answer, environ)
        document = json.loads(response.get_data())
        response.set_data(json.dumps({"movies": document["movies"][1:]}))
        return response(environ, start_response)

    migration.app.wsgi_app = app  # type: ignore[method-assign]
    ends = [migration.run(file) for _ in range(3)]
    assert [end.exit_code for end in ends] == [75, 5, 5]
    assert [end.to_json()["outcomes"]["confirmed"] for end in ends] == [130, 130, 130]
    assert all("disagree" in str(end.stopped_by) for end in ends)
    is_lying = False
    assert migration.run(file).exit_code == 0
    assert migration.posts() == 2


@pytest.mark.promise("P3")
def test_what_was_applied_is_not_called_refused(tmp_path: Path) -> None:
    """The answer that says so is lost, and the same rating is refused when it goes again: the account decides."""
    page = Fault(kind=FaultKind.HTML, status=200, applied=True, path="/sync/ratings")
    refused = fail(400, "empty_field", path="/sync/ratings", at=2)
    migration = Migration(tmp_path, faults=[page, refused])
    result = migration.run(movies(tmp_path / "mine.csv", 1))
    assert [row["outcome"] for row in migration.outcomes()] == ["confirmed"]
    assert (result.exit_code, result.stopped_by) == (0, None)


# --- a sign-in that lapses --------------------------------------------------------------------------------


@pytest.mark.promise("P5")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("repeat", [1, FOREVER])
def test_a_lapsed_sign_in_is_renewed_once(tmp_path: Path, method: str, repeat: int) -> None:
    """A fresh token carries on where the old one was refused; where it is refused too, there is no third try."""
    renewed: list[str] = []

    def renew(failing: str) -> str:
        renewed.append(failing)
        return f"{TOKEN}-{len(renewed)}"

    migration = Migration(
        tmp_path, faults=[fail(401, "user_token_failed", method=method, path="*", at=2, repeat=repeat)]
    )
    result = pipeline.run_import(
        migration.request(movies(tmp_path / "mine.csv", 130, dated=lambda number: number % 2 == 0)),
        migration.configured(),
        replace(migration.service, renew=renew),
        How(confirm=lambda summary: True),
        migration.watching(),
    )
    struck = sum(call.fault is not None for call in migration.log.calls)
    assert (struck, renewed) == (1 if repeat == 1 else 2, [TOKEN])
    assert result.exit_code == (0 if repeat == 1 else 4)
    assert migration.log.violations == []
    if repeat == 1:
        assert len(migration.account()) == 130


# --- no network, and clocks that jump ---------------------------------------------------------------------


@pytest.mark.promise("P3")
@pytest.mark.parametrize("at", range(1, 16))
def test_a_network_that_is_gone_once_is_waited_for(at: int) -> None:
    """The name cannot be resolved, the connection is refused: nothing was sent, so all of it may be sent again."""

    def gone() -> None:
        raise httpx.ConnectError("name or service not known")

    with quick_folder() as home:
        scene = SCENES["import"](home)
        ambushed(scene, at, gone)
        end = attempt(scene)
        assert end.error is None
        sound(scene, end, 0)
        settles(scene, end, undisturbed("import"))


class JumpingClock:
    """Another clock than that of the service; its wall clock can be set."""

    def __init__(self, true: FakeClock) -> None:
        self._true = true
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The wall clock, as wrong as it is."""
        return self._true.now() + self.ahead

    def steady(self) -> float:
        """The steady clock, which no setting moves."""
        return self._true.steady()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._true.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass without a sleep."""
        self._true.advance(seconds)


@pytest.mark.promise("P4")
@pytest.mark.parametrize("command", ["import", "undo"])
@pytest.mark.parametrize("days", [1, -1, 6, -400])
def test_a_clock_that_jumps_changes_nothing(command: str, days: int) -> None:
    """Set by days or a year between any two requests: no wait is longer, no POST earlier, no date another."""
    for at in range(2 + abs(days) % 5, 16, 5):
        with quick_folder() as home:
            scene = SCENES[command](home)
            clock = JumpingClock(scene.migration.clock)
            scene.migration.clock = clock  # type: ignore[assignment]

            def jump(clock: JumpingClock = clock) -> None:
                clock.ahead = timedelta(days=days)

            ambushed(scene, at, jump)
            end = attempt(scene)
            assert (end.error, end.seconds < 15) == (None, True)
            sound(scene, end, 0)
            posts = sum(call.method == "POST" for call in scene.migration.log.calls)
            settles(scene, end, undisturbed(command))
            assert sum(call.method == "POST" for call in scene.migration.log.calls) == posts


@pytest.mark.promise("P4")
@pytest.mark.parametrize("days", [1, -1])
def test_the_next_run_trusts_no_moment_that_a_wrong_clock_wrote(tmp_path: Path, days: int) -> None:
    """The journal says that the last POST leaves tomorrow, or left yesterday: the gap is kept, and no more."""
    migration = Migration(tmp_path)
    true, clock = migration.clock, JumpingClock(migration.clock)
    migration.clock = clock  # type: ignore[assignment]
    clock.ahead = timedelta(days=days)
    migration.run(movies(tmp_path / "a.csv", 5))
    clock.ahead = timedelta()
    started = true.steady()
    assert migration.run(movies(tmp_path / "b.csv", 5, first=11)).exit_code == 0
    assert true.steady() - started < 5
    assert migration.log.violations == []
    assert len(migration.log.made("POST", "/sync/ratings")) == 2


# --- random scripts ---------------------------------------------------------------------------------------


@st.composite
def scripts(draw: st.DrawFn) -> list[Fault]:
    """A few faults of any kind, anywhere, for as long as it pleases."""
    faults = []
    for _ in range(draw(st.integers(1, 4))):
        kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
        is_read = kind.group is not Group.HARMLESS and draw(st.booleans())
        faults.append(
            replace(
                kind.fault,
                method="GET" if is_read else "POST",
                path="*",
                at=draw(st.integers(1, 14)),
                repeat=draw(st.sampled_from([1, 1, 2, 3, 7, FOREVER])),
            )
        )
    return faults


def weathers_anything(examples: int, commands: Sequence[str]) -> None:
    """Any script of faults on any small plan."""

    @hypothesis.settings(max_examples=examples, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(
        command=st.sampled_from(commands),
        dated=st.sampled_from([0, 1, 3, 104]),
        undated=st.integers(0, 5),
        unknown=st.integers(0, 2),
        faults=scripts(),
    )
    def weathered(command: str, dated: int, undated: int, unknown: int, faults: list[Fault]) -> None:
        plan = Plan(dated=dated, undated=undated, unknown=unknown)
        with quick_folder() as home:
            scene = SCENES[command](home, plan)
            for fault in faults:
                scene.script.add(fault)
            end = attempt(scene)
            sound(scene, end, 4 * MOST)
            settles(scene, end, undisturbed(command, plan))

    weathered()


LONG = [pytest.mark.torture, pytest.mark.timeout(3600)]


@pytest.mark.promise("P3")
@pytest.mark.parametrize(
    ("examples", "commands"),
    [
        pytest.param(100, list(SCENES), id="quick"),
        pytest.param(1_000, ["import"], marks=LONG, id="imports"),
        pytest.param(1_000, sorted(SCENES.keys() - {"import"}), marks=LONG, id="the others"),
    ],
)
def test_any_script_of_faults_is_weathered(examples: int, commands: Sequence[str]) -> None:
    """Several faults at once, on plans down to a single row."""
    weathers_anything(examples, commands)
