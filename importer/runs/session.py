"""What a command on an account works with: the client, the journal, the clock, and who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from importer.journal.journal import Journal
from importer.report.progress import Progress, SilentProgress
from importer.runs.deeds import Deed, Word
from importer.runs.posting import GO_ON, STOPPED, PostLoop
from importer.services import Service
from importer.simkl.patience import Patience
from importer.simkl.quota import next_reset
from importer.vocabulary.clock import Clock, SystemClock
from importer.vocabulary.errors import Paused
from importer.vocabulary.sends import Send

if TYPE_CHECKING:
    from importer.simkl.client import SimklClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who watches a command, and what stands in for the world in tests.

    A person who asks to stop is heard at once, but for what is done `gently`: that is not broken off, and raises
    Paused at its end, or sooner where it asks `should_stop` or waits.
    """

    progress: Progress = field(default_factory=SilentProgress)
    should_stop: Callable[[], bool] = lambda: False
    gently: Callable[[], AbstractContextManager[None]] = nullcontext
    clock: Clock = field(default_factory=SystemClock)
    transport: Any = None


@dataclass(frozen=True, slots=True)
class Session:
    """One command at work on one account."""

    to: Service
    client: SimklClient
    journal: Journal
    watching: Watching
    patience: Patience

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.watching.clock

    @property
    def progress(self) -> Progress:
        """Where progress is told."""
        return self.watching.progress

    def loop(self, run: int, deed: Deed) -> PostLoop:
        """A post loop for one deed of a run."""
        return PostLoop(
            deed,
            self.journal.ledger(run, deed.word),
            clock=self.clock,
            feedback=self.progress,
            check=self.check,
            gently=self.watching.gently,
            patience=self.patience,
            last_post_at=self.journal.last_post_at(),
        )

    def sent(self, run: int) -> list[Send]:
        """The ratings and watches that a run has sent, whatever became of them."""
        return [send for word in (Word.RATE, Word.WATCH) for send in self.journal.ledger(run, word).sent()]

    def check(self) -> None:
        """Raise Paused where the next POST should not go out: the person asked to stop, or the day's requests are
        used up but for what other apps may need."""
        if self.watching.should_stop():
            raise Paused(STOPPED)
        quota = self.client.quota
        if quota is not None and not quota.free:
            back = f"{next_reset(self.clock.now()):%Y-%m-%d %H:%M} UTC"
            raise Paused(
                f"{quota.remaining} of today's {quota.limit} requests to Simkl are left, which stay for your other "
                f"apps. Simkl counts anew at {back}. {GO_ON}"
            )


@contextmanager
def session(to: Service, watching: Watching) -> Iterator[Session]:
    """A session with the account of `to`, its journal locked. Raises JournalError when another run has it."""
    from importer.simkl.client import SimklClient

    patience = Patience(watching.clock)
    with Journal(to.journal, to.account) as journal:
        client = SimklClient(
            to.credentials,
            base_url=to.base_url,
            clock=watching.clock,
            transport=watching.transport,
            wsgi_app=to.wsgi_app,
            renew=to.renew,
            last_post_at=journal.last_post_at(),
            last_get_at=watching.clock.now(),
            on_post=lambda: journal.mark_post(watching.clock.now()),
            in_flight=watching.gently,
            patience=patience,
        )
        try:
            with client:
                yield Session(to, client, journal, watching, patience)
        finally:
            watching.progress.close()
