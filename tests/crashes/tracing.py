"""A client under strace, which writes its system calls down, and ends it or fails it at one of them.

strace comes to a child that already stands and waits, so that no call of Python's start is counted.
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from importer.vocabulary.errors import RateportError
from tests.clock import START, FakeClock
from tests.crashes.plans import Client, Plan
from tests.crashes.trials import begun, ended

SAID = "said"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+|\?)", re.DOTALL)
_T = TypeVar("_T")
_SET_PTRACER = 0x59616D61  # linux/prctl.h: where only a parent may trace, another process is let
_ANYBODY = ctypes.c_ulong(-1)


class Call(NamedTuple):
    """One system call as strace tells it: which of its kind it was, its arguments, what came of it."""

    name: str
    number: int
    arguments: str
    result: int


def traced(work: Callable[[], int | None], log: Path, *options: str) -> int:
    """The exit code of a child that does `work`, while strace writes its calls to `log`; below zero the signal
    that ended it."""
    (is_ready, ready), (may_go, go) = os.pipe(), os.pipe()
    child = begun(lambda: _let_in(ready, may_go) or work())
    os.read(is_ready, 1)
    command = ["strace", "-f", "-p", str(child), "-o", os.fspath(log), "-e", "signal=none", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        first = strace.stderr.readline()
        assert "attached" in first, first
        os.write(go, b"!")
        exit_code = ended(child)
        strace.stderr.read()
    for descriptor in (is_ready, ready, may_go, go):
        os.close(descriptor)
    return exit_code


def _let_in(ready: int, may_go: int) -> None:
    """Let any process trace this one, and wait until one does."""
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANYBODY, 0, 0, 0)
    os.write(ready, b"!")
    os.read(may_go, 1)


def tracing(*names: str) -> str:
    """The word for strace that names these calls, some of which a machine may not have: ARM has only renameat."""
    return f"trace={','.join(f'?{name}' for name in names)}"


def calls(log: Path) -> Iterator[Call]:
    """What strace has written down, in order."""
    seen: Counter[str] = Counter()
    with log.open(encoding="ascii") as stream:
        for line in stream:
            if found := _CALL.match(line):
                name, arguments, result = found.groups()
                seen[name] += 1
                yield Call(name, seen[name], arguments, -1 if result == "?" else int(result))


def spread(found: Sequence[_T], count: int, part: int, of: int) -> Sequence[_T]:
    """So many, or all for 0, evenly over what was found; and of those one part."""
    count = min(count or len(found), len(found))
    return [found[(2 * index + 1) * len(found) // (2 * count)] for index in range(count)][part::of]


def client(plan: Plan, home: Path, url: str, nth: int = 0) -> int:
    """What the nth client does, half an hour after the one before: the command as the product does it, with no
    write of its own but its last sentence."""
    clock = FakeClock(START + timedelta(hours=2, minutes=30 * nth))
    try:
        result = plan.act(Client(home, clock=clock, url=url))
        exit_code, sentence = result.exit_code, str(getattr(result, "stopped_by", None) or "")
    except RateportError as error:
        exit_code, sentence = error.exit_code, str(error)
    Path(home, SAID).write_text(sentence, encoding="utf-8")
    return exit_code
