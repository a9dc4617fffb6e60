"""Two clients that start at the same moment on one account."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.crashes.ends import end_of
from tests.crashes.plans import Plan
from tests.crashes.service import Service, served
from tests.crashes.trials import Verdict, act, begun, copied, differing, undisturbed

LOCKED = 6


def race(plan: Plan, folder: Path, times: int) -> Iterator[Verdict]:
    """So many races, from the moment at which there is not even a journal: one works, the other is refused."""
    whole = undisturbed(plan, folder)
    for number in range(1, times + 1):
        home = copied(whole.template, whole.template.parent / "home")
        with served(plan, home) as service:
            first, second = _both(plan, home, service)
            state = service.state()
        wrong = differing(whole.end, end_of(home, state))
        if max(state["applied"].values()) > 1:
            wrong.append("what was sent, for some of it was sent twice")
        if (first, second) != (LOCKED, plan.exit_code):
            wrong.append(f"the exit codes {first} and {second}")
        yield Verdict(plan.name, f"race {number}", wrong)


def _both(plan: Plan, home: Path, service: Service) -> tuple[int, int]:
    """The exit codes of two clients, in the order in which they ended. Nobody is answered until one has given up,
    so that the other cannot be done before it."""
    service.ask("hold")
    ready, go = os.pipe()

    def run() -> int:
        os.close(go)
        os.read(ready, 1)  # until the other end is closed: for both at once
        return act(plan, home, service.url, None)

    clients = [begun(run) for _ in range(2)]
    os.close(ready)
    os.close(go)
    codes = []
    for _ in range(2):
        child, status = _next_of(clients)
        codes.append(os.waitstatus_to_exitcode(status))
        clients.remove(child)
        service.ask("release")
    return codes[0], codes[1]


def _next_of(clients: list[int]) -> tuple[int, int]:
    """Whichever ends first. The stand-in, also a child, ends when it is told to."""
    return os.waitpid(-1, 0)
