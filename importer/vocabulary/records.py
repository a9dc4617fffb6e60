"""What an adapter yields: one `Rating` or one `Reject` per data record, in the words of the export."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from importer.vocabulary.outcomes import Code

NO_IDS: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """What was rated. Only movies and shows can be sent (simkl-api.md 4)."""

    MOVIE = "movie"
    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"


class FromParts(StrEnum):
    """How the ratings of a show's seasons or episodes become one for the show."""

    MEAN = "mean"
    LATEST = "latest"
    HIGHEST = "highest"


class Anime(StrEnum):
    """Whether the title is anime, as far as the export itself says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Locator(NamedTuple):
    """Where a record stands: `line` is the first physical line of a table's row, or the record's ordinal
    from 1 in JSON and XML, where `path` names the list it stands in."""

    line: int
    path: str = ""

    def __str__(self) -> str:
        return f"{self.path}[{self.line}]" if self.path else f"line {self.line}"


class Moment(NamedTuple):
    """A date as the export writes it: `text` in the named `form` (see `dateforms.FORMS`), from `column`.

    `stand_in` marks a finish or watch date that merely stands in for the missing date of the rating. `place` is
    the column of the file at hand, where `column` names that of an earlier file, where the date was first read.
    """

    text: str
    form: str
    column: str
    stand_in: bool = False
    place: str = ""

    @property
    def where(self) -> str:
        """The column of the file at hand: one order of day and month holds in it, and messages name it."""
        return self.place or self.column


class Rating(NamedTuple):
    """A record that carries a rating. `score` is the raw text, on the scale named `scale`;
    `ids` are canonical texts by id space; `notes` tell what was left out or decided on the way.

    `ids_name_show`: the ids, title and year of a season or episode are those of its show. Where it is not set they
    may be the part's own, as in exports of IMDb, and name no show.

    `profile`: whose rating it is, in exports that hold those of several people.

    `is_kind_sure`: the export itself tells a movie from a show here; if not, the likelier kind stands in `kind`."""

    locator: Locator
    kind: Kind
    score: str
    scale: str
    anime: Anime = Anime.UNKNOWN
    title: str = ""
    year: int | None = None
    ids: Mapping[str, str] = NO_IDS
    moment: Moment | None = None
    season: int | None = None
    episode: int | None = None
    ids_name_show: bool = False
    profile: str = ""
    notes: tuple[str, ...] = ()
    is_kind_sure: bool = True


class Reject(NamedTuple):
    """A record that cannot become a rating: `code` and `detail` say why, the rest is what is known of it.

    The fields it shares with `Rating` come first, in the same order, so that a list of both can be read by column.
    """

    locator: Locator
    kind: Kind | None = None
    score: str = ""
    scale: str = ""
    anime: Anime = Anime.UNKNOWN
    title: str = ""
    year: int | None = None
    ids: Mapping[str, str] = NO_IDS
    moment: Moment | None = None
    season: int | None = None
    episode: int | None = None
    ids_name_show: bool = False
    profile: str = ""
    code: Code = Code.BAD_ROW
    detail: str = ""


Record = Rating | Reject


def rejected(rating: Rating, code: Code, detail: str = "") -> Reject:
    """`rating` as a reject: all that is known of it, and why it cannot be one."""
    known = {name: value for name, value in rating._asdict().items() if name in Reject._fields}
    return Reject(code=code, detail=detail, **known)
