"""Writes the cassettes: `python -m tests.wire.record [--real] [NAME...]`.

Without --real each exchange is constructed against the sandbox, served on loopback. With --real it is recorded
from the real service, as the account of RATEPORT_CLIENT_ID and RATEPORT_ACCESS_TOKEN. Use an account made for
this purpose: it is written to, and an account that holds ratings is refused. What cannot be provoked with good
manners (limits, locks, faults) keeps its constructed cassette. Secrets never reach a file.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import vcr
from vcr.request import Request

from importer.sandbox.app import create_app
from importer.sandbox.serving import serve
from importer.simkl.client import ADDRESS, Credentials, SimklClient
from importer.vocabulary.clock import SystemClock
from importer.vocabulary.sends import Section
from tests.clock import FakeClock
from tests.wire.account_scenarios import ALL_SCENARIOS
from tests.wire.scenarios import CANARY, CASSETTES, Scenario, outcome

KEPT_HEADERS = frozenset(
    {"content-type", "retry-after", "www-authenticate", "location", "x-ratelimit-limit", "x-ratelimit-remaining"}
)
HIDDEN = "HIDDEN"
SECRET_FIELDS = frozenset({"device_code", "refresh_token", "access_token", "token"})
SECRET_VALUES = re.compile(rb'("(?:device_code|refresh_token|access_token)"\s*:\s*)"[^"]*"')
CONSENT_PAGE = "https://simkl.com/pin"

Tape = dict[str, Any]


def recorder(credentials: Credentials, address: str = ADDRESS) -> vcr.VCR:
    """The one way cassettes are written and played: without secrets, as if all had come from the real address."""

    def as_from_simkl(request: Request) -> Request:
        request.uri = request.uri.replace(address, ADDRESS, 1)
        if "form" in str(request.headers.get("content-type", "")):
            request.body = _without_secrets(request.body)
        return request

    def scrubbed(response: Tape) -> Tape:
        kept = {name: values for name, values in response["headers"].items() if name.lower() in KEPT_HEADERS}
        body = response["body"]["string"]
        for secret in (credentials.client_id, credentials.access_token):
            body = body.replace(secret.encode(), HIDDEN.encode())
        body = SECRET_VALUES.sub(rb'\1"%s"' % HIDDEN.encode(), body)
        body = body.replace(f"{address}/pin".encode(), CONSENT_PAGE.encode())
        return {**response, "headers": kept, "body": {"string": body}}

    return vcr.VCR(
        filter_headers=[
            "authorization", "simkl-api-key", "cookie", "accept-encoding", "connection", "content-length",
            ("host", "api.simkl.com"), ("user-agent", "rateport"),
        ],
        filter_query_parameters=["client_id", ("app-version", "any")],
        before_record_request=as_from_simkl,
        before_record_response=scrubbed,
        decode_compressed_response=True,
        match_on=("method", "scheme", "host", "path", "body"),
    )  # fmt: skip


def _without_secrets(form: bytes) -> bytes:
    """The form as it may be kept: the app is left out, tokens and codes are hidden."""
    fields = [(name, value) for name, value in parse_qsl(form.decode()) if name != "client_id"]
    return urlencode([(name, HIDDEN if name in SECRET_FIELDS else value) for name, value in fields]).encode()


def record(scenario: Scenario, folder: Path, credentials: Credentials, *, real: bool) -> Path:
    """Write the cassette of `scenario` anew and return where."""
    path = folder / f"{scenario.name}.yaml"
    path.unlink(missing_ok=True)
    used = scenario.credentials or credentials
    with (
        _service(scenario, real=real) as address,
        recorder(used, address).use_cassette(str(path), record_mode="once"),
    ):
        outcome(scenario.act, address, used, SystemClock() if real else FakeClock())
    path.write_text(_header(scenario, real=real) + path.read_text("utf-8"), "utf-8")
    return path


@contextmanager
def _service(scenario: Scenario, *, real: bool) -> Iterator[str]:
    if real:
        yield ADDRESS
        return
    app = create_app(scenario.settings, clock=FakeClock(), faults=scenario.faults)
    with serve(app) as server:
        if scenario.before:
            with SimklClient(CANARY, base_url=server.url, clock=FakeClock()) as client:
                client.post_ratings(scenario.before)
        yield server.url


def _header(scenario: Scenario, *, real: bool) -> str:
    made = "Recorded from the real service" if real else "Constructed against the sandbox, not recorded from Simkl"
    page = " and the official page of POST /sync/ratings" if "_ratings" in scenario.name else ""
    command = f"python -m tests.wire.record{' --real' if real else ''} {scenario.name}"
    return (
        f"# {made}. Shows {scenario.shows}.\n"
        f"# Mirrors simkl-api.md {scenario.cites}{page}.\n"
        f"# Written by: {command}\n"
    )


def _own_credentials() -> Credentials:
    try:
        return Credentials(os.environ["RATEPORT_CLIENT_ID"], os.environ["RATEPORT_ACCESS_TOKEN"])
    except KeyError as error:
        raise SystemExit(f"--real needs {error.args[0]} in the environment.") from None


def _refuse_used_account(credentials: Credentials) -> None:
    with SimklClient(credentials, clock=SystemClock()) as client:
        if any(client.read_ratings(section) for section in Section):
            raise SystemExit("This account holds ratings. Record with an account made for the purpose.")


def main(words: list[str]) -> None:
    """Record the named scenarios, or all that can be."""
    real = "--real" in words
    names = [word for word in words if re.fullmatch(r"\w+", word)]
    unknown = set(words) - {"--real"} - {scenario.name for scenario in ALL_SCENARIOS}
    if unknown:
        raise SystemExit(
            f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(s.name for s in ALL_SCENARIOS)}."
        )
    credentials = _own_credentials() if real else CANARY
    if real:
        _refuse_used_account(credentials)
    for scenario in ALL_SCENARIOS:
        if (not names or scenario.name in names) and (scenario.can_be_real or not real):
            print(record(scenario, CASSETTES, credentials, real=real))
            SystemClock().sleep(1.2 if real else 0.0)  # each scenario starts with a gate of its own


if __name__ == "__main__":
    main(sys.argv[1:])
