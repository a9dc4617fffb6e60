"""Mutants of the table of scales, each met by the tests of the scales: `python -m tests.mutants [STEP]`.

A mutant is the module with one operator, number, name or decision changed. Each takes the place of the real module
in a process forked off this one, where the tests run until the first fails. What lives is printed.
"""

from __future__ import annotations

import ast
import copy
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MODULE = "importer.vocabulary.scales"
SOURCE = ROOT / "importer" / "vocabulary" / "scales.py"
TESTS = [str(ROOT / "tests" / "vocabulary" / name) for name in ("test_scales.py", "test_scale_promises.py")]
_ALONE = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--no-summary"]
_SWAPPED: dict[type[Any], type[Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.Mod: ast.Add,
}
_RENAMED = {
    "min": "max",
    "max": "min",
    "LOWEST": "HIGHEST",
    "HIGHEST": "LOWEST",
    "ROUND_HALF_UP": "ROUND_HALF_EVEN",
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
ALIKE = (
    *(("maxsize=", ""), ("text[:40]", ""), ("frozen=", "")),  # what is remembered, quoted, or can be changed
    *(("per_point: Decimal = ", ""), ("is_unrated: bool = True", ""), ("map: bool = False", "")),  # always given
    *(("100", "100 -> 101"), ("((1, 4)", ": 3 -> 4")),  # the last bound of a bucket is the end of the scale
    ("half a point is 1", "'0.5' -> '0.51'"),  # no whole number from 1 to 20 is rounded otherwise
    ("quantize", ": 1 -> 2"),  # its exponent counts, not its value
)
"""Changes, by a word of their line and their end, that make no rating another."""


class Mutant(NamedTuple):
    """A changed module, and what was changed."""

    told: str
    tree: ast.Module


def mutants() -> list[Mutant]:
    """All of them, in the order of the source."""
    text = SOURCE.read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    found = []
    for place, node in enumerate(ast.walk(tree)):
        for number, _ in enumerate(_changes(node)):
            fresh = copy.deepcopy(tree)
            twin = next(each for count, each in enumerate(ast.walk(fresh)) if count == place)
            list(_changes(twin))[number]()
            line = getattr(node, "lineno", 0)
            changed = ast.unparse(ast.fix_missing_locations(twin))
            told = f"{line}: {ast.unparse(node)[:60]} -> {changed[:60]}"
            if line and not any(word in lines[line - 1] and told.endswith(end) for word, end in ALIKE):
                found.append((line, Mutant(told, fresh)))
    return [mutant for _, mutant in sorted(found, key=lambda each: each[0])]


def _changes(node: ast.AST) -> Iterator[Callable[[], None]]:
    """What can be done to a node, each as an act on it."""
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                if type(op) in _SWAPPED:
                    yield lambda place=place, op=op: ops.__setitem__(place, _SWAPPED[type(op)]())  # type: ignore[misc]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _SWAPPED:
            yield lambda: setattr(node, "op", _SWAPPED[type(op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield lambda: setattr(node, "op", ast.UAdd())
        case ast.Constant(value=bool() as value):
            yield lambda: setattr(node, "value", not value)
        case ast.Constant(value=int() as number):
            yield lambda: setattr(node, "value", number + 1)
        case ast.Constant(value=str() as text) if _NUMBER.fullmatch(text):
            yield lambda: setattr(node, "value", f"{text}1" if "." in text else str(int(text) + 1))
        case ast.Name(id=name) if name in _RENAMED:
            yield lambda: setattr(node, "id", _RENAMED[name])
        case ast.If() | ast.IfExp():
            yield lambda: setattr(node, "test", ast.Constant(True))
            yield lambda: setattr(node, "test", ast.Constant(False))
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield lambda: setattr(node, "value", ast.Constant(None))


def survives(mutant: Mutant) -> bool:
    """Whether the tests of the scales pass with it, in a process of its own."""
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os._exit(int(_fails(mutant)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _fails(mutant: Mutant) -> bool:
    module = ModuleType(MODULE)
    sys.modules[MODULE] = module
    exec(compile(mutant.tree, str(SOURCE), "exec"), module.__dict__)
    importlib.import_module("importer.vocabulary").scales = module  # type: ignore[attr-defined]
    return pytest.main([*_ALONE, *TESTS]) != 0


def main(step: int) -> None:
    """Try every `step`-th mutant; the last line counts them."""
    chosen = mutants()[::step]
    lived = [mutant.told for mutant in chosen if survives(mutant)]
    print("\n".join([*lived, f"{len(chosen) - len(lived)} of {len(chosen)} mutants were caught"]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
