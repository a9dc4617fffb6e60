"""Ratings of seasons or episodes -> one of their show, where nobody rated the show itself.

Only rows whose ids are those of their show take part (`ids_name_show`): an episode's own id would be taken for a
show. Seasons speak where any is rated, else episodes, and what several rows rate counts once, by its newest row.
The newest row then stands for the show, with its date; the other rows of the show are its duplicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from importer.stages import frame as frames
from importer.stages.join import Candidate, Key, joined, recency
from importer.stages.normalization import Normalization, filter_reason, part_rating
from importer.stages.pending import PendingRows
from importer.stages.verdicts import Ending
from importer.vocabulary import scales
from importer.vocabulary.ids import PER_KIND, SENDABLE, SPACES
from importer.vocabulary.outcomes import Code, Outcome
from importer.vocabulary.records import Anime, FromParts, Kind

_SENDABLE = frozenset(SENDABLE)
_PARTS = (Kind.SEASON.value, Kind.EPISODE.value)
_SHOW = Kind.SHOW.value


class _Part(NamedTuple):
    """A row of the rating of a season or episode; `row` is what it would be as a row of its show."""

    row: Candidate
    kind: Kind
    season: int | None
    episode: int | None

    @property
    def rates(self) -> object:
        """What it rates: rows that say the same rate the same. Without numbers nobody can tell, so just itself."""
        is_numbered = self.season is not None and (self.kind is Kind.SEASON or self.episode is not None)
        return (self.season, self.episode) if is_numbered else self.row.row_id


def derive(frame: pd.DataFrame, rule: FromParts | None, how: Normalization) -> pd.DataFrame:
    """The normalized frame with one pending row for each show that only its seasons or episodes rate.

    A show that is rated itself is left alone, also where that rating cannot be read or a filter leaves it out.
    Where the ids of the rows contradict each other nothing is derived.
    """
    parts = {part.row.place: part for part in _parts(frame)} if rule else {}
    if rule is None or not parts:
        return frame
    rated_itself = _keys_of_rated_titles(frame)
    endings: dict[int, Ending] = {}
    for show in joined([part.row for part in parts.values()]):
        if not show.notes and rated_itself.isdisjoint(show.keys):
            endings.update(_endings([parts[row.place] for row in show.rows], rule, how))
    return _with_endings(frame, endings)


def is_derived(frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows hold a derived rating, not the one of their score."""
    of_show = frame["ids_name_show"].fillna(False).astype(bool)
    derived: pd.Series[bool] = of_show & frame["kind"].eq(_SHOW).fillna(False).astype(bool)
    return derived


def _parts(frame: pd.DataFrame) -> Iterator[_Part]:
    """The rows that may speak for a show: rated, left behind for their kind alone, with ids of the show."""
    of_show = frame["ids_name_show"].fillna(False).astype(bool)
    is_left = frame["code"].eq(Code.UNSUPPORTED_KIND.value).fillna(False).astype(bool)
    left = frame.loc[of_show & is_left & frame["rating"].notna()]
    rows = PendingRows(left.assign(kind=_SHOW, outcome=Outcome.PENDING.value))
    facts = zip(*(frames.column(left, name) for name in ("kind", "season", "episode")), strict=True)
    for position, (kind, season, episode) in enumerate(facts):
        row = rows.candidate(position)
        if not _SENDABLE.isdisjoint(row.ids):
            yield _Part(row, Kind(kind), season, episode)


def _keys_of_rated_titles(frame: pd.DataFrame) -> set[Key]:
    """Every id under which a title as a whole is rated, however that row ends."""
    is_unrated = frame["code"].eq(Code.UNRATED.value).fillna(False).astype(bool)
    whole = frame.loc[~frame["kind"].isin(_PARTS) & ~is_unrated]
    kinds = [kind or "" for kind in frames.column(whole, "kind")]
    return {
        (space, kind if space in PER_KIND else "", value)
        for space in SPACES
        for kind, value in zip(kinds, frames.column(whole, f"id_{space}"), strict=True)
        if value is not None
    }


def _endings(parts: Sequence[_Part], rule: FromParts, how: Normalization) -> Iterator[tuple[int, Ending]]:
    """How the rows of one show end, by their place."""
    seasons = [part for part in parts if part.kind is Kind.SEASON]
    newest = {part.rates: part for part in sorted(seasons or parts, key=lambda part: recency(part.row))}
    speaker = max(newest.values(), key=lambda part: recency(part.row))
    row = speaker.row
    others = Ending(Outcome.DUPLICATE, Code.DUPLICATE, f"{row.where} speaks for this show, derived")
    if aside := filter_reason(Kind.SHOW, Anime(row.anime), row.rated_at, how):
        others = Ending(Outcome.REJECTED, Code.FILTERED, aside)
    yield from ((part.row.place, others) for part in parts)
    if not aside:
        plural = "" if len(newest) == 1 else "s"
        detail = f"derived from {len(newest)} {speaker.kind} rating{plural} of this show ({rule})"
        rating = _rating([part.row.rating for part in newest.values()], row, rule)
        yield row.place, Ending(Outcome.PENDING, None, detail, rating)


def _rating(ratings: Sequence[int], newest: Candidate, rule: FromParts) -> int:
    if rule is FromParts.LATEST:
        return newest.rating
    return max(ratings) if rule is FromParts.HIGHEST else scales.mean(ratings)


def _with_endings(frame: pd.DataFrame, endings: Mapping[int, Ending]) -> pd.DataFrame:
    columns = {name: frames.column(frame, name) for name in ("kind", "rating", "outcome", "code", "detail")}
    for place, ending in endings.items():
        told = columns["detail"][place]
        notes = None if told == part_rating(Kind(columns["kind"][place])) else told
        columns["outcome"][place], columns["code"][place] = ending.outcome.value, ending.code and ending.code.value
        columns["detail"][place] = "; ".join(filter(None, (ending.detail, notes)))
        if ending.rating is not None:
            columns["kind"][place], columns["rating"][place] = _SHOW, ending.rating
    return frames.replaced(frame, columns)
