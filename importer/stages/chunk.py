"""Sends into batches: dated and undated apart, and a size that adapts to how the service answers.

Starts at 100, which every known client sends (simkl-api.md 3.6), grows to 500 while replies are quick and
clean, halves when the service struggles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from importer.vocabulary.sends import Send

FIRST, LARGEST = 100, 500
QUICK_S = 10.0
POST_GAP_S = 1.1  # simkl-api.md 3.1
REPLY_S = 1.0  # a guess for the forecast; replies of the real service were never timed


@dataclass(frozen=True, slots=True)
class BatchSize:
    """How many sends the next POST carries."""

    sends: int = FIRST
    ceiling: int = LARGEST

    def after_success(self, seconds: float) -> BatchSize:
        """Twice as many after a quick reply, at most the ceiling; the same after a slow one."""
        return replace(self, sends=min(self.sends * 2, self.ceiling)) if seconds <= QUICK_S else self

    def after_trouble(self) -> BatchSize:
        """Half as many, at least one."""
        return replace(self, sends=max(self.sends // 2, 1))

    def after_too_large(self, sends: int) -> BatchSize:
        """Never again as many as the `sends` that were too many."""
        half = max(sends // 2, 1)
        return BatchSize(half, half)


def next_batch(waiting: Sequence[Send], size: BatchSize) -> list[Send]:
    """The first sends of `waiting` that go together: all dated or all undated, at most `size`."""
    if not waiting:
        return []
    is_dated = waiting[0].is_dated
    batch: list[Send] = []
    for send in waiting[: size.sends]:
        if send.is_dated is not is_dated:
            break
        batch.append(send)
    return batch


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an undisturbed run costs."""

    posts: int
    seconds: float
    gets: int = 0


def forecast(*stretches: int, gets: int = 0) -> Forecast:
    """Requests and time for so many sends, dated and undated ones in turn, with `gets` reads around them."""
    posts, size = 0, BatchSize()
    for waiting in stretches:
        while waiting > 0:
            posts, waiting = posts + 1, waiting - size.sends
            size = size.after_success(0)
    if not posts:
        return Forecast(0, 0.0)
    return Forecast(posts, (posts - 1) * POST_GAP_S + (posts + gets) * REPLY_S, gets)
