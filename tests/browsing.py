"""A real browser for tests: Debian's Chromium, driven by playwright, which sees every request and every dialog."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from tests.installing import program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless browser for all tests of a session."""
    path = program("chromium")
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
