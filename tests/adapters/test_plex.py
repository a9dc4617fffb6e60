"""Plex: whose rating is read, where ids stand, parts of shows, and dates that stand in."""

from __future__ import annotations

import json

import pytest

from adapters.plex import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify


def records(text: str) -> list[Record]:
    """All records of a file, in the shape that it is identified as."""
    file = Document("all.file", text.encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def record(attributes: str, children: str = "", tag: str = "Video") -> Record:
    """What an item with these attributes gives."""
    item = f'<{tag} ratingKey="7" title="Pulp Fiction" {attributes}>{children}</{tag}>'
    (found,) = records(f"<MediaContainer>{item}</MediaContainer>")
    return found


def rating(attributes: str, children: str = "", tag: str = "Video") -> Rating:
    found = record(attributes, children, tag)
    assert isinstance(found, Rating)
    return found


def test_a_movie() -> None:
    """The critics' rating stands beside the person's, ids in elements of their own."""
    found = rating(
        'type="movie" year="1994" rating="9.2" audienceRating="9.6" userRating="9.0" lastRatedAt="1683020427"',
        '<Media id="3"/><Guid id="imdb://tt0110912"/><Guid id="tmdb://680"/><Guid id="tvdb://191"/>',
    )
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale) == ("9.0", "0 to 10")
    assert found.ids == {"imdb": "tt0110912", "tmdb": "680", "tvdb": "191"}
    assert found.moment == Moment("1683020427", "epoch-s", "lastRatedAt")


@pytest.mark.parametrize("attributes", ['rating="9.2"', 'userRating=""', 'userRating="0"', 'userRating="0.0"'])
def test_unrated_items_are_quiet(attributes: str) -> None:
    """The attribute is missing, or 0."""
    found = record(f'type="movie" {attributes}')
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize(
    ("guid", "ids"),
    [
        ("com.plexapp.agents.imdb://tt0110912?lang=en", {"imdb": "tt0110912"}),
        ("com.plexapp.agents.themoviedb://680?lang=en", {"tmdb": "680"}),
        ("com.plexapp.agents.thetvdb://81189", {"tvdb": "81189"}),
        ("plex://movie/5d7768254de0ee001fcc7a5e", {}),
        ("local://7", {}),
        ("com.plexapp.agents.none://0000?lang=xn", {}),
    ],
)
def test_ids_of_the_old_agents(guid: str, ids: dict[str, str]) -> None:
    """One id in the guid itself."""
    assert rating(f'type="movie" guid="{guid}" userRating="8"').ids == ids


def test_an_episode_keeps_none_of_its_ids() -> None:
    """It is named by its show and its numbers."""
    found = rating(
        'type="episode" grandparentTitle="Breaking Bad" parentIndex="5" index="14" year="2013" userRating="10"',
        '<Guid id="imdb://tt2301451"/>',
    )
    assert (found.kind, found.title, found.year) == (Kind.EPISODE, "Breaking Bad", None)
    assert (found.season, found.episode, found.ids) == (5, 14, {})


def test_a_season_keeps_none_of_its_ids() -> None:
    """Its title is that of the show."""
    found = rating('type="season" parentTitle="Fargo" index="2" userRating="8"', tag="Directory")
    assert (found.kind, found.title, found.season, found.episode) == (Kind.SEASON, "Fargo", 2, None)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("artist", Code.UNSUPPORTED_KIND),
        ("album", Code.UNSUPPORTED_KIND),
        ("photo", Code.UNSUPPORTED_KIND),
        ("", Code.UNKNOWN_TYPE),
        ("hologram", Code.UNKNOWN_TYPE),
    ],
)
def test_music_and_photos_stay_behind(word: str, code: Code) -> None:
    """They have ratings, too; a word that nobody knows asks the person."""
    found = record(f'type="{word}" userRating="8"', tag="Directory")
    assert isinstance(found, Reject)
    assert found.code is code


def test_the_last_view_stands_in_for_the_date() -> None:
    """Older servers do not tell when something was rated."""
    found = rating('type="movie" userRating="8" lastViewedAt="1577883600"')
    assert found.moment == Moment("1577883600", "epoch-s", "lastViewedAt", stand_in=True)
    assert rating('type="movie" userRating="8"').moment is None


def test_movies_and_shows_of_one_answer() -> None:
    """Videos first, then directories, each counted from 1."""
    found = records(
        '<MediaContainer><Directory ratingKey="1" type="show" title="Fargo" userRating="8"/>'
        '<Video ratingKey="2" type="movie" title="Fargo" userRating="9"/></MediaContainer>'
    )
    assert [(str(part.locator), part.kind) for part in found] == [
        ("Video[1]", Kind.MOVIE),
        ("Directory[1]", Kind.SHOW),
    ]


def test_the_json_of_the_same_server() -> None:
    """The same names without elements."""
    item = {
        "ratingKey": "7",
        "type": "movie",
        "title": "Pulp Fiction",
        "year": 1994,
        "userRating": 7.3,
        "lastRatedAt": 1683020427,
        "guid": "plex://movie/1",
        "Guid": [{"id": "imdb://tt0110912"}],
    }
    (found,) = records(json.dumps({"MediaContainer": {"Metadata": [item]}}))
    assert isinstance(found, Rating)
    assert (found.score, found.year, found.ids) == ("7.3", 1994, {"imdb": "tt0110912"})
    assert found.moment == Moment("1683020427", "epoch-s", "lastRatedAt")


def test_the_list_of_libraries_is_no_library() -> None:
    """Its directories have no ratings and no keys for them."""
    with pytest.raises(Unidentified):
        records('<MediaContainer><Directory key="1" type="movie" title="Filme"/></MediaContainer>')


def test_a_translated_title_is_the_one_that_is_read() -> None:
    """The original stands beside it; ids say which title it is."""
    found = rating('type="movie" originalTitle="The Original" userRating="7.5"', '<Guid id="imdb://tt0110912"/>')
    assert (found.title, found.score, found.ids) == ("Pulp Fiction", "7.5", {"imdb": "tt0110912"})
