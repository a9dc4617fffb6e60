"""What a person at a terminal is asked before anything is sent: once, with the whole forecast in view."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from dataclasses import replace
from pathlib import Path

import pytest

from tests.travelling import SIGN_IN_NEEDED, Traveller, export, road, settled

WIDTH = 60
QUESTION = "Send this to Simkl? [y/N]: "
IMPORT = ("import", "mine.csv", "-o", "report")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A terminal of 60 columns with a command in it."""

    def __init__(self, traveller: Traveller, *words: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
        self.process = traveller.start(
            *words,
            variables={"COLUMNS": ""},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.screen = ""

    def until(self, text: str) -> None:
        """Read what it writes, up to `text`; AssertionError when it ends before."""
        while text not in self.screen:
            assert self._reads(), self.screen

    def answer(self, keys: str) -> int:
        """Type, and how the command ended on it."""
        os.write(self._ours, os.fsencode(keys))
        while self._reads():
            pass
        os.close(self._ours)
        return self.process.wait(60)

    def _reads(self) -> bool:
        if not select.select([self._ours], [], [], 60)[0]:
            self.process.kill()
        try:
            piece = os.read(self._ours, 65536)
        except OSError as error:  # Linux says so when the other side has gone
            assert error.errno == errno.EIO
            return False
        self.screen += ESCAPES.sub("", piece.decode(errors="replace")).replace("\r\n", "\n")
        return bool(piece)

    def lines(self) -> list[str]:
        """What stands on the screen, without what a bar has painted over."""
        return [line.rsplit("\r", 1)[-1] for line in self.screen.split("\n")]


@pytest.mark.skipif(sys.platform == "win32", reason="terminals differ")
def test_no_and_ctrl_c_send_nothing_and_yes_sends(tmp_path: Path) -> None:
    """The question comes once, under new and changed titles, lists, requests and quota, all within the width."""
    with road(tmp_path, settings=replace(SIGN_IN_NEEDED, daily_quota=1000)) as traveller:
        before = settled(traveller.signed_in().stage)
        export(tmp_path)
        refused = Terminal(traveller, *IMPORT)
        refused.until(QUESTION)
        looks_right(refused)
        assert refused.answer("n\n") == 75
        assert refused.screen.endswith("rateport: Nothing was sent.\n")
        interrupted = Terminal(traveller, *IMPORT)
        interrupted.until(QUESTION)
        assert interrupted.answer("\x03") == 75
        assert interrupted.screen.count("Ctrl-C") == 0
        assert traveller.stage.dump() == before
        assert not [call for call in traveller.stage.calls if call.method == "POST"]
        agreed = Terminal(traveller, *IMPORT)
        agreed.until(QUESTION)
        assert agreed.answer("y\n") == 0
        assert agreed.screen.count(QUESTION) == 1
        assert "14 = 13 confirmed + 1 kept" in agreed.screen
        assert max(map(len, agreed.lines())) <= WIDTH
        undone = Terminal(traveller, "undo", "1")
        undone.until("Put this back? [y/N]: ")
        assert "6 titles taken out of your library again" in " ".join(undone.screen.split())
        assert undone.answer("\udcff\ny\n") == 0  # a byte that is no text, as of another keyboard
        assert "Please answer y or n." in undone.screen
        assert traveller.stage.dump() == before


def looks_right(terminal: Terminal) -> None:
    """The whole forecast stands above the question."""
    shown = terminal.screen[: terminal.screen.index(QUESTION)]
    flat = " ".join(shown.split())
    for said in (
        "14 = 1 kept + 13 pending",
        "10 new, 3 changed, 1 kept",
        "Fight Club (1999): 6 of 2015-05-05 becomes 10 of 2017-12-03",
        "Simkl will put 6 titles on a list, because on none of yours yet",
        "2 POSTs and 5 GETs for 13 titles, less than a minute",
        "995 of 1,000 are left",
    ):
        assert said in flat
    assert terminal.screen.count(QUESTION) == 1
    assert [line for line in terminal.lines() if len(line) > WIDTH] == []


def test_without_a_terminal_it_refuses(tmp_path: Path) -> None:
    """Nobody is there to agree: exit code 2, a word on --yes, and nothing is sent."""
    with road(tmp_path) as traveller:
        before = settled(traveller.signed_in().stage)
        export(tmp_path)
        done = traveller.run(*IMPORT)
        assert done.returncode == 2
        assert done.stderr.endswith("There is no terminal to ask on; add --yes to go on without asking.\n")
        assert traveller.stage.dump() == before
        assert "none yet" in traveller.must("runs")


@pytest.mark.skipif(sys.platform == "win32", reason="terminals differ")
def test_a_request_to_terminate_ends_a_question(tmp_path: Path) -> None:
    """A shutdown must not wait for an answer."""
    with road(tmp_path) as traveller:
        settled(traveller.signed_in().stage)
        export(tmp_path)
        waiting = Terminal(traveller, *IMPORT)
        waiting.until(QUESTION)
        waiting.process.send_signal(signal.SIGTERM)
        assert waiting.answer("") == 75


ASKING = """
import signal, sys
from importer.interrupts import line_from
signal.signal(signal.SIGALRM, signal.default_int_handler)
for number in range(2000):
    try:
        signal.setitimer(signal.ITIMER_REAL, (1 + number % 400) * 1e-6)
        line_from(sys.stdin)
    except KeyboardInterrupt:
        print("heard", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_a_signal_is_heard_however_soon_it_comes() -> None:
    """Python does not hear one between its last look and the call that reads: none of 2,000 is lost."""
    command = [sys.executable, "-c", ASKING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdin and asking.stdout
        for number in range(2000):
            assert select.select([asking.stdout], [], [], 10)[0] or asking.kill(), f"lost after {number}"
            assert asking.stdout.readline() == "heard\n"
        assert asking.wait(10) == 0


WRITING = """
import io, os, signal, sys
from importer.interrupts import line_from, stop_on_interrupt

class Struck(io.FileIO):
    is_struck = False

    def write(self, data):
        written = super().write(data)
        if not self.is_struck:
            self.is_struck = True
            os.kill(os.getpid(), signal.SIGTERM)
        return written

sys.stderr = io.TextIOWrapper(io.BufferedWriter(Struck(2, "w")), line_buffering=True)
with stop_on_interrupt() as stop:
    try:
        if sys.argv[1] == "gently":
            with stop.gently():
                print("A question?", file=sys.stderr)
                line_from(sys.stdin)
        else:
            print("A question?", file=sys.stderr)
    except KeyboardInterrupt:
        print("not asked")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize(
    ("how", "said"),
    [("gently", b"A question?\nStopping after the request in flight;"), ("at once", b"A question?\n")],
)
def test_a_signal_in_the_middle_of_a_line_is_heard(how: str, said: bytes) -> None:
    """It may come while a message is written: nothing fails, the line is whole, and no answer is waited for."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asking:
        assert asking.stdout and asking.stderr
        assert asking.stdout.read() == b"not asked\n"
        assert asking.stderr.read().startswith(said)
        assert asking.wait(10) == 0
