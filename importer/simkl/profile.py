"""Whose account it is, what is left of the day's requests, and when what last changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from importer.simkl.account import moment
from importer.simkl.quota import Quota, quota_in
from importer.simkl.wire import Text
from importer.vocabulary.errors import ApiError
from importer.vocabulary.sends import Section

SETTINGS = "/users/settings"
WANTS_POST = frozenset({404, 405})  # documented as POST, seen with GET, which costs less (simkl-api.md 6.4)
_KEYS = {Section.MOVIES: "movies", Section.SHOWS: "tv_shows", Section.ANIME: "anime"}  # simkl-api.md 6.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The account: its number as text, the name to show, `free`, `pro` or `vip`; no quota where none is told."""

    id: str
    name: str
    type: str
    quota: Quota | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activities:
    """When anything last changed, and by section when what did (`rated_at`, `completed`, ...); None: never."""

    all: datetime | None
    sections: Mapping[Section, Mapping[str, datetime | None]]


def _account_number(value: object) -> str:
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("not an account number")
    return text


class _Account(BaseModel):
    id: Annotated[str, BeforeValidator(_account_number)]
    type: Text = ""


class _User(BaseModel):
    name: Text = ""


class _Settings(BaseModel):
    account: _Account
    user: _User = Field(default_factory=_User)


def read_profile(document: Any, headers: Mapping[str, str]) -> Profile:
    """The owner named in a reply of /users/settings; ApiError where it names none, for accounts must not be
    mistaken for each other."""
    try:
        settings = _Settings.model_validate(document)
    except ValidationError:
        raise ApiError("Simkl does not say whose account this is. Look for a newer rateport.") from None
    account = settings.account
    return Profile(id=account.id, name=settings.user.name, type=account.type, quota=quota_in(headers))


def read_activities(document: Any) -> Activities:
    """The moments in a reply of /sync/activities; one that cannot be read raises ApiError, for it must not pass
    for "never"."""
    if not isinstance(document, dict) or "all" not in document:
        raise _odd()
    groups = {section: document.get(key) or {} for section, key in _KEYS.items()}
    if not all(isinstance(group, dict) for group in groups.values()):
        raise _odd()
    return Activities(
        all=_moment(document["all"]),
        sections={
            section: {name: _moment(value) for name, value in group.items()} for section, group in groups.items()
        },
    )


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    found = moment(value) if isinstance(value, str) else None
    if found is None:
        raise _odd()
    return found


def _odd() -> ApiError:
    return ApiError(
        "Simkl's record of the account's activities has a form that rateport does not know. "
        "Look for a newer rateport."
    )
