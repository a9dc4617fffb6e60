"""Commands on terminals of their own, forked off one process that has loaded every library: most of a command's
time is spent on that. A command is a line of JSON on standard input, how it ended a line on standard output."""

from __future__ import annotations

import base64
import fcntl
import importlib
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

ROOT = Path(__file__).parent.parent
LINES, COLUMNS = 50, 100
LONGEST_SILENCE_S = 60
_LOADED = ("pipeline", "previewing", "listing", "signing", "looking", "listed", "demonstration", "sandbox.app")


class Screen(NamedTuple):
    """How a command ended, and every byte that its terminal was sent."""

    exit_code: int
    written: bytes


class Terminals:
    """Opens a terminal for each command."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, folder: Path, *words: str, typed: str = "", variables: Mapping[str, str] | None = None) -> Screen:
        """`rateport WORDS` in `folder`, with a home there and what is typed as soon as it listens."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RATEPORT_", "NO_"))}
        own = {"RATEPORT_HOME": str(folder / "home"), "TERM": "xterm-256color", "COLUMNS": "", "BROWSER": "true"}
        order = {"words": words, "typed": typed, "folder": str(folder)}
        assert self._process.stdin and self._process.stdout
        told = json.dumps({**order, "variables": {**kept, **own, **(variables or {})}})
        print(told, file=self._process.stdin, flush=True)
        exit_code, written = json.loads(self._process.stdout.readline())
        return Screen(exit_code, base64.b64decode(written))


@contextmanager
def terminals() -> Iterator[Terminals]:
    """Terminals for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.terminals"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            yield Terminals(process)
        finally:
            process.kill()


# --- the process that is forked ---------------------------------------------------------------------------


def serve(orders: IO[str]) -> None:
    """Carry out each order on a new terminal."""
    for name in _LOADED:
        importlib.import_module(f"importer.{name}")
    importlib.import_module("importer.intake.registry").load_adapters()
    for line in iter(orders.readline, ""):
        order = json.loads(line)
        child, terminal = pty.fork()
        if child == 0:
            _become(**order)
        written = _all_of(child, terminal, order["typed"])
        exit_code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps([exit_code, base64.b64encode(written).decode()]), flush=True)


def _become(words: Sequence[str], folder: str, variables: Mapping[str, str], **_: Any) -> None:
    """The command itself; it does not return."""
    try:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        sys.argv = ["rateport", *words]
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(at, "w" if at else "r", closefd=False) for at in range(3))
        importlib.import_module("importer.__main__").main()
    finally:
        os._exit(99)


def _all_of(child: int, terminal: int, typed: str) -> bytes:
    os.write(terminal, typed.encode())
    pieces = []
    while True:
        if not select.select([terminal], [], [], LONGEST_SILENCE_S)[0]:
            os.kill(child, signal.SIGKILL)
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            piece = b""
        if not piece:
            os.close(terminal)
            return b"".join(pieces)
        pieces.append(piece)


if __name__ == "__main__":
    serve(sys.stdin)
