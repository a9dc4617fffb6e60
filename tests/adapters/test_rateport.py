"""What rateport makes of its own leftovers and of plain lists."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.rateport import ADAPTER, CODES, SCALES, TYPES
from adapters.rateport import SPACES as READ_SPACES
from adapters.simkl import ADAPTER as SIMKL
from adapters.trakt import ADAPTER as TRAKT
from importer.adapter import Anime, Code, Document, Kind, Moment, OwnTable, Rating, Record, Reject
from importer.intake.identify import Unidentified, identify
from importer.vocabulary import ids, owntables, scales
from importer.vocabulary.cells import defused
from importer.vocabulary.outcomes import QUIET_CODES

LEFTOVERS = (
    "row_id,code,reason,hint,title,year,kind,anime,season,episode,score,scale,rating,rated_at,rated_from,stand_in,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,livechart,anisearch,animeplanet,letterboxd,traktslug,netflix,hulu,crunchyroll,source,"
    "shape,file,line"
)
OUTCOMES = (
    "row_id,source,shape,file,line,kind,anime,season,episode,title,year,score,scale,rating,rated_at,rated_precision,"
    "rated_from,simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,livechart,anisearch,animeplanet,letterboxd,traktslug,"
    "netflix,hulu,crunchyroll,outcome,code,detail"
)


def shape_of(text: str) -> str:
    return identify(Document("file", text.encode()), [ADAPTER, SIMKL, TRAKT]).word


def read(text: str) -> list[Record]:
    document = Document("file", text.encode())
    return list(ADAPTER.parse(document, identify(document, [ADAPTER]).shape))


def table(header: str, **cells: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(","), restval="")
    writer.writeheader()
    writer.writerow(cells)
    return out.getvalue()


def leftover(**cells: str) -> Record:
    usual = {"row_id": "5c1f0b7e94d2a386:4", "code": "not-found", "title": "Heat", "year": "1995", "kind": "movie"}
    return read(table(LEFTOVERS, **{**usual, **cells}))[0]


def rating(record: Record) -> Rating:
    assert isinstance(record, Rating)
    return record


def reject(record: Record) -> Reject:
    assert isinstance(record, Reject)
    return record


def test_what_is_listed_here_is_what_the_house_knows() -> None:
    """Scales, id spaces and codes that are not quiet, as the vocabulary has them."""
    assert set(scales.SCALES) == SCALES
    assert set(ids.SENDABLE) == set(READ_SPACES)
    assert set(CODES.values()) == set(Code) - QUIET_CODES


def test_a_repaired_leftover_is_a_rating_with_all_it_had() -> None:
    """The rating column speaks, whatever the first score and scale were."""
    record = leftover(
        score="4.5", scale="stars-5-halves", rating="9", rated_at="2019-05-04T10:00:00Z", simkl="53992", tmdb="949"
    )
    found = rating(record)
    assert (found.score, found.scale, found.kind, found.title, found.year) == (
        "9",
        "1 to 10",
        Kind.MOVIE,
        "Heat",
        1995,
    )
    assert found.ids == {"simkl": "53992", "tmdb": "949"}
    assert found.moment == Moment("2019-05-04T10:00:00Z", "utc", "rated_at")


@pytest.mark.parametrize("text", ["2019-05-04", "4/18/2026"])
def test_a_leftovers_date_may_be_a_day_or_a_spreadsheets(text: str) -> None:
    """The text is handed on as it is."""
    assert rating(leftover(rating="9", imdb="tt0113277", rated_at=text)).moment == Moment(text, "utc", "rated_at")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("not-found", Code.NOT_FOUND),
        ("bad-score", Code.BAD_SCORE),
        ("no such code", Code.BAD_SCORE),
        ("", Code.BAD_SCORE),
        ("unrated", Code.BAD_SCORE),
        ("duplicate", Code.BAD_SCORE),
        ("filtered", Code.BAD_SCORE),
    ],
)
@pytest.mark.parametrize("empty", ["", "0"])
def test_a_leftover_without_a_rating_is_never_quiet(code: str, expected: Code, empty: str) -> None:
    """It keeps the code it had, unless that would let it vanish from the next leftovers."""
    found = reject(leftover(code=code, rating=empty, score="11", scale="1 to 10", imdb="tt0113277"))
    assert found.code is expected
    assert (found.score, found.scale, found.ids) == ("11", "1 to 10", {"imdb": "tt0113277"})


def test_a_leftover_with_an_unreadable_rating_says_what_it_read() -> None:
    """Words are no scores."""
    found = reject(leftover(rating="ten"))
    assert (found.code, found.detail) == (Code.BAD_SCORE, "'ten' is not a number")


@pytest.mark.parametrize("title", ["-30-", "=Equals", "@Home", "'-quoted", "+1", "Heat"])
def test_defused_titles_come_back_unchanged(title: str) -> None:
    """What was written against spreadsheet formulas is taken off again."""
    assert rating(leftover(title=defused(title), rating="7")).title == title


def test_a_leftover_still_without_a_kind_is_an_unknown_type() -> None:
    """A mal id does not decide here: the column asks the person."""
    assert reject(leftover(kind="", rating="7", mal="16498")).code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize(
    ("kind", "anime", "expected"),
    [
        ("movie", "no", (Kind.MOVIE, Anime.NO)),
        ("Show", "yes", (Kind.SHOW, Anime.YES)),
        ("show", "unknown", (Kind.SHOW, Anime.UNKNOWN)),
        ("anime", "", (Kind.SHOW, Anime.YES)),
        ("film", "TRUE", (Kind.MOVIE, Anime.YES)),
    ],
)
def test_kind_and_anime_of_a_leftover(kind: str, anime: str, expected: tuple[Kind, Anime]) -> None:
    """As rateport writes them, and as people do."""
    found = rating(leftover(kind=kind, anime=anime, rating="7"))
    assert (found.kind, found.anime) == expected


def test_an_episode_among_the_leftovers_keeps_its_numbers_and_its_shows_ids() -> None:
    """It is told apart from the show again."""
    found = rating(leftover(kind="episode", season="1", episode="2", rating="8", tvdb="81189"))
    assert (found.kind, found.season, found.episode, found.ids) == (Kind.EPISODE, 1, 2, {"tvdb": "81189"})


def test_every_id_column_of_the_leftovers_is_read() -> None:
    """None is lost on the way round."""
    cells = dict.fromkeys(READ_SPACES, "21") | {"imdb": "tt0388629", "animeplanet": "one-piece"}
    assert rating(leftover(rating="7", kind="show", **cells)).ids == cells


def test_the_outcomes_report_is_refused() -> None:
    """It has the columns of the leftovers, but is no export."""
    document = Document("outcomes.csv", table(OUTCOMES, outcome="confirmed", rating="8", title="Heat").encode())
    claim = identify(document, [ADAPTER, SIMKL, TRAKT])
    assert claim.word == "rateport:outcomes"
    assert "use leftovers.csv" in claim.shape.refusal


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("movie", (Kind.MOVIE, Anime.UNKNOWN)),
        ("Film", (Kind.MOVIE, Anime.UNKNOWN)),
        ("TV  Show", (Kind.SHOW, Anime.UNKNOWN)),
        ("series", (Kind.SHOW, Anime.UNKNOWN)),
        ("tv", (Kind.SHOW, Anime.UNKNOWN)),
        ("anime", (Kind.SHOW, Anime.YES)),
        ("Anime Movie", (Kind.MOVIE, Anime.YES)),
    ],
)
def test_type_words_of_a_plain_list(word: str, expected: tuple[Kind, Anime]) -> None:
    """In any case of letters."""
    found = rating(read(f"Title,Type,Rating\nHeat,{word},7\n")[0])
    assert (found.kind, found.anime) == expected


@pytest.mark.parametrize("row", ["Heat,,7,", "Heat,game,7,", "Heat,,7,16498"])
def test_a_plain_list_with_a_type_column_must_fill_it(row: str) -> None:
    """Once there is a column to say it, an id does not."""
    assert reject(read(f"title,type,rating,mal\n{row}\n")[0]).code is Code.UNKNOWN_TYPE


@pytest.mark.parametrize("column", ["mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "mal_id"])
def test_without_a_type_column_an_anime_id_decides(column: str) -> None:
    """Other ids do not, and neither does an id that is none."""
    anime, other, junk = read(
        f"title,rating,{column},imdb\nAttack on Titan,9,9541,\nHeat,7,0,tt0113277\nHeat,7,?,\n"
    )
    assert (rating(anime).kind, rating(anime).anime) == (Kind.SHOW, Anime.YES)
    assert reject(other).code is Code.UNKNOWN_TYPE
    assert reject(junk).code is Code.UNKNOWN_TYPE


def test_the_ids_of_an_episode_in_a_plain_list_are_not_taken_for_a_titles() -> None:
    """Nothing says whose they are."""
    found = rating(read("title,type,rating,imdb\nPilot,episode,8,tt0959621\n")[0])
    assert (found.kind, found.ids) == (Kind.EPISODE, {})


def test_a_score_counts_only_beside_a_named_scale() -> None:
    """The rating column goes first; an unknown scale is a reject that names it."""
    rows = "A,movie,,4.5,stars-5-halves\nB,movie,8,2,stars-5\nC,movie,,9,letters\nD,movie,,9,\n"
    stars, own, letters, unscaled = read(f"title,type,rating,score,scale\n{rows}")
    assert (rating(stars).score, rating(stars).scale) == ("4.5", "stars-5-halves")
    assert (rating(own).score, rating(own).scale) == ("8", "1 to 10")
    assert (reject(letters).code, reject(letters).score) == (Code.BAD_SCALE, "9")
    assert reject(letters).detail == "there is no scale 'letters'"
    assert reject(unscaled).code is Code.UNRATED


@pytest.mark.parametrize(("score", "code"), [("4.5", "bad-scale"), ("11", "bad-score"), ("85", "bad-score")])
def test_a_rating_off_1_to_10_is_never_converted(score: str, code: str) -> None:
    """Another scale has to be named."""
    assert reject(read(f"title,type,rating\nHeat,movie,{score}\n")[0]).code is Code(code)


def as_table(scores: list[str]) -> str:
    return "title,type,rating\n" + "".join(f'A{number},movie,"{score}"\n' for number, score in enumerate(scores))


def as_json(scores: list[str]) -> str:
    return json.dumps(
        [{"title": f"A{number}", "type": "movie", "rating": score} for number, score in enumerate(scores)]
    )


@pytest.mark.parametrize("written", [as_table, as_json])
@pytest.mark.parametrize(
    "scores",
    [["4.5", "4", "3"], ["85", "90", "7"], ["3", "4,5", "4", "2", "3.5"], ["7", "100", "8", "9", "95", "10"]],
)
def test_a_column_on_another_scale_is_read_in_no_row(
    written: Callable[[list[str]], str], scores: list[str]
) -> None:
    """4 beside 4.5 are stars, 7 beside 90 is a percentage: no row is a rating, nor filled in for the next run."""
    found = [reject(record) for record in read(written(scores))]
    assert [record.code for record in found] == [Code.BAD_SCALE] * len(scores)
    assert [(record.score, record.scale) for record in found] == [(score, "") for score in scores]
    assert found[0].detail == (
        "the ratings do not look like 1 to 10; name the scale: a column `scale`, or [table] scale in the config"
    )


@pytest.mark.parametrize("written", [as_table, as_json])
@pytest.mark.parametrize("odd", ["4.5", "85", "1000", "B+", "-1"])
def test_one_odd_rating_among_many_is_a_slip(written: Callable[[list[str]], str], odd: str) -> None:
    """It changes no other row; 4.0 is a whole number."""
    found = read(written(["7", odd, "4.0", "8"]))
    assert [getattr(record, "code", "rating") for record in found] == ["rating", Code.BAD_SCORE, "rating", "rating"]


def test_an_unrated_row_of_another_scale_stays_quiet() -> None:
    """There is nothing in it to mend."""
    found = read("title,type,rating\nA,movie,4.5\nB,movie,\nC,movie,3.5\n")
    assert [reject(record).code for record in found] == [Code.BAD_SCALE, Code.UNRATED, Code.BAD_SCALE]


def test_a_named_scale_settles_the_column() -> None:
    """In a column, where no score stands beside it, or in the config."""
    rows = read("title,type,rating,scale\nA,movie,4.5,stars-5-halves\nB,movie,4,stars-5-halves\nC,movie,4,stars\n")
    assert [record.score for record in rows] == ["4.5", "4", "4"]
    assert [rating(record).scale for record in rows[:2]] == ["stars-5-halves"] * 2
    assert reject(rows[2]).code is Code.BAD_SCALE
    stars = own("title,type,rating\nA,movie,4.5\nB,movie,4\n", OwnTable(scale="stars-5-halves"))
    assert [rating(record).scale for record in stars] == ["stars-5-halves"] * 2


def test_leftovers_are_mended_row_by_row() -> None:
    """Two fractions typed into them are two bad scores."""
    out = io.StringIO()
    writer = csv.DictWriter(out, LEFTOVERS.split(","), restval="")
    writer.writeheader()
    usual = {"row_id": "5c1f0b7e94d2a386:4", "title": "Heat", "year": "1995", "kind": "movie"}
    writer.writerows({**usual, "rating": score} for score in ("4.5", "3.5", "7"))
    found = read(out.getvalue())
    assert [getattr(record, "code", "rating") for record in found] == [Code.BAD_SCORE, Code.BAD_SCORE, "rating"]


def test_a_bad_date_that_nobody_mended_stays_one() -> None:
    """A rerun must not send the row undated unless the person says so."""
    found = reject(leftover(code="bad-date", rating="9"))
    assert (found.code, found.score) == (Code.BAD_DATE, "9")
    assert found.detail == "fill in rated_at, or write `none`"
    assert rating(leftover(code="bad-date", rating="9", rated_at="none")).moment is None
    mended = rating(leftover(code="bad-date", rating="9", rated_at="2019-05-04"))
    assert mended.moment == Moment("2019-05-04", "utc", "rated_at")


def test_the_dates_of_leftovers_stand_in_one_column() -> None:
    """Wherever each was first read from."""
    found = rating(leftover(rating="9", rated_at="5/4/2019", rated_from="my_finish_date", stand_in="yes"))
    assert found.moment == Moment("5/4/2019", "utc", "my_finish_date", stand_in=True, place="rated_at")


@pytest.mark.parametrize("column", ["rated_at", "date", "rated"])
def test_date_columns_of_a_plain_list(column: str) -> None:
    """A time without a zone stays one."""
    found = rating(read(f"title,type,rating,{column}\nHeat,movie,7,2018-03-03 20:15\n")[0])
    assert found.moment == Moment("2018-03-03 20:15", "iso", column)


def test_id_columns_may_end_in_id() -> None:
    """imdb and imdb_id alike."""
    found = rating(read("imdb_id,tmdb_id,simkl_id,letterboxd,type,rating\ntt0113277,949,1,heat-1995,movie,7\n")[0])
    assert found.ids == {"imdb": "tt0113277", "tmdb": "949", "simkl": "1", "letterboxd": "heat-1995"}


def test_a_json_list_reads_like_a_table() -> None:
    """Booleans say whether it is anime; a missing type is told by an anime id."""
    items: list[dict[str, Any]] = [
        {"title": "Attack on Titan", "kind": "show", "anime": True, "rating": 9, "tmdb": 1429},
        {"title": "Attack on Titan", "rating": 9, "mal": 16498},
        {"title": "Heat", "type": "movie", "anime": False, "rating": 7, "rated_at": "2018-03-03"},
        {"title": "Heat", "type": "movie", "rating": True},
    ]
    told, by_id, movie, junk = read(json.dumps(items))
    assert (rating(told).anime, told.ids) == (Anime.YES, {"tmdb": "1429"})
    assert (rating(by_id).kind, rating(by_id).anime) == (Kind.SHOW, Anime.YES)
    assert (rating(movie).anime, movie.moment) == (Anime.NO, Moment("2018-03-03", "iso", "rated_at"))
    assert reject(junk).code is Code.BAD_SCORE


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Title,Rating\nHeat,7\n", "rateport:ratings"),
        ("imdb,type,rating\ntt0113277,movie,7\n", "rateport:ids"),
        ('[{"title": "Heat", "rating": 7}]', "rateport:ratings-json"),
        ('[{"type": "movie", "imdb": "tt0113277", "rating": 7}]', "rateport:ids-json"),
        (
            "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n",
            "simkl:csv",
        ),
        ("trakt_id,imdb_id,tmdb_id,tvdb_id,type,watched_at,watchlisted_at,rating,rated_at\n", "trakt:import-csv"),
        (
            '[{"rating": 7, "title": "", "type": "movie", "rated_at": "2018-03-03", "movie": {"ids": {}}}]',
            "trakt:ratings",
        ),
    ],
)
def test_a_plain_list_is_the_weakest_of_all(text: str, word: str) -> None:
    """Whatever tells of another source wins."""
    assert shape_of(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "Title,Rating,Review\nHeat,4.5,fine\n",  # AlloCiné converters, half stars (formats-western.md 2.14)
        "Title,Year,Directors,Rating,WatchedDate\nHeat,1995,Michael Mann,4,2018-03-03\n",  # MUBI, five stars
        "Date,Name,Year,Letterboxd URI,Rating\n2018-03-03,Heat,1995,https://boxd.it/2aNK,4.5\n",
        "type,title,tvdb_id,tmdb_id,season_number,episode_number,rating,favorite_character,emotions\n",
        "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n6,0113277,949,4.5,3.9,Heat (1995)\n",
        '[{"title": "Lost", "rating": 8.2, "rating_user": 9}]',  # SeriesGuide: `rating` is the crowd's
        "year,rating\n1995,7\n",
    ],
)
def test_files_of_other_sources_are_no_plain_lists(text: str) -> None:
    """Their ratings are on other scales or not the person's, and must not be read as 1 to 10."""
    with pytest.raises(Unidentified):
        shape_of(text)


