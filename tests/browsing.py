"""A real browser for tests: Debian's Chromium, driven by playwright, which sees every request and every dialog."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

_INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
)


def chromium() -> str:
    """The path of Debian's Chromium, which root installs where it is missing. Raises unittest's skip elsewhere."""
    found = shutil.which("chromium")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in _INSTALL:
            subprocess.run(
                command,
                check=True,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
        found = shutil.which("chromium")
    if found is None:
        assert not os.environ.get("CI"), "CI must not pass without a browser"
        pytest.skip("there is no chromium here, and only root can install it: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless browser for all tests of a session."""
    path = chromium()
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@dataclass
class Watched:
    """A page, every address it asked for, and every dialog that it opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A fresh page whose doings are written down."""
    context = browser.new_context()
    watching = Watched(context.new_page())

    def asked(request: Request) -> None:
        watching.requests.append(request.url)

    def opened(dialog: Dialog) -> None:
        watching.dialogs.append(dialog.message)
        dialog.dismiss()

    context.on("request", asked)
    watching.page.on("dialog", opened)
    yield watching
    context.close()
