"""The preview is the run: for every sample under several orders, what it promises is what the service is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from importer import pipeline, previewing
from importer.config import Settings
from importer.intake.registry import load_adapters
from importer.preparing import prepare
from importer.runs.ending import Result
from importer.testing.samples import Verdict, read_samples
from importer.vocabulary.sends import Section, Send
from tests.faulting import quick_folder
from tests.migrating import Migration
from tests.test_everything import NO_RATINGS

pytestmark = pytest.mark.promise("P7")

SAMPLES = Path(__file__).parent.parent / "sample_exports"
SETTLED = {"confirmed", "not_found"}
ORDERS: Mapping[str, Settings] = {
    "as it comes": Settings(timezone="UTC", date_order="dmy", backup=False),
    "own maps": Settings(
        timezone="Asia/Tokyo",
        date_order="mdy",
        prefer="highest",
        stand_in_dates=False,
        scales={"thumbs": {"1": 2, "2": 7, "3": 10}, "1 to 10": {"10": 9, "1": 2}, "stars-5-halves": {"4.5": 8}},
        shows_from_seasons="latest",
        backup=False,
    ),
    "held back": Settings(
        timezone="America/New_York",
        date_order="dmy",
        prefer="oldest",
        hold_undated=True,
        on_conflict="overwrite",
        ids_only=True,
        type=["movies", "anime"],
        scales={"thumbs": {"1": 1, "2": 10}, "0 to 100": {"100": 8}},
        shows_from_seasons="mean",
        backup=False,
    ),
}


class Case(NamedTuple):
    """One file of one source under one set of orders."""

    source: str
    file: str
    orders: str


def cases() -> Iterator[Case]:
    """Every sample that holds ratings under all orders."""
    adapters = load_adapters()
    for adapter in adapters:
        samples = read_samples(SAMPLES / adapter.name, adapters)
        for file in sorted({sample.file for sample in samples if sample.verdict is Verdict.PARSED}):
            for orders in ORDERS:
                yield Case(adapter.name, file, orders)


def spread() -> Iterator[Case]:
    """One file of every source, the orders in turn."""
    by_source: dict[str, list[Case]] = {}
    for case in cases():
        by_source.setdefault(case.source, []).append(case)
    for number, held in enumerate(by_source.values()):
        yield held[number % len(ORDERS)]


def promised(sends: Mapping[int, Send]) -> list[bytes]:
    """The items of a plan, each as its array and its bytes on the wire."""
    return sorted(_bytes(send.section.value, send.item) for send in sends.values())


def received(migration: Migration) -> list[bytes]:
    """The items that the service was sent, in the same form, cut from bodies that hold nothing else."""
    found = []
    for call in migration.log.made("POST", "/sync/ratings"):
        document = call.json()
        assert json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() == call.body
        assert document.keys() <= set(Section)
        found += [_bytes(array, item) for array, items in document.items() for item in items]
    return sorted(found)


def _bytes(array: str, item: Mapping[str, object]) -> bytes:
    """Ids in their order, since the first that resolves counts; the order of the other words says nothing."""
    return json.dumps([array, dict(sorted(item.items()))], ensure_ascii=False, separators=(",", ":")).encode()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the reports."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "report"
    }


def facts(row: Mapping[str, str]) -> dict[str, str]:
    """What a row of outcomes.csv says of its rating."""
    return {name: value for name, value in row.items() if name not in ("outcome", "code", "detail")}


def proved(case: Case) -> int:
    """Preview without and with the account, then import: how many ratings that came to."""
    path, settings = SAMPLES / case.source / case.file, ORDERS[case.orders]
    with quick_folder() as home:
        migration = Migration(home)
        for number in range(1, 4):  # an account that holds other titles
            migration.put(Section.MOVIES, {"rating": number, "ids": {"imdb": f"tt990000{number}"}})
        offline, shown_offline = _offline(migration, path, settings)
        previewed, shown = _with_account(migration, path, settings)
        plan = promised(prepare(migration.request(path), settings, migration.clock).plan.sends)
        result = migration.run(path, settings=settings)
        assert received(migration) == plan
        _is_the_run(shown, migration.outcomes())
        assert shown_offline == shown
        assert len(plan) == offline["outcomes"]["pending"] == previewed.to_json()["outcomes"]["pending"]
        forecast = previewed.summary.facts.forecast
        assert forecast is not None
        assert (result.stopped_by, migration.posts()) == (None, forecast.posts)
        assert migration.log.violations == []
        return len(plan)


def _offline(
    migration: Migration, path: Path, settings: Settings
) -> tuple[Mapping[str, Any], list[dict[str, str]]]:
    """The preview that asks nobody: nothing but its report is there afterwards."""
    told = previewing.preview(migration.request(path), migration.configured(settings), clock=migration.clock)
    assert (files_of(migration.home), migration.log.calls) == ({}, ())
    return told.to_json(), migration.outcomes()


def _with_account(migration: Migration, path: Path, settings: Settings) -> tuple[Result, list[dict[str, str]]]:
    """The preview that reads the account, twice: the journal that the first begins holds no run, and stays as it
    is."""
    account = migration.dump()
    migration.preview(path, settings=settings)
    before = files_of(migration.home)
    assert before.keys() <= {"journal.sqlite", "journal.sqlite.lock"}
    told = migration.preview(path, settings=settings)
    assert (migration.dump(), files_of(migration.home)) == (account, before)
    assert pipeline.runs(migration.service).values["runs"] == []
    assert {call.method for call in migration.log.calls} == {"GET"}
    return told, migration.outcomes()


def _is_the_run(shown: list[dict[str, str]], became: list[dict[str, str]]) -> None:
    for before, after in zip(shown, became, strict=True):
        assert facts(before) == facts(after)
        if before["outcome"] == "pending":
            assert after["outcome"] in SETTLED
        else:
            assert (after["outcome"], after["code"]) == (before["outcome"], before["code"])


@pytest.mark.parametrize("case", list(spread()), ids=lambda case: f"{case.source}-{case.orders}")
def test_what_is_previewed_is_sent(case: Case) -> None:
    """One sample of every source: nothing is written by the preview, and the import sends its very bytes."""
    proved(case)


@pytest.mark.torture
@pytest.mark.timeout(600)
@pytest.mark.parametrize("orders", ORDERS)
def test_every_preview_is_the_run(orders: str) -> None:
    """Every sample of every source that holds ratings."""
    sent = {case: proved(case) for case in cases() if case.orders == orders}
    assert {case.source for case in sent} == {adapter.name for adapter in load_adapters()} - NO_RATINGS
    assert sum(sent.values()) >= 200
