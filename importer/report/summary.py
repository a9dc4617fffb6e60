"""What a run came to, counted once: the numbers behind the terminal summary and summary.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from importer import __version__
from importer.stages.chunk import Forecast
from importer.stages.derive import is_derived
from importer.stages.merge import Group
from importer.vocabulary import scales
from importer.vocabulary.dates import Precision
from importer.vocabulary.ids import ANIME_NATIVE, SENDABLE
from importer.vocabulary.outcomes import QUIET_CODES, Code, Outcome
from importer.vocabulary.sends import Send

EXAMPLES = 5
_OTHERS = 3
_NATIVE = frozenset(ANIME_NATIVE)
_SENDABLE = frozenset(SENDABLE)
_DATE_COLUMNS = ["rated_at", "rated_precision", "rated_from", "stand_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What only the pipeline knows of a run.

    `inputs` holds file, `source:shape` and evidence; `passed_over` files that hold no ratings, with the reason;
    `encodings` files that are not plain UTF-8; `told` what was decided for whole files; `paused` why it stopped
    half way; `next_steps` whole lines; `account` headed lines of what there is to say of it, `for_machines` the
    same as values.
    """

    command: str
    run: int | None
    exit_code: int
    gets: int = 0
    posts: int = 0
    forecast: Forecast | None = None
    passed_over: tuple[tuple[str, str], ...] = ()
    encodings: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, str, str], ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    paused: str = ""
    next_steps: tuple[str, ...] = ()
    account: tuple[tuple[str, tuple[str, ...]], ...] = ()
    for_machines: Mapping[str, Any] = field(default_factory=dict)


class ScoreCount(NamedTuple):
    """How many rows hold `score`, and the rating it became."""

    score: str
    rating: int
    rows: int


