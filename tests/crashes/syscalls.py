"""The command line of the trials by system call: a client that ends at one, or to which one fails.

kill FOLDER COUNT PART OF     so many system calls, each the last of a client; 0: all of them
fail FOLDER COUNT PART OF     so many failures of calls for the disk, for want of space or by a fault of it; 0: all

PART OF: of what is chosen, every OF-th, beginning with PART. The run has three batches, but few rows: some 360
calls, half of which write pages of the journal, so that all of them can be tried.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.crashes.ends import end_of, is_finished, torn, untrue
from tests.crashes.plans import PLANS
from tests.crashes.service import served
from tests.crashes.tracing import SAID, Call, calls, client, spread, traced, tracing
from tests.crashes.trials import (
    KILLED,
    Undisturbed,
    Verdict,
    copied,
    differing,
    forked,
    ready,
    said,
    told,
    undisturbed,
)

_MAKING = ("openat", "mkdir", "mkdirat", "ftruncate")
_LASTING = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2")
_ON_FILES = (*_MAKING, *_LASTING, "unlink", "unlinkat", "flock")
_ON_LINES = ("connect", "sendto", "recvfrom", "close")
_FULL, _FAULT = ("ENOSPC",), ("ENOSPC", "EIO")
_FAILING = dict.fromkeys(_MAKING, _FULL) | dict.fromkeys(_LASTING, _FAULT)
_IN_TURN = ("pwrite64", "fdatasync")
_STOPS = (2, 6, 75)  # README: not to be written, the journal is in trouble, paused
_OLD = "of another import\r\n"
_LOT = re.compile(r"[\w-]{8}(?=\.rateport-draft)|#\d+|:\[\d+\]")


class Recorded:
    """A plan undisturbed, and its system calls that matter."""

    def __init__(self, folder: Path) -> None:
        self.whole = undisturbed(PLANS["doubtful-kinds"], folder)
        self.log = folder / "strace"
        self.calls = [call for call in self._all() if _matters(call, self.home)]

    @property
    def home(self) -> Path:
        """Where every client works."""
        return self.whole.template.parent / "home"

    def trace(self, url: str, *options: str) -> int:
        """The exit code of the first client, under strace."""
        work = lambda: client(self.whole.plan, self.home, url)  # noqa: E731
        return traced(work, self.log, "-y", "-s", "24", "-e", tracing(*_ON_FILES, *_ON_LINES), *options)

    def _all(self) -> list[Call]:
        home = copied(self.whole.template, self.home)
        with served(self.whole.plan, home) as service:
            assert self.trace(service.url) == self.whole.plan.exit_code, said(home)
            assert differing(self.whole.end, end_of(home, service.state())) == []
        return list(calls(self.log))


def _matters(call: Call, home: Path) -> bool:
    """Whether a call changes a file of the client, or is a step on its line to the service."""
    if call.name in _ON_LINES:
        return "<socket:" in call.arguments or "<TCP" in call.arguments
    is_ours = (
        bool(re.search(rf"{re.escape(str(home))}[/>]", call.arguments)) and f"{home}/{SAID}" not in call.arguments
    )
    return is_ours and (call.name != "openat" or "O_CREAT" in call.arguments or "O_TMPFILE" in call.arguments)


def _named(call: Call, home: Path) -> str:
    """The call with its file, without what differs from run to run."""
    text = _LOT.sub("", call.arguments.replace(f"{home}/", "").replace(str(home), "home"))
    return f"{call.name} {call.number} ({text[:70]})"


# --- ended at a call --------------------------------------------------------------------------------------


def kill(recorded: Recorded, call: Call) -> Verdict:
    """The client ends as it makes this call, and the next one goes on."""
    whole, home = recorded.whole, copied(recorded.whole.template, recorded.home)
    with served(whole.plan, home) as service:
        options = ("-e", f"inject={call.name}:signal=KILL:when={call.number}")
        exit_code = recorded.trace(service.url, *options)
        wrong = [] if exit_code == KILLED else [f"the exit code {exit_code} of the run that is to be killed"]
        dump = service.state()["dump"]
        wrong += [f"what the journal says: {claim}" for claim in untrue(home, dump)[:1]]
        wrong += [f"{name} after the kill" for name in torn(home, whole.end)]
        wrong += _gone_on(whole, home, service.url)
        wrong += differing(whole.end, end_of(home, service.state()))
    return Verdict(whole.plan.name, _named(call, home), wrong)


def _gone_on(whole: Undisturbed, home: Path, url: str) -> list[str]:
    """Run the same command again, unless it has come to its end: what SQLite could not sync may be there all the
    same, also the end of the run."""
    if is_finished(home, whole.runs) and not torn(home, whole.end):
        return []
    exit_code = forked(lambda: client(whole.plan, home, url, 1))
    return [] if exit_code == whole.plan.exit_code else [f"the exit code {exit_code}: {said(home)}"]


# --- a call that fails ------------------------------------------------------------------------------------


def fail(recorded: Recorded, call: Call, error: str) -> Verdict:
    """This one call fails, beside the reports of another import; then all is well again."""
    whole, home = recorded.whole, copied(recorded.whole.template, recorded.home)
    reports = ("outcomes.csv", "leftovers.csv", "summary.json")
    (home / "report").mkdir()
    for name in reports:
        (home / "report" / name).write_bytes(_OLD.encode())
    with served(whole.plan, home) as service:
        exit_code = recorded.trace(service.url, "-e", f"inject={call.name}:error={error}:when={call.number}")
        wrong = _ill_told(whole, home, exit_code)
        wrong += [f"what the journal says: {claim}" for claim in untrue(home, service.state()["dump"])[:1]]
        wrong += [f"{name} is half" for name in reports if not _is_whole(home / "report" / name)]
        wrong += [f"the draft {file.name}" for file in home.rglob(".*")]
        wrong += _gone_on(whole, home, service.url)
        wrong += differing(whole.end, end_of(home, service.state()))
    return Verdict(whole.plan.name, f"{error} of {_named(call, home)}", wrong)


def _ill_told(whole: Undisturbed, home: Path, exit_code: int) -> list[str]:
    """A client that fails says so in a sentence, with an exit code of the README; or it can do without the call."""
    if exit_code == whole.plan.exit_code:
        return [] if is_finished(home, whole.runs) else ["the exit code of a run that did not come to its end"]
    if exit_code not in _STOPS:
        return [f"the exit code {exit_code}"]
    return [] if said(home).endswith((".", ")")) else [f"the sentence {said(home)!r}"]


def _is_whole(file: Path) -> bool:
    """Whether a report is the old one, or new and complete."""
    text = file.read_bytes().decode("utf-8-sig")
    if text == _OLD:
        return True
    if file.suffix == ".json":
        return text.endswith("}\n") and bool(json.loads(text)["records"])
    rows = list(csv.reader(text.splitlines()))
    return text.endswith("\r\n") and all(len(row) == len(rows[0]) for row in rows)


# --- many of them -----------------------------------------------------------------------------------------


def kills(recorded: Recorded, count: int, part: int, of: int) -> Iterator[Verdict]:
    """A client that is ended at each of so many calls."""
    return (kill(recorded, call) for call in spread(recorded.calls, count, part, of))


def failures(recorded: Recorded, count: int, part: int, of: int) -> Iterator[Verdict]:
    """So many calls that fail: those for reports and backups in both ways, those for the journal in turn."""
    failing = [
        (call, error)
        for place, call in enumerate(recorded.calls)
        for error in _FAILING.get(call.name, ())
        if call.name not in _IN_TURN or error == _FAULT[place % 2]
    ]
    return (fail(recorded, call, error) for call, error in spread(failing, count, part, of))


def main(what: str, folder: str, *numbers: str) -> int:
    """What is asked for; 0 when all is as it should be."""
    ready()
    recorded = Recorded(Path(folder))
    print(f"{len(recorded.calls)} system calls", flush=True)
    count, part, of = map(int, numbers)
    return int(told((kills if what == "kill" else failures)(recorded, count, part, of)) > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
