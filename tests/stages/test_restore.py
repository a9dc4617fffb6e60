"""The steps back, from what a title held before, after, and holds now."""

from __future__ import annotations

import pytest

from importer.stages.restore import Restoration, restoration
from importer.vocabulary.sends import AccountTitle, Touched
from tests.stages.accounts import LATER, THEN, title


def _back(before: AccountTitle | None, after: AccountTitle | None, now: AccountTitle | None) -> Restoration:
    return restoration([Touched("7", before, after)], {"7": now} if now else {})


def _steps(found: Restoration) -> dict[str, list[dict[str, object]]]:
    kinds = {"rate": found.rate, "clear": found.clear, "remove": found.remove, "move": found.move}
    return {name: [dict(send.item) for send in sends] for name, sends in kinds.items() if sends}


IDS = {"ids": {"simkl": 7}}
OLD = {"rating": 6, "rated_at": THEN, **IDS}
AFTER = title(9, LATER)


def test_each_state_before_has_its_step() -> None:
    """Rated: the old rating; listed: cleared; absent: removed; moved: put back."""
    assert _steps(_back(title(6, THEN), AFTER, AFTER)) == {"rate": [OLD]}
    assert _steps(_back(title(None, None), AFTER, AFTER)) == {"clear": [IDS]}
    assert _steps(_back(None, AFTER, AFTER)) == {"remove": [IDS]}
    planned = title(None, None, status="plantowatch")
    assert _steps(_back(planned, AFTER, AFTER)) == {"clear": [IDS], "move": [{**IDS, "to": "plantowatch"}]}


@pytest.mark.parametrize("before", [None, title(None, None), title(6, THEN)])
@pytest.mark.parametrize("now", [title(1, LATER), title(9, THEN), title(9, LATER, status="dropped")])
def test_what_is_neither_as_before_nor_as_after_stays(before: AccountTitle | None, now: AccountTitle) -> None:
    """Another rating, another date, another list."""
    found = _back(before, AFTER, now)
    assert (found.steps, len(found.changed_since)) == (0, 1)


@pytest.mark.parametrize("before", [None, title(None, None), title(6, THEN)])
def test_what_is_as_before_needs_nothing(before: AccountTitle | None) -> None:
    """The undo was done already, or somebody else did it."""
    found = _back(before, AFTER, before)
    assert (found.steps, found.as_before, found.changed_since, found.impossible) == (0, 1, [], [])


def test_a_title_that_came_with_the_run_stays_when_it_was_watched() -> None:
    """Something else happened to it."""
    found = _back(None, AFTER, title(9, LATER, watched="2026-01-01T12:00:00Z"))
    assert found.steps == 0
    assert found.changed_since == [
        "Fight Club (1999): rated by the run, but watched or moved since; stays as it is"
    ]


def test_a_title_that_the_run_took_out_comes_back() -> None:
    """Rated with its date, to its list where it has no rating; not where it has come back since."""
    assert _steps(_back(title(6, THEN), None, None)) == {"rate": [OLD]}
    assert _steps(_back(title(None, None, status="hold"), None, None)) == {"move": [{**IDS, "to": "hold"}]}
    filed = title(6, THEN, status="watching")
    assert _steps(_back(title(6, THEN), None, filed)) == {"move": [{**IDS, "to": "completed"}]}
    assert _back(title(6, THEN), None, title(2, LATER)).changed_since


def test_a_date_that_was_not_there_cannot_come_back() -> None:
    """The value does; once it has, only the loss is told."""
    before = title(6, None)
    found = _back(before, AFTER, AFTER)
    assert _steps(found) == {"rate": [{"rating": 6, **IDS}]}
    assert found.impossible == ["Fight Club (1999): had a rating without a date; Simkl dates it anew"]
    again = _back(before, AFTER, title(6, "2026-09-20T12:00:00Z"))
    assert (again.steps, again.changed_since, again.impossible) == (0, [], found.impossible)


def test_a_list_that_no_app_can_write_is_told() -> None:
    """Not interested is a list on Simkl's pages only."""
    before, after = title(6, THEN, status="notinteresting"), title(9, LATER, status="completed")
    found = _back(before, after, after)
    assert found.impossible == ["Fight Club (1999): was on notinteresting, where no app can put it back"]
