"""The post loop: waiting sends -> settled sends, one POST at a time, whatever the service answers.

Intent goes into the journal before each POST, the verdicts after it. What is unclear is settled by reading
the account back; what may be repeated, because doing it twice changes nothing, is also repeated. A batch that
the service keeps refusing is halved until the row that it chokes on stands alone; of two halves that are refused,
one is searched to its end first, so that every row which is fine soon shows that the service is up.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol

from importer.journal.ledger import Ledger
from importer.runs.deeds import Deed
from importer.simkl.answers import Accepted, Busy, Refused, Unclear, Unreachable
from importer.simkl.patience import Patience
from importer.stages.chunk import BatchSize, next_batch
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import ApiError, Paused, Unreadable
from importer.vocabulary.sends import Send, Verdict

TOO_LARGE = 413
TRIES = 3  # of one batch as it is, before it is halved
BUSY_TRIES = 8
TROUBLE_LIMIT = 12  # answers in a row without a clean one: the service is down, not one row bad
READ_DELAY_S = 2.0  # simkl-api.md 13.22
LONGEST_WRITE_S = 20.0  # how long Simkl may still be at a write whose client is gone (simkl-api.md 3.3)
LONGEST_BACKOFF_S = 16.0  # simkl-api.md 3.5

GO_ON = "Everything so far is saved; run the same command again, or rateport resume, to go on."
STOPPED = f"Stopped as you asked. {GO_ON}"


class Feedback(Protocol):
    """Who watches."""

    def advance(self, count: int) -> None:
        """So many more sends are settled."""
        ...

    def note(self, text: str) -> None:
        """Something worth saying happened."""
        ...


class PostLoop:
    """The posting of one deed in one run. `settlements` grows as verdicts come in and is complete when `run`
    returns; `check` raises Paused where the next POST should not go out; nothing done `gently` is broken off;
    `patience` is that of the whole run; `last_post_at` is when an earlier process last posted."""

    def __init__(
        self,
        deed: Deed,
        ledger: Ledger,
        *,
        clock: Clock,
        feedback: Feedback,
        check: Callable[[], None] = lambda: None,
        gently: Callable[[], AbstractContextManager[None]] = nullcontext,
        patience: Patience | None = None,
        last_post_at: datetime | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.settlements: dict[str, Settlement] = {}
        self._deed = deed
        self._ledger = ledger
        self._clock = clock
        self._feedback = feedback
        self._check = check
        self._gently = gently
        self._patience = patience or Patience(clock)
        self._last_post_at = last_post_at
        self._jitter = jitter
        self._size = BatchSize()
        self._trouble = 0
        self._refused = 0  # rows refused one after the other
        self._posted_at = clock.steady()
        self._suspects: list[tuple[list[Send], ...]] = []  # halves, those that are searched next last
        self._unknown: list[tuple[int, Send]] = []
        self._doubtful: set[str] = set()  # sends that a POST without a clear answer may have applied

    def run(self, sends: Sequence[Send], in_doubt: Iterable[str] = ()) -> None:
        """Settle every send. `in_doubt` are keys that an earlier, killed run may have applied.

        Raises Paused (state is saved), AuthError, ApiError, JournalError.
        """
        with self._gently():
            self._deliver_all(self._without_applied(list(sends), set(in_doubt)))
            self._settle_unknown()

    def look_back(self, sends: Sequence[Send]) -> None:
        """Settle sends that a killed run may have applied and that are not wanted any more, by reading only."""
        with self._gently():
            number = self._ledger.intend(sends, self._clock.now())
            lost = self._record_what_arrived(number, sends)
            self._record(number, {send.key: Settlement(Fate.UNCONFIRMED) for send in lost}, None)

    def _deliver_all(self, waiting: list[Send]) -> None:
        while batch := next_batch(waiting, self._size):
            waiting = waiting[len(batch) :]
            self._deliver(batch)
        while self._suspects:
            for half in self._suspects.pop():
                if len(half) > self._size.ceiling:
                    self._halve(half)
                else:
                    self._deliver(half, is_suspect=True)

    # --- one batch ------------------------------------------------------------------------------------

    def _deliver(self, batch: list[Send], *, is_suspect: bool = False) -> None:
        self._check()
        number = self._ledger.intend(batch, self._clock.now())
        tries = busy = 0
        while True:
            self._posted_at = self._clock.steady()
            answer = self._deed.post(batch)
            if not isinstance(answer, Accepted):
                self._patience.trouble("POST", self._posted_at)
            match answer:
                case Accepted():
                    self._take(number, batch, answer, self._clock.steady() - self._posted_at)
                    return
                case Busy(wait_s=wait_s, reason=reason):
                    busy += 1
                    if busy > BUSY_TRIES:
                        self._ledger.release(send.key for send in batch)
                        raise Paused(f"Simkl stays busy ({reason}). {GO_ON}")
                    self._stop_if_hopeless(reason, wait_s)
                    self._clock.sleep(wait_s)
                case Unreachable(reason=reason):
                    tries += 1
                    if tries > TRIES:
                        self._ledger.release(send.key for send in batch)
                        raise Paused(f"Simkl cannot be reached ({reason}). {GO_ON}")
                    self._back_off(tries)
                case Refused():
                    self._isolate(number, batch, answer)
                    return
                case Unclear():
                    tries += 1
                    self._doubtful.update(send.key for send in batch)
                    if self._gives_up(batch, answer, tries, is_suspect):
                        self._set_aside(number, batch, answer)
                        return
                    self._stop_if_hopeless(answer.reason, answer.wait_s)
                    self._back_off(tries, answer.wait_s)
            self._check()

    def _take(self, number: int, batch: Sequence[Send], answer: Accepted, seconds: float) -> None:
        self._trouble = self._refused = 0
        self._patience.clean("POST")
        self._size = self._size.after_success(seconds)
        done: dict[str, Settlement] = {}
        for send in batch:
            match answer.verdicts.get(send.key, Verdict.UNKNOWN):
                case Verdict.ACCEPTED:
                    done[send.key] = Settlement(Fate.CONFIRMED)
                case Verdict.NOT_FOUND:
                    done[send.key] = Settlement(Fate.NOT_FOUND)
                case Verdict.UNKNOWN:
                    self._unknown.append((number, send))
        self._record(number, done, answer.raw)
        if answer.strays:
            self._feedback.note(f"Answers of Simkl that match nothing that was sent: {answer.strays:,}.")

    def _isolate(self, number: int, batch: list[Send], answer: Refused) -> None:
        """A refusal: nothing of this POST was applied; halve it, or name the row that stands alone, unless an
        earlier POST without a clear answer has applied it."""
        self._trouble += 1
        self._ledger.release(send.key for send in batch if send.key not in self._doubtful)
        if len(batch) == 1 and answer.may_be_one_row:
            if batch[0].key in self._doubtful and not self._record_what_arrived(number, batch):
                return
            refused = Settlement(Fate.REFUSED, f"HTTP {answer.status} {answer.error}")
            self._record(number, {batch[0].key: refused}, None)
            self._trouble = 0
            self._refused += 1
            if self._refused >= TROUBLE_LIMIT:
                raise ApiError(
                    f"Simkl refuses one rating after the other: HTTP {answer.status} {answer.error}. "
                    "Look for a newer rateport."
                )
            return
        self._stop_if_hopeless(f"HTTP {answer.status} {answer.error}")
        if len(batch) == 1:
            raise ApiError(f"Simkl refuses even a single rating: HTTP {answer.status} {answer.error}.")
        is_too_large = answer.status == TOO_LARGE
        self._size = self._size.after_too_large(len(batch)) if is_too_large else self._size.after_trouble()
        self._halve(batch)

    def _gives_up(self, batch: Sequence[Send], answer: Unclear, tries: int, is_suspect: bool) -> bool:
        """Whether to stop repeating this batch as it is; only what is repeatable may be, blindly."""
        self._trouble += 1
        if not all(map(self._deed.is_repeatable, batch)):
            return True
        if len(batch) == 1:
            return tries >= TRIES
        return is_suspect or tries >= (2 if answer.should_shrink else TRIES)

    def _set_aside(self, number: int, batch: list[Send], answer: Unclear) -> None:
        """Take the batch up again in halves; what must not be repeated blindly is looked up first."""
        self._stop_if_hopeless(answer.reason, answer.wait_s)
        if answer.should_shrink:
            self._size = self._size.after_trouble()
        self._back_off(1, answer.wait_s)
        if len(batch) > 1 and all(map(self._deed.is_repeatable, batch)):
            self._halve(batch)
            return
        since_s = self._clock.steady() - self._posted_at  # what was cut off may be applied still
        self._clock.sleep(max(0.0, LONGEST_WRITE_S - since_s))
        missing = self._record_what_arrived(number, batch)
        self._ledger.release(send.key for send in missing)
        if len(missing) == 1 and self._trouble >= TRIES:
            self._give_up_on(number, missing[0], answer)
        elif missing:
            self._halve(missing)

    def _give_up_on(self, number: int, send: Send, answer: Unclear) -> None:
        """One rating alone keeps failing: its own fault where others passed, else the service's."""
        if not (self.settlements or self._ledger.settled()):
            raise Paused(f"Simkl keeps failing ({answer.reason}). {GO_ON}")
        self._record(number, {send.key: Settlement(Fate.REFUSED, answer.reason)}, None)

    def _halve(self, batch: list[Send]) -> None:
        middle = (len(batch) + 1) // 2
        self._suspects.append(tuple(part for part in (batch[:middle], batch[middle:]) if part))

    def _stop_if_hopeless(self, reason: str, wait_s: float = 0.0) -> None:
        if self._trouble >= TROUBLE_LIMIT or self._patience.is_over(wait_s):
            raise Paused(f"Simkl keeps failing ({reason}). {GO_ON}")

    # --- what is unclear ------------------------------------------------------------------------------

    def _without_applied(self, sends: list[Send], in_doubt: set[str]) -> list[Send]:
        """`sends` less those that a killed run has applied; what is repeatable is simply sent again."""
        doubtful = [send for send in sends if send.key in in_doubt and not self._deed.is_repeatable(send)]
        if not doubtful:
            return sends
        self._feedback.note("The last run was cut off; reading the account back before going on.")
        self._outlast_the_last_write()
        number = self._ledger.intend(doubtful, self._clock.now())
        self._record_what_arrived(number, doubtful)
        return [send for send in sends if send.key not in self.settlements]

    def _outlast_the_last_write(self) -> None:
        """What a killed run has sent may be applied only after a look at the account that comes too early."""
        if self._last_post_at is not None:
            since = max(0.0, (self._clock.now() - self._last_post_at).total_seconds())
            self._clock.sleep(max(0.0, LONGEST_WRITE_S - since))

    def _settle_unknown(self) -> None:
        """Sends that a clean reply left unclear: read back, send what is missing once more, read back."""
        if not self._unknown:
            return
        unknown, self._unknown = self._unknown, []
        self._clock.sleep(READ_DELAY_S)
        missing = self._record_what_arrived(unknown[0][0], [send for _, send in unknown])
        self._deliver_all(missing)
        still, self._unknown = self._unknown, []
        if still:
            self._clock.sleep(READ_DELAY_S)
            lost = self._record_what_arrived(still[0][0], [send for _, send in still])
            self._record(still[0][0], {send.key: Settlement(Fate.UNCONFIRMED) for send in lost}, None)

    def _record_what_arrived(self, number: int, sends: Sequence[Send]) -> list[Send]:
        """Confirm the sends that the account holds, and return the others.

        Raises Paused where it cannot be read for now, ApiError where it refuses to be read.
        """
        try:
            arrived = self._deed.done_among(sends)
        except Unreadable as error:
            raise Paused(f"The account could not be read back ({error}). {GO_ON}") from None
        seen = Settlement(Fate.CONFIRMED, "seen on reading back")
        self._record(number, {send.key: seen for send in sends if send.key in arrived}, None)
        return [send for send in sends if send.key not in self.settlements]

    # --- small things ---------------------------------------------------------------------------------

    def _record(self, number: int, done: Mapping[str, Settlement], reply: str | None) -> None:
        self._ledger.settle(number, done, reply, self._clock.now())
        self.settlements.update(done)
        self._feedback.advance(len(done))

    def _back_off(self, tries: int, at_least_s: float = 0.0) -> None:
        longest = min(2.0 ** (tries - 1), LONGEST_BACKOFF_S)
        self._clock.sleep(max(longest * (0.5 + self._jitter() / 2), at_least_s))
