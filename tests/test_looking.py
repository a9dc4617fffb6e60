"""What an id names at Simkl, looked up in the stand-in in process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from importer.config import Configuration, Settings
from importer.looking import (
    LookedUp,
    Unsigned,
    Wanted,
    cards,
    look_up,
    lookup_json,
    missing,
    service,
    wanted,
)
from importer.report.titles import cards_page
from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import FaultKind
from importer.services import Service
from importer.simkl.credentials import AppId, Credentials
from importer.simkl.renewal import remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, StoredSignIn
from importer.vocabulary.errors import ApiError, AuthError, ConfigError
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section
from tests.canary import TOKEN
from tests.clock import FakeClock

V1, V2 = AppId("v1-app"), AppId("v2-app")
MOVIE, SHOW = Kind.MOVIE, Kind.SHOW


def stand_in(**switches: Any) -> Flask:
    """The catalogue of the fixture; the clock is the app's own."""
    return create_app(SandboxSettings(strict_catalogue=True, **switches), clock=FakeClock())


def signed(app: Flask) -> Service:
    """The service with a sign-in of the newer generation."""
    return Service(
        credentials=Credentials("v2-app", TOKEN),
        base_url="http://localhost",
        account="x",
        journal=Path("journal.sqlite"),
        wsgi_app=app,
    )


def unsigned(app: Flask, app_id: AppId = V1) -> Unsigned:
    """The service with a client id alone."""
    return Unsigned(app_id, "http://localhost", wsgi_app=app)


def looked_up(app: Flask, to: Service | Unsigned, *texts: str, kind: str | None = None) -> list[LookedUp]:
    """What comes of ids as a person writes them; the manners of the contract are kept."""
    stage = backstage_of(app)
    found = look_up([wanted(text, kind) for text in texts], to, stage.clock)
    assert stage.violations == []
    assert all(call.params.get("to", "simkl") == "simkl" for call in stage.calls)
    return found


def named(answer: LookedUp) -> list[tuple[str, str]]:
    """Address and title of what was found."""
    return [(found.page, found.details.title if found.details else "") for found in answer.found]


# --- what is asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("imdb:tt0181852", Wanted("imdb", "tt0181852")),
        (" IMDb:TT0181852 ", Wanted("imdb", "tt0181852")),
        ("tt0181852", Wanted("imdb", "tt0181852")),
        ("https://www.imdb.com/title/tt0181852/?ref_=nv_sr_1", Wanted("imdb", "tt0181852")),
        ("https://m.imdb.com/de/title/tt0181852/ratings/#votes", Wanted("imdb", "tt0181852")),
        ("imdb:http://imdb.com/title/tt0181852", Wanted("imdb", "tt0181852")),
        ("imdb:movie:tt0181852", Wanted("imdb", "tt0181852", MOVIE)),
        ("tmdb:550", Wanted("tmdb", "550")),
        ("tmdb:movie:550", Wanted("tmdb", "550", MOVIE)),
        ("tmdb:show:01399", Wanted("tmdb", "1399", SHOW)),
        ("traktslug:Breaking-Bad", Wanted("traktslug", "breaking-bad")),
        ("letterboxd:movie", Wanted("letterboxd", "movie")),
        ("simkl:show:2090", Wanted("simkl", "2090", SHOW)),
    ],
)
def test_an_id_as_people_write_it(text: str, expected: Wanted) -> None:
    """With its space in front, or as an address at IMDb."""
    assert wanted(text) == expected


