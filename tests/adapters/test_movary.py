"""What the Movary adapter makes of ratings, histories and watchlists."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

RATINGS = "title,year,tmdbId,imdbId,userRating\n"
HISTORY = "title,year,tmdbId,imdbId,watchedAt,userRating,comment,location\n"


def test_a_rating_has_both_ids_and_no_date() -> None:
    """The ratings file does not say when."""
    found = rating(read("movary", f'{RATINGS}"Good, Bad and Ugly",1966,429,tt0060196,10\n')[0])
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Good, Bad and Ugly", 1966)
    assert (found.ids, found.score, found.scale) == ({"tmdb": "429", "imdb": "tt0060196"}, "10", "1 to 10")
    assert found.moment is None


def test_the_imdb_id_may_be_empty() -> None:
    """The TMDB id is enough, and nothing needs to be said."""
    found = rating(read("movary", f"{RATINGS}기생충,2019,496243,,10\n")[0])
    assert (found.ids, found.notes) == ({"tmdb": "496243"}, ())


def test_the_watch_date_of_the_history_only_stands_in() -> None:
    """Each watch repeats the one rating of the film."""
    first, second = read(
        "movary", HISTORY + "Perfect Blue,1997,10494,,2024-02-09,9,,\nPerfect Blue,1997,10494,,2021-10-30,9,,\n"
    )
    assert rating(first).moment == Moment("2024-02-09", "iso", "watchedAt", stand_in=True)
    assert rating(second).moment == Moment("2021-10-30", "iso", "watchedAt", stand_in=True)


def test_a_film_without_a_rating_is_quiet() -> None:
    """Watched is not rated."""
    assert reject(read("movary", f"{HISTORY}Morbius,2022,526896,,2022-05-01,,,\n")[0]).code is Code.UNRATED


@pytest.mark.parametrize("score", ["11", "7.5", "good"])
def test_scores_off_the_scale_are_rejected(score: str) -> None:
    """Whole numbers from 1 to 10 are all there is."""
    assert reject(read("movary", f"{RATINGS}Cats,2019,536869,,{score}\n")[0]).code is Code.BAD_SCORE


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("title,year,tmdbId,imdbId,addedAt", "movary:watchlist"),
        ("title,year,tmdbId,imdbId,watchedAt,comment,location", "movary:history-unrated"),
    ],
)
def test_files_without_ratings_are_refused_with_a_hint(header: str, word: str) -> None:
    """The sentence names the file that has them."""
    claim = claim_on(f"{header}\nx,1999,1,,2024-01-01\n")
    assert claim.word == word
    assert claim.shape.refusal.endswith("Movary's ratings are in the file export-ratings.")
