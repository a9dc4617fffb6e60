"""IMDb: header generations, type words in seven languages, and dates that are not dates of a rating."""

from __future__ import annotations

import pytest

from adapters.imdb import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify

V3 = "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Year,Directors"
V2 = "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Directors"
LIST = "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,Year,Directors"
V1 = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated",'
    '"IMDb Rating","Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"'
)


def document(header: str, *rows: str) -> Document:
    """A file of `rows` below `header`."""
    return Document("ratings.csv", "\n".join((header, *rows, "")).encode())


def shape_of(file: Document) -> str:
    """The shape that `file` is identified as."""
    return identify(file, [ADAPTER]).shape.name


def records(file: Document) -> list[Record]:
    """All records of `file`, read in the shape that it is identified as."""
    return list(ADAPTER.parse(file, identify(file, [ADAPTER]).shape))


def v3_row(const: str, word: str, *, score: str = "8", date: str = "2024-09-14", director: str = "") -> str:
    """A row of a file since 2024."""
    return (
        f'{const},{score},{date},"Some title","Some title",https://www.imdb.com/title/x/,{word},7,1999,"{director}"'
    )


def v1_row(const: str, created: str, score: str) -> str:
    """A row of a file before November 2017."""
    return (
        f'"1","{const}","{created}","","","The Wire","TV Series","","{score}",'
        '"9.4","59","2002","crime","190000","2002-06-02","http://www.imdb.com/"'
    )


def reading_of(word: str) -> Kind | Code | None:
    """What the type `word` means: a kind, or the code of the reject."""
    record = records(document(V3, v3_row("tt0111161", word)))[0]
    return record.kind if isinstance(record, Rating) else record.code


def test_a_row_since_2024() -> None:
    """Id, title, year, score and day of the rating come out as the file writes them."""
    row = (
        'tt0060196,8,2021-11-13,"The Good, the Bad and the Ugly","Il buono, il brutto, il cattivo",'
        'https://www.imdb.com/title/tt0060196,Movie,8.8,1966,"Sergio Leone"'
    )
    record = records(document(V3, row))[0]
    assert isinstance(record, Rating)
    assert (record.kind, record.title, record.year) == (Kind.MOVIE, "The Good, the Bad and the Ugly", 1966)
    assert (record.score, record.scale, record.ids) == ("8", "1 to 10", {"imdb": "tt0060196"})
    assert record.moment == Moment("2021-11-13", "day", "Date Rated")
    assert record.locator.line == 2


def test_windows_1252_of_2021() -> None:
    """A file of 2021 that is not UTF-8 keeps its accents."""
    row = "tt0211915,9,2006-08-01,Amélie,https://x/,movie,8.3,122,2001,Comedy,712000,Jean-Pierre Jeunet"
    file = Document("ratings.csv", f"{V2}\n{row}\n".encode("cp1252"))
    assert (file.encoding, shape_of(file)) == ("windows-1252", "ratings")
    assert records(file)[0].title == "Amélie"


def test_spreadsheet_dates_are_handed_on_raw() -> None:
    """4/18/2026 is for the whole column to decide, not for the row."""
    record = records(document(V2, "tt0468569,9,4/18/2026,The Dark Knight,u,movie,9,152,2008,Action,30,x"))[0]
    assert record.moment == Moment("4/18/2026", "day", "Date Rated")


def test_date_added_was_the_day_of_the_rating_for_a_winter() -> None:
    """Between November 2017 and spring 2018 the column had another name."""
    header = (
        "Const,Your Rating,Date Added,Title,Title Type,Directors,IMDb Rating,Runtime (mins),Year,Genres,Num Votes"
    )
    file = document(header, "tt5013056,8,2018-01-20,Dunkirk,movie,Christopher Nolan,7.9,106,2017,Action,380000")
    assert shape_of(file) == "ratings-2017"
    assert records(file)[0].moment == Moment("2018-01-20", "day", "Date Added")


