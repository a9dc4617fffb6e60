"""The rules of the house, read off the source: who imports whom, where a library lives, how long things grow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS = {
    "importer.vocabulary": 0,
    "importer.adapter": 1,
    "importer.intake": 1,
    "importer.config": 1,
    "importer.stages": 2,
    "importer.simkl": 3,
    "importer.journal": 3,
    "importer.report": 3,
    "importer.review": 3,
    "importer.sandbox": 3,
    "importer.demonstration": 4,
    "importer.interrupts": 4,
    "importer.listed": 4,
    "importer.listing": 4,
    "importer.looking": 4,
    "importer.pipeline": 4,
    "importer.preparing": 4,
    "importer.previewing": 4,
    "importer.proposing": 4,
    "importer.reading": 4,
    "importer.runs": 4,
    "importer.services": 4,
    "importer.signing": 4,
    "importer.testing": 4,
    "importer.account_commands": 5,
    "importer.cli": 5,
    "importer.options": 5,
    "importer.terminal": 5,
    "importer.__main__": 5,
}
EDGES = {room for room, floor in FLOORS.items() if floor == 3}
HOMES = {
    "click": ("importer.account_commands", "importer.cli", "importer.options", "importer.terminal"),
    "defusedxml": ("importer.intake", "importer.testing"),  # the suite takes XML samples apart
    "flask": ("importer.sandbox", "importer.review"),
    "werkzeug": ("importer.sandbox", "importer.review"),
    "jinja2": ("importer.report", "importer.review"),
    "httpx": ("importer.simkl",),
    "keyring": ("importer.simkl",),
    "ijson": ("importer.intake",),
    "numpy": (),
    "pandas": ("importer.stages", "importer.report"),
    "platformdirs": ("importer.config",),
    "pydantic": ("importer.config", "importer.simkl"),
    "rich": ("importer.report",),
    "sqlite3": ("importer.journal", "importer.sandbox"),
    "tqdm": ("importer.report",),
}
NOT_LIBRARIES = {"importer", "adapters", "_typeshed"}  # _typeshed: there for type checkers only
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
FUNCTION_LINES = 60
MODULE_LINES = 300
ADAPTER_LINES = 200
PANDAS_GROUPING = re.compile(r"\.(groupby|merge|drop_duplicates)\(")
SHOWING = {
    *("print", "click.echo", "click.secho", "click.style", "click.prompt", "click.confirm"),
    *("sys.stdout.write", "sys.stderr.write", "sys.stdout.writelines", "sys.stderr.writelines", "tqdm.write"),
    *("traceback.print_exc", "traceback.print_exception"),
}
HARMLESS = {
    *("terminal_safe", "printable", "json.dumps"),
    *("render", "sections_page", "ratings_page", "cards_page"),
}
"""What makes text for a terminal out of data; `json.dumps` writes everything that is not plain ASCII as escapes."""

RUNNING = {"eval", "exec", "compile"}
RUNNING_METHODS = {"eval", "query", "read_pickle", "to_pickle"}
RUNNING_LIBRARIES = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "yaml"}


def module_name(path: Path) -> str:
    """`importer/intake/text.py` is importer.intake.text, `importer/intake/__init__.py` is importer.intake."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules() -> Iterator[tuple[str, str]]:
    """Every module of the program with its source."""
    for package in ("importer", "adapters"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield module_name(path), path.read_text(encoding="utf-8")


def room_of(module: str) -> str | None:
    """The room of the house that `module` belongs to."""
    return next((room for room in FLOORS if module == room or module.startswith(f"{room}.")), None)


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Every module that `source` imports, anywhere in it, with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute here"
            yield node.lineno, node.module or ""
            if node.module in ("importer", "adapters"):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def upward_imports(module: str, source: str) -> Iterator[str]:
    """A room imports only from its own and the floors below; edges do not know each other."""
    here = room_of(module)
    for line, name in imported(source):
        there = room_of(name)
        if here is None or there is None or here == there:
            continue
        if FLOORS[there] > FLOORS[here]:
            yield f"{module}:{line} imports {name}, which is on a higher floor"
        elif here in EDGES and there in EDGES:
            yield f"{module}:{line} imports {name}: edges do not know each other"
        elif here == "importer.config" and there == "importer.intake":
            yield f"{module}:{line} imports {name}: settings know nothing of files"


def adapter_imports(module: str, source: str) -> Iterator[str]:
    """Only the registry finds adapters, and adapters know only their contract."""
    for line, name in imported(source):
        package = name.partition(".")[0]
        if package == "adapters" and module != "importer.intake.registry":
            yield f"{module}:{line} imports {name}: only the registry finds adapters"
        if module.startswith("adapters") and package == "importer" and not name.startswith("importer.adapter"):
            yield f"{module}:{line} imports {name}: adapters import importer.adapter only"


def strange_libraries(module: str, source: str) -> Iterator[str]:
    """A library beside the standard one is imported only in its home."""
    for line, name in imported(source):
        library = name.partition(".")[0]
        if library in NOT_LIBRARIES or (library in sys.stdlib_module_names and library not in HOMES):
            continue
        if not any(module == home or module.startswith(f"{home}.") for home in HOMES.get(library, ())):
            yield f"{module}:{line} imports {library}, whose home is {HOMES.get(library) or 'not here'}"


def broad_handlers(module: str, source: str) -> Iterator[str]:
    """Errors are caught by name; only the command line may catch all, unless to clean up and raise again."""
    if module == "importer.cli":
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.walk(node.type) if node.type else ()
            names = {part.id for part in caught if isinstance(part, ast.Name)}
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if (node.type is None or names & {"Exception", "BaseException"}) and not raises_again:
                yield f"{module}:{node.lineno} catches everything"


def overlong(module: str, source: str) -> Iterator[str]:
    """Functions and modules stay short enough to be read at once."""
    lines = len(source.splitlines())
    ceiling = ADAPTER_LINES if module.startswith("adapters") else MODULE_LINES
    if lines > ceiling:
        yield f"{module} has {lines} lines; the ceiling is {ceiling}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{module}.{node.name} has {length} lines; the ceiling is {FUNCTION_LINES}"


def homeless(module: str, source: str) -> Iterator[str]:
    """Every module stands on a floor, and none is named for having no subject."""
    del source
    if module.rpartition(".")[2] in BANNED_NAMES:
        yield f"{module}: name it after what it is about"
    if module.startswith("importer.") and room_of(module) is None:
        yield f"{module} stands on no floor; give it one in FLOORS"


def pandas_grouping(module: str, source: str) -> Iterator[str]:
    """pandas takes missing ids for equal ones when it groups or joins (style.md 5.4)."""
    if module.startswith("importer.stages"):
        for number, line in enumerate(source.splitlines(), start=1):
            if PANDAS_GROUPING.search(line):
                yield f"{module}:{number}: pandas may not group or join rows"


def raw_output(module: str, source: str) -> Iterator[str]:
    """Data reaches the terminal only through what makes it harmless there (ecosystem.md 3)."""
    tree = ast.parse(source)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("click", "sys", "traceback"):
            yield f"{module}:{node.lineno} imports from {node.module}; name the module where it is used"
        if isinstance(node, ast.Name | ast.Attribute) and (name := ast.unparse(node)) in SHOWING:
            call = calls.get(id(node))
            if call is None or name.startswith("traceback."):
                yield f"{module}:{node.lineno} lets {name} show what others give it"
            elif not all(map(_is_harmless, call.args)):
                yield f"{module}:{node.lineno} shows by {name} what may steer the terminal"


def _is_harmless(node: ast.expr) -> bool:
    """Whether an expression is text of ours, a number that is formatted as one, or what HARMLESS has made."""
    match node:
        case ast.Constant():
            return True
        case ast.JoinedStr(values=parts):
            return all(map(_is_harmless, parts))
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value="d" | ",d")])):
            return True
        case ast.FormattedValue(value=part):
            return _is_harmless(part)
        case ast.Call(func=made_by, keywords=options):
            is_raw = any(option.arg == "ensure_ascii" for option in options)
            return ast.unparse(made_by) in HARMLESS and not is_raw
    return False


