"""Every promise of RELIABILITY.md has tests that carry its id, and no test proves a promise that nobody gave."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "RELIABILITY.md"
_ROW = re.compile(r"^\| (P\d+) \|(.+)\|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def promised() -> dict[str, str]:
    """The rest of each promise's row, by id."""
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len({name for name, _ in rows}) == len(rows), "a promise stands twice"
    return dict(rows)


def marked() -> dict[str, set[str]]:
    """The tests that carry each id, as `tests/file.py::name`, read off the source."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = list(_of_module(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for name in [*whole, *(name for mark in node.decorator_list for name in _ids(mark))]:
                    found[name].add(f"{path.relative_to(ROOT).as_posix()}::{node.name}")
    return found


def _of_module(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            for mark in ast.walk(node.value):
                yield from _ids(mark)


def _ids(mark: ast.AST) -> Iterator[str]:
    """The ids in `pytest.mark.promise("P1")`."""
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
        yield from (str(argument.value) for argument in mark.args if isinstance(argument, ast.Constant))


def test_every_promise_is_proved_by_a_test() -> None:
    """An id without a test that carries it is a promise without a proof."""
    proofs = marked()
    assert [name for name in promised() if not proofs[name]] == []


def test_no_test_proves_a_promise_that_is_not_given() -> None:
    """An id that the page does not hold is misspelt, or the promise was forgotten."""
    strangers = {name: sorted(tests) for name, tests in marked().items() if name not in promised()}
    assert strangers == {}


def test_the_page_names_tests_that_carry_the_promise() -> None:
    """What the page calls a proof is there, and is marked as one."""
    proofs = marked()
    for name, row in promised().items():
        for file, test in _NAMED.findall(row):
            known = {proof for proof in proofs[name] if proof.startswith(f"{file}::{test}")}
            assert known, f"{name}: nothing in {file}{f'::{test}' if test else ''} carries it"


def test_the_promises_are_numbered_without_a_gap() -> None:
    """P1 to P18, in order."""
    assert list(promised()) == [f"P{number}" for number in range(1, 19)]
