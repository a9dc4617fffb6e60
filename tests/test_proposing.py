"""What is proposed for an unknown table: guesses from its words and values, marked as such, usable as they are."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.config import Settings
from importer.intake.documents import Document
from importer.proposing import (
    HEADER_WORDS,
    likeliest_date_form,
    likeliest_scale,
    meant_by,
    proposal,
    type_meant_by,
)
from importer.vocabulary.errors import InputError
from importer.vocabulary.owntables import COLUMNS
from tests.commanding import run

GERMAN = (
    "Film;Jahr;Was;Meine Sterne;IMDb Rating;Gesehen am;Notiz\n"
    "Heat;1995;Spielfilm;4,5;8.3;04.05.2019;gut\n"
    "Dark;2017;Serie;5;8.7;24.12.2019;\n"
    "Cosmos;1980;Doku;3;9;1.2.2020;\n"
    "Akira;1988;Anime-Film;;8;;\n"
)
PROPOSED = """\
[table]
# check: reads all of the column, 3 different values, from 3 to 5
scale = "stars-5-halves"
# check: reads all of the column, 3 different values
date_form = "day"

[table.columns]
title = "Film"  # check
year = "Jahr"  # check
type = "Was"  # check
rating = "Meine Sterne"  # check
watched_at = "Gesehen am"  # check
# not used: "IMDb Rating", "Notiz"

[table.types]
"Anime-Film" = "anime movie"  # check
# "Doku" = "..."  # check: one of movie, show, anime, anime movie, season, episode?
"Serie" = "show"  # check
"Spielfilm" = "movie"  # check"""


def proposed(text: str) -> list[str]:
    return proposal(Document("own.csv", text.encode()))


def test_the_whole_block_for_an_unknown_table() -> None:
    """Every guess is marked, and what was not guessed is listed."""
    assert "\n".join(proposed(GERMAN)[2:]) == PROPOSED
    assert all(line.startswith("# ") for line in proposed(GERMAN)[:2])


@pytest.mark.parametrize(
    ("column", "plain"),
    [
        ("Title", "title"),
        ("Filmtitel", "title"),
        ("Título", "title"),
        ("Titre", "title"),
        ("Película", "title"),
        ("Année", "year"),
        ("Año", "year"),
        ("Anno", "year"),
        ("Erscheinungsjahr", "year"),
        ("My rating", "rating"),
        ("your_score", "rating"),
        ("Rating (1-10)", "rating"),
        ("Bewertung", "rating"),
        ("Ma note", "rating"),
        ("Mi puntuación", "rating"),
        ("Il mio voto", "rating"),
        ("Avaliação", "rating"),
        ("Date", "rated_at"),
        ("Datum", "rated_at"),
        ("Date rated", "rated_at"),
        ("Date de notation", "rated_at"),
        ("Fecha", "rated_at"),
        ("Bewertet am", "rated_at"),
        ("Date watched", "watched_at"),
        ("Gesehen am", "watched_at"),
        ("Vu le", "watched_at"),
        ("Visto em", "watched_at"),
        ("Typ", "type"),
        ("Catégorie", "type"),
        ("Staffel", "season"),
        ("Épisode", "episode"),
        ("IMDb ID", "imdb"),
        ("tmdb_id", "tmdb"),
        ("MAL", "mal"),
        ("Release date", None),
        ("IMDb rating", None),
        ("Date de sortie", None),
        ("Titre original", None),
        ("Note du film", None),
        ("Notes", None),
        ("id", None),
        ("2019", None),
    ],
)
def test_what_the_words_of_a_column_suggest(column: str, plain: str | None) -> None:
    """In six languages; a column that says more than the word is left alone."""
    assert meant_by(column) == plain


def test_no_word_suggests_two_things() -> None:
    """Else the order of the table of words would decide."""
    words = [word for listed in HEADER_WORDS.values() for word in listed.replace(";", " ").split()]
    assert sorted(words) == sorted(set(words))
    assert set(HEADER_WORDS) < set(COLUMNS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Spielfilm", "movie"),
        ("TV Movie", "movie"),
        ("TV", "show"),
        ("TV-Serie", "show"),
        ("Mini Series", "show"),
        ("Película", "movie"),
        ("Anime", "anime"),
        ("Anime-Serie", "anime"),
        ("anime film", "anime movie"),
        ("Folge", "episode"),
        ("Doku", None),
        ("Film/Serie", None),
        ("", None),
    ],
)
def test_what_a_type_word_means(text: str, kind: str | None) -> None:
    """Only what all of its words say."""
    assert type_meant_by(text) == kind


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ("1 3 5", "stars-5"),
        ("0,5 3 5", "stars-5-halves"),
        ("1 6 10", "1 to 10"),
        ("7.3 8", "0 to 10"),
        ("4 15 20", "1 to 20"),
        ("35 88", "0 to 100"),
        ("1 6 10 soon", "1 to 10"),
        ("soon later never 5", None),
        ("101 250", None),
        ("", None),
    ],
)
def test_the_narrowest_scale_that_reads_most_is_likeliest(values: str, scale: str | None) -> None:
    """None at all for a column that is mostly something else."""
    fit = likeliest_scale(values.split())
    assert (fit.name if fit else None) == scale


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2019-05-04", "4/18/2026"], "day"),
        (["2019-05-04", "2019-05-04 20:15"], "iso"),
        (["20190504"], "ymd"),
        (["March 4, 2017"], "day"),
        (["Sat Mar  4 00:00:00 2017"], "c"),
        (["1488585600"], "epoch-s"),
        (["1488585600000"], "epoch-ms"),
        (["2019-05-04", "2020-05-04", "soon"], "day"),
        (["2019", "2020"], None),
        (["Paris"], None),
    ],
)
def test_the_plainest_form_that_reads_most_is_likeliest(values: list[str], form: str | None) -> None:
    """Years alone are no days, and seconds are no milliseconds."""
    fit = likeliest_date_form(values)
    assert (fit.name if fit else None) == form


