"""The commands on the account and on runs, without files: parse, call the pipeline, print, exit. No logic."""

from __future__ import annotations

import json
from pathlib import Path

import click

from importer.options import RunNumber, backup_option, json_option, report_option, sandbox_option, yes_option
from importer.terminal import asked, asked_about, is_colorful, say, show_code, shown, told, watching, width
from importer.vocabulary.clock import SystemClock

run_argument = click.argument("run", type=RunNumber(), required=False)


@click.command()
def login() -> None:
    """Sign in at Simkl: you get a code, enter it on Simkl's page, done. No password is typed here.

    \b
    RATEPORT_CLIENT_ID=... rateport login
    """
    from importer import config, signing

    say(signing.login(config.load({}), show_code, SystemClock()))


@click.command()
def logout() -> None:
    """End the sign-in here and at Simkl."""
    from importer import config, signing

    say(signing.logout(config.load({}), SystemClock()))


@click.command()
def whoami() -> None:
    """Show whose account is signed in, its plan, and how long the sign-in lasts."""
    from importer import config, signing

    say(signing.whoami(config.load({}), SystemClock()))


@click.command()
@run_argument
@report_option(help="Folder for the report files.")
@backup_option
@yes_option
@sandbox_option
@json_option
def resume(
    run: int | None, report_folder: Path | None, backup: bool | None, yes: bool, in_sandbox: bool, as_json: bool
) -> int:
    """Go on with a run that was cut off or paused, the last one unless you name it. The export may be gone.

    \b
    rateport resume
    rateport resume 3 --yes -o report
    """
    from importer import config, pipeline, services
    from importer.report.folder import fresh_folder
    from importer.runs.beginning import How
    from importer.runs.ending import Result

    configuration = config.load({"backup": backup})
    to = services.chosen(configuration, SystemClock(), in_sandbox=in_sandbox)
    how = How(
        confirm=lambda summary: yes or asked(summary, "Go on with this run?"), backup=configuration.settings.backup
    )
    with watching() as watched:
        result = pipeline.resume(run, to, how, report_folder or fresh_folder(Path()), watched)
    return shown(result, as_json) if isinstance(result, Result) else told(result, as_json)


@click.command()
@run_argument
@sandbox_option
@json_option
def verify(run: int | None, in_sandbox: bool, as_json: bool) -> int:
    """Read your account back and compare the value and date of every title that a run has sent.

    Takes the last import unless you name a run. The exit code is 0 when all is there, else 1.

    \b
    rateport verify
    """
    from importer import config, pipeline, services

    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    with watching() as watched:
        return told(pipeline.verify(run, to, watched), as_json)


@click.command()
@click.argument("run", type=RunNumber())
@click.option("--dry-run", is_flag=True, help="Only show what would be put back.")
@yes_option
@sandbox_option
@json_option
def undo(run: int, dry_run: bool, yes: bool, in_sandbox: bool, as_json: bool) -> int:
    """Put back what a run did to your account; what changed since is left alone.

    Titles that were rated before get their old rating and date back, titles that were only listed lose the rating,
    and titles that came with the run leave your library. You are asked first, with counts.

    \b
    rateport undo 1 --dry-run
    """
    from importer import config, pipeline, services

    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    with watching() as watched:
        found = pipeline.undo(
            run,
            to,
            lambda sections: yes or asked_about(sections, "Put this back?"),
            watched,
            dry_run=dry_run,
        )
    return told(found, as_json)


@click.command()
@click.option(
    "-o", "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it."
)
@sandbox_option
@json_option
def backup(file: Path | None, in_sandbox: bool, as_json: bool) -> int:
    """Save your account's ratings and lists as a file, which rateport can import again.

    \b
    rateport backup -o simkl-backup.json
    """
    from importer import config, pipeline, services

    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    with watching() as watched:
        return told(pipeline.backup(file, to, watched), as_json)


@click.command()
@sandbox_option
@json_option
def runs(in_sandbox: bool, as_json: bool) -> int:
    """List what was done to your account: imports, removals, undos, and how each ended."""
    from importer import config, pipeline, services

    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    return told(pipeline.runs(to), as_json)


@click.command()
@run_argument
@sandbox_option
@json_option
def show(run: int | None, in_sandbox: bool, as_json: bool) -> int:
    """Show one run, the last unless you name it: its files, what it came to, what it did to your lists."""
    from importer import config, pipeline, services

    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    return told(pipeline.show(run, to), as_json)


@click.command()
@click.option(
    "--type",
    "type_",
    multiple=True,
    type=click.Choice(["movies", "shows", "anime"]),
    help="List only these; may be given several times.",
)
@click.option("--rating", metavar="8,9", help="List only what has one of these ratings.")
@sandbox_option
@json_option
def ratings(type_: tuple[str, ...], rating: str | None, in_sandbox: bool, as_json: bool) -> None:
    """List what your account has rated, newest first.

    \b
    rateport ratings --type movies --rating 9,10
    """
    from importer import config, listed, services
    from importer.report.titles import ratings_page
    from importer.vocabulary.sends import Section

    wanted = listed.ratings_named(rating)
    to = services.chosen(config.load({}), SystemClock(), in_sandbox=in_sandbox)
    titles = listed.rated_titles(to, SystemClock(), [Section(word) for word in type_], wanted)
    if as_json:
        click.echo(json.dumps(listed.ratings_json(titles), indent=2))
    else:
        click.echo(ratings_page(titles, width=width(), color=is_colorful()), nl=False)


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--type",
    "kind",
    type=click.Choice(["movie", "show"]),
    help="For tmdb, tvdb and traktslug, which number movies and shows apart; otherwise both are tried.",
)
@sandbox_option
@json_option
def lookup(ids: tuple[str, ...], kind: str | None, in_sandbox: bool, as_json: bool) -> int:
    """Show which title an id names at Simkl, with all its ids and public scores.

    \b
    rateport lookup imdb:tt0181852
    rateport lookup tmdb:show:1399 mal:21 simkl:53536
    """
    from importer import config, looking, services
    from importer.report.titles import cards_page

    configuration = config.load({})
    asked_for = [looking.wanted(text, kind) for text in ids]
    to = services.sandbox(configuration) if in_sandbox else looking.service(configuration, SystemClock())
    answers = looking.look_up(asked_for, to, SystemClock())
    missing = looking.missing(answers)
    if as_json:
        click.echo(json.dumps(looking.lookup_json(answers), indent=2))
    else:
        click.echo(cards_page(looking.cards(answers), missing, width=width(), color=is_colorful()), nl=False)
    return 1 if missing else 0


COMMANDS = (login, logout, whoami, resume, verify, undo, backup, runs, show, ratings, lookup)
