"""IMDb: the CSV files behind Export on the ratings page, and behind Export on a list or the watchlist.

Until November 2017 ratings and lists had one header, whose `created` is the day of the rating in the one and the
day of listing in the other; then `Date Added` was the day of the rating, since 2018 it is `Date Rated`. `Original
Title` came in 2024. Title Type is written in the language of the account, in camelCase from 2018 to 2024. One list
may hold a Const twice, with and without a rating. An episode has its own Const; its title reads series: episode.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial

from importer.adapter import (
    Adapter,
    Code,
    Convert,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    csv_shape,
    each_row,
    imdb_id,
    rating_or_reject,
    rows_of,
    unsupported,
)

# A line or two per language: English, Italian, German, French, Spanish, Portuguese, Hindi (formats-western.md 2.1).
WORDS: dict[Kind | Code, str] = {
    Kind.MOVIE: """
Movie|Feature Film|Documentary|Short|Short Film|TV Movie|TV Short|TV Special|Video
Film|Film TV|Film per la TV|Corto|Cortometraggio|Corto TV|Cortometraggio TV|Speciale TV
Spielfilm|Dokumentarfilm|Fernsehfilm|TV-Film|Kurz|Kurzfilm|TV-Kurzfilm|Fernsehkurzfilm|TV-Spezial|Fernsehspecial
Téléfilm|Court métrage|Court métrage TV|Émission spéciale|Émission spéciale TV|Spécial TV|Épisode spécial TV|Vidéo
Película|Película de TV|Película de televisión|Cortometraje|Corto de TV|Especial de TV|Especial de televisión|Vídeo
Filme|Filme de TV|Filme para TV|Telefilme|Curta|Curta-metragem|Curta de TV|Curta-metragem de TV
Especial de televisão
फ़िल्म|मूवी|टीवी फ़िल्म|टीवी मूवी|शॉर्ट|शॉर्ट फ़िल्म|लघु|लघु फ़िल्म|टीवी शॉर्ट|टीवी लघु फ़िल्म|टीवी स्पेशल|टीवी विशेष|वीडियो""",
    Kind.SHOW: """
TV Series|TV Mini Series|Mini-Series|Serie TV|Miniserie|Miniserie TV
Serie|TV-Serie|Fernsehserie|TV-Miniserie|Fernsehminiserie|Série télévisée|Mini-série|Mini-série télévisée
Serie de TV|Serie de televisión|Miniserie de TV|Miniserie de televisión
Série de televisão|Minissérie|Minissérie de TV|Minissérie de televisão
सीरीज़|टीवी सीरीज़|टीवी सीरियल|मिनी सीरीज़|टीवी मिनी सीरीज़""",
    Kind.EPISODE: """
TV Episode|Episode|Episodio|Episodio TV|Folge|TV-Folge|Fernsehfolge|Fernsehepisode|Épisode TV|Épisode télévisé
Épisode de série TV|Episodio de TV|Episodio de televisión|Episódio de televisão|एपिसोड|टीवी एपिसोड""",
    Code.UNSUPPORTED_KIND: """
Video Game|Videogioco|Videospiel|Computerspiel|Jeu vidéo|Videojuego|Jogo|Jogo eletrônico|Videojogo|वीडियो गेम
Music Video|Video musicale|Musikvideo|Vidéo musicale|Clip|Clip vidéo|Clip musical|Vídeo musical|Videoclip|Videoclipe
म्यूज़िक वीडियो|संगीत वीडियो|Podcast|Podcast Series|Serie podcast|Serie di podcast|Podcast-Serie|Série de podcasts
Série de podcast|Episodio podcast|Episodio di podcast|Podcast Episode|Podcast-Folge|Épisode de podcast
Episodio de podcast|Episódio de podcast
पॉडकास्ट सीरीज़|पॉडकास्ट एपिसोड""",
}
_MARKS = re.compile("[\u0300-\u036f\u093c\u200c\u200d\\s\u2010-\u2015-]+")  # U+093C: Hindi may leave the dot out
EVIDENT_ROWS = 3

_TITLE = frozenset({"const", "title", "title type", "year"})
_LISTED = frozenset({"position", "created"})
_RATED = frozenset({"your rating", "date rated"})
_REST = frozenset({"url", "imdb rating", "runtime (mins)", "genres", "num votes", "release date", "directors"})
_LIST_REST = _REST | {"modified", "description", "original title"}
_OLD_REST = _LIST_REST | {"num. votes", "release date (month/day/year)"}
_PAGE = "Export your ratings page (imdb.com, Your ratings) and use that file."
DOUBTFUL = ("tv", "tele", "fernseh", "speci", "spezial", "especia", "टीवी")

_NEVER_SHOW = re.compile("podcast|game|spiel|juego|gioco|jogo|jeu|musi[ck]|clip|epis|folge")  # no directors either

_UNKNOWN, _UNSUPPORTED = Code.UNKNOWN_TYPE, Code.UNSUPPORTED_KIND  # looked up for every row, which is slow in enums

_moment = lru_cache(maxsize=65_536)(Moment)  # rows of one day share one

Evident = Callable[[], frozenset[str]]

SHAPES = (
    csv_shape(name="ratings", required=_TITLE | _RATED, optional=_LIST_REST, forbidden=_LISTED, rank=2),
    csv_shape(name="ratings-2017", required=_TITLE | {"your rating", "date added"}, optional=_REST, rank=2),
    csv_shape(name="positional", required=_TITLE | _LISTED | {"you rated"}, optional=_OLD_REST, rank=1),
    csv_shape(name="list", required=_TITLE | _LISTED | _RATED, optional=_LIST_REST, rank=1),
    csv_shape(
        name="list-unrated",
        required=_TITLE | _LISTED,
        optional=_LIST_REST,
        forbidden=_RATED | {"num. votes"},
        refusal=f"This IMDb list has no column Your Rating, so it holds no ratings. {_PAGE}",
    ),
    csv_shape(
        name="people",
        required=frozenset({"const", "name", "known for", "birth date"}),
        optional=_LISTED | _LIST_REST,
        refusal=f"This IMDb list names people, who have no ratings. {_PAGE}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per row; type words that nobody knows are weighed only in files since 2018."""
    if shape.name == "positional":
        # An unscored row shows a list, and there `created` is the day of listing (formats-western.md 2.1).
        is_list = any(not cells["you rated"].strip() for cells in rows_of(document))
        date = "" if is_list else "created"
        return _rows(document, "you rated", "created", partial(_record, date, "c", frozenset))
    if shape.name == "ratings-2017":
        return _rows(document, "your rating", "date added", partial(_record, "Date Added", "day", frozenset))
    evident = cache(lambda: _evident_shows(document))
    return _rows(document, "your rating", "date rated", partial(_record, "Date Rated", "day", evident))


