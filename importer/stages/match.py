"""Whether the account holds what a send asked for: by any shared id, or by title and year where none is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from importer.stages.join import folded
from importer.vocabulary import dates
from importer.vocabulary.ids import FRANCHISE, PER_KIND
from importer.vocabulary.sends import AccountTitle, Section, Send

_Key = tuple[str, str, str]
_OF_ONE_SEASON = frozenset({"simkl", "mal", "anidb", "anilist", "kitsu"})
_ONE_TO_ONE = _OF_ONE_SEASON | {"imdb"}


class AccountIndex:
    """Titles of the account, to be found by what a send says of a title."""

    def __init__(self, titles: Iterable[AccountTitle]) -> None:
        self._titles: dict[_Key, list[AccountTitle]] = defaultdict(list)
        for title in titles:
            for key in _keys_of_title(title):
                self._titles[key].append(title)

    def find(self, send: Send) -> list[AccountTitle]:
        """The titles that `send` means: those of its first id that names any, as the service resolves them
        (simkl-api.md 4.1), else those of the same title and year whose ids say nothing against it. Ids of a
        franchise may name several."""
        return self.by_id(send) or self._by_title(send)

    def by_id(self, send: Send) -> list[AccountTitle]:
        """The titles that share an id with `send`. An id of a franchise never means a season whose own id is
        another than the one that `send` has."""
        for key in _id_keys_of_send(send):
            found = self._titles.get(key, [])
            if key[0] in FRANCHISE:
                found = [title for title in found if not _is_other_season(title, send)]
            if found:
                return found
        return []

    def _by_title(self, send: Send) -> list[AccountTitle]:
        return [title for title in self._so_named(send) if not contradicts(title, send)]

    def namesakes(self, send: Send) -> list[AccountTitle]:
        """The titles of the same title and year that have another id: other works, or one whose id was changed."""
        return [title for title in self._so_named(send) if contradicts(title, send)]

    def _so_named(self, send: Send) -> list[AccountTitle]:
        if "title" not in send.item:
            return []
        return self._titles.get(_title_key(_group(send.section), send.item["title"], send.item["year"]), [])

    def holds(self, send: Send) -> bool:
        """Whether one of them has the rating that `send` asks for, and its date where it carries one."""
        return any(holds(title, send) for title in self.find(send))

    def holders(self, sends: Iterable[Send]) -> list[AccountTitle]:
        """Every title that has the rating that one of `sends` asks for, and its date where it carries one."""
        return [title for send in sends for title in self.find(send) if holds(title, send)]


def by_simkl(titles: Iterable[AccountTitle]) -> dict[str, AccountTitle]:
    """Titles by their Simkl ids."""
    return {title.simkl: title for title in titles}


def holds(title: AccountTitle, send: Send) -> bool:
    """Whether `title` has the rating that `send` asks for, and its date where it carries one."""
    return title.rating == send.item["rating"] and (not send.is_dated or has_date(title, send))


def has_date(title: AccountTitle, send: Send) -> bool:
    """Whether `title` was rated at the moment that `send` names."""
    return title.rated_at is not None and dates.iso_utc(title.rated_at) == send.item.get("rated_at")


def contradicts(title: AccountTitle, send: Send) -> bool:
    """Whether `title` has another id than `send` in a space that both know and that names each title but once."""
    return _differ(title, send, _ONE_TO_ONE)


def _is_other_season(title: AccountTitle, send: Send) -> bool:
    return title.section is Section.ANIME and _differ(title, send, _OF_ONE_SEASON)


def _differ(title: AccountTitle, send: Send, spaces: Collection[str]) -> bool:
    ids = send.item["ids"].items()
    return any(space in spaces and title.ids.get(space, str(value)) != str(value) for space, value in ids)


def _id_keys_of_send(send: Send) -> Iterator[_Key]:
    for space, value in send.item["ids"].items():
        yield space, _group(send.section) if space in PER_KIND else "", str(value)


def _keys_of_title(title: AccountTitle) -> Iterator[_Key]:
    groups = ("movie", "show") if title.section is Section.ANIME else (_group(title.section),)
    for space, value in title.ids.items():
        if space in PER_KIND:
            yield from ((space, group, value) for group in groups)
        else:
            yield space, "", value
    if title.title and title.year:
        yield from (_title_key(group, title.title, title.year) for group in groups)


def _title_key(group: str, title: str, year: int) -> _Key:
    return "title", group, f"{folded(title)} ({year})"


def _group(section: Section) -> str:
    """Movies and shows are numbered apart; anime counts as shows (simkl-api.md 4.1)."""
    return "movie" if section is Section.MOVIES else "show"
