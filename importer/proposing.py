"""What to say in the config of an unknown table: guessed from the words of its header and all of its values.

Every line is a guess for the person to check; nothing here is applied by itself.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from importer.intake.cellrow import Cells
from importer.intake.documents import Document
from importer.intake.readers import each_row, header
from importer.vocabulary import dateforms, scales
from importer.vocabulary.cells import terminal_safe
from importer.vocabulary.errors import InputError
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.owntables import COLUMNS, TYPES, plain_word
from importer.vocabulary.records import Locator, Record, Reject

# English; German; French; Spanish; Italian; Portuguese, without accents.
HEADER_WORDS = {
    "title": "title name film movie show; titel filmtitel serie; titre nom; titulo pelicula nombre; titolo; filme",
    "year": "year; jahr erscheinungsjahr; annee; ano; anno",
    "type": "type kind category what; typ was art kategorie; categorie; tipo categoria",
    "rating": "rating score stars; bewertung wertung note punkte sterne; notation etoiles; nota puntuacion "
    "valoracion estrellas; voto punteggio valutazione stelle; avaliacao classificacao pontuacao estrelas",
    "rated_at": "rated; bewertet; notee; puntuada; votato; avaliado",
    "watched_at": "seen watched; gesehen angesehen; vu vue; visto vista; guardato; assistido",
    "season": "season; staffel; saison; temporada; stagione",
    "episode": "episode; folge; episodio",
}
TYPE_WORDS = {
    "movie": "movie movies film films; spielfilm; pelicula peliculas; filme filmes",
    "show": "show shows series miniseries; serie serien miniserie; seriado",
    "anime": "anime animes",
    "season": "season; staffel; saison; temporada; stagione",
    "episode": "episode; folge; episodio",
}
DATES = "date datum fecha data"
MINE = "my your mein meine deine ma mon mes mi mis mio mia minha meu"
SMALL = "of on at in am im der die das le la les de du el del il di o a do da em"
BESIDE_TYPES = frozenset({"tv", "mini"})
SCALES = ("stars-5", "stars-5-halves", "1 to 10", "0 to 10", "1 to 20", "0 to 100")  # the narrowest that fits
WITH_ZERO = {"stars-5": "stars-5 with 0", "0 to 100": "0 to 100 with 0"}
DATE_FORMS = ("day", "iso", "ymd", "named", "c", "epoch-s", "epoch-ms")  # the plainest that fits
PLAUSIBLE_YEARS = range(1971, 2100)  # seconds taken for milliseconds all lie in 1970
TYPES_AT_MOST = 20

INTRODUCTION = (
    "# If this is a table of your own: here is what it may mean, guessed from its header and its values.",
    "# Check every line, then put this into config.toml in rateport's folder. Nothing is applied by itself.",
)
UNGUESSED = "# If this is a table of your own: no column looks like a rating; [table] of the config can name it."

Values = Mapping[str, Sequence[str]]


class Fit(NamedTuple):
    """The scale or form of dates that reads most of a column's values, and the values it does not read."""

    name: str
    read: Sequence[str]
    unread: Sequence[str]


def proposal(document: Document) -> list[str]:
    """The lines of a `[table]` for the config, TOML from the first to the last, each guess marked to be checked."""
    try:
        values = _distinct_values(document)
    except InputError as error:
        return [f"# {' '.join(str(error).split())}"]
    columns = guessed_columns(values)
    if "rating" not in columns:
        return [UNGUESSED]
    dates = [column for plain in ("rated_at", "watched_at") for column in columns.get(plain, ())[:1]]
    types = [text for column in columns.get("type", ())[:1] for text in values[column]]
    return [
        *INTRODUCTION,
        "[table]",
        *_scale_lines(values[columns["rating"][0]]),
        *_date_lines([text for column in dates for text in values[column]]),
        *_kind_lines(types),
        "",
        "[table.columns]",
        *_column_lines(columns, values, _as_written(document)),
        *_type_lines(types),
    ]


def guessed_columns(values: Values) -> dict[str, list[str]]:
    """The columns that may be meant by each plain name, the likeliest first, none that its values speak against."""
    found: dict[str, list[str]] = {}
    for column in sorted(values, key=lambda column: _MINE.isdisjoint(_words(column))):
        plain = meant_by(column)
        if plain and _is_borne_out(plain, values[column]):
            found.setdefault(plain, []).append(column)
    return {plain: found[plain] for plain in COLUMNS if plain in found}


def meant_by(column: str) -> str | None:
    """The plain name that the words of a column's own name suggest."""
    words = _words(column)
    telling = words - _MINE - _SMALL - _DATES
    plain = _HEADER.get(next(iter(telling))) if len(telling) == 1 else None
    if words & _DATES:
        is_rated = plain in ("rating", "rated_at") or not telling
        return "rated_at" if is_rated else plain if plain == "watched_at" else None
    space = telling - {"id"}
    return plain or next((name for name in SENDABLE if space == {name}), None)


def type_meant_by(text: str) -> str | None:
    """What a type word means; None when its words do not tell."""
    words = _words(text)
    meanings = {_TYPE.get(word) for word in words - BESIDE_TYPES or words & {"tv"}}
    if meanings == {"anime", "movie"}:
        return "anime movie"
    if meanings == {"anime", "show"}:
        return "anime"
    return meanings.pop() if len(meanings) == 1 else None


def likeliest_scale(values: Iterable[str]) -> Fit | None:
    """The narrowest scale that reads most of the values; None when none reads half of them."""
    return _likeliest(SCALES, _has_score, values)


