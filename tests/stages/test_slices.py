"""Records become rows slice by slice; where the cuts lie is never seen in the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.intake.registry import load_adapters
from importer.stages.frame import one_below_the_other
from importer.stages.normalization import Normalization
from importer.stages.normalize import normalized_slices
from importer.stages.slices import Parsed
from importer.testing.samples import read_samples, records_of
from importer.vocabulary.dates import Order
from importer.vocabulary.errors import InputError
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Locator, Moment, Record, Reject
from tests.making import NOW, day, parsed, rating

SAMPLES = Path(__file__).parent.parent.parent / "sample_exports"
HOW = Normalization(now=NOW, order=Order.DAY_FIRST)


def read(documents: Sequence[Parsed], rows: int, how: Normalization = HOW) -> tuple[str, list[tuple[str, ...]]]:
    """The frame of `documents` in slices of so many rows, or that there is none, and what they told."""
    fresh = [replace(document) for document in documents]
    try:
        frame = one_below_the_other(list(normalized_slices(fresh, how, rows))).to_csv()
    except InputError:  # of two reasons the one that is met first is told
        return "refused", []
    return frame, [document.heard.sentences for document in fresh]


@pytest.mark.promise("P18")
def test_the_cuts_are_never_seen_in_a_sample() -> None:
    """Every sample of every source, in slices of one and four rows."""
    adapters = load_adapters()
    tried = 0
    for adapter in adapters:
        for sample in read_samples(SAMPLES / adapter.name, adapters):
            if sample.claim and not sample.sentence:
                document = parsed(records_of(sample.claim, sample.document), sample.name)
                whole = read([document], 10**6)
                assert [read([document], rows) for rows in (1, 4)] == [whole] * 2, sample.name
                tried += 1
    assert tried > 150


MOMENTS: tuple[Moment | None, ...] = (
    None,
    day("2019-05-04"),
    day("13/5/2019"),
    day("4/5/2019"),
    day("5/14/2019"),
    day("5/6/2019", "Date Added"),
    day("7/6/2019", "Finished", stand_in=True),
    Moment("2019-05-04 10:00:00", "iso", "At"),
)
NOTES: tuple[tuple[str, ...], ...] = (("read as 0 to 100",),) * 3 + ((), ("year left out", "read as 0 to 100"))
FACTS = st.fixed_dictionaries(
    {
        "moment": st.sampled_from(MOMENTS),
        "profile": st.sampled_from(("", "", "Inês", "Marlowe")),
        "season": st.sampled_from((None, None, 0, 2)),
        "ids": st.sampled_from(({}, {}, {"tvdb": "73739"})),
    }
)
RECORDS: st.SearchStrategy[Callable[[int], Record]] = st.one_of(
    st.builds(lambda facts, notes: lambda line: rating(line, notes=notes, **facts), FACTS, st.sampled_from(NOTES)),
    st.builds(lambda facts: lambda line: Reject(Locator(line), code=Code.BAD_SCORE, **facts), FACTS),
)


@pytest.mark.promise("P18")
@given(
    makers=st.lists(RECORDS, min_size=1, max_size=12),
    rows=st.integers(1, 5),
    order=st.sampled_from([None, Order.DAY_FIRST]),
    profile=st.sampled_from(["", "Inês"]),
    asks_profile=st.booleans(),
    stand_ins=st.booleans(),
)
def test_the_cuts_are_never_seen(
    makers: list[Callable[[int], Record]],
    rows: int,
    order: Order | None,
    profile: str,
    asks_profile: bool,
    stand_ins: bool,
) -> None:
    """Open dates, several people, notes for whole files: what only the whole document tells is told alike."""
    document = replace(parsed([make(line) for line, make in enumerate(makers)]), asks_profile=asks_profile)
    how = Normalization(now=NOW, order=order, profile=profile, stand_ins=stand_ins)
    assert read([document, document], rows, how) == read([document, document], 10**6, how)
