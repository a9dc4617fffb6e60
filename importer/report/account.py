"""What there is to say of the account, as headed lines: the difference, the lists, what was seen afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from importer.report.page import counted
from importer.report.sections import Section, first, names
from importer.report.titles import list_name
from importer.stages.difference import Difference, Stand, Standing
from importer.vocabulary.sends import Send


def difference_section(found: Difference) -> Section:
    """New, changed, unchanged and kept titles, with examples of what is changed and what is kept."""
    counts = Counter(standing.stand for standing in found.standings.values())
    total = ", ".join(f"{counts[stand]:,} {stand.value}" for stand in Stand if counts[stand])
    lines = [total or "nothing to send"]
    for stand in (Stand.CHANGED, Stand.KEPT):
        told = [
            _told(found.sends[place], standing)
            for place, standing in found.standings.items()
            if standing.stand is stand
        ]
        lines += first(f"{stand.value}:", told)
    return "Compared with your account", tuple(lines)


def difference_counts(found: Difference) -> dict[str, int]:
    """How many titles stand how, for machines."""
    counts = Counter(standing.stand for standing in found.standings.values())
    return {stand.value: counts[stand] for stand in Stand}


def _told(send: Send, standing: Standing) -> str:
    held = standing.held
    assert held is not None  # only titles of the account are changed or kept
    theirs = f"{held.rating} of {held.rated_at:%Y-%m-%d}" if held.rated_at else f"{held.rating}"
    mine = f"{send.item['rating']} of {send.item['rated_at'][:10]}" if send.is_dated else f"{send.item['rating']}"
    if standing.stand is Stand.KEPT:
        return f"{held.name}: {theirs} stays, not {mine}"
    return f"{held.name}: {theirs} becomes {mine}"


def filings_section(filings: Mapping[str, Sequence[str]], planned: int) -> Section:
    """On which lists Simkl will put titles that are on none."""
    total = sum(map(len, filings.values()))
    lines = [
        f"as {list_name(name)}{_but(name)}: {len(titles):,} ({names(titles)})" for name, titles in filings.items()
    ]
    if planned:
        lines.append(
            f"{planned:,} of the titles are on your plan to watch; should rating complete them, --restore-status "
            "puts them back."
        )
    if not total:
        return "Lists", tuple(lines)
    return f"Simkl will put {counted(total, 'title')} on a list, because on none of yours yet", tuple(lines)


def _but(name: str) -> str:
    """What no export tells (simkl-api.md 4.3)."""
    return {"completed": ", if released", "watching": ", or completed with a single episode"}.get(name, "")


def found_sections(found: Mapping[str, Any]) -> list[Section]:
    """What was seen after a run."""
    filed: Mapping[str, Sequence[str]] = found.get("filed", {})
    sections = [
        (
            "Put on your lists by Simkl",
            tuple(f"{list_name(k)}: {len(v):,} ({names(v)})" for k, v in filed.items()),
        ),
        ("Moved to another list by Simkl", tuple(_moves(found))),
        verified_section(found["findings"], found["checked"]),
    ]
    return [section for section in sections if section[1]]


def _moves(found: Mapping[str, Any]) -> list[str]:
    moves = [f"{name}: {list_name(was)} → {list_name(became)}" for name, was, became in found.get("moved", ())]
    if not moves:
        return []
    stuck = sum(each["fault"] == "list" for each in found["findings"])
    told = f"put back, but for {stuck:,}" if stuck else "put back"
    if not found.get("restored"):
        told = "--restore-status puts titles back when you import"
    return [*first("", moves), told]


def strays_section(count: int) -> Section:
    """What Simkl answered beside the sends; what became of those was settled without it."""
    matches = "matches" if count == 1 else "match"
    lines = (f"{counted(count, 'answer')} of Simkl {matches} nothing that was sent",) if count else ()
    return "Answers to nothing", lines


def verified_section(findings: Collection[Mapping[str, str]], checked: int) -> Section:
    """What reading back has shown."""
    if not checked:
        return "Read back", ()
    if not findings:
        return "Read back", (f"{counted(checked, 'title')}: every rating and date is there",)
    return "Read back: not as it should be", tuple(first("", [each["sentence"] for each in findings], 20))