def test_a_value_that_is_not_read_is_shown() -> None:
    """So that the person sees what would be rejected."""
    lines = proposed("Film,Nota\nA,7\nB,9\nC,boh\n")
    assert '# check: reads 2 of 3 different values, but not "boh", from 7 to 9' in lines


def test_doubts_about_the_scale_are_said() -> None:
    """Nobody may have given more than 5 of 10, and 0 may be a score."""
    lines = proposed("Film,Nota\nA,0\nB,4\n")
    assert '# check: five stars are taken for the best; if ten are, it is "1 to 10"' in lines
    assert '# check: 0 is taken for unrated; if it is a score, it is "stars-5 with 0"' in lines
    assert '# check: 0 is taken for unrated; if it is a score, it is "0 to 10 with 0"' in proposed(
        "Film,Nota\nA,0\nB,8\n"
    )


def test_without_a_type_column_no_kind_is_guessed() -> None:
    """It stands there to be uncommented."""
    lines = proposed("Film,Nota\nA,7\n")
    assert '# kind = "movie"' in lines
    assert "[table.types]" not in lines


def test_the_persons_own_rating_goes_first() -> None:
    """Others are named beside it."""
    assert 'rating = "My Rating"  # check or "Rating"' in proposed("Film,Rating,My Rating\nA,7,8\n")


def test_values_speak_against_a_column() -> None:
    """A `Note` full of words is no rating, `Data` without dates no date, many categories no types."""
    rows = "".join(f"A{number},fine,7,abc,Genre {number}\n" for number in range(30))
    lines = proposed(f"Titolo,Note,Voto,Data,Tipo\n{rows}")
    assert '# not used: "Note", "Data", "Tipo"' in lines
    assert 'rating = "Voto"  # check' in lines


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "Film,Notes\nHeat,good\n", "Film,Rating\n"])
def test_a_table_without_ratings_gets_no_block(text: str) -> None:
    """One line says so."""
    (line,) = proposed(text)
    assert line.startswith("# If this is a table of your own: no column looks like a rating")


def test_a_table_that_breaks_off_is_said() -> None:
    """In a comment, like all else that is no guess."""
    (line,) = proposed('Film,Nota\nA,7\n"B,8\n')
    assert line.startswith("# own.csv:3: a quote opened here is never closed")


@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=4, unique_by=lambda name: " ".join(name.split()).casefold())
)
def test_whatever_the_table_the_proposal_is_a_config(names: list[str]) -> None:
    """Odd names in quotes and comments included."""
    quoted = [f'"{name}"'.replace('"', '""')[1:-1] for name in names]
    header = ",".join(["Film", "Nota", "Tipo", *quoted])
    text = f"{header}\n{','.join(['A', '7', 'film', *quoted])}\n"
    try:
        lines = proposed(text)
    except InputError as error:  # refused before anything is proposed
        assert "stands twice" in str(error)
        return
    Settings.model_validate(tomllib.loads("\n".join(lines)))


def test_identify_proposes_and_the_proposal_works(tmp_path: Path) -> None:
    """Printed after the verdict, and read by the next command once it stands in the config."""
    (tmp_path / "own.csv").write_text(GERMAN, encoding="utf-8")
    told = run(["identify", "own.csv"], tmp_path)
    assert told.returncode == 3
    verdict, _, block = told.stdout.partition("\n")
    assert verdict.startswith("own.csv: not an export that rateport knows")
    assert PROPOSED in block
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "config.toml").write_text(block, encoding="utf-8")
    done = run(["identify", "own.csv"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "as the [table] of your config says: title = 'Film'" in done.stdout


def test_nothing_is_proposed_for_what_merely_lies_in_a_folder(tmp_path: Path) -> None:
    """Unknown tables of archives would drown the rest."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "own.csv").write_text(GERMAN, encoding="utf-8")
    assert "[table]" not in run(["identify", "exports"], tmp_path).stdout
