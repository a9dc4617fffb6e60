"""Named files -> documents that hold ratings, each with its one source; everything else with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from importer.adapter import Adapter
from importer.intake.documents import Document, documents
from importer.intake.identify import Claim, Ignored, Unidentified, identify
from importer.intake.outline import Medium, outline
from importer.intake.readers import column_name
from importer.vocabulary.errors import InputError


class Status(StrEnum):
    """What a document turned out to be."""

    RATINGS = "ratings"
    NO_RATINGS = "no ratings"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One document, what it is, and where it holds no ratings, why."""

    document: Document
    status: Status
    claim: Claim | None = None
    reason: str = ""

    @property
    def short_reason(self) -> str:
        """The reason without the file's name in front."""
        return self.reason.removeprefix(f"{self.document.name}: ")

    @property
    def was_named(self) -> bool:
        """Whether the person named this very file, not a folder or archive around it."""
        return not self.document.path


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents that hold ratings, and those passed over."""

    ratings: tuple[Finding, ...]
    passed_over: tuple[Finding, ...]


def findings(
    paths: Sequence[Path],
    adapters: Sequence[Adapter],
    *,
    source: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> list[Finding]:
    """What every document under `paths` is. `columns` are the person's own names for plain columns.

    Raises InputError when a path cannot be read at all, ConfigError for an unknown `source`.
    """
    renames = {column_name(own): plain for plain, own in (columns or {}).items()}
    return [_finding(document, adapters, source, renames) for document in documents(list(paths), encoding=encoding)]


def ratings_among(found: Sequence[Finding]) -> Reading:
    """The documents to import. Raises InputError when a named file is unknown or damaged, when a file that
    ought to hold ratings is damaged, or when nothing holds ratings."""
    ratings = tuple(finding for finding in found if finding.status is Status.RATINGS)
    passed_over = tuple(finding for finding in found if finding.status is not Status.RATINGS)
    for finding in passed_over:
        if finding.status is Status.DAMAGED and (finding.was_named or "rating" in finding.document.base_name):
            raise InputError(finding.reason)
        if finding.status is Status.UNKNOWN and finding.was_named:
            raise InputError(finding.reason)
    if not ratings:
        raise InputError(_nothing(passed_over))
    return Reading(ratings, passed_over)


def _finding(
    document: Document, adapters: Sequence[Adapter], source: str | None, renames: Mapping[str, str]
) -> Finding:
    try:
        return _identified(document, adapters, source, renames)
    except Ignored as error:
        return Finding(document, Status.NO_RATINGS, None, str(error))
    except Unidentified as error:
        return Finding(document, Status.UNKNOWN, None, str(error))
    except InputError as error:
        return Finding(document, Status.DAMAGED, None, str(error))


def _identified(
    document: Document, adapters: Sequence[Adapter], source: str | None, renames: Mapping[str, str]
) -> Finding:
    here = outline(document)
    if here.medium is Medium.JSON and here.marks <= {"[]"}:
        return Finding(document, Status.NO_RATINGS, None, f"{document.name}: an empty list, no records in it.")
    try:
        claim = identify(document, adapters, source)
    except Unidentified:
        if not renames or here.medium is not Medium.TABLE:
            raise
        document = replace(document, renames=renames, memo={})
        claim = identify(document, adapters, source)
    if claim.shape.refusal:
        return Finding(document, Status.NO_RATINGS, claim, f"{document.name}: {claim.shape.refusal}")
    return Finding(document, Status.RATINGS, claim)


def _nothing(passed_over: Sequence[Finding]) -> str:
    if not passed_over:
        return "There are no files in what you named."
    reasons = [finding.reason for finding in passed_over[:8]]
    more = [f"... and {len(passed_over) - 8} more files"] if len(passed_over) > 8 else []
    return "\n".join(["No ratings were found in what you named.", *reasons, *more])
