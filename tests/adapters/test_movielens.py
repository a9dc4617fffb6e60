"""MovieLens: ids without tt, years inside titles, the crowd's average, and files that are not one person's."""

from __future__ import annotations

import pytest

from adapters.movielens import ADAPTER
from importer.adapter import Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify

HEADER = "movie_id,imdb_id,tmdb_id,rating,average_rating,title"


def record(row: str, header: str = HEADER) -> Record:
    """What the only row of a file gives."""
    file = Document("movielens-ratings.csv", f"{header}\r\n{row}\r\n".encode())
    (found,) = ADAPTER.parse(file, identify(file, [ADAPTER]).shape)
    return found


def rating(row: str) -> Rating:
    """The rating that `row` holds."""
    found = record(row)
    assert isinstance(found, Rating)
    return found


def test_a_row() -> None:
    """Films only, in half stars, without a date."""
    found = rating("296,0110912,680,4.5,4.17,Pulp Fiction (1994)")
    assert (found.kind, found.title, found.year) == (Kind.MOVIE, "Pulp Fiction", 1994)
    assert (found.score, found.scale, found.moment) == ("4.5", "stars-5-halves", None)
    assert found.ids == {"imdb": "tt0110912", "tmdb": "680"}


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("11762114", {"imdb": "tt11762114", "tmdb": "1"}),
        ("tt0110912", {"imdb": "tt0110912", "tmdb": "1"}),
        ("", {"tmdb": "1"}),
    ],
)
def test_imdb_ids_with_and_without_tt(cell: str, ids: dict[str, str]) -> None:
    """Newer ids have 8 digits."""
    assert rating(f"2,{cell},1,4,3,Suzume (2022)").ids == ids


def test_an_imdb_id_that_lost_its_zeros_is_left_out() -> None:
    """A spreadsheet cuts them off; how many there were is not guessed."""
    found = rating("2959,137523,550,5.0,4.22,Fight Club (1999)")
    assert (found.ids, found.notes) == ({"tmdb": "550"}, ("imdb '137523' is no imdb id left out",))


@pytest.mark.parametrize(
    ("cell", "title", "year"),
    [
        ('"Amélie (Fabuleux destin, Le) (2001)"', "Amélie (Fabuleux destin, Le)", 2001),
        ("Ready Player One", "Ready Player One", None),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
        ("2001: A Space Odyssey (1968) ", "2001: A Space Odyssey", 1968),
        ("Babylon 5", "Babylon 5", None),
    ],
)
def test_the_year_stands_at_the_end_of_the_title(cell: str, title: str, year: int | None) -> None:
    """Other brackets belong to the title."""
    found = rating(f"2,0110912,680,4,3,{cell}")
    assert (found.title, found.year) == (title, year)


def test_the_crowds_average_is_no_rating() -> None:
    """A film without a score of one's own is quiet."""
    found = record("1,0114709,862,,3.89,Toy Story (1995)")
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("score", ["5.5", "0.3", "-1"])
def test_scores_off_the_scale(score: str) -> None:
    """Half a star to five."""
    found = record(f"1,0114709,862,{score},3.89,Toy Story (1995)")
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


@pytest.mark.parametrize(
    ("header", "shape", "words"),
    [
        ("movieId,imdbId,tmdbId", "research-rest", "ratings.csv beside it"),
        ("movieId,title,genres", "research-rest", "ratings.csv beside it"),
        ("userId,movieId,tag,timestamp", "research-rest", "ratings.csv beside it"),
        ("movie_id,imdb_id,tmdb_id,average_rating,title", "unrated", "movielens-ratings.csv"),
        ("datetime,login_id,action_type,log_json", "activity", "movielens-ratings.csv"),
    ],
)
def test_other_files_are_refused(header: str, shape: str, words: str) -> None:
    """They hold no ratings, and say which does."""
    claim = identify(Document("ratings.csv", f"{header}\n".encode()), [ADAPTER])
    assert claim.shape.name == shape
    assert words in claim.shape.refusal


# --- research sets ----------------------------------------------------------------------------------------

LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n680,0112692,\n"
MOVIES = 'movieId,title,genres\n1,Toy Story (1995),Comedy\n318,"Shawshank Redemption, The (1994)",Drama\n'


def researched(*rows: str, **beside: str) -> list[Record]:
    """What ratings.csv of a research set gives with the files `beside` it."""
    files = {f"{name}.csv": Document(f"{name}.csv", text.encode()) for name, text in beside.items()}
    text = "\n".join(("userId,movieId,rating,timestamp", *rows, ""))
    document = Document("ratings.csv", text.encode(), beside=files)
    claim = identify(document, [ADAPTER])
    assert (claim.shape.name, claim.shape.asks_profile) == ("research", True)
    return list(ADAPTER.parse(document, claim.shape))


def test_a_rating_of_a_research_set_is_one_persons() -> None:
    """The number of the person is the profile; ids stand in links.csv, the title in movies.csv."""
    (found,) = researched("414,1,4.5,964982703", links=LINKS, movies=MOVIES)
    assert isinstance(found, Rating)
    assert (found.profile, found.kind, found.title, found.year) == ("414", Kind.MOVIE, "Toy Story", 1995)
    assert (found.ids, found.score, found.scale) == ({"imdb": "tt0114709", "tmdb": "862"}, "4.5", "stars-5-halves")
    assert found.moment == Moment("964982703", "epoch-s", "timestamp")


def test_a_missing_tmdb_id_of_links_is_none() -> None:
    """12 of 8,518 links have none."""
    (found,) = researched("414,680,4.5,964982703", links=LINKS)
    assert (found.ids, found.title) == ({"imdb": "tt0112692"}, "")


@pytest.mark.parametrize("beside", [{}, {"links": LINKS}, {"movies": MOVIES}])
def test_a_film_without_its_link_is_still_a_record(beside: dict[str, str]) -> None:
    """Without ids and title it asks the person."""
    (found,) = researched("414,99999,4.5,964982703", **beside)
    assert isinstance(found, Rating)
    assert (found.ids, found.title, found.year) == ({}, "", None)
