"""Douban: the CSV of the userscripts that read a person's film pages (the site has no export).

The header is Chinese; a cover comes first in some scripts, a status last in others.

- Every row, but not the header, may end with one comma more.
- A cell of titles holds them all, parted by slashes and with regional marks: 通天塔/Babel/巴别塔(港). The first
  one in Latin letters is taken, because Simkl knows it best; where there is none, the first.
- Each season of a series is a subject of its own (第一季). Nothing else tells series from films.
- Douban's own number has no meaning anywhere else, so titles go by name and by the year of their release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.adapter import (
    Adapter,
    Cells,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    rating_or_reject,
)

_SEASON = re.compile(r"第[一二三四五六七八九十百\d]+季")
_LATIN = re.compile("[A-Za-z][^\u2e80-\uffef]*")
_REGION = re.compile("[(（][^()（）\u2e80-\uffef]*[\u2e80-\uffef][^()（）]*[)）]$")
"""(港), (台): where the title is used."""
_YEAR = re.compile(r"\s*(\d{4})(?=\D|$)", re.ASCII)

SHAPES = (
    csv_shape(
        name="userscript",
        required=frozenset({"标题", "个人评分", "打分日期", "条目链接"}),
        optional=frozenset({"封面", "我的短评", "上映日期", "制片国家", "状态"}),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per subject."""
    return each_row(document, _record, spare_delimiter=True)


def _record(locator: Locator, cells: Cells) -> Record:
    released = _YEAR.match(cells["上映日期"])
    return rating_or_reject(
        locator,
        kind=Kind.SEASON if _SEASON.search(cells["标题"]) else Kind.MOVIE,
        score=cells["个人评分"],
        scale="stars-5",
        title=_title(cells["标题"]),
        year=released[1] if released else "",
        moment=Moment(cells["打分日期"], "day", "打分日期"),
        is_kind_sure=False,
    )


def _title(cell: str) -> str:
    names = [_REGION.sub("", name).strip() for name in cell.split(" / " if " / " in cell else "/")]
    return next((name for name in names if _LATIN.fullmatch(name)), names[0])


ADAPTER = Adapter(
    name="douban",
    title="Douban",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="The site has no export; run a userscript that saves your film ratings (豆瓣 导出) as CSV.",
)
