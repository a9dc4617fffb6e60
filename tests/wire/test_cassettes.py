"""The examples of the wire, replayed: what the client makes of each kind of reply."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from importer.simkl.answers import Accepted, Busy, Unclear
from importer.simkl.client import ADDRESS, Credentials
from importer.simkl.matching import verdicts
from importer.simkl.transport import Reply
from importer.simkl.wire import RatingsReply, parse
from importer.vocabulary.errors import ApiError, AuthError, Paused
from importer.vocabulary.sends import AccountTitle, Section, Verdict
from tests.clock import FakeClock
from tests.wire.account_scenarios import ALL_SCENARIOS
from tests.wire.record import main, record, recorder
from tests.wire.scenarios import (
    CANARY,
    CASSETTES,
    KNOWN,
    MIXED,
    NO_ANIME,
    NO_MOVIE,
    OUT_OF_RANGE,
    TERMINATOR,
    THRONES,
    Scenario,
    outcome,
)

BY_NAME = {scenario.name: scenario for scenario in ALL_SCENARIOS}
RATED_AT = datetime(2019, 5, 4, 10, tzinfo=UTC)
OTHERS = Credentials("other-client-id", "other-access-token")


def replay(name: str, folder: Path = CASSETTES) -> Any:
    """What comes of the scenario when the cassette answers; other credentials than the recorder's will do."""
    with recorder(OTHERS).use_cassette(str(folder / f"{name}.yaml"), record_mode="none") as tape:
        result = outcome(BY_NAME[name].act, ADDRESS, OTHERS, FakeClock())
        assert tape.all_played
    return result


def test_every_scenario_has_its_cassette_and_no_other_lies_about() -> None:
    """Neither a missing nor an orphaned one."""
    assert {path.name for path in CASSETTES.iterdir()} == {f"{name}.yaml" for name in BY_NAME}


def test_accepted() -> None:
    """Every send is confirmed by its status."""
    answer = replay("post_ratings_accepted")
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {send.key: Verdict.ACCEPTED for send in KNOWN}
    assert (answer.strays, '"anime":' in answer.raw) == (0, False)


def test_mixed() -> None:
    """The unknown movie and the unknown anime are told apart from the rest."""
    answer = replay("post_ratings_mixed")
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {
        TERMINATOR.key: Verdict.ACCEPTED,
        NO_MOVIE.key: Verdict.NOT_FOUND,
        THRONES.key: Verdict.ACCEPTED,
        NO_ANIME.key: Verdict.NOT_FOUND,
    }
    assert answer.strays == 0
    assert len(MIXED) == 4


def test_out_of_range_looks_like_not_found() -> None:
    """The title exists, yet the reply is that of an unknown one; hence the client never sends such a rating."""
    reply = replay("post_ratings_out_of_range")
    assert isinstance(reply, Reply)
    assert reply.status in (200, 201)
    found, strays = verdicts([OUT_OF_RANGE], RatingsReply.model_validate(parse(reply.body)))
    assert (found, strays) == ({OUT_OF_RANGE.key: Verdict.NOT_FOUND}, 0)


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("post_ratings_401", AuthError, r"no longer accepts the sign-in.*401 user_token_failed"),
        ("post_ratings_403", AuthError, r"may read but not write.*403 insufficient_scope"),
        ("post_ratings_412", ApiError, r"does not accept the client id \(412\)"),
        (
            "post_ratings_429_quota",
            Paused,
            r"for this account is used up\. Run the same .* after 2026-09-21 04:00:00 UTC",
        ),
    ],
)
def test_refusals_that_end_the_run(name: str, kind: type[Exception], sentence: str) -> None:
    """Each says what it is and what to do."""
    error = replay(name)
    assert type(error) is kind
    assert re.search(sentence, str(error))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("post_ratings_429_rate_limit", Busy(1.5, "Simkl asks for a slower pace")),
        ("post_ratings_400_lock", Busy(5.0, "another write to this account is still running")),
        ("post_ratings_500", Unclear("Simkl answered 500", should_shrink=True)),
    ],
)
def test_troubles_that_pass(name: str, answer: Any) -> None:
    """Each says whether the batch may have been applied and how long to wait."""
    assert replay(name) == answer


