"""Named files -> documents that hold ratings, each with its one source; everything else with the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from importer.adapter import Adapter
from importer.intake.documents import Document, documents
from importer.intake.identify import Claim, Ignored, Unidentified, identify
from importer.intake.outline import Medium, outline
from importer.intake.readers import header
from importer.vocabulary.errors import InputError
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.owntables import NAMED_TITLES, NAMING, OwnTable

PLAIN = "rateport"  # the source whose plain lists a table of the person's own becomes
PLAIN_LISTS = (f"{PLAIN}:ratings", f"{PLAIN}:ids")
NO_FILES = "There are no files in what you named."


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
        """The reason as one line, without the file's name in front."""
        told, *lines = self.reason.removeprefix(f"{self.document.name}: ").split("\n")
        return f"{told} {'; '.join(map(str.strip, lines))}" if lines else told

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
    own_table: OwnTable | None = None,
) -> list[Finding]:
    """What every document under `paths` is. `own_table` is what the person says of a table that no source claims.

    Raises InputError when a path cannot be read at all, ConfigError for an unknown `source`.
    """
    found = documents(list(paths), encoding=encoding)
    return [_finding(document, adapters, source, own_table) for document in found]


def ratings_among(found: Sequence[Finding]) -> Reading:
    """The documents to import. Raises InputError when a named file is unknown or damaged, when a file that
    ought to hold ratings is damaged, or when nothing holds ratings."""
    ratings = tuple(finding for finding in found if finding.status is Status.RATINGS)
    passed_over = tuple(finding for finding in found if finding.status is not Status.RATINGS)
    for finding in passed_over:
        if finding.status is Status.DAMAGED and (finding.was_named or "rating" in finding.document.base_name):
            raise InputError(*finding.reason.split("\n"))
        if finding.status is Status.UNKNOWN and finding.was_named:
            raise InputError(*f"{finding.reason}{_own_table_hint(finding)}".split("\n"))
    if not ratings:
        raise InputError(*_nothing(passed_over))
    return Reading(ratings, passed_over)


def as_titles(finding: Finding, adapters: Sequence[Adapter]) -> Finding:
    """A named table that no source knows as the list of titles that it may be: its columns say what names a title,
    and nothing else. Any other finding is left as it is."""
    if finding.status is not Status.UNKNOWN or not finding.was_named:
        return finding
    here = outline(finding.document)
    names_titles = here.marks <= NAMING and not here.marks.isdisjoint(NAMING - {"year", "type", "kind", "anime"})
    if here.medium is not Medium.TABLE or not names_titles:
        return finding
    adapter, shape = _plain_list(adapters, PLAIN_LISTS[1])
    return Finding(finding.document, Status.RATINGS, Claim(adapter, replace(shape, name=NAMED_TITLES)))


def _own_table_hint(finding: Finding) -> str:
    if outline(finding.document).medium is not Medium.TABLE:
        return ""
    return " If this is a table of your own, 'rateport identify' proposes what to say of it in the config."


def _finding(
    document: Document, adapters: Sequence[Adapter], source: str | None, own_table: OwnTable | None
) -> Finding:
    try:
        return _identified(document, adapters, source, own_table)
    except Ignored as error:
        return Finding(document, Status.NO_RATINGS, None, str(error))
    except Unidentified as error:
        return Finding(document, Status.UNKNOWN, None, str(error))
    except InputError as error:
        return Finding(document, Status.DAMAGED, None, str(error))


def _identified(
    document: Document, adapters: Sequence[Adapter], source: str | None, own_table: OwnTable | None
) -> Finding:
    if document.aside:
        return _without_ratings(document, None, document.aside)
    here = outline(document)
    if here.medium is Medium.JSON and here.marks <= {"[]"}:
        return _without_ratings(document, None, "a list without records.")
    if own_table is None or here.medium is not Medium.TABLE:
        claim = identify(document, adapters, source)
    else:
        document, claim = _maybe_own(document, adapters, source, own_table)
    if claim.shape.refusal:
        return _without_ratings(document, claim, claim.shape.refusal)
    return Finding(document, Status.RATINGS, claim)


def _without_ratings(document: Document, claim: Claim | None, why: str) -> Finding:
    return Finding(document, Status.NO_RATINGS, claim, str(InputError(f"{document.name}: {why}")))


def _maybe_own(
    document: Document, adapters: Sequence[Adapter], source: str | None, own_table: OwnTable
) -> tuple[Document, Claim]:
    """The claim on a table, which is the person's own where no source claims it, or where they name rateport."""
    names = header(document)
    missing = own_table.missing(names)
    is_own = not missing and bool(own_table.columns)
    if source is not None:
        is_own = not missing and source.partition(":")[0] == PLAIN
    try:
        claim = identify(document, adapters, source)
    except Unidentified as error:
        if is_own:
            return _own(document, adapters, own_table)
        if 0 < len(missing) < len(own_table.columns):
            raise Unidentified(f"{error} {_misfit(missing)}") from None
        raise
    if is_own and source is not None and claim.word in PLAIN_LISTS:
        return _own(document, adapters, own_table)
    return document, claim


def _misfit(missing: Sequence[str]) -> str:
    listed = ", ".join(repr(name) for name in missing)
    return f"The [table] of your config does not fit either: there is no column {listed}."


def _own(document: Document, adapters: Sequence[Adapter], own_table: OwnTable) -> tuple[Document, Claim]:
    """The plain list that `document` is under the person's names; only the columns count that have one."""
    renames = own_table.renames(header(document))
    plain = set(renames.values())
    if "rating" not in plain or plain.isdisjoint(("title", *SENDABLE)):
        raise Unidentified(
            f"{document.name}: as the [table] of your config names its columns, there is no rating, or neither a "
            "title nor an id."
        )
    claim = _plain_list(adapters, PLAIN_LISTS["title" not in plain])
    return replace(document, renames=renames, own_table=own_table, memo={}), claim


def _plain_list(adapters: Sequence[Adapter], word: str) -> Claim:
    adapter = next(adapter for adapter in adapters if adapter.name == PLAIN)
    return next(claim for shape in adapter.shapes if (claim := Claim(adapter, shape)).word == word)


def _nothing(passed_over: Sequence[Finding]) -> list[str]:
    if not passed_over:
        return [NO_FILES]
    reasons = [line for finding in passed_over[:8] for line in finding.reason.split("\n")]
    more = [f"... and {len(passed_over) - 8} more files"] if len(passed_over) > 8 else []
    return ["No ratings were found in what you named.", *reasons, *more]