def running_data(module: str, source: str) -> Iterator[str]:
    """Nothing that is read ever runs: no pickle, no eval of text, no query of pandas (ecosystem.md 3)."""
    for line, name in imported(source):
        if name.partition(".")[0] in RUNNING_LIBRARIES:
            yield f"{module}:{line} imports {name}, which can run what it reads"
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in RUNNING:
                yield f"{module}:{node.lineno} names {name}, which runs text"
            case ast.Call(func=ast.Attribute(attr=name)) if name in RUNNING_METHODS:
                yield f"{module}:{node.lineno} calls {name}, which runs what it is given"


RULES = [
    upward_imports,
    adapter_imports,
    strange_libraries,
    broad_handlers,
    overlong,
    homeless,
    pandas_grouping,
    raw_output,
    running_data,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: object) -> None:
    """No module of the program breaks the rule."""
    assert callable(rule)
    breaches = [breach for module, source in modules() for breach in rule(module, source)]
    assert not breaches, "\n".join(breaches)


def test_the_walk_finds_the_house() -> None:
    """A walk over an empty list would keep every rule."""
    found = {name for name, _ in modules()}
    assert {
        "importer.vocabulary.scales",
        "importer.intake.readers",
        "importer.adapter",
        "importer.testing",
    } <= found


LONG_FUNCTION = "def f():\n" + "    x = 1\n" * FUNCTION_LINES

