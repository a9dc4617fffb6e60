"""Pages spoiled by hand: Kinopoisk's .xls files cut, edited or saved anew, and pages saved for an export."""

from __future__ import annotations

from tests.malformed import Case, Family, read
from tests.malformed import refused as refused_as_written


def row(*cells: str) -> str:
    """A row of a table."""
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


HEAD = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
NAMES = ("русскоязычное название", "оригинальное название", "год", "моя оценка", "дата и время")
HEADER = row(*NAMES)
HEAT = row("Схватка", "Heat", "1995", "7", "20:00:00 03.03.2018")
CATS = row("Кошки", "Cats", "2019", "4", "20:00:00 04.05.2019")
ALIEN = row("Чужой", "Alien", "1979", "9", "20:00:00 04.05.2019")


def page(*rows: str, head: str = HEAD, start: str = "<html>") -> str:
    """A page with a table of these rows."""
    table = "".join(rows)
    return f'{start}\n<head>{head}</head>\n<body>\n<table border="1">\n{table}</table>\n</body>\n</html>\n'


def votes(*rows: str) -> str:
    """A page of votes."""
    return page(HEADER, *rows)


def russian(text: str, records: str) -> Case:
    """A page in windows-1251 that is read."""
    return read(text.encode("cp1251"), records)


def refused(text: str, sentence: str) -> Case:
    """A page in windows-1251 that is refused."""
    return refused_as_written(text.encode("cp1251"), sentence)


def with_cats(old: str, new: str) -> str:
    """A sound row, one with a part of it exchanged, and a sound one."""
    assert CATS.count(old) == 1
    return votes(HEAT, CATS.replace(old, new), ALIEN)


def scored(score: str) -> str:
    """A page whose second row has this score."""
    return with_cats("<td>4</td>", f"<td>{score}</td>")


def titled(title: str) -> str:
    """A page whose second row has this title."""
    return with_cats("<td>Cats</td>", f"<td>{title}</td>")


WHOLE = votes(HEAT, ALIEN)
ALL = "Heat 7; Cats 4; Alien 9"
ROW_GONE = "Heat 7; bad-row; Alien 9"
ONE_GONE = "Heat 7; Cats bad-score; Alien 9"
NO_DATE = "Heat 7; Cats bad-date; Alien 9"
OPEN = "the table is never closed; the file is cut off or damaged"
NO_TABLE = "the page holds no table"
UNKNOWN = "not an export that rateport knows"

