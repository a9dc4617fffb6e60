"""AniDB: the person's own votes out of the templates that hold them, and never everybody's."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from adapters.anidb import ADAPTER
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Record, Reject
from importer.intake.identify import identify
from importer.vocabulary.dateforms import read
from importer.vocabulary.dates import When

SAMPLES = Path(__file__).parents[2] / "sample_exports" / "anidb"
Z_NOTE = "AniDB puts the Z behind the date without stating its zone: it may be hours off"


def cs(inside: str = "", **attributes: str) -> Document:
    """A mylist of one anime as xml-plain-cs writes it, with the community's columns filled."""
    known = {"Id": "9541", "Name": "Shingeki no Kyojin", "MyVote": "NaN", "MyTmpVote": "NaN"}
    crowd = {"Rating": "8.56", "Votes": "4379", "TmpRating": "8.11", "TmpVotes": "902", "ReviewRating": "9.00"}
    text = " ".join(f"{name}={quoteattr(value)}" for name, value in (known | crowd | attributes).items())
    return Document("mylist.xml", f'<MyList><User Id="1" /><Anime {text}>{inside}</Anime></MyList>'.encode())


def new(**cells: str) -> Document:
    """The same as xml-plain-new writes it."""
    known = {"AnimeID": "9541", "Name": "Shingeki no Kyojin", "MyVote": "", "MyTempVote": ""}
    crowd = {"Rating": "8.56", "Votes": "4379", "TempRating": "8.11", "TempVotes": "902"}
    text = "".join(f"<{tag}><![CDATA[{value}]]></{tag}>" for tag, value in (known | crowd | cells).items())
    return Document("mylist.xml", f"<my_anime_list><anime>{text}</anime></my_anime_list>".encode())


def record(document: Document) -> Record:
    """The one record of a document, identified as a person's file would be."""
    (found,) = ADAPTER.parse(document, identify(document, [ADAPTER]).shape)
    return found


def rating(document: Document) -> Rating:
    """The one record, which is a rating."""
    found = record(document)
    assert isinstance(found, Rating), found
    return found


def test_permanent_vote() -> None:
    """It is a true rating date, of a zone that is not known."""
    found = rating(cs(MyIsVoted="1", MyVote="8.25", MyVoteDate="2013-10-02T23:50:00Z", YearStart="2013"))
    assert (found.score, found.scale, found.title, found.year) == ("8.25", "0 to 10", "Shingeki no Kyojin", 2013)
    assert (found.kind, found.anime, found.ids) == (Kind.SHOW, Anime.YES, {"anidb": "9541"})
    assert found.moment == Moment("2013-10-02T23:50:00Z", "iso", "MyVoteDate")
    assert found.notes == (Z_NOTE,)


def test_temporary_vote() -> None:
    """It counts where there is no other, and is noted."""
    found = rating(cs(MyIsTmpVoted="1", MyTmpVote="6.5", MyTmpVoteDate="2017-04-22T08:15:00Z"))
    assert (found.score, found.moment) == ("6.5", Moment("2017-04-22T08:15:00Z", "iso", "MyTmpVoteDate"))
    assert found.notes == ("a temporary vote", Z_NOTE)


def test_permanent_before_temporary() -> None:
    """A vote from before the end is not what the person thinks now, however new it is."""
    votes = {"MyIsVoted": "1", "MyVote": "8", "MyIsTmpVoted": "1", "MyTmpVote": "3"}
    found = rating(cs(**votes, MyTmpVoteDate="2020-01-01T00:00:00Z"))
    assert (found.score, found.moment, found.notes) == ("8", None, ())
    found = rating(new(MyVote="8", MyTempVote="3", MyTempVoteDate="01.01.2020 00:00"))
    assert (found.score, found.moment, found.notes) == ("8", None, ())


@pytest.mark.parametrize("document", [cs(), new(), new(MyVote="-", MyTempVote="-")])
def test_votes_of_everybody_are_never_taken(document: Document) -> None:
    """Without a vote of the person's own the anime is unrated, whatever the community thinks of it."""
    found = record(document)
    assert isinstance(found, Reject)
    assert (found.code, found.score) == (Code.UNRATED, "")


def test_votes_on_groups_and_episodes_are_none_on_the_anime() -> None:
    """They have the same names, one level deeper."""
    inside = '<Group Id="41" MyVote="4" /><Ep Id="1001" MyVote="3" MyVoteDate="2012-02-03T02:02:00Z" />'
    found = record(cs(inside))
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED


@pytest.mark.parametrize("document", [cs(MyIsVoted="1"), cs(MyVote="good"), new(MyVote="NaN"), new(MyVote="11")])
def test_vote_that_cannot_be_read(document: Document) -> None:
    """One that is flagged or filled in is there, so it is not quietly unrated."""
    found = record(document)
    assert isinstance(found, Reject)
    assert found.code is Code.BAD_SCORE


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("02.10.2013 23:50", (2013, 10, 2)),
        ("05.07.10", (2010, 7, 5)),
    ],
)
def test_raw_date(text: str, when: tuple[int, int, int]) -> None:
    """Day before month, with two digits of the year in short forms, and never a zone."""
    found = rating(new(MyVote="9", MyVoteDate=text))
    assert found.moment == Moment(text, "iso", "MyVoteDate")
    said = read(found.moment.text, found.moment.form)
    assert isinstance(said, When)
    assert ((said.year, said.month, said.day), said.offset) == (when, None)


