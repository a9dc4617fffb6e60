"""The examples of the wire beyond ratings, replayed: what the client makes of each kind of reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from importer.simkl.answers import Accepted
from importer.simkl.client import Quota, Target
from importer.simkl.judge import error_of
from importer.simkl.tokens import Generation
from importer.vocabulary.errors import AuthError
from importer.vocabulary.sends import Section, Verdict
from tests.clock import START
from tests.wire.account_scenarios import MOVES, TO_HOLD, TO_NOWHERE, TO_PLAN, WATCHED, WATCHED_NOTHING
from tests.wire.record import record
from tests.wire.scenarios import CANARY, NO_ANIME, NO_MOVIE, TERMINATOR, THRONES
from tests.wire.test_cassettes import BY_NAME, replay


def test_the_device_flow() -> None:
    """A newer app: two tokens that last a week, with the scope for both."""
    grant = replay("sign_in_device")
    assert (grant.generation, grant.scope) == (Generation.V2, "media:read media:write")
    assert (grant.access_token, grant.refresh_token) == ("HIDDEN", "HIDDEN")
    assert grant.expires_at == START + timedelta(days=7, seconds=5)


def test_the_pin_flow() -> None:
    """An older app: one token without an end, after the device endpoint has refused."""
    grant = replay("sign_in_pin")
    assert (grant.generation, grant.access_token, grant.refresh_token) == (Generation.V1, "HIDDEN", None)


def test_a_code_that_nobody_entered() -> None:
    """An error by its status, patience by its name."""
    reply = replay("sign_in_pending")
    assert (reply.status, error_of(reply.body)) == (400, "authorization_pending")


def test_a_renewal() -> None:
    """As long-lived as a new sign-in."""
    grant = replay("renewal")
    assert (grant.generation, grant.refresh_token) == (Generation.V2, "HIDDEN")
    assert grant.expires_at is not None


def test_a_renewal_that_comes_too_late() -> None:
    """The person has to sign in again."""
    error = replay("renewal_ended")
    assert isinstance(error, AuthError)
    assert "Sign in again" in str(error)


def test_a_revocation() -> None:
    """It arrived, which is all that can be known."""
    assert replay("revocation") is True


def test_the_owner() -> None:
    """Number, name, type and what is left of the day."""
    profile = replay("get_settings")
    assert (profile.id, profile.name, profile.type) == ("1", "sandbox", "free")
    assert profile.quota == Quota(500, 499)


def test_the_library() -> None:
    """With the list that each title is on."""
    titles, rows = replay("get_library")
    assert {(title.section, title.title): (title.rating, title.status) for title in titles} == {
        (Section.MOVIES, "Terminator 3: Rise of the Machines"): (8, "completed"),
        (Section.MOVIES, "The Matrix"): (10, "completed"),
        (Section.SHOWS, "Game of Thrones"): (9, "watching"),
        (Section.ANIME, "Attack on Titan Season 2"): (7, "watching"),
    }
    assert titles[-1].ids["mal"] == "25777"
    assert {section: len(found) for section, found in rows.items()} == {"movies": 2, "shows": 1, "anime": 1}


def test_a_delta() -> None:
    """Titles of every section, told apart by it."""
    assert {(title.section, title.title) for title in replay("get_library_delta")} == {
        (Section.MOVIES, "Terminator 3: Rise of the Machines"),
        (Section.MOVIES, "The Matrix"),
        (Section.SHOWS, "Game of Thrones"),
        (Section.ANIME, "Attack on Titan Season 2"),
    }


def test_activities() -> None:
    """Moments where something happened, and None where nothing did."""
    activities = replay("get_activities")
    assert activities.all == datetime(2026, 9, 20, 12, tzinfo=UTC)
    assert activities.sections[Section.SHOWS]["rated_at"] == activities.all
    assert activities.sections[Section.MOVIES]["dropped"] is None
    assert "watching" not in activities.sections[Section.MOVIES]


@pytest.mark.parametrize("name", ["post_remove_ratings", "post_history_remove"])
def test_removals(name: str) -> None:
    """What is counted is done, what is listed as not found is not."""
    answer = replay(name)
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {
        TERMINATOR.key: Verdict.ACCEPTED,
        NO_MOVIE.key: Verdict.NOT_FOUND,
        THRONES.key: Verdict.ACCEPTED,
        NO_ANIME.key: Verdict.NOT_FOUND,
    }
    assert answer.strays == 0


def test_moves() -> None:
    """Each by its echo."""
    answer = replay("post_add_to_list")
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {
        TO_PLAN.key: Verdict.ACCEPTED,
        TO_HOLD.key: Verdict.ACCEPTED,
        TO_NOWHERE.key: Verdict.NOT_FOUND,
    }
    assert (answer.strays, len(MOVES)) == (0, 3)


def test_watches() -> None:
    """Each by its status or its place among the missing."""
    answer = replay("post_history")
    assert isinstance(answer, Accepted)
    assert answer.verdicts == {WATCHED.key: Verdict.ACCEPTED, WATCHED_NOTHING.key: Verdict.NOT_FOUND}


def test_lookups() -> None:
    """Found and missed, by redirect and by number."""
    assert replay("get_redirect") == Target(Section.MOVIES, "53536")
    assert replay("get_redirect_miss") is None
    details = replay("get_details")
    assert (details.title, details.year, details.ids["imdb"]) == (
        "Terminator 3: Rise of the Machines",
        2003,
        "tt0181852",
    )
    assert replay("get_details_miss") is None


def test_a_search() -> None:
    """Both films of the name."""
    hits = replay("get_search")
    assert {("Dune", 1984), ("Dune", 2021)} <= {(hit.title, hit.year) for hit in hits}
    assert all(hit.section is Section.MOVIES and hit.simkl.isdecimal() for hit in hits)


@pytest.mark.parametrize("name", ["sign_in_device", "sign_in_pin", "renewal", "renewal_ended", "get_redirect"])
def test_a_cassette_can_be_made_anew(name: str, tmp_path: Path) -> None:
    """Tokens and codes differ each time, yet none of them is on tape, so the tapes play to the same end."""
    text = record(BY_NAME[name], tmp_path, CANARY, real=False).read_text("utf-8")
    for secret in ("canary", "client_id=", "simkl_at_", "simkl_rt_", "127.0.0.1"):
        assert secret not in text
    assert str(replay(name, tmp_path)) == str(replay(name))
