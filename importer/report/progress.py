"""Progress on stderr, so that stdout holds nothing but results."""

from __future__ import annotations

import os
import sys
from typing import Any, Protocol, TextIO

from importer.vocabulary.cells import terminal_safe

for _setting in [name for name in os.environ if name.startswith("TQDM_")]:
    del os.environ[_setting]  # tqdm takes them as it is loaded, and an odd one would end the command

from tqdm import tqdm  # noqa: E402


class Progress(Protocol):
    """What long work tells while it runs."""

    def start(self, total: int, label: str) -> None:
        """Begin to count up to `total`; what was counted before is over."""
        ...

    def advance(self, n: int) -> None:
        """`n` more are done."""
        ...

    def note(self, text: str) -> None:
        """Say one line in between."""
        ...

    def close(self) -> None:
        """End the count, whether it is complete or not."""
        ...


class TerminalProgress:
    """A bar with rate and time left on a terminal; elsewhere no bar, only the notes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar: tqdm[Any] | None = None

    def start(self, total: int, label: str) -> None:
        """Show the bar at 0."""
        self.close()
        self._bar = tqdm(
            total=total,
            desc=terminal_safe(label),
            unit=" titles",
            file=self._stream,
            disable=not self._stream.isatty(),
            dynamic_ncols=True,
        )

    def advance(self, n: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(n)

    def note(self, text: str) -> None:
        """Print a line above the bar."""
        tqdm.write(terminal_safe(text), file=self._stream)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class SilentProgress:
    """Says nothing."""

    def start(self, total: int, label: str) -> None:
        """Nothing."""

    def advance(self, n: int) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
