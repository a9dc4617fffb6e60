"""What the Simkl adapter makes of backups, API answers and CSVs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.rateport import ADAPTER as RATEPORT
from adapters.simkl import ADAPTER
from adapters.trakt import ADAPTER as TRAKT
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify
from importer.vocabulary.errors import InputError

AOT = {
    "title": "Attack on Titan",
    "year": 2013,
    "ids": {
        "simkl": 39687,
        "slug": "attack-on-titan",
        "mal": "16498",
        "anidb": "9541",
        "tvdbslug": "attack-on-titan",
    },
}
GOT = {"title": "Game of Thrones", "year": 2011, "ids": {"simkl": 17465, "imdb": "tt0944947", "tvdb": "121361"}}
INCEPTION = {"title": "Inception", "year": 2010, "ids": {"simkl": 472214, "imdb": "tt1375666", "tmdb": "27205"}}
EXPORT_HEADER = "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB"
TEMPLATE_HEADER = (
    "simkl_id,TVDB_ID,TMDB,IMDB_ID,MAL_ID,Type,Title,Year,LastEpWatched,Watchlist,WatchedDate,Rating,Memo"
)


def entry(score: object = 8, at: object = "2021-06-23T13:19:05Z", **parts: Any) -> dict[str, Any]:
    return {"user_rating": score, "user_rated_at": at, "status": "completed", **parts}


def shape_of(text: str) -> str:
    return identify(Document("file", text.encode()), [ADAPTER, TRAKT, RATEPORT]).word


def read(value: Any) -> list[Record]:
    text = value if isinstance(value, str) else json.dumps(value)
    document = Document("file", text.encode())
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def rating(record: Record) -> Rating:
    assert isinstance(record, Rating)
    return record


def reject(record: Record) -> Reject:
    assert isinstance(record, Reject)
    return record


def test_a_backup_tells_shows_anime_and_movies_apart() -> None:
    """The section says whether it is anime; a film among the anime is told by its anime_type."""
    show, series, film, movie = (
        rating(record)
        for record in read(
            {
                "shows": [entry(show=GOT)],
                "anime": [entry(show=AOT, anime_type="tv"), entry(show=AOT, anime_type="movie")],
                "movies": [entry(movie=INCEPTION)],
            }
        )
    )
    assert [str(record.locator) for record in (show, series, film, movie)] == [
        "shows[1]",
        "anime[1]",
        "anime[2]",
        "movies[1]",
    ]
    assert (show.kind, show.anime) == (Kind.SHOW, Anime.NO)
    assert (series.kind, series.anime) == (Kind.SHOW, Anime.YES)
    assert (film.kind, film.anime) == (Kind.MOVIE, Anime.YES)
    assert (movie.kind, movie.anime) == (Kind.MOVIE, Anime.NO)
    assert series.ids == {"simkl": "39687", "mal": "16498", "anidb": "9541"}
    assert movie.ids == {"simkl": "472214", "imdb": "tt1375666", "tmdb": "27205"}


def test_the_rating_date_is_a_true_one() -> None:
    """The marker for an unknown time is passed on; dates before 1970-01-02 are dropped, with a note, later."""
    dated, unknown, undated = (
        rating(record)
        for record in read(
            {
                "movies": [
                    entry(movie=INCEPTION, at=at)
                    for at in ("2021-06-23T13:19:05.000Z", "1970-01-01T00:00:01Z", None)
                ]
            }
        )
    )
    assert dated.moment == Moment("2021-06-23T13:19:05.000Z", "iso", "user_rated_at")
    assert unknown.moment == Moment("1970-01-01T00:00:01Z", "iso", "user_rated_at")
    assert undated.moment is None


def test_a_date_without_a_rating_is_no_rating() -> None:
    """A cleared rating leaves its date behind."""
    found = reject(read({"shows": [entry(score=None, show=GOT)]})[0])
    assert (found.code, found.title) == (Code.UNRATED, "Game of Thrones")


def test_a_rewatch_is_quiet_and_says_so() -> None:
    """Its rating is the one of the title's own row."""
    own, again = read(
        {"shows": [entry(show=GOT, is_rewatch=False), entry(show=GOT, is_rewatch=True, rewatch_id=2)]}
    )
    assert rating(own).score == "8"
    assert reject(again).code is Code.UNRATED
    assert reject(again).detail == "a rewatch; the rating stands in the row of the title itself"


@pytest.mark.parametrize("score", [11, -1, 7.5, "great"])
def test_scores_off_the_scale_are_rejected(score: object) -> None:
    """Whole numbers from 1 to 10 are all there is."""
    assert reject(read({"movies": [entry(score=score, movie=INCEPTION)]})[0]).code is Code.BAD_SCORE


def test_year_0_is_an_unknown_year() -> None:
    """It is not worth a note."""
    found = rating(read({"movies": [entry(movie={**INCEPTION, "year": 0})]})[0])
    assert (found.year, found.notes) == (None, ())


def test_an_ids_only_answer_has_no_titles() -> None:
    """The ids are enough."""
    found = rating(read({"anime": [entry(show={"ids": {"simkl": 39687}})]})[0])
    assert (found.title, found.ids, found.kind) == ("", {"simkl": "39687"}, Kind.SHOW)


@pytest.mark.parametrize(
    ("value", "word", "count"),
    [
        (
            {"shows": [entry(show=GOT)], "anime": [entry(show=AOT)], "movies": [entry(movie=INCEPTION)]},
            "simkl:backup",
            3,
        ),
        ({"shows": None, "anime": [entry(show=AOT)], "movies": [entry(movie=INCEPTION)]}, "simkl:backup-anime", 2),
        ({"shows": [], "movies": [entry(movie=INCEPTION)]}, "simkl:backup-movies", 1),
        ({"movies": [entry(movie=INCEPTION)]}, "simkl:backup-movies", 1),
        (
            {"shows": [{"status": "watching", "show": GOT}], "movies": [entry(movie=INCEPTION)]},
            "simkl:backup-movies",
            2,
        ),
    ],
)
def test_any_section_may_be_missing(value: Any, word: str, count: int) -> None:
    """One rated section is enough to tell the file; all sections are read."""
    assert shape_of(json.dumps(value)) == word
    assert len(read(value)) == count


