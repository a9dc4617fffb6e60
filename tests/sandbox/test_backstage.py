"""What tests may arrange and look at behind a stand-in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from importer.vocabulary.sends import Section
from tests.sandbox.calling import Caller

LONG_AGO = datetime(2015, 6, 7, 8, tzinfo=UTC)
MATRIX = {
    "ids": {"tmdb": 603},
    "rating": 8,
    "rated_at": "2019-05-04T10:00:00Z",
    "watched_at": "2019-05-03T20:00:00Z",
}


def seeded() -> Caller:
    """An account with a watched and rated movie, and an anime that is on a list only."""
    caller = Caller(strict_catalogue=True)
    caller.stage.put(Section.MOVIES, MATRIX, now=LONG_AGO)
    caller.stage.put(Section.ANIME, {"ids": {"mal": 21}}, status="hold", now=LONG_AGO)
    return caller


def test_the_account_as_plain_values() -> None:
    """Everything that a person would miss."""
    assert seeded().stage.dump() == [
        {
            "simkl": 1000001,
            "section": "movies",
            "title": "The Matrix",
            "year": 1999,
            "ids": {"imdb": "tt0133093", "tmdb": "603"},
            "status": "completed",
            "rating": 8,
            "rated_at": "2019-05-04T10:00:00Z",
            "watched_at": "2019-05-03T20:00:00Z",
            "watched_episodes": 0,
            "added_at": "2015-06-07T08:00:00Z",
        },
        {
            "simkl": 1000204,
            "section": "anime",
            "title": "One Piece",
            "year": 1999,
            "ids": {
                "anidb": "69",
                "anilist": "21",
                "animeplanet": "one-piece",
                "anisearch": "2227",
                "imdb": "tt0388629",
                "kitsu": "12",
                "livechart": "321",
                "mal": "21",
                "tmdb": "37854",
                "tvdb": "81797",
            },
            "status": "hold",
            "rating": None,
            "rated_at": None,
            "watched_at": None,
            "watched_episodes": 0,
            "added_at": "2015-06-07T08:00:00Z",
        },
    ]


def test_the_same_account_is_the_same_text(tmp_path: Path) -> None:
    """In another process, in another order of arranging; not after a change, and again once it is undone."""
    caller = seeded()
    before = json.dumps(caller.stage.dump())
    other = Caller(strict_catalogue=True, database=tmp_path / "account.sqlite")
    other.stage.put(Section.ANIME, {"ids": {"anilist": 21}}, status="hold", now=LONG_AGO)
    other.stage.put(Section.MOVIES, MATRIX, status="completed", now=LONG_AGO)
    for again in (other, Caller(database=tmp_path / "account.sqlite")):
        assert json.dumps(again.stage.dump()) == before
    caller.rate("anime", {"rating": 9, "ids": {"mal": 21}})
    assert json.dumps(caller.stage.dump()) != before
    caller.post("/sync/ratings/remove", {"shows": [{"ids": {"mal": 21}}]})
    assert json.dumps(caller.stage.dump()) == before


def test_a_watched_title_on_another_list() -> None:
    """The list that is named wins."""
    caller = Caller(strict_catalogue=True)
    caller.stage.put(Section.MOVIES, MATRIX, status="dropped", now=LONG_AGO)
    (row,) = caller.get("/sync/all-items/movies")["movies"]
    assert (row["status"], row["last_watched_at"]) == ("dropped", "2019-05-03T20:00:00.000Z")
    assert (row["user_rating"], row["added_to_watchlist_at"]) == (8, "2015-06-07T08:00:00.000Z")
