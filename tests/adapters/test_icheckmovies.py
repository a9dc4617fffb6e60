"""iCheckMovies: known, and refused, because it has no ratings."""

from __future__ import annotations

import pytest

from adapters.icheckmovies import ADAPTER
from importer.adapter import Document
from importer.intake.identify import identify

COLUMNS = "title,year,url,checkedcount,favouritecount,dislikedcount,officialtoplistcount,akatitle,imdburl,checked"


@pytest.mark.parametrize("header", [f"rank,{COLUMNS}", f"position,{COLUMNS}", COLUMNS.replace(",", ";")])
def test_every_form_is_refused(header: str) -> None:
    """With commas or semicolons, by rank or position: favorites and dislikes are no ratings."""
    claim = identify(Document("checked.csv", f"{header}\n".encode()), [ADAPTER])
    assert "no ratings" in claim.shape.refusal
    assert list(ADAPTER.parse(Document("checked.csv", b""), claim.shape)) == []
