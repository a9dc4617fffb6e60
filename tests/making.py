"""Short ways to make records, documents and frames for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from importer.stages.merge import Group, Preference, alone, merge
from importer.stages.normalization import Normalization
from importer.stages.normalize import normalize
from importer.stages.pending import PendingRows
from importer.stages.plan import Plan, Policy, plan
from importer.stages.slices import Parsed
from importer.vocabulary.records import Anime, Kind, Locator, Moment, Rating, Record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def rating(line: int = 1, **facts: Any) -> Rating:
    """A rated movie with an IMDb id, unless told otherwise."""
    given: dict[str, Any] = {
        "locator": Locator(line),
        "kind": Kind.MOVIE,
        "score": "8",
        "scale": "1 to 10",
        "ids": {"imdb": "tt0137523"},
    }
    return Rating(**(given | facts))


def day(text: str, column: str = "Date Rated", *, stand_in: bool = False) -> Moment:
    """A date as exports without times write it."""
    return Moment(text, "day", column, stand_in)


def anime(line: int = 1, **facts: Any) -> Rating:
    """A rated anime show with a MAL id, unless told otherwise."""
    given: dict[str, Any] = {"kind": Kind.SHOW, "anime": Anime.YES, "ids": {"mal": "16498"}}
    return rating(line, **(given | facts))


def parsed(records: Sequence[Record], file: str = "a.csv", source: str = "imdb", rank: int = 0) -> Parsed:
    """The records as one document; the digest follows the file name."""
    digest = f"{file}-{'0' * 64}"[:64]
    return Parsed(file=file, digest=digest, source=source, shape="ratings", rank=rank, records=records)


def framed(*documents: Parsed, **how: Any) -> pd.DataFrame:
    """The normalized frame of documents, at NOW."""
    return normalize(documents, Normalization(**({"now": NOW} | how)))


def merged(
    *documents: Parsed, prefer: str = "newest", sources: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, list[Group]]:
    """The merged frame and all its titles, those of a single row too."""
    frame, groups = merge(framed(*documents), Preference(prefer, sources))
    return frame, all_titles(frame, groups)


def all_titles(frame: pd.DataFrame, groups: Sequence[Group]) -> list[Group]:
    """The merged titles and those that speak for themselves, in the order of their rows."""
    rows = PendingRows(frame)
    told = {group.speaker.place for group in groups}
    singles = [alone(rows.candidate(position)) for position, place in enumerate(rows.places) if place not in told]
    return sorted([*groups, *singles], key=lambda group: group.speaker.place)


def planned(*documents: Parsed, **policy: Any) -> Plan:
    """The plan of documents."""
    return plan(*merged(*documents), Policy(**policy))
