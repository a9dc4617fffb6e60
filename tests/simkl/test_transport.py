"""What leaves the machine and where to, and what becomes of a line that breaks."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from importer import __version__
from importer.sandbox.serving import serve
from importer.simkl import transport
from importer.simkl.auth import SignInDesk
from importer.simkl.client import Credentials, SimklClient, Unclear, Unreachable
from importer.simkl.credentials import AppId
from importer.simkl.transport import Http
from importer.vocabulary.errors import ApiError, AuthError, ConfigError, Paused
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.simkl.service import CREDENTIALS, TOKEN, always, client_for, failing, movie, reply_of

WAYS: dict[str, Callable[[SimklClient, SignInDesk], object]] = {
    "a write": lambda client, desk: client.post_ratings([movie()]),
    "a removal": lambda client, desk: client.remove_ratings([movie()]),
    "a read": lambda client, desk: client.read_ratings(Section.MOVIES),
    "the profile": lambda client, desk: client.settings(),
    "a lookup": lambda client, desk: client.redirect("imdb", "tt0137523", Kind.MOVIE),
    "details": lambda client, desk: client.details(Section.MOVIES, "1"),
    "a search": lambda client, desk: client.search(Section.MOVIES, "Heat"),
    "a sign-in": lambda client, desk: desk.sign_in(lambda code: None),
    "a renewal": lambda client, desk: desk.renew("simkl_rt_canary"),
    "a sign-out": lambda client, desk: desk.revoke("simkl_rt_canary"),
}
"""All that is asked of the service."""


class Recorder:
    """A service that keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(201, json=reply_of() if request.method == "POST" else {})


@pytest.fixture
def recorder() -> Recorder:
    """A fresh one."""
    return Recorder()


def test_every_request_says_who_asks(recorder: Recorder) -> None:
    """Client id, app name and version, user agent and token go with reads and writes alike."""
    client = client_for(recorder)
    client.post_ratings([movie()])
    client.read_ratings(Section.MOVIES)
    for request in recorder.requests:
        assert dict(request.url.params) == {
            "client_id": "client-canary",
            "app-name": "rateport",
            "app-version": __version__,
        }
        assert request.headers["User-Agent"] == f"rateport/{__version__}"
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert request.url.host == "api.simkl.com"
        assert request.url.scheme == "https"
    assert [request.headers.get("Content-Type") for request in recorder.requests] == ["application/json", None]


def test_reads_name_the_type_and_every_rating(recorder: Recorder) -> None:
    """Without the ratings in the path Simkl would send the whole library."""
    client = client_for(recorder)
    for section in Section:
        client.read_ratings(section)
    assert [request.url.raw_path.split(b"?")[0] for request in recorder.requests] == [
        b"/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10",
        b"/sync/ratings/shows/1,2,3,4,5,6,7,8,9,10",
        b"/sync/ratings/anime/1,2,3,4,5,6,7,8,9,10",
    ]


@pytest.mark.promise("P16")
@pytest.mark.parametrize(
    "address",
    [
        "http://api.simkl.com",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "ftp://api.simkl.com",
        "api.simkl.com",
        "https://user:secret@api.simkl.com",
        "https://api.simkl.com/v2",
        "https://api.simkl.com?x=1",
        "https://api.simkl.com#x",
        "https://",
        "http://[::1",
        "",
    ],
)
def test_an_unsafe_address_is_refused(address: str) -> None:
    """A token goes over https, or over plain http on this machine, and nowhere else."""
    with pytest.raises(ConfigError):
        SimklClient(CREDENTIALS, base_url=address, clock=FakeClock())


@pytest.mark.parametrize(
    "address",
    [
        "https://api..simkl.com",
        "https://.com",
        "https://xn--a.com",
        f"https://{'a' * 64}.com",
        f"https://{'a' * 100_000}",
        "https://\udcff.com",
        "\udcff",
    ],
)
def test_an_address_that_names_no_host_cannot_be_read(address: str) -> None:
    """It is found before it is looked up."""
    with pytest.raises(ConfigError, match="The service address cannot be read"):
        SimklClient(CREDENTIALS, base_url=address, clock=FakeClock())


@pytest.mark.parametrize("odd", ["", "with space", "\udcff", "a" * 100_000])
def test_what_cannot_be_a_client_id_or_token_is_refused(odd: str) -> None:
    """Each by its name, and without showing it."""
    ways: dict[str, Callable[[], object]] = {
        "client id": lambda: AppId(odd),
        "access token": lambda: Credentials("an-app", odd),
    }
    for name, make in ways.items():
        with pytest.raises(ConfigError, match=f"The {name} is ") as caught:
            make()
        assert not odd or odd not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.simkl.com",
        "https://api.simkl.com/",
        "https://simkl.example:8443",
        "http://127.0.0.1:5000",
        "http://localhost:5000",
        "http://[::1]:5000",
    ],
)
def test_a_safe_address_is_taken(address: str, recorder: Recorder) -> None:
    """Requests go exactly there."""
    client_for(recorder, base_url=address).read_ratings(Section.SHOWS)
    assert str(recorder.requests[0].url).startswith(address.rstrip("/") + "/sync/ratings/shows/")
    assert recorder.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.promise("P16")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://api.simkl.com/sync",
        "https://api.simkl.com:8443/sync",
        "https://api.simkl.com.example.org/sync",
        "https://simkl.com/sync",
    ],
)
def test_the_token_stays_at_its_origin(elsewhere: str) -> None:
    """Another scheme, host or port never sees it."""
    auth = transport.PinnedAuth(TOKEN, httpx.URL("https://api.simkl.com"))
    request = next(auth.auth_flow(httpx.Request("GET", elsewhere)))
    assert "Authorization" not in request.headers