def test_created_is_the_day_of_the_rating_where_every_row_has_a_score() -> None:
    """A ratings file before November 2017 keeps its days."""
    file = document(
        V1,
        v1_row("tt0306414", "Sat Mar  4 00:00:00 2017", "10"),
        v1_row("tt0903747", "Mon Sep 30 00:00:00 2013", "9"),
    )
    assert shape_of(file) == "positional"
    assert [record.moment for record in records(file)] == [
        Moment("Sat Mar  4 00:00:00 2017", "c", "created"),
        Moment("Mon Sep 30 00:00:00 2013", "c", "created"),
    ]


def test_created_is_no_date_of_a_rating_in_an_old_list() -> None:
    """One row without a score shows that the file is a list, so no row is dated by the day of listing."""
    rated, unrated = records(
        document(
            V1,
            v1_row("tt0306414", "Tue Mar 10 00:00:00 2015", "10"),
            v1_row("tt0060196", "Tue Mar 10 00:00:00 2015", ""),
        )
    )
    assert isinstance(rated, Rating)
    assert rated.moment is None
    assert isinstance(unrated, Reject)
    assert unrated.code is Code.UNRATED


def test_junk_score_does_not_undate_an_old_ratings_file() -> None:
    """A score that cannot be read is a bad score, not the mark of a list."""
    good, bad = records(
        document(
            V1,
            v1_row("tt0306414", "Sat Mar  4 00:00:00 2017", "10"),
            v1_row("tt0903747", "Sat Mar  4 00:00:00 2017", "ten"),
        )
    )
    assert good.moment == Moment("Sat Mar  4 00:00:00 2017", "c", "created")
    assert isinstance(bad, Reject)
    assert bad.code is Code.BAD_SCORE


def test_a_list_may_hold_one_const_twice() -> None:
    """The rated and the unrated row are two records."""
    rated, unrated = records(
        document(
            f"{LIST},Your Rating,Date Rated",
            "1,tt0468569,2023-07-09,2024-02-01,,The Dark Knight,The Dark Knight,u,Movie,2008,N,8,2025-02-02",
            "1,tt0468569,2023-07-10,2024-02-02,,The Dark Knight,The Dark Knight,u,Movie,2008,N,,",
        )
    )
    assert isinstance(rated, Rating)
    assert rated.moment == Moment("2025-02-02", "day", "Date Rated")
    assert isinstance(unrated, Reject)
    assert (unrated.code, unrated.ids) == (Code.UNRATED, {"imdb": "tt0468569"})


@pytest.mark.parametrize(
    ("const", "expected"),
    [("16968450", "tt16968450"), ("0468569", "tt0468569"), (" tt0468569 ", "tt0468569")],
)
def test_const_without_its_letters(const: str, expected: str) -> None:
    """Seven or eight bare digits under Const are an IMDb id."""
    record = records(document(V3, v3_row(const, "Movie")))[0]
    assert isinstance(record, Rating)
    assert record.ids == {"imdb": expected}


@pytest.mark.parametrize(("const", "expected"), [("468569", "tt0468569"), ("1", "tt0000001")])
def test_const_gets_its_zeros_back(const: str, expected: str) -> None:
    """A spreadsheet ate them, and IMDb writes seven digits at least."""
    record = records(document(V3, v3_row(const, "Movie")))[0]
    assert isinstance(record, Rating)
    assert (record.ids, record.notes) == ({"imdb": expected}, ())


