"""Canaries: no token, refresh token, device code or stored secret shows in what is said, logged or raised."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.serving import serve
from importer.simkl.auth import SignInDesk
from importer.simkl.client import SimklClient
from importer.simkl.codes import ShownCode, code_of, tokens_of
from importer.simkl.credentials import AppId, Credentials
from importer.simkl.judge import Good
from importer.simkl.keychain import KeyringStore
from importer.simkl.redaction import redacted
from importer.simkl.renewal import Renewal, remember
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, Grant, TokenStore
from importer.simkl.transport import Http, Reply
from importer.vocabulary.errors import AuthError, RateportError
from tests.clock import FakeClock
from tests.simkl.service import TOKEN, movie
from tests.simkl.signing import (
    ACCESS,
    CLIENT_ID,
    DEVICE,
    DEVICE_REPLY,
    FRESH,
    ORIGIN,
    PIN_REPLY,
    REFRESH,
    TOKENS,
    Script,
    desk_for,
    says,
    scripted,
    sign_in,
)
from tests.simkl.test_tokens import Keyring


def is_clean(text: str) -> bool:
    """Whether none of the canaries sings in it."""
    return "canary" not in text.lower()


LOGGERS = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "httpcore.proxy")
CODES = (DEVICE_REPLY["user_code"], PIN_REPLY["user_code"])


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger at its most talkative, those of httpx and httpcore by name, and all of it clean in the end."""
    for name in (None, *LOGGERS):
        caplog.set_level(logging.DEBUG, logger=name)
    yield caplog
    secrets = (ACCESS, FRESH, REFRESH, DEVICE, *CODES, CLIENT_ID, "Bearer ", "v1-app", "v2-app", TOKEN)
    assert not [record for record in caplog.records if any(word in told_by(record) for word in secrets)]


def told_by(record: logging.LogRecord) -> str:
    """All that a handler of whatever kind can make of a record."""
    return f"{record.getMessage()} {vars(record)!r}"


def raised_by(act: Callable[[], Any]) -> str:
    """Everything that a person or a log could see of the error that `act` ends in."""
    with pytest.raises(RateportError) as caught:
        act()
    return "".join(traceback.format_exception(caught.value)) + repr(caught.value)


def test_values_hide_their_secrets(tmp_path: Path) -> None:
    """Every value that holds one, in repr and in text."""
    clock = FakeClock()
    http = Http(Credentials("client-canary", ACCESS), ORIGIN, clock, httpx.MockTransport(lambda request: says(200)))
    desk = desk_for(lambda request: says(200), clock)
    file, keyring = FileStore(tmp_path), KeyringStore(Keyring(), tmp_path)
    values: list[object] = [
        sign_in(),
        Grant(generation=Generation.V2, access_token=ACCESS, refresh_token=REFRESH, scope="media:read"),
        Credentials("client-canary", ACCESS),
        AppId("client-canary"),
        code_of(DEVICE_REPLY),
        tokens_of({**TOKENS, "device_code": DEVICE}),
        Reply(200, None, ACCESS.encode()),
        Good(TOKENS, ACCESS.encode()),
        http,
        desk,
        file,
        keyring,
        Renewal(sign_in(), file, desk, clock),
        SimklClient(Credentials("client-canary", ACCESS), clock=clock),
    ]
    assert [value for value in values if not (is_clean(repr(value)) and is_clean(str(value)))] == []


