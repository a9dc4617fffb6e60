"""AniList: the data download, and dumps of the API in every wrapper and score format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.anilist import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify
from importer.vocabulary.scales import SCALES, rating_of, read


def dump(value: Any, name: str = "dump.json") -> Document:
    """A JSON document."""
    return Document(name, json.dumps(value).encode())


def records(document: Document) -> list[Record]:
    """What the adapter makes of a document, identified as a person's file would be."""
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def entry(score: Any = 8, media: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """One list entry, as little as every dump has."""
    title = {"romaji": "Koe no Katachi", "english": "A Silent Voice"}
    return {"mediaId": 20954, "score": score, "media": {"idMal": 28851, "title": title} | (media or {})} | more


def lists(*entries: dict[str, Any], name: str = "Completed", **more: Any) -> list[dict[str, Any]]:
    """One list with these entries."""
    return [{"name": name, "isCustomList": False, "entries": list(entries)} | more]


def automail(score_format: str, *entries: dict[str, Any], **more: Any) -> Document:
    """An export of Automail."""
    user = {"name": "teacup_mage", "mediaListOptions": {"scoreFormat": score_format}}
    return dump({"MediaListCollection": {"lists": lists(*entries)}, "User": user} | more)


def unnamed(*scores: Any) -> Document:
    """A dump that does not name its score format."""
    return dump({"lists": lists(*(entry(score) for score in scores))})


def download(score_type: Any, *rows: dict[str, Any]) -> Document:
    """A data download."""
    return dump({"user": {"score_type": score_type, "email": "a@example.org"}, "lists": list(rows)})


def row(**cells: Any) -> dict[str, Any]:
    """One row of a data download."""
    return {"series_type": 0, "series_id": 21519, "score": 90, "started_on": 0, "finished_on": 0} | cells


def rated(found: Record) -> Rating:
    """The record, which is a rating."""
    assert isinstance(found, Rating), found
    return found


def rejected(found: Record) -> Reject:
    """The record, which is a reject."""
    assert isinstance(found, Reject), found
    return found


def ratings_of(document: Document) -> list[int]:
    """The ratings from 1 to 10 that the records end as."""
    return [rating_of_score(rated(record)) for record in records(document)]


def rating_of_score(found: Rating) -> int:
    """What the table of scales makes of the record's score."""
    score = read(found.score, SCALES[found.scale])
    assert score is not None
    return rating_of(score, SCALES[found.scale])


# --- the data download ------------------------------------------------------------------------------------


def test_row_of_the_download() -> None:
    """It holds an AniList id, a raw score and perhaps a finish date; nothing else."""
    found = rated(records(download(4, row(finished_on=20161203)))[0])
    assert (found.ids, found.score, found.scale) == ({"anilist": "21519"}, "90", "0 to 100")
    assert (found.kind, found.anime, found.title, found.year) == (Kind.SHOW, Anime.YES, "", None)
    assert found.moment == Moment("20161203", "ymd", "finished_on", stand_in=True)
    assert str(found.locator) == "lists[1]"


def test_partial_and_missing_finish_dates_of_the_download() -> None:
    """20120500 is a month, 0 is no date."""
    partial, none = records(download(4, row(finished_on=20120500), row(finished_on=0)))
    assert rated(partial).moment == Moment("20120500", "ymd", "finished_on", stand_in=True)
    assert rated(none).moment is None


def test_stars_of_the_download() -> None:
    """A perfect star score is raw 90 or, after a change of format, 100."""
    raw = (10, 29, 30, 50, 70, 89, 90, 100)
    assert ratings_of(download(2, *(row(score=score) for score in raw))) == [2, 2, 4, 6, 8, 8, 10, 10]


def test_smileys_of_the_download() -> None:
    """Sad, neutral and happy are raw 35, 60 and 85."""
    assert ratings_of(download("POINT_3", *(row(score=score) for score in (35, 60, 85)))) == [4, 6, 9]


@pytest.mark.parametrize("score_type", [0, 1, 4, "POINT_100", "POINT_10", "POINT_10_DECIMAL"])
def test_points_of_the_download(score_type: Any) -> None:
    """All others are tenths, half up, at least 1."""
    assert ratings_of(download(score_type, *(row(score=score) for score in (1, 45, 85, 100)))) == [1, 5, 9, 10]


def test_unknown_score_type_of_the_download() -> None:
    """Stars read as points would turn a 10 into a 9, so that nothing is read."""
    first, second = map(rejected, records(download(7, row(), row(score=0))))
    assert (first.code, first.detail) == (Code.BAD_SCALE, "user.score_type is none that AniList has")
    assert (first.ids, first.score, first.scale, first.kind) == ({"anilist": "21519"}, "90", "", Kind.SHOW)
    assert second.code is Code.UNRATED


def test_manga_of_the_download() -> None:
    """Rated manga is told, unrated is quiet, and neither leaves an id that could be sent."""
    first, second = map(rejected, records(download(4, row(series_type=1), row(series_type=1, score=0))))
    assert (first.code, first.detail, first.kind, first.ids) == (Code.UNSUPPORTED_KIND, "manga", None, {})
    assert (second.code, second.ids) == (Code.UNRATED, {})


def test_unknown_series_type_of_the_download() -> None:
    """What is neither anime nor manga is not guessed at."""
    found = rejected(records(download(4, row(series_type=5)))[0])
    assert (found.code, found.detail) == (Code.UNKNOWN_TYPE, "the type reads 'series_type 5'")


def test_nothing_private_is_read() -> None:
    """Messages, reviews and notes of the download leave no trace in a record."""
    value = {"user": {"score_type": 4, "email": "a@example.org"}, "messages": [{"text": "secret"}]}
    document = dump(value | {"reviews": [{"series_id": 1, "score": 100}], "lists": [row(notes="secret")]})
    (found,) = records(document)
    assert "secret" not in repr(found)
    assert "example.org" not in repr(found)


# --- dumps: entries ---------------------------------------------------------------------------------------


def test_entry_of_a_dump() -> None:
    """Both ids, the romaji title, the year where it was asked for, and the completion date as a stand-in."""
    media = {"format": "MOVIE", "startDate": {"year": 2016, "month": 9, "day": 17}}
    found = rated(
        records(automail("POINT_10", entry(9, media, completedAt={"year": 2018, "month": 3, "day": 4})))[0]
    )
    assert (found.ids, found.title, found.year) == ({"anilist": "20954", "mal": "28851"}, "Koe no Katachi", 2016)
    assert (found.kind, found.anime, found.score, found.notes) == (Kind.MOVIE, Anime.YES, "9", ())
    assert found.moment == Moment("2018-03-04", "iso", "completedAt", stand_in=True)
    assert str(found.locator) == "MediaListCollection.lists[].entries[1]"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"year": 2012, "month": 8, "day": None}, "2012-08-00"),
        ({"year": 2012, "month": None, "day": None}, "2012-00-00"),
    ],
)
def test_partial_completion_date(parts: dict[str, Any], text: str) -> None:
    """What is not known of a date is written as zeros."""
    found = rated(records(automail("POINT_10", entry(completedAt=parts)))[0])
    assert found.moment == Moment(text, "iso", "completedAt", stand_in=True)


