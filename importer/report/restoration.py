"""What an undo would do, and did, as headed lines and as values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from importer.report.page import counted
from importer.report.sections import Section, first, names
from importer.stages.restore import Restoration
from importer.vocabulary.sends import Send


def restoration_sections(
    run: int, plan: Restoration, *, is_done: bool, left: Restoration | None = None
) -> list[Section]:
    """The steps with names; `left` is what still differs when all is done."""
    end = left or plan
    head = f"Undone: run {run}" if is_done else f"Undo of run {run}"
    lines = [
        _line(plan, plan.rate, "rating", "set back as it was", "set back as they were"),
        _line(
            plan, plan.clear, "rating", "cleared, its title stays on its list", "cleared, their titles stay listed"
        ),
        _line(plan, plan.remove, "title", "taken out of your library again", "taken out of your library again"),
        _line(plan, plan.move, "title", "put back on its list", "put back on their lists"),
    ]
    steps = [line for line in lines if line]
    if plan.as_before and not (is_done and steps):
        steps.append(f"{counted(plan.as_before, 'title')} as before already")
    return [
        (head, tuple(steps or ["nothing to put back"])),
        ("Left alone, because it changed since", tuple(first("", end.changed_since, 20))),
        ("Cannot be undone", tuple(first("", end.impossible, 20))),
        ("Did not go back; undo again, or look at them at Simkl", tuple(first("", _remaining(left), 20))),
    ]


def _line(plan: Restoration, sends: Sequence[Send], noun: str, one: str, several: str) -> str:
    if not sends:
        return ""
    told = one if len(sends) == 1 else several
    return f"{counted(len(sends), noun)} {told} ({names([plan.names[send.key] for send in sends])})"


def _remaining(left: Restoration | None) -> list[str]:
    if left is None:
        return []
    return [left.names[send.key] for send in (*left.rate, *left.clear, *left.remove, *left.move)]


def restoration_json(plan: Restoration, left: Restoration | None = None) -> dict[str, Any]:
    """The same for machines: how many steps of each kind, what stays as it is, what did not go back."""
    end = left or plan
    return {
        "rate": len(plan.rate),
        "clear": len(plan.clear),
        "remove": len(plan.remove),
        "move": len(plan.move),
        "as_before": plan.as_before,
        "changed_since": list(end.changed_since),
        "impossible": list(end.impossible),
        "remaining": _remaining(left),
    }
