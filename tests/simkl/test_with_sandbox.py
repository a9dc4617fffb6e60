"""The client against the stand-in, in process: verdicts are what the account then shows, and manners are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.sandbox.app import Fault, SandboxSettings, backstage_of, create_app
from importer.sandbox.faults import FaultKind
from importer.simkl.client import Accepted, Answer, Busy, Refused, SimklClient, Unclear
from importer.vocabulary.sends import Section, Send, Verdict
from tests.clock import FakeClock
from tests.simkl.service import CREDENTIALS, anime, movie, show

SENDS = [
    movie(8, ids={"imdb": "tt0137523", "tmdb": 550}),
    movie(10, title="The Matrix", year=1999),
    show(9, ids={"tmdb": 1399}),
    anime(7, ids={"mal": 25777}),
    movie(6, ids={"imdb": "tt9999999"}),
]
YES, NO, OPEN = Verdict.ACCEPTED, Verdict.NOT_FOUND, Verdict.UNKNOWN
STRICT = SandboxSettings(strict_catalogue=True)


def client_of(app: Flask, clock: FakeClock) -> SimklClient:
    """A client that reaches `app` without a socket."""
    return SimklClient(CREDENTIALS, clock=clock, wsgi_app=app, random=lambda: 0.5)


def answer_under(fault: Fault, switches: SandboxSettings = STRICT) -> Answer:
    """What the client makes of one POST that `fault` hits."""
    clock = FakeClock()
    return client_of(create_app(switches, clock=clock, faults=[fault]), clock).post_ratings(SENDS)


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize(
    ("kind", "extra", "should_shrink"),
    [
        (FaultKind.CUT, {}, False),
        (FaultKind.TIMEOUT, {"seconds": 60.0}, True),
        (FaultKind.HTML, {}, False),
        (FaultKind.HTML, {"status": 502}, True),
        (FaultKind.EMPTY, {}, False),
        (FaultKind.TRUNCATED, {}, False),
        (FaultKind.STATUS, {"status": 500}, True),
        (FaultKind.STATUS, {"status": 520}, True),
    ],
)
def test_a_reply_that_tells_nothing_is_unclear(
    kind: FaultKind, extra: dict[str, Any], should_shrink: bool, applied: bool
) -> None:
    """Whether the stand-in stored the batch or not cannot be seen, and is not guessed."""
    answer = answer_under(Fault(kind=kind, applied=applied, **extra))
    assert isinstance(answer, Unclear)
    assert answer.should_shrink is should_shrink


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.SLOW, [YES, YES, YES, YES, NO]),
        (FaultKind.DUPLICATED, [YES, YES, YES, YES, NO]),
        (FaultKind.WRONG_COUNTS, [YES, YES, YES, YES, NO]),
        (FaultKind.MISSING, [OPEN, YES, OPEN, YES, NO]),
        (FaultKind.CONTRADICTED, [OPEN, YES, YES, YES, NO]),
        (FaultKind.WITHOUT_IDS, [OPEN, YES, OPEN, OPEN, NO]),
    ],
)
def test_a_distorted_reply_gives_what_it_proves(kind: FaultKind, expected: list[Verdict]) -> None:
    """What stands in it clearly is believed, the rest stays open."""
    answer = answer_under(Fault(kind=kind, seconds=5.0))
    assert isinstance(answer, Accepted)
    assert [answer.verdicts[send.key] for send in SENDS] == expected


@pytest.mark.parametrize("string_ids", [False, True])
@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("status", [200, 201])
def test_the_variants_of_the_reply_mean_the_same(string_ids: bool, shuffled: bool, bare: bool, status: int) -> None:
    """Order, types of ids, types in the reply and the status itself are left open by the notes."""
    switches = SandboxSettings(
        strict_catalogue=True,
        string_ids_in_echo=string_ids,
        shuffle_statuses=shuffled,
        bare_response=bare,
        type_in_echo=bare,
        write_status=status,
    )
    clock = FakeClock()
    answer = client_of(create_app(switches, clock=clock), clock).post_ratings(SENDS)
    assert isinstance(answer, Accepted)
    assert [answer.verdicts[send.key] for send in SENDS] == [YES, YES, YES, YES, NO]


def test_a_body_beyond_the_limit_and_a_bad_date_are_refused() -> None:
    """The one asks for smaller batches, the other for a hunt for the row."""
    clock = FakeClock()
    small = SandboxSettings(strict_catalogue=True, largest_body=100)
    assert client_of(create_app(small, clock=clock), clock).post_ratings(SENDS) == Refused(413, "", False)
    answer = answer_under(Fault(kind=FaultKind.STATUS, status=400, error="wrong_parameter"))
    assert answer == Refused(400, "wrong_parameter", True)


def test_the_lock_is_told_from_a_refusal() -> None:
    """In both of its spellings."""
    for spelling in ("RATE_LIMIT", "rate_limit"):
        answer = answer_under(Fault(kind=FaultKind.STATUS, status=400, error=spelling))
        assert isinstance(answer, Busy)


def test_a_long_run_keeps_every_limit() -> None:
    """Three hundred POSTs with reads between them, across three processes, and nothing to complain of."""
    clock = FakeClock()
    app = create_app(STRICT, clock=clock)
    marks: list[datetime] = []
    for _ in range(3):
        client = SimklClient(
            CREDENTIALS,
            clock=clock,
            wsgi_app=app,
            last_post_at=marks[-1] if marks else None,
            on_post=lambda: marks.append(clock.now()),
        )
        for _ in range(100):
            assert isinstance(client.post_ratings(SENDS), Accepted)
        for section in [*Section] * 10:
            client.read_ratings(section)
    stage = backstage_of(app)
    assert stage.violations == []
    assert len(stage.calls) == 390
    assert clock.steady() < 300 * 1.11 + 90 * 0.11


sends = st.lists(
    st.builds(
        lambda section, rating, ids: Send(section, {"rating": rating, "ids": ids}),
        st.sampled_from(Section),
        st.integers(1, 10),
        st.dictionaries(st.sampled_from(["tmdb", "tvdb", "mal"]), st.integers(1, 30), min_size=1),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda send: send.key,
)


@settings(max_examples=60, deadline=None)
@given(sends, st.booleans(), st.booleans())
def test_what_is_said_to_be_accepted_is_in_the_account(batch: list[Send], strings: bool, bare: bool) -> None:
    """An open catalogue, colliding ids, shuffled replies: every ACCEPTED was stored, every NOT_FOUND was not."""
    clock = FakeClock()
    app = create_app(
        SandboxSettings(shuffle_statuses=True, string_ids_in_echo=strings, bare_response=bare), clock=clock
    )
    answer = client_of(app, clock).post_ratings(batch)
    assert isinstance(answer, Accepted)
    assert answer.strays == 0
    backstage = backstage_of(app)
    for send in batch:
        title = backstage.catalogue.resolve(send.section, send.item)
        if answer.verdicts[send.key] is Verdict.ACCEPTED:
            assert title is not None
            assert title.simkl in {entry.title.simkl for entry in backstage.library()}
        if answer.verdicts[send.key] is Verdict.NOT_FOUND:
            assert title is None
