"""Pairs of rows of which it is known that they are two works: however much they share, they never become one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from importer.stages.merge import Preference, merge
from importer.vocabulary.ids import ANIME_NATIVE, FRANCHISE
from importer.vocabulary.records import Anime, Kind, Record
from tests.making import framed, merged, parsed, rating

PLAIN = ("imdb", "tmdb", "tvdb", "simkl", "letterboxd", "traktslug", "netflix")
NATIVE = tuple(sorted(ANIME_NATIVE))
TITLES = (("Solaris", "1972"), ("Solaris", "2002"), ("Fullmetal Alchemist", "2003"))


def identifier(space: str, number: int) -> str:
    """An id of that space."""
    if space == "imdb":
        return f"tt{number:07}"
    return f"work-{number}" if space in ("letterboxd", "traktslug", "animeplanet") else str(number)


def two_works(seed: int) -> tuple[list[Record], str]:
    """A row of each of two works, which differ in one id space at least and may share all else; sometimes a third
    row that holds only what they share. And what they are, for the message."""
    dice = Random(seed)
    is_anime = dice.random() < 0.5
    spaces = [*NATIVE, *PLAIN] if is_anime else list(PLAIN)
    apart = dice.choice(NATIVE if is_anime else PLAIN)
    shared = {space: identifier(space, 900 + dice.randrange(3)) for space in spaces if dice.random() < 0.5}
    shared.pop(apart, None)
    own = [{apart: identifier(apart, 1)}, {apart: identifier(apart, 2)}]
    for ids in own:
        ids.update((space, value) for space, value in shared.items() if dice.random() < 0.8)
    title, year = dice.choice(TITLES)
    rows = [*own, shared] if shared and dice.random() < 0.3 else own
    facts: dict[str, Any] = {
        "kind": Kind.SHOW if is_anime or dice.random() < 0.5 else Kind.MOVIE,
        "anime": Anime.YES if is_anime else Anime.UNKNOWN,
        "title": title,
        "year": int(year),
    }
    records: list[Record] = []
    for line, ids in enumerate(rows, start=1):
        order = dice.sample(sorted(ids), len(ids))
        records.append(rating(line, ids={space: ids[space] for space in order}, score=str(line + 4), **facts))
    return records, f"seed {seed}: {rows}"


def expect_apart(seed: int, *, in_two_files: bool) -> bool:
    """Whether the two works held a bridge between them; fails when they became one."""
    records, told = two_works(seed)
    if in_two_files:
        documents = [parsed(records[:1], file="a.csv"), parsed(records[1:], file="b.csv", source="trakt")]
    else:
        documents = [parsed(records)]
    _, groups = merge(framed(*documents), Preference())  # the titles of more than one row
    first, second = ("a.csv", 1), ("b.csv" if in_two_files else "a.csv", 2)
    for group in groups:
        members = {(member.file, member.line) for member in group.members}
        assert not {first, second} <= members, f"{told} became one title"
    return len(records) == 3


def _expect_all_apart(seeds: range) -> None:
    bridges = sum(expect_apart(seed, in_two_files=bool(seed % 2)) for seed in seeds)
    assert bridges > len(seeds) // 8


@pytest.mark.promise("P12")
def test_500_pairs_that_share_and_disagree_stay_two() -> None:
    """Same title, same year, same ids but one: 0 wrong joins, with a row between them or without."""
    _expect_all_apart(range(500))


@pytest.mark.torture
@pytest.mark.promise("P12")
def test_5000_pairs_that_share_and_disagree_stay_two() -> None:
    """The same, ten times as many others."""
    _expect_all_apart(range(1_000, 6_000))


def test_pairs_without_a_difference_become_one() -> None:
    """The proof can fail: the same rows without the id that differs are joined."""
    joined = 0
    for seed in range(200):
        records, _ = two_works(seed)
        first = {space: value for space, value in records[0].ids.items() if space not in FRANCHISE}
        twins = [record._replace(ids=first) for record in records[:2] if first]
        if twins:
            _, groups = merged(parsed(twins))
            joined += len(groups) == 1
    assert joined == 200 - sum(not set(two_works(seed)[0][0].ids) - set(FRANCHISE) for seed in range(200))
