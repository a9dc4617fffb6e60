"""The journal, or its rollback file, cut off at any byte, as after a power cut on a disk that lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.crashes.ends import JOURNAL, end_of
from tests.crashes.plans import Plan
from tests.crashes.service import served
from tests.crashes.trials import (
    KILLED,
    Undisturbed,
    Verdict,
    act,
    copied,
    differing,
    forked,
    said,
    undisturbed,
)

REFUSED = 6
ROLLBACK = f"{JOURNAL}-journal"


def cuts(plan: Plan, folder: Path, count: int) -> Iterator[Verdict]:
    """So many cuts of each file in each state in which a client may leave it."""
    whole = undisturbed(plan, folder)
    posted = [
        number for number, name in enumerate(whole.points, 1) if name == "POST /sync/ratings: the reply is read"
    ]
    commits = [number for number, name in enumerate(whole.points, 1) if name == "journal: COMMIT"]
    for post in posted[1:]:
        settling = next(number for number in commits if number > post)
        for state, last, spills in (
            ("between two transactions", post, False),
            ("before a commit", settling, False),
            ("in the middle of a commit", settling, True),
        ):
            yield from _cuts_of(whole, count, f"POST {post}, {state}", last, spills)


def _cuts_of(whole: Undisturbed, count: int, where: str, last: int, spills: bool) -> Iterator[Verdict]:
    home = copied(whole.template, whole.template.parent / "home")
    with served(whole.plan, home) as service:
        assert forked(lambda: _spilling(whole.plan, home, service.url, last, spills)) == KILLED
        then = service.state()
    killed = copied(home, whole.template.parent / "killed")
    assert (killed / ROLLBACK).exists() == ("commit" in where), where
    for name in (JOURNAL, ROLLBACK):
        if (killed / name).exists():
            size = (killed / name).stat().st_size
            for kept in sorted({*range(0, size, -(-size // count)), size - 1}):
                wrong = _cut(whole, killed, name, kept, then["dump"])
                yield Verdict(whole.plan.name, f"{where}, {name} cut to {kept} of {size} bytes", wrong)


def _spilling(plan: Plan, home: Path, url: str, last: int, spills: bool) -> int:
    """A client with so little memory for its journal that a transaction reaches the file before its commit."""
    connect = sqlite3.connect

    def tight(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.execute("PRAGMA cache_size = 1")
        return connection

    if spills:
        sqlite3.connect = tight  # type: ignore[assignment]
    return act(plan, home, url, last)


def _cut(whole: Undisturbed, killed: Path, name: str, kept: int, dump: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the run after the cut: it must end as the undisturbed one, or refuse in a sentence and
    leave everything as it is."""
    home = copied(killed, whole.template.parent / "home")
    with (home / name).open("r+b") as stream:
        stream.truncate(kept)
    before = _bytes(home)
    with served(whole.plan, home) as service:
        exit_code = forked(lambda: act(whole.plan, home, service.url, None))
        state = service.state()
    if exit_code == REFUSED:
        return _refused(home, before, state["dump"] == dump)
    wrong = [] if exit_code == whole.plan.exit_code else [f"the exit code {exit_code}: {said(home)}"]
    dated = {title["simkl"]: title["rated_at"] for title in state["dump"]}
    if any(dated.get(title["simkl"]) != title["rated_at"] for title in dump):
        wrong.append("the date of a rating that had arrived")
    return wrong + differing(whole.end, end_of(home, state))


def _refused(home: Path, before: dict[str, bytes], is_account_as_before: bool) -> list[str]:
    wrong = [] if is_account_as_before else ["the account"]
    if "journal" not in said(home) or not said(home).endswith("."):
        wrong.append(f"the sentence {said(home)!r}")
    return wrong + ([] if _bytes(home) == before else ["the files of the journal"])


def _bytes(home: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in home.glob(f"{JOURNAL}*") if not file.name.endswith(".lock")}
