"""The same records in other time zones and under a C locale; run in a process of its own.

`python -m importer.testing.everywhere MODULE:NAME FOLDER` prints a digest of all records per time zone.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

from importer.adapter import Adapter
from importer.testing.goldens import golden_text
from importer.testing.samples import read_samples
from importer.vocabulary.cells import terminal_safe

ZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")


def digest(adapter: Adapter, folder: Path) -> str:
    """A digest of all that `adapter` makes of its samples."""
    return hashlib.sha256(golden_text(read_samples(folder, [adapter])).encode()).hexdigest()


def digests_elsewhere(adapter: Adapter, folder: Path) -> dict[str, str]:
    """The digest in each of ZONES, in a process with a C locale and without UTF-8 mode."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ}
    elsewhere = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "importer.testing.everywhere", _address(adapter), str(folder)]
    done = subprocess.run(command, env={**kept, **elsewhere}, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return dict(line.split() for line in done.stdout.splitlines())


def _address(adapter: Adapter) -> str:
    for module_name, module in sorted(sys.modules.items()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if value is adapter and module_name != "__main__":
                return f"{module_name}:{name}"
    raise AssertionError(f"{adapter.name}: keep the adapter under a name at the top of its module")


def main(address: str, folder: str) -> None:
    """Print the digest of the adapter at `address` in each of ZONES."""
    module, _, name = address.partition(":")
    adapter: Adapter = getattr(importlib.import_module(module), name)
    for zone in ZONES:
        os.environ["TZ"] = zone
        if hasattr(time, "tzset"):  # Windows has no tzset, and no TZ either
            time.tzset()
        sys.stdout.write(f"{terminal_safe(zone)} {terminal_safe(digest(adapter, Path(folder)))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
