"""Exports written in a test, read as a person's files are: identified by content among all sources, then parsed."""

from __future__ import annotations

import json
from typing import Any

from importer.adapter import Document, Rating, Record, Reject
from importer.intake.identify import Claim, identify
from importer.intake.registry import load_adapters


def claim_on(export: Any, name: str = "file") -> Claim:
    """The claim on an export: its text, its bytes, or the value of its JSON."""
    return identify(_document(export, name), load_adapters())


def read(source: str, export: Any, name: str = "file") -> list[Record]:
    """The records of an export, which must be of `source`."""
    claim = claim_on(export, name)
    assert claim.adapter.name == source, claim.word
    return list(claim.adapter.parse(_document(export, name), claim.shape))


def rating(record: Record) -> Rating:
    """`record`, which must be a rating."""
    assert isinstance(record, Rating), record
    return record


def reject(record: Record) -> Reject:
    """`record`, which must be a reject."""
    assert isinstance(record, Reject), record
    return record


def _document(export: Any, name: str) -> Document:
    if isinstance(export, bytes):
        return Document(name, export)
    return Document(name, (export if isinstance(export, str) else json.dumps(export)).encode())
