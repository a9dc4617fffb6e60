"""Signing in and working on an account, against the stand-in in process: every part together, manners kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.simkl.auth import SignInDesk
from importer.simkl.client import Accepted, Quota, SimklClient, Target
from importer.simkl.codes import ShownCode
from importer.simkl.credentials import AppId
from importer.simkl.renewal import Renewal, remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, Grant, StoredSignIn
from importer.simkl.transport import Http, wsgi_transport
from importer.vocabulary.errors import AuthError
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section, Send, Verdict
from tests.clock import FakeClock
from tests.simkl.service import anime, movie, show
from tests.simkl.signing import ORIGIN

V1, V2 = "v1-app", "v2-app"
TERMINATOR = movie(8, ids={"imdb": "tt0181852"}, rated_at="2019-05-04T10:00:00Z")
THRONES = show(9, ids={"tmdb": 1399}, rated_at="2019-05-04T10:00:00Z")
BEBOP = anime(10, ids={"mal": 1}, rated_at="2019-05-04T10:00:00Z")
STRANGER = movie(5, ids={"imdb": "tt9999999"})


def stand_in(clock: FakeClock, **switches: Any) -> Flask:
    """A stand-in that takes only tokens that it issued itself."""
    return create_app(SandboxSettings(strict_catalogue=True, only_issued_tokens=True, **switches), clock=clock)


def desk_of(app: Flask, clock: FakeClock, client_id: str = V2) -> SignInDesk:
    """A desk that reaches `app` without a socket."""
    return SignInDesk(Http(AppId(client_id), ORIGIN, clock, wsgi_transport(app)), clock, random=lambda: 0.5)


def granted(app: Flask, clock: FakeClock, client_id: str = V2) -> Grant:
    """A grant that its person approves at once."""
    return desk_of(app, clock, client_id).sign_in(lambda code: backstage_of(app).approve(code.user_code))


def stored(grant: Grant, client_id: str = V2) -> StoredSignIn:
    """`grant` as a store keeps it."""
    return StoredSignIn(
        generation=grant.generation,
        client_id=client_id,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_at=grant.expires_at,
        scope=grant.scope,
        origin=ORIGIN,
        account_id="1",
        account_name="sandbox",
    )


def client_of(app: Flask, clock: FakeClock, sign_in: StoredSignIn, **options: Any) -> SimklClient:
    """A client of that sign-in."""
    return SimklClient(sign_in.credentials(ORIGIN), clock=clock, wsgi_app=app, random=lambda: 0.5, **options)


def working(**switches: Any) -> tuple[SimklClient, Flask, FakeClock]:
    """A signed-in client with its stand-in and clock."""
    clock = FakeClock()
    app = stand_in(clock, **switches)
    sign_in = stored(granted(app, clock))
    clock.advance(2)
    return client_of(app, clock, sign_in), app, clock


@pytest.mark.parametrize(("client_id", "generation"), [(V1, Generation.V1), (V2, Generation.V2)])
def test_both_generations_sign_in_by_the_same_call(client_id: str, generation: Generation) -> None:
    """The person does not know which kind of id theirs is, and need not."""
    clock = FakeClock()
    app = stand_in(clock)
    grant = granted(app, clock, client_id)
    assert grant.generation is generation
    client = client_of(app, clock, stored(grant, client_id))
    assert isinstance(client.post_ratings([TERMINATOR]), Accepted)
    assert client.settings().id == "1"
    assert backstage_of(app).violations == []


class LatePerson(FakeClock):
    """A clock on which somebody approves the code during the fifth wait."""

    app: Flask
    code: str

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        super().sleep(seconds)
        if len(self.sleeps) == 5:
            backstage_of(self.app).approve(self.code)

    def show(self, code: ShownCode) -> None:
        """Keep the code for later."""
        self.code = code.user_code


@pytest.mark.parametrize("client_id", [V1, V2])
def test_waiting_for_the_person_keeps_the_pace(client_id: str) -> None:
    """Every poll comes in its time, none of them too early, and the fifth brings the grant."""
    clock = LatePerson()
    clock.app = stand_in(clock)
    assert desk_of(clock.app, clock, client_id).sign_in(clock.show).access_token
    assert clock.sleeps == [5.0] * 5
    assert backstage_of(clock.app).violations == []


@pytest.mark.parametrize("told", [True, False])
def test_a_refusal_on_the_page_ends_the_wait(told: bool) -> None:
    """At once where Simkl says so, with the code where it does not."""
    clock = FakeClock()
    app = stand_in(clock, refusal_is_told=told)
    with pytest.raises(AuthError, match="was refused" if told else "not entered in time"):
        desk_of(app, clock).sign_in(lambda code: backstage_of(app).refuse(code.user_code))


def test_an_unknown_app_is_told() -> None:
    """Of neither generation, so no flow takes it."""
    clock = FakeClock()
    app = stand_in(clock, client_ids=frozenset({"another"}), generations={V2: 2})
    with pytest.raises(Exception, match=r"RATEPORT_CLIENT_ID|devices & command line"):
        granted(app, clock)


def test_a_week_later_the_token_is_renewed_in_mid_run(tmp_path: Path) -> None:
    """The run goes on, the store holds the fresh token, the old one is dead."""
    clock = FakeClock()
    app = stand_in(clock)
    store = FileStore(tmp_path)
    old = stored(granted(app, clock))
    remember(store, old, clock)
    renewal = Renewal(old, store, desk_of(app, clock), clock)
    client = client_of(app, clock, old, renew=renewal.renew)
    assert isinstance(client.post_ratings([TERMINATOR]), Accepted)
    clock.advance(8 * 86400)
    assert isinstance(client.post_ratings([THRONES]), Accepted)
    clock.advance(8 * 86400)
    assert [title.rating for title in client.read_ratings(Section.SHOWS)] == [9]
    fresh = store.load(ORIGIN)
    assert fresh is not None
    assert fresh.access_token != old.access_token
    assert fresh.refresh_token == old.refresh_token
    with pytest.raises(AuthError, match="no longer accepts"):
        client_of(app, clock, old).read_ratings(Section.SHOWS)


def test_two_runs_share_one_sign_in(tmp_path: Path) -> None:
    """Each renews or takes over what the other renewed; neither is cut off."""
    clock = FakeClock()
    app = stand_in(clock)
    store = FileStore(tmp_path)
    old = stored(granted(app, clock))
    remember(store, old, clock)
    clients = [
        client_of(app, clock, old, renew=Renewal(old, store, desk_of(app, clock), clock).renew) for _ in range(2)
    ]
    for _ in range(3):
        clock.advance(8 * 86400)
        for client in clients:
            assert client.read_ratings(Section.MOVIES) == []
            clock.advance(2)
    refreshed = [call for call in backstage_of(app).calls if call.path == "/oauth2/token"]
    assert len(refreshed) == 1 + 3


def test_signing_out_ends_the_grant(tmp_path: Path) -> None:
    """Neither the access token nor the refresh token is good for anything afterwards."""
    clock = FakeClock()
    app = stand_in(clock)
    sign_in = stored(granted(app, clock))
    desk = desk_of(app, clock)
    assert sign_in.refresh_token is not None
    clock.advance(2)
    assert desk.revoke(sign_in.refresh_token) is True
    with pytest.raises(AuthError, match="no longer accepts"):
        client_of(app, clock, sign_in).read_ratings(Section.MOVIES)
    with pytest.raises(AuthError, match="has ended at Simkl"):
        desk.renew(sign_in.refresh_token)


def test_a_run_and_its_undoing() -> None:
    """Rate, clear, move, remove, watch: each is confirmed, and the account shows it."""
    client, app, _ = working()
    answer = client.post_ratings([TERMINATOR, THRONES, BEBOP, STRANGER])
    assert isinstance(answer, Accepted)
    assert isinstance(client.remove_ratings([TERMINATOR, BEBOP]), Accepted)
    by_name = {title.title: title for title in client.read_everything()[0]}
    assert {name: (title.rating, title.status) for name, title in by_name.items()} == {
        "Terminator 3: Rise of the Machines": (None, "completed"),
        "Game of Thrones": (9, "watching"),
        "Cowboy Bebop": (None, "watching"),
    }
    move = Send(Section.ANIME, {"ids": {"mal": 1}, "to": "hold"})
    for done in (
        client.add_to_list([move]),
        client.remove_from_library([THRONES]),
        client.post_history(
            [Send(Section.MOVIES, {"ids": {"imdb": "tt0137523"}, "watched_at": "2020-01-02T03:04:05Z"})]
        ),
    ):
        assert isinstance(done, Accepted)
        assert set(done.verdicts.values()) == {Verdict.ACCEPTED}
    library = {entry.title.shown_name: (entry.rating, entry.status) for entry in backstage_of(app).library()}
    assert library == {
        "Terminator 3: Rise of the Machines": (None, "completed"),
        "Cowboy Bebop": (None, "hold"),
        "Fight Club": (None, "completed"),
    }
    assert backstage_of(app).violations == []


def test_what_is_unknown_is_told_by_every_write() -> None:
    """A title that does not exist is NOT_FOUND beside one that does."""
    client, _, _ = working()
    sends = [TERMINATOR, STRANGER]
    moves = [Send(Section.MOVIES, {"ids": send.item["ids"], "to": "plantowatch"}) for send in sends]
    watches = [
        Send(Section.MOVIES, {"ids": send.item["ids"], "watched_at": "2020-01-01T00:00:00Z"}) for send in sends
    ]
    for answer, asked in (
        (client.add_to_list(moves), moves),
        (client.post_history(watches), watches),
        (client.remove_ratings(sends), sends),
        (client.remove_from_library(sends), sends),
    ):
        assert isinstance(answer, Accepted)
        assert [answer.verdicts[send.key] for send in asked] == [Verdict.ACCEPTED, Verdict.NOT_FOUND]


def test_changes_and_activities() -> None:
    """A delta shows what moved since, the activities when."""
    client, _, clock = working()
    before = clock.now()
    assert client.activities().all is None
    client.post_ratings([TERMINATOR])
    clock.advance(3600)
    client.post_ratings([THRONES])
    assert {title.title for title in client.library_delta(before)} == {
        "Terminator 3: Rise of the Machines",
        "Game of Thrones",
    }
    assert [title.title for title in client.library_delta(clock.now() - timedelta(minutes=5))] == [
        "Game of Thrones"
    ]
    activities = client.activities()
    assert activities.sections[Section.SHOWS]["rated_at"] == activities.all
    assert activities.sections[Section.ANIME]["rated_at"] is None


def test_the_account_and_its_quota() -> None:
    """Who it is, and how many requests are left."""
    client, _, _ = working(daily_quota=500, account_id=42, account_type="vip", user_name="Ada")
    profile = client.settings()
    assert (profile.id, profile.name, profile.type) == ("42", "Ada", "vip")
    assert isinstance(profile.quota, Quota)
    assert profile.quota.limit == 500
    assert 480 < profile.quota.remaining < 500


@pytest.mark.parametrize("switches", [{}, {"location_without_scheme": True}, {"location_query": "utm=x"}])
def test_lookups(switches: dict[str, Any]) -> None:
    """An id, its record, and a search for the name, in each form of the redirect."""
    client, app, _ = working(**switches)
    assert client.redirect("imdb", "tt0181852", Kind.MOVIE) == Target(Section.MOVIES, "53536")
    found = client.redirect("tmdb", "30991", Kind.SHOW)
    assert found == Target(Section.ANIME, "1000207")
    assert client.redirect("tmdb", "1396", Kind.MOVIE) == Target(Section.MOVIES, "1000012")
    assert client.redirect("tmdb", "1396", Kind.SHOW) == Target(Section.SHOWS, "1000101")
    assert client.redirect("imdb", "tt9999999", Kind.MOVIE) is None
    details = client.details(found.section, found.simkl)
    assert details is not None
    assert (details.title, details.year, details.ids["mal"], details.episodes) == ("Cowboy Bebop", 1998, "1", 26)
    assert client.details(Section.MOVIES, "999999999") is None
    hits = client.search(Section.MOVIES, "dune")
    assert {(hit.title, hit.year, hit.simkl) for hit in hits} == {
        ("Dune", 1984, "1000010"),
        ("Dune", 2021, "1000011"),
    }
    assert client.search(Section.SHOWS, "no such title at all") == []
    assert backstage_of(app).violations == []


TITLES = [
    movie(5, ids={"imdb": "tt0181852"}),
    movie(5, ids={"tmdb": 603}),
    movie(5, ids={"imdb": "tt9999999"}),
    movie(5, title="Dune", year=2021),
    show(5, ids={"tmdb": 1399}),
    show(5, ids={"tmdb": 999999999}),
    anime(5, ids={"mal": 1}),
    anime(5, ids={"mal": 99999999}),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(TITLES), unique_by=lambda send: send.key, min_size=1),
    st.lists(st.sampled_from(TITLES), unique_by=lambda send: send.key, min_size=1),
    st.booleans(),
)
def test_what_is_said_to_be_cleared_is_cleared(rated: list[Send], cleared: list[Send], strings: bool) -> None:
    """Every ACCEPTED of a removal has no rating afterwards, and every NOT_FOUND is no title."""
    clock = FakeClock()
    app = create_app(SandboxSettings(strict_catalogue=True, string_ids_in_echo=strings), clock=clock)
    stage = backstage_of(app)
    sign_in = stored(Grant(generation=Generation.V2, access_token="any"))
    client = client_of(app, clock, sign_in)
    client.post_ratings(rated)
    answer = client.remove_ratings(cleared)
    assert isinstance(answer, Accepted)
    rated_titles = {entry.title.simkl for entry in stage.library() if entry.rating is not None}
    for send in cleared:
        title = stage.catalogue.resolve(send.section, send.item)
        if answer.verdicts[send.key] is Verdict.ACCEPTED:
            assert title is not None
            assert title.simkl not in rated_titles
        else:
            assert answer.verdicts[send.key] is Verdict.NOT_FOUND
            assert title is None
