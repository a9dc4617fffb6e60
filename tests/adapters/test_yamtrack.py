"""What the Yamtrack adapter makes of the three headers and of all that is tracked in one table."""

from __future__ import annotations

import pytest

from importer.adapter import Anime, Code, Kind, Moment
from tests.adapters.reading import claim_on, rating, read, reject

HEADER = "media_id,source,media_type,title,image,season_number,episode_number,score,progress,status"
OLD = f"{HEADER},repeats,start_date,end_date,notes,watch_date\n"
NEW = f"{HEADER},start_date,end_date,notes,progressed_at\n"


@pytest.mark.parametrize(
    "rest", ["repeats,start_date,end_date,notes,watch_date", "notes,progress_changed", "notes"]
)
def test_every_generation_is_known(rest: str) -> None:
    """Columns came and went, the ids stayed."""
    assert claim_on(f"{HEADER},{rest}\n").word == "yamtrack:csv"


def test_titles_have_the_id_of_their_source() -> None:
    """The same column holds TMDB and MyAnimeList ids."""
    movie, anime = read(
        "yamtrack",
        NEW + "194,tmdb,movie,Amélie,x,,,8.5,1,Completed,,2023-11-05,,\n"
        "227,mal,anime,FLCL,x,,,8.0,6,Completed,,2024-02-09,,\n",
    )
    assert (rating(movie).kind, rating(movie).ids, rating(movie).score) == (Kind.MOVIE, {"tmdb": "194"}, "8.5")
    assert rating(movie).scale == "0 to 10"
    assert (rating(anime).kind, rating(anime).anime, rating(anime).ids) == (Kind.SHOW, Anime.YES, {"mal": "227"})


def test_seasons_and_episodes_carry_the_id_of_their_show() -> None:
    """They are told by their kind and number, never taken for the show."""
    season, episode = read(
        "yamtrack",
        OLD + "1668,tmdb,season,Friends,x,1,,8.0,24,Completed,0,,,,\n"
        "1668,tmdb,episode,Friends,x,1,24,7.5,,,0,,,,2024-02-09\n",
    )
    assert (rating(season).kind, rating(season).season, rating(season).ids) == (Kind.SEASON, 1, {"tmdb": "1668"})
    assert (rating(episode).kind, rating(episode).episode) == (Kind.EPISODE, 24)
    assert rating(episode).moment is None


@pytest.mark.parametrize("word", ["game", "book", "manga", "comic", "boardgame"])
def test_other_media_cannot_be_carried(word: str) -> None:
    """Their ids are none of ours, even under a source that is."""
    found = reject(read("yamtrack", f"{NEW}2,mal,{word},Berserk,x,,,9,,,,,,\n")[0])
    assert (found.code, found.ids, found.title) == (Code.UNSUPPORTED_KIND, {}, "Berserk")


def test_an_unknown_type_is_named() -> None:
    """It is not guessed at."""
    found = reject(read("yamtrack", f"{NEW}2,tmdb,opera,Tosca,x,,,9,,,,,,\n")[0])
    assert (found.code, found.detail) == (Code.UNKNOWN_TYPE, "the type reads 'opera'")


@pytest.mark.parametrize("score", ["", "0", "0.0"])
def test_no_score_is_quiet(score: str) -> None:
    """Of tracked games, too."""
    assert reject(read("yamtrack", f"{NEW}2,igdb,game,X,x,,,{score},,,,,,\n")[0]).code is Code.UNRATED


def test_the_end_date_only_stands_in() -> None:
    """A day, or a moment."""
    found = read(
        "yamtrack",
        NEW + "1,tmdb,movie,A,x,,,8,1,,,2024-02-09,,2024-02-10T15:30:00Z\n"
        "2,tmdb,movie,B,x,,,8,1,,,2024-02-09T00:00:00Z,,\n",
    )
    assert [rating(record).moment for record in found] == [
        Moment("2024-02-09", "iso", "end_date", stand_in=True),
        Moment("2024-02-09T00:00:00Z", "iso", "end_date", stand_in=True),
    ]


@pytest.mark.parametrize("source", ["manual", "", "tvmaze"])
def test_ids_of_other_catalogues_are_none(source: str) -> None:
    """A running number of the person's own instance names nothing elsewhere."""
    assert rating(read("yamtrack", f"{NEW}1,{source},movie,Rimini,x,,,10,,,,,,\n")[0]).ids == {}


def test_a_row_short_by_one_cell_is_told() -> None:
    """Yamtrack has written such rows; which cell is missing cannot be known."""
    bad, good = read(
        "yamtrack", NEW + '1668,tmdb,season,"",,2,,,Completed,,,,\n194,tmdb,movie,Amélie,x,,,8,1,,,,,\n'
    )
    assert (reject(bad).code, reject(bad).detail) == (Code.BAD_ROW, "13 cells where the header has 14")
    assert rating(good).title == "Amélie"