def test_the_default_port_is_the_same_origin() -> None:
    """https and https on port 443 are one place."""
    auth = transport.PinnedAuth(TOKEN, httpx.URL("https://api.simkl.com"))
    request = next(auth.auth_flow(httpx.Request("GET", "https://api.simkl.com:443/sync")))
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.promise("P16")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["https://evil.example/", "//evil.example", "http://[bad", "https:///", "\x00"]
)
def test_redirects_are_errors_and_never_followed(status: int, location: str) -> None:
    """One request, no second, whatever Location says."""
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, headers={"Location": location})

    with pytest.raises(ApiError, match="redirect"):
        client_for(handler).post_ratings([movie()])
    assert len(seen) == 1


@pytest.mark.promise("P15")
@pytest.mark.promise("P16")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("how", WAYS)
def test_a_redirect_over_a_real_socket_reaches_nobody(status: int, how: str) -> None:
    """Whatever was asked with a token, a code or the client id alone: the port that the answer names hears nothing,
    not even a connection."""
    asked: list[bytes] = []

    def elsewhere(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        location = f"http://127.0.0.1:{witness.getsockname()[1]}/movies/1"
        start_response(f"{status} Elsewhere", [("Location", location), ("Content-Length", "0")])
        return [b""]

    clock = FakeClock()
    with (
        socket.create_server(("127.0.0.1", 0)) as witness,
        serve(elsewhere) as server,
        closing(Http(AppId("client-canary"), server.url, clock, None)) as http,
        SimklClient(CREDENTIALS, base_url=server.url, clock=clock) as client,
    ):
        try:
            WAYS[how](client, SignInDesk(http, clock))
        except (ApiError, AuthError, Paused) as error:
            assert "canary" not in str(error)
        assert asked
        witness.settimeout(0)
        with pytest.raises(BlockingIOError):
            witness.accept()
        with socket.create_connection(witness.getsockname()):  # a connection would have been seen
            witness.accept()[0].close()


@pytest.mark.promise("P16")
@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "sync/ratings", "//evil.example/sync", "/sync//ratings", "/sync/", "https://evil.example/sync"),
        *(
            "https:/sync",
            "/sync?x=1",
            "/sync#x",
            "/sync ratings",
            "/sync\nHost: evil.example",
            "/\\evil.example/sync",
        ),
        *("/@evil.example", "/:@evil.example", "/sync\u2044ratings", "/sync/ratings\n"),
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(path: str, recorder: Recorder) -> None:
    """Only what is plainly below the address is ever asked for; anything else is a fault of ours."""
    http = Http(CREDENTIALS, "https://api.simkl.com", FakeClock(), httpx.MockTransport(recorder))
    for send in (lambda: http.send("GET", path), lambda: http.send_form(path, {"token": TOKEN})):
        with pytest.raises(ValueError, match="plain path below the address") as caught:
            send()
        assert "canary" not in str(caught.value).lower()
    assert recorder.requests == []


def test_no_cookie_is_kept() -> None:
    """Rateport needs none, and httpx trips over odd ones when it sends them back."""
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Cookie"))
        return httpx.Response(201, json=reply_of(), headers=[(b"Set-Cookie", b"a=b"), (b"Set-Cookie", b"\x80")])

    client = client_for(handler)
    client.post_ratings([movie()])
    client.post_ratings([movie()])
    assert seen == [None, None]


@pytest.mark.parametrize("bad", ["", " ", "with space", "line\nbreak", "ümlaut", "tab\t"])
def test_credentials_that_cannot_travel_are_refused(bad: str) -> None:
    """A token with a line break would otherwise break the request."""
    with pytest.raises(ConfigError, match="access token"):
        Credentials(client_id="abc", access_token=bad)
    with pytest.raises(ConfigError, match="client id"):
        Credentials(client_id=bad, access_token="abc")


