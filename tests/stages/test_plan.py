"""Titles become request items: every id that may be sent, no title without its year, nothing invented."""

from __future__ import annotations

from importer.stages.chunk import BatchSize, forecast, next_batch
from importer.stages.frame import column
from importer.stages.reconcile import Fate, Settlement, reconcile
from importer.vocabulary.records import Anime, Kind
from importer.vocabulary.sends import Section, Send
from tests.making import anime, day, parsed, planned, rating


def test_an_item_carries_ids_date_and_title_with_year() -> None:
    """Numbers go as numbers, the date in UTC with Z."""
    row = rating(ids={"imdb": "tt0137523", "tmdb": "550"}, title="Fight Club", year=1999, moment=day("2017-12-03"))
    (send,) = planned(parsed([row])).sends.values()
    assert send.section is Section.MOVIES
    assert send.item == {
        "rating": 8,
        "rated_at": "2017-12-03T12:00:00Z",
        "title": "Fight Club",
        "year": 1999,
        "ids": {"imdb": "tt0137523", "tmdb": 550},
    }


def test_a_title_without_year_is_not_sent() -> None:
    """A bare title could match anything."""
    (send,) = planned(parsed([rating(title="Fight Club")])).sends.values()
    assert "title" not in send.item


def test_anime_sends_only_native_ids_and_simkl() -> None:
    """A franchise id could win and land on season one; what is held back is said."""
    row = anime(ids={"mal": "25777", "simkl": "439744", "imdb": "tt2560140", "tvdb": "267440"})
    result = planned(parsed([row]))
    (send,) = result.sends.values()
    assert send.section is Section.ANIME
    assert send.item["ids"] == {"simkl": 439744, "mal": 25777}
    assert "held back" in column(result.frame, "detail")[0]
    assert "imdb tt2560140" in column(result.frame, "detail")[0]


def test_anime_known_only_by_western_ids_sends_them() -> None:
    """Without a native id the franchise id is all there is."""
    (send,) = planned(parsed([anime(ids={"tmdb": "1429"})])).sends.values()
    assert send.item["ids"] == {"tmdb": 1429}


def test_numeric_trakt_ids_and_short_links_are_never_sent() -> None:
    """They help to merge and are no keys of the service."""
    (send,) = planned(parsed([rating(ids={"trakt": "554", "boxd": "2aNK", "imdb": "tt0110912"})])).sends.values()
    assert send.item["ids"] == {"imdb": "tt0110912"}


def test_merged_rows_send_all_their_ids() -> None:
    """The title is sent once, with what every row knows of it."""
    rows = [rating(1, ids={"imdb": "tt0137523"}), rating(2, ids={"imdb": "tt0137523", "tmdb": "550"})]
    (send,) = planned(parsed(rows)).sends.values()
    assert send.item["ids"] == {"imdb": "tt0137523", "tmdb": 550}


def test_rows_that_name_nothing_are_rejected() -> None:
    """No id and no title with year: no-id; with --ids-only a title is not enough."""
    assert column(planned(parsed([rating(ids={}, title="Alone")])).frame, "code") == ["no-id"]
    row = rating(ids={}, title="Alone", year=2020)
    assert column(planned(parsed([row])).frame, "code") == [None]
    assert column(planned(parsed([row]), ids_only=True).frame, "code") == ["no-id"]


def test_ids_only_sends_no_titles() -> None:
    """Not even beside an id."""
    (send,) = planned(parsed([rating(title="Fight Club", year=1999)]), ids_only=True).sends.values()
    assert set(send.item) == {"rating", "ids"}


def test_undated_rows_can_be_held_back() -> None:
    """By default they are sent and counted; with --hold-undated they stay."""
    assert planned(parsed([rating()])).undated == 1
    held = planned(parsed([rating()]), hold_undated=True)
    assert not held.sends
    assert column(held.frame, "code") == ["held-undated"]


def test_two_films_of_one_name_and_year_are_a_conflict() -> None:
    """What is sent could not tell them apart, so neither is."""
    rows = [
        rating(1, ids={"boxd": "aaaa"}, title="Alone", year=2020),
        rating(2, ids={"boxd": "bbbb"}, title="Alone", year=2020),
    ]
    result = planned(parsed(rows))
    assert not result.sends
    assert column(result.frame, "code") == ["conflict", "conflict"]


def test_the_key_follows_content_not_place() -> None:
    """The same rating in another file and line is the same send."""
    (one,) = planned(parsed([rating(1)], "a.csv")).sends.values()
    (two,) = planned(parsed([rating(5)], "b.csv")).sends.values()
    (other,) = planned(parsed([rating(1, score="9")], "a.csv")).sends.values()
    assert one.key == two.key
    assert one.key != other.key


def test_dated_and_undated_never_share_a_batch() -> None:
    """Only dated sends may be repeated blindly; undated ones go first, so that they replace no date."""
    rows = [rating(n, ids={"imdb": f"tt{n:07}"}, moment=day("2020-01-01") if n % 2 else None) for n in range(1, 8)]
    made = batches(list(planned(parsed(rows)).sends.values()))
    assert [[send.is_dated for send in batch] for batch in made] == [[False] * 3, [True] * 4]


def batches(sends: list[Send]) -> list[list[Send]]:
    """The batches of a run in which every reply is quick and clean."""
    made: list[list[Send]] = []
    size = BatchSize()
    while batch := next_batch(sends, size):
        made.append(batch)
        sends = sends[len(batch) :]
        size = size.after_success(0)
    return made


def test_batches_grow_to_500() -> None:
    """100, 200, 400, then 500."""
    rows = [rating(n, ids={"imdb": f"tt{n:07}"}) for n in range(1, 1802)]
    sends = list(planned(parsed(rows)).sends.values())
    assert [len(batch) for batch in batches(sends)] == [100, 200, 400, 500, 500, 101]
    assert forecast(1801, 0).posts == 6
    assert forecast(50, 50).posts == 2
    assert forecast(0, 0).posts == 0
    assert next_batch([], BatchSize()) == []
    assert BatchSize(100).after_trouble().sends == 50
    assert BatchSize(100).after_success(60).sends == 100
    assert BatchSize(1).after_trouble().sends == 1


def test_reconcile_settles_what_is_known() -> None:
    """Each fate has its outcome; what is not settled stays pending."""
    rows = [rating(n, ids={"imdb": f"tt{n:07}"}, anime=Anime.NO, kind=Kind.SHOW) for n in range(1, 6)]
    result = planned(parsed(rows))
    keys = [send.key for send in result.sends.values()]
    fates = [Fate.CONFIRMED, Fate.NOT_FOUND, Fate.REFUSED, Fate.UNCONFIRMED]
    frame = reconcile(
        result.frame, result.sends, {key: Settlement(fate, "said") for key, fate in zip(keys, fates, strict=False)}
    )
    assert column(frame, "outcome") == ["confirmed", "not_found", "rejected", "rejected", "pending"]
    assert column(frame, "code") == [None, "not-found", "refused", "unconfirmed", None]
    assert column(frame, "detail") == ["said"] * 4 + [None]
