"""Tables spoiled by hand: cut downloads, spreadsheets, mail, foreign delimiters, shifted cells, odd scores."""

from __future__ import annotations

from tests.malformed import Family, read, refused


def lines(*rows: str, end: str = "\n") -> str:
    """Rows as a file."""
    return "".join(row + end for row in rows)


IMDB = "Const,Your Rating,Date Rated,Title,Title Type,Year"
HEAT = "tt0113277,7,2018-03-03,Heat,Movie,1995"
ALIEN = "tt0078748,9,2019-05-04,Alien,Movie,1979"
JAWS = "tt0073195,8,2020-01-02,Jaws,Movie,1975"
AMELIE = "tt0211915,10,2020-02-29,Amélie,Movie,2001"
WHOLE = lines(IMDB, HEAT, ALIEN, JAWS)

LETTERBOXD = "Date,Name,Year,Letterboxd URI,Rating"
L_HEAT = "2018-03-03,Heat,1995,https://boxd.it/2aNK,3.5"
L_ALIEN = "2019-05-04,Alien,1979,https://boxd.it/2aOu,4.5"

TMDB = "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated"
T_HEAT = "949,tt0113277,movie,Heat,1995-12-15T00:00:00Z,,,7.9,7,2018-03-03T20:00:00Z"
T_ALIEN = "348,tt0078748,movie,Alien,1979-05-25T00:00:00Z,,,8.1,9,2019-05-04T20:00:00Z"

CRITICKER = "Score, Film Name, Year, Date Rated, Mini Review, URL, IMDB ID"
C_HEAT = '70,"Heat",1995,"Mar 3 2018, 10:30","","https://www.criticker.com/film/Heat/","tt0113277"'
C_ALIEN = '90,"Alien",1979,"May 4 2019, 11:30","","https://www.criticker.com/film/Alien/","tt0078748"'

FILMTIPSET = "VoteDate;MovieTitle;IMDB;Score"
MOVIELENS = "movie_id,imdb_id,tmdb_id,rating,average_rating,title"
CSFD = "id,title,year,type,url,userRating,userDate"
OWN = "title,year,type,rating,rated_at,imdb"
O_HEAT = "Heat,1995,movie,7,2018-03-03,tt0113277"
O_ALIEN = "Alien,1979,movie,9,2019-05-04,tt0078748"


def imdb(*rows: str) -> str:
    """An IMDb file of these rows."""
    return lines(IMDB, *rows)


def scored(score: str) -> str:
    """An IMDb file whose second row has this score."""
    return imdb(HEAT, f"tt5697572,{score},2019-05-04,Cats,Movie,2019", JAWS)


def dated(date: str) -> str:
    """An IMDb file whose second row has this date."""
    return imdb(HEAT, f"tt5697572,4,{date},Cats,Movie,2019", JAWS)


def named(const: str) -> str:
    """An IMDb file whose second row has this id."""
    return imdb(HEAT, f"{const},4,2019-05-04,Cats,Movie,2019", JAWS)