def test_the_token_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither a repr, nor a log at its most talkative, nor an error holds the token or the client id."""
    caplog.set_level(logging.DEBUG)
    client = client_for(always(401, {"error": "user_token_failed", "message": TOKEN}))
    said = [repr(CREDENTIALS), str(CREDENTIALS), repr(client)]
    with pytest.raises(Exception, match="sign-in") as caught:
        client.post_ratings([movie()])
    said += [str(caught.value), caplog.text]
    for error in (httpx.ConnectError("no route"), httpx.ReadError("cut")):
        said.append(repr(client_for(failing(error)).post_ratings([movie()])))
    assert not [text for text in said if "canary" in text.lower()]


def test_httpx_does_not_log_addresses(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    """httpx would log each URL, client id included, as soon as somebody turns logging on."""
    caplog.set_level(logging.DEBUG)
    client_for(recorder).read_ratings(Section.MOVIES)
    assert caplog.records == []


def test_a_missing_certificate_file_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment may name a file of certificates that is not there."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ConfigError, match="certificate"):
        SimklClient(CREDENTIALS, clock=FakeClock())


def test_a_proxy_that_cannot_be_used_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment may name a proxy of a kind that is not supported."""
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example:70")
    with pytest.raises(ConfigError, match="proxy"):
        SimklClient(CREDENTIALS, clock=FakeClock())


def test_a_proxy_without_a_name_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows only when the name is looked up."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy..example:70")
    with SimklClient(CREDENTIALS, clock=FakeClock()) as client, pytest.raises(ConfigError, match="proxy"):
        client.read_ratings(Section.MOVIES)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout("timed out"),
        httpx.PoolTimeout("timed out"),
        httpx.ProxyError("403 Forbidden"),
    ],
)
def test_what_never_went_out_is_unreachable(error: Exception) -> None:
    """Nothing was sent, so nothing was applied and nothing is counted."""
    client = client_for(failing(error))
    assert client.post_ratings([movie()]) == Unreachable(str(error))
    assert client.requests.post == 0


@pytest.mark.parametrize(
    ("error", "should_shrink"),
    [
        (httpx.ReadTimeout("x"), True),
        (httpx.WriteTimeout("x"), True),
        (TimeoutError("x"), True),
        (httpx.ReadError("x"), False),
        (httpx.WriteError("x"), False),
        (httpx.CloseError("x"), False),
        (httpx.RemoteProtocolError("x"), False),
        (httpx.LocalProtocolError("x"), False),
        (httpx.DecodingError("x"), False),
        (ConnectionResetError("x"), False),
        (BrokenPipeError("x"), False),
    ],
)
def test_a_lost_reply_is_unclear(error: Exception, should_shrink: bool) -> None:
    """The batch may have been applied; only a time-out speaks for smaller batches."""
    client = client_for(failing(error))
    answer = client.post_ratings([movie()])
    assert isinstance(answer, Unclear)
    assert answer.should_shrink is should_shrink
    assert client.requests.post == 1


def test_a_reply_beyond_all_size_is_unclear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small compressed reply cannot fill the memory."""
    monkeypatch.setattr(transport, "REPLY_BYTES", 100_000)
    packed = gzip.compress(b" " * 10_000_000)
    answer = client_for(
        lambda request: httpx.Response(201, content=packed, headers={"Content-Encoding": "gzip"})
    ).post_ratings([movie()])
    assert answer == Unclear("the reply is larger than any that Simkl has reason to send", should_shrink=False)


def test_a_reply_that_trickles_is_unclear() -> None:
    """Each part comes in time, the whole never would."""
    clock = FakeClock()

    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                clock.advance(50.0)
                yield b" "

    answer = client_for(lambda request: httpx.Response(201, stream=Trickle()), clock).post_ratings([movie()])
    assert answer == Unclear("the reply came too slowly", should_shrink=True)


@contextmanager
def raw_server(answer: bytes) -> Iterator[str]:
    """A real socket on loopback that reads one request, says `answer` and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            received = b""
            while b"\r\n\r\n" not in received or not received.endswith(b"}"):
                received += line.recv(65536)
            line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join()
        listener.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 201 Created\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 999999 Odd\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_a_line_that_breaks_is_unclear(answer: bytes) -> None:
    """Over a real socket, however the other side falls silent after it has read the request."""
    with (
        raw_server(answer) as address,
        SimklClient(CREDENTIALS, base_url=address, clock=FakeClock()) as client,
    ):
        assert isinstance(client.post_ratings([movie()]), Unclear)


def test_a_whole_reply_comes_through_a_real_socket() -> None:
    """The very same path with a reply of the documented form."""
    body = json.dumps(reply_of({"request": movie().item, "response": {}})).encode()
    head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with (
        raw_server(head + body) as address,
        SimklClient(CREDENTIALS, base_url=address, clock=FakeClock()) as client,
    ):
        answer = client.post_ratings([movie()])
    assert getattr(answer, "verdicts", None) == {movie().key: "accepted"}


def test_a_closed_port_is_unreachable() -> None:
    """Nobody listens, so nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with SimklClient(CREDENTIALS, base_url=f"http://127.0.0.1:{port}", clock=FakeClock()) as client:
        answer = client.post_ratings([movie()])
    assert isinstance(answer, Unreachable)
    assert "refused" in answer.reason
