"""What the Bingers adapter makes of its ratings."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind
from tests.adapters.reading import rating, read, reject

HEADER = "type,title,tvdb_id,tmdb_id,season_number,episode_number,rating,favorite_character,emotions\n"


def test_an_episode_carries_the_ids_of_its_show() -> None:
    """It is told by its kind and number, never taken for the show."""
    found = rating(read("bingers", f'{HEADER}episode,Stranger Things,305288,66732,1,3,4,Barb,"sad,scared"\n')[0])
    assert (found.kind, found.season, found.episode) == (Kind.EPISODE, 1, 3)
    assert found.ids == {"tvdb": "305288", "tmdb": "66732"}
    assert (found.score, found.scale, found.moment) == ("4", "stars-5", None)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("movie", Kind.MOVIE), ("Show", Kind.SHOW), ("series", Kind.SHOW), ("tv", Kind.SHOW), ("season", Kind.SEASON)],
)
def test_the_usual_type_words(word: str, kind: Kind) -> None:
    """In any case of letters."""
    assert rating(read("bingers", f"{HEADER}{word},X,,194,,,4,,\n")[0]).kind is kind


def test_an_unknown_type_word_is_rejected() -> None:
    """It is not guessed at."""
    assert reject(read("bingers", f"{HEADER}special,X,,194,,,4,,\n")[0]).code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize(("score", "code"), [("", Code.UNRATED), ("0", Code.UNRATED), ("6", Code.BAD_SCORE)])
def test_scores_that_are_none(score: str, code: Code) -> None:
    """One to five stars are all there is."""
    assert reject(read("bingers", f"{HEADER}movie,X,,194,,,{score},,\n")[0]).code is code
