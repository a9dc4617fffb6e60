"""Random accounts over the strict catalogue, random tables of ratings about the same titles, random orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from importer.config import Settings
from importer.sandbox.fixture import TITLES
from importer.sandbox.titles import Title
from importer.vocabulary.sends import Section
from tests.migrating import Migration

COLUMNS = (
    "title",
    "year",
    "type",
    "rating",
    "rated_at",
    "simkl",
    "imdb",
    "tmdb",
    "tvdb",
    "mal",
    "anilist",
    "kitsu",
)
MOMENTS = ("2019-03-01T08:00:00Z", "2020-05-05T08:30:00Z", "2020-05-05T12:00:00Z", "2022-12-31T23:59:59Z")
DAYS = ("2018-07-07", "2020-05-05", "2023-01-01")
_LISTS = {
    Section.MOVIES: ("plantowatch", "completed", "dropped"),
    Section.SHOWS: ("plantowatch", "watching", "completed", "hold", "dropped"),
    Section.ANIME: ("plantowatch", "watching", "completed", "hold", "dropped"),
}
_TYPES = {Section.MOVIES: "movie", Section.SHOWS: "show", Section.ANIME: "anime"}


class Held(NamedTuple):
    """One title of an account: its place in the catalogue, list, rating and date."""

    place: int
    status: str | None
    rating: int | None
    rated_at: str


class Case(NamedTuple):
    """An account, the rows of a table, the orders, and whether planned movies are completed by rating them."""

    account: list[Held]
    rows: list[dict[str, str]]
    settings: Settings
    completes: bool


@st.composite
def _held(draw: st.DrawFn, place: int) -> Held:
    title = TITLES[place][0]
    rating = draw(st.one_of(st.none(), st.integers(1, 10)))
    lists = st.sampled_from(_LISTS[title.section])
    status = draw(lists if rating is None else st.one_of(st.none(), lists))
    return Held(place, status, rating, draw(st.sampled_from(MOMENTS)))


@st.composite
def _row(draw: st.DrawFn, places: list[int]) -> dict[str, str]:
    known: tuple[Title, dict[str, Any]] = TITLES[draw(st.sampled_from(places))]
    title, ids = known
    spaces = [space for space in COLUMNS[5:] if space in ids] + ["simkl"]
    chosen = draw(st.lists(st.sampled_from(spaces), unique=True, max_size=3))
    row = dict.fromkeys(COLUMNS, "")
    row["type"] = _TYPES[title.section]
    if not chosen or draw(st.booleans()):
        row["title"], row["year"] = title.shown_name, str(title.year)
    for space in chosen:
        row[space] = str(title.simkl if space == "simkl" else ids[space])
    if draw(st.integers(0, 7)) == 0:  # a show that nobody knows
        row |= dict.fromkeys(COLUMNS[5:], "") | {"type": "show", "imdb": "tt7777777", "title": "", "year": ""}
    row["rating"] = draw(st.sampled_from([*map(str, range(1, 11)), "", "11"]))
    row["rated_at"] = draw(st.sampled_from(["", *DAYS, *MOMENTS]))
    return row


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One account with one import."""
    places = draw(st.lists(st.integers(0, len(TITLES) - 1), unique=True, min_size=1, max_size=6))
    if draw(st.booleans()):  # the cours of one franchise
        places = [
            *{*places, *(at for at, (title, _) in enumerate(TITLES) if "Attack on Titan" in title.shown_name)}
        ]
    account = [draw(_held(place)) for place in places if draw(st.booleans())]
    rows = draw(st.lists(_row(places), min_size=1, max_size=8))
    only_listed = draw(st.booleans())
    if only_listed:  # an id of the franchise may land on a season that no list has, which cannot be seen before
        rows = [row | dict.fromkeys(COLUMNS[6:9], "") if _names_franchise(row) else row for row in rows]
    settings = Settings(
        on_conflict=draw(st.sampled_from(["newest", "keep", "overwrite", "highest"])),
        only_listed=only_listed,
        hold_undated=draw(st.booleans()),
        ids_only=draw(st.booleans()),
        restore_status=draw(st.booleans()),
        backup=False,
    )
    return Case(account, rows, settings, draw(st.booleans()))


def _names_franchise(row: dict[str, str]) -> bool:
    return row["type"] == "anime" and not any(row[space] for space in ("simkl", "mal", "anilist", "kitsu"))


def fill(migration: Migration, account: list[Held]) -> None:
    """Arrange the account."""
    for held in account:
        title = TITLES[held.place][0]
        item: dict[str, Any] = {"title": title.shown_name, "year": title.year, "ids": {"simkl": title.simkl}}
        if held.rating is not None:
            item |= {"rating": held.rating, "rated_at": held.rated_at}
        migration.put(title.section, item, held.status)


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as a table in plain column names."""
    lines = [",".join(COLUMNS), *(",".join(f'"{row[name]}"' for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
