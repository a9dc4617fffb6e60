"""How one send stands to one reading of the account."""

from __future__ import annotations

import pytest

from importer.stages.difference import Comparison, Row, Rules, Stand
from importer.vocabulary.sends import OnConflict, Section
from tests.stages.accounts import LATER, THEN, send, title


def _stand(*titles: object, policy: str = "newest", row: Row = Row(), **asked: object) -> Stand:  # noqa: B008
    rules = Rules(on_conflict=OnConflict(policy), only_listed=bool(asked.pop("only_listed", False)))
    return Comparison(titles, rules).standing(send(**asked), row).stand  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", list(OnConflict))
def test_what_is_not_rated_is_new(policy: str) -> None:
    """Absent or only listed."""
    assert _stand(policy=policy) is Stand.NEW
    assert _stand(title(None, None), policy=policy) is Stand.NEW


@pytest.mark.parametrize("policy", list(OnConflict))
def test_the_same_rating_is_unchanged(policy: str) -> None:
    """By value and date, by the day where the export has no more, by value alone where it has no date."""
    assert _stand(title(6, THEN), policy=policy, rating=6, rated_at=THEN) is Stand.UNCHANGED
    noon = "2020-05-05T12:00:00Z"
    assert _stand(title(6, THEN), policy=policy, rating=6, rated_at=noon, row=Row(by_day=True)) is Stand.UNCHANGED
    assert _stand(title(6, THEN), policy=policy, rating=6, rated_at=noon) is not Stand.UNCHANGED
    assert _stand(title(6, THEN), policy=policy, rating=6, rated_at="") is Stand.UNCHANGED


def test_what_the_account_does_not_date_is_never_older() -> None:
    """Nothing is shown to be newer than a rating without a date."""
    assert _stand(title(6, None), rated_at=LATER) is Stand.KEPT
    assert _stand(title(6, None), rating=6, rated_at=LATER) is Stand.KEPT
    assert _stand(title(6, None), rated_at=LATER, policy="overwrite") is Stand.CHANGED


def test_a_derived_rating_wins_only_by_overwriting() -> None:
    """Also where it is newer or higher."""
    for policy in ("newest", "keep", "highest"):
        assert _stand(title(6, THEN), policy=policy, rating=9, row=Row(derived=True)) is Stand.KEPT
    assert _stand(title(6, THEN), policy="overwrite", row=Row(derived=True)) is Stand.CHANGED


def test_only_listed_leaves_out_what_is_on_no_list() -> None:
    """Rated but on no list counts as that; what would stay behind anyway keeps its own reason."""
    assert _stand(only_listed=True) is Stand.UNLISTED
    assert _stand(title(6, THEN, status=None), only_listed=True) is Stand.UNLISTED
    assert _stand(title(6, LATER, status=None), only_listed=True, rated_at=THEN) is Stand.KEPT
    assert _stand(title(None, None, status="hold"), only_listed=True) is Stand.NEW


def test_where_several_titles_may_be_meant_the_most_careful_reading_counts() -> None:
    """Unchanged before kept before changed before new."""
    one = title(9, LATER, section=Section.ANIME, name="One", simkl="1", imdb="tt2560140")
    two = title(3, THEN, section=Section.ANIME, name="Two", simkl="2", imdb="tt2560140")
    three = title(None, None, section=Section.ANIME, name="Three", simkl="3", imdb="tt2560140")
    asked = {"section": Section.SHOWS, "imdb": "tt2560140"}
    assert _stand(three, two, one, **asked) is Stand.UNCHANGED
    assert _stand(three, two, one, rating=5, **asked) is Stand.KEPT
    assert _stand(three, two, **asked) is Stand.CHANGED
    assert _stand(three, **asked) is Stand.NEW


@pytest.mark.parametrize("native", ["mal", "anidb", "anilist", "kitsu"])
def test_another_season_of_the_franchise_is_not_meant(native: str) -> None:
    """Where both have an id of their own season; the same id, or none, finds it by the franchise."""
    season_3 = title(
        9, LATER, section=Section.ANIME, name="Season 3", simkl="3", imdb="tt2560140", **{native: "35760"}
    )
    franchise = {"section": Section.ANIME, "imdb": "tt2560140"}
    assert _stand(season_3, **{native: 16498}, **franchise) is Stand.NEW
    assert _stand(season_3, simkl=1, **franchise) is Stand.NEW
    assert _stand(season_3, **{native: 35760}, **franchise) is Stand.UNCHANGED
    assert _stand(season_3, **franchise) is Stand.UNCHANGED


def test_where_a_send_has_landed_before_is_where_it_is_compared() -> None:
    """Its ids name another title of the account, or none at all."""
    asked = send(simkl=9000001)
    held = title(9, LATER, simkl="53536")
    assert Comparison([held], Rules()).standing(asked).stand is Stand.NEW
    assert Comparison([held], Rules(), {asked.key: "53536"}).standing(asked).stand is Stand.UNCHANGED
    assert Comparison([held], Rules(), {asked.key: "1"}).standing(asked).stand is Stand.NEW


def test_the_detail_says_what_is_replaced_or_stands() -> None:
    """With value and day."""
    changed = Comparison([title(6, THEN)], Rules()).standing(send())
    assert changed.detail == "replaces 6 of 2020-05-05"
    kept = Comparison([title(6, None)], Rules()).standing(send())
    assert kept.detail == "your Simkl rating stands: 6, undated"


def test_the_order_is_such_that_the_right_one_lands_last() -> None:
    """By date, undated first; the highest last of all, dated or not, where the highest is to win."""
    old_high, new_low, undated = send(9, THEN), send(3, LATER), send(5, "")
    asked = [old_high, new_low, undated]

    def ordered(policy: OnConflict) -> list[int]:
        rules = Rules(on_conflict=policy)
        return sorted(range(3), key=lambda place: rules.order(place, asked[place]))

    assert ordered(OnConflict.NEWEST) == [2, 0, 1]
    assert ordered(OnConflict.HIGHEST) == [1, 2, 0]
