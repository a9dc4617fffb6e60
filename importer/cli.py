"""The command line: parse, call the pipeline, print, exit. No logic.

pandas, httpx and flask are imported only inside the commands that need them, so that help answers at once.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer import __version__
from importer.account_commands import COMMANDS
from importer.options import (
    account_options,
    backup_option,
    files_argument,
    history_option,
    reading_options,
    report_option,
    restore_option,
    sandbox_option,
    yes_option,
)
from importer.terminal import asked, say, shown, watching
from importer.vocabulary.cells import printable, terminal_safe
from importer.vocabulary.clock import SystemClock
from importer.vocabulary.errors import RateportError

if TYPE_CHECKING:
    from importer.vocabulary.owntables import OwnTable

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="rateport")
def cli() -> None:
    """Carry your ratings out of other trackers into Simkl.

    \b
    rateport preview ratings.csv        what would happen, nothing is sent
    rateport import ratings.csv         the same, then send it after you agreed
    rateport undo 1                     put back what run 1 did
    rateport import --sandbox ...       try it against a stand-in on this machine

    FILE may be a file, a folder, a zip or gz; several may be named.
    """


@cli.command()
@click.argument("name", required=False)
def sources(name: str | None) -> None:
    """List what rateport can read, and where to get it.

    \b
    rateport sources            all of them
    rateport sources imdb       where the export button is, and the files understood
    """
    from importer import listing

    click.echo(printable(listing.sources(name)), nl=False)


@cli.command()
@files_argument
@click.option("--source", metavar="NAME[:SHAPE]", help="Say what the files are; still checked.")
@click.option("--encoding", metavar="NAME", help="Encoding of files that rateport cannot tell.")
def identify(files: tuple[Path, ...], source: str | None, encoding: str | None) -> int:
    """Tell which source and shape each file is, and why.

    \b
    rateport identify ratings.csv letterboxd-export.zip
    """
    from importer import listing

    text, exit_code = listing.identified(files, source, encoding, _own_table())
    click.echo(printable(text), nl=False)
    return exit_code


@cli.command()
@files_argument
@reading_options
@account_options
@click.option("--account", "with_account", is_flag=True, help="Compare with your account, which is only read.")
@sandbox_option
def preview(files: tuple[Path, ...], with_account: bool, in_sandbox: bool, **options: Any) -> int:
    """Show the full plan without sending anything. Needs no account and no network, unless you ask for it.

    \b
    rateport preview ratings.csv
    rateport preview letterboxd-export.zip ratings.csv -o check
    rateport preview ratings.csv --account      new, changed, unchanged and kept titles
    """
    request, configuration, as_json = _request(files, options)
    if not (with_account or in_sandbox):
        from importer import previewing

        return shown(previewing.preview(request, configuration), as_json)
    from importer import pipeline, services

    to = services.chosen(configuration, SystemClock(), in_sandbox=in_sandbox)
    with watching() as watched:
        result = pipeline.preview_account(request, configuration, to, watched)
    return shown(result, as_json)


@cli.command("import")
@files_argument
@reading_options
@account_options
@history_option
@restore_option
@backup_option
@yes_option
@sandbox_option
def import_(files: tuple[Path, ...], yes: bool, in_sandbox: bool, **options: Any) -> int:
    """Preview, compare with your account, ask, send, read back and report.

    Running it again continues where it stopped; what your account holds already is not sent.

    \b
    rateport import ratings.csv
    rateport import exports/ --yes -o report
    rateport import rateport-report/leftovers.csv
    """
    from importer import pipeline, services
    from importer.report.folder import fresh_folder
    from importer.runs.beginning import How

    options["report_folder"] = options["report_folder"] or fresh_folder(Path())
    request, configuration, as_json = _request(files, options)
    to = services.chosen(configuration, SystemClock(), in_sandbox=in_sandbox)
    settings = configuration.settings
    how = How(
        confirm=lambda summary: yes or asked(summary, "Send this to Simkl?"),
        restore_status=settings.restore_status,
        backup=settings.backup,
    )
    with watching() as watched:
        result = pipeline.run_import(request, configuration, to, how, watched)
    return shown(result, as_json)


@cli.command()
@files_argument
@reading_options
@backup_option
@yes_option
@sandbox_option
def remove(files: tuple[Path, ...], yes: bool, in_sandbox: bool, **options: Any) -> int:
    """Remove the ratings of the titles that the files name from your account; the titles stay on their lists.

    The files are exports, whatever they rate a title, or a table that names titles and rates none: with the columns
    type and imdb, tmdb, mal and so on, or title, year and type. Where there is a column for ratings, rows without
    one are left alone, as in a watchlist. `rateport undo` brings back what a removal took.

    \b
    rateport remove mistakes.csv
    """
    from importer import pipeline, services
    from importer.report.folder import fresh_folder
    from importer.runs.beginning import How

    options["report_folder"] = options["report_folder"] or fresh_folder(Path())
    request, configuration, as_json = _request(files, options)
    to = services.chosen(configuration, SystemClock(), in_sandbox=in_sandbox)
    how = How(
        confirm=lambda summary: yes or asked(summary, "Remove these ratings from your account?"),
        backup=configuration.settings.backup,
    )
    with watching() as watched:
        result = pipeline.run_removal(request, configuration, to, how, watched)
    return shown(result, as_json)


@cli.command()
@report_option(default=Path("rateport-report-demo"), show_default=True, help="Folder for the report files.")
def demo(report_folder: Path) -> int:
    """Watch a whole migration of the sample exports, from nothing, against the stand-in."""
    from importer import demonstration
    from importer.report.progress import TerminalProgress

    result = demonstration.run(report_folder, TerminalProgress())
    shown(result, as_json=False)
    return 0 if result.exit_code == 1 else result.exit_code


@cli.command()
@click.option("--port", default=8765, show_default=True, help="Port on 127.0.0.1; 0 takes any free one.")
@click.option("--strict", is_flag=True, help="Know only a small fixed catalogue, as in rateport's tests.")
def sandbox(port: int, strict: bool) -> None:
    """Serve the Simkl stand-in on this machine until Ctrl-C.

    \b
    rateport sandbox --port 8765
    RATEPORT_API_URL=http://127.0.0.1:8765 rateport import ratings.csv
    """
    from importer import demonstration

    demonstration.serve_sandbox(port, strict=strict, home=_home(), tell=lambda line: say([line]))


for command in COMMANDS:
    cli.add_command(command)


def main() -> int:
    """Run the command line and return the exit code; every foreseeable trouble ends in one sentence."""
    try:
        code = cli.main(standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        where = error.ctx if isinstance(error, click.UsageError) else None
        click.UsageError(terminal_safe(error.format_message()), where).show()  # it repeats words that were typed
        return 2
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _stopped()
    except RateportError as error:
        click.echo(f"rateport: {printable(str(error))}", err=True)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last door: a fault of ours, said so, with what helps to find it
        if _is_of_a_stop(error):
            return _stopped()
        click.echo(printable(traceback.format_exc()), nl=False, err=True)
        click.echo(
            "rateport: this is a fault in rateport itself; nothing more was done. Please report it.", err=True
        )
        return 70


def _stopped() -> int:
    click.echo("Stopped. Everything that was done is saved; run the same command again to go on.", err=True)
    return 75


def _is_of_a_stop(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind it: before Python 3.12 it becomes a RuntimeError where a class is being made."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


# --- small things -----------------------------------------------------------------------------------------


def _request(files: tuple[Path, ...], options: Mapping[str, Any]) -> tuple[Any, Any, bool]:
    from importer import config
    from importer.preparing import Request

    flags = {name: value for name, value in options.items() if name in config.Settings.model_fields}
    flags["type"] = list(options["type_"]) or None
    request = Request(paths=files, source=options["source"], report_folder=options["report_folder"])
    return request, config.load(flags), options["as_json"]


def _own_table() -> OwnTable | None:
    from importer import config

    return config.load({}).settings.own_table


def _home() -> Path:
    from importer import config

    return config.home_folder(os.environ)
