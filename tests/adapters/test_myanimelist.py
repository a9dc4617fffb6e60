"""MyAnimeList: its XML through the years, the dialects of others, and the JSON that it gives out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.myanimelist import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.documents import documents
from importer.intake.identify import Unidentified, identify
from importer.vocabulary.dateforms import read as read_date

SAMPLES = Path(__file__).parents[2] / "sample_exports" / "myanimelist"
XINIL = "<!-- Created by XML Export feature at MyAnimeList.net Programmed by Xinil -->"
TOTALS = "<user_total_anime>1</user_total_anime><user_total_watching>0</user_total_watching>"
OLD_TAGS = {"my_fansub_group": "0", "my_downloaded_eps": "0"}


def anime(**cells: str) -> str:
    """One entry of an export, as little as every writer gives."""
    known = {"series_animedb_id": "1", "series_title": "Cowboy Bebop", "my_score": "8"} | cells
    return "<anime>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in known.items()) + "</anime>"


def export(*entries: str, comment: str = XINIL, info: str = "") -> Document:
    """An XML list of these entries."""
    text = f'<?xml version="1.0" encoding="UTF-8" ?>\n{comment}\n<myanimelist><myinfo>{info}</myinfo>'
    return Document("animelist.xml", (text + "".join(entries) + "</myanimelist>").encode())


def records(document: Document) -> list[Record]:
    """What the adapter makes of a document, identified as a person's file would be."""
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def rating(document: Document) -> Rating:
    """The one record, which is a rating."""
    (found,) = records(document)
    assert isinstance(found, Rating), found
    return found


def dump(value: Any) -> Document:
    """A JSON document."""
    return Document("dump.json", json.dumps(value).encode())


def test_entry_of_an_export() -> None:
    """Id, title, score and finish date are handed on as they stand, the date as a stand-in."""
    found = rating(export(anime(series_type="TV", my_finish_date="2016-04-02")))
    assert (found.kind, found.anime, found.title, found.year) == (Kind.SHOW, Anime.YES, "Cowboy Bebop", None)
    assert (found.ids, found.score, found.scale) == ({"mal": "1"}, "8", "1 to 10")
    assert found.moment == Moment("2016-04-02", "iso", "my_finish_date", stand_in=True)
    assert str(found.locator) == "anime[1]"


@pytest.mark.parametrize(
    ("type_text", "kind"),
    [
        ("TV", Kind.SHOW),
        ("Movie", Kind.MOVIE),
        ("OVA", Kind.SHOW),
        ("TV Special", Kind.SHOW),
        ("Music", Kind.SHOW),
        ("Unknown", Kind.SHOW),
        ("", Kind.SHOW),
        ("3", Kind.MOVIE),  # malappinfo.php numbers its types
        ("1", Kind.SHOW),
    ],
)
def test_only_films_are_told_apart(type_text: str, kind: Kind) -> None:
    """A Movie is a movie, everything else a show; all of it is anime."""
    found = rating(export(anime(series_type=type_text)))
    assert (found.kind, found.anime) == (kind, Anime.YES)


def test_partial_finish_date_is_passed_on() -> None:
    """2011-00-00 is real and is left to the one function of dates."""
    found = rating(export(anime(my_finish_date="2011-00-00")))
    assert found.moment == Moment("2011-00-00", "iso", "my_finish_date", stand_in=True)


def test_no_finish_date() -> None:
    """0000-00-00 means none, and last changes never stand in."""
    found = rating(export(anime(my_finish_date="0000-00-00", my_last_updated="1459548352")))
    assert found.moment is None


def test_unreadable_finish_date_rejects_the_row() -> None:
    """Junk is named, not dropped."""
    (found,) = records(export(anime(my_finish_date="soon")))
    assert isinstance(found, Reject)
    assert (found.code, found.detail) == (Code.BAD_DATE, "my_finish_date: 'soon' is not a date")


@pytest.mark.parametrize("score", ["0", ""])
def test_unrated(score: str) -> None:
    """Score 0 is no score, whatever the status."""
    (found,) = records(export(anime(my_score=score, my_status="Completed")))
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("text", ["0", "", "null"])
def test_no_id(text: str) -> None:
    """Converters write 0, nothing or the text null for what they could not find; only the title is left."""
    found = rating(export(anime(series_animedb_id=text)))
    assert (found.ids, found.title) == ({}, "Cowboy Bebop")


def test_slug_in_place_of_the_id() -> None:
    """An id that is no number cannot be anything of MyAnimeList's."""
    (found,) = records(export(anime(series_animedb_id="cowboy-bebop")))
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_ID


def test_year_comes_from_malappinfo_alone() -> None:
    """The old list service told when a title started; 0000 is no year."""
    old = export(anime(series_start="1998-04-03"), anime(series_start="0000-00-00"))
    assert [record.year for record in records(old)] == [1998, None]
    assert all(isinstance(record, Rating) and not record.notes for record in records(old))


