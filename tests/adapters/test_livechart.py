"""LiveChart: told from MyAnimeList by the comment at the head, and never believed about ids."""

from __future__ import annotations

from adapters.livechart import ADAPTER
from adapters.myanimelist import ADAPTER as MYANIMELIST
from importer.adapter import Anime, Code, Document, Kind, Moment, Rating, Reject
from importer.intake.identify import identify

NOTE = "id left out: whether LiveChart writes MyAnimeList's ids or its own is not known"


def listed(comment: str, *anime: str) -> Document:
    """A list of MyAnimeList's dialect below `comment`."""
    rows = "".join(f"<anime><series_animedb_id>1</series_animedb_id>{cells}</anime>" for cells in anime)
    return Document("list.xml", f"<?xml version='1.0'?>\n{comment}\n<myanimelist>{rows}</myanimelist>".encode())


BEBOP = "<series_title>Cowboy Bebop</series_title><series_type>TV</series_type><my_score>9</my_score>"


def test_the_comment_tells_the_writer() -> None:
    """Without it nothing tells the list from those of MyAnimeList and its converters."""
    both = [MYANIMELIST, ADAPTER]
    assert identify(listed("<!-- Exported from LiveChart.me -->", BEBOP), both).word == "livechart:xml"
    assert identify(listed("<!-- made by hand -->", BEBOP), both).word == "myanimelist:xml"


def test_ids_are_left_out() -> None:
    """They may be LiveChart's own; the title asks the person."""
    document = listed("<!-- LiveChart -->", f"{BEBOP}<my_finish_date>2019-05-04</my_finish_date>")
    (found,) = ADAPTER.parse(document, ADAPTER.shapes[0])
    assert isinstance(found, Rating)
    assert (found.kind, found.anime, found.title, found.ids) == (Kind.SHOW, Anime.YES, "Cowboy Bebop", {})
    assert (found.score, found.scale, found.notes) == ("9", "1 to 10", (NOTE,))
    assert found.moment == Moment("2019-05-04", "iso", "my_finish_date", stand_in=True)


def test_0_is_unrated() -> None:
    """As in the whole dialect."""
    document = listed("<!-- LiveChart -->", BEBOP.replace(">9<", ">0<"))
    (found,) = ADAPTER.parse(document, ADAPTER.shapes[0])
    assert isinstance(found, Reject)
    assert found.code is Code.UNRATED
