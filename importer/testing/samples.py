"""The sample folder of an adapter: its documents, what each is taken for, and the exceptions declared for it.

Samples are opened as a person's files would be, so that zip and gz samples work; every document is named by its
path inside the folder, so that no machine's paths reach a golden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from importer.adapter import Adapter, Document, Record
from importer.intake.documents import documents
from importer.intake.identify import Claim, Ignored, Unidentified, identify
from importer.vocabulary.errors import InputError

EXCEPTIONS = "exceptions.txt"


class Verdict(StrEnum):
    """What identification makes of a sample."""

    PARSED = "parsed"
    REFUSED = "refused"
    IGNORED = "ignored"
    UNIDENTIFIED = "unidentified"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One document of the folder: `file` is the file it came in, `sentence` the reason when it is not parsed."""

    file: str
    document: Document
    verdict: Verdict
    claim: Claim | None = None
    sentence: str = ""

    @property
    def name(self) -> str:
        """The path of the document inside the sample folder."""
        return self.document.name

    @property
    def is_member(self) -> bool:
        """Whether the document came out of an archive, where strangers may lie beside the export."""
        return self.name != self.file


def sample_files(folder: Path) -> list[str]:
    """Every file of the sample folder, by its path in there."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def read_samples(folder: Path, adapters: Sequence[Adapter]) -> list[Sample]:
    """All documents of the sample folder with what `adapters` take them for."""
    return [sample for file in sample_files(folder) for sample in _samples_in(folder, file, adapters)]


def _samples_in(folder: Path, file: str, adapters: Sequence[Adapter]) -> list[Sample]:
    try:
        found = documents([folder / file])
    except InputError as error:
        sentence = str(error).replace(str(folder / file), file)
        return [Sample(file=file, document=Document(file, b""), verdict=Verdict.UNREADABLE, sentence=sentence)]
    return [_judged(folder, file, document, adapters) for document in found]


def _judged(folder: Path, file: str, document: Document, adapters: Sequence[Adapter]) -> Sample:
    name = f"{file}/{document.path}" if document.path else file
    named = Document(name, document.data, name, beside=document.beside if document.path else _beside(folder / file))
    try:
        claim = identify(named, adapters)
    except Ignored as error:
        return Sample(file=file, document=named, verdict=Verdict.IGNORED, sentence=str(error))
    except Unidentified as error:
        return Sample(file=file, document=named, verdict=Verdict.UNIDENTIFIED, sentence=str(error))
    except InputError as error:
        return Sample(file=file, document=named, verdict=Verdict.UNREADABLE, sentence=str(error))
    verdict = Verdict.REFUSED if claim.shape.refusal else Verdict.PARSED
    return Sample(file=file, document=named, verdict=verdict, claim=claim, sentence=claim.shape.refusal)


def _beside(sample: Path) -> dict[str, Document]:
    return {
        path.name.lower(): Document(path.name, path.read_bytes())
        for path in sample.parent.iterdir()
        if path.is_file()
    }


def records_of(claim: Claim, document: Document) -> list[Record]:
    """What the adapter makes of a copy of `document` that remembers nothing of earlier readings."""
    return list(claim.adapter.parse(again(document), claim.shape))


def again(document: Document, data: bytes | None = None) -> Document:
    """A fresh copy of `document`, with other bytes if `data` is given."""
    return replace(document, data=document.data if data is None else data, memo={})


def declared_exceptions(goldens: Path) -> dict[str, str]:
    """The checks that the golden folder says do not apply, each with its reason.

    One `check: reason` or `check@sample: reason` a line. Raises ValueError for a line without a reason.
    """
    path = goldens / EXCEPTIONS
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        check, separator, reason = line.partition(": ")
        if not separator or not reason.strip():
            raise ValueError(f"{path}: {line!r} gives no reason; write 'check: reason'")
        found[check.strip()] = reason.strip()
    return found