BREACHES = [
    (upward_imports, "importer.vocabulary.ids", "from importer.intake.text import decode"),
    (upward_imports, "importer.intake.text", "import importer.stages.merge"),
    (upward_imports, "importer.stages.merge", "from importer.simkl.client import Client"),
    (upward_imports, "importer.stages.merge", "def f():\n    from importer import pipeline"),
    (upward_imports, "importer.simkl.client", "from importer.journal.store import Journal"),
    (upward_imports, "importer.sandbox.server", "from importer.simkl.wire import Reply"),
    (upward_imports, "importer.report.html", "from importer.pipeline import preview"),
    (upward_imports, "importer.pipeline", "from importer.cli import main"),
    (upward_imports, "importer.config", "from importer.intake.documents import documents"),
    (adapter_imports, "importer.pipeline", "from adapters import imdb"),
    (adapter_imports, "importer.testing.suite", "import adapters.imdb"),
    (adapter_imports, "adapters.imdb", "from importer.vocabulary.scales import SCALES"),
    (adapter_imports, "adapters.imdb", "from adapters import trakt"),
    (strange_libraries, "importer.pipeline", "import click"),
    (strange_libraries, "importer.cli", "import httpx"),
    (strange_libraries, "importer.stages.merge", "import sqlite3"),
    (strange_libraries, "importer.vocabulary.records", "from pydantic import BaseModel"),
    (strange_libraries, "importer.intake.readers", "import pandas as pd"),
    (strange_libraries, "importer.simkl.client", "import requests"),
    (strange_libraries, "adapters.imdb", "import ijson"),
    (broad_handlers, "importer.pipeline", "try:\n    x\nexcept Exception:\n    y"),
    (broad_handlers, "importer.pipeline", "try:\n    x\nexcept:\n    y"),
    (broad_handlers, "importer.pipeline", "try:\n    x\nexcept (KeyError, BaseException) as error:\n    y"),
    (broad_handlers, "importer.pipeline", "try:\n    x\nexcept Exception as error:\n    raise Other from error"),
    (overlong, "importer.pipeline", LONG_FUNCTION),
    (overlong, "importer.pipeline", "x = 1\n" * (MODULE_LINES + 1)),
    (overlong, "adapters.imdb", "x = 1\n" * (ADAPTER_LINES + 1)),
    (homeless, "importer.stages.utils", ""),
    (homeless, "importer.somewhere", ""),
    (pandas_grouping, "importer.stages.merge", "frame.groupby('id_imdb')"),
    (pandas_grouping, "importer.stages.frame", "left.merge(right)"),
    (pandas_grouping, "importer.stages.frame", "frame.drop_duplicates(subset=['id_mal'])"),
    (raw_output, "importer.cli", "click.echo(title)"),
    (raw_output, "importer.cli", "click.echo(f'Read {title}', err=True)"),
    (raw_output, "importer.cli", "click.echo(f'{terminal_safe(title)} of {file}')"),
    (raw_output, "importer.cli", "click.echo(f'{title:>20}')"),
    (raw_output, "importer.cli", "click.echo('Read ' + title)"),
    (raw_output, "importer.cli", "click.echo(str(error))"),
    (raw_output, "importer.cli", "click.echo(json.dumps(values, ensure_ascii=False))"),
    (raw_output, "importer.cli", "serve(tell=click.echo)"),
    (raw_output, "importer.cli", "traceback.print_exc()"),
    (raw_output, "importer.cli", "from click import secho\nsecho(title, fg='red')"),
    (raw_output, "importer.report.progress", "tqdm.write(text, file=stream)"),
    (raw_output, "importer.runs.imports", "print(title)"),
    (raw_output, "importer.testing.everywhere", "sys.stdout.write(f'{title}\\n')"),
    (raw_output, "adapters.imdb", "def parse(row):\n    print('row', row)"),
    (running_data, "importer.intake.text", "import pickle"),
    (running_data, "importer.journal.titles", "def read(text):\n    from marshal import loads"),
    (running_data, "importer.config", "import yaml\nyaml.load(text)"),
    (running_data, "adapters.imdb", "score = eval(row['score'])"),
    (running_data, "adapters.imdb", "scores = map(eval, cells)"),
    (running_data, "importer.intake.text", "exec(text, {})"),
    (running_data, "importer.intake.text", "import builtins\nbuiltins.eval(text)"),
    (running_data, "importer.stages.frame", "frame.query(f'title == {title!r}')"),
    (running_data, "importer.report.tables", "frame.eval('score * 2')"),
    (running_data, "importer.stages.frame", "pd.read_pickle(path)"),
]


@pytest.mark.parametrize(("rule", "module", "source"), BREACHES)
def test_each_rule_can_fail(rule: object, module: str, source: str) -> None:
    """The rule sees the breach in a small made-up module."""
    assert callable(rule)
    breaches = list(rule(module, source))
    assert breaches
    assert all(breach.startswith(module) for breach in breaches)


