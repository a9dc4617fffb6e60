"""Letterboxd: what a link names in which file, half stars, entries without a score, and CSV for its importer."""

from __future__ import annotations

import pytest

from adapters.letterboxd import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Ignored, Unidentified, identify

RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
DIARY_2017 = "Date,Name,Year,Letterboxd URI,Rating,Tags,Watched Date"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date"


def document(header: str, *rows: str, path: str = "") -> Document:
    """A file of `rows` below `header`, with the line ends of Letterboxd."""
    return Document("some.csv", "\r\n".join((header, *rows, "")).encode(), path)


def shape_of(file: Document) -> str:
    """The shape that `file` is identified as."""
    return identify(file, [ADAPTER]).shape.name


def records(file: Document) -> list[Record]:
    """All records of `file`, read in the shape that it is identified as."""
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def rating(file: Document) -> Rating:
    """The only record of `file`, which is a rating."""
    (record,) = records(file)
    assert isinstance(record, Rating)
    return record


def test_a_row_of_ratings() -> None:
    """The date is the day of the rating, and the short link names the film."""
    found = rating(document(RATINGS, "2026-08-19,Filipiñana,2026,https://boxd.it/WTr2,3.5"))
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Filipiñana", 2026)
    assert (found.score, found.scale, found.ids) == ("3.5", "stars-5-halves", {"boxd": "WTr2"})
    assert found.moment == Moment("2026-08-19", "day", "Date")


def test_the_film_slug_of_2017() -> None:
    """Until 2019 the link held the slug."""
    found = rating(document(RATINGS, "2017-03-24,Get Out,2017,https://letterboxd.com/film/get-out-2017/,4.5"))
    assert found.ids == {"letterboxd": "get-out-2017"}


def test_a_film_without_year() -> None:
    """Some films have no year; the row is none the worse."""
    found = rating(document(RATINGS, "2026-08-18,The End of Oak Street,,https://boxd.it/FF9a,3"))
    assert (found.year, found.ids) == (None, {"boxd": "FF9a"})


def test_same_name_other_year_stay_apart() -> None:
    """A film and a mini-series of one name are two records, both as movies: no column tells them apart."""
    series, film = records(
        document(
            RATINGS, "2026-08-19,One Day,2024,https://boxd.it/a1,4", "2026-08-19,One Day,2011,https://boxd.it/b2,2"
        )
    )
    assert [(record.kind, record.year) for record in (series, film)] == [(Kind.MOVIE, 2024), (Kind.MOVIE, 2011)]


def test_a_link_of_another_site_is_left_out() -> None:
    """What is no link of Letterboxd gives no id, and the row says so."""
    found = rating(document(RATINGS, "2026-08-18,The Monkey,2025,https://example.org/x,3"))
    assert found.ids == {}
    assert found.notes == ("letterboxd 'https://example.org/x' is no letterboxd id left out",)


def test_semicolons_of_a_spreadsheet() -> None:
    """A re-save with semicolons, decimal commas and slashed dates is read, values untouched."""
    file = document("Date;Name;Year;Letterboxd URI;Rating", "18/4/2026;The Godfather;1972;https://boxd.it/2aNK;4,5")
    found = rating(file)
    assert (found.score, found.moment) == ("4,5", Moment("18/4/2026", "day", "Date"))


def test_quarter_stars_are_no_score() -> None:
    """Stars come in halves."""
    (record,) = records(document(RATINGS, "2026-08-18,The Monkey,2025,https://boxd.it/Gwiu,3.25"))
    assert isinstance(record, Reject)
    assert record.code is Code.BAD_SCORE


def test_a_diary_link_names_the_entry() -> None:
    """No id comes from it; the day of the entry dates the rating, not the day of watching."""
    file = document(DIARY, '2024-02-11,The Godfather,1972,https://boxd.it/5Qw1Zb,4.5,Yes,"a, b",2024-02-10')
    assert shape_of(file) == "diary"
    found = rating(file)
    assert (found.ids, found.moment) == ({}, Moment("2024-02-11", "day", "Date"))


