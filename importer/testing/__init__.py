"""The contract suite: what every adapter is held to, ours and third parties' alike.

A third party's whole test file:

    from pathlib import Path
    import pytest
    from importer.testing import checks_for
    from rateport_example import ADAPTER

    HERE = Path(__file__).parent
    CHECKS = checks_for(ADAPTER, HERE / "samples", HERE / "golden")

    @pytest.mark.parametrize("check", [pytest.param(run, id=name) for name, run in CHECKS])
    def test_contract(check):
        check()

Goldens are written by `write_goldens(ADAPTER, HERE / "samples", HERE / "golden")`; read them before they are
kept. A check that cannot hold for a source is named, with its reason, in `exceptions.txt` of the golden folder
(`check: reason` or `check@sample: reason`, one a line); it is then skipped with that reason.
Nothing here needs a test library: checks are plain functions that raise AssertionError, or unittest's SkipTest.
"""

from __future__ import annotations

from importer.testing.suite import checks_for, write_goldens

__all__ = ["checks_for", "write_goldens"]
