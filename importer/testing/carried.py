"""What the files of a source carry, read off its samples: ids, dates, scales."""

from __future__ import annotations

from pathlib import Path

from importer.adapter import Adapter, Record
from importer.testing.samples import read_samples, records_of
from importer.vocabulary.ids import SENDABLE

SAMPLES = Path(__file__).parents[2] / "sample_exports"


def carried(adapter: Adapter) -> str:
    """One line, such as `imdb, tmdb; date of the rating; 1 to 10`, or that there are no ratings."""
    samples = read_samples(SAMPLES / adapter.name, [adapter])
    records = [
        record
        for sample in samples
        if sample.claim and not sample.claim.shape.refusal
        for record in records_of(sample.claim, sample.document)
    ]
    scores = list(dict.fromkeys(record.scale for record in records if record.score and record.scale))
    return "; ".join((_names(records), _dates(records), ", ".join(scores))) if scores else "no ratings"


def _names(records: list[Record]) -> str:
    held = {space for record in records for space in record.ids}
    if ids := [space for space in SENDABLE if space in held]:
        return ", ".join(ids)
    return "title and year" if any(record.year for record in records) else "titles alone"


def _dates(records: list[Record]) -> str:
    moments = [record.moment for record in records if record.moment and record.moment.text]
    if any(not moment.stand_in for moment in moments):
        return "date of the rating"
    return "a date that stands in" if moments else "no date"
