"""Titles on the terminal: the rated ones of an account as a table, and what Simkl's catalogue says of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from importer.report.page import NARROWEST, counted, printed, said
from importer.vocabulary.sends import AccountTitle, Section

KINDS = {Section.MOVIES: "movie", Section.SHOWS: "show", Section.ANIME: "anime"}
"""What a title of each section is called."""

_PLURALS = {Section.MOVIES: "movies", Section.SHOWS: "shows", Section.ANIME: "anime"}
_LISTS = {"plantowatch": "plan to watch", "hold": "on hold"}  # the others are words as they are
_TABLE_CELLS = 56  # below this no room is left for the titles
_LIST_CELLS = 13
_INDENT = 2


def list_name(status: str | None) -> str:
    """A list as people call it."""
    return _LISTS.get(status or "", status or "no list")


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of one title: its name, and facts by label."""

    heading: str
    facts: tuple[tuple[str, str], ...]


def ratings_page(titles: Sequence[AccountTitle], *, width: int, color: bool = False) -> str:
    """One line for each rated title, in the given order, and how many they are; at most `width` cells a line."""
    rows: list[RenderableType] = []
    if titles:
        rows = [_table(titles)] if width >= _TABLE_CELLS else [said(_sentence(title)) for title in titles]
        rows.append("")
    return printed([*rows, said(_counts(titles), style="bold")], width=width, color=color)


def _table(titles: Sequence[AccountTitle]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("kind", no_wrap=True)
    table.add_column("title", overflow="fold")
    table.add_column("rating", justify="right", no_wrap=True)
    table.add_column("rated", no_wrap=True)
    table.add_column("list", overflow="fold", max_width=_LIST_CELLS)
    for title in titles:
        kind, name, rating, day, status = _cells(title)
        table.add_row(Text(kind), said(name), Text(rating), Text(day), said(status))
    return table


def _sentence(title: AccountTitle) -> str:
    kind, name, rating, day, status = _cells(title)
    return f"{name}: {', '.join(word for word in (rating, day, kind, status) if word)}"


def _cells(title: AccountTitle) -> tuple[str, str, str, str, str]:
    """Kind, name, rating, day in UTC, list."""
    day = title.rated_at.date().isoformat() if title.rated_at else "no date"
    status = list_name(title.status) if title.status else ""
    return KINDS[title.section], title.name, str(title.rating), day, status


def _counts(titles: Sequence[AccountTitle]) -> str:
    if not titles:
        return "No ratings."
    found = Counter(title.section for title in titles)
    parts = [counted(found[section], KINDS[section], _PLURALS[section]) for section in Section if found[section]]
    return f"{counted(len(titles), 'rating')}: {', '.join(parts)}"


def cards_page(cards: Sequence[Card], missing: Sequence[str], *, width: int, color: bool = False) -> str:
    """Each title with its facts below it, then what was not found; at most `width` cells a line."""
    return printed(_cards(cards, missing, max(width, NARROWEST)), width=width, color=color)


def _cards(cards: Sequence[Card], missing: Sequence[str], width: int) -> Iterator[RenderableType]:
    for card in cards:
        yield said(card.heading, style="bold")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, style="dim")
        grid.add_column(overflow="fold")
        for label, fact in card.facts:
            grid.add_row(Text(label), said(fact))
        yield Padding(grid, (0, 0, 0, _INDENT))
        yield ""
    if missing:
        yield said("Not found at Simkl: ", ", ".join(missing))
