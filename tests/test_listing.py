"""What `sources` and `identify` say beyond the names of sources and shapes."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from importer.adapter import Evidence
from importer.intake.registry import load_adapters
from importer.listing import identified, sources, sources_table
from importer.vocabulary.errors import ConfigError, InputError

TMDB = "TMDb ID,IMDb ID,Type,Name,Your Rating,Date Rated\n"


def said_of(path: Path) -> str:
    """What `identify` says of a file."""
    text, exit_code = identified([path], None, None, None)
    assert exit_code == 0
    return text


@pytest.mark.parametrize("name", ["allocine", "AlloCiné", "ALLOCINÉ"])
def test_a_source_goes_by_its_word_or_its_title(name: str) -> None:
    """As people write it."""
    assert sources(name).startswith("AlloCiné (allocine)\n")


@pytest.mark.parametrize(
    ("name", "site"), [("hulu", "Hulu"), ("Google TV", "Google TV"), ("googletv", "Google TV")]
)
def test_a_site_without_any_export_is_answered(name: str, site: str) -> None:
    """With what else works, in place of an unknown source."""
    text = sources(name)
    assert text.startswith(f"{site} hands out no file with ratings that is known.\n")
    assert "rating (1 to 10), title, year and type" in text


def test_another_word_is_no_source() -> None:
    """The error names those that are."""
    with pytest.raises(ConfigError, match="There is no source 'nothing'; known are allocine, anidb"):
        sources("nothing")


@pytest.mark.parametrize("name", [adapter.name for adapter in load_adapters()])
def test_what_to_know_is_of_the_source_itself(name: str) -> None:
    """Its own module's words, without the places where facts stand for those who build it."""
    told = sources(name).partition("What to know:\n  ")[2].partition("\nFiles:\n")[0]
    docstring = importlib.import_module(f"adapters.{name}").__doc__ or ""
    assert told.split("\n")[0] == docstring.split("\n")[0]
    assert "(formats-" not in told


def test_sources_are_grouped_by_evidence() -> None:
    """The surest first; the sites without any export stand last."""
    text = sources(None)
    places = [
        text.index(group)
        for group in (
            "Format known from real exports:",
            "Format known from what the site or several programs publish:",
            "Format reconstructed from what one other program reads:",
            "No export with ratings is known of Google TV, ",
        )
    ]
    assert places == sorted(places)
    assert len(places) == len(Evidence) + 1


def test_a_file_in_which_nothing_is_rated_says_so(tmp_path: Path) -> None:
    """TMDB's watchlist has the header of its ratings."""
    path = tmp_path / "watchlist.csv"
    path.write_text(f"{TMDB}680,tt0110912,movie,Pulp Fiction,,\n550,tt0137523,movie,Fight Club,,\n")
    sentence = "none of its 2 records is rated, as in a watchlist: there is nothing to import"
    assert "TMDB, ratings (tmdb:ratings)\n  told by " in said_of(path)
    assert sentence in said_of(path)
    path.write_text(f"{TMDB}680,tt0110912,movie,Pulp Fiction,9,\n550,tt0137523,movie,Fight Club,,\n")
    assert "nothing to import" not in said_of(path)


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    """As a preview of it does."""
    with pytest.raises(InputError, match="There are no files in what you named"):
        said_of(tmp_path)


def test_the_table_of_sources_tells_the_way_and_the_load() -> None:
    """How to get the export, what it carries as read off the samples, and how sure the format is."""
    table = sources_table(load_adapters()).splitlines()
    assert len(table) == len(load_adapters()) + 2
    (tmdb,) = [line for line in table if "`tmdb`" in line]
    assert tmdb == (
        "| TMDB | `tmdb` | On themoviedb.org open your profile, Ratings, and press Export. "
        "| imdb, tmdb; date of the rating; 0 to 10 | ratings | published format |"
    )
    (annict,) = [line for line in table if "`annict`" in line]
    assert "| no ratings |  | real export |" in annict
