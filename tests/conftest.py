"""What all tests share: no socket leaves the machine, and goldens are written only on request."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest

from tests.canary import TOKEN, UNPRINTED, singing

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # no test opens the desktop's keyring
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("new", deadline=None, print_blob=True)
hypothesis.settings.load_profile("same")  # `make test` tries the same examples every time, `make torture` new ones

GOLDEN_CHANGE = "golden"
_REAL_CONNECT = socket.socket.connect


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the goldens that the tests compare with."""
    parser.addoption("--update-golden", action="store_true", help="write goldens anew and list what changed")


def pytest_configure(config: pytest.Config) -> None:
    """A golden that a robot writes proves nothing."""
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is refused under CI: goldens are written and read by people.")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background; commands under test are not
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take long begins first, so that no core waits at the end for a long proof on another."""
    items.sort(key=lambda item: -(mark.args[0] if (mark := item.get_closest_marker("timeout")) else 0))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List every golden that was written."""
    if not config.getoption("--update-golden"):
        return
    reports = [report for found in terminalreporter.stats.values() for report in found]
    properties = [pair for report in reports for pair in getattr(report, "user_properties", ())]
    changes = sorted({change for name, change in properties if name == GOLDEN_CHANGE})
    terminalreporter.section("goldens")
    for change in changes or ["nothing changed"]:
        terminalreporter.line(change)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


@pytest.fixture(autouse=True)
def _no_outside_socket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections leave the machine in no test; loopback and Unix sockets are allowed."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert _is_here(address[0]), f"a test connects to {address[0]}"
        _REAL_CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test fails that prints or logs a token."""
    report = yield
    here = [(name, text) for name, text in report.sections if name.endswith(report.when or "")]
    telling = [name for name, text in here if any(token in text for token in UNPRINTED)]
    if telling and not report.failed:
        report.outcome = "failed"
        report.longrepr = f"The token is in: {', '.join(telling)}."
    return report


@pytest.fixture(autouse=True, scope="session")
def _no_token_is_written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """After the last test no file of the whole run holds the token that its commands were given."""
    yield
    assert singing(tmp_path_factory.getbasetemp(), {TOKEN}) == []
