"""Annict: its library is recognised, and refused because it holds no ratings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.annict import ADAPTER
from importer.adapter import Document
from importer.intake.identify import Unidentified, identify


def dump(nodes: list[dict[str, Any]]) -> Document:
    """A dump of the library."""
    value = {"data": {"viewer": {"username": "fan", "libraryEntries": {"nodes": nodes}}}}
    return Document("annict.json", json.dumps(value).encode())


def test_library_is_refused() -> None:
    """What was watched is no rating; the sentence says what else works."""
    claim = identify(dump([{"work": {"annictId": 668, "title": "けいおん！", "malAnimeId": "5680"}}]), [ADAPTER])
    assert claim.word == "annict:library"
    assert claim.shape.refusal == (
        "Annict's library tells what was watched and holds no ratings. Nothing that Annict hands out is known to "
        "hold them; write them into a table with the columns rating, title, year, type and mal."
    )


def test_dump_of_another_site_is_not_claimed() -> None:
    """Only Annict numbers its works so."""
    with pytest.raises(Unidentified):
        identify(dump([{"work": {"id": 668}}]), [ADAPTER])