ENDINGS = [
    says(200, json={**TOKENS, "scope": "media:read"}),
    says(200, json={**TOKENS, "access_token": f"{ACCESS} broken"}),
    says(200, json={**TOKENS, "refresh_token": f"{REFRESH}\n"}),
    says(200, json=[TOKENS]),
    says(200, json={"error": f"odd {ACCESS}", **TOKENS}),
    says(400, "expired_token"),
    says(400, json={"error": "invalid_grant", "error_description": DEVICE}),
    says(412, json={"message": DEVICE}),
    says(301, Location=f"https://simkl.com/{DEVICE}"),
    httpx.ReadError(f"lost {DEVICE}"),
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_sign_in_that_fails_gives_nothing_away(ending: httpx.Response | Exception) -> None:
    """However it ends."""
    desk, _, _, shown = scripted(says(200, json=DEVICE_REPLY), ending)
    assert is_clean(raised_by(lambda: desk.sign_in(shown.append)))
    assert is_clean(repr(shown))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_renewal_that_fails_gives_nothing_away(ending: httpx.Response | Exception, tmp_path: Path) -> None:
    """Nor does the store that it leaves alone."""
    clock = FakeClock()
    store = FileStore(tmp_path)
    remember(store, sign_in(), clock)
    renewal = Renewal(sign_in(), store, desk_for(Script(clock, ending), clock), clock)
    said: list[str] = []
    try:
        renewal.renew(ACCESS)
    except RateportError as error:
        said.append("".join(traceback.format_exception(error)))
    assert all(is_clean(text) for text in said)
    assert is_clean(repr(renewal))


def test_a_pin_sign_in_gives_nothing_away() -> None:
    """The token of the older flow comes in an answer of its own form."""
    gone = says(200, json={**PIN_REPLY, "device_code": DEVICE})
    desk, _, _, shown = scripted(says(401, "invalid_client"), says(200, json=PIN_REPLY), gone)
    assert is_clean(raised_by(lambda: desk.sign_in(shown.append)))
    done = says(200, json={"result": "OK", "access_token": f"{ACCESS}\x00"})
    desk, _, _, shown = scripted(says(401, "invalid_client"), says(200, json=PIN_REPLY), done)
    assert is_clean(raised_by(lambda: desk.sign_in(shown.append)))


def spoilt_file(folder: Path, text: str, mode: int = 0o600) -> TokenStore:
    """A file store over `text`."""
    store = FileStore(folder)
    path = Path(store.place)
    path.write_text(text)
    path.chmod(mode)
    return store


def test_stores_that_fail_give_nothing_away(tmp_path: Path) -> None:
    """Damaged, open to others, moved, failing: the sentence never quotes what lies there."""
    keyring = Keyring()
    keyring.kept["rateport", ORIGIN] = f'{{"access_token": "{ACCESS}"}}'
    failing = Keyring(trouble=ValueError(f"cannot decode {ACCESS}"))
    entry = f'{{"version": 1, "sign_ins": {{"{ORIGIN}": {{"access_token": "{ACCESS}"}}}}}}'
    stores: list[TokenStore] = [
        KeyringStore(keyring, tmp_path),
        KeyringStore(failing, tmp_path),
        spoilt_file(tmp_path, f'{{"version": 1, "sign_ins": "{ACCESS}"}}'),
    ]
    said = [raised_by(lambda store=store: store.load(ORIGIN)) for store in stores]  # type: ignore[misc]
    said.append(raised_by(lambda: spoilt_file(tmp_path, entry).load(ORIGIN)))
    said.append(raised_by(lambda: spoilt_file(tmp_path, entry, 0o644).load(ORIGIN)))
    said.append(raised_by(lambda: sign_in().credentials("https://elsewhere.example")))
    broken = sign_in(f"{ACCESS} with a space")
    said.append(raised_by(lambda: broken.credentials(ORIGIN)))
    assert [text for text in said if not is_clean(text)] == []


def test_only_the_file_itself_holds_the_tokens(tmp_path: Path) -> None:
    """Neither the lock nor a draft beside it does."""
    clock = FakeClock()
    store = FileStore(tmp_path)
    remember(store, sign_in(), clock)
    script = Script(clock, says(200, json={**TOKENS, "access_token": FRESH}))
    Renewal(sign_in(), store, desk_for(script, clock), clock).renew(ACCESS)
    holders = {path.name for path in tmp_path.iterdir() if not is_clean(path.read_text("utf-8"))}
    assert (holders, {path.name for path in tmp_path.iterdir()}) == (
        {"sign-in.json"},
        {"sign-in.json", "sign-in.lock"},
    )


def test_tokens_travel_in_headers_and_forms_alone() -> None:
    """Addresses end up in the logs of proxies; no token is ever part of one."""
    desk, script, clock, shown = scripted(says(200, json=DEVICE_REPLY), says(200, json=TOKENS))
    desk.sign_in(shown.append)
    desk.renew(REFRESH)
    desk.revoke(REFRESH)
    client = SimklClient(Credentials("app", ACCESS), clock=clock, transport=httpx.MockTransport(script))
    with pytest.raises(RateportError):
        client.read_everything()
    for request in script.requests:
        assert not [word for word in (ACCESS, REFRESH, DEVICE) if word in str(request.url)]


@pytest.mark.promise("P15")
def test_a_whole_run_over_a_socket_logs_no_secret(tmp_path: Path, logs: pytest.LogCaptureFixture) -> None:
    """With httpx and httpcore at their most talkative: sign-in, renewal, a refused token, sign-out."""
    clock = FakeClock()
    app = create_app(SandboxSettings(strict_catalogue=True, only_issued_tokens=True), clock=clock)
    stage = backstage_of(app)
    codes: list[str] = []

    def approve(code: ShownCode) -> None:
        codes.append(code.user_code)
        stage.approve(code.user_code)

    with serve(app) as server:
        desk = SignInDesk(Http(AppId("v2-app"), server.url, clock, None), clock)
        grant = desk.sign_in(approve)
        kept = sign_in(
            grant.access_token,
            client_id="v2-app",
            refresh_token=grant.refresh_token,
            expires_at=grant.expires_at,
            origin=server.url,
        )
        store = FileStore(tmp_path)
        remember(store, kept, clock)
        renewal = Renewal(kept, store, desk, clock)
        clock.advance(8 * 86400)
        fresh = renewal.fresh()
        credentials = kept.credentials(server.url)
        with SimklClient(credentials, base_url=server.url, clock=clock, renew=renewal.renew) as client:
            client.post_ratings([movie(8, ids={"imdb": "tt0181852"})])
        assert desk.revoke(fresh.refresh_token or "")
        with (
            SimklClient(credentials, base_url=server.url, clock=clock) as client,
            pytest.raises(AuthError) as caught,
        ):
            client.settings()
        older = SignInDesk(Http(AppId("v1-app"), server.url, clock, None), clock).sign_in(approve)
    secrets = {grant.access_token, grant.refresh_token, fresh.access_token, older.access_token, *codes}
    assert len(secrets) == 6
    assert fresh.expires_at is not None
    assert fresh.expires_at > datetime(2026, 9, 28, tzinfo=UTC)
    said = [caught.value, renewal, desk, fresh, *map(told_by, logs.records)]
    assert {record.name for record in logs.records} >= {"httpx", "httpcore.connection", "httpcore.http11"}
    assert not [text for text in said if any(secret and secret in str(text) for secret in secrets)]


@pytest.mark.promise("P15")
def test_a_service_that_echoes_the_token_gets_it_into_no_log(logs: pytest.LogCaptureFixture) -> None:
    """In headers and in the words beside the status, all of which httpcore or httpx would write down; what is left
    still tells what was asked and how it ended."""

    def echoing(environ: Any, start_response: Any) -> list[bytes]:
        token = environ["HTTP_AUTHORIZATION"]
        headers = [("X-Echo", token), ("Set-Cookie", f"a='{ACCESS}"), (f"X-{ACCESS}", "1"), ("Content-Length", "2")]
        start_response(f"200 {token}", headers)
        return [b"{}"]

    with (
        serve(echoing) as server,
        SimklClient(Credentials(CLIENT_ID, ACCESS), base_url=server.url, clock=FakeClock()) as client,
    ):
        client.read_everything()
    said = [record.getMessage() for record in logs.records]
    assert f'HTTP Request: GET {server.url}/sync/all-items?[hidden] "HTTP/1.1 200"' in said
    assert "send_request_headers.started request=<Request [b'GET']>" in said
    assert any(text.startswith("receive_response_headers.complete return_value=([hidden], 200,") for text in said)


@pytest.mark.promise("P15")
def test_a_logger_that_comes_later_is_guarded_too(logs: pytest.LogCaptureFixture) -> None:
    """As of a version of httpcore that has one more: with a handler and a level of its own."""
    stream = io.StringIO()
    logger, handler = logging.getLogger("httpcore.http4"), logging.StreamHandler(stream)
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        Http(AppId(CLIENT_ID), ORIGIN, FakeClock(), None).close()
        logger.debug("send_request_headers.started headers=%r", {"client_id": CLIENT_ID, "code": DEVICE})
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert (
        stream.getvalue() == "send_request_headers.started headers={'client_id': '[hidden]', 'code': '[hidden]'}\n"
    )


@pytest.mark.promise("P15")
@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "GET https://api.simkl.com/sync/ratings?client_id=x&app-name=y",
            "GET https://api.simkl.com/sync/ratings?[hidden]",
        ),
        ("GET /oauth/pin/ABCDE?client_id=x", "GET /oauth/pin/[hidden]?[hidden]"),
        ('GET /oauth/pin/ABCDE "HTTP/1.1 200 OK"', 'GET /oauth/pin/[hidden] "HTTP/1.1 200"'),
        ("Authorization: Bearer x.y-z", "Authorization: Bearer [hidden]"),
        ("{'Authorization': 'bearer x', 'Accept': 'y'}", "{'Authorization': 'bearer [hidden]', 'Accept': 'y'}"),
        ("client_id=x&device_code=y&grant=z", "client_id=[hidden]&device_code=[hidden]&grant=z"),
        ('{"access_token": "x", "expires_in": 9}', '{"access_token": "[hidden]", "expires_in": 9}'),
        ("user_code: x, status_code: 200", "user_code: [hidden], status_code: 200"),
        (r"""(b'X-\'Echo', b"it's", b'')""", "([hidden], [hidden], [hidden])"),
        ("connect_tcp.started host='127.0.0.1' port=5000", "connect_tcp.started host='127.0.0.1' port=5000"),
        ("100 % of it: %s", "100 % of it: %s"),
    ],
)
def test_what_is_left_of_a_log(message: str, told: str) -> None:
    """Codes, tokens and the client id go, wherever they stand; where a request went and how it ended stays."""
    assert redacted(message) == told
