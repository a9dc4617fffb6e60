"""`rateport` and `python -m importer`."""

from __future__ import annotations

import sys

from importer.cli import main

if __name__ == "__main__":
    sys.exit(main())