def test_hundred_points_of_a_converter() -> None:
    """Where most scores are above 10, all are of 0 to 100, the small one too."""
    found = records(export(*(anime(my_score=score) for score in ("85", "100", "72", "7", "0"))))
    assert [record.scale for record in found] == ["0 to 100"] * 5
    assert [type(record) for record in found] == [Rating, Rating, Rating, Rating, Reject]
    note = "MyAnimeList never writes scores like those of this file: read on the scale 0 to 100"
    assert all(record.notes == (note,) for record in found if isinstance(record, Rating))


def test_decimals_of_a_converter() -> None:
    """Several fractions prove decimals for the whole file."""
    found = records(export(*(anime(my_score=score) for score in ("8.5", "9.2", "7"))))
    assert [(record.score, record.scale) for record in found] == [
        ("8.5", "0 to 10"),
        ("9.2", "0 to 10"),
        ("7", "0 to 10"),
    ]


@pytest.mark.parametrize("odd", ["85", "7.5", "100", "99999"])
def test_lone_foreign_score_is_a_bad_score(odd: str) -> None:
    """One cell never moves the others to another scale."""
    first, second, third = records(export(anime(my_score="8"), anime(my_score=odd), anime(my_score="3")))
    assert isinstance(second, Reject)
    assert second.code is Code.BAD_SCORE
    assert [(record.score, record.scale) for record in (first, third)] == [("8", "1 to 10"), ("3", "1 to 10")]


def test_two_foreign_scores_among_many_are_bad_scores() -> None:
    """Scores above 10 move a file only when they are most of it."""
    found = records(export(*(anime(my_score=score) for score in ("8", "85", "9", "90", "7"))))
    assert [record.scale for record in found] == ["1 to 10"] * 5
    assert [isinstance(record, Rating) for record in found] == [True, False, True, False, True]


def test_old_panel_is_not_taken_for_taiga() -> None:
    """Old exports have Taiga's tags, but count the list in myinfo."""
    document = export(anime(**OLD_TAGS), info=TOTALS)
    assert identify(document, [ADAPTER]).shape.name == "xml-old"
    assert rating(document).ids == {"mal": "1"}


def test_taiga_is_refused() -> None:
    """Its ids may be those of AniList or Kitsu."""
    shape = identify(export(anime(**OLD_TAGS), comment="<!-- Generated by Taiga -->"), [ADAPTER]).shape
    assert shape.name == "xml-taiga"
    assert "Export the list from the service itself" in shape.refusal


def test_taigas_own_data_file_is_refused() -> None:
    """Its ids are those of whichever service Taiga uses."""
    rows = "<anime><id>1</id><progress>26</progress><score>90</score><status>2</status></anime>"
    document = Document("anime.xml", f"<library>{rows}</library>".encode())
    assert "cannot be told whose they are" in identify(document, [ADAPTER]).shape.refusal


def test_taiga_in_other_clothes_loses_its_ids() -> None:
    """Where only the comment names Taiga, the ids are left out and that is noted."""
    found = rating(export(anime(**OLD_TAGS), comment="<!-- Generated by Taiga v1.4 -->", info=TOTALS))
    assert (found.ids, found.title) == ({}, "Cowboy Bebop")
    assert found.notes[0].startswith("id left out: Taiga writes the ids of whichever service it uses")


def test_a_title_that_names_taiga_changes_nothing() -> None:
    """Only what stands before the list speaks for its writer."""
    assert rating(export(anime(series_title="Taiga Drama"))).ids == {"mal": "1"}


def test_shikimori_is_not_claimed() -> None:
    """Its dialect has a tag of its own, and a source of its own."""
    with pytest.raises(Unidentified, match="shiki_status"):
        identify(export(anime(shiki_status="Completed")), [ADAPTER])


def test_anime_without_title_tag_is_not_claimed() -> None:
    """Kitsu writes such lists, and a broken export is not quietly read."""
    text = export(anime(series_type="TV", my_status="Completed"), info="<user_export_type>1</user_export_type>")
    broken = Document("animelist.xml", text.data.replace(b"series_title", b"title"))
    with pytest.raises(Unidentified):
        identify(broken, [ADAPTER])


def test_manga_is_refused() -> None:
    """A manga list is recognised and says so."""
    document = Document("mangalist.xml", b"<myanimelist><manga><my_score>9</my_score></manga></myanimelist>")
    assert identify(document, [ADAPTER]).shape.refusal == (
        "This is a list of manga, which Simkl does not have. Export the anime list instead."
    )


def entry(**list_status: Any) -> dict[str, Any]:
    """One entry of the API's list."""
    return {"node": {"id": 12189, "title": "Hyouka"}, "list_status": {"score": 8, **list_status}}


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"data": [entry()], "paging": {}}, "api-v2"),
        ([{"data": [entry()], "paging": {}}], "api-v2-pages"),
        ([entry()], "api-v2-list"),
    ],
)
def test_api_lists(value: Any, shape: str) -> None:
    """One page, a list of pages and a flattened list say the same."""
    document = dump(value)
    assert identify(document, [ADAPTER]).shape.name == shape
    found = rating(document)
    assert (found.ids, found.title, found.score, found.kind) == ({"mal": "12189"}, "Hyouka", "8", Kind.SHOW)
    assert found.moment is None


