"""One HTTP request, one reply: the only module that knows httpx by heart.

What a reply means is decided in `judge`; how often and how fast to ask, in `client` and `pacing`.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Generator
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from importer import __version__
from importer.simkl.credentials import Credentials
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ConfigError

TIMEOUT = httpx.Timeout(10, read=60)  # a write may hold its lock for 20 s (simkl-api.md 3.3, 3.6)
REPLY_BYTES = 64 * 1024 * 1024  # a whole library is tens of MB (simkl-api.md 6.2)
REPLY_WITHIN_S = 300.0  # the read time-out counts silence only: a trickle would never end

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # httpx logs whole URLs at INFO (ecosystem.md 3)


class NotSent(Exception):
    """Nothing of the request left for the service."""


class Lost(Exception):
    """The request went out, or may have, and its reply did not come back whole."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply of whatever status; `retry_after` is that header as it came."""

    status: int
    retry_after: str | None
    body: bytes


class PinnedAuth(httpx.Auth):
    """Shows the token to one scheme, host and port and to nobody else."""

    def __init__(self, access_token: str, pinned: httpx.URL) -> None:
        self._header = f"Bearer {access_token}"
        self._pinned = _origin(pinned)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header when the request goes to the pinned origin."""
        if _origin(request.url) == self._pinned:
            request.headers["Authorization"] = self._header
        yield request


class Http:
    """The connection to one service address, with everything that each request must carry (simkl-api.md 1)."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None,
    ) -> None:
        address = checked_address(base_url)
        self._clock = clock
        try:
            self._client = httpx.Client(
                base_url=address,
                auth=PinnedAuth(credentials.access_token, address),
                params={"client_id": credentials.client_id, "app-name": "rateport", "app-version": __version__},
                headers={"User-Agent": f"rateport/{__version__}", "Accept": "application/json"},
                timeout=TIMEOUT,
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # odd ones break the next request
                follow_redirects=False,
                http2=False,
                trust_env=address.scheme == "https",  # a proxy would see the token on plain http
                event_hooks={"response": [_forget_redirect]},
                transport=transport,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"The proxy or certificate settings of the environment cannot be used: {error}"
            ) from error

    def send(self, method: str, path: str, body: bytes | None = None) -> Reply:
        """One try, as it goes; raises NotSent or Lost and nothing else for whatever the other side does."""
        headers = {"Content-Type": "application/json"} if body is not None else None
        request = self._client.build_request(method, path, content=body, headers=headers)
        try:
            response = self._client.send(request, stream=True)
            try:
                return Reply(response.status_code, response.headers.get("Retry-After"), self._read(response))
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotSent(_printable(str(error)) or "no connection") from None
        except (httpx.TimeoutException, TimeoutError):
            raise Lost("no reply in time", timed_out=True) from None
        except (httpx.HTTPError, OSError):  # OSError: an app behind WSGITransport that cuts the line
            raise Lost("the connection was cut, or the reply was garbled") from None

    def _read(self, response: httpx.Response) -> bytes:
        started = self._clock.steady()
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > REPLY_BYTES:
                raise Lost("the reply is larger than any that Simkl has reason to send")
            if self._clock.steady() - started > REPLY_WITHIN_S:
                raise Lost("the reply came too slowly", timed_out=True)
        return bytes(body)

    def close(self) -> None:
        """Gives the connection back."""
        self._client.close()


def checked_address(base_url: str) -> httpx.URL:
    """The address of a service that may see a token: https, or plain http on this machine."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        raise ConfigError("The service address cannot be read: write it like https://api.simkl.com") from None
    if not url.host or url.userinfo or url.query or url.fragment or url.path not in ("", "/"):
        raise ConfigError("The service address must be scheme, host and port only, like https://api.simkl.com")
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host)):
        return url
    raise ConfigError(f"{url.scheme}://{url.host} is not safe for a token: use https, or http on 127.0.0.1")


def wsgi_transport(app: Any) -> httpx.BaseTransport:
    """Leads every request into a WSGI application in this process."""
    return httpx.WSGITransport(app=app)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # httpx itself writes a default port as None


def _forget_redirect(response: httpx.Response) -> None:
    """httpx reads Location even when it does not follow, and stumbles over odd ones."""
    response.headers.pop("Location", None)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:200]
