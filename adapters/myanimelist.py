"""MyAnimeList: its XML export, what others write in that dialect, API v2 and load.json dumps.

From myanimelist.net, profile, Export (formats-anime.md 1, 2). A Movie is an anime too; 0 means unrated.

- There is no date of a rating: the finish date stands in, and may be partial (2011-00-00). There is no year.
- Exports of the old panel (up to about 2015) have `my_fansub_group` and `my_downloaded_eps`, as Taiga's have to
  this day; only MyAnimeList counts the list in `myinfo`, and only Taiga names itself in a comment at the top.
  Taiga's own data file has another form, and scores of 100.
- Converters from AniList copy its scores unscaled. Most scores above 10, or several with a fraction, prove one,
  and put the whole file on that scale. A lone such score is a bad score: no single cell decides for the others.
- load.json writes dates as the viewer had set them, day and month in either order: they are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from importer.adapter import (
    NO_MANGA,
    Adapter,
    Anime,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    dig,
    each_element,
    each_item,
    json_shape,
    marks,
    numbers,
    rating_or_reject,
    text_of,
    xml_shape,
)

ANIME = "myanimelist/anime"
MANGA = "myanimelist/manga"
CORE = marks(f"{ANIME}/", "series_animedb_id", "series_title", "my_score")
OLD = marks(f"{ANIME}/", "my_fansub_group", "my_downloaded_eps")
TOTALS = marks("myanimelist/myinfo/", "user_total_anime", "user_total_watching")
OTHERS = frozenset({f"{ANIME}/shiki_status", MANGA})  # Shikimori's lists; lists of manga
API_LISTS = {"api-v2": "data[]", "api-v2-pages": "[].data[]", "api-v2-list": "[]"}


class Keys(NamedTuple):
    """Where one writer puts what; empty for what it does not have."""

    type: str
    score: str
    title: str
    id: str
    finished: str = ""
    started: str = ""  # the title's own first day, for its year


XML = Keys("series_type", "my_score", "series_title", "series_animedb_id", "my_finish_date", "series_start")
TAIGAS = XML._replace(id="")
API = Keys(
    "node.media_type", "list_status.score", "node.title", "node.id", "list_status.finish_date", "node.start_date"
)
LOAD = Keys("anime_media_type_string", "score", "anime_title", "anime_id")
MOVIES = ("movie", "3")  # 3: malappinfo.php

TAIGA = (
    "Taiga writes the ids of whichever service it uses (MyAnimeList, AniList, Kitsu) under one name, so that it "
    "cannot be told whose they are. Export the list from the service itself."
)
PARTIAL_DAY = re.compile(r"\d{4}(-\d{2})?", re.ASCII)

_xml = partial(xml_shape, suffixes=(".xml", ".gz"))
SHAPES = (
    _xml(name="xml", required=CORE, forbidden=OLD | OTHERS),
    _xml(name="xml-old", required=CORE | OLD | TOTALS, forbidden=OTHERS),
    _xml(name="xml-taiga", required=CORE | OLD, forbidden=TOTALS, refusal=TAIGA),
    _xml(name="taiga-data", required=marks("library/anime/", "id", "status", "score", "progress"), refusal=TAIGA),
    _xml(name="xml-manga", required=frozenset({MANGA}), forbidden=frozenset({ANIME}), refusal=NO_MANGA),
    *(
        json_shape(
            name=name,
            required=marks(f"{path}.", "node.id", "list_status.score"),
            forbidden=frozenset({f"{path}.list_status.num_chapters_read"}),
        )
        for name, path in API_LISTS.items()
    ),
    json_shape(
        name="api-v2-manga",
        required=marks("data[].", "node.id", "list_status.num_chapters_read"),
        refusal=NO_MANGA,
    ),
    json_shape(name="load-json", required=marks("[].", "anime_id", "anime_title", "score")),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per anime, in file order."""
    if shape.name in API_LISTS:
        return each_item(document, API_LISTS[shape.name], partial(_record, keys=API))
    if shape.name == "load-json":
        return each_item(document, "[]", partial(_record, keys=LOAD))
    if "taiga" in document.text.partition("<myanimelist")[0].lower():
        return each_element(document, ANIME, partial(_record, keys=TAIGAS, notes=(f"id left out: {TAIGA}",)))
    return _of_any_writer(document)


def _of_any_writer(document: Document) -> Iterator[Record]:
    native = list(each_element(document, ANIME, _record))
    scale = _foreign_scale([record.score for record in native])
    if not scale:
        return iter(native)
    note = f"MyAnimeList never writes scores like those of this file: read on the scale {scale}"
    return each_element(document, ANIME, partial(_record, scale=scale, notes=(note,)))


def _foreign_scale(scores: list[str]) -> str:
    """The scale of a writer that is not MyAnimeList, or nothing."""
    real = [number for number in numbers(scores) if number]
    above_ten = sum(number > 10 for number in real)
    if above_ten >= 2 and above_ten * 2 > len(real):
        return "0 to 100"
    return "0 to 10" if sum(number < 10 and number % 1 != 0 for number in real) >= 2 else ""


def _record(
    locator: Locator, item: Any, *, keys: Keys = XML, scale: str = "1 to 10", notes: tuple[str, ...] = ()
) -> Record:
    column = keys.finished.split(".")[-1]
    cells = Keys(*(text_of(dig(item, *key.split("."))) for key in keys))
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE if cells.type.casefold() in MOVIES else Kind.SHOW,
        score=cells.score,
        scale=scale,
        anime=Anime.YES,
        title=cells.title,
        year=cells.started[:4].replace("0000", ""),
        raw_ids={"mal": cells.id},
        moment=Moment(_whole_day(cells.finished), "iso", column, stand_in=True) if column else None,
        notes=notes,
    )


def _whole_day(text: str) -> str:
    """The API's 2017 and 2017-10 as the XML has them: 2017-00-00 and 2017-10-00."""
    match = PARTIAL_DAY.fullmatch(text)
    return f"{text}{'-00' if match[1] else '-00-00'}" if match else text


ADAPTER = Adapter(
    name="myanimelist",
    title="MyAnimeList",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="myanimelist.net: your profile, Export, Anime List. The .xml.gz needs no unpacking.",
)
