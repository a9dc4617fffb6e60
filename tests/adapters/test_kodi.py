"""Kodi: whose rating is read, which ids can be trusted, episodes inside their show, and files of one title."""

from __future__ import annotations

import pytest

from adapters.kodi import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify


def records(text: str) -> list[Record]:
    """All records of a file, in the shape that it is identified as."""
    file = Document("some.file", text.encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def rating(item: str) -> Rating:
    """The rating of a library with this one item."""
    (found,) = records(f"<videodb><version>1</version>{item}</videodb>")
    assert isinstance(found, Rating)
    return found


def test_a_movie() -> None:
    """The scraper's ratings stand in a block before the person's."""
    found = rating(
        '<movie><title>Pulp Fiction</title><ratings><rating name="imdb"><value>8.9</value></rating></ratings>'
        "<userrating>9</userrating><lastplayed>2020-05-01 22:15:00</lastplayed><year>1994</year>"
        '<uniqueid type="imdb" default="true">tt0110912</uniqueid><uniqueid type="tmdb">680</uniqueid>'
        '<uniqueid type="unknown">7</uniqueid></movie>'
    )
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale) == ("9", "0 to 10")
    assert found.ids == {"imdb": "tt0110912", "tmdb": "680"}
    assert found.moment == Moment("2020-05-01 22:15:00", "iso", "lastplayed", stand_in=True)


@pytest.mark.parametrize("element", ["<userrating>0</userrating>", "<userrating/>", "<rating>8.9</rating>"])
def test_unrated_titles_are_quiet(element: str) -> None:
    """0, nothing, or from a time before there were ratings of one's own."""
    (found,) = records(f"<videodb><movie><title>Alien</title>{element}</movie></videodb>")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize(
    ("elements", "ids"),
    [
        ("<id>tt0110912</id>", {"imdb": "tt0110912"}),
        ("<id>360893</id>", {}),
        ('<id>tt0000001</id><uniqueid type="imdb">tt0110912</uniqueid>', {"imdb": "tt0110912"}),
    ],
)
def test_the_old_id(elements: str, ids: dict[str, str]) -> None:
    """Only IMDb's shows whose it is."""
    assert rating(f"<tvshow><title>X</title><userrating>8</userrating>{elements}</tvshow>").ids == ids


@pytest.mark.parametrize(
    "elements", ["<premiered>2008-01-20</premiered>", "<year>0</year><premiered>2008</premiered>"]
)
def test_the_year_of_the_first_day(elements: str) -> None:
    """Newer exports may have no year."""
    assert rating(f"<tvshow><title>X</title><userrating>8</userrating>{elements}</tvshow>").year == 2008


def test_episodes_inside_their_show() -> None:
    """They come after all shows, named by their show and numbers, without their own ids."""
    show, other, episode = records(
        "<videodb><tvshow><title>Breaking Bad</title><season>5</season><userrating>10</userrating><episodedetails>"
        "<title>Ozymandias</title><showtitle>Breaking Bad</showtitle><userrating>9</userrating><season>5</season>"
        '<episode>14</episode><uniqueid type="tvdb">4639459</uniqueid></episodedetails></tvshow>'
        "<tvshow><title>Chernobyl</title><userrating>8</userrating></tvshow></videodb>"
    )
    assert isinstance(show, Rating)
    assert isinstance(other, Rating)
    assert isinstance(episode, Rating)
    assert (show.kind, show.score, show.season, other.title) == (Kind.SHOW, "10", None, "Chernobyl")
    assert (episode.kind, episode.title, episode.score) == (Kind.EPISODE, "Breaking Bad", "9")
    assert (episode.season, episode.episode, episode.ids) == (5, 14, {})
    assert [str(record.locator) for record in (show, other, episode)] == [
        "tvshow[1]",
        "tvshow[2]",
        "episodedetails[1]",
    ]


def test_a_music_video_is_no_movie() -> None:
    """Kodi rates them, too."""
    (found,) = records("<videodb><musicvideo><title>X</title><userrating>6</userrating></musicvideo></videodb>")
    assert isinstance(found, Reject)
    assert (found.code, found.detail) == (Code.UNSUPPORTED_KIND, "the type reads 'musicvideo'")


@pytest.mark.parametrize(
    ("root", "kind"), [("movie", Kind.MOVIE), ("tvshow", Kind.SHOW), ("episodedetails", Kind.EPISODE)]
)
def test_a_file_of_one_title(root: str, kind: Kind) -> None:
    """An .nfo is the title itself."""
    (found,) = records(f"<{root}><title>X</title><userrating>8</userrating></{root}>")
    assert isinstance(found, Rating)
    assert (str(found.locator), found.kind, found.score) == (f"{root}[1]", kind, "8")
