"""The examples of the wire: what is asked, in which situation, and what the cassette of it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer.sandbox.app import Fault, SandboxSettings
from importer.sandbox.faults import FaultKind
from importer.simkl.client import Credentials, SimklClient
from importer.simkl.transport import Http
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import RateportError
from importer.vocabulary.sends import Section, Send

CASSETTES = Path(__file__).parent / "cassettes"
CANARY = Credentials(client_id="canary-client-id", access_token="simkl_at_canary-access-token")
OUT_OF_RANGE = Send(Section.MOVIES, {"rating": 11, "ids": {"imdb": "tt0133093"}})

DATED = "2019-05-04T10:00:00Z"
TERMINATOR = Send(Section.MOVIES, {"rating": 8, "rated_at": DATED, "ids": {"imdb": "tt0181852", "tmdb": 296}})
MATRIX = Send(Section.MOVIES, {"rating": 10, "rated_at": DATED, "title": "The Matrix", "year": 1999})
THRONES = Send(Section.SHOWS, {"rating": 9, "rated_at": DATED, "ids": {"tmdb": 1399}})
TITAN_2 = Send(Section.ANIME, {"rating": 7, "rated_at": DATED, "ids": {"mal": 25777, "anidb": 10944}})
NO_MOVIE = Send(Section.MOVIES, {"rating": 6, "rated_at": DATED, "ids": {"imdb": "tt9999999"}})
NO_ANIME = Send(Section.ANIME, {"rating": 5, "rated_at": DATED, "ids": {"mal": 99999999}})

KNOWN = (TERMINATOR, MATRIX, THRONES, TITAN_2)
MIXED = (TERMINATOR, NO_MOVIE, THRONES, NO_ANIME)

Act = Callable[[SimklClient, Http], Any]


def post(sends: Sequence[Send]) -> Act:
    """Post `sends` with the client."""
    return lambda client, http: client.post_ratings(sends)


def read(section: Section) -> Act:
    """Read one section of the account with the client."""
    return lambda client, http: client.read_ratings(section)


def post_out_of_range(client: SimklClient, http: Http) -> Any:
    """Post what the client itself refuses to post."""
    return http.send("POST", "/sync/ratings", b'{"movies":[{"rating":11,"ids":{"imdb":"tt0133093"}}]}')


def outcome(act: Act, base_url: str, credentials: Credentials, clock: Clock) -> Any:
    """What comes of `act`, errors for the person included."""
    http = Http(credentials, base_url, clock, None)
    with SimklClient(credentials, base_url=base_url, clock=clock, random=lambda: 0.5) as client:
        try:
            return act(client, http)
        except RateportError as error:
            return error
        finally:
            http.close()


STRICT = SandboxSettings(strict_catalogue=True, enforce_limits=False)


def _refusing(status: int, error: str, **headers: str) -> tuple[Fault, ...]:
    return (Fault(kind=FaultKind.STATUS, status=status, error=error, headers=headers),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One cassette. `before` is rated beforehand, off the record; `credentials` replace those of the recorder;
    `can_be_real` says that the real service can be asked for it without harm."""

    name: str
    shows: str
    cites: str
    act: Act
    settings: SandboxSettings = STRICT
    faults: tuple[Fault, ...] = ()
    before: tuple[Send, ...] = field(default=())
    credentials: Credentials | None = None
    can_be_real: bool = False


SCENARIOS = (
    Scenario(
        name="get_ratings_empty",
        shows="an account without rated movies, as newer client ids see it",
        cites="6.1",
        act=read(Section.MOVIES),
        can_be_real=True,
    ),
    Scenario(
        name="get_ratings_null",
        shows="an account without rated movies, as old client ids see it",
        cites="6.1, 10",
        act=read(Section.MOVIES),
        settings=SandboxSettings(strict_catalogue=True, enforce_limits=False, legacy_null=True),
    ),
    Scenario(
        name="post_ratings_accepted",
        shows="a movie by ids, one by title and year, a show and an anime, all accepted",
        cites="4.1, 4.2",
        act=post(KNOWN),
        can_be_real=True,
    ),
    Scenario(
        name="post_ratings_mixed",
        shows="known and unknown ids in one batch; the unknown anime stands under not_found.shows",
        cites="4.2",
        act=post(MIXED),
        can_be_real=True,
    ),
    Scenario(
        name="post_ratings_out_of_range",
        shows="a rating of 11 for a title that exists: it comes back like an unknown title",
        cites="4.4",
        act=post_out_of_range,
        can_be_real=True,
    ),
    Scenario(
        name="get_ratings_movies",
        shows="the rated movies",
        cites="6.1",
        act=read(Section.MOVIES),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="get_ratings_shows",
        shows="the rated shows",
        cites="6.1",
        act=read(Section.SHOWS),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="get_ratings_anime",
        shows="the rated anime, nested under show",
        cites="6.1",
        act=read(Section.ANIME),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="post_ratings_401",
        shows="a token that is not, or no longer, valid",
        cites="2.7, 9",
        act=post(KNOWN),
        settings=SandboxSettings(strict_catalogue=True, tokens={"another": "media:read media:write"}),
        credentials=Credentials(CANARY.client_id, CANARY.access_token + "-revoked"),
    ),
    Scenario(
        name="post_ratings_403",
        shows="a token that may read but not write",
        cites="2.7, 9",
        act=post(KNOWN),
        settings=SandboxSettings(strict_catalogue=True, tokens={CANARY.access_token: "media:read"}),
    ),
    Scenario(
        name="post_ratings_412",
        shows="a client id that is wrong, or blocked for overuse",
        cites="3.1, 9",
        act=post(KNOWN),
        settings=SandboxSettings(strict_catalogue=True, client_ids=frozenset({"another"})),
    ),
    Scenario(
        name="post_ratings_429_rate_limit",
        shows="a second POST within the second, with a Retry-After that means the daily reset",
        cites="3.4",
        act=post(KNOWN),
        faults=_refusing(429, "rate_limit", **{"Retry-After": "57600"}),
    ),
    Scenario(
        name="post_ratings_429_quota",
        shows="the daily quota is spent",
        cites="3.2, 3.4",
        act=post(KNOWN),
        settings=SandboxSettings(strict_catalogue=True, daily_quota=0),
    ),
    Scenario(
        name="post_ratings_400_lock",
        shows="another write to the account is still running",
        cites="3.3",
        act=post(KNOWN),
        faults=_refusing(400, "RATE_LIMIT"),
    ),
    Scenario(
        name="post_ratings_500",
        shows="a fault of the service, which may or may not have stored the batch",
        cites="9",
        act=post(KNOWN),
        faults=_refusing(500, "internal"),
    ),
)
