"""AniList: the account's data download, and dumps of its API by scripts such as Automail.

From anilist.co, Settings, Account, the data download gdpr_data.json (formats-anime.md 3).

- The download keeps raw scores of 0 to 100 whatever the person sees: five stars are raw 90. It has neither titles
  nor years, and much that is private: only the list and the score type are read.
- A dump's scores are in its `scoreFormat`. Where none is named, most scores above 10 mean 100 points, several
  above 5 or with a fraction 10 points; 1 to 5 alone could be stars, smileys or points, so none is taken. Nor is
  any where the scores contradict the format that is named. No single cell decides for the others.
- The completion date stands in for the missing date of the rating. Manga may stand in the same file.
- A title on custom lists stands in each of them: each is a record, and merging lets one of them speak.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from importer.adapter import (
    Adapter,
    Anime,
    Code,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Reject,
    Shape,
    dig,
    each_item,
    json_shape,
    numbers,
    rating_or_reject,
    raw_text,
    rejected,
    text_of,
    value_at,
)

DOWNLOAD = frozenset({"user.score_type", "lists[].series_id", "lists[].series_type", "lists[].score"})
DUMPED = frozenset({
    *("data.MediaListCollection.lists[].entries", "data.anime.lists[].entries"),
    *("MediaListCollection.lists[].entries[].score", "lists[].entries[].media.title", "[].entries[].media.title"),
})  # fmt: skip
LISTS = ("data.MediaListCollection.lists", "data.anime.lists", "MediaListCollection.lists", "lists", "")
MANGA_LISTS = "data.manga.lists"
FORMATS = {
    "POINT_100": "0 to 100",
    "POINT_10_DECIMAL": "0 to 10",
    "POINT_10": "1 to 10",
    "POINT_5": "stars-5",
    "POINT_3": "anilist-smileys",
}
FITTING = {  # by what the scores look like
    "": set(FORMATS.values()),
    "0 to 100": {"0 to 100"},
    "0 to 10": {"0 to 10", "1 to 10"},
}
FORMAT_PLACES = [
    f"{above}{owner}.mediaListOptions.scoreFormat"
    for above in ("", "data.", "MediaListCollection.", "data.MediaListCollection.", "data.anime.")
    for owner in ("User", "user", "Viewer")
]
ANY = "0 to 100"  # while the scale is not known
RAW_SCALES = {
    **dict.fromkeys(("0", "1", "4", "POINT_10", "POINT_100", "POINT_10_DECIMAL"), "0 to 100"),
    **dict.fromkeys(("2", "POINT_5"), "anilist-raw-stars"),
    **dict.fromkeys(("3", "POINT_3"), "anilist-raw-smileys"),
}
MANGA_WORDS = {"MANGA", "NOVEL", "ONE_SHOT"}
MANGA_NAMES = {"reading", "rereading", "completed manga", "completed novel", "completed one shot"}
UNTOLD = "the file names no score format, and its scores fit several; AniList's own data download does name it"

SHAPES = (
    json_shape(name="data-download", required=DOWNLOAD),
    json_shape(name="dump", required=frozenset(), any_of=DUMPED),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per entry of each list, anime before manga, otherwise in file order."""
    if shape.name == "data-download":
        scale = RAW_SCALES.get(text_of(value_at(document, "user.score_type")), "")
        told = "user.score_type is none that AniList has"
        records = each_item(document, "lists[]", partial(_download_record, scale=scale or ANY))
    else:
        entries = chain.from_iterable(each_item(document, f"{lists}[].entries[]", _entry_record) for lists in LISTS)
        scale, told = _scale(document, [record.score for record in entries])
        record_of = partial(_entry_record, scale=scale or ANY, notes=(told,) if told else ())
        converts = {
            lists: partial(record_of, is_manga=_lists_manga(document, lists)) for lists in (*LISTS, MANGA_LISTS)
        }
        records = chain.from_iterable(
            each_item(document, f"{lists}[].entries[]", convert) for lists, convert in converts.items()
        )
    return records if scale else (_rejected(record, Code.BAD_SCALE, told) for record in records)


