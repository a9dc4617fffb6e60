"""What the sign-in endpoints say: codes to show, and tokens, or that there are none yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from importer.simkl.tokens import Generation, Grant
from importer.simkl.transport import is_loopback
from importer.simkl.wire import Number, Text
from importer.vocabulary.errors import ApiError, AuthError

EXPIRES_IN_S = 900  # where a reply does not say (simkl-api.md 2.2, 2.5)
LONGEST_TEXT = 4096

CODE_GONE = (
    "Simkl no longer knows the code: it was used already, or has expired. "
    "Run `rateport login` again for a new code."
)
_USER_CODE = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)  # its length is not to be relied on (simkl-api.md 2.5)


class ShownCode(NamedTuple):
    """What the person needs: enter `user_code` at `link`, or open `complete_link` where there is one."""

    user_code: str
    link: str
    complete_link: str | None
    expires_in_s: int


OnCode = Callable[[ShownCode], None]


class Code(BaseModel):
    """The reply to both kinds of start; a V1 reply names the link in one of two ways (simkl-api.md 2.5)."""

    device_code: Text = Field(default="", repr=False)
    user_code: Text = ""
    verification_uri: Text = ""
    verification_url: Text = ""
    verification_uri_complete: Text = ""
    expires_in: Number = None
    interval: Number = None


class Tokens(BaseModel):
    """The reply that brings tokens; `device_code` and `message` are those of a V1 poll that brings none."""

    access_token: Text = Field(default="", repr=False)
    refresh_token: Text = Field(default="", repr=False)
    expires_in: Number = None
    scope: Text = ""
    device_code: Text = Field(default="", repr=False)
    message: Text = ""


class Pace(Enum):
    """How soon to ask again."""

    SAME = auto()
    SLOWER = auto()


def pin_answer(document: Any) -> Grant | Pace:
    """A V1 poll answers 200 to everything, and a fresh code to one that it no longer knows (simkl-api.md 2.5)."""
    try:
        reply = Tokens.model_validate(document)
    except ValidationError:
        raise odd_answer() from None
    if reply.access_token:
        token = tokens_of(document).access_token
        return Grant(generation=Generation.V1, access_token=token, scope=reply.scope or "public")
    if reply.device_code:
        raise AuthError(CODE_GONE)
    return Pace.SLOWER if reply.message.casefold() == "slow down" else Pace.SAME


def tokens_of(document: Any) -> Tokens:
    """The tokens in a reply; ApiError where there are none that could travel."""
    try:
        tokens = Tokens.model_validate(document)
    except ValidationError:
        raise odd_answer() from None
    if not _travels(tokens.access_token) or not (tokens.refresh_token == "" or _travels(tokens.refresh_token)):
        raise odd_answer()
    return tokens


def code_of(document: Any) -> Code:
    """The code in a reply; ApiError where there is none, or the link is none to be opened."""
    try:
        code = Code.model_validate(document)
    except ValidationError:
        raise odd_answer() from None
    if not _USER_CODE.fullmatch(code.user_code) or not _is_safe_link(
        code.verification_uri or code.verification_url
    ):
        raise odd_answer()
    return code


def shown_code(code: Code) -> ShownCode:
    """What of `code` is for the person: never the device code."""
    complete = code.verification_uri_complete
    return ShownCode(
        user_code=code.user_code,
        link=code.verification_uri or code.verification_url,
        complete_link=complete if _is_safe_link(complete) else None,
        expires_in_s=code.expires_in or EXPIRES_IN_S,
    )


def _travels(text: str) -> bool:
    """Whether it may go into a header, a path and onto a terminal."""
    return 0 < len(text) <= LONGEST_TEXT and all("!" <= character <= "~" for character in text)


def _is_safe_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        _travels(text)
        and bool(host)
        and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
    )


def odd_answer() -> ApiError:
    """What to say of a reply that is no answer to a sign-in."""
    return ApiError(
        "Simkl answered the sign-in in a form that rateport does not know. Look for a newer rateport; check "
        "RATEPORT_API_URL."
    )
