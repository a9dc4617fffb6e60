"""The whole journey with the installed command over real HTTP, from sign-in to sign-out, and whatever befalls it.

Compare, import, verify, undo: the account is in the end as it was before, also when the command was killed or the
service failed between any two steps and inside them.
"""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox.app import Fault
from importer.sandbox.backstage import Backstage
from importer.sandbox.faults import FaultKind
from importer.vocabulary.clock import SystemClock
from tests.travelling import Act, Traveller, dated, export, kill, road, settled

IMPORT = ("import", "mine.csv", "--yes", "-o", "report")
IMPORT_REQUESTS, UNDO_REQUESTS = 12, 14
AT_ONCE = 4

ARRIVED = {
    "Fight Club": ("completed", 10, "2017-12-03T12:00:00Z"),
    "The Matrix": ("completed", 7, "2025-06-06T12:00:00Z"),
    "Inception": ("completed", 8, "2018-02-02T12:00:00Z"),
    "The Shawshank Redemption": ("completed", 9, "2018-03-03T12:00:00Z"),
    "The Dark Knight": ("completed", 10, "2020-02-02T12:00:00Z"),
    "Pulp Fiction": ("completed", 7, "2018-04-04T12:00:00Z"),
    "Avatar 4": ("plantowatch", 3, "2018-05-05T12:00:00Z"),
    "Breaking Bad": ("hold", 10, "2018-06-06T12:00:00Z"),
    "Chernobyl": ("dropped", 9, "2020-07-07T12:00:00Z"),
    "The Wire": ("watching", 8, "2018-08-08T12:00:00Z"),
    "Attack on Titan": ("watching", 9, "2018-09-09T12:00:00Z"),
    "One Piece": ("plantowatch", 6, "2018-10-10T12:00:00Z"),
    "Cowboy Bebop": ("watching", 10, "2018-11-11T12:00:00Z"),
    "Parasite": ("completed", 9, "just now"),
    "The Walking Dead": ("watching", 5, "just now"),
}


def arrived(stage: Backstage) -> dict[str, tuple[str, int, str]]:
    """List, rating and date of every title of the account."""
    return {title["title"]: (title["status"], title["rating"], title["rated_at"]) for title in dated(stage.dump())}


def outcomes(traveller: Traveller) -> set[str]:
    """The outcomes of the last import's report."""
    with (traveller.folder / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["outcome"] for row in csv.DictReader(stream)}


def runs(traveller: Traveller) -> list[dict[str, Any]]:
    """What `rateport runs` tells, oldest first."""
    told: list[dict[str, Any]] = json.loads(traveller.must("runs", "--json"))["runs"]
    return told


