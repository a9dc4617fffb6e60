"""One run at a time: a lock that the kernel releases when the process dies, however it dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import TracebackType

from importer.vocabulary.errors import JournalError
from importer.vocabulary.folders import make_private

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


class JournalLock:
    """An exclusive lock on a file beside the journal, with the holder's process number inside."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> JournalLock:
        """Take the lock. Raises JournalError naming the holder when another run has it, or the path that cannot
        be made or written."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            make_private(self._path.parent)
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as error:
            why = "it is a link, which is not followed" if error.errno == errno.ELOOP else error.strerror
            raise JournalError(f"{self._path}: cannot be opened for writing: {why}.") from None
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno not in _HELD:
                os.close(descriptor)
                raise JournalError(
                    f"{self._path}: this folder cannot be locked ({error.strerror}), as on some network drives, "
                    "so two runs could get in each other's way. Set RATEPORT_HOME to a folder on a local disk."
                ) from None
            holder = _holder(descriptor)
            os.close(descriptor)
            raise JournalError(
                f"Another rateport run (process {holder}) works on this account; "
                "let it finish or stop it, then run again."
            ) from None
        self._descriptor = descriptor
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        except OSError as error:
            self.__exit__(None, None, None)
            raise JournalError(f"{self._path}: cannot be written: {error.strerror}.") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _holder(descriptor: int) -> str:
    """The number of the process that has the lock, as far as it can be told: Windows lets nobody read it."""
    try:
        number = os.read(descriptor, 32).decode("ascii", "replace").strip()
    except OSError:
        number = ""
    return number if number.isdecimal() else "unknown"


def _lock(descriptor: int) -> None:
    """Take the lock without waiting. Raises OSError when somebody has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
