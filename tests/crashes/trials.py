"""Trials: a command undisturbed, a command that is killed and run again, and whether both end alike."""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from importer.vocabulary.errors import RateportError
from tests.canary import searched_folder
from tests.clock import START, FakeClock
from tests.crashes.ends import end_of, is_finished, torn, undated_now, unlike, untrue
from tests.crashes.plans import BEFORE, Client, Plan
from tests.crashes.points import Points, watch
from tests.crashes.service import ACCOUNT, Service, TickingClock, served
from tests.migrating import Migration, movies

KILLED = -signal.SIGKILL
_ENDED = (KILLED, -signal.SIGALRM)  # the alarm ends a process just as surely, and at any instruction
Kill = int | float | None
"""Where a client ends: at a point by its number, or after so many seconds."""
_SAID, _POINTS, _STARTS = "said", "points", "starts"


class Verdict(NamedTuple):
    """How one trial went: the points of its kills, and what differs, nothing for a good one."""

    plan: str
    where: str
    wrong: Sequence[str]

    def __str__(self) -> str:
        return f"{self.plan}, {self.where}: {'DIFFERS in ' + '; '.join(self.wrong) if self.wrong else 'same'}"


@dataclass(frozen=True)
class Undisturbed:
    """A plan with what it starts from and what comes of it when nobody disturbs it."""

    plan: Plan
    template: Path
    points: Sequence[str]
    end: dict[str, Any]
    runs: int
    seconds: float


def ready() -> None:
    """Load here, once, what every child would load anew, and let no collection of garbage touch it: the adapters,
    the lines of httpx, and whatever else is loaded late."""
    with searched_folder() as folder:
        migration = Migration(folder)
        migration.run(movies(folder / "mine.csv", 3))
        migration.undo(1)
    httpx.HTTPTransport().close()
    gc.freeze()


def forked(work: Callable[[], int | None]) -> int:
    """The exit code of a child that does `work`; below zero the signal that ended it."""
    return ended(begun(work))


def begun(work: Callable[[], int | None]) -> int:
    """A child at work."""
    child = os.fork()
    if child:
        return child
    try:
        os._exit(work() or 0)
    except BaseException:  # noqa: BLE001 - a child never returns into what its parent does
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(99)


def ended(child: int) -> int:
    """The exit code of a child, once it has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# --- one command ------------------------------------------------------------------------------------------


def command(plan: Plan, home: Path, service: Service, kill: Kill = None) -> int:
    """The exit code of one command in a process of its own, which `kill` ends."""
    return forked(lambda: act(plan, home, service.url, kill))


def act(plan: Plan, home: Path, url: str, kill: Kill) -> int:
    """What a client process does: the command, as `rateport` does it, and its exit code."""
    last = kill if isinstance(kill, int) else None
    if isinstance(kill, float):
        signal.setitimer(signal.ITIMER_REAL, kill)
    clock = TickingClock() if plan.is_timed else FakeClock(_next_start(home))
    points = Points(last)
    client = Client(home, clock=clock, url=url, transport=watch(points, home))
    try:
        result = plan.act(client)
        exit_code = result.exit_code
        Path(home, _SAID).write_text(str(getattr(result, "stopped_by", "")), encoding="utf-8")
    except RateportError as error:
        Path(home, _SAID).write_text(str(error), encoding="utf-8")
        exit_code = error.exit_code
    Path(home, _POINTS).write_text(json.dumps(points.names), encoding="utf-8")
    return exit_code


def _next_start(home: Path) -> Any:
    """Every process starts half an hour after the one before."""
    log = home / _STARTS
    count = len(log.read_text()) if log.exists() else 0
    log.write_text("x" * (count + 1))
    return START + timedelta(hours=2, minutes=30 * count)


# --- trials -----------------------------------------------------------------------------------------------


def undisturbed(plan: Plan, folder: Path) -> Undisturbed:
    """Prepare `plan` below `folder` and carry it out once."""
    template = folder / plan.name / "template"
    template.mkdir(parents=True)
    assert forked(lambda: _prepare(plan, template)) == 0, f"{plan.name} cannot be prepared"
    home = copied(template, folder / plan.name / "home")
    with served(plan, home) as service:
        started = time.monotonic()
        exit_code = command(plan, home, service)
        seconds = time.monotonic() - started
        assert exit_code == plan.exit_code, f"{plan.name} ends with {exit_code}: {said(home)}"
        end = end_of(home, service.state())
    check(plan, home, end)
    points = json.loads(Path(home, _POINTS).read_text())
    return Undisturbed(plan, template, points, end, len(end["runs"]), seconds)


def check(plan: Plan, home: Path, end: Mapping[str, Any]) -> None:
    """What an undisturbed run must come to, whatever any other comes to."""
    name = plan.name
    assert not end["strays"], f"{name} leaves {end['strays']}"
    assert not end["done twice"], f"{name} does twice {end['done twice']}"
    assert not end["violations"], f"{name} did wrong: {end['violations']}"
    assert not any(state in ("sending", "planned") for *_, state, _ in end["sends"]), f"{name} is not settled"
    assert all(done for _, _, done, _ in end["runs"]), f"{name} is not finished"
    outcomes = {outcome: count for outcome, count in end["summary.json"]["outcomes"].items() if count}
    assert outcomes == plan.outcomes, f"{name} comes to {outcomes}"
    if (home / BEFORE).exists():
        assert end["account"] == undated_now(json.loads((home / BEFORE).read_text())), f"{name} leaves traces"
    elif end["summary.json"]["command"] == "import":
        assert not unlike(end), f"{name} did not bring {unlike(end)}"


def _prepare(plan: Plan, template: Path) -> None:
    settings = replace(plan.sandbox, database=template / ACCOUNT)
    plan.prepare(Migration(template, sandbox=settings))


def copied(template: Path, home: Path) -> Path:
    """A fresh home like `template`."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home)
    return home