@pytest.mark.parametrize("value", [{}, {"shows": [], "anime": None, "movies": []}])
def test_an_empty_account_is_not_identified(value: Any) -> None:
    """Nothing in it says what it is."""
    with pytest.raises(Unidentified):
        shape_of(json.dumps(value))


def test_a_trakt_backup_is_not_taken_for_ours() -> None:
    """It has the same sections, but `rating` and `rated_at` in their items."""
    assert (
        shape_of('{"movies": [{"rating": 8, "rated_at": "2024-01-01", "movie": {"ids": {}}}]}')
        == "trakt:backup-movies"
    )


@pytest.mark.parametrize(
    ("word", "kind", "anime"),
    [
        ("movie", Kind.MOVIE, Anime.NO),
        ("tv", Kind.SHOW, Anime.NO),
        ("TV Show", Kind.SHOW, Anime.NO),
        ("anime", Kind.SHOW, Anime.YES),
    ],
)
def test_type_words_of_the_csv(word: str, kind: Kind, anime: Anime) -> None:
    """In any case of letters."""
    found = rating(read(f"{EXPORT_HEADER}\n1029,A Title,{word},1987,completed,,,10,,,,tt0092455\n")[0])
    assert (found.kind, found.anime) == (kind, anime)


def test_an_unknown_type_word_is_rejected() -> None:
    """It is not guessed at."""
    found = reject(read(f"{EXPORT_HEADER}\n1029,A Title,drama,1987,completed,,,10,,,,tt0092455\n")[0])
    assert (found.code, found.ids) == (Code.UNKNOWN_TYPE, {"simkl": "1029", "imdb": "tt0092455"})


@pytest.mark.parametrize("text", ["18-12-2023 21:50:41", "8/21/2015", "2015-08-21"])
def test_the_watch_date_of_the_csv_only_stands_in(text: str) -> None:
    """The order of day and month is for the whole column to decide."""
    found = rating(read(f"{EXPORT_HEADER}\n1029,TNG,tv,1987,completed,7,{text},10,cool,71470,,tt0092455\n")[0])
    assert found.moment == Moment(text, "iso", "WatchedDate", stand_in=True)
    assert found.ids == {"simkl": "1029", "tvdb": "71470", "imdb": "tt0092455"}


def test_the_export_csv_may_have_a_mal_column() -> None:
    """Its year 0 is unknown."""
    text = f"{EXPORT_HEADER},MAL_ID\n38636,One Piece,anime,0,hold,E130,,7,,81797,37854,tt0388629,21\n"
    found = rating(read(text)[0])
    assert shape_of(text) == "simkl:csv"
    assert found.ids == {"simkl": "38636", "tvdb": "81797", "tmdb": "37854", "imdb": "tt0388629", "mal": "21"}
    assert found.year is None


def test_a_mal_id_in_the_template_makes_it_anime() -> None:
    """Templates call series tv whether anime or not."""
    text = f'{TEMPLATE_HEADER}\n,,,,27775,tv,"Plastic, Memories",2015,s1e2,plan to watch,8/21/2015,5,\n'
    found = rating(read(text)[0])
    assert shape_of(text) == "simkl:import-template"
    assert (found.kind, found.anime, found.title, found.ids) == (
        Kind.SHOW,
        Anime.YES,
        "Plastic, Memories",
        {"mal": "27775"},
    )


def test_a_row_on_a_list_without_a_score_is_quiet() -> None:
    """Watched or planned is not rated."""
    assert (
        reject(read(f"{TEMPLATE_HEADER}\n,,,tt1638355,,movie,A Title,2015,,completed,8/20/2015,,\n")[0]).code
        is Code.UNRATED
    )


def test_a_backup_of_another_program_may_lack_ids() -> None:
    """TV-Time-to-SIMKL writes files of the same name: title and year have to do."""
    bare = {"title": "Game of Thrones", "year": 2011}
    found = rating(read({"shows": [entry(show=bare)]})[0])
    assert (found.title, found.year, found.ids) == ("Game of Thrones", 2011, {})


def test_a_backup_with_escaped_slashes_and_a_mark() -> None:
    """As autoBackup writes it."""
    text = json.dumps({"movies": [entry(movie={**INCEPTION, "poster": "a/b"})]}).replace("/", "\\/")
    document = Document("SimklBackup.json", b"\xef\xbb\xbf" + text.encode())
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER]).shape)
    assert found.ids == {"simkl": "472214", "imdb": "tt1375666", "tmdb": "27205"}


@pytest.mark.parametrize("status", ["watching", "plantowatch", "hold", "notinteresting", "completed", "dropped"])
def test_a_rating_counts_under_any_status(status: str) -> None:
    """Old words and new."""
    assert rating(read({"movies": [entry(movie=INCEPTION, status=status)]})[0]).score == "8"


@pytest.mark.promise("P8")
def test_a_section_that_is_no_list_is_an_error() -> None:
    """What it holds would be lost without a word."""
    backup = {"shows": [entry(show=GOT)], "movies": {"0": entry(movie=INCEPTION)}}
    document = Document("SimklBackup.json", json.dumps(backup).encode())
    with pytest.raises(InputError, match=r"^SimklBackup\.json: movies is no list, as it is in every export"):
        list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))