def test_the_option_names_the_kind_where_the_id_does_not() -> None:
    """What stands in the id itself wins."""
    assert wanted("tmdb:550", "show") == Wanted("tmdb", "550", SHOW)
    assert wanted("tmdb:movie:550", "show") == Wanted("tmdb", "550", MOVIE)
    assert [str(one) for one in (Wanted("mal", "1"), Wanted("tmdb", "550", MOVIE))] == ["mal:1", "tmdb:movie:550"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("trakt:5", "'trakt:5': write an id as imdb:tt0181852; ids are known of simkl, imdb, tmdb,"),
        ("", "'': write an id as imdb:tt0181852;"),
        ("550", "'550': write an id"),
        ("https://evil.example/title/tt0181852", "write an id as"),
        ("to:watched", "'to:watched': write an id"),
        ("imdb:550", "'imdb:550': '550' is not written as ids of imdb are."),
        ("imdb:", "'imdb:': '' is not written"),
        ("tmdb:film:550", "'tmdb:film:550': 'film:550' is not written as ids of tmdb are."),
        ("tmdb:movie:", "'movie:' is not written"),
        ("simkl:1/../../sync", "is not written as ids of simkl are."),
        ("mal:\x1b[31m", r"'mal:\x1b[31m': '\x1b[31m' is not written"),
    ],
)
def test_what_is_no_id_is_said_before_anything_is_asked(text: str, sentence: str) -> None:
    """With the word that cannot be read."""
    with pytest.raises(ConfigError) as caught:
        wanted(text)
    assert sentence in str(caught.value)


@given(st.text(max_size=40) | st.from_regex(rf"({'|'.join(SENDABLE)}):(movie:|show:)?.{{0,12}}"))
def test_no_text_breaks_the_reading(text: str) -> None:
    """It is an id, or a sentence that says why not; and an id reads the same again."""
    try:
        found = wanted(text)
    except ConfigError as error:
        assert ": write an id as " in str(error) or "is not written as ids of" in str(error)
    else:
        assert found.space in SENDABLE
        assert wanted(str(found)) == found


# --- what is found ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("imdb:tt0181852", [("https://simkl.com/movies/53536", "Terminator 3: Rise of the Machines")]),
        ("tvdb:show:153021", [("https://simkl.com/tv/2090", "The Walking Dead")]),
        ("mal:16498", [("https://simkl.com/anime/39687", "Attack on Titan")]),
        ("letterboxd:inception", [("https://simkl.com/movies/1000002", "Inception")]),
        ("tmdb:movie:1396", [("https://simkl.com/movies/1000012", "Mirror")]),
        ("tmdb:show:1396", [("https://simkl.com/tv/1000101", "Breaking Bad")]),
        (
            "tmdb:1396",
            [("https://simkl.com/movies/1000012", "Mirror"), ("https://simkl.com/tv/1000101", "Breaking Bad")],
        ),
        ("tmdb:603", [("https://simkl.com/movies/1000001", "The Matrix")]),
        ("traktslug:breaking-bad", [("https://simkl.com/tv/1000101", "Breaking Bad")]),
        ("imdb:movie:tt0245429", [("https://simkl.com/anime/1000208", "Spirited Away")]),
        ("imdb:show:tt0181852", []),
        ("imdb:movie:tt0903747", []),
        ("imdb:tt0000007", []),
        ("tmdb:5", []),
        ("simkl:53536", [("https://simkl.com/movies/53536", "Terminator 3: Rise of the Machines")]),
        ("simkl:2090", [("https://simkl.com/tv/2090", "The Walking Dead")]),
        ("simkl:39687", [("https://simkl.com/anime/39687", "Attack on Titan")]),
        ("simkl:9000001", [("https://simkl.com/movies/53536", "Terminator 3: Rise of the Machines")]),
        ("simkl:movie:2090", []),
        ("simkl:7", []),
    ],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_an_id_finds_its_title(text: str, found: list[tuple[str, str]], is_signed: bool) -> None:
    """The same with a sign-in of the newer generation and with a bare client id of the older one."""
    app = stand_in()
    (answer,) = looked_up(app, signed(app) if is_signed else unsigned(app), text)
    assert named(answer) == found
    assert missing([answer]) == ([] if found else [str(answer.wanted)])


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("imdb:tt0181852", ["/redirect", "/movies/53536"]),
        ("imdb:tt0000007", ["/redirect"]),
        ("tmdb:movie:550", ["/redirect", "/movies/1000006"]),
        ("tmdb:1396", ["/redirect", "/redirect", "/movies/1000012", "/tv/1000101"]),
        ("simkl:53536", ["/movies/53536", "/tv/53536", "/anime/53536"]),
        ("simkl:show:2090", ["/tv/2090", "/anime/2090"]),
    ],
)
def test_no_more_is_asked_than_needed(text: str, paths: list[str]) -> None:
    """A redirect for each kind that is open, then the free records; numbers of Simkl's own need no redirect."""
    app = stand_in()
    looked_up(app, signed(app), text)
    calls = backstage_of(app).calls
    assert [call.path for call in calls] == paths
    assert [call.has_token for call in calls] == [path == "/redirect" for path in paths]


