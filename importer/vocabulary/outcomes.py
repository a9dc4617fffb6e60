"""Where a row can end, and why: outcomes and reason codes.

Every input record ends in exactly one `Outcome`; a `Code` says why, with a sentence and a hint for the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The final place of one input record; their sum equals the records read."""

    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"
    PENDING = "pending"


class Code(StrEnum):
    """Why a record was not sent or did not arrive."""

    UNRATED = "unrated"
    NO_ID = "no-id"
    BAD_ID = "bad-id"
    BAD_SCORE = "bad-score"
    BAD_SCALE = "bad-scale"
    BAD_DATE = "bad-date"
    UNKNOWN_TYPE = "unknown-type"
    UNSUPPORTED_KIND = "unsupported-kind"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    BAD_ROW = "bad-row"
    NOT_FOUND = "not-found"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    HELD_UNDATED = "held-undated"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means (`sentence`) and what the person can do about it (`hint`)."""

    sentence: str
    hint: str


QUIET_CODES = frozenset({Code.UNRATED, Code.DUPLICATE, Code.FILTERED})
"""Codes that need no repair: the row asks for nothing, or the person asked to leave it out."""

EXPLANATIONS: dict[Code, Explanation] = {
    Code.UNRATED: Explanation(
        "The row carries no rating.",
        "Nothing to do: watched without a score, or on a list without one.",
    ),
    Code.NO_ID: Explanation(
        "Neither an id nor a title with its year is known, so Simkl could only guess.",
        "Fill in imdb, tmdb or another id, or both title and year.",
    ),
    Code.BAD_ID: Explanation(
        "The id does not have the form that its catalogue uses.",
        "Correct the id, or leave the cell empty and fill in title and year.",
    ),
    Code.BAD_SCORE: Explanation(
        "The score is not a value of its scale.",
        "Fill in the rating column with a whole number from 1 to 10.",
    ),
    Code.BAD_SCALE: Explanation(
        "It cannot be told which scale the score belongs to.",
        "Fill in the rating column with a whole number from 1 to 10, or name the scale.",
    ),
    Code.BAD_DATE: Explanation(
        "The date cannot be read.",
        "Write it as YYYY-MM-DD, or write none.",
    ),
    Code.UNKNOWN_TYPE: Explanation(
        "It is not clear whether this is a movie or a show.",
        "Fill in the kind column with movie or show.",
    ),
    Code.UNSUPPORTED_KIND: Explanation(
        "Simkl rates movies, shows and anime as a whole, nothing else.",
        "Seasons, episodes, games and the like stay behind; rate the show itself if you wish.",
    ),
    Code.DUPLICATE: Explanation(
        "Another row of the same title speaks for this one.",
        "Nothing to do; --prefer decides which row speaks.",
    ),
    Code.CONFLICT: Explanation(
        "Rows that must be different titles cannot be told apart by what would be sent.",
        "Fill in an id that names just this title.",
    ),
    Code.BAD_ROW: Explanation(
        "The row is not built like its header says.",
        "Repair the row in the export: number of cells, quotes.",
    ),
    Code.NOT_FOUND: Explanation(
        "Simkl has no title under these ids.",
        "Look the title up on simkl.com and fill in its simkl id, or another id that it shows.",
    ),
    Code.REFUSED: Explanation(
        "Simkl refused this row by itself.",
        "Check its ids and date, then run the leftovers again.",
    ),
    Code.UNCONFIRMED: Explanation(
        "Simkl neither confirmed nor refused the row, and reading the account back did not show it.",
        "Look at the title on simkl.com, then run the leftovers again.",
    ),
    Code.HELD_UNDATED: Explanation(
        "The row has no date and --hold-undated keeps such rows back.",
        "Fill in rated_at, or run without --hold-undated to have Simkl date it today.",
    ),
    Code.FILTERED: Explanation(
        "A filter (--type, --since, --profile) leaves this row out.",
        "Nothing to do; run without the filter to include it.",
    ),
}


def readme_anchor(code: Code) -> str:
    """The heading anchor in README that explains `code`."""
    return f"#code-{code.value}"