PAGES: Family = {
    # --- cut off -------------------------------------------------------------------------------------------
    "cut-in-a-cell.xls": refused(WHOLE[: WHOLE.index("Alien") + 3], OPEN),
    "cut-in-a-tag.xls": refused(WHOLE[: WHOLE.index("</td>", 400) + 3], OPEN),
    "cut-in-the-header.xls": refused(WHOLE[: WHOLE.index("год") + 2], OPEN),
    "cut-between-rows.xls": refused(votes(HEAT).partition("</table>")[0], OPEN),
    "cut-before-the-table.xls": refused(WHOLE[: WHOLE.index("<table")], NO_TABLE),
    "cut-in-the-head.xls": refused("<html><head><meta http-equiv=", NO_TABLE),
    "cut-behind-the-table.xls": russian(WHOLE[: WHOLE.index("</table>") + 8], "Heat 7; Alien 9"),
    "cut-in-the-last-tag.xls": refused(WHOLE[: WHOLE.index("</table>") + 5], OPEN),
    "cut-in-a-comment.xls": refused(votes(HEAT, "<!-- " + ALIEN), "a comment is never closed; the file is cut off"),
    "cut-in-an-entity.xls": refused(WHOLE[: WHOLE.index("Alien")] + "&#82", OPEN),
    "cut-and-a-server-error-behind.xls": refused(
        WHOLE[: WHOLE.index("Alien")] + "<h1>502 Bad Gateway</h1></body></html>", OPEN
    ),
    "cut-and-begun-again.xls": russian(
        WHOLE[: WHOLE.index("Alien")] + WHOLE,
        "Heat 7 duplicate; bad-row; оригинальное название bad-score; Heat 7; Alien 9",
    ),
    # --- tags ----------------------------------------------------------------------------------------------
    "cells-never-closed.xls": russian(WHOLE.replace("</td>", ""), "Heat 7; Alien 9"),
    "rows-never-closed.xls": russian(WHOLE.replace("</tr>", ""), "Heat 7; Alien 9"),
    "cells-and-rows-never-closed.xls": russian(WHOLE.replace("</td>", "").replace("</tr>", ""), "Heat 7; Alien 9"),
    "one-cell-never-closed.xls": russian(with_cats("Cats</td>", "Cats"), ALL),
    "one-row-never-closed.xls": russian(votes(HEAT, CATS.replace("</tr>", ""), ALIEN), ALL),
    "one-cell-never-opened.xls": russian(with_cats("<td>Cats</td>", "Cats</td>"), ROW_GONE),
    "one-row-never-opened.xls": russian(votes(HEAT, CATS.replace("<tr>", ""), ALIEN), ALL),
    "cell-opened-twice.xls": russian(with_cats("<td>Cats", "<td><td>Cats"), ROW_GONE),
    "row-opened-twice.xls": russian(votes(HEAT, "<tr>" + CATS, ALIEN), ALL),
    "table-without-rows.xls": refused(page(HEADER.replace("tr>", "x>"), HEAT.replace("tr>", "x>")), NO_TABLE),
    "table-never-opened.xls": russian(WHOLE.replace('<table border="1">', ""), "Heat 7; Alien 9"),
    "table-closed-too-early.xls": russian(votes(HEAT, "</table>", ALIEN), "Heat 7; Alien 9"),
    "tags-in-capitals.xls": russian(WHOLE.replace("td>", "TD>").replace("tr>", "TR>"), "Heat 7; Alien 9"),
    "tags-with-blanks.xls": russian(WHOLE.replace("</td>", "</td >").replace("<tr>", "<tr >"), "Heat 7; Alien 9"),
    "tag-begins-with-a-blank.xls": russian(with_cats("<td>Cats", "< td>Cats"), ROW_GONE),
    "tags-closed-by-themselves.xls": russian(with_cats("<td>Кошки</td>", "<td/>"), ALL),
    "bold-crosses-a-cell.xls": russian(titled("<b>Cats</td><td></b>"), ROW_GONE),
    "attribute-quote-never-closed.xls": russian(with_cats("<td>Cats", '<td class="a>Cats'), ROW_GONE),
    "attribute-without-quotes.xls": russian(with_cats("<td>Cats", "<td class=a title=b>Cats"), ALL),
    "cells-of-the-header-are-th.xls": russian(page(HEADER.replace("td>", "th>"), HEAT), "Heat 7"),
    "head-and-body-of-the-table.xls": russian(
        page("<thead>", HEADER, "</thead><tbody>", HEAT, "</tbody><tfoot>", ALIEN, "</tfoot>"), "Heat 7; Alien 9"
    ),
    "cell-over-two-columns.xls": russian(
        votes(HEAT, CATS.replace("<td>Кошки</td><td>", '<td colspan="2">'), ALIEN), ROW_GONE
    ),
    "cell-over-two-rows.xls": russian(
        votes(HEAT.replace("<td>7", '<td rowspan="2">7'), CATS.replace("<td>4</td>", ""), ALIEN), ROW_GONE
    ),
    "row-hidden.xls": russian(votes(HEAT, CATS.replace("<tr>", '<tr style="display:none">'), ALIEN), ALL),
    # --- tables --------------------------------------------------------------------------------------------
    "table-of-nothing.xls": refused(page(), NO_TABLE),
    "header-alone.xls": russian(votes(), ""),
    "header-missing.xls": refused(page(HEAT, ALIEN), UNKNOWN),
    "header-twice.xls": russian(votes(HEADER, HEAT), "оригинальное название bad-score; Heat 7"),
    "header-again-in-the-middle.xls": russian(
        votes(HEAT, HEADER, ALIEN), "Heat 7; оригинальное название bad-score; Alien 9"
    ),
    "column-twice.xls": refused(
        page(HEADER.replace("дата и время", "год"), HEAT), "the column 'год' stands twice in the header"
    ),
    "header-cell-blank.xls": refused(
        page(HEADER.replace("моя оценка", ""), HEAT), "nearest is kinopoisk:votes, which also needs 'моя оценка'"
    ),
    "header-over-two-lines.xls": russian(page(HEADER.replace("моя ", "моя<br>\n"), HEAT), "Heat 7"),
    "heading-row-before-the-header.xls": refused(page(row("Мои оценки"), HEADER, HEAT), UNKNOWN),
    "one-cell-more.xls": russian(votes(HEAT, CATS.replace("</tr>", "<td>x</td></tr>"), ALIEN), ROW_GONE),
    "one-cell-less.xls": russian(with_cats("<td>2019</td>", ""), ROW_GONE),
    "totals-below.xls": russian(votes(HEAT, row("Всего", "", "", "1", "")), "Heat 7; Всего no-id"),
    "table-in-a-cell.xls": russian(
        titled("<table><tr><td>Cats</td></tr></table>"), "Heat 7; bad-row; bad-row; bad-row; Alien 9"
    ),
    "table-around-the-table.xls": russian(
        page("<tr><td>", f"<table>{HEADER}{HEAT}</table>", "</td></tr>"), "Heat 7"
    ),
    "menu-before-the-table.xls": refused(
        WHOLE.replace("<table", "<table><tr><td>Меню</td></tr></table><table"), UNKNOWN
    ),
    "another-table-below.xls": russian(
        WHOLE.replace("</body>", "<table><tr><td>Кино</td><td>2018</td></tr></table></body>"),
        "Heat 7; Alien 9; bad-row",
    ),
    "row-twice.xls": russian(votes(HEAT, HEAT, ALIEN), "Heat 7 duplicate; Heat 7; Alien 9"),
    # --- text ----------------------------------------------------------------------------------------------
    "comment-around-a-row.xls": russian(votes(HEAT, f"<!-- {CATS} -->", ALIEN), "Heat 7; Alien 9"),
    "comment-in-a-cell.xls": russian(titled("Ca<!-- </td><td> -->ts"), ALL),
    "comment-closed-oddly.xls": refused(titled("Ca<!-- x --!>ts"), "a comment is never closed"),
    "conditional-comment.xls": russian(
        votes(HEAT, "<!--[if gte mso 9]><xml></xml><![endif]-->", ALIEN), "Heat 7; Alien 9"
    ),
    "conditional-mark.xls": russian(votes(HEAT, "<![if !vml]>", CATS, "<![endif]>", ALIEN), ALL),
    "cdata-in-a-cell.xls": russian(titled("Cats<![CDATA[!]]>"), ALL),
    "instruction-in-a-cell.xls": russian(titled("Cats<?php echo 9 ?>"), ALL),
    "script-with-cells.xls": russian(
        votes(HEAT, "<script>document.write('<tr><td>x</td></tr>')</script>", ALIEN), "Heat 7; Alien 9"
    ),
    "style-never-closed.xls": refused(page("<style>", HEADER, HEAT), "the table is never closed"),
    "bare-ampersand.xls": russian(titled("Cats & Dogs"), "Heat 7; Cats & Dogs 4; Alien 9"),
    "bare-bracket.xls": russian(titled("Cats < Dogs"), "Heat 7; Cats < Dogs 4; Alien 9"),
    "heart-in-a-title.xls": russian(titled("Cats <3"), "Heat 7; Cats <3 4; Alien 9"),
    "entity-nobody-knows.xls": russian(titled("&bogus;Cats"), "Heat 7; &bogus;Cats 4; Alien 9"),
    "entity-without-end.xls": russian(titled("Cats &amp Dogs"), "Heat 7; Cats & Dogs 4; Alien 9"),
    "entity-twice.xls": russian(titled("Cats &amp;amp; Dogs"), "Heat 7; Cats &amp; Dogs 4; Alien 9"),
    "entity-of-half-a-pair.xls": russian(titled("Cats&#xD83D;"), "Heat 7; Cats\ufffd 4; Alien 9"),
    "entity-of-zero.xls": russian(titled("Ca&#0;ts"), "Heat 7; Ca\ufffdts 4; Alien 9"),
    "entity-of-an-escape.xls": russian(titled("Ca&#27;[31mts"), "Heat 7; Ca[31mts 4; Alien 9"),
    "picture-for-a-title.xls": russian(titled('<img src="cats.jpg">'), "Heat 7; Кошки 4; Alien 9"),
    "score-in-a-field.xls": russian(scored('<input value="4">'), "Heat 7; Cats unrated; Alien 9"),
    "score-by-reference.xls": russian(scored("&#52;"), ALL),
    "score-between-hard-blanks.xls": russian(scored("&nbsp;4&nbsp;"), ALL),
    "score-broken-by-a-line.xls": russian(scored("1<br>0"), ONE_GONE),
    "score-of-ten.xls": russian(scored("4 из 10"), ONE_GONE),
    "score-with-a-comma.xls": russian(scored("4,5"), ONE_GONE),
    "score-is-a-dash.xls": russian(scored("—"), ONE_GONE),
    "score-above-ten.xls": russian(scored("40"), ONE_GONE),
    "score-in-words.xls": russian(scored("четыре"), ONE_GONE),
    "date-that-never-was.xls": russian(with_cats("04.05.2019", "31.02.2019"), NO_DATE),
    "date-of-twenty-five-hours.xls": russian(with_cats("20:00:00 04", "25:00:00 04"), NO_DATE),
    "date-in-words.xls": russian(with_cats("20:00:00 04.05.2019", "вчера"), NO_DATE),
    "year-is-a-range-the-wrong-way.xls": russian(
        with_cats("2019</td><td>4", "– 2019</td><td>4"), "Heat 7; Cats no-id; Alien 9"
    ),
    # --- bytes ---------------------------------------------------------------------------------------------
    "utf-8-declared-as-windows-1251.xls": read(WHOLE, "Heat 7; Alien 9"),
    "windows-1251-declared-as-utf-8.xls": refused(
        WHOLE.replace("windows-1251", "utf-8"), "--encoding; the line reads"
    ),
    "windows-1251-undeclared.xls": refused(WHOLE.replace(HEAD, ""), "--encoding; the line reads"),
    "windows-1251-declared-as-koi8-r.xls": refused(WHOLE.replace("windows-1251", "koi8-r"), UNKNOWN),
    "mark-of-utf-8-before-windows-1251.xls": refused_as_written(
        b"\xef\xbb\xbf" + WHOLE.encode("cp1251"), "not valid utf-8; name the right encoding"
    ),
    "letter-that-windows-1251-has-not.xls": refused_as_written(
        WHOLE.encode("cp1251").replace(b"Heat", b"He\x98at"), "not valid windows-1251; name the right encoding"
    ),
    "utf-16-without-mark.xls": refused_as_written(WHOLE.encode("utf-16-le"), "--encoding utf-16-le"),
    "zero-in-a-title.xls": russian(titled("Ca\x00ts"), ALL),
    "zeros-to-the-end-of-the-block.xls": read(WHOLE.encode("cp1251") + bytes(700), "Heat 7; Alien 9"),
    "line-ends-of-an-old-mac.xls": russian(WHOLE.replace("\n", "\r"), "Heat 7; Alien 9"),
    # --- starts --------------------------------------------------------------------------------------------
    "table-and-no-page.xls": read(f"<table>{HEADER}{HEAT}</table>", "Heat 7"),
    "text-before-the-page.xls": refused("Мои оценки\n" + WHOLE, UNKNOWN),
    "comment-before-the-page.xls": refused(
        f"<!-- saved from url=(0014)about:internet -->\n{WHOLE}", "not complete XML"
    ),
    "declared-as-xml.xls": refused(f'<?xml version="1.0"?>\n{WHOLE}', "not complete XML"),
    "part-of-a-page.xls": refused_as_written(f"<div><table>{HEADER}{HEAT}</table></div>", UNKNOWN),
    "sheets-in-frames.xls": refused('<html><frameset><frame src="sheet001.htm"></frameset></html>', NO_TABLE),
    "workbook-in-xml.xls": refused(
        '<?xml version="1.0"?><Workbook><Worksheet><Table><Row><Cell><Data>Heat</Data></Cell></Row></Table>'
        "</Worksheet></Workbook>",
        UNKNOWN,
    ),
    "page-in-a-mail.mht": refused("MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + WHOLE, UNKNOWN),
    # --- pages saved for an export of another source -------------------------------------------------------
    "imdb-sign-in.csv": refused(
        "<!DOCTYPE html>\n<html><head><title>IMDb Sign-In</title></head><body><form></form></body></html>", NO_TABLE
    ),
    "letterboxd-is-a-robot.zip": refused(
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>", NO_TABLE
    ),
    "trakt-is-away.json": refused(
        "<html>\r\n<head><title>503</title></head>\r\n<body><hr></body>\r\n</html>", NO_TABLE
    ),
    "myanimelist-not-found.xml": refused(
        "<!doctype html><html><body><table><tr><td>404 Not Found</td></tr></table></body></html>", UNKNOWN
    ),
    "anilist-without-scripts.json": refused(
        '<!DOCTYPE html><div id="app"></div><script src="/a.js"></script>', NO_TABLE
    ),
    "plex-unauthorized.xml": refused(
        "<html><head><title>Unauthorized</title></head><body><h1>401</h1></body></html>", NO_TABLE
    ),
    "imdb-list-saved-by-the-browser.html": refused(
        "<html><body>"
        "<table>" + row("Rank", "Title", "IMDb Rating") + row("1", "Heat", "8.3") + "</table></body></html>",
        UNKNOWN,
    ),
}