@pytest.mark.parametrize("const", ["tt468569", "46856.0", "12345678901"])
def test_const_of_another_kind_is_no_id(const: str) -> None:
    """Only digits that may have lost zeros are padded."""
    record = records(document(V3, v3_row(const, "Movie")))[0]
    assert isinstance(record, Rating)
    assert (record.ids, record.notes) == ({}, (f"imdb {const!r} is no imdb id left out",))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Feature Film", Kind.MOVIE),
        ("Mini-Series", Kind.SHOW),
        ("Documentary", Kind.MOVIE),
        ("tvMiniSeries", Kind.SHOW),
        ("tvSpecial", Kind.MOVIE),
        ("tvEpisode", Kind.EPISODE),
        ("videoGame", Code.UNSUPPORTED_KIND),
        ("TV Short", Kind.MOVIE),
        ("Video", Kind.MOVIE),
        ("Music Video", Code.UNSUPPORTED_KIND),
        ("Podcast Series", Code.UNSUPPORTED_KIND),
        ("Podcast Episode", Code.UNSUPPORTED_KIND),
        ("Film", Kind.MOVIE),
        ("Serie TV", Kind.SHOW),
        ("Mini serie TV", Kind.SHOW),
        ("Corto", Kind.MOVIE),
        ("Speciale TV", Kind.MOVIE),
        ("Episodio TV", Kind.EPISODE),
        ("Videogioco", Code.UNSUPPORTED_KIND),
        ("TV-Miniserie", Kind.SHOW),
        ("Fernsehfilm", Kind.MOVIE),
        ("TV-Folge", Kind.EPISODE),
        ("Computerspiel", Code.UNSUPPORTED_KIND),
        ("Série télévisée", Kind.SHOW),
        ("serie televisee", Kind.SHOW),
        ("Court-métrage", Kind.MOVIE),
        ("Épisode TV", Kind.EPISODE),
        ("Clip vidéo", Code.UNSUPPORTED_KIND),
        ("Película", Kind.MOVIE),
        ("Serie de televisión", Kind.SHOW),
        ("Episodio de TV", Kind.EPISODE),
        ("Videojuego", Code.UNSUPPORTED_KIND),
        ("Minissérie de televisão", Kind.SHOW),
        ("Curta-metragem", Kind.MOVIE),
        ("Episódio de televisão", Kind.EPISODE),
        ("Videoclipe", Code.UNSUPPORTED_KIND),
        ("Episodio de podcast", Code.UNSUPPORTED_KIND),
        ("Episódio de podcast", Code.UNSUPPORTED_KIND),
        ("फ़िल्म", Kind.MOVIE),
        ("फिल्म", Kind.MOVIE),
        ("टीवी सीरीज़", Kind.SHOW),
        ("टीवी मिनी सीरीज", Kind.SHOW),
        ("टीवी एपिसोड", Kind.EPISODE),
        ("वीडियो गेम", Code.UNSUPPORTED_KIND),
        ("Sceneggiato", Code.UNKNOWN_TYPE),
        ("", Code.UNKNOWN_TYPE),
    ],
)
def test_type_words(word: str, expected: Kind | Code) -> None:
    """A word of any vintage and language means what it says; one that nobody knows is never a silent movie."""
    assert reading_of(word) is expected


def test_a_reject_names_the_word() -> None:
    """The person sees which type stands in the way."""
    game, unknown = records(document(V3, v3_row("tt2140553", "Video Game"), v3_row("tt0111161", "Sceneggiato")))
    assert isinstance(game, Reject)
    assert (game.code, game.detail) == (Code.UNSUPPORTED_KIND, "the type reads 'Video Game'")
    assert isinstance(unknown, Reject)
    assert (unknown.code, unknown.detail) == (Code.UNKNOWN_TYPE, "the type reads 'Sceneggiato'")


def test_an_unrated_game_is_unrated_first() -> None:
    """A row that asks for nothing needs no repair, whatever it names."""
    record = records(document(V3, v3_row("tt2140553", "Video Game", score="", date="")))[0]
    assert isinstance(record, Reject)
    assert record.code is Code.UNRATED


def test_an_unknown_word_without_directors_is_a_show() -> None:
    """The file's own movies have directors and the rows of the word have none: it is a show, and says so."""
    movies = [v3_row(f"tt000000{n}", "Movie", director="Agnès Varda") for n in range(3)]
    shows = [v3_row(f"tt010000{n}", "Reihe") for n in range(3)]
    found = records(document(V3, *movies, *shows))[3:]
    note = "type 'Reihe' taken as show: no row of it names a director"
    assert [(record.kind, getattr(record, "notes", None)) for record in found] == [(Kind.SHOW, (note,))] * 3


