"""The preview that asks nobody: everything up to the plan, on nothing but the files.

It stands apart from the pipeline so that it starts without the work on the account.
"""

from __future__ import annotations

from importer.config import Configuration
from importer.preparing import Request, prepare
from importer.report.summary import RunFacts
from importer.runs.ending import Books, Result, ended
from importer.stages import chunk
from importer.vocabulary.clock import Clock, SystemClock


def preview(request: Request, configuration: Configuration, *, clock: Clock | None = None) -> Result:
    """What an import of the named files would do, without asking the service anything."""
    prepared = prepare(request, configuration.settings, clock or SystemClock())
    plan = prepared.plan
    forecast = chunk.forecast(len(plan.sends) - plan.undated, plan.undated)
    facts = RunFacts(command="preview", run=None, exit_code=0, forecast=forecast)
    return ended(Books(prepared, plan.frame, plan.sends), facts, request.report_folder)
