"""Programs that tests need and pip does not bring: Debian's, which root installs where they are missing."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

_LOCK = "rateport-apt.lock"


def program(name: str) -> str:
    """The path of a program whose Debian package bears its name. Raises unittest's skip where it cannot be had."""
    found = shutil.which(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(name)
        found = shutil.which(name)
    if found is None:
        assert not os.environ.get("CI"), f"CI must not pass without {name}"
        pytest.skip(f"there is no {name} here, and only root can install it: apt-get install {name}")
    return found


def _install(package: str) -> None:
    """One at a time: apt-get refuses to start beside another one, and tests run in several processes."""
    with Path(tempfile.gettempdir(), _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run(
                ["apt-get", *command],
                check=True,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
