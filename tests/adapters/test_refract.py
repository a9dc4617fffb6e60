"""What the Refract adapter makes of library and diary."""

from __future__ import annotations

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

LIBRARY = "title,year,media_type,tmdb_id,status,rating,mood_tags,last_watched_at,source,added_at\n"
DIARY = "title,year,media_type,tmdb_id,action_type,action_date,action_date_tz,rating,notes,occurred_at\n"


def test_the_library_has_a_watch_date_as_stand_in() -> None:
    """When the title was rated stands in the diary."""
    found = rating(
        read(
            "refract",
            f'{LIBRARY}"Good, Bad and Ugly",1966,movie,429,completed,4.5,"a,b",2026-05-19T21:45:33.921Z,x,y\n',
        )[0]
    )
    assert (found.kind, found.title, found.year, found.ids) == (
        Kind.MOVIE,
        "Good, Bad and Ugly",
        1966,
        {"tmdb": "429"},
    )
    assert (found.score, found.scale) == ("4.5", "stars-5-halves")
    assert found.moment == Moment("2026-05-19T21:45:33.921Z", "iso", "last_watched_at", stand_in=True)


def test_the_diary_has_the_true_date_of_a_rating() -> None:
    """`occurred_at` says it with its zone."""
    found = rating(
        read(
            "refract",
            f"{DIARY}Severance,,tv,95396,rated,2026-03-21 22:50,Europe/Warsaw,5,,2026-03-21T21:50:44.462Z\n",
        )[0]
    )
    assert (found.kind, found.year) == (Kind.SHOW, None)
    assert found.moment == Moment("2026-03-21T21:50:44.462Z", "iso", "occurred_at")


def test_an_entry_about_an_episode_is_not_about_the_show() -> None:
    """Though it has the id of the show and says tv."""
    rated, unrated = read(
        "refract",
        DIARY + "Slow Horses,,tv,95480,episode,,,4,S1E1,2026-09-19T01:45:44Z\n"
        "Slow Horses,,tv,95480,episode,,,,S1E2,2026-09-19T02:45:44Z\n",
    )
    assert rating(rated).kind is Kind.EPISODE
    assert reject(unrated).code is Code.UNRATED


def test_the_date_of_any_other_entry_only_stands_in() -> None:
    """A watch may repeat the rating of years ago."""
    found = rating(read("refract", f"{DIARY}Amélie,2001,movie,194,watched,,,3,,2026-01-01T10:00:00Z\n")[0])
    assert found.moment == Moment("2026-01-01T10:00:00Z", "iso", "occurred_at", stand_in=True)


def test_the_library_outranks_the_diary() -> None:
    """It holds the rating as it stands."""
    library, diary = claim_on(LIBRARY), claim_on(DIARY)
    assert (library.word, diary.word) == ("refract:library", "refract:diary")
    assert library.shape.rank > diary.shape.rank
