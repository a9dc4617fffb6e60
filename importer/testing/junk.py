"""Junk in one place: all other records stay as they were, and a junked score or date rejects its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from importer.adapter import Code, Rating, Record, Reject
from importer.intake.readers import column_name
from importer.testing.bench import Noted, Subject
from importer.testing.goldens import record_line
from importer.testing.slots import Slot, Specimen
from importer.vocabulary.errors import InputError

RECORDS, THOROUGH, PARTS = 6, 2, 4  # junked per sample, spread over the file; with all junk; see _junk_for
# An empty place is no junk but a fact, by which a file may be told to be something else.
JUNK = ("\x00", "💥", "99999999999", "-1", "=1+1", "٣", "NaN", "x" * 2000)
SCORE_JUNK = ("💥", "99999999999", "-1", "=1+1", "٣", "NaN", "x" * 2000)
DATE_JUNK = ("💥", "2019-13-45", "-1", "=1+1", "x" * 2000)  # 99999999999 is a date where seconds are counted


def junk_cell(subject: Subject) -> None:
    """Junk in any one place leaves the records of all other rows as they were."""
    specimen = subject.specimen()
    expected = subject.parsed(specimen.text())
    for turn, (number, record) in enumerate(_spread(list(enumerate(expected)))):
        for slot in specimen.slots(record):
            for junk in _junk_for(slot, turn):
                found = _with_junk(subject, specimen, slot, junk)
                if found is not None:
                    what = f"{subject.sample.name}: {slot.where} holding {_shown(junk)}"
                    _expect_others_same(what, expected, found, number, shifted="\n" in slot.text)
                    record_line(found[number]).encode()  # whatever was junk can be stored


def _junk_for(slot: Slot, turn: int) -> Sequence[object]:
    """All junk for the first records; for the others some of it, each time another part."""
    junk = (*JUNK, *slot.extra_junk)
    return junk if turn < THOROUGH else junk[turn % PARTS :: PARTS]


def _spread(records: list[tuple[int, Record]]) -> Iterable[tuple[int, Record]]:
    step = max(1, -(-len(records) // RECORDS))
    return records[::step]


def _with_junk(subject: Subject, specimen: Specimen, slot: Slot, junk: object) -> list[Record] | None:
    what = f"{subject.sample.name}: {slot.where} held {_shown(junk)}"
    with slot.holding(junk), Noted(what), suppress(InputError):
        return subject.parsed(specimen.text())
    return None


def _shown(junk: object) -> str:
    text = repr(junk)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _expect_others_same(
    what: str, expected: Sequence[Record], found: Sequence[Record], number: int, *, shifted: bool
) -> None:
    """`shifted`: the junk took line breaks away, so that the rows below stand on other lines."""
    assert len(found) == len(expected), f"{what}: {len(expected)} records became {len(found)}"
    for position, (before, after) in enumerate(zip(expected, found, strict=True)):
        same = before == (after._replace(locator=before.locator) if shifted else after)
        if position != number and not same:
            raise AssertionError(
                f"{what} changes {before.locator}:\n- {record_line(before)}\n+ {record_line(after)}"
            )


def junk_score(subject: Subject) -> None:
    """Junk where the score stands rejects the row."""

    def refused(record: Record) -> bool:
        return isinstance(record, Reject) and record.code in (Code.BAD_SCORE, Code.BAD_SCALE)

    for number, record in _rated(subject):
        specimen = subject.specimen()
        slots = specimen.slots(record)
        places = [slot for slot in slots if slot.text.strip() == record.score]
        _expect_one_place_refuses(
            subject,
            specimen,
            places or [slot for slot in slots if record.score in slot.text],
            number,
            SCORE_JUNK,
            refused,
        )


def junk_date(subject: Subject) -> None:
    """Junk where the date stands rejects the row, or the date comes from another column."""
    for number, record in _rated(subject):
        if record.moment is None:
            continue
        column = record.moment.column

        def refused(found: Record, column: str = column) -> bool:
            if isinstance(found, Reject):
                return found.code is Code.BAD_DATE
            return found.moment is not None and found.moment.column != column

        specimen = subject.specimen()
        _expect_one_place_refuses(
            subject, specimen, list(_date_places(specimen, record)), number, DATE_JUNK, refused
        )


def _rated(subject: Subject) -> Iterator[tuple[int, Rating]]:
    rated = [(number, record) for number, record in enumerate(subject.records) if isinstance(record, Rating)]
    return ((number, record) for number, record in _spread([*rated]) if isinstance(record, Rating))


def _date_places(specimen: Specimen, record: Rating) -> Iterator[Slot]:
    assert record.moment
    slots = specimen.slots(record)
    column, text = column_name(record.moment.column), record.moment.text.strip()
    named = [slot for slot in slots if column in (column_name(slot.name), column_name(slot.where))]
    yield from named
    yield from (slot for slot in slots if slot not in named and slot.text.strip() == text)
    yield from (slot for slot in slots if slot not in named and f".{column}." in slot.where.casefold())


def _expect_one_place_refuses(
    subject: Subject,
    specimen: Specimen,
    places: list[Slot],
    number: int,
    junk: Sequence[str],
    refused: Callable[[Record], bool],
) -> None:
    """A value may stand in several places; at least one must reject the row for every piece of junk."""
    record = subject.records[number]
    accepted: list[str] = []
    for slot in places:
        taken = list(_taken(subject, specimen, slot, number, junk, refused))
        if not taken:
            return
        accepted += taken
    assert places, f"{subject.sample.name}: no place in the file holds what was read:\n{record_line(record)}"
    raise AssertionError(f"{subject.sample.name}: junk is taken for a value\n" + "\n".join(accepted[:6]))


def _taken(
    subject: Subject,
    specimen: Specimen,
    slot: Slot,
    number: int,
    junk: Sequence[str],
    refused: Callable[[Record], bool],
) -> Iterator[str]:
    for text in junk:
        found = _with_junk(subject, specimen, slot, text)
        if found is not None and not refused(found[number]):
            yield f"{slot.where} holding {_shown(text)}: {record_line(found[number])[:300]}"
