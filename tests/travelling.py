"""A person's commands as processes of their own, against the stand-in on a real socket, and what befalls them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.sandbox.serving import serve
from importer.simkl.renewal import remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, StoredSignIn
from importer.vocabulary.clock import SystemClock
from importer.vocabulary.sends import Section
from tests.migrating import table

GENERATIONS = {"v1-app": Generation.V1, "an-app": Generation.V2}
SIGN_IN_NEEDED = SandboxSettings(
    strict_catalogue=True,
    only_issued_tokens=True,
    plan_to_watch_becomes_completed=True,
    shuffle_statuses=True,
    string_ids_in_echo=True,
    poll_interval_s=1,
)
TIMEOUT_S = 120
Act = Callable[[subprocess.Popen[str]], None]


def kill(process: subprocess.Popen[str]) -> None:
    """End it as a power cut would."""
    process.kill()
    process.wait()


def interrupt(process: subprocess.Popen[str]) -> None:
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)


def terminate(process: subprocess.Popen[str]) -> None:
    """What a shutdown sends."""
    process.send_signal(signal.SIGTERM)


class Ambush:
    """A service at whose `at`-th request from now on something is done to the client, before or after applying."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.lay(0)

    def lay(self, at: int, act: Act = kill, *, after: bool = False, method: str = "") -> None:
        """Count from here, requests of `method` alone if one is named; 0 lets everything pass."""
        self.passed, self._at, self._act, self._after, self._method = 0, at, act, after, method
        self.client: subprocess.Popen[str] | None = None
        self._known = threading.Event()

    def reaches(self, client: subprocess.Popen[str]) -> None:
        """This is who is meant."""
        self.client = client
        self._known.set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        """Answer, and strike where told."""
        with self._lock:
            self.passed += self._method in ("", environ["REQUEST_METHOD"])
            is_hit = self.passed == self._at and self._method in ("", environ["REQUEST_METHOD"])
        if is_hit and not self._after:
            self._strike()
        reply = list(self._app(environ, start_response))
        if is_hit and self._after:
            self._strike()
        yield from reply

    def _strike(self) -> None:
        assert self._known.wait(TIMEOUT_S)
        assert self.client is not None
        self._act(self.client)


