"""One adapter on the bench: its samples, its goldens, and how a changed sample is compared with the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from importer.adapter import Adapter, Document, Medium, Record
from importer.intake.identify import Claim, claims
from importer.testing.goldens import difference, record_line
from importer.testing.pages import HtmlSpecimen
from importer.testing.samples import Sample, Verdict, again, read_samples, records_of
from importer.testing.slots import Specimen
from importer.testing.tables import TableSpecimen, is_bad_row
from importer.testing.trees import JsonSpecimen, XmlSpecimen

_SPECIMENS: dict[Medium, type[TableSpecimen] | type[JsonSpecimen] | type[XmlSpecimen] | type[HtmlSpecimen]] = {
    Medium.TABLE: TableSpecimen,
    Medium.JSON: JsonSpecimen,
    Medium.XML: XmlSpecimen,
    Medium.HTML: HtmlSpecimen,
}


@dataclass(frozen=True)
class Bench:
    """An adapter with its sample folder, its golden folder and all adapters that could claim the same files."""

    adapter: Adapter
    folder: Path
    goldens: Path
    adapters: Sequence[Adapter]

    @cached_property
    def samples(self) -> list[Sample]:
        """Every document of the sample folder."""
        return read_samples(self.folder, self.adapters)

    def has_claim_on(self, sample: Sample) -> bool:
        """Whether the sample is this adapter's, to be parsed or to be refused."""
        return sample.claim is not None and sample.claim.adapter is self.adapter


@dataclass(frozen=True)
class Subject:
    """One sample under test."""

    bench: Bench
    sample: Sample
    claim: Claim

    @property
    def document(self) -> Document:
        """The sample as it is."""
        return self.sample.document

    @property
    def is_parsed(self) -> bool:
        """Whether its records matter; of refused files only the identification does."""
        return self.sample.verdict is Verdict.PARSED

    @cached_property
    def records(self) -> list[Record]:
        """What the adapter makes of the sample as it is."""
        return records_of(self.claim, self.document) if self.is_parsed else []

    def specimen(self, document: Document | None = None) -> Specimen:
        """The sample, or another writing of it, taken apart."""
        return _SPECIMENS[self.claim.shape.medium](again(document or self.document))

    def parsed(self, text: str) -> list[Record]:
        """The records of a changed sample, whose shape is taken as known."""
        return records_of(self.claim, again(self.document, text.encode()))

    def expect_same(self, data: bytes) -> None:
        """Fail unless `data` is identified as the sample is and gives the same records."""
        document = again(self.document, data)
        found = claims(document, self.bench.adapters)
        words = ", ".join(claim.word for claim in found)
        assert found == [self.claim], (
            f"{self.sample.name}: was {self.claim.word}, is now {words or 'nothing known'}"
        )
        if self.is_parsed:
            expect_equal(self.sample.name, self.records, records_of(self.claim, again(document)))


class Noted:
    """Adds to whatever is raised inside what was being tried."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None:
            error.add_note(self.what)


def expect_equal(name: str, expected: Sequence[Record], found: Sequence[Record]) -> None:
    """Fail with a diff unless the records are equal; what a bad row is told to lack may differ."""
    before, after = _lines(expected), _lines(found)
    assert before == after, f"{name}: other records than from the sample as it is\n{difference(before, after)}"


def _lines(records: Sequence[Record]) -> str:
    told = (record._replace(detail="") if is_bad_row(record) else record for record in records)
    return "\n".join(map(record_line, told))