def test_span_of_years() -> None:
    """The first year is the title's."""
    assert rating(new(MyVote="9", Year="2013-2014")).year == 2013
    assert rating(cs(MyIsVoted="1", MyVote="9", YearStart="?")).year is None


@pytest.mark.parametrize(
    ("type_text", "kind"), [("Movie", Kind.MOVIE), ("TV Series", Kind.SHOW), ("OVA", Kind.SHOW)]
)
def test_only_films_are_told_apart(type_text: str, kind: Kind) -> None:
    """All of it is anime."""
    assert rating(cs(MyIsVoted="1", MyVote="9", TypeName=type_text)).kind is kind
    assert rating(new(MyVote="9", TypeName=type_text)).kind is kind


def html(*votes: str) -> Document:
    """A mylist of one anime as html-xstyle writes it, with everybody's rating and other dates."""
    titles = '<title type="syn">AoT</title><title type="main"><![CDATA[Shingeki no Kyojin]]></title>'
    crowd = '<rating type="normal" votes="4379" rating="8.56" /><dates added="20.08.02" start="08.04.2002" />'
    anime = f"<titles>{titles}</titles>{''.join(votes)}{crowd}"
    head = '<root anidb="http://anidb.info/perl-bin/animedb.pl"><animes>'
    text = f'{head}<anime id="9541" type="TV Series" year="2013-2014">{anime}</anime></animes></root>'
    return Document("mylist.xml", text.encode())


NORMAL, TEMP = (
    '<myvote type="normal" date="17.11.07" vote="8.5" />',
    '<myvote type="temp" date="01.02.08" vote="3" />',
)


def test_votes_behind_html() -> None:
    """The main title is taken, and the permanent vote wherever it stands."""
    for document in (html(NORMAL), html(TEMP, NORMAL)):
        found = rating(document)
        assert (found.title, found.year, found.ids, found.score) == (
            "Shingeki no Kyojin", 2013, {"anidb": "9541"}, "8.5",
        )  # fmt: skip
        assert (found.moment, found.notes) == (Moment("17.11.07", "iso", "normal myvote date"), ())
    found = rating(html(TEMP))
    assert (found.score, found.moment) == ("3", Moment("01.02.08", "iso", "temp myvote date"))
    assert found.notes == ("a temporary vote",)


def test_votes_of_xml_anivote() -> None:
    """What the site calls PermRating and TempRating is everybody's, with count and rating in either place."""
    crowd = '<PermRating count="4379">8.56</PermRating><TempRating count="8.11">902</TempRating>'
    temp = '<UserTempVote date="01.02.2009 10:00">8</UserTempVote>'

    def anime(perm: str) -> Document:
        text = f'<Mylist><Anime id="23"><Name>Cowboy Bebop</Name>{crowd}{perm}{temp}</Anime></Mylist>'
        return Document("mylist.xml", text.encode())

    found = rating(anime('<UserPermVote date="14.03.2009 21:05">9.5</UserPermVote>'))
    assert (found.score, found.ids, found.title) == ("9.5", {"anidb": "23"}, "Cowboy Bebop")
    assert found.moment == Moment("14.03.2009 21:05", "iso", "UserPermVote date")
    found = rating(anime('<UserPermVote date="-">-</UserPermVote>'))
    assert (found.score, found.notes) == ("8", ("a temporary vote",))


def test_votes_of_xml_mystatus_behind_a_second_root() -> None:
    """The file is two documents in one, which is no XML; `rating` is everybody's."""
    entry = '<entry aid="23" name="Cowboy Bebop" rating="8.56" my_rating="9" my_rating_temp="-" />'
    text = f'<user name="x" /><list>{entry}</list>'
    found = rating(Document("mylist.xml", text.encode()))
    assert (found.score, found.ids, found.title, found.moment) == ("9", {"anidb": "23"}, "Cowboy Bebop", None)
    found = rating(Document("mylist.xml", text.replace('"9"', '"-"').replace('temp="-"', 'temp="6.5"').encode()))
    assert (found.score, found.notes) == ("6.5", ("a temporary vote",))


@pytest.mark.parametrize("inside", ['value="10" date="05.07.2010 11:00"', ""])
def test_votes_of_xml_plain_full(inside: str) -> None:
    """A vote has its value and its date inside, as attributes or as elements."""
    below = "" if inside else "<value>10</value><date>05.07.2010 11:00</date>"
    vote = f'<MyVote {inside}>{below}</MyVote><MyTempVote value="3" />'
    anime = f'<anime id="112"><Name>Tonari no Totoro</Name><Type>Movie</Type>{vote}</anime>'
    found = rating(Document("mylist.xml", f"<my_anime_list>{anime}</my_anime_list>".encode()))
    assert (found.score, found.kind, found.ids) == ("10", Kind.MOVIE, {"anidb": "112"})
    assert found.moment == Moment("05.07.2010 11:00", "iso", "MyVote date")


@pytest.mark.parametrize("template", ["html-unrated", "xml-naive", "xml-others", "xml-plain", "csv-adborg"])
def test_other_templates_are_refused(template: str) -> None:
    """They hold no votes, or both kinds under one name; the sentence names the template to choose."""
    (file,) = (SAMPLES / template).iterdir()
    found = identify(Document(file.name, file.read_bytes()), [ADAPTER]).shape
    assert found.name == template
    assert found.refusal.endswith("again with the template xml-plain-cs.")
