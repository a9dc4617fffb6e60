"""Kitsu: library entries of the API through the years, and the XML that it makes for MyAnimeList."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.kitsu import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify


def entry(kitsu_id: str = "11614", **attributes: Any) -> dict[str, Any]:
    """One library entry."""
    return {
        "type": "libraryEntries",
        "attributes": {"rating": "4.5", "ratingTwenty": 17, "finishedAt": None} | attributes,
        "relationships": {"anime": {"data": {"type": "anime", "id": kitsu_id}}},
    }


def library(*entries: dict[str, Any], mappings: list[tuple[str, str]] | None = None, **attributes: Any) -> Document:
    """A dump of these entries beside the anime 11614."""
    sites = [
        {"type": "mappings", "id": str(number), "attributes": {"externalSite": site, "externalId": external}}
        for number, (site, external) in enumerate(mappings or [])
    ]
    links = [{"type": "mappings", "id": site["id"]} for site in sites]
    anime = {
        "type": "anime",
        "id": "11614",
        "attributes": {"canonicalTitle": "Kimi no Na wa."} | attributes,
        "relationships": {"mappings": {"data": links}},
    }
    return Document("library.json", json.dumps({"data": list(entries), "included": [anime, *sites]}).encode())


def records(document: Document) -> list[Record]:
    """What the adapter makes of a document, identified as a person's file would be."""
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def rating(document: Document) -> Rating:
    """The one record, which is a rating."""
    (found,) = records(document)
    assert isinstance(found, Rating), found
    return found


def test_entry_with_all_that_stands_beside_it() -> None:
    """The exact score is taken, title and year come from the anime, ids from its mappings."""
    mappings = [
        ("myanimelist/anime", "32281"),
        ("anidb", "11829"),
        ("anilist/anime", "21519"),
        ("thetvdb/season", "1/2"),
        ("trakt", "9"),
    ]
    document = library(
        entry(finishedAt="2017-02-19T20:40:00.000Z"), mappings=mappings, subtype="movie", startDate="2016-08-26"
    )
    found = rating(document)
    assert (found.kind, found.anime, found.title, found.year) == (Kind.MOVIE, Anime.YES, "Kimi no Na wa.", 2016)
    assert found.ids == {"kitsu": "11614", "mal": "32281", "anidb": "11829", "anilist": "21519"}
    assert (found.score, found.scale, found.notes) == ("17", "1 to 20", ())
    assert found.moment == Moment("2017-02-19T20:40:00.000Z", "iso", "finishedAt", stand_in=True)
    assert str(found.locator) == "data[1]"


def test_entry_of_which_nothing_is_known() -> None:
    """A dump made without `included` still has Kitsu's own ids."""
    found = rating(library(entry("42765")))
    assert (found.ids, found.title, found.kind) == ({"kitsu": "42765"}, "", Kind.SHOW)


def test_two_ids_of_one_catalogue() -> None:
    """Neither is taken, because either may be of another season."""
    mappings = [("myanimelist/anime", "32281"), ("myanimelist/anime", "31964"), ("anidb", "11829")]
    found = rating(library(entry(), mappings=mappings))
    assert found.ids == {"kitsu": "11614", "anidb": "11829"}
    assert found.notes == ("mal ids left out: Kitsu names 2",)


def test_unrated() -> None:
    """Null is no score, and the old score beside it is not asked."""
    (found,) = records(library(entry(ratingTwenty=None, rating="4.5")))
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("score", [21, 8.5, "good", -1])
def test_score_off_the_scale(score: Any) -> None:
    """What is not from 1 to 20 is not corrected."""
    (found,) = records(library(entry(ratingTwenty=score)))
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


def test_last_change_never_stands_in() -> None:
    """Only the finish date does."""
    found = rating(library(entry(updatedAt="2018-11-03T17:22:41.020Z", progressedAt="2018-11-03T17:22:41.020Z")))
    assert found.moment is None


def test_dump_before_the_score_of_twenty() -> None:
    """Old dumps have stars in text; "0.0" is no score."""
    entries = [entry(rating=text) for text in ("4.5", "0.0")]
    for one in entries:
        del one["attributes"]["ratingTwenty"]
    document = library(*entries)
    assert identify(document, [ADAPTER]).shape.name == "library-entries-old"
    first, second = records(document)
    assert (first.score, first.scale) == ("4.5", "stars-5-halves")
    assert isinstance(second, Reject)
    assert second.code is Code.UNRATED


def test_manga_among_anime() -> None:
    """It is rejected without an id, because Kitsu numbers manga and anime alike."""
    manga = entry() | {"relationships": {"manga": {"data": {"type": "manga", "id": "11614"}}}}
    first, second = records(library(entry(), manga))
    assert isinstance(first, Rating)
    assert isinstance(second, Reject)
    assert (second.code, second.detail, second.ids) == (Code.UNSUPPORTED_KIND, "manga", {})


def test_library_of_manga_is_refused() -> None:
    """A manga library is recognised and says so."""
    manga = entry() | {"relationships": {"manga": {"data": {"type": "manga", "id": "8"}}}}
    assert identify(library(manga), [ADAPTER]).shape.refusal == (
        "This is a library of manga, which Simkl does not have. Export the anime library instead."
    )


def xml(anime: str, info: str = "<user_export_type>1</user_export_type>") -> Document:
    """An XML export of these tags in one entry."""
    text = f"<myanimelist><myinfo>{info}</myinfo><anime>{anime}</anime></myanimelist>"
    return Document("kitsu.xml", text.encode())


ENTRY = "<series_animedb_id>11757</series_animedb_id><my_score>7</my_score><my_status>On Hold</my_status>"


def test_xml() -> None:
    """It has MAL ids and no titles; that it cuts half points is noted."""
    found = rating(xml(f"{ENTRY}<my_finish_date>2015-03-01</my_finish_date>"))
    assert (found.ids, found.title, found.score, found.scale) == ({"mal": "11757"}, "", "7", "1 to 10")
    assert found.moment == Moment("2015-03-01", "iso", "my_finish_date", stand_in=True)
    assert found.notes == ("Kitsu's XML export cuts half points off",)


def test_xml_leaves_out_what_is_null() -> None:
    """An entry without a score has no tag for it."""
    text = xml(ENTRY).data.replace(b"</anime>", b"</anime><anime><series_animedb_id>1</series_animedb_id></anime>")
    _, found = records(Document("kitsu.xml", text))
    assert isinstance(found, Reject)
    assert (found.code, found.ids) == (Code.UNRATED, {"mal": "1"})


@pytest.mark.parametrize(
    ("more", "info"),
    [
        ("<series_title>Hyouka</series_title>", "<user_export_type>1</user_export_type>"),
        ("<series_type>TV</series_type>", "<user_export_type>1</user_export_type>"),
        ("", "<user_export_type>1</user_export_type><user_name>someone</user_name>"),
        ("", "<user_id>1</user_id>"),
    ],
)
def test_lists_of_other_writers_are_not_claimed(more: str, info: str) -> None:
    """Kitsu writes no titles, no types and no names, so a broken list of another writer is not its own."""
    with pytest.raises(Unidentified):
        identify(xml(ENTRY + more, info), [ADAPTER])
