"""One function per command on exports and runs, joining the stages.

A preview with the account is just what an import does before it sends (the one without stands in `previewing`).
`resume` is the same import, with the rows from the journal instead of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from importer.config import Configuration
from importer.journal.journal import Journal, Run
from importer.preparing import Request, prepare
from importer.report.folder import ensure_writable, guard_found
from importer.report.page import counted
from importer.report.sections import Section
from importer.runs import history, imports, removing, undoing, verifying
from importer.runs.accounts import read_account
from importer.runs.backups import file_beside, write_backup
from importer.runs.beginning import How, prepared_again
from importer.runs.ending import Result
from importer.runs.session import Watching, session
from importer.runs.undoing import Told
from importer.services import Service
from importer.vocabulary.errors import ConfigError


def preview_account(request: Request, configuration: Configuration, to: Service, watching: Watching) -> Result:
    """What an import of the named files would do to the account as it is; it is only read."""
    prepared = prepare(request, configuration.settings, watching.clock)
    with session(to, watching) as at_work:
        return imports.shown(at_work, prepared, request.report_folder)


def run_import(request: Request, configuration: Configuration, to: Service, how: How, watching: Watching) -> Result:
    """Plan, compare, ask, post, read back, report; the rest of it where it was cut off before."""
    prepared = prepare(request, configuration.settings, watching.clock)
    if request.report_folder:
        ensure_writable(request.report_folder)
    with session(to, watching) as at_work:
        return imports.carry_out(at_work, prepared, how, request.report_folder)


def run_removal(
    request: Request, configuration: Configuration, to: Service, how: How, watching: Watching
) -> Result:
    """Clear the ratings of the titles that the files name, and report as an import does."""
    prepared = prepare(replace(request, takes_titles=True), configuration.settings, watching.clock)
    if request.report_folder:
        ensure_writable(request.report_folder)
    with session(to, watching) as at_work:
        return removing.carry_out(at_work, prepared, how, request.report_folder)


def resume(number: int | None, to: Service, how: How, folder: Path, watching: Watching) -> Result | Told:
    """Go on with a run from what the journal holds of it: the last that did not come to its end, or the named one.

    Raises ConfigError where there is nothing to go on with."""
    with session(to, watching) as at_work:
        run = _unfinished(at_work.journal.runs(), number)
        if run.command == undoing.COMMAND:
            target = at_work.journal.run(undoing.target_of(run))
            return undoing.undo(at_work, target, lambda sections: True, dry_run=False)
        prepared = prepared_again(at_work.journal, run)
        guard_found((Path(name) for name, *_ in prepared.material.origin.inputs), folder)
        ensure_writable(folder)
        if run.command == removing.COMMAND:
            return removing.carry_out(at_work, prepared, how, folder, run)
        how = replace(how, restore_status=bool(run.told.get("restore_status")))
        return imports.carry_out(at_work, prepared, how, folder, run)


def _unfinished(runs: Sequence[Run], number: int | None) -> Run:
    open_runs = [run for run in runs if run.finished_at is None]
    if number is None:
        if not open_runs:
            raise ConfigError("There is nothing to go on with: every run has come to its end.")
        return open_runs[-1]
    for run in open_runs:
        if run.id == number:
            return run
    if any(run.id == number for run in runs):
        raise ConfigError(f"Run {number} has come to its end; there is nothing to go on with.")
    raise ConfigError(f"There is no run {number}; 'rateport runs' lists them.")


def verify(number: int | None, to: Service, watching: Watching) -> Told:
    """Read the account back and compare it with what a run has sent, the last import unless one is named."""
    with session(to, watching) as at_work:
        return verifying.verify(
            at_work, _last_import(at_work.journal) if number is None else at_work.journal.run(number)
        )


def _last_import(journal: Journal) -> Run:
    found = [run for run in journal.runs() if run.command == imports.COMMAND]
    if not found:
        raise ConfigError("No import has been made yet, so there is nothing to verify.")
    return found[-1]


def undo(
    number: int, to: Service, confirm: Callable[[Sequence[Section]], bool], watching: Watching, *, dry_run: bool
) -> Told:
    """Put back what a run did."""
    with session(to, watching) as at_work:
        return undoing.undo(at_work, undoing.chosen(at_work, number), confirm, dry_run=dry_run)


def backup(path: Path | None, to: Service, watching: Watching) -> Told:
    """Save the account's ratings and lists as a file, which is an export that can be imported."""
    with session(to, watching) as at_work:
        account = read_account(at_work)
        written = write_backup(path or file_beside(to, watching.clock.now()), account.rows)
    rated = sum(title.is_rated for title in account.titles)
    values = {
        "command": "backup",
        "file": str(written),
        "titles": len(account.titles),
        "rated": rated,
        "exit_code": 0,
    }
    titles = counted(len(account.titles), "title")
    return Told([("Backup", (f"{titles}, {rated:,} of them rated: {written}",))], values)


def runs(to: Service) -> Told:
    """Every run on the account."""
    with Journal(to.journal, to.account) as journal:
        return history.all_runs(journal.runs())


def show(number: int | None, to: Service) -> Told:
    """One run, the last unless one is named."""
    with Journal(to.journal, to.account) as journal:
        known = journal.runs()
        if number is None and not known:
            raise ConfigError("There are no runs yet.")
        return history.one_run(known[-1] if number is None else journal.run(number), known)