def _rows(document: Document, score: str, day: str, convert: Convert) -> Iterator[Record]:
    return each_row(document, convert, columns=("const", "title", "year", "title type", score, day))


def _record(date: str, form: str, evident: Evident, locator: Locator, texts: Sequence[str]) -> Record:
    const, title, year, word, score, day = texts
    kind, is_sure, code = _meant(word)
    notes: tuple[str, ...] = ()
    if code is _UNKNOWN and _spelled(word) in evident():
        kind, notes = Kind.SHOW, (f"type {word[:40]!r} taken as show: no row of it names a director",)
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=word,
        score=score,
        scale="1 to 10",
        title=title,
        year=year,
        raw_ids={"imdb": const if const.startswith("tt") else _mended(const)},
        moment=_moment(day, form, date) if date else None,
        notes=notes,
        is_kind_sure=is_sure,
    )
    return unsupported(record) if code is _UNSUPPORTED else record


def _mended(text: str) -> str:
    """The id without the harm of spreadsheets: IMDb pads it to seven digits, so lost zeros are no guess."""
    text = text.strip()
    return imdb_id(text.zfill(7) if text.isascii() and text.isdigit() else text)


@lru_cache(maxsize=1024)
def _spelled(word: str) -> str:
    """`word` as it is compared: any case, accents, hyphens and spaces."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))


_MEANINGS = {_spelled(word): meaning for meaning, words in WORDS.items() for word in re.split(r"[|\n]", words[1:])}


@lru_cache(maxsize=1024)
def _meant(word: str) -> tuple[Kind | None, bool, Code | None]:
    """The kind that `word` means, whether others would not file such a title the other way, as they may what was
    made for television, and why it means none."""
    spelled = _spelled(word)
    meaning = _MEANINGS.get(spelled, Code.UNKNOWN_TYPE)
    if isinstance(meaning, Code):
        return None, True, meaning
    return meaning, meaning is not Kind.MOVIE or not any(part in spelled for part in DOUBTFUL), None


def _evident_shows(document: Document) -> frozenset[str]:
    """Unknown words that mean a show: 3 rows or more, none with a director, as 9 in 10 movies of the file have, and
    nothing in the word that tells of an episode, a game, music or a podcast."""
    rows: Counter[str] = Counter()
    directed: Counter[str] = Counter()
    for cells in rows_of(document):
        word = _spelled(cells["title type"])
        rows[word] += 1
        directed[word] += bool(cells["directors"].strip())
    movies = [word for word in rows if _MEANINGS.get(word) is Kind.MOVIE]
    seen, with_director = sum(rows[word] for word in movies), sum(directed[word] for word in movies)
    if seen < EVIDENT_ROWS or with_director < 0.9 * seen:
        return frozenset()
    undirected = (word for word in rows if word and rows[word] >= EVIDENT_ROWS and not directed[word])
    return frozenset(word for word in undirected if not _NEVER_SHOW.search(word))


ADAPTER = Adapter(
    name="imdb",
    title="IMDb",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.REAL_EXPORT,
    help="On imdb.com open your menu, Your ratings, press Export, then fetch the CSV under Your exports.",
)
