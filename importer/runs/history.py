"""What `runs` and `show` tell: the runs of an account, as the journal holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from importer.journal.journal import Run
from importer.report.account import found_sections
from importer.report.sections import Section
from importer.runs.undoing import COMMAND as UNDO
from importer.runs.undoing import Told, target_of

_CHOICES = {
    "prefer": "--prefer",
    "on_conflict": "--on-conflict",
    "only_listed": "--only-listed",
    "ids_only": "--ids-only",
    "hold_undated": "--hold-undated",
    "with_history": "--with-history",
}


def all_runs(runs: Sequence[Run]) -> Told:
    """One line for each run, newest first."""
    lines = [_line(run, runs) for run in reversed(runs)]
    values = {"command": "runs", "runs": [_values(run, runs) for run in runs], "exit_code": 0}
    return Told([("Runs, newest first", tuple(lines or ["none yet"]))], values)


def one_run(run: Run, runs: Sequence[Run]) -> Told:
    """Everything there is to say of one run."""
    sections: list[Section] = [(_line(run, runs), tuple(_facts(run)))]
    if run.found is not None and "checked" in run.found:
        sections += found_sections(run.found)
    return Told(sections, {**_values(run, runs), "exit_code": 0})


def _line(run: Run, runs: Iterable[Run]) -> str:
    parts = [f"{run.id}: {run.command}", f"{run.started_at:%Y-%m-%d %H:%M} UTC", _state(run, runs), _came_to(run)]
    return ", ".join(part for part in parts if part)


def _state(run: Run, runs: Iterable[Run]) -> str:
    if run.finished_at is None:
        return f"not finished: rateport resume {run.id}"
    undone = [other.id for other in runs if other.command == UNDO and other.told.get("target") == run.id]
    return f"undone by run {undone[-1]}" if undone else "finished"


def _came_to(run: Run) -> str:
    if run.command == UNDO:
        return f"of run {target_of(run)}"
    outcomes = (run.summary or {}).get("outcomes", {})
    return " + ".join(f"{rows:,} {name.replace('_', ' ')}" for name, rows in outcomes.items() if rows)


def _facts(run: Run) -> Iterable[str]:
    origin = run.told.get("origin", {})
    for file, word, _ in origin.get("inputs", ()):
        yield f"{file}: {word}"
    orders = run.told.get("orders", {})
    choices = [f"{flag} {orders[name]}" for name, flag in _CHOICES.items() if orders.get(name)]
    if choices:
        yield ", ".join(choices).replace(" True", "")
    if backup := run.told.get("backup"):
        yield f"the account before it: {backup}"


def _values(run: Run, runs: Iterable[Run]) -> dict[str, Any]:
    return {
        "run": run.id,
        "command": run.command,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "state": _state(run, runs),
        "told": dict(run.told),
        "found": dict(run.found) if run.found else None,
        "summary": dict(run.summary) if run.summary else None,
    }
