"""Headed lines: what commands say that have no rows of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.padding import Padding

from importer.report.page import printed, said

Section = tuple[str, tuple[str, ...]]

NAMED = 5  # titles named before the rest is only counted
_INDENT = 2


def sections_page(sections: Iterable[Section], *, width: int, color: bool = False) -> str:
    """Every section that has lines, at most `width` cells a line, ending in a newline."""
    parts: list[RenderableType] = []
    for title, lines in sections:
        if lines:
            parts += [said(title, style="bold"), *(Padding(said(line), (0, 0, 0, _INDENT)) for line in lines), ""]
    return printed(parts, width=width, color=color)


def first(head: str, lines: Sequence[str], most: int = NAMED) -> list[str]:
    """The first lines under a head, and how many more there are; nothing where there are none."""
    if not lines:
        return []
    more = [f"and {len(lines) - most:,} more"] if len(lines) > most else []
    return [*([head] if head else []), *lines[:most], *more]


def names(titles: Sequence[str]) -> str:
    """The first titles in a row."""
    return ", ".join(titles[:NAMED]) + (", ..." if len(titles) > NAMED else "")
