"""`rateport` and `python -m importer`."""

from __future__ import annotations

import _thread
import gc
import os
import signal
import sys
import time
from contextlib import suppress

gc.disable()  # one-shot work without cycles: the collector would walk a hundred thousand rows over and over

_MISUSE, _PAUSED = 2, 75
_AGAIN_S = 0.01


def main() -> None:
    """Run, and leave without taking a hundred thousand rows apart first: everything is on disk by then."""
    try:
        code = _run()
    except KeyboardInterrupt:  # before the command line was there to hear it, or after it had its say
        code = _PAUSED
        with suppress(OSError):
            os.write(2, b"Stopped.\n")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # a console that went away
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run() -> int:
    sys.unraisablehook = _not_raised
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a shutdown is heard as Ctrl-C is
    import importer
    from importer.vocabulary.distribution import NAME, another

    if getattr(importer, "__distribution__", "") != NAME:
        os.write(2, f"{NAME}: {another('importer')}\n".encode())
        return _MISUSE
    from importer.cli import main as run
    from importer.terminal import settle_streams

    settle_streams()
    return run()


def _not_raised(lost: sys.UnraisableHookArgs) -> None:
    """Python drops a Ctrl-C that it hears in a finalizer or a callback of the import system: it comes once more."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt_again, (_thread.get_ident(),))  # only the main thread hears it
    else:
        sys.__unraisablehook__(lost)


def _interrupt_again(main_thread: int) -> None:
    time.sleep(_AGAIN_S)  # until the finalizer is left
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:  # where it has to end a wait for the network, too
        signal.pthread_kill(main_thread, signal.SIGINT)


if __name__ == "__main__":
    main()