@pytest.mark.parametrize(
    ("movies", "undirected_movies", "shows", "directed_shows"),
    [(3, 0, 2, 0), (2, 0, 3, 0), (8, 1, 3, 0), (3, 0, 3, 1)],
    ids=["two rows of the word", "two movies", "movies lack directors too", "a row of the word has a director"],
)
def test_an_unknown_word_without_evidence_stays_unknown(
    movies: int, undirected_movies: int, shows: int, directed_shows: int
) -> None:
    """Too few rows, or directors in the wrong place, decide nothing."""
    rows = [
        *(v3_row(f"tt000000{n}", "Movie", director="Agnès Varda") for n in range(movies)),
        *(v3_row(f"tt010000{n}", "Movie") for n in range(undirected_movies)),
        *(v3_row(f"tt020000{n}", "Reihe") for n in range(shows)),
        *(v3_row(f"tt030000{n}", "Reihe", director="Agnès Varda") for n in range(directed_shows)),
    ]
    found = records(document(V3, *rows))[movies + undirected_movies :]
    assert {record.code for record in found if isinstance(record, Reject)} == {Code.UNKNOWN_TYPE}
    assert len(found) == shows + directed_shows


@pytest.mark.parametrize(
    "word",
    [
        "Podcastavsnitt",
        "Gra gameowa",
        "Brettspiel",
        "Jeux",
        "Musikkvideo",
        "Videoklipp-clip",
        "Épisodique",
        "Folgen",
    ],
)
def test_what_has_no_director_either_is_no_show(word: str) -> None:
    """Podcasts, games, music and episodes in a language that is not known stay unknown."""
    movies = [v3_row(f"tt000000{n}", "Movie", director="Agnès Varda") for n in range(3)]
    found = records(document(V3, *movies, *(v3_row(f"tt010000{n}", word) for n in range(3))))[3:]
    assert [getattr(record, "code", None) for record in found] == [Code.UNKNOWN_TYPE] * 3


def test_a_word_is_never_taken_as_movie_by_evidence() -> None:
    """Directors in every row of an unknown word do not make it a movie."""
    rows = [v3_row(f"tt000000{n}", "Movie", director="Agnès Varda") for n in range(5)]
    rows += [v3_row(f"tt010000{n}", "Kinostück", director="Agnès Varda") for n in range(5)]
    found = records(document(V3, *rows))[5:]
    assert [getattr(record, "code", None) for record in found] == [Code.UNKNOWN_TYPE] * 5


def test_a_list_without_scores_is_refused() -> None:
    """A list of somebody who rated nothing, or of somebody else, has no column to read."""
    file = document(LIST, "1,tt0306414,2024-10-02,2024-10-02,,The Wire,The Wire,u,TV Series,2002,")
    shape = identify(file, [ADAPTER]).shape
    assert shape.name == "list-unrated"
    assert shape.refusal.startswith("This IMDb list has no column Your Rating, so it holds no ratings.")


def test_a_list_of_people_is_refused() -> None:
    """People are not titles."""
    header = "Position,Const,Created,Modified,Description,Name,Known For,Birth Date"
    file = document(header, "1,nm0000138,2024-09-01,2024-09-01,,Leonardo DiCaprio,Titanic,1974-11-11")
    shape = identify(file, [ADAPTER]).shape
    assert shape.name == "people"
    assert shape.refusal.startswith("This IMDb list names people, who have no ratings.")


def test_ratings_speak_before_lists() -> None:
    """Where both name a title, the ratings page has the word."""
    ranks = {shape.name: shape.rank for shape in ADAPTER.shapes}
    assert ranks["ratings"] == ranks["ratings-2017"] == 2
    assert ranks["list"] == ranks["positional"] == 1