@pytest.mark.parametrize("parts", [None, {"year": None, "month": None, "day": None}, {"year": None, "month": 5}])
def test_no_completion_date(parts: Any) -> None:
    """Without a year there is no date; when the entry was changed never stands in."""
    found = rated(records(automail("POINT_10", entry(completedAt=parts, updatedAt=1612345678)))[0])
    assert found.moment is None


def test_unreadable_completion_date_rejects_the_row() -> None:
    """Junk is named, not dropped."""
    found = rejected(records(automail("POINT_10", entry(completedAt={"year": 2018, "month": 13, "day": 1})))[0])
    assert found.code is Code.BAD_DATE


def test_ids_come_from_the_media_alone() -> None:
    """idMal may be null, media.id may take the place of mediaId, and the entry's own id names no title."""
    bare = {"id": 999, "score": 8, "media": {"id": 20954, "idMal": None, "title": {"userPreferred": "A"}}}
    found = rated(records(automail("POINT_10", bare))[0])
    assert (found.ids, found.title) == ({"anilist": "20954"}, "A")


def test_title_on_a_custom_list_too() -> None:
    """Every occurrence is a record; which of them speaks is for merging to say."""
    collection = {"lists": lists(entry()) + lists(entry(), name="Tearjerkers", isCustomList=True)}
    found = records(dump({"data": {"MediaListCollection": collection}}))
    assert [(str(record.locator), record.ids["mal"]) for record in found] == [
        ("data.MediaListCollection.lists[].entries[1]", "28851"),
        ("data.MediaListCollection.lists[].entries[2]", "28851"),
    ]


