"""Two rounds of posting: every title under its likelier kind, then, once, what was not found under the other one.

Exports hold mini-series among films, TV films among series, and anime films under western ids without saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from importer.journal.ledger import Ledger
from importer.report.progress import Progress
from importer.runs.posting import PostLoop
from importer.stages.difference import Rules, Standing
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import Section, Send

_KINDS = {Section.MOVIES: "a movie", Section.SHOWS: "a show", Section.ANIME: "anime"}


class TwoRounds:
    """The posting of `sends`, by the place of their rows, in the order of `rules`.

    `second` gives the send to try when the first is not found, `standings` how such sends stand to the account and
    to what was confirmed until then; `unknown` are sends that the service did not know lately, which are not sent
    again.
    """

    def __init__(
        self,
        sends: Mapping[int, Send],
        *,
        rules: Rules,
        second: Callable[[int], Send | None],
        standings: Callable[[Mapping[int, Send], Mapping[int, Send]], Mapping[int, Standing]],
        unknown: Mapping[str, Settlement],
        ledger: Ledger,
        loop: PostLoop,
        progress: Progress,
    ) -> None:
        self._first = rules.in_order(sends)
        self._to_try = second
        self._standings = standings
        self._ledger = ledger
        self._loop = loop
        self._progress = progress
        self._known = {**unknown, **ledger.settled()}
        self._second: dict[str, Send] = {}

    def run(self) -> None:
        """Post both rounds. Raises what the post loop raises; what was settled until then counts."""
        self._post(self._first.values(), "Sending")
        self._find_second()
        self._post(self._second.values(), "Trying the other kind")

    def settlements(self) -> Mapping[str, Settlement]:
        """What became of every send that is settled, by its first key."""
        found = {send.key: self._final(send) for send in self._first.values()}
        return {key: settled for key, settled in found.items() if settled is not None}

    def confirmed(self) -> dict[int, Send]:
        """The sends that arrived, in the form in which they did."""
        tried = {place: self._second.get(send.key, send) for place, send in self._first.items()}
        return {
            place: send
            for place, send in tried.items()
            if (settled := self._settled(send.key)) and settled.fate is Fate.CONFIRMED
        }

    def _find_second(self) -> None:
        seconds = {
            place: second
            for place, send in self._first.items()
            if (settled := self._settled(send.key)) and settled.fate is Fate.NOT_FOUND
            if (second := self._to_try(place))
        }
        for place, standing in self._standings(seconds, self.confirmed()).items():
            second = seconds[place]
            self._second[self._first[place].key] = second
            if not standing.goes and second.key not in self._known:
                self._known[second.key] = standing.settlement

    def _final(self, send: Send) -> Settlement | None:
        first, second = self._settled(send.key), self._second.get(send.key)
        if second is None:
            return first
        settled = self._settled(second.key)
        if settled is None:
            return None
        was, became = _KINDS[send.section], _KINDS[second.section]
        if settled.fate is Fate.NOT_FOUND:
            return Settlement(Fate.NOT_FOUND, f"neither found as {was} nor as {became}")
        tried = "tried" if settled.fate in (Fate.REFUSED, Fate.UNCONFIRMED) else "found"
        note = f"not found as {was}, {tried} as {became}"
        return Settlement(settled.fate, "; ".join(filter(None, (note, settled.detail))))

    def _settled(self, key: str) -> Settlement | None:
        return self._loop.settlements.get(key) or self._known.get(key)

    def _post(self, sends: Iterable[Send], label: str) -> None:
        waiting = [send for send in sends if send.key not in self._known]
        if waiting:
            self._progress.start(len(waiting), label)
            self._loop.run(waiting, self._ledger.in_doubt() & {send.key for send in waiting})
