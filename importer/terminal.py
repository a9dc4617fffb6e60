"""What the command line shows and asks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from importer.vocabulary.cells import terminal_safe
from importer.vocabulary.errors import ConfigError

if TYPE_CHECKING:
    from importer.pipeline import Result
    from importer.report.summary import Summary
    from importer.simkl.codes import ShownCode


def show_code(code: ShownCode) -> None:
    """The code to enter at Simkl, large, and where."""
    click.echo(f"\n    {' '.join(printable(code.user_code))}\n")
    click.echo(f"Enter this code at {printable(code.link)} within {code.expires_in_s // 60} minutes.")
    if code.complete_link:
        click.echo(f"Or open {printable(code.complete_link)}")
        if sys.stdout.isatty():
            click.launch(code.complete_link)
    click.echo("Waiting ...")


def say(lines: list[str]) -> None:
    """Lines for the person."""
    for line in lines:
        click.echo(printable(line))


def shown(result: Result, as_json: bool) -> int:
    """Print how a command ended, results to stdout and what to do now to stderr, and return its exit code."""
    from importer.report.tables import render

    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(render(result.summary, width=_width(), color=_is_colorful()), nl=False)
        for file in result.files:
            click.echo(f"Wrote {printable(str(file))}")
    for line in next_steps(result):
        click.echo(printable(line), err=as_json)
    if result.stopped_by is not None:
        click.echo(f"rateport: {printable(str(result.stopped_by))}", err=True)
    return result.exit_code


def next_steps(result: Result) -> list[str]:
    """What the person can do now."""
    leftovers = next((file for file in result.files if file.name == "leftovers.csv"), None)
    if result.stopped_by is None and leftovers and result.summary.leftovers:
        return [f"To repair what is left: edit {leftovers}, then run: rateport import {leftovers} -o repaired"]
    return []


def asked(summary: Summary) -> bool:
    """Whether the person agrees, with the whole forecast in view. Raises ConfigError without a terminal."""
    from importer.report.tables import render

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError("There is no terminal to ask on; add --yes to send without asking.")
    click.echo(render(summary, width=_width(), color=_is_colorful()), nl=False, err=True)
    return click.confirm("Send this to Simkl?", default=False, err=True)


def printable(text: str) -> str:
    """`text` without anything that could steer a terminal."""
    return "\n".join(terminal_safe(line) for line in text.split("\n"))


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _is_colorful() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
