"""The examples of the wire beyond ratings: signing in, the account, its undoing, the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from importer.sandbox.app import SandboxSettings
from importer.simkl.auth import SCOPE, SignInDesk
from importer.simkl.client import Credentials, SimklClient
from importer.simkl.codes import code_of
from importer.simkl.transport import Http
from importer.simkl.wire import parse
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section, Send
from tests.clock import FakeClock
from tests.wire.scenarios import CANARY, DATED, KNOWN, MIXED, SCENARIOS, Act, Scenario

OLD_APP = Credentials("v1-canary-client-id", CANARY.access_token)
TO_PLAN = Send(Section.MOVIES, {"to": "plantowatch", "ids": {"imdb": "tt1375666"}})
TO_HOLD = Send(Section.ANIME, {"to": "hold", "ids": {"mal": 25777}})
TO_NOWHERE = Send(Section.SHOWS, {"to": "dropped", "ids": {"tmdb": 99999999}})
MOVES = (TO_PLAN, TO_HOLD, TO_NOWHERE)
WATCHED = Send(Section.MOVIES, {"watched_at": DATED, "ids": {"imdb": "tt1375666"}})
WATCHED_NOTHING = Send(Section.MOVIES, {"watched_at": DATED, "ids": {"imdb": "tt9999999"}})
WATCHES = (WATCHED, WATCHED_NOTHING)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def at_desk(act: Callable[[SignInDesk], Any]) -> Act:
    """Do `act` at the sign-in desk."""
    return lambda client, http: act(SignInDesk(http, FakeClock(), random=lambda: 0.5))


def ask(question: Callable[[SimklClient], Any]) -> Act:
    """Ask the client."""
    return lambda client, http: question(client)


def poll_once(client: SimklClient, http: Http) -> Any:
    """Begin a sign-in and look once whether its code was entered."""
    started = http.send_form("/oauth2/device", {"client_id": http.client_id, "scope": SCOPE})
    code = code_of(parse(started.body))
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    fields = {"client_id": http.client_id, "grant_type": kind, "device_code": code.device_code}
    return http.send_form("/oauth2/token", fields)


def renew_a_new_sign_in(desk: SignInDesk) -> Any:
    """Sign in, and renew at once."""
    grant = desk.sign_in(lambda code: None)
    assert grant.refresh_token is not None
    return desk.renew(grant.refresh_token)


def end_a_new_sign_in(desk: SignInDesk) -> Any:
    """Sign in, and revoke at once."""
    grant = desk.sign_in(lambda code: None)
    assert grant.refresh_token is not None
    return desk.revoke(grant.refresh_token)


QUICK = SandboxSettings(strict_catalogue=True, enforce_limits=False, auto_approve=True)
QUOTA = SandboxSettings(strict_catalogue=True, enforce_limits=False, daily_quota=500)

SIGN_INS = (
    Scenario(
        name="sign_in_device",
        shows="the device flow of a newer app, approved before the first poll",
        cites="2.2",
        act=at_desk(lambda desk: desk.sign_in(lambda code: None)),
        settings=QUICK,
    ),
    Scenario(
        name="sign_in_pin",
        shows="an older app: refused at the device endpoint, then signed in by PIN",
        cites="2.1, 2.5",
        act=at_desk(lambda desk: desk.sign_in(lambda code: None)),
        settings=QUICK,
        credentials=OLD_APP,
    ),
    Scenario(
        name="sign_in_pending",
        shows="a poll for a code that nobody has entered yet",
        cites="2.2",
        act=poll_once,
    ),
    Scenario(
        name="renewal",
        shows="a sign-in that is renewed: a fresh access token beside the same refresh token",
        cites="2.3",
        act=at_desk(renew_a_new_sign_in),
        settings=QUICK,
    ),
    Scenario(
        name="renewal_ended",
        shows="a refresh token that was revoked, or not used for too long",
        cites="2.3",
        act=at_desk(lambda desk: desk.renew("simkl_rt_canary")),
    ),
    Scenario(
        name="revocation",
        shows="a sign-in that is ended: 200, whatever became of it",
        cites="2.3",
        act=at_desk(end_a_new_sign_in),
        settings=QUICK,
    ),
)

READS = (
    Scenario(
        name="get_settings",
        shows="whose account it is, with the day's quota in the headers",
        cites="6.4, 3.2",
        act=ask(lambda client: client.settings()),
        settings=QUOTA,
        can_be_real=True,
    ),
    Scenario(
        name="get_library",
        shows="the whole library in one reply, each section by its name",
        cites="6.2",
        act=ask(lambda client: client.read_everything()),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="get_library_delta",
        shows="what changed since a moment, in all sections",
        cites="6.2",
        act=ask(lambda client: client.library_delta(SINCE)),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="get_activities",
        shows="when what last changed, null for never",
        cites="6.3",
        act=ask(lambda client: client.activities()),
        before=KNOWN,
        can_be_real=True,
    ),
)

WRITES = (
    Scenario(
        name="post_remove_ratings",
        shows="ratings cleared, known and unknown ids in one batch, anime under shows",
        cites="5",
        act=ask(lambda client: client.remove_ratings(MIXED)),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="post_history_remove",
        shows="titles taken out of the library by bare ids",
        cites="5",
        act=ask(lambda client: client.remove_from_library(MIXED)),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="post_add_to_list",
        shows="a movie, an anime and an unknown show, each to a list of its own",
        cites="5, 11",
        act=ask(lambda client: client.add_to_list(MOVES)),
        before=KNOWN,
        can_be_real=True,
    ),
    Scenario(
        name="post_history",
        shows="a watched movie and one that does not exist",
        cites="7",
        act=ask(lambda client: client.post_history(WATCHES)),
        can_be_real=True,
    ),
)

LOOKUPS = (
    Scenario(
        name="get_redirect",
        shows="a title found by its id",
        cites="8.1",
        act=ask(lambda client: client.redirect("imdb", "tt0181852", Kind.MOVIE)),
        can_be_real=True,
    ),
    Scenario(
        name="get_redirect_miss",
        shows="an id that Simkl does not know",
        cites="8.1",
        act=ask(lambda client: client.redirect("imdb", "tt9999999", Kind.MOVIE)),
        can_be_real=True,
    ),
    Scenario(
        name="get_details",
        shows="the record of a movie, asked for without a token",
        cites="8.4",
        act=ask(lambda client: client.details(Section.MOVIES, "53536")),
        can_be_real=True,
    ),
    Scenario(
        name="get_details_miss",
        shows="a number that names no movie",
        cites="8.4",
        act=ask(lambda client: client.details(Section.MOVIES, "999999998")),
        can_be_real=True,
    ),
    Scenario(
        name="get_search",
        shows="movies of one name",
        cites="8.3",
        act=ask(lambda client: client.search(Section.MOVIES, "Dune")),
        can_be_real=True,
    ),
)

ALL_SCENARIOS = (*SCENARIOS, *SIGN_INS, *READS, *WRITES, *LOOKUPS)
