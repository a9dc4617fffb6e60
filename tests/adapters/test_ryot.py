"""What the Ryot adapter makes of titles with none, one and several reviews."""

from __future__ import annotations

from typing import Any

import pytest

from importer.adapter import Anime, Code, Kind, Moment, Record
from tests.adapters.reading import rating, read, reject


def review(score: str | None, date: str | None, **part: Any) -> dict[str, Any]:
    nothing = {"show_season_number": None, "show_episode_number": None, "anime_episode_number": None}
    return {"rating": score, "review": {"date": date}, **nothing, **part}


def title(*reviews: Any, lot: str = "movie", source: str = "tmdb", identifier: str = "194") -> Record:
    item = {"lot": lot, "source": source, "identifier": identifier, "source_id": "Amélie", "reviews": list(reviews)}
    return read("ryot", {"metadata": [item]})[0]


def test_a_review_is_a_rating_of_100_with_its_date() -> None:
    """Whatever scale the person is shown."""
    found = rating(title(review("85.5", "2024-02-09T15:30:12.123456789Z")))
    assert (found.kind, found.ids, found.score, found.scale) == (Kind.MOVIE, {"tmdb": "194"}, "85.5", "0 to 100")
    assert found.moment == Moment("2024-02-09T15:30:12.123456789Z", "iso", "review.date")


def test_the_newest_review_speaks() -> None:
    """Wherever it stands, and in whatever zone it is written."""
    found = rating(
        title(
            review("80", "2021-03-01T20:00:00Z"),
            review("70", "2024-11-02T20:00:00Z"),
            review("60", "2024-11-02T21:30:00+02:00"),
            review("50", None),
        )
    )
    assert (found.score, found.notes) == ("70", ("older reviews left out: 3",))


def test_a_review_without_a_rating_is_passed_over() -> None:
    """The newest words do not hide the rating of an older review."""
    found = rating(title(review("80", "2021-03-01T20:00:00Z"), review(None, "2024-11-02T20:00:00Z")))
    assert (found.score, found.notes) == ("80", ())


def test_reviews_of_parts_are_not_about_the_title() -> None:
    """They are counted, on rated and on unrated titles."""
    part = review("30", "2019-05-21T21:00:00Z", show_season_number=8)
    rated, unrated = title(review("60", "2019-05-20T21:00:00Z"), part, lot="show"), title(part, lot="show")
    assert (rating(rated).score, rating(rated).kind) == ("60", Kind.SHOW)
    assert rating(rated).notes == ("reviews of seasons and episodes left out: 1",)
    assert (reject(unrated).code, reject(unrated).detail) == (
        Code.UNRATED,
        "reviews of seasons and episodes left out: 1",
    )


def test_an_unreadable_date_is_not_passed_over_for_an_older_review() -> None:
    """It may well be the newest."""
    found = reject(title(review("80", "2021-03-01T20:00:00Z"), review("70", "2024-13-45")))
    assert (found.code, found.detail) == (Code.BAD_DATE, "review.date: '2024-13-45' is not a date")


@pytest.mark.parametrize(("source", "identifier"), [("anilist", "154587"), ("mal", "52991")])
def test_anime_has_the_id_of_its_catalogue(source: str, identifier: str) -> None:
    """It is known to be anime."""
    found = rating(title(review("100", None), lot="anime", source=source, identifier=identifier))
    assert (found.kind, found.anime, found.ids) == (Kind.SHOW, Anime.YES, {source: identifier})


def test_ids_of_other_catalogues_are_none() -> None:
    """Entries made by hand have an id of the person's own server."""
    assert rating(title(review("80", None), source="custom", identifier="met_1")).ids == {}


@pytest.mark.parametrize(("lot", "code"), [("video_game", Code.UNSUPPORTED_KIND), ("opera", Code.UNKNOWN_TYPE)])
def test_other_media_are_told(lot: str, code: Code) -> None:
    """Known ones cannot be carried, unknown ones are not guessed at."""
    assert reject(title(review("80", None), lot=lot)).code is code
    assert reject(title(lot=lot)).code is Code.UNRATED
