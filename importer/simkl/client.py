"""The client: what can be asked of one account, each question with its request and its typed answer.

How a request travels and when it is repeated is decided in `exchange`; what a reply holds, in `account`, `profile`,
`writes` and `lookups`.
"""

from __future__ import annotations

import random as _random
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Self

import httpx

from importer.simkl import account, lookups, profile, wire, writes
from importer.simkl.answers import Accepted, Answer, Busy, Refused, Unclear, Unreachable
from importer.simkl.credentials import AppId, Credentials
from importer.simkl.exchange import Line, Requests, Watch
from importer.simkl.judge import Good
from importer.simkl.lookups import Candidate, Details, Score, Target
from importer.simkl.patience import Patience
from importer.simkl.profile import Activities, Profile
from importer.simkl.quota import Quota
from importer.simkl.transport import Http, Reply, wsgi_transport
from importer.vocabulary.clock import Clock
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import AccountTitle, Section, Send

__all__ = [
    "Accepted",
    "Activities",
    "Answer",
    "Busy",
    "Candidate",
    "Credentials",
    "Details",
    "Profile",
    "Quota",
    "Refused",
    "Requests",
    "Score",
    "SimklClient",
    "Target",
    "Unclear",
    "Unreachable",
]

ADDRESS = "https://api.simkl.com"  # simkl-api.md 1


class SimklClient:
    """One account at one service address. Not for several threads: the service wants one request at a time.

    With an `AppId` there is no account: every request goes without a token, which some lookups allow.
    `last_post_at` is when an earlier process last posted, `last_get_at` when it may last have read, and `on_post`
    marks the moment of a POST for the next one; each request is made within `in_flight`, and repeated as long as
    the `patience` of the run lasts;
    `on_wait` is told of each wait before a read is repeated. `renew` is given the access token that the service
    no longer takes and gives a fresh one, or None; it is asked once for each request that fails so.
    """

    def __init__(
        self,
        credentials: Credentials | AppId,
        *,
        base_url: str = ADDRESS,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        wsgi_app: Any | None = None,
        last_post_at: datetime | None = None,
        last_get_at: datetime | None = None,
        on_post: Callable[[], None] | None = None,
        on_wait: Callable[[float, str], None] | None = None,
        renew: Callable[[str], str | None] | None = None,
        in_flight: Callable[[], AbstractContextManager[None]] = nullcontext,
        patience: Patience | None = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._http = Http(credentials, base_url, clock, transport if wsgi_app is None else wsgi_transport(wsgi_app))
        self._line = Line(
            self._http,
            clock,
            watch=Watch(on_post=on_post, on_wait=on_wait, renew=renew, in_flight=in_flight),
            patience=patience or Patience(clock),
            last_post_at=last_post_at,
            last_get_at=last_get_at,
            random=random,
        )
        self.requests = self._line.requests
        self.strays = 0
        """Entries in the replies to writes that match nothing that was sent."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connection back."""
        self._http.close()

    @property
    def quota(self) -> Quota | None:
        """What the last reply that spoke of it said of the day's requests."""
        return self._line.quota

    # --- writes: one try each -------------------------------------------------------------------------

    def post_ratings(self, sends: Sequence[Send]) -> Answer:
        """One try at one batch; `on_post` runs between the wait for its turn and the request itself."""
        return self._write("/sync/ratings", wire.request_body(sends), sends, writes.ratings_verdicts)

    def remove_ratings(self, sends: Sequence[Send]) -> Answer:
        """One try at clearing the ratings of `sends`, whatever rating they name; the titles stay on their lists."""
        return self._write("/sync/ratings/remove", wire.removal_body(sends), sends, writes.removal_verdicts)

    def remove_from_library(self, sends: Sequence[Send]) -> Answer:
        """One try at taking titles out of the account, with their ratings and all that was watched of them."""
        return self._write("/sync/history/remove", wire.ids_body(sends), sends, writes.removal_verdicts)

    def add_to_list(self, sends: Sequence[Send]) -> Answer:
        """One try at moving titles: each item names its list as `to`."""
        return self._write("/sync/add-to-list", wire.list_body(sends), sends, writes.list_verdicts)

    def post_history(self, sends: Sequence[Send]) -> Answer:
        """One try at marking movies as watched: each item has its `watched_at`, for it would be today without."""
        return self._write("/sync/history", wire.history_body(sends), sends, writes.ratings_verdicts)

    def _write(self, path: str, body: bytes, sends: Sequence[Send], verdicts_in: writes.Reading) -> Answer:
        answer = self._line.post(path, body)
        if not isinstance(answer, Good):
            return answer
        try:
            verdicts, strays = verdicts_in(sends, answer.document)
        except ValueError:
            return Unclear("Simkl's reply does not have the documented form", should_shrink=False)
        self.strays += strays
        return Accepted(verdicts, answer.body.decode(), strays)

    # --- the account: asked for again where the trouble can pass --------------------------------------

    def read_ratings(self, section: Section, ratings: Collection[int] = account.RATINGS) -> list[AccountTitle]:
        """The titles of one section with one of `ratings`, asked for again where the trouble can pass."""
        titles = account.rated_titles(section, self._read(account.ratings_path(section, ratings)))
        return [title for title in titles if title.rating in ratings]

    def read_everything(self) -> tuple[list[AccountTitle], Mapping[str, Any]]:
        """Every title of the account with its list, and the rows by section as the service writes them. For a first
        use or a backup, never on a timer (simkl-api.md 6.2)."""
        document = self._read(account.LIBRARY)
        return account.changed_titles(document), account.rows_by_section(document)

    def library_delta(self, date_from: datetime) -> list[AccountTitle]:
        """What changed at `date_from` or later, in all sections; what was removed does not show."""
        return account.changed_titles(self._read(account.LIBRARY, account.delta_params(date_from)))

    def activities(self) -> Activities:
        """When what of the account last changed."""
        return profile.read_activities(self._read("/sync/activities"))

    def settings(self) -> Profile:
        """Whose account it is, and what is left of the day's requests where the service says so."""
        answer = self._line.read(profile.SETTINGS, telling=profile.WANTS_POST)
        if isinstance(answer, Reply):
            answer = self._line.read(profile.SETTINGS, method="POST")
        assert isinstance(answer, Good)
        return profile.read_profile(answer.document, answer.headers)

    # --- the catalogue --------------------------------------------------------------------------------

    def redirect(self, space: str, id: str, kind: Kind) -> Target | None:
        """What `id` names at Simkl, or None. Not for whole libraries: each costs one request of the day."""
        answer = self._line.read("/redirect", lookups.redirect_params(space, id, kind), telling=lookups.REDIRECTS)
        return lookups.read_target(answer, self._http.origin)

    def details(self, section: Section, simkl_id: str) -> Details | None:
        """The catalogue's record, or None where there is none. Asked for without the token, which would pass
        the cache by (simkl-api.md 1)."""
        answer = self._read(lookups.details_path(section, simkl_id), is_signed=False)
        return lookups.read_details(section, answer)

    def search(self, section: Section, text: str) -> list[Candidate]:
        """Titles that may be meant by `text`, best first as the service sorts them."""
        return lookups.read_candidates(
            section, self._read(lookups.search_path(section), lookups.search_params(text))
        )

    def _read(self, path: str, params: dict[str, str] | None = None, *, is_signed: bool = True) -> Any:
        answer = self._line.read(path, params, is_signed=is_signed)
        assert isinstance(answer, Good)  # no status was named as telling
        return answer.document
