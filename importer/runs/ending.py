"""What every command on exports ends with: balanced books, a summary, a report, an exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.preparing import Prepared
from importer.report.account import strays_section
from importer.report.files import write_report
from importer.report.summary import RunFacts, Summary, summarize, summary_json
from importer.stages.frame import Frame, check_balance
from importer.vocabulary.errors import ConfigError, RateportError
from importer.vocabulary.sends import Send

if TYPE_CHECKING:
    from importer.simkl.client import SimklClient


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended: what to show, what was written, the exit code, and why it stopped early if it did."""

    summary: Summary
    files: Sequence[Path]
    exit_code: int
    stopped_by: RateportError | None = None

    def to_json(self) -> Mapping[str, Any]:
        """The summary for machines (design.md 6)."""
        return summary_json(self.summary)


@dataclass(frozen=True, slots=True)
class Books:
    """A plan as it stands: its rows with their outcomes, and the sends that go or went."""

    prepared: Prepared
    frame: Frame
    sends: Mapping[int, Send]

    def summary(self, facts: RunFacts) -> Summary:
        """What it comes to so far."""
        origin = self.prepared.material.origin
        facts = replace(
            facts,
            inputs=origin.inputs,
            passed_over=origin.passed_over,
            encodings=origin.encodings,
            told=origin.told,
        )
        return summarize(self.frame, self.sends, self.prepared.groups, facts)


def with_requests(facts: RunFacts, client: SimklClient) -> RunFacts:
    """The facts with how often Simkl was asked, and with what it answered to nothing."""
    if client.strays:
        facts = replace(
            facts,
            account=(*facts.account, strays_section(client.strays)),
            for_machines={**facts.for_machines, "unmatched_answers": client.strays},
        )
    return replace(facts, gets=client.requests.get, posts=client.requests.post)


def ended(
    books: Books,
    facts: RunFacts,
    folder: Path | None,
    *,
    stopped_by: RateportError | None = None,
    is_amiss: bool = False,
) -> Result:
    """The end of a command: the books are closed, and the report is written whatever stopped it. `is_amiss`: not
    all is as it should be, though every row is settled. Raises BalanceError."""
    check_balance(books.frame, books.prepared.records)
    summary = books.summary(replace(facts, paused=str(stopped_by or "")))
    exit_code = stopped_by.exit_code if stopped_by else int(summary.leftovers > 0 or is_amiss)
    summary = replace(summary, facts=replace(summary.facts, exit_code=exit_code))
    try:
        files = write_report(folder, books.frame, summary) if folder else []
    except ConfigError as error:
        if facts.command == "preview":
            raise
        return Result(summary, [], error.exit_code, stopped_by or error)  # what was sent must still be told
    return Result(summary, files, exit_code, stopped_by)
