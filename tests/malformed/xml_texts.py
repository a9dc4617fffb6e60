"""XML spoiled by hand: cut downloads, tags that do not match, entities, declarations that lie, elements astray."""

from __future__ import annotations

from tests.malformed import Family, read, refused

DECLARED = '<?xml version="1.0" encoding="UTF-8" ?>\n'


def anime(mal: str, score: str, date: str, title: str) -> str:
    """An entry of a MyAnimeList export."""
    return (
        f"<anime>\n<series_animedb_id>{mal}</series_animedb_id>\n<series_title><![CDATA[{title}]]></series_title>\n"
        f"<series_type>TV</series_type>\n<my_finish_date>{date}</my_finish_date>\n<my_score>{score}</my_score>\n"
        "<my_status>Completed</my_status>\n</anime>\n"
    )


AKIRA = anime("47", "7", "2018-03-03", "Akira")
MONSTER = anime("19", "9", "2019-05-04", "Monster")
BEBOP = anime("1", "4", "2019-05-04", "Cowboy Bebop")
INFO = "<myinfo><user_export_type>1</user_export_type></myinfo>\n"


def mal(*entries: str, start: str = DECLARED) -> str:
    """An export of these entries."""
    return f"{start}<myanimelist>\n{INFO}{''.join(entries)}</myanimelist>\n"


WHOLE = mal(AKIRA, MONSTER)


def with_bebop(old: str, new: str) -> str:
    """A sound entry, one with a part of it exchanged, and a sound one."""
    assert BEBOP.count(old) == 1
    return mal(AKIRA, BEBOP.replace(old, new), MONSTER)


def scored(score: str) -> str:
    """An export whose second entry has this score."""
    return with_bebop(">4<", f">{score}<")


def titled(title: str) -> str:
    """An export whose second entry has this title, outside CDATA."""
    return with_bebop("<![CDATA[Cowboy Bebop]]>", title)


ALL = "Akira 7; Cowboy Bebop 4; Monster 9"
ONE_GONE = "Akira 7; Cowboy Bebop bad-score; Monster 9"
DTD = "the XML declares a DTD or entities, which no export does"
CUT = "not complete XML"

HEAT = (
    '<Video ratingKey="1" guid="plex://movie/1" type="movie" title="Heat" userRating="7.0" '
    'lastRatedAt="1520107200" year="1995"><Guid id="imdb://tt0113277" /></Video>'
)
ALIEN = (
    '<Video ratingKey="2" guid="plex://movie/2" type="movie" title="Alien" userRating="9.0" '
    'lastRatedAt="1557000000" year="1979"><Guid id="imdb://tt0078748" /></Video>'
)


def plex(*videos: str) -> str:
    """A library of these films."""
    return f'{DECLARED}<MediaContainer size="2">\n' + "\n".join(videos) + "\n</MediaContainer>\n"


def kodi(*movies: str) -> str:
    """A library of these films."""
    return f"{DECLARED}<videodb>\n<version>1</version>\n{''.join(movies)}</videodb>\n"


K_HEAT = (
    "<movie><title>Heat</title><userrating>7</userrating><lastplayed>2018-03-03 20:00:00</lastplayed>"
    '<uniqueid type="imdb">tt0113277</uniqueid><year>1995</year></movie>\n'
)
K_ALIEN = (
    "<movie><title>Alien</title><userrating>9</userrating><lastplayed>2019-05-04 20:00:00</lastplayed>"
    '<uniqueid type="imdb">tt0078748</uniqueid><year>1979</year></movie>\n'
)
C_HEAT = (
    "<film><filmname>Heat (1995)</filmname><filmlink>https://www.criticker.com/film/Heat/</filmlink>"
    "<imdbid>tt0113277</imdbid><rating>70</rating><reviewdate>Mar 3 2018, 20:00</reviewdate></film>\n"
)
C_ALIEN = (
    "<film><filmname>Alien (1979)</filmname><filmlink>https://www.criticker.com/film/Alien/</filmlink>"
    "<imdbid>tt0078748</imdbid><rating>90</rating><reviewdate>May 4 2019, 20:00</reviewdate></film>\n"
)
L_HEAT = (
    "<item><title>Heat (1995)</title><link>https://www.listal.com/movie/heat</link><pubDate>Sat, 03 Mar 2018 "
    "23:15:00 +0000</pubDate><listal:rating>7</listal:rating><listal:imdb>0113277</listal:imdb>"
    "<listal:listtype>owned</listal:listtype></item>\n"
)
L_HEAD = '<rss version="2.0" xmlns:listal="http://www.listal.com/rss"><channel>\n'
T_WIRE = "<Series><seriesid>79126</seriesid><UserRating>10</UserRating></Series>\n"
V_BEBOP = (
    '<anime id="23"><Name>Cowboy Bebop</Name><Year>1998</Year><Type>TV Series</Type><MyVote value="10" '
    'date="14.03.2009 21:05" /><MyTempVote value="-" date="-" /></anime>\n'
)

