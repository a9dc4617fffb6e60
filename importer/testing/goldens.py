"""Goldens: what each sample gives, one JSON line per record, readable in a diff.

A golden is headed by what the document was taken for and ends with the counts; an archive has one such block
per document. Files that are refused, ignored or not identified have a golden too, so that none is overlooked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from typing import Any

from importer.adapter import Anime, Moment, Rating, Record
from importer.testing.samples import EXCEPTIONS, Sample, Verdict, records_of

SUFFIX = ".jsonl"


def record_line(record: Record) -> str:
    """One record as JSON with sorted keys; what it does not hold is left out, and that its kind is sure."""
    held: dict[str, Any] = {"is": "rating" if isinstance(record, Rating) else "reject"}
    for name, value in record._asdict().items():
        if value and value is not Anime.UNKNOWN and name != "is_kind_sure":
            held[name] = _plain(value)
    if isinstance(record, Rating) and not record.is_kind_sure:
        held["is_kind_sure"] = False
    held["locator"] = str(record.locator)
    return _line(held)


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return {name: held for name, held in value._asdict().items() if held}
    return value


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _block(sample: Sample) -> Iterable[str]:
    head = {"document": sample.name, "verdict": sample.verdict.value}
    if sample.claim:
        head["shape"] = sample.claim.word
    if sample.sentence and sample.verdict is not Verdict.UNIDENTIFIED:  # that one changes with every new adapter
        head["sentence"] = sample.sentence
    yield _line(head)
    if sample.claim and sample.verdict is Verdict.PARSED:
        records = records_of(sample.claim, sample.document)
        yield from map(record_line, records)
        yield _line({"counts": counts(records)})


def counts(records: Iterable[Record]) -> dict[str, int]:
    """How many ratings, and how many rejects of each code."""
    return dict(Counter("rating" if isinstance(record, Rating) else record.code.value for record in records))


def golden_text(samples: Iterable[Sample]) -> str:
    """The golden of one sample file, given all its documents."""
    text = "".join(f"{line}\n" for sample in samples for line in _block(sample))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def golden_name(file: str) -> str:
    """The golden of a sample file is named after its path, with `/` written as `__`."""
    return file.replace("/", "__") + SUFFIX


def by_file(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """The documents of each sample file."""
    return {file: list(group) for file, group in groupby(samples, key=lambda sample: sample.file)}


def orphans(samples: Sequence[Sample], goldens: Path) -> list[str]:
    """Goldens whose sample is gone."""
    expected = {EXCEPTIONS, *(golden_name(sample.file) for sample in samples)}
    return sorted(path.name for path in goldens.glob("*") if path.name not in expected)


def read_golden(path: Path) -> str | None:
    """The golden as it was written, or None when there is none."""
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def update_goldens(samples: Sequence[Sample], goldens: Path) -> list[str]:
    """Write every golden anew, remove those without a sample, and say what changed."""
    goldens.mkdir(parents=True, exist_ok=True)
    changes = []
    for file, group in by_file(samples).items():
        path, text = goldens / golden_name(file), golden_text(group)
        before = read_golden(path)
        if before != text:
            path.write_bytes(text.encode("utf-8"))
            changes.append(f"{'new' if before is None else 'changed'}: {goldens.name}/{path.name}")
    for name in orphans(samples, goldens):
        (goldens / name).unlink()
        changes.append(f"removed: {goldens.name}/{name}")
    return changes


def difference(expected: str, found: str, before: str = "expected", after: str = "found") -> str:
    """A unified diff of two texts, short enough to read."""
    lines = list(unified_diff(expected.splitlines(), found.splitlines(), before, after, lineterm="", n=1))
    shown = [line if len(line) <= 400 else f"{line[:400]}…" for line in lines[:40]]
    return "\n".join([*shown, f"… and {len(lines) - 40} more lines"] if len(lines) > 40 else shown)