@dataclass(frozen=True, slots=True)
class ScaleScores:
    """The scores of one scale, lowest first."""

    scale: str
    scores: tuple[ScoreCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCounts:
    """What the sends know of their dates; `stand_ins` by the column that the date was taken from."""

    exact: int
    by_day: int
    stand_ins: Mapping[str, int]
    undated: int


class Said(NamedTuple):
    """A rating and the place (`file:line`) that says it."""

    rating: int
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A title whose rows hold different ratings: what the speaking row says, and the first that differ."""

    title: str
    year: int | None
    speaker: Said
    others: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything a renderer needs. `scores` and `ratings` count every row whose score could be converted (a derived
    rating is none of a score), `dates` the sends; `held_back` counts titles of which some ids are not sent."""

    facts: RunFacts
    records: int
    outcomes: Mapping[Outcome, int]
    codes: Mapping[Code, int]
    by_source: Mapping[str, Mapping[Outcome, int]]
    scores: tuple[ScaleScores, ...]
    ratings: Mapping[int, int]
    dates: DateCounts
    disagreements: int
    examples: tuple[Disagreement, ...]
    held_back: int
    leftovers: int


def summarize(frame: pd.DataFrame, sends: Mapping[int, Send], groups: Sequence[Group], facts: RunFacts) -> Summary:
    """The summary of a run: `sends` by the place of the row that speaks for each, `groups` as merged."""
    outcomes, codes = _counts(frame["outcome"]), _counts(frame["code"])
    disagreeing = [group for group in groups if len(group.members) > 1 and group.disagrees]
    return Summary(
        facts=facts,
        records=len(frame),
        outcomes={outcome: outcomes.get(outcome.value, 0) for outcome in Outcome},
        codes={code: codes[code.value] for code in Code if code.value in codes},
        by_source=_by_source(frame),
        scores=_scores(frame.loc[~is_derived(frame)]),
        ratings=_ratings(frame),
        dates=_dates(frame[_DATE_COLUMNS].iloc[list(sends)]),
        disagreements=len(disagreeing),
        examples=tuple(map(_disagreement, disagreeing[:EXAMPLES])),
        held_back=sum(_holds_back(group, sends) for group in groups),
        leftovers=int(leftover_rows(frame).sum()),
    )


def summary_json(summary: Summary) -> dict[str, Any]:
    """The summary for machines, as promised in the README; keys are never renamed within a version."""
    facts = summary.facts
    return {
        "rateport": __version__,
        "command": facts.command,
        "run": facts.run,
        "records": summary.records,
        "outcomes": {outcome.value: rows for outcome, rows in summary.outcomes.items()},
        "codes": {code.value: rows for code, rows in summary.codes.items()},
        "sources": {source: sum(outcomes.values()) for source, outcomes in summary.by_source.items()},
        "requests": {"get": facts.gets, "post": facts.posts},
        "undated": summary.dates.undated,
        "stand_in_dates": sum(summary.dates.stand_ins.values()),
        "exit_code": facts.exit_code,
        **facts.for_machines,
    }


def leftover_rows(frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows the person can repair and run again: not found, or rejected for more than a quiet reason."""
    rows: pd.Series[bool] = frame["outcome"].eq(Outcome.NOT_FOUND.value)
    is_rejected = frame["outcome"].eq(Outcome.REJECTED.value)
    is_quiet = frame.loc[is_rejected, "code"].isin([code.value for code in QUIET_CODES])
    rows[is_rejected] = ~is_quiet.to_numpy()
    return rows


def _counts(series: pd.Series[Any]) -> dict[Any, int]:
    """How often each value stands, in order of appearance; missing ones are not counted."""
    return {value: int(rows) for value, rows in series.value_counts(sort=False).items()}


def _combinations(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    """The values that stand together, and in how many rows; rows that lack one of them are not counted."""
    return frame.value_counts(list(columns), sort=False).reset_index().itertuples(index=False, name=None)


def _by_source(frame: pd.DataFrame) -> dict[str, dict[Outcome, int]]:
    found: dict[str, dict[Outcome, int]] = {source: {} for source in _counts(frame["source"])}
    for source, outcome, rows in _combinations(frame, "source", "outcome"):
        found[source][Outcome(outcome)] = int(rows)
    return found


def _scores(frame: pd.DataFrame) -> tuple[ScaleScores, ...]:
    found: dict[str, list[ScoreCount]] = {}
    for scale, score, rating, rows in _combinations(frame, "scale", "score_text", "rating"):
        found.setdefault(scale, []).append(ScoreCount(score, int(rating), int(rows)))
    return tuple(ScaleScores(scale, _lowest_first(scale, found[scale])) for scale in sorted(found))


def _lowest_first(scale: str, scores: Iterable[ScoreCount]) -> tuple[ScoreCount, ...]:
    def place(counted: ScoreCount) -> tuple[Any, str]:
        return scales.read(counted.score, scales.SCALES[scale]), counted.score

    return tuple(sorted(scores, key=place))


def _ratings(frame: pd.DataFrame) -> dict[int, int]:
    counts = _counts(frame["rating"])
    return {rating: counts.get(rating, 0) for rating in range(scales.LOWEST, scales.HIGHEST + 1)}


def _dates(speaking: pd.DataFrame) -> DateCounts:
    is_stand_in = speaking["stand_in"].fillna(False).astype(bool)
    own = speaking[speaking["rated_at"].notna() & ~is_stand_in]
    by_day = int(own["rated_precision"].eq(Precision.DAY.value).sum())
    return DateCounts(
        exact=len(own) - by_day,
        by_day=by_day,
        stand_ins=_counts(speaking.loc[is_stand_in, "rated_from"]),
        undated=int(speaking["rated_at"].isna().sum()),
    )


def _disagreement(group: Group) -> Disagreement:
    speaker, *others = group.members
    named = next((member for member in group.members if member.title), speaker)
    different = [Said(row.rating, row.where) for row in others if row.rating != speaker.rating]
    return Disagreement(
        title=named.title or group.key,
        year=named.year,
        speaker=Said(speaker.rating, speaker.where),
        others=tuple(different[:_OTHERS]),
    )


def _holds_back(group: Group, sends: Mapping[int, Send]) -> bool:
    """Whether a sent title knows ids that name its whole franchise and therefore stay behind."""
    if all(_NATIVE.isdisjoint(member.ids) for member in group.members):
        return False
    send = sends.get(group.speaker.place)
    if send is None:
        return False
    sent = send.item["ids"].keys()
    return any(space in _SENDABLE and space not in sent for member in group.members for space in member.ids)