def _lists_manga(document: Document, lists: str) -> bool:
    """Whether the whole dump is of manga; not every script says so (its `type`) in the file itself."""
    found = value_at(document, lists) or []
    names = {text_of(dig(one, "name")).lower() for one in found if dig(one, "isCustomList") is not True}
    says_so = text_of(value_at(document, "type")) == "MANGA" or "mangalist" in document.base_name
    return says_so or lists == MANGA_LISTS or not names.isdisjoint(MANGA_NAMES)


def _scale(document: Document, scores: list[str]) -> tuple[str, str]:
    """The scale of a dump, or none, and how it was told unless the dump names it."""
    looks_like = _looks_like(scores)
    named = next((found for place in FORMAT_PLACES if (found := text_of(value_at(document, place)))), "")
    if named in FORMATS:
        fits = FORMATS[named] in FITTING[looks_like]
        return (FORMATS[named], "") if fits else ("", f"the scores of the file are not {named}, as it says")
    if looks_like:
        return looks_like, f"the file does not name its score format; its scores look like {looks_like}"
    return "", UNTOLD


def _looks_like(scores: list[str]) -> str:
    """The scale that most scores prove, or nothing."""
    real = [number for number in numbers(scores) if number]
    above_ten = sum(number > 10 for number in real)
    if above_ten * 2 > len(real):
        return "0 to 100"
    up_to_ten = sum(5 < number <= 10 or number % 1 != 0 for number in real)
    return "0 to 10" if above_ten * 4 <= len(real) and up_to_ten >= (2 if len(real) > 3 else 1) else ""


def _download_record(locator: Locator, row: Any, *, scale: str) -> Record:
    series_type = text_of(dig(row, "series_type"))
    record = rating_or_reject(
        locator,
        kind=Kind.SHOW if series_type in ("0", "1") else None,  # anime, manga; films are not told apart
        type_text=f"series_type {series_type}",
        score=raw_text(dig(row, "score")),
        scale=scale,
        anime=Anime.YES,
        raw_ids={"anilist": text_of(dig(row, "series_id"))},
        moment=Moment(raw_text(dig(row, "finished_on")), "ymd", "finished_on", stand_in=True),
    )
    return _of_manga(record) if series_type == "1" else record


def _entry_record(
    locator: Locator, entry: Any, *, scale: str = ANY, notes: tuple[str, ...] = (), is_manga: bool = False
) -> Record:
    if "score" not in entry:
        return Reject(locator=locator, code=Code.BAD_ROW, detail="the dump was made without asking for scores")
    media = dig(entry, "media")
    words = {text_of(dig(media, "type")), text_of(dig(media, "format"))}
    titles = (text_of(dig(media, "title", key)) for key in ("romaji", "english", "userPreferred", "native"))
    record = rating_or_reject(
        locator,
        kind=Kind.MOVIE if "MOVIE" in words else Kind.SHOW,
        score=raw_text(dig(entry, "score")),
        scale=scale,
        anime=Anime.YES,
        title=next(filter(None, titles), ""),
        year=text_of(dig(media, "startDate", "year")) or text_of(dig(media, "seasonYear")),
        raw_ids={
            "anilist": text_of(dig(entry, "mediaId")) or text_of(dig(media, "id")),
            "mal": text_of(dig(media, "idMal")),
        },
        moment=Moment(_day(dig(entry, "completedAt")), "iso", "completedAt", stand_in=True),
        notes=notes,
    )
    is_manga = is_manga or not MANGA_WORDS.isdisjoint(words) or text_of(dig(media, "chapters")) != ""
    return _of_manga(record) if is_manga else record


def _day(parts: Any) -> str:
    year, month, day = (text_of(dig(parts, part)) for part in ("year", "month", "day"))
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if year else ""


def _of_manga(record: Record) -> Reject:
    """Without ids, because MyAnimeList numbers manga and anime alike."""
    return _rejected(record, Code.UNSUPPORTED_KIND, "manga", kind=None, anime=Anime.UNKNOWN, ids={})


def _rejected(record: Record, code: Code, detail: str, **known: Any) -> Reject:
    """What is rated, as a reject on no scale; what is rejected already keeps its reason."""
    if isinstance(record, Reject):
        return record._replace(scale="", **known)
    return rejected(record, code, detail)._replace(scale="", **known)


ADAPTER = Adapter(
    name="anilist",
    title="AniList",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="anilist.co: Settings, Account, download your data; or the anime list as Automail exports it.",
)
