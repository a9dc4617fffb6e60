"""Ctrl-C, or a request to terminate: a stop at once, but for a request in flight, which is finished first; twice
does not wait for that either. Both can be resumed."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

from importer.runs.posting import STOPPED
from importer.vocabulary.clock import SystemClock
from importer.vocabulary.errors import Paused

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SLICE_S = 0.2
_STOPPING = b"Stopping after the request in flight; press Ctrl-C again to stop at once.\n"


class StoppableClock(SystemClock):
    """The real clock, on which a wait ends as Paused once `should_stop` says so: nothing is in flight then."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop

    def sleep(self, seconds: float) -> None:
        """Wait. Raises Paused where the person has asked to stop."""
        until = self.steady() + seconds
        while (left := until - self.steady()) > 0:
            if self._should_stop():
                raise Paused(STOPPED)
            super().sleep(min(left, _SLICE_S))


class Stop:
    """What becomes of the signals of a command: it ends where it is, but what is done `gently` ends well first."""

    def __init__(self) -> None:
        self._is_asked = False
        self._gentle = 0

    def is_asked(self) -> bool:
        """Whether the person has asked to stop."""
        return self._is_asked

    @contextmanager
    def gently(self) -> Iterator[None]:
        """What the first signal does not break off. Raises Paused at its end where one came, and at its beginning
        where Python has dropped one that came before."""
        self._stop_here()
        self._gentle += 1
        try:
            yield
        finally:
            self._gentle -= 1
        self._stop_here()

    def _stop_here(self) -> None:
        if self._is_asked and not self._gentle:
            raise Paused(STOPPED)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._is_asked or not self._gentle:
            self._is_asked = True
            raise KeyboardInterrupt
        self._is_asked = True
        with suppress(OSError):
            # a signal may come in the middle of a write to sys.stderr, which allows no second
            os.write(2, _STOPPING)


@contextmanager
def stop_on_interrupt() -> Iterator[Stop]:
    """Ctrl-C and the request to terminate as one `Stop`. Only the main thread may use it."""
    stop = Stop()
    with _handled_by(stop):
        yield stop


def line_from(terminal: TextIO) -> str:
    """The next line that the person types, empty at the end.

    Raises KeyboardInterrupt at the first Ctrl-C, and where one came before the question could be read.
    """
    with _handled_by(signal.default_int_handler) as before:
        if any(isinstance(handler, Stop) and handler.is_asked() for handler in before):
            raise KeyboardInterrupt
        if sys.platform != "win32":
            _until_readable(terminal)
        return terminal.readline()


def _until_readable(terminal: TextIO) -> None:
    """Wait for a line or a signal, because Python does not hear one that comes just before it begins to read."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told)
    try:
        select.select([terminal.fileno(), heard], [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(heard)
        os.close(told)


@contextmanager
def _handled_by(handle: Callable[[int, FrameType | None], None]) -> Iterator[Collection[object]]:
    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # as by a shell's &
    before = {number: signal.signal(number, handle) for number in heard}
    try:
        yield before.values()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
