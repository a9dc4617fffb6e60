"""The contract suite of rateport over this package's adapter."""

from pathlib import Path

import pytest
from rateport_example import ADAPTER

from importer.testing import checks_for

HERE = Path(__file__).parent
CHECKS = checks_for(ADAPTER, HERE / "samples", HERE / "golden")


@pytest.mark.parametrize("check", [pytest.param(run, id=name) for name, run in CHECKS])
def test_contract(check):
    """The adapter keeps what the contract promises of it."""
    check()
