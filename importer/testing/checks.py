"""The checks of one sample: named functions that raise AssertionError and say what to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from importer.adapter import Record, Reject
from importer.intake.identify import claims
from importer.testing.bench import Noted, Subject, expect_equal
from importer.testing.goldens import record_line
from importer.testing.purity import nothing_but_the_document
from importer.testing.samples import again, records_of
from importer.vocabulary import dateforms, ids, scales
from importer.vocabulary.errors import InputError

CUTS = 60
_NUMBERS = re.compile(r"\d+", re.ASCII)


def one_record_per_row(subject: Subject) -> None:
    """Every data record of the document ends in exactly one record, each with a locator of its own."""
    records = subject.records
    locators = [record.locator for record in records]
    twice = sorted({str(locator) for locator in locators if locators.count(locator) > 1})
    assert not twice, f"{subject.sample.name}: several records stand at {', '.join(twice)}"
    fault = subject.specimen().count_fault(records)
    assert not fault, f"{subject.sample.name}: {fault}"


def well_formed(subject: Subject) -> None:
    """Ids are canonical, scores lie on their scales, dates can be read in the form that is named."""
    for record in subject.records:
        faults = list(_faults(record))
        assert not faults, f"{subject.sample.name}: {'; '.join(faults)}\n{record_line(record)}"


def _faults(record: Record) -> Iterator[str]:
    for space, text in record.ids.items():
        if space not in ids.SPACES or ids.canonical(space, text) != text:
            yield f"{text!r} is no canonical {space} id"
    if isinstance(record, Reject):
        return
    if record.scale not in scales.SCALES:
        yield f"there is no scale {record.scale!r}"
    elif scales.read(record.score, scales.SCALES[record.scale]) is None:
        yield "a rating without a score must be a reject: unrated"
    if record.moment and not dateforms.read(record.moment.text, record.moment.form):
        yield f"{record.moment.text!r} means that there is no date"


def dates_from_the_file(subject: Subject) -> None:
    """No date appears that the file does not hold: every number of it stands in the row itself."""
    specimen = subject.specimen()
    for record in subject.records:
        if record.moment:
            held = _numbers(slot.text for slot in specimen.slots(record))
            missing = _numbers([record.moment.text]) - held
            assert not missing, f"{subject.sample.name}: {record.locator} holds no {missing}: {record.moment}"


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(number) for text in texts for number in _NUMBERS.findall(text)}


def same_when_run_again(subject: Subject) -> None:
    """A second reading, of the same document and of a copy, gives the same records."""
    document = again(subject.document)
    first = records_of(subject.claim, document)
    expect_equal(subject.sample.name, subject.records, first)
    expect_equal(subject.sample.name, first, list(subject.claim.adapter.parse(document, subject.claim.shape)))


def reads_only_its_document(subject: Subject) -> None:
    """The clock, the network, the file system and the environment are not touched."""
    expected = subject.records
    with nothing_but_the_document(subject.claim.adapter):
        found = records_of(subject.claim, subject.document)
    expect_equal(subject.sample.name, expected, found)


def truncated(subject: Subject) -> None:
    """A file cut off anywhere is an InputError, or its records end early; nothing else is raised."""
    data = subject.document.data
    cuts = {len(data) * part // CUTS for part in range(1, CUTS)} | set(range(max(0, len(data) - 20), len(data)))
    for cut in sorted(cuts):
        _survives(subject, data[:cut], f"cut at byte {cut}")


def empty_and_bare(subject: Subject) -> None:
    """An empty file, blanks, and a header without records are InputErrors, or hold no records."""
    for data in (b"", b"\xef\xbb\xbf", b"\r\n\r\n", subject.specimen().bare().encode()):
        records = _survives(subject, data, f"nothing but {data[:40]!r}")
        assert not records, (
            f"{subject.sample.name}: {len(records)} records in a file that holds none: {data[:40]!r}"
        )


def _survives(subject: Subject, data: bytes, what: str) -> list[Record]:
    document = again(subject.document, data)
    with Noted(f"{subject.sample.name}, {what}"), suppress(InputError):
        if subject.is_parsed and subject.claim in claims(document, subject.bench.adapters):
            return records_of(subject.claim, document)
    return []


def renamed_mark(subject: Subject) -> None:
    """A file that lacks a required column, key or element, or all of those that may do, is not of this shape."""
    shape = subject.claim.shape
    for marks in [*([mark] for mark in sorted(shape.required)), sorted(shape.any_of)]:
        text = _without(subject, marks)
        if text is not None:
            found = claims(again(subject.document, text.encode()), subject.bench.adapters)
            assert subject.claim not in found, f"{subject.sample.name}: still {subject.claim.word} without {marks}"


def _without(subject: Subject, marks: list[str]) -> str | None:
    document, text = subject.document, None
    for mark in marks:
        text = subject.specimen(document).without(mark) or text
        document = document if text is None else again(document, text.encode())
    return text
