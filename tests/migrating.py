"""A whole import in a test: files, a stand-in with faults, a clock, and what it all came to."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer import pipeline
from importer.config import Configuration, Settings
from importer.preparing import Request
from importer.report.sections import Section as Told
from importer.report.summary import Summary
from importer.runs.beginning import How
from importer.runs.session import Watching
from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.sandbox.calls import CallLog
from importer.services import Service
from importer.simkl.client import Credentials, SimklClient
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
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
            credentials=Credentials("client", TOKEN),
            base_url="http://localhost",
            account="test",
            journal=self.home / "journal.sqlite",
            wsgi_app=self.app,
        )

    @property
    def stage(self) -> Backstage:
        """What stands behind the stand-in."""
        return backstage_of(self.app)

    @property
    def log(self) -> CallLog:
        """Every call that the stand-in has seen."""
        return self.stage.log

    def put(self, section: Section, item: Mapping[str, Any], status: str | None = None) -> int:
        """Arrange a title of the account as if it had long been there, and return its simkl number."""
        number = self.stage.put(section, item, status=status)
        self.clock.advance(60)
        return number

    def dump(self) -> str:
        """The account as text: the same account, the same text."""
        return json.dumps(self.stage.dump())

    def held(self) -> dict[int, tuple[int | None, str | None, str]]:
        """Rating, its date, and list of every title of the account, by simkl number."""
        return {row["simkl"]: (row["rating"], row["rated_at"], row["status"]) for row in self.stage.dump()}

    def run(
        self,
        *paths: Path,
        settings: Settings | None = None,
        confirm: Callable[[Summary], bool] = lambda summary: True,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> pipeline.Result:
        """One import of `paths`, agreed to, reported in `home/report`."""
        return pipeline.run_import(
            self.request(*paths),
            self.configured(settings),
            self.service,
            _how(settings, confirm),
            self.watching(should_stop),
        )

    def preview(self, *paths: Path, settings: Settings | None = None) -> pipeline.Result:
        """What an import of `paths` would do to the account, reported in `home/report`."""
        return pipeline.preview_account(
            self.request(*paths), self.configured(settings), self.service, self.watching()
        )

    def remove(
        self,
        *paths: Path,
        settings: Settings | None = None,
        confirm: Callable[[Summary], bool] = lambda summary: True,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> pipeline.Result:
        """Clear the ratings of what `paths` name, agreed to, reported in `home/report`."""
        return pipeline.run_removal(
            self.request(*paths),
            self.configured(settings),
            self.service,
            _how(settings, confirm),
            self.watching(should_stop),
        )

    def resume(
        self,
        number: int | None = None,
        *,
        settings: Settings | None = None,
        confirm: Callable[[Summary], bool] = lambda summary: True,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> pipeline.Result | pipeline.Told:
        """Go on with a run, reported in `home/report`."""
        return pipeline.resume(
            number, self.service, _how(settings, confirm), self.home / "report", self.watching(should_stop)
        )

    def verify(self, number: int | None = None) -> pipeline.Told:
        """Compare the account with what a run has sent."""
        return pipeline.verify(number, self.service, self.watching())

    def undo(
        self,
        number: int = 1,
        *,
        dry_run: bool = False,
        confirm: Callable[[Sequence[Told]], bool] = lambda sections: True,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> pipeline.Told:
        """Put back what a run did, agreed to."""
        return pipeline.undo(number, self.service, confirm, self.watching(should_stop), dry_run=dry_run)

    def backup(self, path: Path | None = None) -> pipeline.Told:
        """Save the account as a file."""
        return pipeline.backup(path, self.service, self.watching())

    def request(self, *paths: Path) -> Request:
        """These files, reported in `home/report`."""
        return Request(paths=paths, report_folder=self.home / "report")

    def configured(self, settings: Settings | None = None) -> Configuration:
        """The settings, with this home."""
        return Configuration(settings or Settings(), {}, self.home)

    def watching(self, should_stop: Callable[[], bool] = lambda: False) -> Watching:
        """The clock of this migration, and nobody who looks."""
        return Watching(should_stop=should_stop, clock=self.clock)

    def account(self) -> dict[str, tuple[int | None, str]]:
        """The rated titles of the account: rating and date by imdb, mal or tmdb id, else by title."""
        held: dict[str, tuple[int | None, str]] = {}
        self.clock.advance(1)  # another client, later
        reader = create_app(self.sandbox, clock=self.clock) if self.sandbox.database else self.app
        with SimklClient(
            Credentials("client", TOKEN), base_url="http://localhost", clock=self.clock, wsgi_app=reader
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


def _how(settings: Settings | None, confirm: Callable[[Summary], bool]) -> How:
    settings = settings or Settings()
    return How(confirm=confirm, restore_status=settings.restore_status, backup=settings.backup)


def lines_of(result: pipeline.Result | pipeline.Told) -> str:
    """What a command says of the account, all its headed lines as one text."""
    sections = result.sections if isinstance(result, pipeline.Told) else result.summary.facts.account
    return "\n".join(line for head, lines in sections for line in (head, *lines))
