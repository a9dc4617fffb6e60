"""The forms of the wire: what a request may hold, and what of a reply is read.

Requests are strict, for what goes out is ours. Replies are lenient in each entry and strict about the whole:
an odd entry proves nothing and harms nothing, while a reply of another form is no reply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from importer.vocabulary.sends import Send

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_WHOLE = re.compile(r"\s*(\d{1,9})(?:\.0+)?\s*", re.ASCII)

UNREADABLE = 0
"""Stands for a number that is there but is none, so that it is not mistaken for one left out."""


def parse(body: bytes) -> Any:
    """The JSON of `body`; ValueError for anything else, however deep, huge or broken."""
    return _ANY.validate_json(body)


def _number(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    match = _WHOLE.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else UNREADABLE


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _id_texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}  # an empty object may come as [] or null
    return {
        space: str(given).strip()
        for space, given in value.items()
        if isinstance(given, (int, str)) and not isinstance(given, bool) and str(given).strip()
    }


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    if isinstance(value, dict):
        value = list(value.values())  # a list with gaps may come as an object
    if not isinstance(value, list):
        raise ValueError("not a list")
    return [_object(entry) for entry in value]


def _lists(value: object) -> dict[str, Any]:
    if value is None or value == []:
        return {}
    if isinstance(value, list):
        return {"": value}
    if not isinstance(value, dict):
        raise ValueError("not lists by type")
    return value


Number = Annotated[int | None, BeforeValidator(_number)]
Text = Annotated[str, BeforeValidator(_text)]
IdTexts = Annotated[dict[str, str], BeforeValidator(_id_texts)]


class RequestItem(BaseModel):
    """One title to rate (simkl-add-ratings.txt, "Per-item fields"; simkl-api.md 4.1)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str | None = None
    year: int | None = None
    ids: dict[str, int | str] = Field(default_factory=dict)
    rating: int = Field(ge=1, le=10)
    rated_at: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class RatingsRequest(BaseModel):
    """The body of POST /sync/ratings (simkl-add-ratings.txt; simkl-api.md 4.1)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    movies: list[RequestItem] = Field(default_factory=list)
    shows: list[RequestItem] = Field(default_factory=list)
    anime: list[RequestItem] = Field(default_factory=list)


def request_body(sends: Sequence[Send]) -> bytes:
    """The bytes to post: each item as it stands in its send, in its array; arrays without items are left out."""
    arrays: dict[str, list[dict[str, Any]]] = {}
    for send in sends:
        arrays.setdefault(send.section.value, []).append(dict(send.item))
    return RatingsRequest.model_validate(arrays).model_dump_json(exclude_unset=True).encode()


class Echo(BaseModel):
    """The item that an entry speaks of; not byte-equal to what was sent (simkl-api.md 4.2)."""

    ids: IdTexts = Field(default_factory=dict)
    title: Text = ""
    year: Number = None
    rating: Number = None


class Filed(BaseModel):
    """What the service made of an accepted item (simkl-add-ratings.txt, response schema)."""

    simkl_type: Text = ""


class Status(BaseModel):
    """One entry of `added.statuses[]` (simkl-add-ratings.txt, response schema)."""

    request: Annotated[Echo, BeforeValidator(_object)] = Echo()
    response: Annotated[Filed, BeforeValidator(_object)] = Filed()


class Added(BaseModel):
    """`added`; its counters are not read, for they do not reliably match (simkl-api.md 4.2)."""

    statuses: Annotated[list[Status], BeforeValidator(_entries)] = Field(default_factory=list)


NotFound = Annotated[list[Echo], BeforeValidator(_entries)]


class RatingsReply(BaseModel):
    """The reply of POST /sync/ratings (simkl-add-ratings.txt; simkl-api.md 4.2). `not_found` may hold lists
    of any name, and neither slot has one for anime."""

    added: Added
    not_found: Annotated[dict[str, NotFound], BeforeValidator(_lists)] = Field(default_factory=dict)


class TitleRecord(BaseModel):
    """The nested title of a library row (simkl-api.md 6.1, 6.2)."""

    title: Text = ""
    year: Number = None
    ids: IdTexts = Field(default_factory=dict)


class LibraryRow(BaseModel):
    """One row of GET /sync/ratings (simkl-api.md 6.1); anime nests under `show` or under others."""

    user_rating: Number = None
    user_rated_at: Text = ""
    status: Text = ""
    movie: TitleRecord | None = None
    show: TitleRecord | None = None
    anime: TitleRecord | None = None
