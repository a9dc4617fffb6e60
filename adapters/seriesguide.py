"""SeriesGuide: the JSON files behind Settings, Backup and restore, one of shows and one of movies.

- `rating` is the crowd's, `rating_user` the person's. Episodes have a `rating_user` of their own, which is
  counted in a note; it is no rating of the show.
- When something was rated is not kept; `last_watched_ms` stands in, and 0 means never. Shows of old backups have
  a TVDB id alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from importer.adapter import (
    Adapter,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Record,
    Shape,
    each_item,
    json_shape,
    noted,
    rating_or_reject,
    raw_text,
    text_of,
)

SPACES = ("tmdb", "tvdb", "imdb", "trakt")
OF_EPISODES = "[].seasons[].episodes[]"

SHAPES = (
    json_shape(
        name="shows",
        required=frozenset({"[].title", "[].seasons"}),
        any_of=frozenset({"[].rating_user", f"{OF_EPISODES}.rating_user"}),
        file_names=("sg-shows", "shows"),
    ),
    json_shape(
        name="movies",
        required=frozenset({"[].title", "[].tmdb_id", "[].rating_user"}),
        forbidden=frozenset({"[].seasons"}),
        file_names=("sg-movies", "movies"),
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """One record per show or movie."""
    return each_item(document, "[]", partial(_record, Kind.SHOW if shape.name == "shows" else Kind.MOVIE))


def _record(kind: Kind, locator: Locator, item: dict[str, Any]) -> Record:
    record = rating_or_reject(
        locator,
        kind=kind,
        score=raw_text(item.get("rating_user")),
        scale="1 to 10",
        title=text_of(item.get("title")),
        year=text_of(item.get("first_aired"))[:4],
        raw_ids={space: text_of(item.get(f"{space}_id")) for space in SPACES},
        moment=Moment(raw_text(item.get("last_watched_ms")), "epoch-ms", "last_watched_ms", stand_in=True),
    )
    return noted(record, *_episodes_left_out(item))


def _episodes_left_out(item: dict[str, Any]) -> Iterator[str]:
    episodes = [episode for season in _list_of(item, "seasons") for episode in _list_of(season, "episodes")]
    if rated := sum(bool(text_of(episode.get("rating_user"))) for episode in episodes):
        yield f"ratings of episodes left out: {rated}"


def _list_of(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = parent.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


ADAPTER = Adapter(
    name="seriesguide",
    title="SeriesGuide",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.RECONSTRUCTED,
    help="In the app open Settings, Backup and restore, and export shows and movies.",
)
