"""Ids are written one way in each space, and junk never passes for an id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.vocabulary.ids import (
    ANIME_NATIVE,
    FRANCHISE,
    KEPT,
    PER_KIND,
    SENDABLE,
    SPACES,
    WEAK,
    canonical,
    is_absent,
    is_numeric,
)

NUMERIC = sorted(set(SPACES) - {"imdb", "animeplanet", "letterboxd", "traktslug", "boxd"})
SLUGS = ("animeplanet", "letterboxd", "traktslug")


def test_the_spaces_are_those_of_the_official_page() -> None:
    """The keys that may be sent, in the order of the reports (design.md 3)."""
    assert " ".join(SENDABLE) == (
        "simkl imdb tmdb tvdb mal anidb anilist kitsu livechart anisearch animeplanet letterboxd traktslug netflix "
        "hulu crunchyroll"
    )
    assert KEPT == ("trakt", "boxd")
    assert set(SENDABLE) | set(KEPT) == set(SPACES)
    assert set(ANIME_NATIVE) | set(FRANCHISE) | WEAK | PER_KIND <= set(SPACES)
    assert not set(ANIME_NATIVE) & set(FRANCHISE)


@pytest.mark.parametrize(
    ("text", "imdb"),
    [
        ("tt0137523", "tt0137523"),
        (" tt0137523 ", "tt0137523"),
        ("TT0137523", "tt0137523"),
        ("tt0137523/", "tt0137523"),
        ("tt10872600", "tt10872600"),
        ("https://www.imdb.com/title/tt0137523/", "tt0137523"),
        ("http://www.imdb.com/title/tt0137523", "tt0137523"),
        ("https://m.imdb.com/title/tt0137523/?ref_=ext_shr_lnk", "tt0137523"),
        ("137523", None),
        ("0137523", None),
        ("tt137523", None),
        ("tt", None),
        ("tt12345678901", None),
        ("nm0000093", None),
        ("tt0137523 tt0133093", None),
        ("tt0137523,tt0133093", None),
        ("tt01375x3", None),
        ("tt٠١٣٧٥٢٣", None),
        ("=tt0137523", None),
        ("tt0137523\n", "tt0137523"),
        ("tt0137523\nx", None),
        ("https://www.imdb.com/name/nm0000093/", None),
        ("https://www.imdb.com/title/tt0137523/reviews", None),
    ],
)
def test_imdb(text: str, imdb: str | None) -> None:
    """tt and at least seven digits, also out of a link; a bare number is no IMDb id."""
    assert canonical("imdb", text) == imdb


@pytest.mark.parametrize("space", NUMERIC)
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("603", "603"),
        (" 603 ", "603"),
        ("000603", "603"),
        ("603.0", "603"),
        ("603.00", "603"),
        ("1", "1"),
        ("0", None),
        ("-603", None),
        ("+603", None),
        ("603.5", None),
        ("6e2", None),
        ("0x25b", None),
        ("603,604", None),
        ("603 604", None),
        ("1,234", None),
        ("tt0137523", None),
        ("the-matrix", None),
        ("٦٠٣", None),
        ("６０３", None),
        ("603\x00", None),
        ("💥", None),
        ("9" * 18, "9" * 18),
        ("9" * 19, None),
    ],
)
def test_numbers(space: str, text: str, number: str | None) -> None:
    """A positive whole number, as spreadsheets write it too; everything else is no id."""
    assert canonical(space, text) == number


@pytest.mark.parametrize("space", SLUGS)
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("the-matrix", "the-matrix"),
        (" The-Matrix ", "the-matrix"),
        ("2001-a-space-odyssey-1968", "2001-a-space-odyssey-1968"),
        ("tron_legacy", "tron_legacy"),
        ("1917", "1917"),
        ("the matrix", None),
        ("/film/the-matrix/", None),
        ("-matrix", None),
        ("amélie", None),
        ("=cmd", None),
        ("a\x00b", None),
    ],
)
def test_slugs(space: str, text: str, slug: str | None) -> None:
    """Lower-case words with hyphens."""
    assert canonical(space, text) == slug


@pytest.mark.parametrize(
    ("text", "link"),
    [("2b0k", "2b0k"), ("29Bq", "29Bq"), (" f4M ", "f4M"), ("boxd.it/2b0k", None), ("2b-0k", None)],
)
def test_short_links_keep_their_case(text: str, link: str | None) -> None:
    """boxd.it/29Bq and boxd.it/29bq are two films."""
    assert canonical("boxd", text) == link


@pytest.mark.parametrize("text", ["", "  ", "0", "null", "None", "NaN", "n/a", "N/A", "-1", "-"])
def test_ways_of_writing_no_id(text: str) -> None:
    """Blank and zero ids say that there is none; they are no bad ids."""
    assert is_absent(text)


@pytest.mark.parametrize("text", ["1", "tt0137523", "none-shall-escape", "00", "💥"])
def test_everything_else_claims_to_be_an_id(text: str) -> None:
    """What is there must be a good id or be reported."""
    assert not is_absent(text)


@given(st.sampled_from(SPACES), st.text(max_size=40))
def test_canonical_is_idempotent(space: str, text: str) -> None:
    """The canonical writing of an id is its own canonical writing, in plain ASCII without blanks."""
    found = canonical(space, text)
    if found is not None:
        assert canonical(space, found) == found
        assert found.isascii()
        assert not set(found) & set(" \t\r\n\x00")


@given(st.sampled_from(NUMERIC), st.integers(1, 10**18 - 1))
def test_numbers_survive_a_spreadsheet(space: str, number: int) -> None:
    """Leading zeros and a decimal zero change nothing."""
    assert canonical(space, f"00{number}") == canonical(space, f"{number}.0") == str(number)


@given(st.integers(1, 9_999_999_999))
def test_imdb_ids_survive_a_link(number: int) -> None:
    """The id in a link is the id."""
    assert canonical("imdb", f"https://www.imdb.com/title/tt{number:07}/") == f"tt{number:07}"


def test_which_ids_are_numbers_on_the_wire() -> None:
    """IMDb ids, slugs and short links travel as text, the others as integers."""
    assert [space for space in SPACES if not is_numeric(space)] == [
        "imdb", "animeplanet", "letterboxd", "traktslug", "boxd",
    ]  # fmt: skip
