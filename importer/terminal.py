"""What the command line shows and asks."""

from __future__ import annotations

import codecs
import io
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from importer.vocabulary.cells import printable, terminal_safe
from importer.vocabulary.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from importer.report.sections import Section
    from importer.report.summary import Summary
    from importer.runs.ending import Result
    from importer.runs.session import Watching
    from importer.runs.undoing import Told
    from importer.simkl.codes import ShownCode

_PLAINLY = "plainly"
_STAND_INS = {"→": ">", **dict.fromkeys("▏▎▍▌▋▊▉█", "#")}
_WIDEST = 500  # cells


class _Outlet(io.FileIO):
    """A descriptor whose reader may go away (`| head`) without a word: the command still ends as it would have.

    When it cannot be written for another reason, such as a full disk, the first write raises ConfigError if
    `is_result`; nothing is said about later ones, or about messages that nobody could read.
    """

    def __init__(self, descriptor: int, *, is_result: bool) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._is_told = not is_result

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            self._is_told = True
        except OSError as error:
            if not self._is_told:
                self._is_told = True
                raise ConfigError(f"Standard output cannot be written: {error.strerror}.") from None
        return memoryview(data).nbytes


def settle_streams() -> None:
    """Make standard input, output and error usable, whatever the shell made of them; closed ones lead nowhere, and
    a character that an encoding cannot hold becomes one that it can, so that columns keep their width."""
    codecs.register_error(_PLAINLY, _plain)
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free one, which is this
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - for as long as the process lives
    _forgive(sys.stdin, "replace")
    sys.stdout = _settled(sys.stdout, 1)
    sys.stderr = _settled(sys.stderr, 2)


def _settled(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is not None and sys.platform == "win32" and stream.isatty():
        _forgive(stream, _PLAINLY)
        return stream  # a console there is no descriptor
    return io.TextIOWrapper(
        io.BufferedWriter(_Outlet(descriptor, is_result=descriptor == 1)),
        encoding=stream.encoding if stream else "utf-8",
        errors=_PLAINLY,
        line_buffering=descriptor == 2 or os.isatty(descriptor),
    )


def _forgive(stream: TextIO, errors: str) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=errors)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_STAND_INS.get(char, "?") for char in error.object[error.start : error.end]), error.end


def show_code(code: ShownCode) -> None:
    """The code to enter at Simkl, large, and where."""
    click.echo(f"\n    {terminal_safe(' '.join(code.user_code))}\n")
    click.echo(f"Enter this code at {terminal_safe(code.link)} within {code.expires_in_s // 60:d} minutes.")
    if code.complete_link:
        click.echo(f"Or open {terminal_safe(code.complete_link)}")
        if sys.stdout.isatty():
            click.launch(code.complete_link)
    click.echo("Waiting ...")


def say(lines: list[str]) -> None:
    """Lines for the person."""
    for line in lines:
        click.echo(terminal_safe(line))


def shown(result: Result, as_json: bool) -> int:
    """Print how a command ended, results to stdout and what to do now to stderr, and return its exit code."""
    from importer.report.tables import render

    if as_json:
        click.echo(json.dumps(result.to_json(), indent=2))
    else:
        click.echo(render(result.summary, width=width(), color=is_colorful()), nl=False)
        for file in result.files:
            click.echo(f"Wrote {terminal_safe(str(file))}")
    for line in next_steps(result):
        click.echo(terminal_safe(line), err=as_json)
    if result.stopped_by is not None:
        click.echo(f"rateport: {printable(str(result.stopped_by))}", err=True)
    return result.exit_code


def next_steps(result: Result) -> list[str]:
    """What the person can do now."""
    leftovers = next((file for file in result.files if file.name == "leftovers.csv"), None)
    if result.stopped_by is None and leftovers and result.summary.leftovers:
        if result.summary.facts.command == "remove":
            return ["To remove what is left: mend its rows in the file you named, then run rateport remove again."]
        return [f"To repair what is left: edit {leftovers}, then run: rateport import {leftovers} -o repaired"]
    return []


def asked(summary: Summary, question: str) -> bool:
    """Whether the person agrees, with the whole forecast in view. Raises ConfigError without a terminal."""
    from importer.report.tables import render

    _ensure_somebody_is_there()
    click.echo(render(summary, width=width(), color=is_colorful()), nl=False, err=True)
    return _says_yes(question)


def asked_about(sections: Sequence[Section], question: str) -> bool:
    """Whether the person agrees to what the sections say. Raises ConfigError without a terminal."""
    from importer.report.sections import sections_page

    _ensure_somebody_is_there()
    click.echo(sections_page(sections, width=width(), color=is_colorful()), nl=False, err=True)
    return _says_yes(question)


def _ensure_somebody_is_there() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError("There is no terminal to ask on; add --yes to go on without asking.")


def _says_yes(question: str) -> bool:
    from importer.interrupts import line_from

    while True:
        click.echo(f"{terminal_safe(question)} [y/N]: ", nl=False, err=True)
        typed = line_from(sys.stdin)
        if not typed:
            raise click.Abort
        if (answer := typed.strip().lower()) in ("y", "yes", "n", "no", ""):
            return answer in ("y", "yes")
        click.echo("Please answer y or n.", err=True)


def told(found: Told, as_json: bool) -> int:
    """Print what a command has to tell, and return its exit code."""
    from importer.report.sections import sections_page

    if as_json:
        click.echo(json.dumps(found.values, indent=2))
    else:
        click.echo(sections_page(found.sections, width=width(), color=is_colorful()), nl=False)
    return found.exit_code


def width() -> int:
    """Cells of a line; a page for a number of them that no terminal has would take for ever to fill."""
    return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)


def is_colorful() -> bool:
    """Whether results may be coloured."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


@contextmanager
def watching() -> Iterator[Watching]:
    """The terminal as what watches a command: a bar, notes, Ctrl-C and the request to terminate."""
    from importer.interrupts import StoppableClock, stop_on_interrupt
    from importer.report.progress import TerminalProgress
    from importer.runs.session import Watching

    with stop_on_interrupt() as stop:
        yield Watching(
            progress=TerminalProgress(),
            should_stop=stop.is_asked,
            gently=stop.gently,
            clock=StoppableClock(stop.is_asked),
        )
