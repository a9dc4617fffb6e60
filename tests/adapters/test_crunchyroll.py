"""Crunchyroll: ratings in words are recognised, and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.crunchyroll import ADAPTER
from importer.adapter import Document
from importer.intake.identify import Unidentified, identify

ITEM = {"content_id": "GYZJ43JMR", "content_type": "series", "title": "Cowboy Bebop", "rating": "FiveStars"}


def dump(item: dict[str, Any]) -> Document:
    """A file of the migration script."""
    value = {"metadata": {"profile_name": "fan", "exported_at": "2024-03-02", "total_count": 1}, "items": [item]}
    return Document("ratings.json", json.dumps(value).encode())


def test_ratings_in_words_are_refused() -> None:
    """The sentence says why, and what else works."""
    claim = identify(dump(ITEM), [ADAPTER])
    assert claim.word == "crunchyroll:ratings"
    assert claim.shape.refusal == (
        "These ratings of Crunchyroll are words for whole series, without a year and with ids that Simkl does not "
        "know. Write them into a table with the columns rating (1 to 10), title, year and type."
    )


def test_watchlist_of_the_same_script_is_not_claimed() -> None:
    """It has no ratings, and its shape is not known."""
    with pytest.raises(Unidentified):
        identify(dump({key: text for key, text in ITEM.items() if key != "rating"}), [ADAPTER])