@pytest.mark.parametrize("number", ["", "1/"])
def test_a_diary_link_of_2017_names_the_film(number: str) -> None:
    """It holds the film's slug behind the user's name, for a later entry with a number."""
    link = f"https://letterboxd.com/inesquill/film/get-out-2017/{number}"
    file = document(DIARY_2017, f"2017-10-28,Get Out,2017,{link},4.5,,2017-10-27")
    assert shape_of(file) == "diary"
    assert rating(file).ids == {"letterboxd": "get-out-2017"}


def test_an_entry_without_stars_is_quiet() -> None:
    """Watched without a score needs no repair."""
    (record,) = records(document(DIARY, "2025-02-22,The Monkey,2025,https://boxd.it/8tLm9x,,,,2025-02-22"))
    assert isinstance(record, Reject)
    assert record.code is Code.UNRATED


def test_a_review_of_several_lines() -> None:
    """The locator is the first line of the row."""
    file = document(
        REVIEWS,
        '2025-01-19,Parasite,2019,https://boxd.it/8hRt4f,5,Yes,"One.\n\n""Two"", three.",,2025-01-18',
        "2026-08-19,Filipiñana,2026,https://boxd.it/bNvAA5,2,,Slow.,,2026-08-18",
    )
    assert shape_of(file) == "reviews"
    assert [(record.locator.line, record.title) for record in records(file)] == [(2, "Parasite"), (5, "Filipiñana")]


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("Date,Name,Year,Letterboxd URI", "films"),
        ("Letterboxd list export v7", "list"),
        ("Date,Name,Tags,URL,Description", "list-bare"),
        ("Date Joined,Username,Given Name,Family Name,Email Address,Favorite Films", "profile"),
    ],
)
def test_files_without_ratings_are_refused(header: str, shape: str) -> None:
    """They are recognised, and the sentence names the file that holds the ratings."""
    found = identify(document(header), [ADAPTER]).shape
    assert found.name == shape
    assert found.refusal.endswith("The ratings are in ratings.csv of the same export.")


@pytest.mark.parametrize("folder", ["deleted", "orphaned", "Deleted"])
def test_entries_that_are_gone_are_not_read(folder: str) -> None:
    """A deleted diary has the header of the live one; only the folder tells."""
    row = "2023-06-02,The Godfather,1972,https://boxd.it/4Ty8Kp,1,,,2023-06-01"
    with pytest.raises(Ignored):
        identify(document(DIARY, row, path=f"letterboxd-x-utc/{folder}/diary.csv"), [ADAPTER])


def test_import_file_is_read_from_rating10() -> None:
    """Where both columns are filled, Rating10 is the finer one; the watch date is a stand-in."""
    file = document(
        "tmdbID,imdbID,Title,Year,Rating,Rating10,WatchedDate",
        "278,tt0111161,The Shawshank Redemption,1994,4.5,9,2019-05-04",
    )
    assert shape_of(file) == "import"
    found = rating(file)
    assert (found.score, found.scale) == ("9", "1 to 10")
    assert found.ids == {"tmdb": "278", "imdb": "tt0111161"}
    assert found.moment == Moment("2019-05-04", "day", "WatchedDate", stand_in=True)


def test_import_row_without_rating10_keeps_its_stars() -> None:
    """A score that only the other column holds is not lost, and keeps that column's scale."""
    found = rating(document("Title,Year,Rating,Rating10", "Inception,2010,4.5,"))
    assert (found.score, found.scale) == ("4.5", "stars-5-halves")


@pytest.mark.parametrize(
    ("header", "row", "shape", "ids"),
    [
        ("Title,Rating10", "Moonlight,10", "import", {}),
        (
            "LetterboxdURI,imdbID,Rating",
            "https://letterboxd.com/film/moonlight-2016/,tt4975722,5",
            "import-stars",
            {"letterboxd": "moonlight-2016", "imdb": "tt4975722"},
        ),
        ("LetterboxdURI,Rating", "https://boxd.it/hTha,5", "import-stars", {"boxd": "hTha"}),
        ("imdbID,tmdbID,Rating", "tt0060196,429,5", "import-stars", {"imdb": "tt0060196", "tmdb": "429"}),
        ("tmdbID,Rating", "680,5", "import-stars", {"tmdb": "680"}),
        ("Title,Year,WatchedDate,Rating", "La Haine,1995,2024-11-30,5", "import-stars", {}),
        ("Title,Year,Directors,Rating", "La Haine,1995,Mathieu Kassovitz,5", "import-bare", {}),
    ],
)
def test_any_columns_of_an_import_file(header: str, row: str, shape: str, ids: dict[str, str]) -> None:
    """Whichever columns the converter wrote, one shape fits and every id is read."""
    file = document(header, row)
    assert shape_of(file) == shape
    assert rating(file).ids == ids


