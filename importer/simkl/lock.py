"""One writer of sign-ins at a time: a lock that the kernel releases when the process dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError, Paused
from importer.vocabulary.folders import make_private

POLL_S = 0.2
PATIENCE_S = 90.0  # a renewal is a request or two; one that takes longer hangs


class SignInLock:
    """An exclusive lock on the file at `path`; taking it waits for the process that has it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._descriptor: int | None = None

    def __enter__(self) -> SignInLock:
        """Raises Paused when the other process does not let go in time."""
        descriptor = _open(self._path)
        deadline = self._clock.steady() + PATIENCE_S
        try:
            while not _is_taken(descriptor):
                if self._clock.steady() >= deadline:
                    raise Paused(
                        "Another rateport has been renewing the sign-in for a while; let it finish or stop it, "
                        "then run again."
                    )
                self._clock.sleep(POLL_S)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        make_private(path.parent)
        return os.open(path, flags, 0o600)
    except OSError as error:
        raise AuthError(f"{path}: cannot be opened: {error.strerror}.") from None


def _is_taken(descriptor: int) -> bool:
    """Whether the lock is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
