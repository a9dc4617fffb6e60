"""LiveChart: its list in MyAnimeList's dialect of XML.

No file, reader or description of it was found (formats-anime.md 15). One is told by the comment in which writers of
this dialect name themselves; without it, nothing tells it from a list of MyAnimeList.

- Whose ids stand under `series_animedb_id`, MyAnimeList's or LiveChart's own, nobody has said. They are left out,
  because a wrong one would rate another anime; the titles ask the person for an id or a year.
- 0 means unrated. There is no date of a rating: the finish date stands in, as in the whole dialect.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from importer.adapter import (
    Adapter,
    Document,
    Evidence,
    Record,
    Shape,
    dialect_entry,
    each_element,
    marks,
    xml_shape,
)

ANIME = "myanimelist/anime"
NOTE = "id left out: whether LiveChart writes MyAnimeList's ids or its own is not known"

SHAPES = (
    xml_shape(
        name="xml",
        required=marks(f"{ANIME}/", "series_animedb_id", "series_title", "my_score") | {"<!--livechart"},
        forbidden=marks(f"{ANIME}/", "shiki_status"),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per anime, in file order."""
    return each_element(document, ANIME, partial(dialect_entry, has_mal_ids=False, notes=(NOTE,)))


ADAPTER = Adapter(
    name="livechart",
    title="LiveChart",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="livechart.me: your library, Export. If you keep the list at MyAnimeList or AniList too, take theirs.",
)
