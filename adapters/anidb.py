"""AniDB: the mylist as those of the site's templates write it that hold the person's votes.

From anidb.net, MyList, Export, choosing a template; it comes as a .tgz (formats-anime.md 5). Of
xml-anivote, xml-mystatus and xml-plain-full only the names of the votes are known: an anime is read wherever it
stands, its id and title under any usual name. Templates without votes, and xml-naive, which writes both votes
under one name, are refused.

- Only what is called My... is the person's own: Rating, Votes, TmpRating and the like are everybody's. Votes on
  groups and episodes stand deeper inside an anime under the same names.
- A temporary vote is one on an anime not yet seen to the end; a permanent one speaks before it.
- No vote is written NaN, - or nothing. xml-plain-cs says beside it whether there is one (MyIsVoted).
- Vote dates are in the site's own time, whose zone is nowhere stated. xml-plain-cs puts a Z behind the same
  digits; the others have day.month.year and no zone.
- Anime that were voted on but are not in the mylist do not appear.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from importer.adapter import (
    Adapter,
    Anime,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    csv_shape,
    each_branch,
    marks,
    rating_or_reject,
    xml_shape,
)


class Vote(NamedTuple):
    """Where a template keeps a vote, its date, and the mark that there is one."""

    score: str
    date: str = ""
    flag: str = ""
    notes: tuple[str, ...] = ()


Z_NOTE = "AniDB puts the Z behind the date without stating its zone: it may be hours off"
TEMPORARY = "a temporary vote"
ANYWHERE = ("//Anime", "//anime")
TEMPLATES = {  # where the anime stand, and their permanent votes before the temporary ones
    "xml-plain-cs": (
        ("MyList/Anime",),
        Vote("MyVote", "MyVoteDate", "MyIsVoted", (Z_NOTE,)),
        Vote("MyTmpVote", "MyTmpVoteDate", "MyIsTmpVoted", (TEMPORARY, Z_NOTE)),
    ),
    "xml-plain-new": (
        ("my_anime_list/anime",),
        Vote("MyVote", "MyVoteDate"),
        Vote("MyTempVote", "MyTempVoteDate", notes=(TEMPORARY,)),
    ),
    "html-xstyle": (
        ("root/animes/anime",),
        Vote("normal myvote", "normal myvote date"),
        Vote("temp myvote", "temp myvote date", notes=(TEMPORARY,)),
    ),
    "xml-anivote": (
        ANYWHERE,
        Vote("UserPermVote", "UserPermVote date"),
        Vote("UserTempVote", "UserTempVote date", notes=(TEMPORARY,)),
    ),
    "xml-mystatus": (("//entry",), Vote("my_rating"), Vote("my_rating_temp", notes=(TEMPORARY,))),
    "xml-plain-full": (
        ANYWHERE,
        Vote("MyVote", "MyVote date"),
        Vote("MyTempVote", "MyTempVote date", notes=(TEMPORARY,)),
    ),
}
IDS = ("aid", "AnimeID", "anime_id", "Id", "id")
TITLES = ("main title", "Name", "name", "Title", "title")
YEARS = ("YearStart", "Year", "year")
TYPES = ("TypeName", "Type", "type")
NONE = ("", "-")
NONE_UNLESS_FLAGGED = (*NONE, "NaN")
REFUSAL = (
    "This mylist of AniDB holds no votes of yours, or keeps them where they cannot be told apart. Export it again "
    "with the template xml-plain-cs."
)

_xml = partial(xml_shape, file_names=("mylist",))
HTML = marks("root/", "@anidb", "animes/anime/@id")
PERMANENT = marks("//", "Anime/UserPermVote", "anime/UserPermVote")
OTHER_WRITERS = marks("myanimelist/", "anime", "manga")

SHAPES = (
    _xml(name="xml-plain-cs", required=marks("MyList/Anime/", "@Id", "@Name", "@MyVote", "@MyTmpVote")),
    _xml(name="xml-plain-new", required=marks("my_anime_list/anime/", "AnimeID", "Name", "MyVote", "MyTempVote")),
    _xml(name="html-xstyle", required=HTML | {"root/animes/anime/myvote/@vote"}),
    _xml(name="html-unrated", required=HTML, forbidden=frozenset({"root/animes/anime/myvote"}), refusal=REFUSAL),
    _xml(name="xml-anivote", required=frozenset({"Mylist"}), any_of=PERMANENT, rank=1),
    _xml(name="xml-mystatus", required=marks("//entry/", "@my_rating", "@my_rating_temp")),
    _xml(name="xml-plain-full", required=frozenset(), any_of=marks("//MyVote/", "@value", "value")),
    _xml(name="xml-naive", required=frozenset({"//anime/vote"}), forbidden=OTHER_WRITERS, refusal=REFUSAL),
    _xml(name="xml-others", required=frozenset({"Mylist"}), forbidden=PERMANENT, refusal=REFUSAL),
    _xml(
        name="xml-plain",
        required=frozenset({"myanimelist"}),
        forbidden=OTHER_WRITERS | {"myanimelist/myinfo"},
        refusal=REFUSAL,
    ),
    csv_shape(name="csv-adborg", required=frozenset({"vote", "tmpvote"}), refusal=REFUSAL),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per anime of the mylist, in file order."""
    paths, *votes = TEMPLATES[shape.name]
    return chain.from_iterable(each_branch(document, path, partial(_record, votes)) for path in paths)


