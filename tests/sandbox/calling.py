"""A caller that identifies itself and keeps the pace, for tests of the stand-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from importer.sandbox.app import SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import Fault
from tests.canary import TOKEN
from tests.clock import FakeClock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
IDENTITY = {"client_id": "app", "app-name": "tests", "app-version": "1"}
ALL = "1,2,3,4,5,6,7,8,9,10"


class Caller:
    """One app with its clock, called as a client that behaves: more than a second between its calls."""

    def __init__(self, faults: Sequence[Fault] = (), **switches: Any) -> None:
        self.clock = FakeClock(NOW)
        self.app = create_app(SandboxSettings(**switches), clock=self.clock, faults=faults)
        self.stage = backstage_of(self.app)
        self.gap_s = 1.1

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] = IDENTITY,
        token: str | None = TOKEN,
        **options: Any,
    ) -> TestResponse:
        """Make one call."""
        self.clock.advance(self.gap_s)
        headers = {"User-Agent": "tests/1"} | ({"Authorization": f"Bearer {token}"} if token else {})
        headers |= options.pop("headers", {})
        return self.app.test_client().open(path, method=method, query_string=params, headers=headers, **options)

    def get(self, path: str, **params: str) -> Any:
        """The body of a read, which must succeed."""
        response = self.call("GET", path, params=IDENTITY | params)
        assert response.status_code == 200, response.text
        return response.json

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The body of a write, which must be answered with `status`."""
        response = self.call("POST", path, json=body)
        assert response.status_code == status, response.text
        return response.json

    def rate(self, section: str, *items: Mapping[str, Any]) -> Any:
        """The reply to a request with one array."""
        return self.post("/sync/ratings", {section: list(items)})

    def finds(self, section: str, ids: Mapping[str, Any], **rest: Any) -> int | None:
        """The simkl number of the title that an item is found to mean, by rating it."""
        self.stage.database.execute("DELETE FROM library")
        self.rate(section, {"rating": 5, "ids": ids, **rest})
        found = self.stage.library()
        assert len(found) < 2
        return found[0].title.simkl if found else None
