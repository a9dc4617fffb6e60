"""A table of the person's own: what the config says of it, when that holds, and what is wrong with it."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from importer import config
from importer.config import home_folder
from importer.vocabulary.errors import ConfigError
from tests.commanding import run

COLUMNS = '[table.columns]\ntitle = "Film"\nrating = "My score"\ntype = "What"\nyear = "From"\n'
SHOWN = ("title", "year", "kind", "score", "scale", "rating", "rated_at", "rated_from", "outcome", "code")


def configured(folder: Path, block: str) -> None:
    """The config of this home folder."""
    (folder / "home").mkdir()
    (folder / "home" / "config.toml").write_text(block, encoding="utf-8")


def previewed(
    folder: Path, text: str, block: str, *flags: str
) -> tuple[subprocess.CompletedProcess[str], list[dict[str, str]]]:
    """How a preview of a table with this text went under this config, and the rows of its report."""
    configured(folder, block)
    (folder / "own.csv").write_text(text, encoding="utf-8")
    done = run(["preview", "own.csv", "-o", "report", *flags], folder)
    report = folder / "report" / "outcomes.csv"
    if not report.exists():
        return done, []
    with report.open(encoding="utf-8-sig", newline="") as stream:
        return done, list(csv.DictReader(stream))


def cells(row: dict[str, str], *names: str) -> tuple[str, ...]:
    """Some cells of a row."""
    return tuple(row[name] for name in names)


def test_own_column_names_come_from_the_config(tmp_path: Path) -> None:
    """In any case of letters; scale, dates and types are those of plain lists until the config says otherwise."""
    done, (row,) = previewed(tmp_path, "film,FROM,What,My  score\nHeat,1995,movie,9\n", COLUMNS)
    assert done.returncode == 0, done.stderr
    assert cells(row, "title", "year", "kind", "rating", "scale") == ("Heat", "1995", "movie", "9", "1 to 10")


def test_a_column_that_nobody_names_means_nothing(tmp_path: Path) -> None:
    """The crowd's `rating` does not get in the way of the person's, columns with a free plain name are read."""
    text = "Film,From,What,Rating,My score,imdb,Review,Rated,tmdb_id\nHeat,1995,movie,8.3,9,tt0113277,fine,R,949\n"
    _, (row,) = previewed(tmp_path, text, COLUMNS)
    assert cells(row, "rating", "imdb", "tmdb", "rated_at", "outcome") == ("9", "tt0113277", "", "", "pending")


def test_scores_are_on_the_named_scale_and_no_other(tmp_path: Path) -> None:
    """A score off the scale is a reject, not a guess."""
    text = "Film,From,What,My score\nHeat,1995,movie,3.5\nAlien,1979,movie,8\n"
    _, rows = previewed(tmp_path, text, f'[table]\nscale = "stars-5-halves"\n{COLUMNS}')
    assert [cells(row, "score", "rating", "outcome", "code") for row in rows] == [
        ("3.5", "7", "pending", ""),
        ("8", "", "rejected", "bad-score"),
    ]


def test_own_type_words_stand_beside_the_plain_ones(tmp_path: Path) -> None:
    """In any case of letters and blanks; a word that nobody explained is an unknown type."""
    words = ("spielfilm", "TV  Reihe", "Zeichentrick", "show", "Doku")
    rows = "".join(f"Title {number},2001,{word},7\n" for number, word in enumerate(words, start=1))
    types = '[table.types]\n"Spielfilm" = "movie"\n"TV Reihe" = "show"\n"Zeichentrick" = "anime movie"\n'
    _, found = previewed(tmp_path, f"Film,From,What,My score\n{rows}", COLUMNS + types)
    assert [cells(row, "kind", "anime", "code") for row in found] == [
        ("movie", "unknown", ""),
        ("show", "unknown", ""),
        ("movie", "yes", ""),
        ("show", "unknown", ""),
        ("", "unknown", "unknown-type"),
    ]


def test_the_kind_may_be_said_for_all_rows(tmp_path: Path) -> None:
    """Ids alone are enough then."""
    block = '[table]\nkind = "movie"\n[table.columns]\nimdb = "Const"\nrating = "Points"\n'
    _, (row,) = previewed(tmp_path, "Const,Points\ntt0113277,8\n", block)
    assert cells(row, "kind", "imdb", "rating", "outcome") == ("movie", "tt0113277", "8", "pending")


def test_dates_are_read_in_the_named_form(tmp_path: Path) -> None:
    """The date of the rating where there is one, else the date of watching stands in; both keep their own names."""
    block = (
        '[table]\ndate_form = "ymd"\nkind = "movie"\n[table.columns]\ntitle = "Film"\nrating = "Points"\n'
        'year = "From"\nrated_at = "Judged"\nwatched_at = "Seen"\n'
    )
    text = (
        "Film,From,Points,Judged,Seen\nHeat,1995,8,20190504,20190401\nAlien,1979,9,,20200229\nJaws,1975,7,soon,\n"
    )
    _, rows = previewed(tmp_path, text, block)
    assert [cells(row, "rated_at", "rated_from", "code") for row in rows] == [
        ("2019-05-04T12:00:00Z", "Judged", ""),
        ("2020-02-29T12:00:00Z", "Seen", ""),
        ("", "", "bad-date"),
    ]


PLAIN = "title,year,type,rating\nHeat,1995,movie,4\n"


def test_a_table_that_a_source_claims_is_left_to_it(tmp_path: Path) -> None:
    """Plain lists too, whatever the config says of another table."""
    _, (row,) = previewed(tmp_path, PLAIN, '[table]\nscale = "stars-5"\n[table.columns]\nyear = "Year"\n')
    assert cells(row, "scale", "rating") == ("1 to 10", "4")


def test_naming_rateport_as_the_source_has_the_config_hold(tmp_path: Path) -> None:
    """For plain lists that are on another scale."""
    _, (row,) = previewed(tmp_path, PLAIN, '[table]\nscale = "stars-5"\n', "--source", "rateport")
    assert cells(row, "scale", "rating") == ("stars-5", "8")


def test_leftovers_are_never_taken_for_an_own_table(tmp_path: Path) -> None:
    """Not even when rateport is named as their source: their ratings are from 1 to 10."""
    header = "row_id,code,hint,title,year,kind,rating,rated_at,simkl,imdb"
    text = f"{header}\n5c1f0b7e94d2a386:4,not-found,,Heat,1995,movie,4,,,tt0113277\n"
    _, (row,) = previewed(tmp_path, text, '[table]\nscale = "stars-5"\n', "--source", "rateport")
    assert cells(row, "shape", "rating") == ("leftovers", "4")


def test_another_named_source_is_not_overruled(tmp_path: Path) -> None:
    """--source imdb asks for an IMDb export and nothing else."""
    done, rows = previewed(tmp_path, "Film,From,What,My score\nHeat,1995,movie,9\n", COLUMNS, "--source", "imdb")
    assert (done.returncode, rows) == (3, [])


def test_a_block_that_fits_in_part_says_what_is_missing(tmp_path: Path) -> None:
    """A misspelt name would otherwise leave a column out in silence."""
    done, _ = previewed(tmp_path, "Film,Year,What,My score\nHeat,1995,movie,9\n", COLUMNS)
    assert done.returncode == 3
    assert "The [table] of your config does not fit either: there is no column 'From'." in done.stderr


def test_a_block_without_a_rating_says_so(tmp_path: Path) -> None:
    """Titles alone are no ratings."""
    done, _ = previewed(tmp_path, "Film,Points\nHeat,9\n", '[table.columns]\ntitle = "Film"\n')
    assert done.returncode == 3
    assert "there is no rating" in done.stderr


def test_a_block_for_another_table_changes_nothing(tmp_path: Path) -> None:
    """The message is the one without any block, and says where a block may come from."""
    done, _ = previewed(tmp_path, "a,b\n1,2\n", COLUMNS)
    assert done.returncode == 3
    assert "your config" not in done.stderr
    assert "'rateport identify' proposes what to say of it in the config" in done.stderr


def test_identify_shows_that_the_config_spoke(tmp_path: Path) -> None:
    """With the names, the scale and the form of dates."""
    configured(tmp_path, f'[table]\nscale = "0 to 100"\n{COLUMNS}')
    (tmp_path / "own.csv").write_text("Film,From,What,My score\nHeat,1995,movie,90\n", encoding="utf-8")
    done = run(["identify", "own.csv"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "(rateport:ratings)" in done.stdout
    assert "as the [table] of your config says: title = 'Film', rating = 'My score'" in done.stdout
    assert "scale 0 to 100, dates iso" in done.stdout


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "[table]\nscale = 'stars-6'\n",
            r"table.scale \(from .*config.toml\): there is no scale 'stars-6'; known are 1 to",
        ),
        (
            "[table]\ndate_form = 'dmy'\n",
            "table.date_form .* there is no form of dates 'dmy'; known are iso, utc, day",
        ),
        (
            "[table]\nkind = 'film'\n",
            "table.kind .* there is no kind 'film'; known are movie, show, anime, anime movie",
        ),
        (
            "[table.columns]\nname = 'Film'\n",
            "table.columns .* there is no plain column 'name'; known are title, year",
        ),
        ("[table.columns]\ntitle = 'Film'\nyear = ' film'\n", "table.columns .* 'film' stands there twice"),
        ("[table.columns]\ntitle = ' '\n", "table.columns .* a name is empty"),
        ("[table.types]\nDoku = 'documentary'\n", "table.types .* there is no kind 'documentary'; known are movie"),
        ("[table.types]\nSerie = 'show'\n'serie ' = 'movie'\n", "table.types .* 'serie' stands there twice"),
        (
            "[table]\nkind = 'movie'\n[table.columns]\ntype = 'What'\n",
            "table .* kind is for tables without a column",
        ),
        (
            "[table]\ncolour = 'red'\n",
            "there is no setting table.colour; known are scale, date_form, kind, columns",
        ),
        ("[table.columns]\ntitle = 3\n", "table.columns.title .* valid string"),
        ("[columns]\ntitle = 'Film'\n", "there is no setting columns; known are .*table, scales"),
    ],
)
def test_a_wrong_block_is_named(tmp_path: Path, block: str, said: str) -> None:
    """What is wrong, where it stands, and what would do."""
    configured(tmp_path, block)
    environment = {"RATEPORT_HOME": str(home_folder({"RATEPORT_HOME": str(tmp_path / "home")}))}
    with pytest.raises(ConfigError, match=said):
        config.load({}, environment)
