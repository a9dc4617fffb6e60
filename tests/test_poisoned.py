"""Rows that the service chokes on, and a service that chokes on everything: told apart, in few requests."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from importer.config import Settings
from importer.sandbox.faults import FOREVER, ConnectionCut, Fault, FaultKind, poisoned
from importer.sandbox.settings import SandboxSettings
from importer.vocabulary.errors import ApiError, Paused
from tests.migrating import Migration, movies

KEEP = Settings(backup=False)


def always(status: int, error: str = "internal", **facts: Any) -> Fault:
    """Every POST of ratings gets this answer."""
    return Fault(kind=FaultKind.STATUS, status=status, error=error, repeat=FOREVER, **facts)


@pytest.mark.promise("P3")
@pytest.mark.parametrize("count", [2, 4, 8, 12])
@pytest.mark.parametrize(("status", "error"), [(500, "internal"), (400, "wrong_parameter")])
def test_several_poisoned_rows_of_one_batch_are_all_isolated(
    tmp_path: Path, count: int, status: int, error: str
) -> None:
    """However they are spread, they are named and all others arrive, at the first run."""
    numbers = [row * 100 // count + 3 for row in range(count)]
    migration = Migration(tmp_path, faults=[poisoned(f"tt{number:07}", status, error) for number in numbers])
    result = migration.run(movies(tmp_path / "mine.csv", 130), settings=KEEP)
    assert result.stopped_by is None
    assert result.to_json()["outcomes"]["confirmed"] == 130 - count
    refused = [row["imdb"] for row in migration.outcomes() if row["outcome"] == "rejected"]
    assert refused == [f"tt{number:07}" for number in numbers]


@pytest.mark.promise("P5")
def test_a_service_that_refuses_every_rating_is_not_asked_for_each(tmp_path: Path) -> None:
    """A dozen rows refused one after the other are no dozen bad rows: exit code 5 after few requests."""
    migration = Migration(tmp_path, faults=[always(400, "wrong_parameter")])
    result = migration.run(movies(tmp_path / "mine.csv", 1000), settings=KEEP)
    assert isinstance(result.stopped_by, ApiError)
    assert "one rating after the other: HTTP 400 wrong_parameter" in str(result.stopped_by)
    assert migration.posts() <= 40


@pytest.mark.promise("P5")
@pytest.mark.parametrize("wait_s", ["120", "600", "900"])
def test_waits_that_a_dead_service_asks_for_do_not_add_up_to_hours(tmp_path: Path, wait_s: str) -> None:
    """A quarter of an hour without a clean answer ends the run, however the service puts it off."""
    migration = Migration(tmp_path, faults=[always(503, "down", headers={"Retry-After": wait_s})])
    started = migration.clock.steady()
    result = migration.run(movies(tmp_path / "mine.csv", 150), settings=KEEP)
    assert isinstance(result.stopped_by, Paused)
    assert migration.clock.steady() - started <= 15 * 60


@pytest.mark.promise("P3")
def test_a_write_that_is_applied_after_its_line_was_cut_is_not_repeated(tmp_path: Path) -> None:
    """Simkl may be at a write for 20 s; undated ratings are looked for after that, and keep their first moment."""
    migration = Migration(tmp_path)
    answer, late = migration.app.wsgi_app, []

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and not late:
            body = environ["wsgi.input"].read()
            late.append((migration.clock.steady() + 18, {**environ, "wsgi.input": io.BytesIO(body)}))
            raise ConnectionCut
        if late and late[0] is not None and migration.clock.steady() >= late[0][0]:
            answer(late[0][1], lambda *told: None)
            late[0] = None
        return answer(environ, start_response)

    migration.app.wsgi_app = app  # type: ignore[method-assign]
    result = migration.run(movies(tmp_path / "mine.csv", 5, dated=lambda number: False), settings=KEEP)
    assert result.to_json()["outcomes"]["confirmed"] == 5
    assert migration.posts() == 1


def test_a_second_try_that_fails_is_not_called_found(tmp_path: Path) -> None:
    """What the service chokes on as a show was tried as one, not found as one."""
    faults = [Fault(kind=FaultKind.STATUS, status=400, error="wrong_parameter", at=2, repeat=FOREVER)]
    migration = Migration(tmp_path, sandbox=SandboxSettings(strict_catalogue=True), faults=faults)
    file = tmp_path / "ratings.csv"
    rows = ["Date,Name,Year,Letterboxd URI,Rating", "2020-01-02,Breaking Bad,2008,https://boxd.it/aaaa,4.5"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    migration.run(file, settings=KEEP)
    (row,) = migration.outcomes()
    assert row["detail"] == "not found as a movie, tried as a show; HTTP 400 wrong_parameter"