def test_dump_made_without_scores() -> None:
    """A query that did not ask for scores is not a list without ratings."""
    found = rejected(records(dump({"data": {"MediaListCollection": {"lists": lists({"mediaId": 1})}}}))[0])
    assert (found.code, found.detail) == (Code.BAD_ROW, "the dump was made without asking for scores")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"data": {"MediaListCollection": {"lists": lists(entry())}}}, "data.MediaListCollection.lists[].entries"),
        ({"data": {"anime": {"lists": lists(entry())}}}, "data.anime.lists[].entries"),
        ({"MediaListCollection": {"lists": lists(entry())}}, "MediaListCollection.lists[].entries"),
        ({"lists": lists(entry())}, "lists[].entries"),
        (lists(entry()), "[].entries"),
    ],
)
def test_wrappers(value: Any, path: str) -> None:
    """The same entry in each of the wrappers that scripts write, once."""
    document = dump(value)
    assert identify(document, [ADAPTER]).shape.name == "dump"
    (found,) = records(document)
    assert (found.ids["anilist"], found.score, str(found.locator)) == ("20954", "8", f"{path}[1]")


def test_api_answer_without_lists_is_not_claimed() -> None:
    """An answer about something else is not a dump."""
    with pytest.raises(Unidentified):
        identify(dump({"data": {"Media": {"id": 1, "idMal": 1}}}), [ADAPTER])


# --- dumps: manga -----------------------------------------------------------------------------------------


def test_manga_beside_anime() -> None:
    """data.manga is told as manga, never read as anime, and leaves no id."""
    value = {"data": {"anime": {"lists": lists(entry(9))}, "manga": {"lists": lists(entry(7), entry(0))}}}
    anime, manga, unrated = records(dump(value))
    assert rated(anime).ids == {"anilist": "20954", "mal": "28851"}
    assert (rejected(manga).code, manga.ids, manga.kind) == (Code.UNSUPPORTED_KIND, {}, None)
    assert (rejected(unrated).code, unrated.ids) == (Code.UNRATED, {})
    assert str(manga.locator) == "data.manga.lists[].entries[1]"


MANGA_DUMPS = {
    "type": automail("POINT_10", entry(), type="MANGA"),
    "media.type": automail("POINT_10", entry(media={"type": "MANGA"})),
    "media.format": automail("POINT_10", entry(media={"format": "ONE_SHOT"})),
    "chapters": automail("POINT_10", entry(media={"chapters": 62})),
    "name of a list": dump({"data": {"MediaListCollection": {"lists": lists(entry(), name="Reading")}}}),
    "name of the file": dump({"MediaListCollection": {"lists": lists(entry())}}, "AnilistMangaList.json"),
}


@pytest.mark.parametrize("document", MANGA_DUMPS.values(), ids=MANGA_DUMPS)
def test_dumps_of_manga(document: Document) -> None:
    """Whichever way a dump says that it is of manga, nothing of it is sent as anime."""
    found = rejected(records(document)[0])
    assert (found.code, found.ids) == (Code.UNSUPPORTED_KIND, {})


def test_custom_list_named_reading_is_no_manga() -> None:
    """Only the site's own lists have names that tell."""
    value = {"data": {"MediaListCollection": {"lists": lists(entry(), name="Reading", isCustomList=True)}}}
    assert rated(records(dump(value))[0]).ids["mal"] == "28851"


# --- dumps: scales ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score_format", "scores", "scale", "ratings"),
    [
        ("POINT_100", (1, 14, 45, 85, 100), "0 to 100", [1, 1, 5, 9, 10]),
        ("POINT_10_DECIMAL", (0.1, 7, 8.4, 8.5, 10), "0 to 10", [1, 7, 8, 9, 10]),
        ("POINT_10", (1, 5, 10), "1 to 10", [1, 5, 10]),
        ("POINT_5", (1, 2, 3, 4, 5), "stars-5", [2, 4, 6, 8, 10]),
        ("POINT_3", (1, 2, 3), "anilist-smileys", [4, 6, 9]),
    ],
)
def test_score_formats(score_format: str, scores: tuple[float, ...], scale: str, ratings: list[int]) -> None:
    """The five formats, each with its lowest, its highest and its halves."""
    document = automail(score_format, *(entry(score) for score in scores))
    assert {record.scale for record in records(document)} == {scale}
    assert ratings_of(document) == ratings


