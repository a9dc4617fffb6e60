"""`rateport` and `python -m importer`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress

gc.disable()  # one-shot work without cycles: the collector would walk a hundred thousand rows over and over

_MISUSE, _PAUSED = 2, 75


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


if __name__ == "__main__":
    main()
