"""Refusals in the service's envelope: {error, code, message}."""

from __future__ import annotations

from collections.abc import Mapping

_PHRASES = (
    "Sorry, this did not work: {}.",
    "Request refused ({}).",
    "{}",
    "We could not serve you. Reason: {}. See the docs.",
)


class Refused(Exception):
    """An answer other than the one asked for; `error` is what a client may branch on."""

    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error
        self.headers = dict(headers or {})
        if status == 401:
            self.headers.setdefault("WWW-Authenticate", 'Bearer realm="api.simkl.com"')


def envelope(status: int, error: str, variant: int) -> dict[str, object]:
    """The body of a refusal; its message varies, so that nobody comes to parse it (simkl-api.md 14.3)."""
    message = _PHRASES[variant % len(_PHRASES)].format(error.replace("_", " "))
    return {"error": error, "code": status, "message": message}
