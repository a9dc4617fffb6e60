"""Two rounds of posting: every title under its likelier kind, then, once, what was not found under the other one.

Exports hold mini-series among films, TV films among series, and anime films under western ids without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from importer.journal.journal import Journal
from importer.posting import PostLoop
from importer.report.progress import Progress
from importer.stages.plan import Sends
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Section, Send

_KINDS = {Section.MOVIES: "a movie", Section.SHOWS: "a show", Section.ANIME: "anime"}


def _oldest_first(item: tuple[int, Send]) -> tuple[bool, str, int]:
    """Dated before undated, and by date: should two rows land on one title unseen, the newest stays."""
    place, send = item
    return not send.is_dated, send.item.get("rated_at", ""), place


class TwoRounds:
    """The posting of one plan. What the journal knows as settled is not sent again."""

    def __init__(self, sends: Sends, journal: Journal, loop: PostLoop, progress: Progress) -> None:
        self._sends = sends
        self._journal = journal
        self._loop = loop
        self._progress = progress
        self._first = dict(sorted(sends.items(), key=_oldest_first))
        self._known = dict(journal.settled(send.key for send in self._first.values()))
        self._second: dict[str, Send] = {}

    def run(self) -> None:
        """Post both rounds. Raises what the post loop raises; what was settled until then counts."""
        self._post(self._first.values(), "Sending")
        for place, send in self._first.items():
            settled = self._settled(send.key)
            if settled and settled.fate is Fate.NOT_FOUND and (second := self._sends.second(place)):
                self._second[send.key] = second
        self._known.update(self._journal.settled(send.key for send in self._second.values()))
        self._post(self._second.values(), "Trying the other kind")

    def settlements(self) -> Mapping[str, Settlement]:
        """What became of every send of the plan that is settled, by its first key."""
        found: dict[str, Settlement] = {}
        for send in self._first.values():
            settled = self._final(send)
            if settled:
                found[send.key] = settled
        return found

    def _final(self, send: Send) -> Settlement | None:
        first, second = self._settled(send.key), self._second.get(send.key)
        if second is None:
            return first
        settled = self._settled(second.key)
        if settled is None:
            return None
        was, became = _KINDS[send.section], _KINDS[second.section]
        if settled.fate is Fate.CONFIRMED:
            return Settlement(Fate.CONFIRMED, f"not found as {was}, found as {became}")
        return Settlement(Fate.NOT_FOUND, f"neither found as {was} nor as {became}")

    def _settled(self, key: str) -> Settlement | None:
        return self._loop.settlements.get(key) or self._known.get(key)

    def _post(self, sends: Iterable[Send], label: str) -> None:
        waiting = [send for send in sends if send.key not in self._known]
        if waiting:
            self._progress.start(len(waiting), label)
            self._loop.run(waiting, self._journal.in_doubt(send.key for send in waiting))