def test_leftovers_without_their_marks_are_not_taken_for_a_plain_list() -> None:
    """A renamed column must not turn repairs into something else."""
    for column in ("row_id,", "code,", "hint,"):
        header = LEFTOVERS.replace(column, f"my_{column}")
        with pytest.raises(Unidentified):
            shape_of(table(header, title="Heat", kind="movie", rating="7"))


def own(text: str, table: OwnTable) -> list[Record]:
    document = Document("file", text.encode())
    return list(ADAPTER.parse(replace(document, own_table=table), identify(document, [ADAPTER]).shape))


def test_an_own_table_is_read_as_its_owner_says() -> None:
    """Scale, form of dates and type words; the date goes by the owner's name for it."""
    table = OwnTable({"rated_at": "Seen"}, {"spielfilm": "movie"}, "stars-5-halves", "ymd")
    found = rating(own("title,type,rating,rated_at\nHeat,Spielfilm,4.5,20190504\n", table)[0])
    assert (found.kind, found.score, found.scale) == (Kind.MOVIE, "4.5", "stars-5-halves")
    assert found.moment == Moment("20190504", "ymd", "Seen")


def test_the_kind_of_an_own_table_holds_for_all_rows() -> None:
    """Over what an anime id alone would decide, but never for an empty cell of a type column."""
    table = OwnTable(kind="movie")
    by_kind = rating(own("title,rating,mal\nYour Name.,9,32281\n", table)[0])
    assert (by_kind.kind, by_kind.anime) == (Kind.MOVIE, Anime.UNKNOWN)
    assert reject(own("title,type,rating\nHeat,,9\n", table)[0]).code is Code.UNKNOWN_TYPE


def test_a_watch_date_of_an_own_table_stands_in_row_by_row() -> None:
    """Where the date of the rating is missing."""
    document = Document("file", b"title,rating,rated_at,seen\nA,7,2019-05-04,2018-01-01\nB,7,,2018-01-01\n")
    table = OwnTable({"watched_at": "seen"}, kind="movie")
    named = replace(document, renames={"seen": "watched_at"}, own_table=table)
    first, second = ADAPTER.parse(named, identify(document, [ADAPTER]).shape)
    assert first.moment == Moment("2019-05-04", "iso", "rated_at")
    assert second.moment == Moment("2018-01-01", "iso", "seen", stand_in=True)


def test_the_adapter_reads_every_column_and_type_of_own_tables() -> None:
    """What the config lets a person say is understood here."""
    assert set(owntables.TYPES) <= set(TYPES)
    read_columns = {"title", "year", "type", "anime", "rating", "rated_at", "watched_at", "season", "episode"}
    assert set(owntables.COLUMNS) == read_columns | set(READ_SPACES)