def trial(whole: Undisturbed, kills: Sequence[int] | Sequence[float]) -> Verdict:
    """Kill the command at each of `kills` in turn, let it go on, and compare."""
    plan = whole.plan
    home = copied(whole.template, whole.template.parent / "home")
    where = " then ".join(_named(whole, kill) for kill in kills)
    wrong: list[str] = []
    with served(plan, home) as service:
        for kill in kills:
            if is_finished(home, whole.runs):
                break
            exit_code = command(plan, home, service, kill)
            state = service.state()
            if exit_code not in (*_ENDED, plan.exit_code):
                wrong.append(f"the killed run's exit code {exit_code}: {said(home)}")
            wrong += [f"what the journal says: {claim}" for claim in untrue(home, state["dump"])[:1]]
            wrong += [f"{name} after the kill" for name in torn(home, whole.end)]
        if not is_finished(home, whole.runs):
            exit_code = command(plan, home, service)
            if exit_code != plan.exit_code:
                wrong.append(f"the exit code {exit_code}: {said(home)}")
        wrong += differing(whole.end, end_of(home, service.state()))
    return Verdict(plan.name, where, wrong)


def _named(whole: Undisturbed, kill: Kill) -> str:
    if isinstance(kill, int):
        return f"{kill} of {len(whole.points)} ({whole.points[kill - 1]})"
    return f"after {kill:.4f} s"


def differing(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Which parts of two ends differ, each with the first of what is not the same."""
    return [
        f"{name}: {_first(found.get(name), expected.get(name))}"
        for name in sorted(expected.keys() | found.keys())
        if found.get(name) != expected.get(name)
    ]


def _first(found: Any, expected: Any) -> str:
    if isinstance(found, list) and isinstance(expected, list):
        for index in range(max(len(found), len(expected))):
            mine, theirs = found[index : index + 1], expected[index : index + 1]
            if mine != theirs:
                return f"{str(mine)[:400]} instead of {str(theirs)[:400]}"
    return f"{str(found)[:400]} instead of {str(expected)[:400]}"


def said(home: Path) -> str:
    """The sentence with which a client ended."""
    file = home / _SAID
    return file.read_text(encoding="utf-8") if file.exists() else ""


# --- many of them -----------------------------------------------------------------------------------------


def spread(whole: Undisturbed, count: int) -> list[int]:
    """So many points, or all that there are, evenly over the command."""
    total = len(whole.points)
    count = min(count, total)
    return sorted({1 + (2 * index + 1) * total // (2 * count) for index in range(count)})


def survey(whole: Undisturbed, chosen: Iterable[int]) -> Iterator[Verdict]:
    """One kill at each of the chosen points."""
    return (trial(whole, [kill]) for kill in chosen)


def again_and_again(whole: Undisturbed, times: int) -> Iterator[Verdict]:
    """So many trials with three kills each, at points drawn by lot, the same ones every time."""
    chance = random.Random(times)
    for _ in range(times):
        yield trial(whole, [chance.randint(1, len(whole.points)) for _ in range(3)])


def at_any_moment(whole: Undisturbed, times: int) -> Iterator[Verdict]:
    """So many kills by the clock, over the time that the command takes."""
    return (trial(whole, [whole.seconds * (number + 0.5) / times]) for number in range(times))


def at_each_post(whole: Undisturbed, times: int) -> Iterator[Verdict]:
    """A kill when a POST has left and one when its reply is read, for so many POSTs, or for all of them."""
    leaving, read = (
        [number for number, name in enumerate(whole.points, 1) if name == f"POST /sync/ratings: {step}"]
        for step in ("all of it left", "the reply is read")
    )
    return survey(whole, [*leaving[: times or None], *read[: times or None]])


def told(verdicts: Iterable[Verdict]) -> int:
    """Print each verdict; how many are bad."""
    bad = 0
    for verdict in verdicts:
        bad += bool(verdict.wrong)
        print(verdict, flush=True)
    return bad
