"""The command line of the power cuts: at every sync of a whole import, with what a disk may have forgotten of all
that was not synced.

FOLDER COUNT PART OF    so many moments of a run, evenly over it; 0: all. Of these every OF-th, from PART on
FOLDER NAME             a mutant that does not wait for the disk, until it is caught
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from importer.journal import schema
from importer.report import files as reports
from importer.vocabulary.errors import RateportError
from tests.clock import START, FakeClock
from tests.crashes.disks import TRACED, Disk, Recorder, after_a_cut, texts_of
from tests.crashes.ends import end_of, is_finished, torn, twice, untrue
from tests.crashes.plans import PLANS, Plan
from tests.crashes.service import ACCOUNT
from tests.crashes.tracing import Call, calls, spread, traced, tracing
from tests.crashes.trials import Verdict, check, copied, differing, forked, ready, told
from tests.migrating import Migration

_SYNCS = ("fsync", "fdatasync")
_PLAN = PLANS["one-file"]


@dataclass
class Moment:
    """A moment of a run: what the disk is at, and which of the copies of the account is that of then."""

    name: str
    disk: Disk
    account: int


@dataclass
class Recorded:
    """A whole run, with everything that it did to its files, and what it came to."""

    template: Path
    moments: list[Moment]
    end: dict[str, Any]
    folder: Path


class _Local(Migration):
    """A client with its stand-in in the same process, which keeps a copy of the account after every call that may
    have changed it."""

    def keep(self, copies: Path) -> None:
        """From now on."""
        inner = self.app.wsgi_app
        copies.mkdir()
        numbers = iter(range(1, 1000))

        def keeping(environ: dict[str, Any], start_response: Any) -> Any:
            reply = list(inner(environ, start_response))
            if environ["REQUEST_METHOD"] == "POST":
                folder = copies / str(next(numbers))
                folder.mkdir()
                shutil.copy(self.home / ACCOUNT, folder / ACCOUNT)
                (folder / "state").write_text(json.dumps(self.state()), encoding="utf-8")
            return reply

        self.app.wsgi_app = keeping  # type: ignore[method-assign,assignment]

    def state(self) -> dict[str, Any]:
        """The account, and what was done to it."""
        posts = [call for call in self.stage.calls if call.method == "POST" and call.status in (200, 201)]
        applied = Counter(
            json.dumps([call.path, section, item], sort_keys=True)
            for call in posts
            for section, items in call.json().items()
            for item in items
        )
        return {"dump": self.stage.dump(), "applied": applied, "violations": self.stage.violations}


def _local(plan: Plan, home: Path, nth: int = 0) -> _Local:
    """The nth client, half an hour after the one before."""
    clock = FakeClock(START + timedelta(hours=2, minutes=30 * nth))
    return _Local(home, plan.faults, replace(plan.sandbox, database=home / ACCOUNT), clock)


# --- recording --------------------------------------------------------------------------------------------


def recorded(folder: Path) -> Recorded:
    """The run undisturbed, under strace."""
    template, home, copies = folder / "template", folder / "home", folder / "copies"
    template.mkdir()
    assert forked(lambda: _PLAN.prepare(_local(_PLAN, template))) == 0
    shutil.copytree(template, home)
    log = folder / "strace"
    options = ("-xx", "-s", "99999999", "-e", tracing(*TRACED))
    assert traced(lambda: _run(home, copies), log, *options) == _PLAN.exit_code
    end = end_of(home, json.loads((folder / "state").read_text(encoding="utf-8")))
    check(_PLAN, home, end)
    found = {os.fspath(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    moments = list(_moments(log, template, home, copies))
    assert moments[-1].disk.files() == {path: found[path] for path in found if ACCOUNT not in path}
    return Recorded(template, moments, end, folder)


def _run(home: Path, copies: Path) -> int:
    migration = _local(_PLAN, home)
    migration.keep(copies)
    exit_code = _PLAN.act(migration).exit_code
    (home.parent / "state").write_text(json.dumps(migration.state()), encoding="utf-8")
    return exit_code


def _moments(log: Path, template: Path, home: Path, copies: Path) -> Iterator[Moment]:
    """Before every sync of a file of the client, and after every answer of the service."""
    recorder, account, seen = Recorder(copied(template, home), ACCOUNT), 0, 0
    for call in calls(log):
        if call.result < 0:
            continue
        if call.name in _SYNCS and (disk := recorder.disk).writes + disk.namings:
            seen += 1
            yield Moment(f"before sync {seen}", disk.copy(), account)
        recorder.act(call)
        if call.name == "openat" and (answered := _answered(call, copies)) > account:
            account = answered
            yield Moment(f"after answer {account}", recorder.disk.copy(), account)
    yield Moment("at the end", recorder.disk.copy(), account)


def _answered(call: Call, copies: Path) -> int:
    """The number of the copy of the account that this call begins to write, if it does."""
    path = Path(os.fsdecode(texts_of(call)[0]))
    return int(path.parent.name) if path.parent.parent == copies else 0


# --- cuts of the power ------------------------------------------------------------------------------------


def cuts(whole: Recorded, moments: Iterable[Moment]) -> Iterator[Verdict]:
    """What a power cut may leave at each of the moments; each such state once."""
    seen = set()
    for moment in moments:
        for number, files in enumerate(after_a_cut(moment.disk, random.Random(moment.name)), 1):
            if (state := (moment.account, frozenset(files.items()))) not in seen:
                seen.add(state)
                yield Verdict(_PLAN.name, f"{moment.name}, state {number}", _wrong(whole, moment, files))


def _wrong(whole: Recorded, moment: Moment, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong when the computer has started again: the same command must come to the same end, or refuse in a
    sentence."""
    home = whole.folder / "home"
    before = _laid_out(whole, home, moment.account, files)
    wrong = [f"{name} after the cut" for name in torn(home, whole.end)]
    try:
        wrong += [f"what the journal says: {claim}" for claim in untrue(home, before["dump"])[:1]]
        if wrong:
            return wrong
        if is_finished(home, 1):
            return differing(whole.end, end_of(home, before))
    except sqlite3.DatabaseError as error:
        wrong.append(f"the journal: {error}")
    client = _local(_PLAN, home, 1)
    try:
        exit_code = _PLAN.act(client).exit_code
    except RateportError as error:
        return [*wrong, f"the sentence {error}"]
    wrong += [] if exit_code == _PLAN.exit_code else [f"the exit code {exit_code}"]
    after = client.state()
    after["applied"] = Counter(after["applied"]) + Counter(before["applied"])
    assert not twice(before)
    return wrong + differing(whole.end, end_of(home, after))


