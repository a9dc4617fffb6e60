"""What can be done with sends: one class each, alike in form, for the post loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from importer.simkl.answers import Answer
from importer.stages.match import AccountIndex, by_simkl
from importer.stages.readings import misfit
from importer.vocabulary.errors import Unreadable
from importer.vocabulary.sends import AccountTitle, Section, Send


class Word(StrEnum):
    """What a deed is called in the journal."""

    RATE = "rate"
    CLEAR = "clear"
    REMOVE = "remove"
    MOVE = "move"
    WATCH = "watch"


class Deed(Protocol):
    """What is done with sends: rate, clear, remove, move, mark as watched."""

    @property
    def word(self) -> Word:
        """What it is called in the journal."""
        ...

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt at one POST."""
        ...

    def is_repeatable(self, send: Send) -> bool:
        """Whether doing it twice is the same as once."""
        ...

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """The keys of those that the account shows as done."""
        ...


class Writer(Protocol):
    """What the deeds need of the client."""

    def post_ratings(self, sends: Sequence[Send]) -> Answer:
        """One attempt at setting ratings."""
        ...

    def remove_ratings(self, sends: Sequence[Send]) -> Answer:
        """One attempt at clearing ratings."""
        ...

    def remove_from_library(self, sends: Sequence[Send]) -> Answer:
        """One attempt at taking titles out of the account."""
        ...

    def add_to_list(self, sends: Sequence[Send]) -> Answer:
        """One attempt at moving titles to lists."""
        ...

    def post_history(self, sends: Sequence[Send]) -> Answer:
        """One attempt at marking movies as watched."""
        ...

    def read_ratings(self, section: Section) -> list[AccountTitle]:
        """The rated titles of one section."""
        ...

    def read_everything(self) -> tuple[list[AccountTitle], Mapping[str, Any]]:
        """Every title of the account, and its rows as they are."""
        ...


class Rate:
    """Set ratings. Only dated ones may be repeated blindly (simkl-api.md 4.5)."""

    word = Word.RATE

    def __init__(self, client: Writer) -> None:
        self._client = client

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt."""
        return self._client.post_ratings(sends)

    def is_repeatable(self, send: Send) -> bool:
        """Without its date a rating would be dated anew."""
        return send.is_dated

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """Those whose rating, and date if they name one, stands in the account."""
        account = AccountIndex(_rated(self._client))
        return {send.key for send in sends if account.holds(send)}


class Clear:
    """Take ratings away; the titles stay on their lists."""

    word = Word.CLEAR

    def __init__(self, client: Writer) -> None:
        self._client = client

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt."""
        return self._client.remove_ratings(sends)

    def is_repeatable(self, send: Send) -> bool:
        """A rating that is gone stays gone."""
        return True

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """Those that are not rated."""
        account = AccountIndex(_rated(self._client))
        return {send.key for send in sends if not account.find(send)}


class Remove:
    """Take titles out of the library, with all that is known of them there."""

    word = Word.REMOVE

    def __init__(self, client: Writer) -> None:
        self._client = client

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt."""
        return self._client.remove_from_library(sends)

    def is_repeatable(self, send: Send) -> bool:
        """A title that is gone stays gone."""
        return True

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """Those that are in the library no more."""
        held = _by_simkl(self._client)
        return {send.key for send in sends if str(send.item["ids"]["simkl"]) not in held}


class Move:
    """Put titles on lists."""

    word = Word.MOVE

    def __init__(self, client: Writer) -> None:
        self._client = client

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt."""
        return self._client.add_to_list(sends)

    def is_repeatable(self, send: Send) -> bool:
        """A title is on one list however often it is put there."""
        return True

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """Those that are on the list that they name."""
        held = _by_simkl(self._client)
        found = {send.key: held.get(str(send.item["ids"]["simkl"])) for send in sends}
        return {send.key for send in sends if (title := found[send.key]) and title.status == send.item["to"]}


class Watch:
    """Mark movies as watched, with their rating (simkl-api.md 7)."""

    word = Word.WATCH

    def __init__(self, client: Writer) -> None:
        self._client = client

    def post(self, sends: Sequence[Send]) -> Answer:
        """One attempt."""
        return self._client.post_history(sends)

    def is_repeatable(self, send: Send) -> bool:
        """Whether a second watch of the same moment counts is not known (simkl-api.md 7)."""
        return False

    def done_among(self, sends: Sequence[Send]) -> set[str]:
        """Those that the library shows as watched at their moment."""
        account = AccountIndex(self._client.read_everything()[0])
        return {send.key for send in sends if any(_moment(send) in title.watched for title in account.find(send))}


def _moment(send: Send) -> str:
    return str(send.item["watched_at"])


def _rated(client: Writer) -> list[AccountTitle]:
    """The rated titles. Raises Unreadable where the library does not bear them out: what is missing there for no
    reason would be sent twice."""
    rated = [title for section in Section for title in client.read_ratings(section)]
    if trouble := misfit(rated, client.read_everything()[0]):
        raise Unreadable(f"{trouble}; one of its answers looks cut off")
    return rated


def _by_simkl(client: Writer) -> Mapping[str, AccountTitle]:
    return by_simkl(client.read_everything()[0])