def likeliest_date_form(values: Iterable[str]) -> Fit | None:
    """The plainest form that reads most of the values as days of our time; None when none reads half of them."""
    return _likeliest(DATE_FORMS, _has_date, values)


def _likeliest(names: Iterable[str], is_read: Callable[[str, str], bool], values: Iterable[str]) -> Fit | None:
    filled = [text for text in values if text.strip()]
    fits = [Fit(name, [text for text in filled if is_read(text, name)], ()) for name in names]
    best = max(fits, key=lambda fit: len(fit.read))  # the first of equals
    if not best.read or 2 * len(best.read) < len(filled):
        return None
    return best._replace(unread=[text for text in filled if text not in set(best.read)])


def _has_score(text: str, scale: str) -> bool:
    try:
        scales.read(text, scales.SCALES[scale])
    except scales.BadScore:
        return False
    return True


def _has_date(text: str, form: str) -> bool:
    try:
        when = dateforms.read(text, form)
    except ValueError:
        return False
    return when is None or when.year in PLAUSIBLE_YEARS


def _is_borne_out(plain: str, values: Sequence[str]) -> bool:
    if plain == "rating":
        return likeliest_scale(values) is not None
    if plain in ("rated_at", "watched_at"):
        return likeliest_date_form(values) is not None
    return plain != "type" or (len(values) <= TYPES_AT_MOST and any(map(type_meant_by, values)))


def _scale_lines(values: Sequence[str]) -> list[str]:
    fit = likeliest_scale(values)
    assert fit is not None  # a column without one is no rating
    scores = [score for text in fit.read if (score := scales.read(text, scales.SCALES[fit.name])) is not None]
    span = f", from {min(scores).normalize():f} to {max(scores).normalize():f}" if scores else ""
    lines = [f"# check: {_share(fit)}{span}"]
    if fit.name == "stars-5":
        lines.append('# check: five stars are taken for the best; if ten are, it is "1 to 10"')
    if len(scores) < sum(1 for text in fit.read if text.strip()):
        instead = WITH_ZERO.get(fit.name, "0 to 10 with 0")
        lines.append(f"# check: 0 is taken for unrated; if it is a score, it is {_quoted(instead)}")
    return [*lines, f"scale = {_quoted(fit.name)}"]


def _date_lines(values: Sequence[str]) -> list[str]:
    fit = likeliest_date_form(values)
    return [f"# check: {_share(fit)}", f"date_form = {_quoted(fit.name)}"] if fit else []


def _kind_lines(types: Sequence[str]) -> list[str]:
    if types:
        return []
    return [
        "# check: no column tells movies from shows; if all are of one kind, say which and take the # away",
        '# kind = "movie"',
    ]


def _column_lines(columns: Mapping[str, Sequence[str]], values: Values, written: Mapping[str, str]) -> list[str]:
    lines = []
    for plain, (column, *others) in columns.items():
        either = "".join(f" or {_quoted(written[other])}" for other in others)
        lines.append(f"{plain} = {_quoted(written[column])}  # check{either}")
    if "title" not in columns and columns.keys().isdisjoint(SENDABLE):
        lines.append('# title = "..."  # check: which column is it?')
    taken = {column for found in columns.values() for column in found}
    unused = [_quoted(written[column]) for column in values if column not in taken]
    return [*lines, f"# not used: {', '.join(unused)}"] if unused else lines


def _type_lines(types: Sequence[str]) -> list[str]:
    lines = ["", "[table.types]"] if types else []
    for text in sorted({plain_word(text): text.strip() for text in types if text.strip()}.values()):
        meaning = type_meant_by(text)
        lines.append(
            f"{_quoted(text)} = {_quoted(meaning)}  # check"
            if meaning
            else f'# {_quoted(text)} = "..."  # check: one of {", ".join(TYPES)}?'
        )
    return lines


def _share(fit: Fit) -> str:
    count = len(fit.read)
    if not fit.unread:
        return f"reads all of the column, {count} different value{'s' if count > 1 else ''}"
    return f"reads {count} of {count + len(fit.unread)} different values, but not {_quoted(fit.unread[0][:40])}"


def _distinct_values(document: Document) -> dict[str, list[str]]:
    values: dict[str, dict[str, None]] = {name: {} for name in header(document) if name}

    def look_at(locator: Locator, cells: Cells) -> Record:
        for name, seen in values.items():
            seen[cells[name]] = None
        return Reject(locator)

    for _ in each_row(document, look_at):
        pass
    return {name: list(seen) for name, seen in values.items()}


def _as_written(document: Document) -> Mapping[str, str]:
    """The columns as the file spells them, where that can be seen without reading quotes."""
    parts = re.split(r'[,;\t"\r\n]', document.head)
    spelled = {plain_word(part): " ".join(part.split()) for part in reversed(parts)}
    return {name: spelled.get(name, name) for name in header(document)}


def _words(text: str) -> frozenset[str]:
    """The words of a text without accents, case and numbers."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return frozenset(re.findall(r"[^\W\d_]+", bare.casefold()))


def _quoted(text: str) -> str:
    return json.dumps(terminal_safe(text), ensure_ascii=False)


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, listed in words.items() for word in re.findall(r"\w+", listed)}


_HEADER = _by_word(HEADER_WORDS)
_DATES, _MINE, _SMALL = map(_words, (DATES, MINE, SMALL))
_TYPE = {**_by_word(TYPE_WORDS), "tv": "show"}
