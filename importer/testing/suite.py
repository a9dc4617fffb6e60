"""All checks of one adapter, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from unittest import SkipTest

from importer.adapter import Adapter
from importer.intake.identify import claims
from importer.intake.registry import load_adapters
from importer.testing import checks, junk
from importer.testing.bench import Bench, Subject
from importer.testing.everywhere import digest, digests_elsewhere
from importer.testing.goldens import (
    by_file,
    difference,
    golden_name,
    golden_text,
    orphans,
    read_golden,
    update_goldens,
)
from importer.testing.samples import EXCEPTIONS, Sample, Verdict, declared_exceptions

Check = Callable[[], None]

_OF_RECORDS: dict[str, Callable[[Subject], None]] = {
    "one-record-per-row": checks.one_record_per_row,
    "well-formed": checks.well_formed,
    "dates-from-the-file": checks.dates_from_the_file,
    "same-when-run-again": checks.same_when_run_again,
    "reads-only-its-document": checks.reads_only_its_document,
    "truncated": checks.truncated,
    "empty-and-bare": checks.empty_and_bare,
    "junk-cell": junk.junk_cell,
    "junk-score": junk.junk_score,
    "junk-date": junk.junk_date,
}


def checks_for(
    adapter: Adapter, samples: Path, goldens: Path, adapters: Sequence[Adapter] | None = None
) -> Iterator[tuple[str, Check]]:
    """Every check of `adapter` with its name, which is `check` or `check@sample`.

    `adapters` are all that could claim the same files; left out, those that are installed.
    """
    bench = _bench(adapter, samples, goldens, adapters)
    excepted = declared_exceptions(goldens)
    names: list[str] = []
    for name, check in _all_checks(bench):
        names.append(name)
        reason = excepted.get(name) or excepted.get(name.partition("@")[0])
        yield name, partial(_skip, reason) if reason else check
    yield "exceptions-in-use", partial(_exceptions_in_use, excepted, names)


def write_goldens(
    adapter: Adapter, samples: Path, goldens: Path, adapters: Sequence[Adapter] | None = None
) -> list[str]:
    """Write the goldens of `adapter` anew and say what changed; read the changes before keeping them."""
    return update_goldens(_bench(adapter, samples, goldens, adapters).samples, goldens)


def _bench(adapter: Adapter, samples: Path, goldens: Path, adapters: Sequence[Adapter] | None) -> Bench:
    known = load_adapters() if adapters is None else tuple(adapters)
    others = tuple(other for other in known if other.name != adapter.name)
    return Bench(adapter, samples, goldens, (adapter, *others))


def _skip(reason: str) -> None:
    raise SkipTest(reason)


def _all_checks(bench: Bench) -> Iterator[tuple[str, Check]]:
    yield "facts", partial(_facts, bench.adapter)
    yield "sample-for-every-shape", partial(_sample_for_every_shape, bench)
    yield "no-golden-orphaned", partial(_no_golden_orphaned, bench)
    yield "same-everywhere", partial(_same_everywhere, bench)
    for file, group in by_file(bench.samples).items():
        yield f"golden-is-there@{file}", partial(_golden_is_there, bench, file)
        yield f"golden-equal@{file}", partial(_golden_equal, bench, file, group)
        yield f"identified@{file}", partial(_identified, bench, group)
    for sample in bench.samples:
        if bench.has_claim_on(sample):
            yield from _sample_checks(bench, sample)


def _sample_checks(bench: Bench, sample: Sample) -> Iterator[tuple[str, Check]]:
    assert sample.claim
    subject = Subject(bench, sample, sample.claim)
    yield f"renamed-mark@{sample.name}", partial(checks.renamed_mark, subject)
    for name in _variant_names(subject):
        yield f"{name}@{sample.name}", partial(_same_in_variant, subject, name)
    if subject.is_parsed:
        for name, check in _OF_RECORDS.items():
            yield f"{name}@{sample.name}", partial(check, subject)


def _variants(subject: Subject) -> Iterator[tuple[str, bytes]]:
    """The sample written in other ways that mean the same."""
    text = subject.document.text
    lines = text.replace("\r\n", "\n")
    yield "bom", b"\xef\xbb\xbf" + text.encode()
    yield "utf-16", text.encode("utf-16")
    yield "lf", lines.encode()
    yield "crlf", lines.replace("\n", "\r\n").encode()
    for name, changed in subject.specimen().variants():
        yield name, changed.encode()


def _variant_names(subject: Subject) -> list[str]:
    return list(dict.fromkeys(name for name, _ in _variants(subject)))


def _same_in_variant(subject: Subject, name: str) -> None:
    for found, data in _variants(subject):
        if found == name:
            subject.expect_same(data)


def _facts(adapter: Adapter) -> None:
    """The name is a word for the command line, shapes have names of their own, people get a way to the export."""
    assert re.fullmatch(r"[a-z][a-z0-9_-]*", adapter.name), f"{adapter.name!r} is no lower-case word"
    assert adapter.title, "the adapter has no title"
    assert adapter.help, "help is empty: where on the site is the export?"
    shapes = [shape.name for shape in adapter.shapes]
    assert shapes, "the adapter has no shape"
    assert len(set(shapes)) == len(shapes), f"two shapes share a name: {shapes}"
    for shape in adapter.shapes:
        assert shape.required or shape.any_of, f"{shape.name} requires nothing and would fit every file"
        assert not shape.required & shape.forbidden, f"{shape.name} forbids what it requires"


def _sample_for_every_shape(bench: Bench) -> None:
    """Every shape has a sample."""
    seen = {sample.claim.shape.name for sample in bench.samples if sample.claim and bench.has_claim_on(sample)}
    missing = [shape.name for shape in bench.adapter.shapes if shape.name not in seen]
    assert not missing, f"{bench.folder.name}: no sample of the shape {', '.join(missing)}"


def _no_golden_orphaned(bench: Bench) -> None:
    """No golden outlives its sample."""
    found = orphans(bench.samples, bench.goldens)
    assert not found, f"{bench.goldens.name}: goldens without a sample: {', '.join(found)}"


def _same_everywhere(bench: Bench) -> None:
    """Time zone, locale and hash seed do not change a record."""
    here = digest(bench.adapter, bench.folder)
    other = sorted(zone for zone, found in digests_elsewhere(bench.adapter, bench.folder).items() if found != here)
    assert not other, f"{bench.adapter.name}: other records under a C locale with TZ={', '.join(other)}"


def _golden_is_there(bench: Bench, file: str) -> None:
    """Every sample has a golden."""
    path = bench.goldens / golden_name(file)
    assert path.is_file(), f"{bench.goldens.name}/{path.name} is missing; write it with --update-golden and read it"


def _golden_equal(bench: Bench, file: str, samples: list[Sample]) -> None:
    """The records are those of the golden."""
    name = golden_name(file)
    expected, found = read_golden(bench.goldens / name) or "", golden_text(samples)
    assert expected == found, f"{bench.goldens.name}/{name} differs\n{difference(expected, found, name, 'now')}"


def _identified(bench: Bench, samples: list[Sample]) -> None:
    """The file is claimed by this adapter and by no other; beside an export in an archive strangers may lie."""
    for sample in samples:
        assert sample.claim is None or bench.has_claim_on(sample), f"{sample.name}: taken for {sample.claim.word}"
        if sample.verdict is Verdict.UNIDENTIFIED:
            tied = [claim.word for claim in claims(sample.document, bench.adapters)]
            assert sample.is_member and not tied, sample.sentence
        assert sample.verdict is not Verdict.UNREADABLE, sample.sentence
    assert any(bench.has_claim_on(sample) or sample.verdict is Verdict.IGNORED for sample in samples), (
        f"{samples[0].file}: nothing in it is an export of {bench.adapter.name}"
    )


def _exceptions_in_use(excepted: dict[str, str], names: list[str]) -> None:
    """Every declared exception names a check that there is."""
    known = {*names, *(name.partition("@")[0] for name in names)}
    unknown = sorted(set(excepted) - known)
    assert not unknown, f"{EXCEPTIONS}: there is no check {', '.join(unknown)}"
