"""MyDramaList: entries that name their titles by numbers of its own are refused with a way out."""

from __future__ import annotations

import json

import pytest

from adapters.mydramalist import ADAPTER
from importer.adapter import Document
from importer.intake.identify import Unidentified, identify

ENTRY = {"list_id": 1, "episode_seen": 16, "rating": "9.5", "date_start": "2022-07-01", "date_finish": "0000-00-00"}


def test_entries_are_refused() -> None:
    """The sentence says why, and what can be read instead."""
    refusal = identify(Document("list.json", json.dumps([ENTRY]).encode()), [ADAPTER]).shape.refusal
    assert "by numbers that only it knows" in refusal
    assert "rating (1 to 10), title, year and type" in refusal


@pytest.mark.parametrize("missing", sorted(ENTRY))
def test_lists_of_others_are_left_alone(missing: str) -> None:
    """All five keys make it MyDramaList's."""
    entry = {key: value for key, value in ENTRY.items() if key != missing}
    with pytest.raises(Unidentified):
        identify(Document("list.json", json.dumps([entry]).encode()), [ADAPTER])
