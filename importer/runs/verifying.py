"""Verify: the account is read back, and every title that a run has sent is compared by value and date."""

from __future__ import annotations

from typing import Any

from importer.journal.journal import Run
from importer.preparing import Prepared
from importer.report.account import verified_section
from importer.runs.accounts import read_account
from importer.runs.aftermath import read_and_proved, sent_rows
from importer.runs.beginning import prepared_again
from importer.runs.deeds import Word
from importer.runs.session import Session
from importer.runs.undoing import Told
from importer.stages.proof import prove
from importer.stages.reconcile import Fate
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.sends import Send

COMMAND = "verify"


def verify(session: Session, run: Run) -> Told:
    """What of the run is not, or no longer, as it was sent. Raises ConfigError for a run that sends no ratings."""
    if run.command != "import":
        raise ConfigError(f"Run {run.id} is no import but: {run.command}. There is nothing to verify.")
    prepared = prepared_again(session.journal, run)
    confirmed = _confirmed(session, run, prepared)
    sent, landed = sent_rows(confirmed, prepared.plan.frame), session.journal.ledger(run.id, Word.RATE).landed()
    _, proof = read_and_proved(
        session, lambda: read_account(session).titles, lambda titles: prove(sent, titles, known=landed)
    )
    findings = [{"fault": each.fault.value, "sentence": each.sentence} for each in proof.findings]
    exit_code = int(bool(findings))
    values: dict[str, Any] = {
        "command": COMMAND,
        "run": run.id,
        "checked": len(confirmed),
        "findings": findings,
        "exit_code": exit_code,
    }
    nothing = (f"Run {run.id}", () if confirmed else ("it has sent nothing that was confirmed",))
    return Told([nothing, verified_section(findings, len(confirmed))], values, exit_code)


def _confirmed(session: Session, run: Run, prepared: Prepared) -> dict[int, Send]:
    """The sends that arrived, in the form in which they did, by the place of their rows."""
    settled = session.journal.ledger(run.id, Word.RATE).settled()
    found: dict[int, Send] = {}
    for place, send in prepared.plan.sends.items():
        for tried in (send, prepared.plan.sends.second(place)):
            if tried and tried.key in settled and settled[tried.key].fate is Fate.CONFIRMED:
                found[place] = tried
    return found
