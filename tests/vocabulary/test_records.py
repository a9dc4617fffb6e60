"""Records, locators, sends and the clock: small values with a fixed spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from importer.vocabulary.clock import SystemClock
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Kind, Locator, Rating, Reject
from importer.vocabulary.sends import Section, Send


def test_a_locator_reads_as_people_look_for_it() -> None:
    """A line of a table, a place in a list."""
    assert str(Locator(7)) == "line 7"
    assert str(Locator(3, "movies")) == "movies[3]"


@pytest.mark.parametrize(
    "record",
    [
        Rating(locator=Locator(2), kind=Kind.MOVIE, score="8", scale="1 to 10"),
        Reject(locator=Locator(2), code=Code.UNRATED),
    ],
)
def test_records_are_values(record: Rating | Reject) -> None:
    """Equal when they say the same, and never changed after they were made."""
    assert record == record._replace(score=record.score)
    assert record != record._replace(score="9")
    with pytest.raises(AttributeError):
        record.score = "9"  # type: ignore[misc]


def test_a_rating_is_never_a_reject() -> None:
    """Also when both hold the same."""
    assert Rating(locator=Locator(2), kind=Kind.MOVIE, score="", scale="") != Reject(
        locator=Locator(2), code=Code.UNRATED, kind=Kind.MOVIE
    )


def test_the_ids_of_a_record_without_ids_cannot_be_changed() -> None:
    """All such records share one empty mapping."""
    ids = Reject(locator=Locator(2), code=Code.UNRATED).ids
    assert ids == {}
    with pytest.raises(TypeError):
        ids["imdb"] = "tt0137523"  # type: ignore[index]


def movie(**more: object) -> Send:
    """A send of one movie."""
    return Send(Section.MOVIES, {"rating": 8, "ids": {"imdb": "tt0137523"}, **more})


def test_a_send_is_known_by_its_content() -> None:
    """The same item is the same send in every run, whatever the order of its keys."""
    other_order = Send(Section.MOVIES, {"ids": {"imdb": "tt0137523"}, "rating": 8})
    assert movie().key == other_order.key == "49e0b253dbaf18a241f1c77ccd8e6ff7"


def test_any_difference_is_another_send() -> None:
    """Section, rating and date are part of the content."""
    sends = [
        movie(),
        movie(rating=9),
        movie(rated_at="2019-05-04T12:00:00Z"),
        movie(title="Amélie", year=2001),
        Send(Section.SHOWS, movie().item),
        Send(Section.ANIME, movie().item),
    ]
    assert len({send.key for send in sends}) == 6


def test_only_a_send_with_a_date_is_dated() -> None:
    """Only those may be repeated blindly."""
    assert movie(rated_at="2019-05-04T12:00:00Z").is_dated
    assert not movie().is_dated


def test_the_system_clock_is_in_utc_and_goes_on() -> None:
    """The real clock behind the seam."""
    clock = SystemClock()
    before = clock.steady()
    clock.sleep(0)
    assert clock.steady() >= before
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now() > datetime(2024, 1, 1, tzinfo=UTC)
