"""AniDB: the mylist as the site's templates xml-plain-cs, xml-plain-new and html-xstyle write it.

From anidb.net, MyList, Export, choosing a template; it comes as a .tgz to unpack (formats-anime.md 5).

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
    each_branch,
    each_element,
    marks,
    rating_or_reject,
    xml_shape,
)


class Vote(NamedTuple):
    """Where a template keeps a vote, its date, and the mark that there is one."""

    score: str
    date: str
    flag: str = ""
    notes: tuple[str, ...] = ()


class Template(NamedTuple):
    """How a template names what is needed; permanent votes stand before temporary ones."""

    path: str
    id: str
    title: str
    year: str
    type: str
    votes: tuple[Vote, Vote]


Z_NOTE = "AniDB puts the Z behind the date without stating its zone: it may be hours off"
TEMPORARY = "a temporary vote"
TEMPLATES = {
    "xml-plain-cs": Template(
        *("MyList/Anime", "@Id", "@Name", "@YearStart", "@TypeName"),
        (
            Vote("@MyVote", "@MyVoteDate", "@MyIsVoted", (Z_NOTE,)),
            Vote("@MyTmpVote", "@MyTmpVoteDate", "@MyIsTmpVoted", (TEMPORARY, Z_NOTE)),
        ),
    ),
    "xml-plain-new": Template(
        *("my_anime_list/anime", "AnimeID", "Name", "Year", "TypeName"),
        (Vote("MyVote", "MyVoteDate"), Vote("MyTempVote", "MyTempVoteDate", notes=(TEMPORARY,))),
    ),
    "html-xstyle": Template(
        *("root/animes/anime", "@id", "main title", "@year", "@type"),
        (Vote("normal myvote", "normal myvote date"), Vote("temp myvote", "temp myvote date", notes=(TEMPORARY,))),
    ),
}
NONE = ("", "-")
NONE_UNLESS_FLAGGED = (*NONE, "NaN")
REFUSAL = (
    "This mylist of AniDB holds no votes, or keeps them where rateport does not look. Export it again with the "
    "template xml-plain-cs."
)

_xml = partial(xml_shape, file_names=("mylist",))


HTML = marks("root/", "@anidb", "animes/anime/@id")
SHAPES = (
    _xml(name="xml-plain-cs", required=marks("MyList/Anime/", "@Id", "@Name", "@MyVote", "@MyTmpVote")),
    _xml(name="xml-plain-new", required=marks("my_anime_list/anime/", "AnimeID", "Name", "MyVote", "MyTempVote")),
    _xml(name="html-xstyle", required=HTML | {"root/animes/anime/myvote/@vote"}),
    _xml(name="html-unrated", required=HTML, forbidden=frozenset({"root/animes/anime/myvote"}), refusal=REFUSAL),
    _xml(name="xml-others", required=frozenset({"Mylist"}), refusal=REFUSAL),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per anime of the mylist, in file order."""
    template = TEMPLATES[shape.name]
    if shape.name == "html-xstyle":
        return each_branch(document, template.path, partial(_branch, template=template))
    return each_element(document, template.path, partial(_record, template=template))


def _branch(locator: Locator, branch: dict[str, Any], *, template: Template) -> Record:
    cells = Cells({name: text for name, text in branch.items() if isinstance(text, str)})
    for vote in branch.get("myvote", []):
        name = "temp myvote" if vote.get("@type") == "temp" else "normal myvote"
        cells |= {name: vote.get("@vote", ""), f"{name} date": vote.get("@date", "")}
    titles = (title for titles in branch.get("titles", []) for title in titles.get("title", []))
    cells["main title"] = next((title[""] for title in titles if title.get("@type") == "main"), "")
    return _record(locator, cells, template=template)


def _record(locator: Locator, cells: Cells, *, template: Template) -> Record:
    vote = next((vote for vote in template.votes if _is_cast(cells, vote)), template.votes[0])
    score = cells[vote.score] if _is_cast(cells, vote) else ""
    date = cells[vote.date] if score else ""
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE if cells[template.type].strip().casefold() == "movie" else Kind.SHOW,
        score=score,
        scale="0 to 10",
        anime=Anime.YES,
        title=cells[template.title],
        year=cells[template.year].strip()[:4],
        raw_ids={"anidb": cells[template.id]},
        moment=Moment(date, "iso", vote.date.removeprefix("@")),
        notes=tuple(note for note in vote.notes if date or note != Z_NOTE),
    )


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
    help="anidb.net: MyList, Export, template xml-plain-cs; unpack the .tgz (tar xzf) and name its mylist.xml.",
)
