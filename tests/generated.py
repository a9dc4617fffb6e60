"""Exports made by chance in the formats of five sources: rows that are sound, doubtful, empty, doubled, or junk."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from hypothesis import strategies as st

Row = Mapping[str, str]

_JUNK = (
    "",
    " ",
    "-",
    "N/A",
    "?",
    "=1+1",
    "'=1",
    "1e9",
    "-3",
    "0",
    "00",
    "8/10",
    "ten",
    "11",
    "999",
    "4,5",
    "😀",
    ";",
)
_TITLES = ("Heat", "Alien", "Amélie", "Se7en", "M", "8½", "The Good, the Bad", 'Say "Anything"', "=Love", "&c <b>")
_SCORES = ("1", "2", "3", "4", "4.5", "5", "6", "7", "8", "9", "10")
_DATES = (
    "2010-02-03",
    "2019-12-31",
    "2020-02-29",
    "1931-05-11",
    "2999-01-01",
    "2021-02-30",
    "0000-00-00",
    "03/04/2020",
)
_TYPES = ("movie", "Movie", "show", "TV Series", "tvEpisode", "season", "anime", "Video Game", "tvMiniSeries")
_JUNK_OR_TEXT = st.sampled_from(_JUNK) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\u2028\u2029"),
    max_size=8,
)


def _mostly(*sound: str) -> st.SearchStrategy[str]:
    return st.one_of(*[st.sampled_from(sound)] * 3, _JUNK_OR_TEXT)


ROWS = st.fixed_dictionaries(
    {
        "title": _mostly(*_TITLES),
        "year": _mostly("1979", "1995", "2001", "2031"),
        "type": _mostly(*_TYPES),
        "score": _mostly(*_SCORES),
        "date": _mostly(*_DATES),
        "number": _mostly("1", "2", "3", "550", "949", "16498"),
        "imdb": _mostly("tt0113277", "tt0078748", "tt0137523", "nm0000001", "0078748"),
    }
)


class Export(NamedTuple):
    """A file, and the score that each of its records was written with."""

    name: str
    source: str
    data: bytes
    scores: tuple[str, ...]


def _table(header: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(header.split(","))
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return stream.getvalue().encode()


def _plain(rows: Sequence[Row]) -> bytes:
    columns = ("title", "year", "type", "score", "date", "imdb", "number")
    return _table("title,year,type,rating,rated_at,imdb,tmdb", columns, rows)


def _imdb(rows: Sequence[Row]) -> bytes:
    header = (
        "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
        "Num Votes,Release Date,Directors"
    )
    rest = ("crowd", "minutes", "year", "genres", "votes", "released", "directors")
    return _table(header, ("imdb", "score", "date", "title", "title", "url", "type", *rest), rows)


def _letterboxd(rows: Sequence[Row]) -> bytes:
    linked = [{**row, "link": f"https://boxd.it/{row['number'].strip() or 'aa'}"} for row in rows]
    return _table("Date,Name,Year,Letterboxd URI,Rating", ("date", "title", "year", "link", "score"), linked)


def _value(text: str) -> Any:
    """As JSON writes it: numbers where it is one, else the text."""
    return int(text) if text.isascii() and text.isdecimal() else text


def _trakt(rows: Sequence[Row]) -> bytes:
    def item(row: Row) -> dict[str, Any]:
        ids = {"trakt": _value(row["number"]), "imdb": row["imdb"], "tmdb": _value(row["number"])}
        movie = {"title": row["title"], "year": _value(row["year"]), "ids": ids}
        return {"rated_at": row["date"], "rating": _value(row["score"]), "type": "movie", "movie": movie}

    return json.dumps(list(map(item, rows))).encode()


def _myanimelist(rows: Sequence[Row]) -> bytes:
    def anime(row: Row) -> str:
        told = {
            "series_animedb_id": row["number"],
            "series_title": row["title"],
            "series_type": row["type"],
            "my_start_date": row["date"],
            "my_finish_date": row["date"],
            "my_score": row["score"],
            "my_status": "Completed",
            "my_tags": "",
            "update_on_import": "1",
        }
        return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())

    listed = "".join(f"<anime>{anime(row)}</anime>\n" for row in rows)
    info = f"<myinfo><user_name>reader</user_name><user_total_anime>{len(rows)}</user_total_anime></myinfo>"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<myanimelist>\n{info}\n{listed}</myanimelist>".encode()


FORMATS: Mapping[str, tuple[str, Callable[[Sequence[Row]], bytes]]] = {
    "rateport": ("mine.csv", _plain),
    "imdb": ("ratings.csv", _imdb),
    "letterboxd": ("ratings.csv", _letterboxd),
    "trakt": ("ratings-movies.json", _trakt),
    "myanimelist": ("animelist.xml", _myanimelist),
}


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """One export with up to eight records."""
    source = draw(st.sampled_from(sorted(FORMATS)))
    rows = draw(st.lists(ROWS, min_size=1, max_size=8))
    name, written = FORMATS[source]
    return Export(name, source, written(rows), tuple(row["score"] for row in rows))
