"""How the words of a person's own table stand for the plain ones."""

from __future__ import annotations

from importer.vocabulary.owntables import OwnTable

TABLE = OwnTable({"rating": " My  Score", "title": "Film"}, {"tv reihe": "show"})


def test_only_what_has_a_plain_name_keeps_one() -> None:
    """Named columns get theirs, free plain names stay, taken ones and all others mean nothing."""
    assert TABLE.renames(["film", "my score", "rating", "imdb", "review"]) == {
        "film": "title",
        "my score": "rating",
        "rating": "",
        "imdb": "imdb",
        "review": "",
    }


def test_missing_columns_are_named_as_the_person_wrote_them() -> None:
    """They are what there is to correct."""
    assert TABLE.missing(["film", "my score"]) == []
    assert TABLE.missing(["film", "rating"]) == [" My  Score"]


def test_type_words_are_compared_without_case_and_blanks() -> None:
    """A word that is not named stands for itself."""
    assert TABLE.plain_type(" TV  REIHE ") == "show"
    assert TABLE.plain_type("Movie") == "movie"