@pytest.mark.parametrize("score_format", ["POINT_100", "POINT_10_DECIMAL", "POINT_10", "POINT_5", "POINT_3"])
def test_score_zero_is_unrated(score_format: str) -> None:
    """In every format."""
    assert rejected(records(automail(score_format, entry(0)))[0]).code is Code.UNRATED


@pytest.mark.parametrize("owner", ["User", "user", "Viewer"])
def test_format_beside_the_collection(owner: str) -> None:
    """The format may stand beside the collection, under any of the names that the API has for the person."""
    options = {"mediaListOptions": {"scoreFormat": "POINT_5"}}
    document = dump({"data": {"MediaListCollection": {"lists": lists(entry(4))}, owner: options}})
    assert [record.scale for record in records(document)] == ["stars-5"]


def test_format_inside_the_collection() -> None:
    """MediaListCollection.user is where the API itself has it."""
    options = {"mediaListOptions": {"scoreFormat": "POINT_3"}}
    document = dump({"data": {"MediaListCollection": {"lists": lists(entry(3)), "user": options}}})
    assert [record.scale for record in records(document)] == ["anilist-smileys"]


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ((90, 100, 20, 0), "0 to 100"),
        ((90, 100, 20, 7), "0 to 100"),
        ((85,), "0 to 100"),
        ((7, 8, 8, 7), "0 to 10"),
        ((9, 4), "0 to 10"),
        ((3.5, 2.5, 4, 1), "0 to 10"),
        ((8.5, 8, 7, 3), "0 to 10"),
    ],
)
def test_format_told_by_the_scores(scores: tuple[float, ...], scale: str) -> None:
    """Where no format is named, scores may prove it, and each rating says so."""
    found = records(unnamed(*scores))
    assert {record.scale for record in found} == {scale}
    note = f"the file does not name its score format; its scores look like {scale}"
    assert {record.notes for record in found if isinstance(record, Rating)} == {(note,)}


@pytest.mark.parametrize(
    "scores", [(1, 3, 2), (5, 4, 1, 3), (5, 4, 1, 7), (5, 4, 1, 2.5), (85, 9), (4, 3, 85, 90, 2)]
)
def test_format_that_cannot_be_told(scores: tuple[float, ...]) -> None:
    """Stars, smileys or points: all rated rows stay behind, with what is known of them."""
    for found in map(rejected, records(unnamed(*scores))):
        assert found.code is Code.BAD_SCALE
        assert found.detail.startswith("the file names no score format, and its scores fit several")
        assert (found.scale, found.kind, found.ids["mal"]) == ("", Kind.SHOW, "28851")


@pytest.mark.parametrize("junk", ["💥", "99999999999", "-1", "NaN", "", 4711, None])
def test_junk_in_one_score_changes_no_other(junk: Any) -> None:
    """Neither of a file that is told by its scores nor of one that cannot be."""
    for scores in ((90, 85, 70, 60), (7, 8, 9, 4), (1, 2, 3, 4)):
        before, after = records(unnamed(*scores)), records(unnamed(junk, *scores[1:]))
        assert before[1:] == after[1:]
        assert isinstance(after[0], Reject)


@pytest.mark.parametrize(
    ("score_format", "scores"),
    [
        ("POINT_100", (8.5, 9, 7, 4)),
        ("POINT_10", (85, 90, 40)),
        ("POINT_5", (8, 9, 7, 4)),
        ("POINT_3", (60, 3, 85)),
    ],
)
def test_scores_that_contradict_the_named_format(score_format: str, scores: tuple[float, ...]) -> None:
    """A dump may ask for another format than the person's own; then the name says nothing."""
    for found in map(rejected, records(automail(score_format, *(entry(score) for score in scores)))):
        assert (found.code, found.detail) == (
            Code.BAD_SCALE,
            f"the scores of the file are not {score_format}, as it says",
        )


def test_one_score_beyond_the_named_format_is_a_bad_score() -> None:
    """One cell does not contradict a whole file."""
    found = records(automail("POINT_5", *(entry(score) for score in (5, 4, 9, 3))))
    assert [type(record) for record in found] == [Rating, Rating, Reject, Rating]
    assert rejected(found[2]).code is Code.BAD_SCORE
