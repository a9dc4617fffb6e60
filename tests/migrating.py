"""A whole import in a test: files, a stand-in with faults, a clock, and what it all came to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer import pipeline
from importer.config import Configuration, Settings
from importer.preparing import Request
from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.calls import CallLog
from importer.services import Service
from importer.simkl.client import Credentials, SimklClient
from importer.vocabulary.sends import Section
from tests.clock import FakeClock

HEADER = "title,year,type,rating,rated_at,imdb,tmdb,mal"


def table(path: Path, rows: Iterable[str]) -> Path:
    """A table in plain column names."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def movies(path: Path, count: int, *, first: int = 1, dated: Callable[[int], bool] = lambda number: True) -> Path:
    """A table of so many movies with IMDb ids, rated 1 to 10 in turn."""
    return table(
        path,
        (
            f"Film {number},2001,movie,{number % 10 + 1},{'2020-01-02' if dated(number) else ''},tt{number:07},,"
            for number in range(first, first + count)
        ),
    )


@dataclass
class Migration:
    """One account in a stand-in, one home folder, and imports into it."""

    home: Path
    faults: Sequence[Fault] = ()
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.app = create_app(self.sandbox, clock=self.clock, faults=self.faults)

    @property
    def service(self) -> Service:
        """Where imports go."""
        return Service(
            credentials=Credentials("client", "token"),
            base_url="http://localhost",
            account="test",
            journal=self.home / "journal.sqlite",
            wsgi_app=self.app,
        )

    @property
    def log(self) -> CallLog:
        """Every call that the stand-in has seen."""
        return backstage_of(self.app).log

    def run(self, *paths: Path, settings: Settings | None = None, **how: Any) -> pipeline.Result:
        """One import of `paths`, agreed to, reported in `home/report`."""
        given: dict[str, Any] = {"confirm": lambda summary: True, "clock": self.clock} | how
        return pipeline.run_import(
            Request(paths=paths, report_folder=self.home / "report"),
            Configuration(settings or Settings(), {}, self.home),
            self.service,
            **given,
        )

    def account(self) -> dict[str, tuple[int | None, str]]:
        """The rated titles of the account: rating and date by imdb, mal or tmdb id, else by title."""
        held: dict[str, tuple[int | None, str]] = {}
        reader = create_app(self.sandbox, clock=self.clock) if self.sandbox.database else self.app
        with SimklClient(
            Credentials("client", "token"), base_url="http://localhost", clock=self.clock, wsgi_app=reader
        ) as client:
            for section in Section:
                for title in client.read_ratings(section):
                    name = next(
                        (title.ids[space] for space in ("imdb", "mal", "tmdb") if space in title.ids), title.title
                    )
                    held[name] = (title.rating, f"{title.rated_at:%Y-%m-%d}" if title.rated_at else "")
        return held

    def posts(self) -> int:
        """How many POSTs of ratings have arrived."""
        return len(self.log.made("POST", "/sync/ratings"))

    def outcomes(self) -> list[dict[str, str]]:
        """The rows of outcomes.csv."""
        with (self.home / "report" / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
