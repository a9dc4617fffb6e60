"""The forms of the wire: what a request may hold, and what of a reply is read.

Requests are strict, for what goes out is ours. Replies are lenient in each entry and strict about the whole:
an odd entry proves nothing and harms nothing, while a reply of another form is no reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, TypeAdapter

from importer.vocabulary.sends import Section, Send

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_ARRAYS: TypeAdapter[dict[str, list[SerializeAsAny[BaseModel]]]] = TypeAdapter(
    dict[str, list[SerializeAsAny[BaseModel]]]
)
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


MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


class NamedItem(BaseModel):
    """One title as every write names it (simkl-api.md 4.1)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str | None = None
    year: int | None = None
    ids: dict[str, int | str] = Field(default_factory=dict)


class RequestItem(NamedItem):
    """One title to rate (simkl-add-ratings.txt, "Per-item fields"; simkl-api.md 4.1)."""

    rating: int = Field(ge=1, le=10)
    rated_at: str | None = Field(default=None, pattern=MOMENT)


class BareItem(BaseModel):
    """One title to take out of the library: ids alone, for a title could name another one (simkl-api.md 5)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    ids: dict[str, int | str] = Field(min_length=1)


class ListItem(NamedItem):
    """One title to put on a list, which each item names by itself (simkl-api.md 11)."""

    to: Literal["watching", "plantowatch", "hold", "completed", "dropped"]


class HistoryItem(NamedItem):
    """One movie that was watched; without the moment Simkl would say now (simkl-api.md 7)."""

    watched_at: str = Field(pattern=MOMENT)
    rating: int | None = Field(default=None, ge=1, le=10)


def request_body(sends: Sequence[Send]) -> bytes:
    """The bytes to post: each item as it stands in its send, in its array; arrays without items are left out."""
    return _body(RequestItem, ((send.section, send.item) for send in sends))


def removal_body(sends: Sequence[Send]) -> bytes:
    """The titles of `sends` without ratings; anime stands under shows, where alone it is sure to be read
    (simkl-api.md 5)."""
    return _body(NamedItem, ((_place(send), _only(send, "title", "year", "ids")) for send in sends))


def ids_body(sends: Sequence[Send]) -> bytes:
    """The ids of `sends` and nothing else, anime under shows."""
    return _body(BareItem, ((_place(send), _only(send, "ids")) for send in sends))


def list_body(sends: Sequence[Send]) -> bytes:
    """The titles of `sends`, each with the list it goes `to`."""
    return _body(ListItem, ((send.section, send.item) for send in sends))


def history_body(sends: Sequence[Send]) -> bytes:
    """The watched movies of `sends`. A bare show would mark all its episodes, so it is no item for this
    (simkl-api.md 7)."""
    if strange := [send.section.value for send in sends if send.section is not Section.MOVIES]:
        raise ValueError(f"only movies can be marked as watched, not {strange[0]}")
    return _body(HistoryItem, ((send.section, send.item) for send in sends))


def _place(send: Send) -> Section:
    return Section.MOVIES if send.section is Section.MOVIES else Section.SHOWS


def _only(send: Send, *names: str) -> dict[str, Any]:
    return {name: send.item[name] for name in names if name in send.item}


def _body(model: type[BaseModel], entries: Iterable[tuple[Section, Mapping[str, Any]]]) -> bytes:
    arrays: dict[str, list[BaseModel]] = {}
    for section, item in entries:
        arrays.setdefault(section.value, []).append(model.model_validate(dict(item)))
    ordered: dict[str, list[BaseModel]] = {
        section.value: arrays[section.value] for section in Section if section.value in arrays
    }
    return _ARRAYS.dump_json(ordered, exclude_unset=True)


class Echo(BaseModel):
    """The item that an entry speaks of; not byte-equal to what was sent (simkl-api.md 4.2)."""

    ids: IdTexts = Field(default_factory=dict)
    title: Text = ""
    year: Number = None
    rating: Number = None
    rated_at: Text = ""
    to: Text = ""


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


Echoes = Annotated[list[Echo], BeforeValidator(_entries)]


class RatingsReply(BaseModel):
    """The reply of POST /sync/ratings (simkl-add-ratings.txt; simkl-api.md 4.2). `not_found` may hold lists
    of any name, and neither slot has one for anime."""

    added: Added
    not_found: Annotated[dict[str, Echoes], BeforeValidator(_lists)] = Field(default_factory=dict)


class RemovalReply(BaseModel):
    """The reply of POST /sync/ratings/remove and /sync/history/remove: `deleted` counts what was matched
    (simkl-api.md 5)."""

    deleted: dict[str, Number]
    not_found: Annotated[dict[str, Echoes], BeforeValidator(_lists)] = Field(default_factory=dict)


class ListReply(BaseModel):
    """The reply of POST /sync/add-to-list: the moved items by type, each with its list."""

    added: Annotated[dict[str, Echoes], BeforeValidator(_lists)]
    not_found: Annotated[dict[str, Echoes], BeforeValidator(_lists)] = Field(default_factory=dict)


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
    last_watched_at: Text = ""
    last_watched: Text = ""
    watched_episodes_count: Number = None
    movie: TitleRecord | None = None
    show: TitleRecord | None = None
    anime: TitleRecord | None = None