@pytest.mark.parametrize(
    ("finish_date", "text"),
    [("2021-02-02", "2021-02-02"), ("2017-10", "2017-10-00"), ("2017", "2017-00-00")],
)
def test_api_finish_date(finish_date: str, text: str) -> None:
    """The API shortens a partial date where the XML writes zeros; the last change of an entry never stands in."""
    document = dump([entry(finish_date=finish_date, updated_at="2023-02-02T21:41:43+00:00")])
    assert rating(document).moment == Moment(text, "iso", "finish_date", stand_in=True)


def test_api_title_with_more_fields() -> None:
    """Type and year come when they were asked for."""
    node = {"id": 32281, "title": "Kimi no Na wa.", "media_type": "movie", "start_date": "2016-08-26"}
    found = rating(dump([{"node": node, "list_status": {"score": 10}}]))
    assert (found.kind, found.year) == (Kind.MOVIE, 2016)


def test_api_manga_is_refused() -> None:
    """Manga ids would name other titles as anime."""
    found = identify(dump({"data": [entry(num_chapters_read=3)]}), [ADAPTER])
    assert found.shape.name == "api-v2-manga"


def test_load_json_dates_are_not_read() -> None:
    """05-06-17 may be May or June; ids and scores are all that is taken."""
    item = {"anime_id": 12189, "anime_title": "Hyouka", "score": 9, "finish_date_string": "05-06-17"}
    found = rating(dump([item | {"anime_media_type_string": "TV", "anime_start_date_string": "04-22-12"}]))
    assert (found.ids, found.score, found.moment, found.year) == ({"mal": "12189"}, "9", None, None)


def test_gz_as_downloaded() -> None:
    """The official .xml.gz needs no unpacking."""
    (document,) = documents([SAMPLES / "animelist_1731840000_-_9120447.xml.gz"])
    assert identify(document, [ADAPTER]).shape.name == "xml"
    found = records(document)
    assert [record.score for record in found] == ["10", "9", "9", "6", "7", "8", "4", "1", "8", "10", "0"]
    assert [record.kind for record in found].count(Kind.MOVIE) == 2


# --- traps of the dialect ---------------------------------------------------------------------------------


def test_bare_ampersands_are_read() -> None:
    """Lists of MyAnimeList hold them, though XML forbids it; inside CDATA they are just that."""
    bare, whole, inside = records(
        export(
            anime(series_title="Spice & Wolf"),
            anime(series_title="Spice &amp; Wolf"),
            anime(series_title="<![CDATA[Spice & Wolf &amp;]]>"),
        )
    )
    assert [bare.title, whole.title, inside.title] == ["Spice & Wolf", "Spice & Wolf", "Spice & Wolf &amp;"]


def test_entries_inside_comments_are_none() -> None:
    """Converters (of Kaize, notify.moe) leave there what they found no id for."""
    found = records(export(f"<!-- {anime(series_animedb_id='0')} -->", anime()))
    assert [str(record.locator) for record in found] == ["anime[1]"]


@pytest.mark.parametrize("status", ["Watching", "On-Hold", "Dropped", "Plan to Watch", "Rewatching", "2", "4", "6"])
def test_a_rating_counts_under_any_status(status: str) -> None:
    """10 to 84 rated rows of each real export are not completed."""
    assert rating(export(anime(my_status=status))).score == "8"


def test_a_finish_date_without_zeros() -> None:
    """As one fork of the AniList converter writes it."""
    found = rating(export(anime(my_finish_date="2019-5-4")))
    assert found.moment is not None
    assert read_date(found.moment.text, found.moment.form) == read_date("2019-05-04", "iso")


def test_tags_and_comments_are_not_read() -> None:
    """They hold what MAL-Sync keeps there in base64, commas first; and what converters call a last change."""
    more = {
        "my_tags": "<![CDATA[,malsync::aHR0cHM6Ly9leGFtcGxl::]]>",
        "my_comments": "10/10",
        "my_last_updated": "1",
    }
    assert rating(export(anime(**more))) == rating(export(anime()))


@pytest.mark.parametrize(
    "generation", [{"my_dvd": ""}, {"my_storage_value": "0.00", "my_priority": "LOW", "my_sns": "d"}]
)
def test_both_generations_of_the_panel(generation: dict[str, str]) -> None:
    """Until 2020 with `my_dvd`, since 2023 with priorities and storage: they mean the same."""
    assert rating(export(anime(**generation))) == rating(export(anime()))


def test_a_list_without_myinfo() -> None:
    """Somebody cut it out by hand."""
    document = Document("animelist.xml", f"<myanimelist>{anime()}</myanimelist>".encode())
    assert rating(document).ids == {"mal": "1"}