def _laid_out(whole: Recorded, home: Path, account: int, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Lay the files out as they were left, beside the account as it was then; its state."""
    shutil.rmtree(home)
    for path, content in files.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    held = whole.folder / "copies" / str(account) if account else whole.template
    shutil.copy(held / ACCOUNT, home)
    if not account:
        return {"dump": [], "applied": {}, "violations": []}
    state: dict[str, Any] = json.loads((held / "state").read_text(encoding="utf-8"))
    return state


def _hunt(folder: Path, name: str) -> int:
    """Let this process wait for its disk less than it must, and 0 when that is caught; the last moments first,
    for whatever is not synced is missing then."""
    CARELESS[name]()
    whole = recorded(folder)
    caught = next((verdict for verdict in cuts(whole, whole.moments[::-1]) if verdict.wrong), None)
    print(f"{name}: caught, {caught}" if caught else f"{name}: NOT CAUGHT", flush=True)
    return int(caught is None)


def _unsynced_journal() -> None:
    careful = schema._make_safe

    def careless(connection: sqlite3.Connection) -> None:
        careful(connection)
        connection.execute("PRAGMA synchronous = OFF")

    schema._make_safe = careless


def _unsynced_reports() -> None:
    os.fsync = lambda descriptor: None


def _unsynced_folders() -> None:
    reports.sync = lambda folder: None


CARELESS: Mapping[str, Callable[[], None]] = {
    "the journal is never synced": _unsynced_journal,
    "reports are not synced": _unsynced_reports,
    "the folder of the reports is not synced": _unsynced_folders,
}


def main(folder: str, *words: str) -> int:
    """What is asked for; 0 when all is as it should be."""
    ready()
    if words[0] in CARELESS:
        return _hunt(Path(folder), words[0])
    whole = recorded(Path(folder))
    print(f"{len(whole.moments)} moments", flush=True)
    count, part, of = map(int, words)
    return int(told(cuts(whole, spread(whole.moments, count, part, of))) > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
