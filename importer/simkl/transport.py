"""One HTTP request, one reply: the only module that knows httpx by heart.

What a reply means is decided in `judge`; how often and how fast to ask, in `client` and `pacing`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode

import httpx

from importer import __version__
from importer.simkl.credentials import AppId, Credentials
from importer.simkl.quota import QUOTA_LIMIT, QUOTA_REMAINING
from importer.simkl.redaction import HIDDEN, guard
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ConfigError

TIMEOUT = httpx.Timeout(10, read=60)  # a write may hold its lock for 20 s (simkl-api.md 3.3, 3.6)
REPLY_BYTES = 64 * 1024 * 1024  # a whole library is tens of MB (simkl-api.md 6.2)
REPLY_WITHIN_S = 300.0  # the read time-out counts silence only: a trickle would never end

LOCATION = "Location"
_LAST_PORT = 65535
_KEPT_HEADERS = (QUOTA_LIMIT, QUOTA_REMAINING)
_SECRET_CHARACTERS = 12  # what is shorter is no token of Simkl's (simkl-api.md 2.1) and may be a word of a title
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"  # what /oauth2/* takes (simkl-api.md 1)
_PATH = re.compile(r"(?:/[\w.,%~-]+)+", re.ASCII)


class NotSent(Exception):
    """Nothing of the request left for the service."""


class Lost(Exception):
    """The request went out, or may have, and its reply did not come back whole."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply of whatever status; `retry_after` is that header as it came, `headers` are the few others
    that mean something to us."""

    status: int
    retry_after: str | None
    body: bytes = field(repr=False)  # a reply to a sign-in holds tokens
    headers: Mapping[str, str] = field(default_factory=dict)


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
        credentials: Credentials | AppId,
        base_url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._address = address = checked_address(base_url)
        self._clock = clock
        self._credentials = credentials
        self.client_id = credentials.client_id
        try:
            self._client = httpx.Client(
                base_url=address,
                params={"client_id": credentials.client_id, "app-name": "rateport", "app-version": __version__},
                headers={"User-Agent": f"rateport/{__version__}", "Accept": _JSON},
                timeout=TIMEOUT,
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # odd ones break the next request
                follow_redirects=False,
                http2=False,
                trust_env=address.scheme == "https",  # a proxy would see the token on plain http
                event_hooks={"response": [_set_redirect_aside]},
                transport=transport,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"The proxy or certificate settings of the environment cannot be used: {error}"
            ) from error
        guard()  # only now has httpx loaded all that may log

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service, as one text that is the same for every way to write it."""
        return origin_of(self._address)

    @property
    def access_token(self) -> str | None:
        """The token that signed requests carry, if there is one."""
        return self._credentials.access_token if isinstance(self._credentials, Credentials) else None

    def use_token(self, access_token: str) -> None:
        """Sign with `access_token` from the next request on."""
        self._credentials = Credentials(self.client_id, access_token)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        params: Mapping[str, str] | None = None,
        is_signed: bool = True,
    ) -> Reply:
        """One try, as it goes; raises NotSent or Lost and nothing else for whatever the other side does, and
        ValueError for a path that could lead to another address."""
        _check_path(path)
        headers = {"Content-Type": _JSON} if body is not None else None
        request = self._client.build_request(method, path, content=body, headers=headers, params=params)
        return self._send(request, is_signed=is_signed)

    def send_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """One try at a POST of form fields, without the token; raises as `send` does."""
        _check_path(path)
        content = urlencode(fields).encode()
        request = self._client.build_request("POST", path, content=content, headers={"Content-Type": _FORM})
        return self._send(request, is_signed=False)

    def _send(self, request: httpx.Request, *, is_signed: bool) -> Reply:
        token = self.access_token if is_signed else None
        auth = PinnedAuth(token, self._address) if token is not None else None
        try:
            response = self._client.send(request, auth=auth, stream=True)
            try:
                headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
                if (location := response.extensions.get(LOCATION)) is not None:
                    headers[LOCATION] = location
                body = self._without_token(self._read(response))
                return Reply(response.status_code, response.headers.get("Retry-After"), body, headers)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotSent(_printable(str(error)) or "no connection") from None
        except (httpx.TimeoutException, TimeoutError):
            raise Lost("no reply in time", timed_out=True) from None
        except (httpx.HTTPError, OSError):  # OSError: an app behind WSGITransport that cuts the line
            raise Lost("the connection was cut, or the reply was garbled") from None
        except UnicodeError:  # the address of the service was checked, so it is that of a proxy
            raise ConfigError("The proxy that the environment names has no valid host name.") from None

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

    def _without_token(self, body: bytes) -> bytes:
        """Replies end up in journals, backups and reports, so a token that one echoes is struck out here."""
        token = self.access_token or ""
        return body.replace(token.encode(), HIDDEN.encode()) if len(token) >= _SECRET_CHARACTERS else body

    def close(self) -> None:
        """Gives the connection back."""
        self._client.close()


def checked_address(base_url: str) -> httpx.URL:
    """The address of a service that may see a token: https, or plain http on this machine."""
    try:
        url = httpx.URL(base_url)
        host = url.host
        url.raw_host.decode("ascii").encode("idna")  # as it will be looked up
    except (httpx.InvalidURL, UnicodeError, TypeError):
        raise ConfigError("The service address cannot be read: write it like https://api.simkl.com") from None
    if not host or url.userinfo or url.query or url.fragment or url.path not in ("", "/"):
        raise ConfigError("The service address must be scheme, host and port only, like https://api.simkl.com")
    if url.port is not None and not 1 <= url.port <= _LAST_PORT:
        raise ConfigError(f"The service address has a port outside 1 to {_LAST_PORT}.")
    if url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host)):
        return url
    raise ConfigError(f"{url.scheme}://{url.host} is not safe for a token: use https, or http on 127.0.0.1")


def origin_of(address: httpx.URL) -> str:
    """The address as scheme://host[:port], without a default port."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{address.scheme}://{host}" + (f":{address.port}" if address.port is not None else "")


def wsgi_transport(app: Any) -> httpx.BaseTransport:
    """Leads every request into a WSGI application in this process."""
    return httpx.WSGITransport(app=app)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # httpx itself writes a default port as None


def _check_path(path: str) -> None:
    if not _PATH.fullmatch(path):
        raise ValueError("a request goes to a plain path below the address, like /sync/ratings")


def _set_redirect_aside(response: httpx.Response) -> None:
    """httpx reads Location even when it does not follow, and stumbles over odd ones."""
    response.extensions[LOCATION] = response.headers.pop(LOCATION, None)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:200]
