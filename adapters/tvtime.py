"""TV Time (closed in July 2026): votes and show stars of the GDPR archive, and what Liberator took out of the app.

- A vote is an id, not a value: the last piece of `vote_key` is 1, 27, 28, 29 or 3 for one to five stars in that
  order, and anything else is no rating. The films' own id in front of it holds hyphens, too.
- Votes on emotions have the same header: only the name of the file tells them apart.
- Votes carry no date and films neither year nor id; an episode's id names no title. The year of a film stands in
  tracking-prod-records.csv beside the votes, under the same uuid; 0001-01-01 is no release date. Titles are in the
  language of the person.
- Liberator's `rating` is on a scale that nobody wrote down. Times have no zone. The app export holds no ratings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from importer.adapter import (
    Adapter,
    Cells,
    Code,
    Document,
    Evidence,
    Kind,
    Locator,
    Moment,
    Rating,
    Record,
    Reject,
    Shape,
    csv_shape,
    each_row,
    json_shape,
    rating_or_reject,
    rejected,
    rows_of,
)

_VOTE = re.compile(r".+-\d+-(\d+)", re.ASCII)
STARS = {"1": "1", "27": "2", "28": "3", "29": "4", "3": "5"}  # formats-western.md 2.8
LIBERATED = {"movie": Kind.MOVIE, "show": Kind.SHOW, "series": Kind.SHOW, "episode": Kind.EPISODE}

_votes = partial(
    csv_shape,
    required=frozenset({"vote_key", "user_id"}),
    any_of=frozenset({"movie_name", "series_name"}),
    optional=frozenset({"uuid", "episode_id", "season_number", "episode_number"}),
)
_ELSEWHERE = "The GDPR archive has them, in ratings-...votes.csv and tv_show_rate.csv."

SHAPES = (
    _votes(name="votes", file_names=("rating",), rank=1),
    _votes(
        name="emotions",
        file_names=("emotion",),
        refusal="Emotions, which are no ratings; those are in TV Time's ratings-...votes.csv and tv_show_rate.csv.",
    ),
    csv_shape(
        name="show-stars",
        required=frozenset({"tv_show_id", "tv_show_name", "rating"}),
        optional=frozenset({"user_id", "created_at", "updated_at"}),
        rank=2,
    ),
    csv_shape(
        name="liberator", required=frozenset({"imdb_id", "tvdb_id", "is_watched", "is_watchlisted", "rating"})
    ),
    *(
        csv_shape(
            name=name,
            required=frozenset(marks),
            any_of=frozenset(any_of),
            forbidden=frozenset({"rating", "vote_key"}),
            refusal=f"A part of a TV Time export that holds no ratings. {_ELSEWHERE}",
        )
        for name, marks, any_of in (
            ("tracking", {"user_id"}, {"watch_date_range_key", "alpha_range_key", "ep_watch_count"}),
            ("shows", {"tv_show_name", "user_id"}, {"tv_show_id", "episode_id", "episode_season_number"}),
            ("lists", {"s_key", "objects", "is_public"}, set()),
            ("app-titles", {"uuid", "tvdb_id", "imdb_id", "title", "created_at"}, set()),
            ("app-episodes", {"series_tvdb_id", "tvdb_id", "is_watched"}, set()),
            ("app-lists", {"list_id", "list_name", "tvdb_id", "uuid"}, set()),
        )
    ),
    json_shape(
        name="app-json",
        required=frozenset({"[].id.tvdb", "[].title"}),
        any_of=frozenset({"[].is_watched", "[].seasons[].episodes[].is_watched"}),
        forbidden=frozenset({"[].rating"}),
        refusal=f"What the TV Time app exported in 2026, which holds no ratings. {_ELSEWHERE}",
    ),
)


def parse(document: Document, shape: Shape) -> Iterator[Record]:
    """Votes on films and episodes, stars of shows, or activity whose ratings have no known scale."""
    if shape.name == "votes":
        return each_row(document, partial(_vote, _films(document)))
    return each_row(document, _show if shape.name == "show-stars" else _activity)


def _films(document: Document) -> dict[str, Cells]:
    """What the tracking file beside the votes knows of films, by uuid; a row with a release date speaks."""
    tracking = document.beside.get("tracking-prod-records.csv")
    found: dict[str, Cells] = {}
    for cells in rows_of(tracking) if tracking else ():
        if cells["uuid"] and (cells["uuid"] not in found or _year(cells)):
            found[cells["uuid"]] = cells
    return found


def _year(film: Cells) -> str:
    return film["release_date"][:4].replace("0001", "")


def _vote(films: dict[str, Cells], locator: Locator, cells: Cells) -> Record:
    key = cells["vote_key"].strip()
    vote = _VOTE.fullmatch(key)
    is_episode = bool(cells["series_name"].strip()) or cells["episode_id"].strip() not in ("", "0")
    film = films.get(cells["uuid"], Cells.named({}))
    film_title = cells["movie_name"].strip() or film["movie_name"].strip()
    record = rating_or_reject(
        locator,
        kind=Kind.EPISODE if is_episode else Kind.MOVIE if film_title else None,
        score=STARS.get(vote[1], "") if vote else key,
        scale="stars-5",
        title=cells["series_name"] if is_episode else film_title,
        year="" if is_episode else _year(film),
        season=cells["season_number"],
        episode=cells["episode_number"],
    )
    if vote and vote[1] not in STARS and isinstance(record, Reject):
        return record._replace(detail=f"vote {vote[1]} is no rating")
    return record


def _show(locator: Locator, cells: Cells) -> Record:
    column = "updated_at" if cells["updated_at"].strip() else "created_at"
    return rating_or_reject(
        locator,
        kind=Kind.SHOW,
        score=cells["rating"],
        scale="stars-5",
        title=cells["tv_show_name"],
        raw_ids={"tvdb": cells["tv_show_id"]},
        moment=Moment(cells[column], "iso", column),
    )


def _activity(locator: Locator, cells: Cells) -> Record:
    kind = Kind.EPISODE if cells["episode"].strip() else LIBERATED.get(cells["type"].strip().lower())
    is_title = kind in (Kind.MOVIE, Kind.SHOW)
    record = rating_or_reject(
        locator,
        kind=kind,
        type_text=cells["type"],
        score=cells["rating"],
        scale="0 to 100",
        title=cells["title"],
        raw_ids={"imdb": cells["imdb_id"], "tvdb": cells["tvdb_id"]} if is_title else {},
        moment=Moment(cells["watched_at"], "iso", "watched_at", stand_in=True),
        season=cells["season"],
        episode=cells["episode"],
    )
    if isinstance(record, Rating):
        return rejected(record._replace(scale=""), Code.BAD_SCALE, "Liberator's scale is not known")
    return record._replace(scale="")


ADAPTER = Adapter(
    name="tvtime",
    title="TV Time",
    shapes=SHAPES,
    parse=parse,
    evidence=Evidence.PUBLISHED_FORMAT,
    help="The GDPR archive that TV Time sent on request until July 2026; name the unpacked folder.",
)