XML_TEXTS: Family = {
    # --- cut off -------------------------------------------------------------------------------------------
    "cut-in-a-tag.xml": refused(WHOLE[: WHOLE.index("<my_score>9") + 5], ":17: not complete XML (unclosed token"),
    "cut-in-a-text.xml": refused(WHOLE[: WHOLE.index("<my_score>9") + 11], "not complete XML (no element found"),
    "cut-in-cdata.xml": refused(WHOLE[: WHOLE.index("Monster") + 3], "not complete XML (unclosed CDATA section"),
    "cut-in-an-attribute.xml": refused(plex(HEAT)[:150], "not complete XML (unclosed token"),
    "cut-between-entries.xml": refused(WHOLE[: WHOLE.index("<anime>", 200)], "not complete XML (no element found"),
    "cut-before-the-last-tag.xml": refused(
        WHOLE.replace("</myanimelist>", ""), "not complete XML (no element found"
    ),
    "cut-in-the-last-tag.xml": refused(WHOLE.rstrip()[:-1], "not complete XML (unclosed token"),
    "cut-in-a-comment.xml": refused(mal(AKIRA, "<!-- " + MONSTER), "not complete XML (unclosed token"),
    "cut-in-the-declaration.xml": refused('<?xml version="1.0" enc', CUT),
    "cut-behind-the-declaration.xml": refused(DECLARED, "not complete XML (no element found"),
    "cut-and-a-server-error-behind.xml": refused(
        WHOLE[:300] + "<html><body>502 Bad Gateway</body></html>", ":9: not complete XML (not well-formed"
    ),
    "zeros-to-the-end-of-the-block.xml": refused(WHOLE.encode() + bytes(600), CUT),
    "nothing-but-a-comment.xml": refused("<!-- Exported from LiveChart.me -->", CUT),
    # --- tags ----------------------------------------------------------------------------------------------
    "end-tag-missing.xml": refused(with_bebop("</my_score>", ""), "not complete XML (mismatched tag"),
    "end-tag-misspelt.xml": refused(with_bebop("</my_score>", "</my_scor>"), "not complete XML (mismatched tag"),
    "end-tag-in-capitals.xml": refused(
        with_bebop("</my_score>", "</MY_SCORE>"), "not complete XML (mismatched tag"
    ),
    "end-tags-crossed.xml": refused(
        with_bebop("4</my_score>\n<my_status>", "4<my_status>\n</my_score>"), "not complete XML (mismatched tag"
    ),
    "end-tag-twice.xml": refused(
        with_bebop("</my_score>", "</my_score></my_score>"), "not complete XML (mismatched tag"
    ),
    "root-closed-twice.xml": refused(WHOLE + "</myanimelist>", CUT),
    "root-closed-too-early.xml": refused(mal(AKIRA) + MONSTER + "</myanimelist>", CUT),
    "start-tag-missing.xml": refused(with_bebop("<my_score>", ""), "not complete XML (mismatched tag"),
    "tag-with-a-blank.xml": refused(with_bebop("<my_score>", "<my score>"), "not complete XML (not well-formed"),
    "tag-that-begins-with-a-blank.xml": refused(with_bebop("<my_score>", "< my_score>"), CUT),
    "tag-that-begins-with-a-digit.xml": refused(titled("<1>Cowboy Bebop</1>"), CUT),
    "bracket-in-a-title.xml": refused(titled("Cowboy < Bebop"), CUT),
    "heart-in-a-title.xml": refused(titled("Cowboy <3 Bebop"), CUT),
    "two-roots.xml": read(mal(AKIRA) + mal(MONSTER, start=""), "Akira 7; Monster 9"),
    "two-files-in-one.xml": refused(mal(AKIRA) + mal(MONSTER), "XML or text declaration not at start of entity"),
    "text-behind-the-root.xml": read(WHOLE + "done.", "Akira 7; Monster 9"),
    "text-before-the-root.xml": refused("Here is my list:\n" + WHOLE, "not an export that rateport knows"),
    "no-root.xml": refused(AKIRA + MONSTER, "not an export that rateport knows"),
    "nested-without-end.xml": refused("<anime>" * 5_000, "the XML is nested too deep for any export"),
    # --- attributes ----------------------------------------------------------------------------------------
    "attribute-twice.xml": refused(
        plex(HEAT, ALIEN.replace('userRating="9.0"', 'userRating="9.0" userRating="2.0"')),
        ":4: not complete XML (duplicate attribute",
    ),
    "attribute-without-quotes.xml": refused(plex(HEAT.replace('"7.0"', "7.0")), ":3: not complete XML"),
    "attribute-without-value.xml": refused(plex(HEAT.replace('="7.0"', "")), ":3: not complete XML"),
    "attribute-quote-never-closed.xml": refused(plex(HEAT.replace('"7.0"', '"7.0')), ":3: not complete XML"),
    "attributes-without-a-blank.xml": refused(plex(HEAT.replace('" year', '"year')), ":3: not complete XML"),
    "quote-in-an-attribute.xml": refused(plex(HEAT.replace('"Heat"', '"The "Cats" film"')), ":3: not complete XML"),
    "bracket-in-an-attribute.xml": refused(plex(HEAT.replace('"Heat"', '"He<at"')), ":3: not complete XML"),
    "attributes-in-single-quotes.xml": read(plex(HEAT.replace('"', "'"), ALIEN), "Heat 7; Alien 9"),
    "attribute-of-another-case.xml": read(
        plex(HEAT, ALIEN.replace("userRating", "userrating")), "Heat 7; Alien unrated"
    ),
    # --- entities, declarations ----------------------------------------------------------------------------
    "ampersand.xml": read(titled("Cowboy & Bebop"), "Akira 7; Cowboy & Bebop 4; Monster 9"),
    "entity-of-html.xml": read(titled("Cowboy&nbsp;Bebop"), "Akira 7; Cowboy&nbsp;Bebop 4; Monster 9"),
    "entity-without-end.xml": read(titled("Cowboy &amp Bebop"), "Akira 7; Cowboy &amp Bebop 4; Monster 9"),
    "entity-twice.xml": read(titled("Cowboy &amp;amp; Bebop"), "Akira 7; Cowboy &amp; Bebop 4; Monster 9"),
    "entity-of-zero.xml": refused(titled("Cowboy&#0; Bebop"), "not complete XML (reference to invalid character"),
    "entity-of-half-a-pair.xml": refused(titled("Cowboy&#xD83D; Bebop"), "not complete XML (reference to invalid"),
    "entity-of-no-letter.xml": refused(titled("Cowboy&#9999999; Bebop"), "not complete XML (reference to invalid"),
    "entity-of-an-escape.xml": refused(
        titled("Cowboy&#27; Bebop"), "not complete XML (reference to invalid character"
    ),
    "doctype.xml": refused(mal(AKIRA, start="<!DOCTYPE myanimelist>\n"), DTD),
    "doctype-from-elsewhere.xml": refused(
        mal(AKIRA, start='<!DOCTYPE myanimelist SYSTEM "http://example.org/mal.dtd">\n'), DTD
    ),
    "entity-of-its-own.xml": refused(
        mal(AKIRA.replace(">7<", ">&s;<"), start='<!DOCTYPE myanimelist [<!ENTITY s "9">]>\n'), DTD
    ),
    "entity-of-a-file.xml": refused(
        mal(
            AKIRA.replace(">7<", ">&s;<"),
            start='<!DOCTYPE myanimelist [<!ENTITY s SYSTEM "file:///etc/passwd">]>\n',
        ),
        DTD,
    ),
    "entity-of-parameters.xml": refused(
        mal(AKIRA, start='<!DOCTYPE myanimelist [<!ENTITY % s SYSTEM "http://example.org/s"> %s;]>\n'), DTD
    ),
    "blank-line-before-the-declaration.xml": read("\n\n  " + WHOLE, "Akira 7; Monster 9"),
    "declared-twice.xml": refused(DECLARED + WHOLE, "XML or text declaration not at start of entity"),
    "declared-in-the-middle.xml": refused(mal(AKIRA, DECLARED, MONSTER), CUT),
    "declared-as-latin.xml": read(WHOLE.replace("UTF-8", "ISO-8859-1"), "Akira 7; Monster 9"),
    "declared-as-utf-16.xml": read(WHOLE.replace("UTF-8", "UTF-16"), "Akira 7; Monster 9"),
    "declared-as-nothing-known.xml": read(WHOLE.replace("UTF-8", "martian"), "Akira 7; Monster 9"),
    "declared-as-version-two.xml": read(WHOLE.replace('"1.0"', '"2.0"'), "Akira 7; Monster 9"),
    "declared-in-html-quotes.xml": read(WHOLE.replace('"1.0"', "&quot;1.0&quot;"), "Akira 7; Monster 9"),
    # --- bytes ---------------------------------------------------------------------------------------------
    "mark-twice.xml": read("\ufeff\ufeff" + WHOLE, "Akira 7; Monster 9"),
    "mark-in-the-middle.xml": read(mal(AKIRA, "\ufeff", MONSTER), "Akira 7; Monster 9"),
    "utf-16-without-mark.xml": refused(WHOLE.encode("utf-16-le"), "--encoding utf-16-le"),
    "windows-1252-declared-as-utf-8.xml": read(
        titled("Cowboy Bébop").encode("cp1252"), "Akira 7; Cowboy Bébop 4; Monster 9"
    ),
    "windows-1251.xml": refused(titled("Ковбой Бибоп").encode("cp1251"), "neither UTF-8 nor Windows-1252"),
    "zero-in-a-title.xml": refused(titled("Cow\x00boy"), ":14: not complete XML (not well-formed"),
    "form-feed-in-a-title.xml": refused(titled("Cow\x0cboy"), ":14: not complete XML (not well-formed"),
    "line-ends-of-an-old-mac.xml": read(WHOLE.replace("\n", "\r"), "Akira 7; Monster 9"),
    # --- instructions, comments, CDATA, names --------------------------------------------------------------
    "instruction-in-the-middle.xml": read(mal(AKIRA, "<?php echo 9 ?>\n", MONSTER), "Akira 7; Monster 9"),
    "instruction-never-closed.xml": refused(
        mal(AKIRA, "<?php echo 9 >\n", MONSTER), "not complete XML (unclosed token"
    ),
    "comment-in-a-comment.xml": refused(mal(AKIRA, "<!-- a <!-- b --> c -->", MONSTER), CUT),
    "comment-with-dashes.xml": refused(mal(AKIRA, "<!-- a -- b -->", MONSTER), CUT),
    "cdata-closed-twice.xml": refused(titled("<![CDATA[Cowboy]]> Bebop]]>"), CUT),
    "cdata-in-cdata.xml": refused(titled("<![CDATA[Cowboy <![CDATA[Bebop]]>]]>"), CUT),
    "cdata-around-an-entry.xml": read(
        mal(AKIRA, f"<![CDATA[{BEBOP.replace(']]>', '')}]]>", MONSTER), "Akira 7; Monster 9"
    ),
    "cdata-in-lower-case.xml": refused(titled("<![cdata[Cowboy Bebop]]>"), CUT),
    "prefix-that-nobody-declared.xml": refused(
        L_HEAD.replace(' xmlns:listal="http://www.listal.com/rss"', "") + L_HEAT + "</channel></rss>",
        "not complete XML (unbound prefix",
    ),
    "prefix-of-another-address.xml": read(
        L_HEAD.replace("http://www.listal.com/rss", "urn:x") + L_HEAT + "</channel></rss>", "Heat 7"
    ),
    "namespace-for-all.xml": read(
        WHOLE.replace("<myanimelist>", '<myanimelist xmlns="urn:x">'), "Akira 7; Monster 9"
    ),
    # --- elements astray -----------------------------------------------------------------------------------
    "root-of-another-name.xml": refused(
        WHOLE.replace("myanimelist", "mylist"), "not an export that rateport knows"
    ),
    "root-in-capitals.xml": refused(
        WHOLE.replace("myanimelist", "MyAnimeList"), "not an export that rateport knows"
    ),
    "root-of-nothing.xml": refused("<myanimelist/>", "No ratings were found in what you named"),
    "wrapped-once-more.xml": refused(
        f"<export>{WHOLE[len(DECLARED) :]}</export>", "not an export that rateport knows"
    ),
    "entry-in-an-entry.xml": read(
        mal(AKIRA.replace("</anime>", MONSTER + "</anime>"), BEBOP), "Akira 7; Cowboy Bebop 4"
    ),
    "entry-in-the-head.xml": read(mal(AKIRA).replace("</myinfo>", MONSTER + "</myinfo>"), "Akira 7"),
    "entry-of-nothing.xml": read(mal(AKIRA, "<anime/>", MONSTER), "Akira 7; unrated; Monster 9"),
    "entry-twice.xml": read(mal(AKIRA, AKIRA, MONSTER), "Akira 7 duplicate; Akira 7; Monster 9"),
    "score-twice.xml": read(
        with_bebop("<my_score>4</my_score>", "<my_score>4</my_score><my_score>9</my_score>"), ALL
    ),
    "score-gone.xml": read(with_bebop("<my_score>4</my_score>", ""), "Akira 7; Cowboy Bebop unrated; Monster 9"),
    "score-on-lines-of-its-own.xml": read(scored("\n\t4\n"), ALL),
    "score-around-a-comment.xml": read(scored("1<!-- ? -->0"), "Akira 7; Cowboy Bebop 10; Monster 9"),
    "score-around-an-element.xml": read(scored("1<br/>0"), "Akira 7; Cowboy Bebop 10; Monster 9"),
    "score-in-an-element.xml": read(scored("<b>4</b>"), "Akira 7; Cowboy Bebop unrated; Monster 9"),
    "score-and-an-element.xml": read(scored("4<b>of 10</b>"), ONE_GONE),
    "score-with-a-comma.xml": read(scored("4,5"), ONE_GONE),
    "score-of-ten.xml": read(scored("4/10"), ONE_GONE),
    "score-in-full-width.xml": read(scored("４"), ONE_GONE),
    "score-by-reference.xml": read(scored("&#52;"), ALL),
    "date-that-never-was.xml": read(
        with_bebop("2019-05-04", "2019-02-30"), "Akira 7; Cowboy Bebop bad-date; Monster 9"
    ),
    "date-of-nothing.xml": read(
        with_bebop("2019-05-04", "0000-00-00"), "Akira 7; Cowboy Bebop 4 undated; Monster 9"
    ),
    "id-of-nothing.xml": read(with_bebop(">1<", "><"), "Akira 7; Cowboy Bebop no-id; Monster 9"),
    "id-below-zero.xml": read(with_bebop(">1<", ">-1<"), "Akira 7; Cowboy Bebop no-id; Monster 9"),
    # --- other sources -------------------------------------------------------------------------------------
    "plex-of-nothing.xml": refused(plex(), "not recognised; the nearest is plex:xml"),
    "plex-rating-of-a-hundred.xml": read(
        plex(HEAT, ALIEN.replace("9.0", "90").replace("Alien", "Cats")), "Heat 7; Cats bad-score"
    ),
    "plex-rated-in-milliseconds.xml": read(
        plex(HEAT, ALIEN.replace("1557000000", "1557000000000")), "Heat 7; Alien bad-date"
    ),
    "kodi-rating-with-text.xml": read(
        kodi(K_HEAT, K_ALIEN.replace(">9<", ">9 of 10<").replace("Alien", "Cats")), "Heat 7; Cats bad-score"
    ),
    "kodi-rating-around-a-break.xml": read(
        kodi(K_HEAT, K_ALIEN.replace(">9<", ">1<br/>0<").replace("Alien", "Cats")), "Heat 7; Cats 10"
    ),
    "kodi-two-ids-of-one-kind.xml": read(
        kodi(K_HEAT, K_ALIEN.replace("<year>", '<uniqueid type="imdb">tt0078748</uniqueid><year>')),
        "Heat 7; Alien 9",
    ),
    "kodi-films-in-a-set.xml": read(kodi(K_HEAT, f"<set>{K_ALIEN}</set>"), "Heat 7"),
    "criticker-page-missing-its-end.xml": refused(f"<recentratings>{C_HEAT}", "not complete XML"),
    "criticker-link-gone.xml": read(
        f"<recentratings>{C_HEAT}{C_ALIEN.replace('https://www.criticker.com/film/Alien/', '')}</recentratings>",
        "Heat 7; Alien unknown-type",
    ),
    "criticker-two-pages-joined.xml": read(
        f"<recentratings>{C_HEAT}</recentratings><recentratings>{C_ALIEN}</recentratings>", "Heat 7; Alien 9"
    ),
    "thetvdb-id-is-a-title.xml": read(
        f"<Data>{T_WIRE.replace('79126', 'The Wire')}{T_WIRE.replace('79126', '81189')}</Data>",
        "bad-id; 10 undated",
    ),
    "anidb-vote-without-a-digit.xml": read(
        "<my_anime_list>" + V_BEBOP.replace('"10"', '"ten"') + V_BEBOP.replace('"23"', '"69"') + "</my_anime_list>",
        "Cowboy Bebop bad-score; Cowboy Bebop 10",
    ),
}
