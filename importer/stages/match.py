"""Whether the account holds what a send asked for: by any shared id, or by title and year where none is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from importer.stages.join import folded
from importer.vocabulary import dates
from importer.vocabulary.ids import PER_KIND
from importer.vocabulary.sends import AccountTitle, Section, Send

_Key = tuple[str, str, str]


class AccountIndex:
    """The account's rated titles, to be found by what a send says of a title."""

    def __init__(self, titles: Iterable[AccountTitle]) -> None:
        self._titles: dict[_Key, list[AccountTitle]] = defaultdict(list)
        for title in titles:
            for key in _keys_of_title(title):
                self._titles[key].append(title)

    def find(self, send: Send) -> list[AccountTitle]:
        """The titles that share an id with `send`; those of the same title and year when none does."""
        found = [title for key in _id_keys_of_send(send) for title in self._titles.get(key, ())]
        if found or "title" not in send.item:
            return found
        return self._titles.get(_title_key(_group(send.section), send.item["title"], send.item["year"]), [])

    def holds(self, send: Send) -> bool:
        """Whether one of them has the rating that `send` asked for, and its date where it carries one."""
        return any(
            title.rating == send.item["rating"]
            and (
                not send.is_dated
                or (title.rated_at is not None and dates.iso_utc(title.rated_at) == send.item["rated_at"])
            )
            for title in self.find(send)
        )


def names_of(send: Send) -> list[str]:
    """What the title of `send` is known by, one text per id, or its title and year where it has no id."""
    keys = list(_id_keys_of_send(send))
    if not keys:
        keys = [_title_key(_group(send.section), send.item["title"], send.item["year"])]
    return [":".join(part for part in key if part) for key in keys]


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