def test_several_ids_are_answered_in_order() -> None:
    """An id that is named twice is asked for once; those that name nothing are listed."""
    app = stand_in()
    answers = looked_up(app, signed(app), "mal:21", "tt0000007", "tmdb:2", "mal:021", "simkl:2090")
    assert [str(answer.wanted) for answer in answers] == ["mal:21", "imdb:tt0000007", "tmdb:2", "simkl:2090"]
    assert [card.heading for card in cards(answers)] == ["One Piece (1999)", "The Walking Dead (2010)"]
    assert missing(answers) == ["imdb:tt0000007", "tmdb:2"]


def test_a_title_without_a_record_is_shown_by_its_address() -> None:
    """The redirect alone tells where it is."""

    def app(environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/redirect":
            start_response("301 Moved", [("Location", "https://simkl.com/tv/17465/game-of-thrones")])
            return [b""]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"[]"]

    to = Unsigned(V1, "http://localhost", wsgi_app=app)
    (answer,) = look_up([wanted("imdb:tt0944947")], to, FakeClock())
    assert missing([answer]) == []
    (card,) = cards([answer])
    assert card.heading == "(no title)"
    assert ("Simkl", "https://simkl.com/tv/17465") in card.facts
    assert ("note", "Simkl's catalogue has no record of it.") in card.facts
    (found,) = lookup_json([answer])[0]["found"]
    assert (found["address"], found["title"], found["ids"]) == (
        "https://simkl.com/tv/17465",
        None,
        {"simkl": "17465"},
    )


# --- with and without a sign-in ---------------------------------------------------------------------------


def test_the_older_generation_needs_no_sign_in() -> None:
    """No token goes out."""
    app = stand_in(only_issued_tokens=True)
    (answer,) = looked_up(app, unsigned(app, V1), "imdb:tt0181852")
    assert named(answer) == [("https://simkl.com/movies/53536", "Terminator 3: Rise of the Machines")]
    assert not any(call.has_token for call in backstage_of(app).calls)


def test_the_newer_generation_is_told_to_sign_in() -> None:
    """One refusal, one sentence; ids of Simkl's own are answered all the same."""
    app = stand_in()
    with pytest.raises(AuthError) as caught:
        looked_up(app, unsigned(app, V2), "imdb:tt0181852")
    assert str(caught.value) == (
        "Simkl looks up ids for this client id only when somebody is signed in, as for all apps of the newer "
        "generation (V2). Run rateport login first. Ids of Simkl itself, as in simkl:53536, need no sign-in."
    )
    assert [call.status for call in backstage_of(app).calls] == [401]
    (answer,) = looked_up(app, unsigned(app, V2), "simkl:53536")
    assert named(answer) == [("https://simkl.com/movies/53536", "Terminator 3: Rise of the Machines")]


def test_a_sign_in_that_is_no_good_is_told_otherwise() -> None:
    """There is one, it is just not accepted."""
    app = stand_in(only_issued_tokens=True)
    with pytest.raises(AuthError, match="no longer accepts the sign-in"):
        looked_up(app, signed(app), "imdb:tt0181852")


def test_a_client_id_that_is_not_known_is_told() -> None:
    """It is not a matter of signing in."""
    app = stand_in(client_ids=frozenset({"another"}))
    with pytest.raises(ApiError, match="412"):
        looked_up(app, unsigned(app), "imdb:tt0181852")


def test_trouble_that_passes_is_waited_out() -> None:
    """As for every read."""
    fault = Fault(kind=FaultKind.STATUS, status=503)
    app = create_app(SandboxSettings(strict_catalogue=True), clock=FakeClock(), faults=[fault])
    (answer,) = looked_up(app, unsigned(app), "mal:21")
    assert named(answer) == [("https://simkl.com/anime/1000204", "One Piece")]


def configuration(home: Path, **settings: Any) -> Configuration:
    """Settings with everything rateport keeps in `home`."""
    return Configuration(Settings(**settings), home=home)


