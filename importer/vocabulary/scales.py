"""The one table of scales and the one function that turns a score into a rating from 1 to 10.

Decimal arithmetic, half up (formats-western.md 3, formats-anime.md 18). Python's own rounding is half to even
and would send 8.5 as 8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from importer.vocabulary.errors import ConfigError

LOWEST, HIGHEST = 1, 10

_NUMBER = re.compile(r"(\d{1,6})(?:[.,](\d{1,4}))?", re.ASCII)  # 3,5: a re-save under a comma locale


class BadScore(ValueError):
    """A score that its scale does not hold."""


class NoMap(ValueError):
    """A score that is worth nothing until the person maps it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """One way of scoring. Values run from `low` to `high` in `step` (None: any), and are worth `per_point`
    rating points each, or what `table` says. `zero_is_unrated`: 0 means that there is no rating."""

    name: str
    title: str
    low: Decimal
    high: Decimal
    step: Decimal | None
    per_point: Decimal = Decimal(1)
    zero_is_unrated: bool = True
    table: Mapping[Decimal, int] = field(default_factory=dict)
    needs_map: bool = False
    """Whether the values are worth nothing until the person says what (thumbs)."""
    buckets: tuple[tuple[Decimal, int], ...] = ()
    """Upper bounds (inclusive) with the rating below each: for raw values behind stars and smileys."""


def _scale(
    name: str,
    title: str,
    low: str,
    high: str,
    step: str | None,
    per_point: str = "1",
    *,
    zero_is_unrated: bool = True,
    needs_map: bool = False,
    buckets: tuple[tuple[int, int], ...] = (),
) -> Scale:
    return Scale(
        name=name,
        title=title,
        low=Decimal(low),
        high=Decimal(high),
        step=None if step is None else Decimal(step),
        per_point=Decimal(per_point),
        zero_is_unrated=zero_is_unrated,
        needs_map=needs_map,
        buckets=tuple((Decimal(bound), rating) for bound, rating in buckets),
    )


SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        _scale("1 to 10", "whole numbers from 1 to 10", "1", "10", "1"),
        _scale("0 to 10", "decimals up to 10, 0 is unrated", "0", "10", None),
        _scale("0 to 100", "up to 100, 0 is unrated", "0", "100", None, "0.1"),
        _scale("0 to 100 with 0", "0 to 100, 0 is a score", "0", "100", None, "0.1", zero_is_unrated=False),
        _scale("0 to 10 with 0", "decimals up to 10, 0 is a score", "0", "10", None, zero_is_unrated=False),
        _scale("stars-5-halves", "half a star to five stars", "0.5", "5", "0.5", "2"),
        _scale("stars-5", "one to five stars", "1", "5", "1", "2"),
        _scale("1 to 20", "1 to 20, half a point is 1", "1", "20", "1", "0.5"),
        _scale("stars-5 with 0", "no star to five stars, 0 is a score", "0", "5", "1", "2", zero_is_unrated=False),
        _scale("thumbs", "1 down, 2 up, 3 two up; worth what you say", "1", "3", "1", needs_map=True),
        # AniList keeps raw 0..100 behind stars and smileys (formats-anime.md 3.1).
        _scale(
            "anilist-raw-stars",
            "AniList stars, kept as raw 10 to 90",
            "0",
            "100",
            None,
            buckets=((29, 2), (49, 4), (69, 6), (89, 8), (100, 10)),
        ),
        _scale(
            "anilist-raw-smileys",
            "AniList smileys, kept as raw 35, 60, 85",
            "0",
            "100",
            None,
            buckets=((35, 4), (60, 6), (100, 9)),
        ),
        _scale("anilist-smileys", "AniList smileys 1 to 3", "1", "3", "1", buckets=((1, 4), (2, 6), (3, 9))),
    )
}


def with_custom_maps(maps: Mapping[str, Mapping[str, int]]) -> dict[str, Scale]:
    """The table of scales with the maps of the person's config laid over it.

    `maps` holds, by scale name, the rating for each score; a score that the map does not name stays as the
    scale says. Raises ConfigError for an unknown scale, a score off the scale, or a rating outside 1..10.
    """
    scales = dict(SCALES)
    for name, table in maps.items():
        if name not in scales:
            raise ConfigError(f"scales.{name}: there is no such scale; known are {', '.join(sorted(SCALES))}.")
        base = scales[name]
        entries = {_score_of_map(base, score): rating for score, rating in table.items()}
        for rating in entries.values():
            if not LOWEST <= rating <= HIGHEST:
                raise ConfigError(f"scales.{name}: {rating} is no rating; use whole numbers from 1 to 10.")
        scales[name] = replace(base, title=f"{base.title}, with your own map", table=entries)
    return scales


def _score_of_map(scale: Scale, text: str) -> Decimal:
    try:
        score = read(text, scale)
    except BadScore as error:
        raise ConfigError(f"scales.{scale.name}: {error}") from None
    if score is None:
        raise ConfigError(f"scales.{scale.name}: {text!r} means unrated and can have no rating.")
    return score


@lru_cache(maxsize=8192)
def _number(text: str) -> Decimal | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return Decimal(f"{match[1]}.{match[2] or 0}")


@lru_cache(maxsize=8192)
def read(text: str, scale: Scale) -> Decimal | None:
    """The score `text` as a number of `scale`, or None when it means unrated (empty, or 0 where 0 is no score).

    Raises BadScore when the scale does not hold the value.
    """
    text = text.strip()
    if not text:
        return None
    score = _number(text)
    if score is None:
        raise BadScore(f"{text[:40]!r} is not a number")
    if score == 0 and scale.zero_is_unrated:
        return None
    if not scale.low <= score <= scale.high or (scale.step is not None and score % scale.step):
        raise BadScore(f"{text[:40]} is not on the scale {scale.name} ({scale.title})")
    return score


@lru_cache(maxsize=8192)
def rating(text: str, scale: Scale) -> int | None:
    """The rating from 1 to 10 for the score `text`, or None when it means unrated.

    Raises BadScore when the scale does not hold the value, NoMap when the person has yet to say what it is worth.
    """
    score = read(text, scale)
    return None if score is None else rating_of(score, scale)


def rating_of(score: Decimal, scale: Scale) -> int:
    """The rating from 1 to 10 for a `score` that `read` accepted: half up, the lowest real score at least 1.

    Raises NoMap when the person has yet to say what it is worth.
    """
    if score in scale.table:
        return scale.table[score]
    if scale.needs_map:
        setting = f"[scales.{scale.name}]"
        shown = f"{score.normalize():f}"
        raise NoMap(f"{shown} on the scale {scale.name} is worth nothing yet; say what in the config, {setting}")
    for bound, rating in scale.buckets:
        if score <= bound:
            return rating
    return min(max(_whole(score * scale.per_point), LOWEST), HIGHEST)


def mean(ratings: Sequence[int]) -> int:
    """The mean of ratings (there is at least one), half up."""
    return _whole(Decimal(sum(ratings)) / len(ratings))


def _whole(points: Decimal) -> int:
    return int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))
