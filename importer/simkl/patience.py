"""How long a run bears a service that gives no clean answer, over all that it asks, reads and writes alike."""

from __future__ import annotations

from importer.vocabulary.clock import Clock

LONGEST_TROUBLE_S = 780.0  # with the try that follows the last wait less than 15 minutes (ecosystem.md 2.3, P5)


class Patience:
    """One for a whole run: each deed and read that has trouble uses up the same quarter of an hour.

    A clean write shows that the service is well; a clean read does so only where reads alone had trouble.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._troubled_since: dict[str, float] = {}

    def trouble(self, method: str, asked_at: float) -> None:
        """A request that went out at `asked_at`, on the steady clock, had no clean answer."""
        self._troubled_since.setdefault(method, asked_at)

    def clean(self, method: str) -> None:
        """A request had one."""
        if method == "POST":
            self._troubled_since.clear()
        else:
            self._troubled_since.pop(method, None)

    def is_over(self, wait_s: float = 0.0) -> bool:
        """Whether it would be used up after another wait of `wait_s`."""
        since = min(self._troubled_since.values(), default=None)
        return since is not None and self._clock.steady() + wait_s - since > LONGEST_TROUBLE_S