ALLOWED = [
    (upward_imports, "importer.cli", "from importer.pipeline import preview"),
    (upward_imports, "importer.simkl.client", "from importer.simkl.wire import Reply"),
    (upward_imports, "importer.pipeline", "from importer.config import Settings"),
    (adapter_imports, "importer.intake.registry", "import adapters"),
    (adapter_imports, "adapters.imdb", "from importer.adapter import Adapter"),
    (strange_libraries, "importer.simkl.client", "import httpx"),
    (strange_libraries, "importer.vocabulary.ids", "import re"),
    (broad_handlers, "importer.cli", "try:\n    x\nexcept Exception:\n    y"),
    (broad_handlers, "importer.pipeline", "try:\n    x\nexcept KeyError:\n    y"),
    (broad_handlers, "importer.journal.journal", "try:\n    x\nexcept BaseException:\n    undo()\n    raise"),
    (overlong, "adapters.imdb", "x = 1\n" * ADAPTER_LINES),
    (pandas_grouping, "importer.report.tables", "frame.groupby('outcome')"),
    (raw_output, "importer.cli", "click.echo('Waiting ...', err=is_loud)"),
    (raw_output, "importer.cli", "click.echo(f'{printable(str(error))} after {minutes:d} minutes')"),
    (raw_output, "importer.cli", "click.echo(ratings_page(titles, width=80), nl=False)"),
    (raw_output, "importer.cli", "click.echo(json.dumps(values, indent=2))"),
    (raw_output, "importer.report.progress", "bar: tqdm[Any] = tqdm(total=3, desc=label)"),
    (running_data, "importer.simkl.transport", "is_plain = not url.query"),
    (running_data, "importer.vocabulary.ids", "PATTERN = re.compile('tt[0-9]+')"),
    (running_data, "importer.journal.store", "connection.execute('SELECT 1')"),
]


@pytest.mark.parametrize(("rule", "module", "source"), ALLOWED)
def test_no_rule_forbids_what_is_right(rule: object, module: str, source: str) -> None:
    """The rule lets sound code pass."""
    assert callable(rule)
    assert list(rule(module, source)) == []


def test_every_test_says_what_it_shows() -> None:
    """Tests carry one sentence each (style.md 5.6)."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


HEAVY = ("pandas", "numpy", "httpx", "flask", "werkzeug", "jinja2")
SHELLS = {"bash": "3", "zsh": "3", "fish": "h"}  # and how each tells the word that is begun
TOY_EXPORT = "Const,Your Rating,Date Rated,Title\ntt0137523,9,2019-05-04,Fight Club\n"


@pytest.mark.promise("P17")
@pytest.mark.parametrize(
    ("arguments", "heavy", "variables"),
    [
        (None, HEAVY, {}),
        (["--help"], HEAVY, {}),
        (["--version"], HEAVY, {}),
        (["preview", "--help"], HEAVY, {}),
        (["sources"], HEAVY, {}),
        (["sources", "imdb"], HEAVY, {}),
        (["identify", "export.csv"], HEAVY, {}),
        *(([], HEAVY, {"_RATEPORT_COMPLETE": f"{shell}_source"}) for shell in SHELLS),
        *(
            (
                [],
                HEAVY,
                {
                    "_RATEPORT_COMPLETE": f"{shell}_complete",
                    "COMP_WORDS": "rateport preview --on-conflict h",
                    "COMP_CWORD": begun,
                },
            )
            for shell, begun in SHELLS.items()
        ),
        (["preview", "export.csv"], ("flask", "httpx", "sqlite3"), {}),
    ],
    ids=str,
)
def test_light_commands_load_no_heavy_library(
    arguments: list[str] | None, heavy: Sequence[str], variables: dict[str, str], tmp_path: Path
) -> None:
    """Help, sources, identify and what completes words in a shell answer at once because pandas, httpx and flask
    stay unloaded; a preview that asks nobody loads neither what talks to Simkl nor what keeps a journal."""
    (tmp_path / "export.csv").write_text(TOY_EXPORT, encoding="utf-8")
    program = (
        "import sys, contextlib\n"
        "from importer.cli import main\n"
        f"arguments = {arguments!r}\n"
        "sys.argv = ['rateport', *(arguments or [])]\n"
        "with contextlib.suppress(SystemExit):\n"
        "    arguments is None or main()\n"
        f"print('heavy:', sorted({{*{list(heavy)!r}}} & {{*sys.modules}}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "RATEPORT_HOME": str(tmp_path / "home"), "PATH": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy: []"
    if "_RATEPORT_COMPLETE" in variables:
        assert "highest" in done.stdout or "_rateport_completion" in done.stdout