def test_four_import_columns_are_read_as_stars() -> None:
    """Title, year, directors and rating are the import format by themselves, three of them are not."""
    found = records(
        document("Title,Year,Directors,Rating", "Heat,1995,Michael Mann,4.5", "Ran,1985,Akira Kurosawa,")
    )
    assert [(record.score, record.title) for record in found] == [("4.5", "Heat"), ("", "Ran")]
    assert isinstance(found[0], Rating)
    assert found[0].scale == "stars-5-halves"
    for header in ("Title,Year,Rating", "Title,Directors,Rating", "Year,Directors,Rating"):
        with pytest.raises(Unidentified):
            shape_of(document(header))


def test_import_stars_that_go_past_five_are_not_doubled() -> None:
    """Rating on a scale of ten under the name for stars: no row is guessed, an empty one stays quiet."""
    file = document("imdbID,Title,Year,Rating", "tt1,A,2001,4", "tt2,B,2002,8", "tt3,C,2003,5.5", "tt4,D,2004,")
    found = records(file)
    assert [getattr(record, "code", None) for record in found] == [
        Code.BAD_SCALE,
        Code.BAD_SCALE,
        Code.BAD_SCALE,
        Code.UNRATED,
    ]
    assert isinstance(found[0], Reject)
    assert (found[0].score, found[0].scale) == ("4", "")
    assert found[0].detail == "Rating is half a star to five here, but the column goes past 5"


def test_one_import_score_past_five_is_a_slip() -> None:
    """A single bad cell changes no other row."""
    good, bad = records(document("imdbID,Title,Year,Rating", "tt0060196,A,2001,4", "tt0118799,B,2002,45"))
    assert isinstance(good, Rating)
    assert isinstance(bad, Reject)
    assert bad.code is Code.BAD_SCORE


def test_ratings_speak_before_diary_and_imports() -> None:
    """ratings.csv holds the current value, the diary the value of its day."""
    ranks = {shape.name: shape.rank for shape in ADAPTER.shapes}
    assert (ranks["ratings"], ranks["diary"], ranks["reviews"], ranks["import"]) == (3, 2, 2, 1)


def test_typographic_quotes_of_a_name_are_kept() -> None:
    """Letterboxd writes them, and so does Simkl."""
    assert (
        rating(document(RATINGS, "2026-08-18,Schindler’s List,1993,https://boxd.it/2bbs,5")).title
        == "Schindler’s List"
    )


@pytest.mark.parametrize("folder", ["", "letterboxd-x-utc", "my backup/letterboxd-x-utc"])
def test_a_zip_that_was_packed_anew_has_a_folder_at_its_root(folder: str) -> None:
    """The live files are read wherever they lie."""
    row = "2026-08-18,The Godfather,1972,https://boxd.it/2aNK,5"
    path = f"{folder}/ratings.csv".lstrip("/")
    assert identify(document(RATINGS, row, path=path), [ADAPTER]).shape.name == "ratings"


def test_a_list_may_begin_with_a_blank_line() -> None:
    """A banner, or nothing where it stood, then two lines of facts, then the films; it holds no ratings."""
    text = '\r\nDate,Name,Tags,URL,Description\r\n2026-01-02,Three,,https://boxd.it/x,"several\r\nlines"\r\n'
    assert identify(Document("three.csv", text.encode()), [ADAPTER]).shape.name == "list-bare"


def test_a_series_among_the_import_rows_is_tried_once_more() -> None:
    """Converters write series into Letterboxd's format, which has no word for them."""
    found = rating(document("Title,Year,Rating,WatchedDate,imdbID", "Chernobyl,2019,5,,tt7366338"))
    assert (found.kind, found.is_kind_sure) == (Kind.MOVIE, False)