@pytest.mark.parametrize("name", ["get_ratings_empty", "get_ratings_null"])
def test_the_empty_account(name: str) -> None:
    """In both of its forms."""
    assert replay(name) == []


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        (
            "get_ratings_movies",
            {
                "Terminator 3: Rise of the Machines": (
                    8,
                    2003,
                    {"simkl": "53536", "imdb": "tt0181852", "tmdb": "296"},
                ),
                "The Matrix": (10, 1999, {"imdb": "tt0133093", "tmdb": "603"}),
            },
        ),
        ("get_ratings_shows", {"Game of Thrones": (9, 2011, {"imdb": "tt0944947", "tmdb": "1399"})}),
        ("get_ratings_anime", {"Attack on Titan Season 2": (7, 2017, {"mal": "25777", "anidb": "10944"})}),
    ],
)
def test_rated_titles(name: str, titles: dict[str, tuple[int, int, dict[str, str]]]) -> None:
    """Rating, date and every id that was sent come back."""
    found = {title.title: title for title in replay(name)}
    assert set(found) == set(titles)
    for wanted, (rating, year, ids) in titles.items():
        title = found[wanted]
        assert isinstance(title, AccountTitle)
        assert (title.rating, title.year, title.rated_at) == (rating, year, RATED_AT)
        assert ids.items() <= title.ids.items()
        assert title.section == Section(name.removeprefix("get_ratings_"))
        assert title.status in ("completed", "watching")


@pytest.mark.parametrize("scenario", ALL_SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_secret_is_on_tape(scenario: Scenario) -> None:
    """Neither a token, nor a client id, nor a header that could hold one."""
    text = (CASSETTES / f"{scenario.name}.yaml").read_text("utf-8").lower()
    for secret in (CANARY.access_token, CANARY.client_id, "canary", "simkl_at_", "simkl_rt_", "bearer simkl"):
        assert secret not in text
    for name in ("authorization:", "simkl-api-key", "cookie", "client_id=", "127.0.0.1"):
        assert name not in text
    assert not re.search(r"\b[0-9a-f]{64}\b", text), "a token of the first generation"


@pytest.mark.parametrize("scenario", ALL_SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_cassette_says_where_it_comes_from(scenario: Scenario) -> None:
    """Constructed or recorded, which part of the notes it mirrors, and how it is made anew."""
    first, second, third, _ = (CASSETTES / f"{scenario.name}.yaml").read_text("utf-8").split("\n", 3)
    assert re.match(
        r"# (Constructed against the sandbox, not recorded from Simkl|Recorded from the real service)\. ", first
    )
    assert f"simkl-api.md {scenario.cites}" in second
    assert third.startswith("# Written by: python -m tests.wire.record")


@pytest.mark.parametrize("name", ["post_ratings_mixed", "get_ratings_anime", "post_ratings_401"])
def test_a_cassette_can_be_made_anew(name: str, tmp_path: Path) -> None:
    """The recorder still works, hides what it must, and its tape plays to the same end as the one at hand."""
    text = record(BY_NAME[name], tmp_path, CANARY, real=False).read_text("utf-8")
    assert "canary" not in text
    assert "client_id=" not in text
    assert str(replay(name, tmp_path)) == str(replay(name))


def test_recording_for_real_needs_own_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of the service without them."""
    monkeypatch.delenv("RATEPORT_CLIENT_ID", raising=False)
    with pytest.raises(SystemExit, match="RATEPORT_CLIENT_ID"):
        main(["--real"])


def test_an_unknown_scenario_is_named() -> None:
    """A slip of the keyboard records nothing."""
    with pytest.raises(SystemExit, match="post_ratings_418"):
        main(["post_ratings_418"])
