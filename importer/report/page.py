"""Text for a terminal, made by rich; what comes from outside enters as `Text` made by `said`, never as markup."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from importer.vocabulary.cells import terminal_safe

NARROWEST = 40


def printed(parts: Iterable[RenderableType], *, width: int, color: bool = False) -> str:
    """The parts below each other, at most `width` cells a line (but never under 40), ending in a newline."""
    page = io.StringIO()
    console = Console(
        file=page,
        width=max(width, NARROWEST),
        color_system="standard" if color else None,
        no_color=False,  # the caller has decided, whatever the environment says
        force_terminal=color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip().split("\n")) + "\n"


def said(*parts: object, style: str = "") -> Text:
    """Text that no title, file name or reply of a service can turn into anything else."""
    return Text(terminal_safe("".join(map(str, parts))), style=style, overflow="fold")


def counted(count: int, noun: str = "row", nouns: str = "") -> str:
    """`1 movie`, `2,000 movies`; `nouns` is the plural where it is more than an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {nouns or f'{noun}s'}"
