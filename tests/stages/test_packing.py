"""A frame as bytes and back."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pandas as pd
import pytest

from importer.stages import frame as frames
from importer.stages.packing import packed, unpacked
from importer.vocabulary.errors import BalanceError


def _frame() -> pd.DataFrame:
    columns: dict[str, list[object]] = {name: [None, None] for name in frames.COLUMNS}
    columns |= {
        "row_id": ["a:1", "a:2"],
        "outcome": ["pending", "rejected"],
        "title": ["Amélie – \u2028 \ud800", None],
        "year": [2001, None],
        "rating": [8, None],
        "rated_at": [datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), None],
        "kind_sure": [True, False],
    }
    return frames.build(columns)


def test_a_frame_comes_back_as_it_was() -> None:
    """Every value and every type, odd characters too; the same frame is the same bytes."""
    frame = _frame()
    again = unpacked(packed(frame))
    pd.testing.assert_frame_equal(again, frame)
    assert packed(again) == packed(frame)


def test_an_empty_frame_comes_back() -> None:
    """No rows at all."""
    frame = _frame().iloc[:0]
    pd.testing.assert_frame_equal(unpacked(packed(frame)), frame)


@pytest.mark.parametrize(
    "data", [b"", b"no", zlib.compress(b"[]"), zlib.compress(b"{}"), zlib.compress(b'{"rows":1}')]
)
def test_other_bytes_are_no_frame(data: bytes) -> None:
    """They are refused, not guessed at."""
    with pytest.raises((ValueError, BalanceError)):
        unpacked(data)
