"""The rated titles of an account, read from the stand-in in process."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from importer.listed import rated_titles, ratings_json, ratings_named
from importer.report.titles import ratings_page
from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.backstage import Backstage
from importer.services import Service
from importer.simkl.credentials import Credentials
from importer.vocabulary.errors import AuthError, ConfigError
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
from tests.clock import FakeClock

ALL = range(1, 11)
HELD: list[tuple[Section, dict[str, Any]]] = [
    (Section.MOVIES, {"ids": {"imdb": "tt0181852"}, "rating": 8, "rated_at": "2019-05-04T10:00:00Z"}),
    (Section.MOVIES, {"ids": {"imdb": "tt0137523"}, "rating": 10, "rated_at": "2021-06-23T23:30:00-05:00"}),
    (Section.SHOWS, {"ids": {"tmdb": 1396}, "rating": 9, "rated_at": "2020-01-01T00:00:00Z"}),
    (Section.ANIME, {"ids": {"mal": 21}, "rating": 8, "rated_at": "2024-02-29T12:00:00Z"}),
]


def account(tmp_path: Path, **switches: Any) -> tuple[Service, Backstage, FakeClock]:
    """A service with four rated titles and a planned one, and what stands behind it."""
    clock = FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    app = create_app(SandboxSettings(strict_catalogue=True, **switches), clock=clock)
    stage = backstage_of(app)
    for section, item in HELD:
        stage.put(section, item)
    stage.put(Section.SHOWS, {"ids": {"tmdb": 1399}}, status="plantowatch")
    return service_at(app, tmp_path), stage, clock


def service_at(app: Any, tmp_path: Path) -> Service:
    """The service that `app` answers for."""
    return Service(
        credentials=Credentials("an-app", TOKEN),
        base_url="http://localhost",
        account="x",
        journal=tmp_path / "journal.sqlite",
        wsgi_app=app,
    )


def test_all_ratings_come_newest_first(tmp_path: Path) -> None:
    """Of the three sections, without what is only planned; each is asked for by name, with all ratings."""
    to, stage, clock = account(tmp_path)
    titles = rated_titles(to, clock, [], ALL)
    assert [(title.title, title.rating) for title in titles] == [
        ("One Piece", 8),
        ("Fight Club", 10),
        ("Breaking Bad", 9),
        ("Terminator 3: Rise of the Machines", 8),
    ]
    assert [call.path for call in stage.calls] == [
        "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10",
        "/sync/ratings/shows/1,2,3,4,5,6,7,8,9,10",
        "/sync/ratings/anime/1,2,3,4,5,6,7,8,9,10",
    ]
    assert stage.violations == []


@pytest.mark.parametrize(
    ("sections", "ratings", "found", "paths"),
    [
        ([Section.ANIME], ALL, ["One Piece"], ["/sync/ratings/anime/1,2,3,4,5,6,7,8,9,10"]),
        (
            [Section.SHOWS, Section.MOVIES],
            (8, 9),
            ["Breaking Bad", "Terminator 3: Rise of the Machines"],
            ["/sync/ratings/movies/8,9", "/sync/ratings/shows/8,9"],
        ),
        ([Section.SHOWS], (1,), [], ["/sync/ratings/shows/1"]),
    ],
)
def test_the_request_itself_is_narrowed(
    tmp_path: Path, sections: list[Section], ratings: Any, found: list[str], paths: list[str]
) -> None:
    """Nothing is fetched to be thrown away."""
    to, stage, clock = account(tmp_path)
    assert [title.title for title in rated_titles(to, clock, sections, ratings)] == found
    assert [call.path for call in stage.calls] == paths


@pytest.mark.parametrize("legacy_null", [False, True])
def test_an_empty_account_has_no_ratings(tmp_path: Path, legacy_null: bool) -> None:
    """In both forms of an empty reply."""
    clock = FakeClock()
    to = service_at(create_app(SandboxSettings(legacy_null=legacy_null), clock=clock), tmp_path)
    assert rated_titles(to, clock, [], ALL) == []


def test_titles_without_a_date_stand_last(tmp_path: Path) -> None:
    """Those of one moment by name."""
    to, stage, clock = account(tmp_path)
    stage.database.execute("UPDATE library SET rated_at = NULL WHERE rating = 8")
    titles = rated_titles(to, clock, [], ALL)
    assert [(title.title, title.rated_at is None) for title in titles] == [
        ("Fight Club", False),
        ("Breaking Bad", False),
        ("One Piece", True),
        ("Terminator 3: Rise of the Machines", True),
    ]


def test_the_form_for_machines(tmp_path: Path) -> None:
    """Moments in UTC, ids as text."""
    to, stage, clock = account(tmp_path)
    assert ratings_json(rated_titles(to, clock, [Section.MOVIES, Section.ANIME], (10,))) == [
        {
            "type": "movie",
            "title": "Fight Club",
            "year": 1999,
            "rating": 10,
            "rated_at": "2021-06-24T04:30:00Z",
            "status": "completed",
            "ids": {"simkl": "1000006", "imdb": "tt0137523", "tmdb": "550"},
        }
    ]
    (anime,) = ratings_json(rated_titles(to, clock, [Section.ANIME], ALL))
    assert (anime["type"], anime["status"], anime["ids"]["animeplanet"]) == ("anime", "watching", "one-piece")
    stage.database.execute("UPDATE library SET rated_at = NULL")
    (undated,) = ratings_json(rated_titles(to, clock, [Section.SHOWS], ALL))
    assert undated["rated_at"] is None


def test_hostile_titles_of_the_account_stay_text(tmp_path: Path) -> None:
    """Whoever named them, at 60 columns, on the terminal and for machines."""
    clock = FakeClock()
    app = create_app(SandboxSettings(), clock=clock)
    name = "\x1b[2J\u202eevil [link=http://example.org]x[/link]"
    item = {"ids": {"imdb": "tt0137523"}, "title": name, "year": 1999, "rating": 1}
    backstage_of(app).put(Section.MOVIES, {**item, "rated_at": "2021-06-23T12:00:00Z"})
    titles = rated_titles(service_at(app, tmp_path), clock, [], ALL)
    page = ratings_page(titles, width=60)
    assert page == (
        "kind   title                   rating  rated       list\n"
        "movie  \ufffd[2J\ufffdevil                    1  2021-06-23  completed\n"
        "       [link=http://example.o\n"
        "       rg]x[/link] (1999)\n"
        "\n"
        "1 rating: 1 movie\n"
    )
    assert json.dumps(ratings_json(titles)).isprintable()


def test_a_token_that_is_no_good_is_told(tmp_path: Path) -> None:
    """And what to do about it."""
    to, _, clock = account(tmp_path, only_issued_tokens=True)
    with pytest.raises(AuthError, match="rateport login"):
        rated_titles(to, clock, [], ALL)


@pytest.mark.parametrize(
    ("text", "ratings"),
    [(None, tuple(ALL)), ("8", (8,)), ("8,9", (8, 9)), (" 10, 1 ,10", (1, 10))],
)
def test_the_ratings_that_are_named(text: str | None, ratings: tuple[int, ...]) -> None:
    """Each once; without a word all of them."""
    assert ratings_named(text) == ratings


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("0", "'0'"),
        ("8,11", "'11'"),
        ("", "''"),
        ("8,", "''"),
        ("8-10", "'8-10'"),
        ("8.5", "'8.5'"),
        ("08", "'08'"),
        ("٨", "'٨'"),
        ("8;9", "'8;9'"),
        ("all", "'all'"),
    ],
)
def test_ratings_that_do_not_exist_are_refused(text: str, quoted: str) -> None:
    """Before anything is asked, for the service would silently answer something else."""
    with pytest.raises(ConfigError) as caught:
        ratings_named(text)
    assert str(caught.value) == (
        f"--rating: {quoted} is no rating; write whole numbers from 1 to 10 with commas, as in 8,9."
    )