TABLES: Family = {
    # --- cut off -------------------------------------------------------------------------------------------
    "cut-in-a-cell.csv": read(WHOLE[:-20], "Heat 7; Alien 9; bad-row"),
    "cut-in-the-last-cell.csv": read(WHOLE[:-3], "Heat 7; Alien 9; Jaws 8"),
    "cut-behind-a-comma.csv": read(imdb(HEAT) + "tt0078748,9,", "Heat 7; bad-row"),
    "cut-in-a-quoted-cell.csv": refused(
        imdb(HEAT) + 'tt0078748,9,2019-05-04,"Ali',
        "cut-in-a-quoted-cell.csv:3: a quote opened here is never closed",
    ),
    "cut-in-the-header.csv": refused(IMDB[:30], "nearest is imdb:ratings, which also needs 'title', 'title type'"),
    "cut-in-a-letter.csv": read(imdb(HEAT).encode() + b"tt0211915,10,2020-02-29,Am\xc3", "Heat 7; bad-row"),
    "cut-in-a-letter-of-many.csv": refused(
        imdb(HEAT, AMELIE).encode() + b"tt0211915,10,2020-02-29,Am\xc3", "neither UTF-8 nor Windows-1252"
    ),
    "cut-in-half-a-utf-16-letter.csv": refused(WHOLE.encode("utf-16")[:-1], "not valid utf-16; name the right"),
    "cut-and-a-server-error-behind.csv": read(
        imdb(HEAT) + "tt0078748,9,20<html><body>502 Bad Gateway</body></html>\n", "Heat 7; bad-row"
    ),
    "empty.csv": refused("", "the file is empty"),
    "nothing-but-a-mark.csv": refused(b"\xef\xbb\xbf", "the file is empty"),
    "nothing-but-line-ends.csv": refused("\r\n\r\n\n\n", "the file is empty"),
    "nothing-but-commas.csv": refused(",,,,,\n,,,,,\n", "the file is empty"),
    "header-alone.csv": read(IMDB, ""),
    # --- quotes --------------------------------------------------------------------------------------------
    "quote-never-closed.csv": refused(
        imdb(HEAT, 'tt0078748,9,2019-05-04,"Alien,Movie,1979', JAWS), ":3: a quote opened here is never closed"
    ),
    "quote-opened-in-a-title.csv": read(
        imdb(HEAT, 'tt5697572,4,2019-05-04,Ca"ts,Movie,2019', JAWS), 'Heat 7; Ca"ts 4; Jaws 8'
    ),
    "quote-closed-too-early.csv": read(
        imdb(HEAT, 'tt5697572,4,2019-05-04,"Cats" (2019),Movie,2019', JAWS), "Heat 7; bad-row; Jaws 8"
    ),
    "quotes-not-doubled.csv": read(
        imdb(HEAT, 'tt5697572,4,2019-05-04,"The "Cats" film",Movie,2019', JAWS), "Heat 7; bad-row; Jaws 8"
    ),
    "quotes-escaped-by-backslash.csv": read(
        imdb(HEAT, r'tt5697572,4,2019-05-04,"The \"Cats\" film",Movie,2019', JAWS), "Heat 7; bad-row; Jaws 8"
    ),
    "quote-behind-a-blank.csv": read(
        imdb(HEAT, 'tt5697572,4,2019-05-04, "Cats, the film",Movie,2019', JAWS), "Heat 7; bad-row; Jaws 8"
    ),
    "quotes-of-a-typewriter.csv": refused(
        WHOLE.replace("Title", "“Title”"), "nearest is imdb:ratings, which also needs 'title', 'title type'"
    ),
    "single-quotes.csv": refused(
        "'Const','Your Rating','Title'\n'tt0113277','7','Heat'\n", "not an export that rateport knows"
    ),
    "whole-line-in-quotes.csv": read(imdb(HEAT, f'"{ALIEN}"', JAWS), "Heat 7; bad-row; Jaws 8"),
    "every-line-in-quotes.csv": refused(lines(f'"{IMDB}"', f'"{HEAT}"'), "not an export that rateport knows"),
    "header-quote-never-closed.csv": refused(
        WHOLE.replace("Const", '"Const'), ":1: the header cannot be read: unexpected end of data"
    ),
    "line-end-in-a-title.csv": read(
        imdb(HEAT, 'tt5697572,4,2019-05-04,"Ca\r\nts",Movie,2019', JAWS), "Heat 7; Ca ts 4; Jaws 8"
    ),
    "row-swallowed-by-two-quotes.csv": read(
        imdb('tt0113277,7,2018-03-03,"Heat,Movie,1995', 'tt0078748,9,2019-05-04,Alien",Movie,1979', JAWS),
        "Heat,Movie,1995 tt0078748,9,2019-05-04,Alien 7; Jaws 8",
    ),
    # --- header --------------------------------------------------------------------------------------------
    "header-missing.csv": refused(lines(HEAT, ALIEN), "not an export that rateport knows"),
    "header-twice.csv": read(imdb(IMDB, HEAT), "Title bad-score; Heat 7"),
    "header-again-in-the-middle.csv": read(imdb(HEAT, IMDB, ALIEN), "Heat 7; Title bad-score; Alien 9"),
    "header-at-the-end.csv": refused(lines(HEAT, ALIEN, IMDB), "not an export that rateport knows"),
    "column-twice.csv": refused(
        WHOLE.replace("Title Type", "Title", 1), ":1: the column 'title' stands twice in the header"
    ),
    "rating-column-twice.csv": refused(
        WHOLE.replace("Year\n", "Your Rating\n"), ":1: the column 'your rating' stands twice in the header"
    ),
    "header-cell-blank.csv": refused(
        WHOLE.replace(",Title,", ",,"), "nearest is imdb:ratings, which also needs 'title'"
    ),
    "header-shouted-and-spaced.csv": read(
        WHOLE.replace(IMDB, " CONST ,YOUR  RATING,\tDate Rated,title , Title\u00a0Type,YEAR"),
        "Heat 7; Alien 9; Jaws 8",
    ),
    "header-over-two-lines.csv": read(WHOLE.replace("Your Rating", '"Your\nRating"'), "Heat 7; Alien 9; Jaws 8"),
    "header-misspelt.csv": refused(
        WHOLE.replace("Your Rating", "Your Ratng"),
        "which also needs 'your rating', here there is also 'your ratng'",
    ),
    "comments-before-the-header.csv": refused(
        lines("# my ratings, saved 2024-01-02", IMDB, HEAT), "not an export that rateport knows"
    ),
    "name-of-the-sheet-before-the-header.csv": refused(
        lines("Table 1", IMDB, HEAT), "not an export that rateport knows"
    ),
    "heading-row-before-the-header.csv": refused(
        lines("My ratings,,,,,", IMDB, HEAT), "not an export that rateport knows"
    ),
    "blank-lines-before-the-header.csv": read(lines("", ",,,,,", "  ", IMDB, HEAT), "Heat 7"),
    "sep-line.csv": read(
        lines("sep=;", *WHOLE.replace(",", ";").splitlines(), end="\r\n"), "Heat 7; Alien 9; Jaws 8"
    ),
    "sep-line-that-lies.csv": read(lines("sep=;", IMDB, HEAT, end="\r\n"), "Heat 7"),
    "sep-line-twice.csv": refused(lines("sep=,", "sep=,", IMDB, HEAT), "not an export that rateport knows"),
    "sep-line-of-an-old-mac.csv": refused(
        lines("sep=,", IMDB, HEAT, end="\r"), "not an export that rateport knows"
    ),
    # --- rows of another width -----------------------------------------------------------------------------
    "one-cell-more.csv": read(imdb(HEAT, ALIEN + ",Drama", JAWS), "Heat 7; bad-row; Jaws 8"),
    "one-cell-less.csv": read(imdb(HEAT, "tt0078748,9,2019-05-04,Alien,1979", JAWS), "Heat 7; bad-row; Jaws 8"),
    "comma-in-a-title.csv": read(
        imdb(HEAT, "tt0060196,8,2019-05-04,The Good, the Bad and the Ugly,Movie,1966", JAWS),
        "Heat 7; bad-row; Jaws 8",
    ),
    "comma-behind-every-row.csv": read(imdb(HEAT + ",", ALIEN + ","), "bad-row; bad-row"),
    "comma-behind-the-header.csv": read(lines(IMDB + ",", HEAT, ALIEN), "bad-row; bad-row"),
    "comma-behind-all.csv": read(lines(IMDB + ",", HEAT + ",", ALIEN + ","), "Heat 7; Alien 9"),
    "line-numbers-before-rows.csv": read(imdb("1," + HEAT, "2," + ALIEN), "bad-row; bad-row"),
    "cell-shifted-left.csv": read(
        imdb(HEAT, "9,2019-05-04,Alien,Movie,1979,", JAWS), "Heat 7; Movie bad-score; Jaws 8"
    ),
    "cell-shifted-right.csv": read(
        imdb(HEAT, ",tt0078748,9,2019-05-04,Alien,Movie", JAWS), "Heat 7; 2019-05-04 bad-score; Jaws 8"
    ),
    "ten-thousand-cells.csv": read(imdb(HEAT, "," * 9_999 + "x", JAWS), "Heat 7; bad-row; Jaws 8"),
    "totals-below.csv": read(imdb(HEAT, ALIEN, ",8.0,,2 titles,,"), "Heat 7; Alien 9; 2 titles unknown-type"),
    "count-below.csv": read(imdb(HEAT, ALIEN, "", "2 titles"), "Heat 7; Alien 9; bad-row"),
    "blanks-for-a-row.csv": read(imdb(HEAT, " , , , , , ", ALIEN), "Heat 7; unrated; Alien 9"),
    "another-table-below.csv": read(
        imdb(HEAT, "", "Const,Name,Known For", "nm0000134,Robert De Niro,Heat"), "Heat 7; bad-row; bad-row"
    ),
    "columns-change-half-way.csv": read(
        imdb(HEAT, "Title,Year,Const,Your Rating,Date Rated,Title Type", "Alien,1979,tt0078748,9,2019-05-04,Movie"),
        "Heat 7; Your Rating bad-score; 9 bad-score",
    ),
    "left-of-a-merge.csv": read(
        lines(OWN, "<<<<<<< mine", O_HEAT, "=======", O_ALIEN, ">>>>>>> theirs"),
        "bad-row; Heat 7; bad-row; Alien 9; bad-row",
    ),
    # --- delimiters ----------------------------------------------------------------------------------------
    "semicolons.csv": read(WHOLE.replace(",", ";"), "Heat 7; Alien 9; Jaws 8"),
    "tabs.csv": read(WHOLE.replace(",", "\t"), "Heat 7; Alien 9; Jaws 8"),
    "semicolons-in-the-header-alone.csv": read(lines(IMDB.replace(",", ";"), HEAT, ALIEN), "bad-row; bad-row"),
    "semicolons-in-one-row.csv": read(imdb(HEAT, ALIEN.replace(",", ";"), JAWS), "Heat 7; bad-row; Jaws 8"),
    "decimal-commas-between-commas.csv": read(
        lines(LETTERBOXD, L_HEAT.replace("3.5", "3,5"), L_ALIEN.replace("4.5", '"4,5"')), "bad-row; Alien 9"
    ),
    "colons-for-delimiters.csv": refused(WHOLE.replace(",", ":"), "not an export that rateport knows"),
    "columns-of-blanks.txt": refused(WHOLE.replace(",", "   "), "not an export that rateport knows"),
    "table-of-markdown.md": read(
        lines("| title | year | type | rating | rated_at | imdb |", "|---|---|---|---|---|---|")
        + "| Heat | 1995 | movie | 7 | 2018-03-03 | tt0113277 |\n",
        "'--- bad-score; Heat 7",
    ),
    "fenced-by-a-chat.csv": refused(lines("```csv", IMDB, HEAT, "```"), "not an export that rateport knows"),
    "mailed-and-folded.csv": read(
        imdb(HEAT, "tt0078748,9,2019-05-04,Al=", "ien,Movie,1979", JAWS), "Heat 7; bad-row; bad-row; Jaws 8"
    ),
    # --- bytes ---------------------------------------------------------------------------------------------
    "mark-in-the-middle.csv": read(imdb(HEAT) + "\ufeff" + imdb(ALIEN), "Heat 7; Title bad-score; Alien 9"),
    "mark-twice.csv": read("\ufeff\ufeff" + WHOLE, "Heat 7; Alien 9; Jaws 8"),
    "mark-before-every-row.csv": read(lines(IMDB, "\ufeff" + HEAT, "\ufeff" + ALIEN), "Heat 7; Alien 9"),
    "nul-in-a-title.csv": read(imdb("tt5697572,4,2019-05-04,Ca\x00ts,Movie,2019", JAWS), "Cats 4; Jaws 8"),
    "nul-in-a-score.csv": read(imdb("tt5697572,1\x000,2019-05-04,Cats,Movie,2019", JAWS), "Cats bad-score; Jaws 8"),
    "zeros-to-the-end-of-the-block.csv": read(WHOLE.encode() + bytes(700), "Heat 7; Alien 9; Jaws 8; bad-row"),
    "half-letters.csv": refused(
        imdb(HEAT).encode() + b"tt5697572,4,2019-05-04,\xed\xa0\xbdCats,Movie,2019\n",
        ":3: the text is neither UTF-8",
    ),
    "two-encodings.csv": refused(
        imdb(AMELIE).encode() + "tt0095765,9,2019-05-04,Cinéma Paradisö,Movie,1988\n".encode("cp1252"),
        ":3: the text is neither UTF-8 nor Windows-1252",
    ),
    "utf-16-without-mark.csv": refused(WHOLE.encode("utf-16-le"), "--encoding utf-16-le"),
    "utf-16-of-another-order-without-mark.csv": refused(WHOLE.encode("utf-16-be"), "--encoding utf-16-be"),
    "mark-of-utf-16-before-utf-8.csv": refused(b"\xff\xfe" + lines(IMDB, HEAT + "1").encode(), "utf-16"),
    "mark-of-utf-8-before-windows-1252.csv": refused(
        b"\xef\xbb\xbf" + imdb(AMELIE).encode("cp1252"), ":2: not valid utf-8; name the right encoding"
    ),
    "written-in-utf-8-twice.csv": read(imdb(HEAT, AMELIE.encode().decode("cp1252")), "Heat 7; AmÃ©lie 10"),
    "line-ends-mixed.csv": read(f"{IMDB}\r\n{HEAT}\r{ALIEN}\n{JAWS}", "Heat 7; Alien 9; Jaws 8"),
    "line-ends-of-an-old-mac.csv": read(lines(IMDB, HEAT, ALIEN, end="\r"), "Heat 7; Alien 9"),
    "line-ends-converted-twice.csv": read(lines(IMDB, HEAT, ALIEN, end="\r\r\n"), "Heat 7; Alien 9"),
    "line-ends-written-out.csv": refused(
        lines(IMDB, HEAT, end="\\n"), "not recognised; the nearest is imdb:ratings"
    ),
    "line-separators-of-unicode.csv": read(
        imdb("tt5697572,4,2019-05-04,Ca\u2028ts,Movie,2019", JAWS), "Ca ts 4; Jaws 8"
    ),
    "escapes-in-a-title.csv": read(
        imdb("tt5697572,4,2019-05-04,\x1b]0;Cats\x07\x1b[31m,Movie,2019", JAWS), "]0;Cats[31m 4; Jaws 8"
    ),
    "rich-text.csv": refused(
        "{\\rtf1\\ansi\\deff0 " + WHOLE.replace("\n", "\\par\n") + "}", "this is an RTF document"
    ),
    # --- cells ---------------------------------------------------------------------------------------------
    "formula-for-an-id.csv": read(imdb('"=""tt0113277""",7,2018-03-03,Heat,Movie,1995', JAWS), "Heat 7; Jaws 8"),
    "formula-for-a-title.csv": read(
        imdb('tt5697572,4,2019-05-04,"=HYPERLINK(""http://example.org"",""Cats"")",Movie,2019', JAWS),
        '\'=HYPERLINK("http://example.org","Cats") 4; Jaws 8',
    ),
    "formula-for-a-score.csv": read(scored("=5+4"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-in-hashes.csv": read(scored("####"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-is-no-number.csv": read(scored("NaN"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-without-end.csv": read(scored("Infinity"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-in-powers.csv": read(scored("1e1"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-below-zero.csv": read(scored("-7"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-above-ten.csv": read(scored("11"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-of-ten.csv": read(scored("7/10"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-with-a-half.csv": read(scored("7.5"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-in-arabic-digits.csv": read(scored("٧"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-in-wide-digits.csv": read(scored("７"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-with-thousands.csv": read(scored('"1,000,000"'), "Heat 7; Cats bad-score; Jaws 8"),
    "score-with-three-decimals.csv": read(scored('"4,000"'), "Heat 7; Cats 4; Jaws 8"),
    "score-of-a-date.csv": read(scored("07.Okt"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-of-stars.csv": read(scored("★★★★"), "Heat 7; Cats bad-score; Jaws 8"),
    "score-zero.csv": read(scored("0"), "Heat 7; Cats unrated; Jaws 8"),
    "date-that-never-was.csv": read(dated("2018-02-30"), "Heat 7; Cats bad-date; Jaws 8"),
    "date-of-nothing.csv": read(dated("0000-00-00"), "Heat 7; Cats 4 undated; Jaws 8"),
    "date-to-come.csv": read(dated("2999-01-01"), "Heat 7; Cats 4 undated; Jaws 8"),
    "date-before-computers.csv": read(dated("1899-12-30"), "Heat 7; Cats 4 undated; Jaws 8"),
    "date-of-a-spreadsheet.csv": read(dated("43589"), "Heat 7; Cats bad-date; Jaws 8"),
    "date-either-way.csv": refused(dated("03/04/2019"), "column Date Rated: 3/4/2019 may be day or month first"),
    "id-in-powers.csv": read(named("1.13277E+05"), "Heat 7; Cats 4; Jaws 8"),
    "id-of-a-person.csv": read(named("nm0000134"), "Heat 7; Cats 4; Jaws 8"),
    "id-with-a-letter-for-a-digit.csv": read(named("ttO113277"), "Heat 7; Cats 4; Jaws 8"),
    "id-gone.csv": read(named(""), "Heat 7; Cats 4; Jaws 8"),
    "id-unreadable-and-no-year.csv": read(
        imdb(HEAT, "nm0000134,4,2019-05-04,Cats,Movie,", JAWS), "Heat 7; Cats bad-id; Jaws 8"
    ),
    "id-of-another-title.csv": read(
        imdb("tt5697572,4,2019-05-04,Cats,Movie,2019", "tt5697572,4,2019-05-04,Dogs,Movie,2018", JAWS),
        "Cats 4 duplicate; Dogs 4; Jaws 8",
    ),
    "row-twice.csv": read(imdb(HEAT, HEAT, JAWS), "Heat 7 duplicate; Heat 7; Jaws 8"),
    "row-twice-with-another-score.csv": read(
        imdb("tt5697572,4,2019-05-04,Cats,Movie,2019", "tt5697572,2,2018-05-04,Cats,Movie,2019"),
        "Cats 4; Cats 2 duplicate",
    ),
    "year-with-thousands.csv": read(imdb('tt0113277,7,2018-03-03,Heat,Movie,"1,995"', JAWS), "Heat 7; Jaws 8"),
    "type-nobody-knows.csv": read(
        imdb(HEAT, "tt5697572,4,2019-05-04,Cats,Moovie,2019"), "Heat 7; Cats unknown-type"
    ),
    # --- other sources -------------------------------------------------------------------------------------
    "letterboxd-cut.csv": read(lines(LETTERBOXD, L_HEAT) + L_ALIEN[:-5], "Heat 7; bad-row"),
    "letterboxd-cut-in-the-score.csv": read(
        lines(LETTERBOXD, L_HEAT) + "2019-05-04,Cats,2019,https://boxd.it/2aOu,4.", "Heat 7; Cats bad-score"
    ),
    "letterboxd-quarter-star.csv": read(
        lines(LETTERBOXD, L_HEAT, "2019-05-04,Cats,2019,https://boxd.it/2aOu,4.25"), "Heat 7; Cats bad-score"
    ),
    "letterboxd-half-written-out.csv": read(
        lines(LETTERBOXD, L_HEAT, "2019-05-04,Cats,2019,https://boxd.it/2aOu,4½"), "Heat 7; Cats bad-score"
    ),
    "tmdb-type-missing.csv": read(lines(TMDB, T_HEAT, T_ALIEN.replace("movie", "")), "Heat 7; Alien unknown-type"),
    "tmdb-two-exports-joined.csv": read(
        lines(TMDB, T_HEAT) + lines(TMDB, T_ALIEN), "Heat 7; Name bad-score; Alien 9"
    ),
    "tmdb-id-with-fraction.csv": read(lines(TMDB, T_HEAT.replace("949", "949.0"), T_ALIEN), "Heat 7; Alien 9"),
    "criticker-date-unquoted.csv": read(
        lines(CRITICKER, C_HEAT, C_ALIEN.replace('"May 4 2019, 11:30"', "May 4 2019, 11:30")), "Heat 7; bad-row"
    ),
    "criticker-score-in-percent.csv": read(
        lines(CRITICKER, C_HEAT, C_ALIEN.replace("90", "90%")), "Heat 7; Alien bad-score"
    ),
    "filmtipset-between-commas.csv": read(lines(FILMTIPSET, "2018-03-03,Heat,113277,4"), "bad-row"),
    "filmtipset-semicolon-in-a-title.csv": read(
        lines(FILMTIPSET, "2020-01-02;Jaws;73195;4", "2020-01-02;Cats; the film;5697572;2"), "Jaws 8; bad-row"
    ),
    "movielens-without-title.csv": refused(
        lines(MOVIELENS.replace(",title", ""), "6,0113277,949,3.5,3.9"),
        "nearest is movielens:ratings, which also needs 'title'",
    ),
    "movielens-sixth-star.csv": read(
        lines(MOVIELENS, "6,0113277,949,3.5,3.9,Heat (1995)", "7,5697572,536869,6,1.9,Cats (2019)"),
        "Heat 7 undated; Cats bad-score",
    ),
    "csfd-percent.csv": read(
        lines(
            CSFD,
            "1,Cats,2019,film,https://www.csfd.cz/film/1/,90%,2019-05-04",
            "2,Jaws,1975,film,https://www.csfd.cz/film/2/,4,2020-01-02",
        ),
        "Cats bad-score; Jaws 8",
    ),
    "own-scale-misspelt.csv": read(
        lines(
            "title,year,type,rating,score,scale,imdb",
            "Cats,2019,movie,,9,1 bis 10,tt5697572",
            "Heat,1995,movie,,7,1 to 10,tt0113277",
        ),
        "Cats bad-scale; Heat 7 undated",
    ),
}