def test_the_sign_in_that_is_known_is_used(tmp_path: Path) -> None:
    """The stored one, and before it the token from the environment; else the client id alone."""
    clock = FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    alone = service(configuration(tmp_path, client_id="mine"), clock)
    assert isinstance(alone, Unsigned)
    assert (alone.credentials, alone.base_url) == (AppId("mine"), "https://api.simkl.com")
    stored = StoredSignIn(
        generation=Generation.V1,
        client_id="stored-app",
        access_token="stored-token",
        refresh_token=None,
        expires_at=None,
        scope="",
        origin="https://api.simkl.com",
        account_id="1",
        account_name="x",
    )
    remember(FileStore(tmp_path), stored, clock)
    assert service(configuration(tmp_path), clock).credentials == Credentials("stored-app", "stored-token")
    from_environment = configuration(tmp_path, client_id="mine", access_token="own")
    assert service(from_environment, clock).credentials == Credentials("mine", "own")


def test_nothing_is_asked_without_a_client_id(tmp_path: Path) -> None:
    """Every request must name one."""
    with pytest.raises(AuthError, match="set RATEPORT_CLIENT_ID"):
        service(configuration(tmp_path), FakeClock())


# --- how it is told ---------------------------------------------------------------------------------------


def test_what_is_shown_of_an_anime_at_sixty_columns() -> None:
    """Everything that the record tells, and nothing wider than the terminal."""
    app = stand_in()
    answers = looked_up(app, signed(app), "mal:21", "tt0000007")
    assert cards_page(cards(answers), missing(answers), width=60) == (
        "One Piece (1999)\n"
        "  asked for  mal:21\n"
        "  type       anime, tv\n"
        "  Simkl      https://simkl.com/anime/1000204\n"
        "  ids        simkl:1000204, imdb:tt0388629, tmdb:37854,\n"
        "             tvdb:81797, mal:21, anidb:69, anilist:21,\n"
        "             kitsu:12, livechart:321, anisearch:2227,\n"
        "             animeplanet:one-piece\n"
        "  scores     Simkl 8.4 from 1,304 votes; IMDb 8.4 from\n"
        "             13,040 votes; MyAnimeList 8.4 from 6,520 votes,\n"
        "             rank 205\n"
        "\n"
        "Not found at Simkl: imdb:tt0000007\n"
    )


def test_the_form_for_machines() -> None:
    """One object for each id, with all titles that it names."""
    app = stand_in()
    assert lookup_json(looked_up(app, signed(app), "imdb:tt0181852", "tmdb:5")) == [
        {
            "asked": "imdb:tt0181852",
            "found": [
                {
                    "type": "movie",
                    "anime_type": None,
                    "title": "Terminator 3: Rise of the Machines",
                    "year": 2003,
                    "address": "https://simkl.com/movies/53536",
                    "ids": {"simkl": "53536", "imdb": "tt0181852", "tmdb": "296"},
                    "scores": {
                        "simkl": {"rating": 8.1, "votes": 8636},
                        "imdb": {"rating": 8.1, "votes": 86360},
                    },
                }
            ],
        },
        {"asked": "tmdb:5", "found": []},
    ]
    (one_piece,) = lookup_json(looked_up(app, signed(app), "mal:21"))[0]["found"]
    assert (one_piece["type"], one_piece["anime_type"]) == ("anime", "tv")
    assert one_piece["scores"]["mal"] == {"rating": 8.4, "votes": 6520, "rank": 205}


def test_hostile_titles_of_the_catalogue_stay_text() -> None:
    """Escape sequences, direction marks and markup are shown, never obeyed."""
    app = create_app(SandboxSettings(), clock=FakeClock())
    name = "\x1b[2J\u202eevil [link=http://example.org]x[/link]"
    backstage_of(app).put(
        Section.MOVIES, {"ids": {"imdb": "tt0137523"}, "title": name, "year": 1999}, status="dropped"
    )
    answers = looked_up(app, signed(app), "imdb:tt0137523")
    page = cards_page(cards(answers), [], width=60)
    assert page.startswith("\ufffd[2J\ufffdevil [link=http://example.org]x[/link] (1999)\n")
    assert not set(page) & set("\x1b\u202e")
    assert max(map(len, page.splitlines())) <= 60
    assert json.dumps(lookup_json(answers)).isprintable()
