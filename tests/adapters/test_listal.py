"""Listal: names in a namespace of its own, links that tell the kind, and a date of which only the day is right."""

from __future__ import annotations

import pytest

from adapters.listal import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify

FEED = '<rss version="2.0" xmlns:{prefix}="{address}"><channel><title>x</title>{items}</channel></rss>'
ITEM = (
    "<item><title>{title}</title><link>https://www.listal.com{link}</link><pubDate>{date}</pubDate>"
    "<l:rating>{score}</l:rating><l:imdb>{imdb}</l:imdb><l:listtype>owned</l:listtype><l:notes/></item>"
)


def records(text: str) -> list[Record]:
    """All records of a file, in the shape that it is identified as."""
    file = Document("movies.xml", text.encode())
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def record(
    *,
    title: str = "Pulp Fiction (1994)",
    link: str = "/movie/pulp-fiction",
    date: str = "Sat, 04 Mar 2017 23:15:00 +0000",
    score: str = "9",
    imdb: str = "0110912",
) -> Record:
    """What an entry like this gives."""
    item = ITEM.format(title=title, link=link, date=date, score=score, imdb=imdb)
    (found,) = records(FEED.format(prefix="l", address="http://www.listal.com/rss", items=item))
    return found


def rating(found: Record) -> Rating:
    assert isinstance(found, Rating)
    return found


def test_a_movie() -> None:
    """The year stands behind the title, the id without tt."""
    found = rating(record())
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale, found.ids) == ("9", "1 to 10", {"imdb": "tt0110912"})


@pytest.mark.parametrize(("prefix", "address"), [("listal", "http://www.listal.com/rss"), ("x", "urn:listal")])
def test_any_prefix_and_address(prefix: str, address: str) -> None:
    """Only the names themselves are known."""
    item = ITEM.format(title="X", link="/tv/x", date="", score="9", imdb="")
    item = item.replace("<l:", f"<{prefix}:").replace("</l:", f"</{prefix}:")
    (found,) = records(FEED.format(prefix=prefix, address=address, items=item))
    assert rating(found).score == "9"


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Sat, 04 Mar 2017 23:15:00 +0000", "04 Mar 2017"),
        ("Sun, 5 Mar 2017 08:00:00 GMT", "5 Mar 2017"),
        ("5 Mar 2017 08:00 EST", "5 Mar 2017"),
    ],
)
def test_only_the_day_is_read(date: str, day: str) -> None:
    """The time is known to be hours off, and the day is that of the entry."""
    assert rating(record(date=date)).moment == Moment(day, "named", "pubDate", stand_in=True)


def test_an_unreadable_date_is_told() -> None:
    """It is not cut down until it fits."""
    found = record(date="Sat, 31 Feb 2017 23:15:00 +0000")
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_DATE


@pytest.mark.parametrize(("link", "kind"), [("/movie/fargo", Kind.MOVIE), ("/tv/fargo", Kind.SHOW)])
def test_the_link_tells_a_series_from_a_movie(link: str, kind: Kind) -> None:
    """Nothing else does."""
    assert rating(record(link=link)).kind is kind


def test_other_links_are_not_guessed_at() -> None:
    """Listal has books and games, too."""
    found = record(link="/book/it")
    assert isinstance(found, Reject)
    assert found.code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize(
    ("imdb", "ids"), [("11762114", {"imdb": "tt11762114"}), ("", {}), ("0", {}), ("110912", {})]
)
def test_ids_without_tt(imdb: str, ids: dict[str, str]) -> None:
    """7 digits or more; fewer are not filled up."""
    assert rating(record(imdb=imdb)).ids == ids


def test_0_is_unrated() -> None:
    """It is quiet."""
    found = record(score="0")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


def test_other_feeds_are_left_alone() -> None:
    """RSS is everybody's."""
    with pytest.raises(Unidentified):
        records("<rss><channel><item><title>X</title><link>y</link><pubDate>z</pubDate></item></channel></rss>")