class Traveller:
    """One person with a home folder and an app, and the service they talk to."""

    def __init__(self, folder: Path, url: str, stage: Backstage, ambush: Ambush, client_id: str) -> None:
        self.folder = folder
        self.stage = stage
        self.ambush = ambush
        self.client_id = client_id
        self._url = url
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RATEPORT_")},
            "RATEPORT_HOME": str(folder / "home"),
            "RATEPORT_API_URL": url,
            "RATEPORT_CLIENT_ID": client_id,
            "COLUMNS": "100",
        }

    def start(self, *words: str, variables: Mapping[str, str] | None = None, **how: Any) -> subprocess.Popen[str]:
        """`rateport WORDS`, just started."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("rateport")), *words],
            env={**self._environment, **(variables or {})},
            text=True,
            cwd=self.folder,
            **{**streams, **how},
        )
        self.ambush.reaches(process)
        return process

    @property
    def complaints(self) -> Path:
        """What the last command said on standard error, while it does."""
        return self.folder / "complaints.txt"

    def run(
        self, *words: str, variables: Mapping[str, str] | None = None, **how: Any
    ) -> subprocess.CompletedProcess[str]:
        """`rateport WORDS` to its end, which is never a traceback."""
        with self.complaints.open("w", encoding="utf-8") as stream:
            process = self.start(*words, variables=variables, stderr=stream, **how)
            out, _ = process.communicate(timeout=TIMEOUT_S)
        err = self.complaints.read_text(encoding="utf-8")
        assert "Traceback" not in out + err, err
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def must(self, *words: str, code: int = 0) -> str:
        """What `rateport WORDS` says, which ends with `code`."""
        done = self.run(*words)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def login(self) -> str:
        """`rateport login`, with the shown code approved; all it printed."""
        process = self.start("login", variables={"PYTHONUNBUFFERED": "1"}, stderr=None)
        assert process.stdout is not None
        told: list[str] = []
        watchdog = threading.Timer(TIMEOUT_S, process.kill)
        watchdog.start()
        for line in process.stdout:
            told.append(line)
            if re.fullmatch(r" {4}(\S )+\S\n", line):
                self.stage.approve(line.replace(" ", "").strip())
        watchdog.cancel()
        process.stdout.close()
        assert process.wait(TIMEOUT_S) == 0, "".join(told)
        return "".join(told)

    def signed_in(self) -> Traveller:
        """This one, with a sign-in as `login` would have left it."""
        generation, now = GENERATIONS[self.client_id], SystemClock().now()
        with self.stage.database.writing():
            if generation is Generation.V1:
                access, refresh, scope, expires_at = self.stage.grants.first(self.client_id), None, "public", None
            else:
                pair = self.stage.grants.pair(self.client_id, "media:read media:write", now.timestamp())
                access, refresh, scope = pair.access, pair.refresh, pair.scope
                expires_at = now + timedelta(days=7)
        sign_in = StoredSignIn(
            generation=generation,
            client_id=self.client_id,
            access_token=access,
            refresh_token=refresh,
            expires_at=expires_at,
            scope=scope,
            origin=self._url,
            account_id="1",
            account_name="sandbox",
        )
        remember(FileStore(self.folder / "home"), sign_in, SystemClock())
        return self

    def secrets(self) -> set[str]:
        """Every token of this sign-in, as it is stored."""
        kept = json.loads((self.folder / "home" / "sign-in.json").read_text(encoding="utf-8"))["sign_ins"]
        values = [entry[name] for entry in kept.values() for name in ("access_token", "refresh_token")]
        return {value for value in values if value}


ONE_AT_A_TIME = threading.Lock()
"""Routes are compiled through `ast`, whose count of depth CPython 3.11 shares between threads (gh-106905)."""


@contextmanager
def road(
    folder: Path, client_id: str = "an-app", settings: SandboxSettings = SIGN_IN_NEEDED
) -> Iterator[Traveller]:
    """A traveller in `folder`, whose requests may be ambushed, and a service that nobody may treat badly."""
    with ONE_AT_A_TIME:
        app = create_app(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with serve(ambush := Ambush(app.wsgi_app)) as server:
        yield Traveller(folder, server.url, backstage_of(app), ambush, client_id)
    assert backstage_of(app).violations == []


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

HELD: Sequence[tuple[Section, dict[str, Any], str | None]] = (
    (Section.MOVIES, {"ids": {"imdb": "tt0137523"}, "rating": 6, "rated_at": "2015-05-05T12:00:00Z"}, None),
    (Section.MOVIES, {"ids": {"imdb": "tt0133093"}, "rating": 7, "rated_at": "2025-06-06T12:00:00Z"}, None),
    (Section.MOVIES, {"ids": {"imdb": "tt1375666"}}, "plantowatch"),
    (Section.MOVIES, {"ids": {"imdb": "tt0111161"}, "watched_at": "2014-03-03T12:00:00Z"}, "completed"),
    (Section.SHOWS, {"ids": {"imdb": "tt0903747"}}, "hold"),
    (Section.SHOWS, {"ids": {"imdb": "tt7366338"}, "rating": 5, "rated_at": "2019-07-07T12:00:00Z"}, "dropped"),
    (Section.ANIME, {"ids": {"mal": 16498}, "rating": 4, "rated_at": "2016-08-08T12:00:00Z"}, "watching"),
    (Section.ANIME, {"ids": {"mal": 21}}, "plantowatch"),
    (Section.MOVIES, {"ids": {"imdb": "tt0468569"}, "rating": 10, "rated_at": "2020-02-02T12:00:00Z"}, None),
)
"""An account with a past: rated longer ago and more lately than the export, listed, watched, not in the export."""

ROWS = (
    "Fight Club,1999,movie,10,2017-12-03,tt0137523,,",
    "The Matrix,1999,movie,9,2018-01-01,tt0133093,,",
    "Inception,2010,movie,8,2018-02-02,tt1375666,,",
    "The Shawshank Redemption,1994,movie,9,2018-03-03,tt0111161,,",
    "Pulp Fiction,1994,movie,7,2018-04-04,tt0110912,,",
    "Avatar 4,2029,movie,3,2018-05-05,tt3095356,,",
    "Breaking Bad,2008,show,10,2018-06-06,tt0903747,,",
    "Chernobyl,2019,show,9,2020-07-07,tt7366338,,",
    "The Wire,2002,show,8,2018-08-08,tt0306414,,",
    "Attack on Titan,2013,anime,9,2018-09-09,,,16498",
    "One Piece,1999,anime,6,2018-10-10,,,21",
    "Cowboy Bebop,1998,anime,10,2018-11-11,,,1",
    "Parasite,2019,movie,9,,tt6751668,,",
    "The Walking Dead,2010,show,5,,tt1520211,,",
)
"""Twelve dated rows and two undated ones; The Matrix is rated more lately in the account."""


def settled(stage: Backstage) -> list[dict[str, Any]]:
    """Arrange an account with a past, and give it as it is."""
    for section, item, status in HELD:
        stage.put(section, item, status=status, now=LONG_AGO)
    return stage.dump()


def export(folder: Path) -> Path:
    """The export that all journeys carry."""
    return table(folder / "mine.csv", ROWS)


def dated(dump: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`dump` without the moments that are those of the run itself: of ratings without a date, of new listings."""
    today = f"{SystemClock().now():%Y-%m-%d}"
    return [
        {
            name: "just now" if name in ("rated_at", "added_at") and str(value or "")[:10] >= today else value
            for name, value in title.items()
        }
        for title in dump
    ]