def all_at_once(journeys: Iterable[Callable[[], None]]) -> None:
    """Make journeys side by side, since most of their time is waiting; the first that fails is raised."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for made in [pool.submit(journey) for journey in journeys]:
            made.result()


def journey(folder: Path, client_id: str) -> None:
    """Every step undisturbed, each with what it must say."""
    with road(folder, client_id) as traveller:
        before = settled(traveller.stage)
        export(folder)
        assert "Signed in as sandbox." in traveller.login()
        assert "sandbox (account 1, free)" in traveller.must("whoami")
        if client_id == "an-app":
            previewed(traveller)
            assert traveller.stage.dump() == before
        assert "14 = 13 confirmed + 1 kept" in traveller.must(*IMPORT)
        assert arrived(traveller.stage) == ARRIVED
        if client_id == "an-app":
            assert "13 titles: every rating and date is there" in traveller.must("verify")
            assert "1: import, " in traveller.must("runs")
        assert "Inception (2010): plan to watch → completed" in traveller.must("show")
        assert "Undone: run 1" in traveller.must("undo", "1", "--yes")
        assert "Signed out" in traveller.must("logout")
        if client_id == "an-app":
            traveller.login()  # at once: signing in and out are POSTs that keep the pace, too
        assert json.dumps(traveller.stage.dump()) == json.dumps(before)


def previewed(traveller: Traveller) -> None:
    """A preview says what the import will do."""
    seen = traveller.must("preview", "mine.csv", "--account")
    assert "10 new, 3 changed, 1 kept" in seen
    assert "Fight Club (1999): 6 of 2015-05-05 becomes 10 of 2017-12-03" in seen
    assert "The Matrix (1999): 7 of 2025-06-06 stays, not 9 of 2018-01-01" in seen


@pytest.mark.promise("P4")
def test_both_generations_come_home(tmp_path: Path) -> None:
    """Login, whoami, preview, import, verify, undo, logout: the account is byte for byte as before."""
    all_at_once(
        lambda client_id=client_id: journey(tmp_path / client_id, client_id)  # type: ignore[misc]
        for client_id in ("v1-app", "an-app")
    )


# --- kills ------------------------------------------------------------------------------------------------


def struck(traveller: Traveller, words: Sequence[str], at: int, *, after: bool, act: Act = kill) -> int:
    """How `rateport WORDS` ended that was struck at its request number `at`; its output is no traceback."""
    traveller.ambush.lay(at, act, after=after)
    done = traveller.run(*words)
    traveller.ambush.lay(0)
    return done.returncode


def comes_home(traveller: Traveller, before: list[dict[str, Any]]) -> None:
    """The import is there and verified; undone, the account is as before, and no run is left open."""
    has_arrived(traveller)
    traveller.must("undo", "1", "--yes")
    goes_back(traveller, before)


def has_arrived(traveller: Traveller) -> None:
    """The account holds what the undisturbed import leaves, the report says so, and so does verify."""
    assert arrived(traveller.stage) == ARRIVED
    assert outcomes(traveller) <= {"confirmed", "unchanged", "kept"}
    assert "13 titles: every rating and date is there" in traveller.must("verify", "1")


def goes_back(traveller: Traveller, before: list[dict[str, Any]]) -> None:
    """The account is as before, and the journal says so."""
    assert traveller.stage.dump() == before
    told = runs(traveller)
    assert told[0]["state"].startswith("undone by run ")
    assert [run for run in told if run["finished_at"] is None] == []


Point = tuple[int, bool]
UNDO = ("undo", "1", "--yes")


def killed_import(folder: Path, points: Sequence[Point]) -> None:
    """An import that is killed at each of the points in turn."""
    with road(folder) as traveller:
        before = settled(traveller.signed_in().stage)
        export(folder)
        for at, after in points:
            assert struck(traveller, IMPORT, at, after=after) == -9
        traveller.must(*IMPORT)
        comes_home(traveller, before)


def killed_undo(folder: Path, points: Sequence[Point], then: Sequence[str] = UNDO) -> None:
    """An undo that is killed at each of the points in turn, and gone on with by `then`."""
    with road(folder) as traveller:
        before = settled(traveller.signed_in().stage)
        export(folder)
        traveller.must(*IMPORT)
        for at, after in points:
            assert struck(traveller, UNDO, at, after=after) == -9
        traveller.must(*then)
        goes_back(traveller, before)


@pytest.mark.promise("P1")
@pytest.mark.promise("P4")
def test_a_journey_of_kills_comes_home(tmp_path: Path) -> None:
    """Killed while reading, before and after each kind of POST, while looking, verifying and going back."""
    with road(tmp_path) as traveller:
        before = settled(traveller.signed_in().stage)
        export(tmp_path)
        assert struck(traveller, ("preview", "mine.csv", "--account"), 4, after=True) == -9
        for at, after in ((3, False), (6, False), (6, True), (7, True), (9, False)):
            assert struck(traveller, IMPORT, at, after=after) == -9
        traveller.must(*IMPORT)
        assert struck(traveller, ("verify",), 2, after=False) == -9
        has_arrived(traveller)
        for at, after in ((6, True), (7, True), (7, False)):
            assert struck(traveller, UNDO, at, after=after) == -9
        traveller.must(*UNDO)
        goes_back(traveller, before)


@pytest.mark.promise("P1")
@pytest.mark.promise("P6")
def test_an_undo_killed_at_its_last_request_is_closed_by_resume(tmp_path: Path) -> None:
    """Nothing is left to put back then, only the run to be ended; undoing once more sends nothing."""
    killed_undo(tmp_path, [(UNDO_REQUESTS, True)], ("resume", "--yes"))


@pytest.mark.torture
@pytest.mark.promise("P1")
@pytest.mark.timeout(1200)
def test_killed_at_any_request_a_journey_comes_home(tmp_path: Path) -> None:
    """Every request of import and undo, before and after the service has applied it by turns: processes that are
    forked, and start in no time, are killed at both (see test_crashes)."""
    all_at_once(
        lambda case=case, point=point: case(tmp_path / f"{case.__name__}-{point}", [point])  # type: ignore[misc]
        for case, requests in ((killed_import, IMPORT_REQUESTS), (killed_undo, UNDO_REQUESTS))
        for point in ((at, at % 2 == 0) for at in range(1, requests + 1))
    )


@pytest.mark.promise("P6")
def test_an_import_cut_off_half_way_can_be_undone_at_once(tmp_path: Path) -> None:
    """Undo needs no end of the run: what had arrived goes back, and the run is not taken up again."""
    with road(tmp_path) as traveller:
        before = settled(traveller.signed_in().stage)
        export(tmp_path)
        assert struck(traveller, IMPORT, 6, after=True) == -9
        assert traveller.stage.dump() != before
        traveller.must(*UNDO)
        goes_back(traveller, before)
        posts = sum(call.method == "POST" for call in traveller.stage.calls)
        assert "13 titles as before already" not in traveller.must(*UNDO)
        assert sum(call.method == "POST" for call in traveller.stage.calls) == posts
        assert "nothing to go on with" in traveller.run("resume").stderr


# --- faults -----------------------------------------------------------------------------------------------

ANYWHERE: dict[str, Any] = {"method": "*", "path": "*"}
FAULTS = {
    "500": Fault(kind=FaultKind.STATUS, status=500, **ANYWHERE),
    "500 after applying": Fault(kind=FaultKind.STATUS, status=500, applied=True, **ANYWHERE),
    "cut": Fault(kind=FaultKind.CUT, **ANYWHERE),
    "cut after applying": Fault(kind=FaultKind.CUT, applied=True, **ANYWHERE),
    "lock": Fault(kind=FaultKind.STATUS, status=400, error="rate_limit", **ANYWHERE),
    "misleading 429": Fault(
        kind=FaultKind.STATUS, status=429, error="rate_limit", headers={"Retry-After": "43200"}, **ANYWHERE
    ),
    "html": Fault(kind=FaultKind.HTML, **ANYWHERE),
    "empty": Fault(kind=FaultKind.EMPTY, applied=True, **ANYWHERE),
    "truncated": Fault(kind=FaultKind.TRUNCATED, **ANYWHERE),
}


def at_last(traveller: Traveller, *words: str) -> None:
    """Run until it is through; on the way it may pause, or give up reading, and nothing else."""
    for _ in range(3):
        done = traveller.run(*words)
        if done.returncode == 0:
            return
        assert done.returncode in (5, 75), done.stderr
    raise AssertionError(done.stderr)


def faulty(folder: Path, faults: Sequence[tuple[str, str, int]]) -> None:
    """A journey with faults, each in one of its steps at one of its requests; every step is then run again."""
    steps = {"preview": ("preview", "mine.csv", "--account"), "import": IMPORT, "verify": ("verify", "1")}
    with road(folder) as traveller:
        before = settled(traveller.signed_in().stage)
        export(folder)
        for step, words in steps.items():
            if step == "import" or any(which == step for which, _, _ in faults):
                _script(traveller, faults, step)
                at_last(traveller, *words)
                at_last(traveller, *words)
        _script(traveller, faults, "undo")
        at_last(traveller, "undo", "1", "--yes")
        goes_back(traveller, before)


def _script(traveller: Traveller, faults: Sequence[tuple[str, str, int]], step: str) -> None:
    for which, name, at in faults:
        if which == step:
            fault = FAULTS[name]
            traveller.stage.faults.add(Fault(**{**_facts(fault), "at": at}))


def _facts(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in Fault.__dataclass_fields__}


@pytest.mark.promise("P3")
@pytest.mark.promise("P4")
def test_a_faulty_journey_comes_home(tmp_path: Path) -> None:
    """A 500, a cut, a write lock, a misleading 429 and a web page in all steps; each step then runs again."""
    faulty(
        tmp_path,
        [
            ("preview", "html", 3),
            ("import", "500", 2),
            ("import", "cut after applying", 7),
            ("import", "500 after applying", 9),
            ("import", "truncated", 15),
            ("verify", "empty", 2),
            ("undo", "lock", 6),
            ("undo", "cut after applying", 8),
            ("undo", "misleading 429", 10),
        ],
    )


@pytest.mark.torture
@pytest.mark.promise("P3")
@pytest.mark.timeout(1200)
def test_a_fault_at_any_request_comes_home(tmp_path: Path) -> None:
    """Every request of import and undo is hit by one of the faults, all faults in turn."""
    names = list(FAULTS)
    places = [("import", at) for at in range(1, IMPORT_REQUESTS + 1)]
    places += [("undo", at) for at in range(1, UNDO_REQUESTS + 1)]
    scripts = [(step, names[number % len(names)], at) for number, (step, at) in enumerate(places)]
    all_at_once(
        lambda number=number, script=script: faulty(tmp_path / str(number), [script])  # type: ignore[misc]
        for number, script in enumerate(scripts)
    )


# --- two at once ------------------------------------------------------------------------------------------


@pytest.mark.promise("P6")
@pytest.mark.promise("P4")
def test_a_second_import_names_the_first_and_sends_nothing(tmp_path: Path) -> None:
    """While one run works on the account, another ends with 6 and the number of the process that does."""
    there, go_on = threading.Event(), threading.Event()

    def hold(process: Any) -> None:
        there.set()
        assert go_on.wait(60)

    with road(tmp_path) as traveller:
        settled(traveller.signed_in().stage)
        export(tmp_path)
        traveller.ambush.lay(6, hold)
        first = traveller.start(*IMPORT)
        assert there.wait(60)
        calls = len(traveller.stage.calls)
        for words in (("import", "mine.csv", "--yes", "-o", "other"), UNDO):
            second = traveller.run(*words)
            assert second.returncode == 6
            assert f"process {first.pid}" in second.stderr
        assert len(traveller.stage.calls) == calls
        go_on.set()
        out, err = first.communicate(timeout=60)
        assert first.returncode == 0, out + err
        assert arrived(traveller.stage) == ARRIVED


@pytest.mark.promise("P6")
def test_a_token_from_the_environment_opens_the_journal_of_its_account(tmp_path: Path) -> None:
    """Another token of the same account knows its runs and sends nothing again; whose it is, is asked once."""
    with road(tmp_path) as traveller:
        settled(traveller.signed_in().stage)
        export(tmp_path)
        traveller.must(*IMPORT)
        with traveller.stage.database.writing():
            now = SystemClock().now().timestamp()
            other = traveller.stage.grants.pair("an-app", "media:read media:write", now)
        token = {"RATEPORT_ACCESS_TOKEN": other.access}
        told = json.loads(traveller.run("runs", "--json", variables=token).stdout)["runs"]
        assert [run["command"] for run in told] == ["import"]
        posts = len([call for call in traveller.stage.calls if call.method == "POST"])
        assert traveller.run(*IMPORT, variables=token).returncode in (0, 1)
        calls = traveller.stage.calls
        assert len([call for call in calls if call.method == "POST"]) == posts
        assert [call.path for call in calls].count("/users/settings") == 1
        assert not any(other.access in path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file())
