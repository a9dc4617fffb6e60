"""What to say in the config of an unknown table: guessed from the words of its header and all of its values.

Every line is a guess for the person to check; nothing here is applied by itself.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from importer.intake.documents import Document
from importer.intake.readers import HEADER_CHARS, Cells, each_row, header
from importer.vocabulary import dateforms, scales
from importer.vocabulary.dates import When
from importer.vocabulary.errors import InputError
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.owntables import TYPES, plain_word
from importer.vocabulary.records import Locator, Record, Reject

# Words are written without accents, as `_bare` leaves them; English, German, French, Spanish, Italian, Portuguese.
HEADER_WORDS: Mapping[str, str] = {
    "title": """title name film movie show series; titel filmtitel serie; titre nom; titulo pelicula nombre;
        titolo; filme nome""",
    "year": "year released; jahr erscheinungsjahr; annee; ano; anno",
    "type": "type kind category; typ art kategorie; categorie; tipo categoria",
    "rating": """rating score stars mark grade; bewertung wertung note punkte sterne; notation etoiles; nota
        puntuacion calificacion valoracion estrellas; voto punteggio valutazione stelle; avaliacao classificacao
        pontuacao estrelas""",
    "rated_at": "date rated scored; datum bewertet; notee; fecha puntuada; data votato; avaliado",
    "watched_at": "seen watched viewed; gesehen angesehen; vu vue; visto vista vistas; assistido assistida",
    "season": "season; staffel; saison; temporada; stagione",
    "episode": "episode; folge; episodio",
}
TYPE_WORDS: Mapping[str, str] = {
    "movie": "movie movies film films spielfilm kinofilm pelicula peliculas filme filmes documentary doku",
    "show": "show shows tv series serie serien serial miniseries miniserie seriado",
    "anime": "anime animes",
    "season": "season staffel saison temporada stagione",
    "episode": "episode folge episodio",
}
MINE = frozenset("my mine your mein meine ma mon mes mi mis mio mia minha meu".split())
SMALL = MINE | frozenset("the of on at am der die das le la les de du el il o a en em date datum fecha data".split())
SCALES = ("stars-5", "stars-5-halves", "1 to 10", "0 to 10", "1 to 20", "0 to 100")  # the narrowest that fits wins
DATE_FORMS = ("day", "iso", "ymd", "named", "c", "epoch-s", "epoch-ms")  # the plainest that fits wins
PLAUSIBLE_YEARS = range(1971, 2100)  # seconds read as milliseconds all lie in 1970
TYPES_SHOWN = 20

INTRODUCTION = (
    "# If this is a table of your own, here is what it may mean. Every line is a guess from its header and values:",
    "# check each, then put the block into config.toml in rateport's folder. Nothing is applied by itself.",
)
UNGUESSED = ("# No column is named like a rating, so there is nothing to propose for [table] of the config.",)


class Reading(NamedTuple):
    """How a column's values read under the likeliest name of a scale or a form of dates; `unread` are not read."""

    name: str
    count: int
    unread: Sequence[str]


def proposal(document: Document) -> list[str]:
    """The lines of a `[table]` for the config, each guess marked to be checked; all of them are TOML."""
    names = [name for name in header(document) if name]
    columns = guessed_columns(names)
    if "rating" not in columns:
        return list(UNGUESSED)
    try:
        values = _distinct_values(document)
    except InputError as error:
        return [f"# {' '.join(str(error).split())}"]
    written = _as_written(document)
    lines = [*INTRODUCTION, "[table]", *_scale_lines(values[columns["rating"][0]])]
    for plain in ("rated_at", "watched_at"):
        lines += _date_lines(values[columns[plain][0]])[: 2 if plain in columns else 0] if plain in columns else []
    return lines
