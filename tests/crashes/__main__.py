"""The command line of the trials: prints a line for each, and exits 1 when one of them ended otherwise.

survey FOLDER COUNT PLAN...   so many kill points of each plan, spread evenly; 0: all of them
again FOLDER TIMES PLAN...    so many trials with three kills in a row, at points drawn by lot
moments FOLDER TIMES PLAN...  so many kills by the clock, wherever the process is just then
pace FOLDER TIMES             a kill at each of so many POSTs on clocks that tick, and a new start at once; 0: all
mutant FOLDER NAME            one mutant, until it is caught
race FOLDER TIMES             two clients that start at once
cuts FOLDER COUNT             so many cuts of the journal and of its rollback file, in each state
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.crashes.cuts import cuts
from tests.crashes.mutants import MUTANTS, Mutant
from tests.crashes.plans import PACED, PLANS
from tests.crashes.races import race
from tests.crashes.trials import (
    Undisturbed,
    Verdict,
    again_and_again,
    at_any_moment,
    at_each_post,
    ready,
    spread,
    survey,
    told,
    undisturbed,
)

TRIES = 24  # points at which each mutant is tried at most
TRIALS: Mapping[str, Callable[[Undisturbed, int], Iterator[Verdict]]] = {
    "survey": lambda whole, count: survey(whole, spread(whole, count or len(whole.points))),
    "again": again_and_again,
    "moments": at_any_moment,
    "pace": at_each_post,
}


def main(what: str, folder: Path, *words: str) -> int:
    """What is asked for; 0 when all is as it should be."""
    ready()
    if what == "mutant":
        return _hunt(folder, next(mutant for mutant in MUTANTS if mutant.name == words[0]))
    count, plans = int(words[0]), [PACED] if what == "pace" else [PLANS[name] for name in words[1:] or PLANS]
    if what in ("race", "cuts"):
        trials = race if what == "race" else cuts
        return int(told(trials(PLANS["one-file"], folder, count)) > 0)
    bad = 0
    for plan in plans:
        whole = undisturbed(plan, folder)
        print(f"{plan.name} has {len(whole.points)} points", flush=True)
        bad += told(TRIALS[what](whole, count))
    return int(bad > 0)


def _hunt(folder: Path, mutant: Mutant) -> int:
    """Apply a mutant to this process, and 0 when it is caught."""
    mutant.apply()
    try:
        whole = undisturbed({**PLANS, PACED.name: PACED}[mutant.plan], folder)
    except AssertionError as error:
        print(f"{mutant.name}: caught undisturbed: {error}", flush=True)
        return 0
    points = [number for number, name in enumerate(whole.points, 1) if mutant.at in name]
    for verdict in survey(whole, _some(points)):
        if verdict.wrong:
            print(f"{mutant.name}: caught, {verdict}", flush=True)
            return 0
    print(f"{mutant.name}: NOT CAUGHT at {len(points)} points", flush=True)
    return 1


def _some(points: Sequence[int]) -> Sequence[int]:
    return points[:: -(-len(points) // TRIES) or 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