def _record(votes: list[Vote], locator: Locator, branch: dict[str, Any]) -> Record:
    cells = _cells(branch)
    vote = next((vote for vote in votes if _is_cast(cells, vote)), votes[0])
    score = cells[vote.score] if _is_cast(cells, vote) else ""
    date = cells[vote.date] if score else ""
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE if _first(cells, TYPES).casefold() == "movie" else Kind.SHOW,
        score=score,
        scale="0 to 10",
        anime=Anime.YES,
        title=_first(cells, TITLES),
        year=_first(cells, YEARS)[:4],
        raw_ids={"anidb": _first(cells, IDS)},
        moment=Moment("" if date in NONE else date, "iso", vote.date),
        notes=tuple(note for note in vote.notes if date or note != Z_NOTE),
    )


def _cells(branch: dict[str, Any]) -> Cells:
    """An anime's attributes, children and their attributes; votes and titles of html-xstyle by their type."""
    cells = {name.removeprefix("@"): text for name, text in branch.items() if isinstance(text, str)}
    for tag, (child, *_) in ((tag, held) for tag, held in branch.items() if isinstance(held, list)):
        parts = {name: held[0][""] for name, held in child.items() if isinstance(held, list)}
        parts |= {name[1:]: text for name, text in child.items() if name.startswith("@")}
        cells |= {f"{tag} {name}": text for name, text in parts.items()}
        cells[tag] = child[""] or parts.get("value", "")
    for vote in branch.get("myvote", []):
        name = "temp myvote" if vote.get("@type") == "temp" else "normal myvote"
        cells |= {name: vote.get("@vote", ""), f"{name} date": vote.get("@date", "")}
    titles = (title for titles in branch.get("titles", []) for title in titles.get("title", []))
    cells["main title"] = next((title[""] for title in titles if title.get("@type") == "main"), "")
    return Cells.named(cells)


def _first(cells: Cells, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := cells[name].strip())), "")


def _is_cast(cells: Cells, vote: Vote) -> bool:
    """Whether there is such a vote; one that is flagged but unreadable is left for the score to be judged."""
    text = cells[vote.score].strip()
    if not vote.flag:
        return text not in NONE
    return cells[vote.flag] == "1" or text not in NONE_UNLESS_FLAGGED


ADAPTER = Adapter(
    name="anidb",
    title="AniDB",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="anidb.net: MyList, Export, template xml-plain-cs; the .tgz needs no unpacking.",
)
