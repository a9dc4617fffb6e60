"""Whose packages these are: `importer` and `adapters` are common names, and pip lets another package write into the
folders of ours without a word.
"""

from __future__ import annotations

NAME = "rateport"
"""What our packages say as their `__distribution__`."""


def another(package: str) -> str:
    """What to say where a package of ours is not ours any more."""
    return (
        f"Another package named '{package}' is installed in this environment; install {NAME} by itself with "
        f"'pipx install {NAME}'."
    )
