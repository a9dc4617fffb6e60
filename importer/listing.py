"""What `sources` and `identify` print, and the table of sources in README."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from importer.adapter import Adapter, Document, Evidence, Shape
from importer.intake.identify import Claim
from importer.intake.outline import Medium, outline
from importer.intake.registry import load_adapters
from importer.proposing import proposal
from importer.reading import NO_FILES, Finding, Status, findings
from importer.vocabulary.cells import terminal_safe
from importer.vocabulary.errors import ConfigError, InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.owntables import OwnTable

_OWN_TABLE = "A table of your own with the columns rating (1 to 10), title, year and type can be read instead."
_KNOWN = {
    Evidence.REAL_EXPORT: "Format known from real exports",
    Evidence.PUBLISHED_FORMAT: "Format known from what the site or several programs publish",
    Evidence.RECONSTRUCTED: "Format reconstructed from what one other program reads",
}


_NOTES = re.compile(r"\s\(formats-\w+\.md [^()]*\)")  # where a fact stands is for those who change the module

NO_EXPORT = (
    "Google TV",
    "Goodwatch",
    "Hobi",
    "Hulu",
    "JustWatch",
    "Metacritic",
    "MovieMeter",
    "Reelgood",
    "Serializd",
)
"""Sites of which no export with ratings is known, nor any file that can be told (formats-western.md 2.16)."""


def sources(name: str | None) -> str:
    """Every source grouped by how sure we are of its format, or all about one. Raises ConfigError if unknown."""
    adapters = load_adapters()
    if name is None:
        return "\n".join(_overview(adapters)) + "\n"
    adapter = next((one for one in adapters if name.casefold() in (one.name, one.title.casefold())), None)
    if adapter is None and (site := _without_export(name)):
        return f"{site} hands out no file with ratings that is known.\n{_OWN_TABLE}\n"
    if adapter is None:
        known = ", ".join(adapter.name for adapter in adapters)
        raise ConfigError(f"There is no source {name!r}; known are {known}.")
    return "\n".join(_details(adapter)) + "\n"


def identified(
    paths: Sequence[Path], source: str | None, encoding: str | None, own_table: OwnTable | None
) -> tuple[str, int]:
    """One block per document, what it is and why; and the exit code: 0 when all are known, else 3. Raises
    InputError when there is no document at all."""
    found = findings(paths, load_adapters(), source=source, encoding=encoding, own_table=own_table)
    if not found:
        raise InputError(NO_FILES)
    text = "".join(f"{terminal_safe(line)}\n" for finding in found for line in _verdict(finding))
    strange = any(finding.status in (Status.UNKNOWN, Status.DAMAGED) for finding in found)
    return text, 3 if strange else 0


def sources_table(adapters: Sequence[Adapter]) -> str:
    """The Markdown table of README; what a source carries is read off its samples."""
    from importer.testing.carried import carried  # only README wants it

    lines = [
        "| source | `--source` | how to get the export | what it carries | files | format known from |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for adapter in adapters:
        shapes = ", ".join(shape.name for shape in adapter.shapes if not shape.refusal)
        told = (adapter.title, f"`{adapter.name}`", adapter.help, carried(adapter), shapes, adapter.evidence.value)
        lines.append(f"| {' | '.join(told)} |")
    return "\n".join(lines)


def _overview(adapters: Sequence[Adapter]) -> list[str]:
    lines: list[str] = []
    for evidence in Evidence:
        known = [adapter for adapter in adapters if adapter.evidence is evidence]
        if known:
            lines += [f"{_KNOWN[evidence]}:"]
            lines += [f"  {adapter.name:<14} {adapter.title}" for adapter in known]
            lines += [""]
    lines += [f"No export with ratings is known of {', '.join(NO_EXPORT)}.", _OWN_TABLE, ""]
    return [*lines, "rateport sources NAME tells where the export button is and which files are understood."]


def _without_export(name: str) -> str:
    words = name.casefold().replace(" ", "")
    return next((site for site in NO_EXPORT if words == site.casefold().replace(" ", "")), "")


def _details(adapter: Adapter) -> list[str]:
    lines = [f"{adapter.title} ({adapter.name})", "", adapter.help, ""]
    lines += [f"{_KNOWN[adapter.evidence]}.", "", "What to know:"]
    lines += [f"  {line}".rstrip() for line in _caveats(adapter)]
    lines += ["", "Files:"]
    for shape in adapter.shapes:
        suffixes = ", ".join(shape.suffixes)
        lines.append(f"  {shape.name} ({suffixes})" + (": holds no ratings" if shape.refusal else ""))
        lines.append(f"    told by {_marks(shape)}")
        if shape.optional:
            lines.append(f"    may also hold {', '.join(sorted(shape.optional))}")
    return lines


def _marks(shape: Shape) -> str:
    told = [", ".join(sorted(shape.required))] if shape.required else []
    if shape.any_of:
        told.append(f"one of {', '.join(sorted(shape.any_of))}")
    return "; ".join(told)


def _caveats(adapter: Adapter) -> list[str]:
    """What the adapter's module says of its source: where exports come from, and their quirks."""
    ours = sys.modules.get(f"adapters.{adapter.name}")  # those that only refuse share one `parse`
    module = ours if getattr(ours, "ADAPTER", None) is adapter else sys.modules[adapter.parse.__module__]
    told = inspect.getdoc(module) or adapter.title
    return _NOTES.sub("", told).split("\n")


def _verdict(finding: Finding) -> list[str]:
    if finding.status is not Status.RATINGS or finding.claim is None:
        return [*finding.reason.split("\n"), *_proposed(finding)]
    adapter, shape = finding.claim
    lines = [f"{finding.document.name}: {adapter.title}, {shape.name} ({finding.claim.word})"]
    found = shape.required | (shape.any_of & outline(finding.document).marks)
    lines.append(f"  told by {', '.join(sorted(found))}; {_KNOWN[adapter.evidence].lower()}")
    lines += [f"  {note}" for note in _unrated(finding.document, finding.claim)]
    if finding.document.encoding != "utf-8":
        lines.append(f"  written in {finding.document.encoding}")
    if finding.document.renames:
        own = finding.document.own_table
        named = ", ".join(f"{plain} = {name!r}" for plain, name in own.columns.items())
        lines.append(f"  as the [table] of your config says: {named}; scale {own.scale}, dates {own.date_form}")
    return lines


def _unrated(document: Document, claim: Claim) -> list[str]:
    """What to say of a file of ratings in which nothing is rated, as the watchlist of TMDB is."""
    try:
        codes = [getattr(record, "code", None) for record in claim.adapter.parse(document, claim.shape)]
    except InputError as error:
        return [str(error)]
    if not codes or set(codes) != {Code.UNRATED}:
        return []
    return [f"none of its {len(codes)} records is rated, as in a watchlist: there is nothing to import"]


def _proposed(finding: Finding) -> list[str]:
    """What to say in the config of an unknown table that the person named itself; it may be their own."""
    if finding.status is not Status.UNKNOWN or not finding.was_named:
        return []
    if outline(finding.document).medium is not Medium.TABLE:
        return []
    return proposal(finding.document)
