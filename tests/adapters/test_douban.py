"""What the Douban adapter makes of the CSVs of userscripts."""

from __future__ import annotations

import pytest

from importer.adapter import Code, Kind, Moment, Record
from tests.adapters.reading import rating, read, reject

HEADER = "标题,个人评分,打分日期,我的短评,上映日期,制片国家,条目链接"


def row(
    title: str = "无间道", score: str = "5", date: str = "2020-01-02", released: str = "", end: str = ""
) -> Record:
    link = "https://movie.douban.com/subject/1307914/"
    return read("douban", f'\ufeff{HEADER}\n"{title}",{score},{date},"好, 很好",{released},美国,{link}{end}\n')[0]


@pytest.mark.parametrize("end", ["", ","])
def test_a_row_may_end_with_a_comma_more(end: str) -> None:
    """Some scripts put one behind every row, but not behind the header."""
    found = rating(row(end=end))
    assert (found.score, found.scale, found.ids) == ("5", "stars-5", {})
    assert found.moment == Moment("2020-01-02", "day", "打分日期")


@pytest.mark.parametrize("end", [",,", ",看过"])
def test_any_other_width_is_told(end: str) -> None:
    """Cells cannot be told from one another any more."""
    assert reject(row(end=end)).code is Code.BAD_ROW


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("通天塔/Babel/巴别塔(港)/火线交错(台)", "Babel"),
        ("肖申克的救赎 / The Shawshank Redemption / 刺激1995(台)", "The Shawshank Redemption"),
        ("变脸 / Face/Off / 夺面双雄(台)", "Face/Off"),
        ("千与千寻 / 千と千尋の神隠し / Spirited Away", "Spirited Away"),
        ("天使爱美丽 / Amélie(美)", "Amélie"),
        ("霸王别姬", "霸王别姬"),
        ("无间道(港) / 無間道", "无间道"),
    ],
)
def test_one_title_is_taken_of_many(cell: str, title: str) -> None:
    """The first in Latin letters, else the first."""
    assert rating(row(cell)).title == title


@pytest.mark.parametrize(
    ("released", "year"),
    [("1994-09-10(多伦多电影节)", 1994), ("2006/11/10", 2006), ("1993(香港)", 1993), ("", None), ("未上映", None)],
)
def test_the_year_is_the_one_of_the_release(released: str, year: int | None) -> None:
    """The place and the day behind it do not matter."""
    assert rating(row(released=released)).year == year


@pytest.mark.parametrize("cell", ["绝命毒师 第一季 / Breaking Bad Season 1", "老友记 第10季", "某剧 第十二季"])
def test_a_season_is_told_by_its_title(cell: str) -> None:
    """It is a subject of its own and never the series."""
    assert rating(row(cell)).kind is Kind.SEASON


def test_everything_else_counts_as_a_movie() -> None:
    """Nothing in the file tells series from films, so that it is tried once as a show."""
    assert (rating(row()).kind, rating(row()).is_kind_sure) == (Kind.MOVIE, False)


def test_no_stars_are_quiet() -> None:
    """Seen or wished for is not rated."""
    assert reject(row(score="")).code is Code.UNRATED


def test_dates_may_have_slashes() -> None:
    """The year comes first in them."""
    assert rating(row(date="2007/03/01")).moment == Moment("2007/03/01", "day", "打分日期")
