"""`rateport` and `python -m importer`."""

from __future__ import annotations

import os
import sys

from importer.cli import main as run


def main() -> None:
    """Run, and leave without taking a hundred thousand rows apart first: everything is on disk by then."""
    code = run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
