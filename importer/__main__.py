"""`rateport` and `python -m importer`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

gc.disable()  # one-shot work without cycles: the collector would walk a hundred thousand rows over and over

from importer.cli import main as run  # noqa: E402
from importer.terminal import settle_streams  # noqa: E402


def main() -> None:
    """Run, and leave without taking a hundred thousand rows apart first: everything is on disk by then."""
    settle_streams()
    code = run()
    with suppress(OSError):  # a console that went away
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
