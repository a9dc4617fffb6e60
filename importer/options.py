"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from importer.vocabulary.errors import ConfigError

_LAST_RUN = 2**63 - 1  # as far as SQLite counts


class _Named(click.Path):
    """A path that has a name: an empty one, as from a shell variable that is not set, would be this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty.", param, ctx)
        return super().convert(value, param, ctx)


class RunNumber(click.IntRange):
    """The number of a run. Raises ConfigError for one beyond what the journal can count to."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number > _LAST_RUN:
            raise ConfigError(f"There is no run {number}; 'rateport runs' lists them.")
        return number


files_argument = click.argument(  # whether it can be read is for intake to say, with its own exit code
    "files", nargs=-1, required=True, metavar="FILE...", type=_Named(path_type=Path, readable=False)
)
report_option = partial(
    click.option,
    "-o",
    "report_folder",
    metavar="DIR",
    type=_Named(path_type=Path, file_okay=False, readable=False),
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
sandbox_option = click.option(
    "--sandbox", "in_sandbox", is_flag=True, help="Use the stand-in on this machine, not Simkl."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer for machines.")
backup_option = click.option(
    "--backup/--no-backup",
    default=None,
    help="Save your account's ratings and lists first, beside the journal (default: yes).",
)
history_option = click.option(
    "--with-history",
    is_flag=True,
    default=None,
    help="Also mark movies as watched, on the day that the export says they were. Off unless you ask: a rating is "
    "no watch, and undo cannot take back a watch of a title that was on your lists before.",
)
restore_option = click.option(
    "--restore-status",
    is_flag=True,
    default=None,
    help="Put titles back on the list they were on, should rating them move them to another.",
)


def account_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that compare with the account."""
    for option in reversed(
        (
            click.option(
                "--on-conflict",
                type=click.Choice(["newest", "keep", "overwrite", "highest"]),
                help="Who wins where Simkl holds a rating already: the newest (default), what is there (keep), "
                "the export (overwrite), or the highest.",
            ),
            click.option(
                "--only-listed",
                is_flag=True,
                default=None,
                help="Rate only titles that are on one of your Simkl lists already, so that none is put on one.",
            ),
        )
    ):
        command = option(command)
    return command


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that reads exports."""
    for option in reversed(
        (
            click.option("--source", metavar="NAME[:SHAPE]", help="Say what the files are; still checked."),
            click.option("--encoding", metavar="NAME", help="Encoding of files that rateport cannot tell."),
            click.option("--timezone", metavar="ZONE", help="Zone of times without one, as in Europe/Berlin."),
            click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="For dates like 4/5/2026."),
            click.option(
                "--stand-in-dates/--no-stand-in-dates",
                default=None,
                help="Let a finish or watch date stand in for a missing rating date (default: yes).",
            ),
            click.option("--hold-undated", is_flag=True, default=None, help="Keep rows without any date back."),
            click.option(
                "--prefer",
                metavar="POLICY",
                help="Who speaks for a title: newest (default), oldest, highest, or sources: imdb,trakt.",
            ),
            click.option("--ids-only", is_flag=True, default=None, help="Send ids alone, never titles."),
            click.option(
                "--type",
                "type_",
                multiple=True,
                type=click.Choice(["movies", "shows", "anime"]),
                help="Send only these; may be given several times.",
            ),
            click.option(
                "--profile", metavar="NAME", help="Whose ratings to read, where a file holds several people's."
            ),
            click.option("--since", metavar="YYYY-MM-DD", help="Send only what was rated from this day on."),
            click.option(
                "--shows-from-seasons",
                type=click.Choice(["mean", "latest", "highest"]),
                help="Rate a show by its seasons or episodes where it is not rated itself.",
            ),
            report_option(help="Folder for the report files."),
            click.option("--json", "as_json", is_flag=True, help="Print the summary for machines."),
        )
    ):
        command = option(command)
    return command
