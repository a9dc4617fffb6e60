"""Outcomes and reason codes: the words that reports, README and exit codes hang on."""

from __future__ import annotations

import pytest

from importer.vocabulary.outcomes import EXPLANATIONS, QUIET_CODES, Code, Outcome, readme_anchor


def test_the_outcomes_are_seven() -> None:
    """Their sum is the number of records read (design.md 5)."""
    assert [outcome.value for outcome in Outcome] == [
        "confirmed", "unchanged", "kept", "duplicate", "rejected", "not_found", "pending",
    ]  # fmt: skip


def test_the_codes_of_the_design_exist() -> None:
    """The codes that people grep their reports for (design.md 7)."""
    assert {code.value for code in Code} >= {
        "unrated", "no-id", "bad-id", "bad-score", "bad-scale", "bad-date", "unknown-type", "unsupported-kind",
        "duplicate", "conflict", "bad-row", "not-found", "refused", "unconfirmed",
    }  # fmt: skip


@pytest.mark.parametrize("code", Code)
def test_every_code_says_what_it_means_and_what_to_do(code: Code) -> None:
    """A sentence, a hint, and a heading to point to."""
    explanation = EXPLANATIONS[code]
    assert explanation.sentence.endswith(".")
    assert explanation.hint.endswith(".")
    assert readme_anchor(code) == f"#code-{code.value}"


def test_no_two_codes_mean_the_same() -> None:
    """Each sentence is its own."""
    assert len({explanation.sentence for explanation in EXPLANATIONS.values()}) == len(Code)


def test_quiet_codes_ask_for_no_repair() -> None:
    """A preview with only these exits 0."""
    assert {code.value for code in QUIET_CODES} == {"unrated", "duplicate", "filtered"}
