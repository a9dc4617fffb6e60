"""Renewing: once for each failure, by one process for all, and never as somebody else."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from importer.simkl.client import Accepted, SimklClient
from importer.simkl.lock import SignInLock
from importer.simkl.renewal import Renewal, forget, remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, StoredSignIn
from importer.vocabulary.clock import SystemClock
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import Section
from tests.clock import START, FakeClock
from tests.simkl.service import client_for, movie, reply_of, status_of
from tests.simkl.signing import ACCESS, FRESH, ORIGIN, REFRESH, TOKENS, Script, desk_for, says, sign_in

FRESH_TOKENS = says(200, json={**TOKENS, "access_token": FRESH})
LAPSED = says(401, "user_token_failed")


def renewal_of(
    folder: Path, *replies: httpx.Response | Exception, stored: StoredSignIn | None = None, ours: Any = None
) -> tuple[Renewal, Script, FakeClock, FileStore]:
    """A renewal whose store holds `stored` while it was started with `ours`, both the same by default."""
    clock = FakeClock()
    store = FileStore(folder)
    stored = stored or sign_in()
    remember(store, stored, clock)
    script = Script(clock, *(replies or [FRESH_TOKENS]))
    return Renewal(ours or stored, store, desk_for(script, clock), clock), script, clock, store


def test_a_failing_token_is_renewed_and_kept(tmp_path: Path) -> None:
    """The fresh one is given back and stored with its new end; all else stays."""
    renewal, script, _, store = renewal_of(tmp_path)
    assert renewal.renew(ACCESS) == FRESH
    assert store.load(ORIGIN) == sign_in(FRESH, expires_at=START + timedelta(days=7))
    assert script.form(0)["refresh_token"] == REFRESH


def test_a_refresh_token_that_is_not_repeated_is_kept(tmp_path: Path) -> None:
    """The reply may leave it and the scope out."""
    renewal, _, _, store = renewal_of(tmp_path, says(200, json={"access_token": FRESH}))
    renewal.renew(ACCESS)
    assert store.load(ORIGIN) == sign_in(FRESH)


def test_what_another_process_renewed_is_taken_over(tmp_path: Path) -> None:
    """A second renewal would cut that process off."""
    renewal, script, _, store = renewal_of(tmp_path, stored=sign_in(FRESH), ours=sign_in(ACCESS))
    assert renewal.renew(ACCESS) == FRESH
    assert script.requests == []
    assert store.load(ORIGIN) == sign_in(FRESH)


def test_there_may_be_nothing_to_renew(tmp_path: Path) -> None:
    """A V1 sign-in, or one that was signed out meanwhile."""
    old = sign_in("a" * 64, generation=Generation.V1, refresh_token=None)
    renewal, script, clock, store = renewal_of(tmp_path, stored=old)
    assert renewal.renew("a" * 64) is None
    forget(store, ORIGIN, clock)
    assert renewal.renew("a" * 64) is None
    assert script.requests == []


@pytest.mark.parametrize(
    "stored", [sign_in(FRESH, account_id="8"), sign_in(FRESH, client_id="other"), sign_in(ACCESS, account_id="8")]
)
def test_a_run_never_goes_on_as_somebody_else(tmp_path: Path, stored: StoredSignIn) -> None:
    """Somebody signed in anew in mid-run: half of the ratings would land in another account."""
    renewal, script, _, _ = renewal_of(tmp_path, stored=stored, ours=sign_in())
    with pytest.raises(AuthError, match="replaced by one of another account"):
        renewal.renew(ACCESS)
    assert script.requests == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (says(400, "invalid_grant"), AuthError),
        (says(401, "invalid_client"), AuthError),
        (says(429, "user_limit_exceeded"), Paused),
        (says(503), Paused),
        (says(412), ApiError),
    ],
)
def test_a_renewal_that_fails_leaves_the_store_alone(
    tmp_path: Path, reply: httpx.Response, kind: type[Exception]
) -> None:
    """Credentials are never thrown away on the word of one reply."""
    renewal, _, _, store = renewal_of(tmp_path, reply)
    with pytest.raises(kind):
        renewal.renew(ACCESS)
    assert store.load(ORIGIN) == sign_in()


@pytest.mark.parametrize(
    ("left", "renewed"),
    [(timedelta(days=7), False), (timedelta(days=1), False), (timedelta(hours=23), True), (timedelta(-1), True)],
)
def test_less_than_a_day_of_life_is_renewed_beforehand(tmp_path: Path, left: timedelta, renewed: bool) -> None:
    """A long run should not lapse in its middle."""
    renewal, script, _, _ = renewal_of(tmp_path, stored=sign_in(expires_at=START + left))
    assert renewal.fresh().access_token == (FRESH if renewed else ACCESS)
    assert len(script.requests) == int(renewed)


def test_a_sign_in_without_an_end_is_not_renewed_beforehand(tmp_path: Path) -> None:
    """V1 tokens last until they are revoked."""
    renewal, script, _, _ = renewal_of(tmp_path)
    assert renewal.fresh() == sign_in()
    assert script.requests == []


def test_what_cannot_be_renewed_just_now_is_used_up_first(tmp_path: Path) -> None:
    """An hour of life is enough to begin with; none is not."""
    alive = sign_in(expires_at=START + timedelta(hours=1))
    renewal, _, _, _ = renewal_of(tmp_path, says(500), stored=alive)
    assert renewal.fresh() == alive
    renewal, _, _, _ = renewal_of(tmp_path, says(500), stored=sign_in(expires_at=START))
    with pytest.raises(Paused, match="kept as it is"):
        renewal.fresh()


def test_a_sign_in_of_another_address_is_not_sent_to_this_one(tmp_path: Path) -> None:
    """Its refresh token is a secret too."""
    with pytest.raises(AuthError, match="is not shown to"):
        renewal_of(tmp_path, stored=sign_in(origin="http://127.0.0.1:5000"))


def test_a_lock_that_never_opens_is_a_pause(tmp_path: Path) -> None:
    """The other process hangs; waiting has an end."""
    clock = FakeClock()
    path = tmp_path / "home" / "sign-in.lock"
    with SignInLock(path, clock), pytest.raises(Paused, match="Another rateport"), SignInLock(path, clock):
        pass
    assert clock.steady() == pytest.approx(90.0, abs=0.3)
    with SignInLock(path, clock):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_lock_is_no_link(tmp_path: Path) -> None:
    """It would create a file wherever the link points."""
    (tmp_path / "sign-in.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(AuthError, match="cannot be opened"), SignInLock(tmp_path / "sign-in.lock", FakeClock()):
        pass
    assert not (tmp_path / "victim").exists()


def test_two_runs_renew_once_between_them(tmp_path: Path) -> None:
    """Both fail with the same token at the same moment; one asks Simkl, the other takes what it finds."""
    clock = SystemClock()
    store = FileStore(tmp_path)
    remember(store, sign_in(), clock)
    asked: list[str] = []
    both_wait = threading.Barrier(2)

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={**TOKENS, "access_token": FRESH})

    found: list[str | None] = []

    def run() -> None:
        renewal = Renewal(sign_in(), FileStore(tmp_path), desk_for(service, FakeClock()), clock)
        both_wait.wait(timeout=10)
        found.append(renewal.renew(ACCESS))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, asked) == ([FRESH, FRESH], ["/oauth2/token"])


# --- the client's side --------------------------------------------------------------------------------


class Lapsing:
    """A service that takes only FRESH, or nothing at all."""

    def __init__(self, clock: FakeClock, *, status: int = 401, error: str = "user_token_failed") -> None:
        self._clock = clock
        self._status = status
        self._error = error
        self.seen: list[tuple[str, str, float]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.seen.append((request.method, token, round(self._clock.steady(), 6)))
        if token != FRESH:
            return httpx.Response(self._status, json={"error": self._error})
        return httpx.Response(200, json=reply_of(status_of(movie().item)) if request.method == "POST" else {})


def lapsing_client(
    fresh: str | None = FRESH, **options: Any
) -> tuple[SimklClient, Lapsing, list[str], FakeClock, list[int]]:
    """A client whose token has run out and whose hook gives `fresh`."""
    clock = FakeClock()
    service = Lapsing(clock, **options)
    asked: list[str] = []
    marks: list[int] = []

    def renew(failing: str) -> str | None:
        asked.append(failing)
        clock.advance(0.5)
        return fresh

    client = client_for(service, clock, renew=renew, on_post=lambda: marks.append(1))
    return client, service, asked, clock, marks


OLD = "simkl_at_CANARYcanaryCANARY"


@pytest.mark.parametrize("error", ["user_token_failed", "invalid_token", "INVALID_TOKEN"])
def test_a_write_goes_out_again_with_the_fresh_token(error: str) -> None:
    """Marked in the journal again, and in its turn, counted from the end of the renewal."""
    client, service, asked, _, marks = lapsing_client(error=error)
    assert isinstance(client.post_ratings([movie()]), Accepted)
    assert asked == [OLD]
    assert service.seen == [("POST", OLD, 0.0), ("POST", FRESH, 2.7)]
    assert (client.requests.post, len(marks)) == (2, 2)
    client.post_ratings([movie()])
    assert service.seen[2][:2] == ("POST", FRESH)
    assert asked == [OLD]


def test_a_read_goes_out_again_with_the_fresh_token() -> None:
    """As a write does."""
    client, service, asked, _, _ = lapsing_client()
    assert client.read_ratings(Section.MOVIES) == []
    assert asked == [OLD]
    assert [(method, token) for method, token, _ in service.seen] == [("GET", OLD), ("GET", FRESH)]


@pytest.mark.parametrize("act", [lambda c: c.post_ratings([movie()]), lambda c: c.read_ratings(Section.MOVIES)])
@pytest.mark.parametrize(("fresh", "tries"), [(None, 1), ("simkl_at_useless", 2)])
def test_a_renewal_that_does_not_help_is_not_repeated(act: Any, fresh: str | None, tries: int) -> None:
    """One renewal for one failure, then the sentence; its type is the plain one."""
    client, service, asked, _, _ = lapsing_client(fresh)
    with pytest.raises(AuthError, match="Sign in again") as caught:
        act(client)
    assert type(caught.value) is AuthError
    assert (len(asked), len(service.seen)) == (1, tries)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, "user_token_required"),
        (401, "invalid_client"),
        (401, ""),
        (401, "unheard_of"),
        (403, "user_token_failed"),
        (200, "user_token_failed"),
        (403, "insufficient_scope"),
    ],
)
def test_other_refusals_are_not_renewed(status: int, error: str) -> None:
    """Those say nothing of the token."""
    client, service, asked, _, _ = lapsing_client(status=status, error=error)
    with pytest.raises(AuthError):
        client.read_ratings(Section.MOVIES)
    assert (asked, len(service.seen)) == ([], 1)


def test_a_question_without_the_token_renews_nothing() -> None:
    """A 401 to it cannot be the token's fault."""
    asked: list[str] = []
    client = client_for(lambda request: says(401, "user_token_failed"), renew=lambda failing: asked.append(failing))
    with pytest.raises(AuthError):
        client.details(Section.MOVIES, "1")
    assert (asked, client.requests.get) == ([], 1)


def test_a_renewal_that_pauses_pauses_the_run() -> None:
    """Its own error reaches the caller, for it knows more than the 401 does."""
    clock = FakeClock()

    def renew(failing: str) -> str | None:
        raise Paused("kept as it is")

    client = client_for(Lapsing(clock), clock, renew=renew)
    with pytest.raises(Paused, match="kept as it is"):
        client.post_ratings([movie()])


def test_client_and_renewal_together(tmp_path: Path) -> None:
    """From a lapsed token to an accepted rating, with the fresh token in the store."""
    renewal, script, clock, store = renewal_of(tmp_path, stored=sign_in(OLD))
    client = client_for(Lapsing(clock), clock, renew=renewal.renew)
    assert isinstance(client.post_ratings([movie()]), Accepted)
    stored = store.load(ORIGIN)
    assert stored is not None
    assert stored.access_token == FRESH
    assert len(script.requests) == 1
