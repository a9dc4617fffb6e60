"""Reply -> one verdict for each send: what proves, what does not, and what is left open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.simkl.matching import verdicts
from importer.simkl.wire import RatingsReply
from importer.vocabulary.sends import Section, Send, Verdict
from tests.simkl.service import anime, movie, reply_of, show, status_of

TRUMAN = movie(8, title="The Truman Show", year=1998, ids={"imdb": "tt0120382", "tmdb": 37165})
THRONES = show(9, ids={"tmdb": 1399, "imdb": "tt0944947"})
BEBOP = anime(10, ids={"mal": 1, "anidb": 23})
SOLARIS = movie(7, title="Solaris", year=1972)

YES, NO, OPEN = Verdict.ACCEPTED, Verdict.NOT_FOUND, Verdict.UNKNOWN


def judge(sends: list[Send], reply: Any) -> list[Verdict]:
    """The verdicts in the order of the sends."""
    found, _ = verdicts(sends, RatingsReply.model_validate(reply))
    assert set(found) == {send.key for send in sends}
    return [found[send.key] for send in sends]


def strays(sends: list[Send], reply: Any) -> int:
    """How many entries name none of the sends."""
    return verdicts(sends, RatingsReply.model_validate(reply))[1]


def test_the_sample_of_the_page() -> None:
    """A reply like the page's own: what has a status is in, what is listed as not found is out."""
    reply = {
        "added": {
            "movies": 1,
            "shows": 1,
            "statuses": [
                status_of(BEBOP.item, simkl_type="anime", anime_type="tv"),
                status_of({"rating": 8, "ids": {"imdb": "tt0120382"}}, simkl_type="movie", anime_type=None),
            ],
        },
        "not_found": {"movies": [], "shows": [{"rating": 9, "ids": {"tmdb": 1399}}]},
    }
    assert judge([TRUMAN, THRONES, BEBOP], reply) == [YES, NO, YES]


@pytest.mark.parametrize(
    "echo",
    [
        TRUMAN.item,
        {"ids": {"imdb": "tt0120382"}},
        {"ids": {"tmdb": 37165}, "rating": 8},
        {"ids": {"tmdb": "37165"}, "rating": "8"},
        {"ids": {"tmdb": "37165", "simkl": 53536, "slug": "x"}, "rating": 8.0, "type": "movie", "memo": None},
        {"ids": {"imdb": "TT0120382"}, "rating": 8, "rated_at": "2019-05-04T10:00:00.000Z"},
        {"ids": {"imdb": "tt0120382"}, "rating": 8, "title": "Truman Show, The", "year": "1997"},
        {"title": "  the TRUMAN  show", "year": "1998", "rating": 8},
        {"title": "The Truman Show", "year": 1998, "ids": []},
        {"title": "The Truman Show", "year": 1998, "ids": None, "rating": 8},
    ],
)
def test_an_echo_need_not_be_equal_to_what_was_sent(echo: Any) -> None:
    """Some of the ids, more ids, numbers as text, extra keys, another spelling of the title."""
    assert judge([TRUMAN], reply_of(status_of(echo))) == [YES]
    assert judge([TRUMAN], reply_of(movies=[echo])) == [NO]


@pytest.mark.parametrize(
    "echo",
    [
        {},
        None,
        "tt0120382",
        {"ids": {}},
        {"ids": {"imdb": "tt0120383"}},
        {"ids": {"tmdb": "37165", "imdb": "tt9999999"}},
        {"ids": {"tmdb": True}},
        {"ids": {"tmdb": ["37165"]}},
        {"ids": {"mal": 37165}},
        {"title": "The Truman Show"},
        {"title": "The Truman Show", "year": 1999},
        {"title": "The Truman Show", "year": 1998, "ids": {"simkl": 53536}},
        {"rating": 8},
    ],
)
def test_an_entry_that_is_not_ours_proves_nothing(echo: Any) -> None:
    """No identity, another title, or an id of ours beside one that contradicts it: a stray, even when alone."""
    assert judge([TRUMAN], reply_of(status_of(echo))) == [OPEN]
    assert judge([TRUMAN], reply_of(movies=[echo])) == [OPEN]
    assert strays([TRUMAN], reply_of(status_of(echo), shows=[echo])) == 2


@pytest.mark.parametrize("rating", [7, "9", 0, 8.5, "eight", None, [], True])
def test_another_rating_does_not_confirm(rating: Any) -> None:
    """The service speaks of something that we did not send."""
    echo = {"ids": {"imdb": "tt0120382"}, "rating": rating}
    assert judge([TRUMAN], reply_of(status_of(echo))) == [OPEN]
    assert judge([TRUMAN], reply_of(status_of(echo), status_of(TRUMAN.item))) == [OPEN]
    assert strays([TRUMAN], reply_of(status_of(echo))) == 0


def test_a_not_found_entry_may_leave_the_rating_open_but_not_change_it() -> None:
    """The schema of not_found has no rating, so a null says nothing."""
    ids = {"imdb": "tt0120382"}
    assert judge([TRUMAN], reply_of(movies=[{"ids": ids, "rating": None}])) == [NO]
    assert judge([TRUMAN], reply_of(movies=[{"ids": ids, "rating": 3}])) == [OPEN]


def test_neither_and_both_are_open() -> None:
    """Missing from the reply, or in both of its parts."""
    assert judge([TRUMAN, THRONES], reply_of()) == [OPEN, OPEN]
    assert judge([TRUMAN], reply_of(status_of(TRUMAN.item), movies=[TRUMAN.item])) == [OPEN]


def test_doubled_entries_are_fine() -> None:
    """Twice the same word is one word."""
    assert judge([TRUMAN], reply_of(status_of(TRUMAN.item), status_of(TRUMAN.item))) == [YES]
    assert judge([TRUMAN], reply_of(movies=[TRUMAN.item, TRUMAN.item])) == [NO]


@pytest.mark.parametrize(
    "reply",
    [
        {"added": {"statuses": []}, "not_found": {"anime": [BEBOP.item]}},
        {"added": {"statuses": []}, "not_found": {"shows": [BEBOP.item]}},
        {"added": {"statuses": None}, "not_found": {"episodes": [BEBOP.item]}},
        {"added": {}, "not_found": [BEBOP.item]},
        {"added": {}, "not_found": {"shows": {"3": BEBOP.item}, "movies": None}},
    ],
)
def test_not_found_is_looked_for_in_every_list(reply: Any) -> None:
    """Anime stands under shows; other names and forms of the lists do no harm."""
    assert judge([BEBOP], reply) == [NO]


def test_sends_without_ids_are_told_by_title_and_year() -> None:
    """The two films named Solaris are two films; an id that the service adds does not hide the title."""
    remake = movie(7, title="Solaris", year=2002)
    echo = {"title": "SOLARIS", "year": "1972", "ids": {"simkl": 5}, "rating": 7}
    assert judge([SOLARIS, remake], reply_of(status_of(echo))) == [YES, OPEN]
    assert judge([SOLARIS, remake], reply_of(status_of({"title": "Solaris"}))) == [OPEN, OPEN]
    bare = movie(7, title="Solaris")
    assert judge([bare], reply_of(status_of(bare.item))) == [OPEN]


def test_no_guess_by_position() -> None:
    """As many statuses as sends, none refused, no identity in any: still open."""
    nameless = status_of({"rating": 8})
    assert judge([TRUMAN, THRONES], reply_of(nameless, nameless)) == [OPEN, OPEN]


def test_the_largest_overlap_speaks() -> None:
    """Two cours share the franchise's id; the entry with two shared ids means the one that has both."""
    first = anime(8, ids={"mal": 16498, "tvdb": 267440})
    second = anime(8, ids={"mal": 25777, "tvdb": 267440})
    assert judge([first, second], reply_of(status_of({"ids": {"mal": 16498, "tvdb": "267440"}}))) == [YES, OPEN]
    assert judge([first, second], reply_of(status_of({"ids": {"tvdb": 267440}}))) == [OPEN, OPEN]
    one, both = movie(8, ids={"imdb": "tt1"}), movie(8, ids={"imdb": "tt1", "tmdb": 2})
    assert judge([one, both], reply_of(status_of(both.item), movies=[])) == [OPEN, YES]


def test_then_the_rating_speaks() -> None:
    """The same ids, two ratings: each entry confirms its own."""
    eight, nine = movie(8, ids={"tmdb": 550}), show(9, ids={"tmdb": 550})
    echo = {"ids": {"tmdb": 550}, "rating": 9}
    assert judge([eight, nine], reply_of(status_of(echo))) == [OPEN, YES]
    assert judge([eight, nine], reply_of(status_of({**echo, "rating": 5}))) == [OPEN, OPEN]


def test_then_the_kind_speaks_where_it_decides_what_the_number_names() -> None:
    """A movie and a show may share a TMDB number; the type found, or the list of the refusal, tells them apart."""
    film, series = movie(8, ids={"tmdb": 550}), show(8, ids={"tmdb": 550})
    echo = {"ids": {"tmdb": 550}, "rating": 8}
    assert judge([film, series], reply_of(status_of(echo, simkl_type="movie"))) == [YES, OPEN]
    assert judge([film, series], reply_of(status_of(echo, simkl_type="tv"))) == [OPEN, YES]
    assert judge([film, series], reply_of(status_of(echo, simkl_type="anime"))) == [OPEN, OPEN]
    assert judge([film, series], reply_of(movies=[echo])) == [NO, OPEN]
    assert judge([film, series], reply_of(status_of(echo, simkl_type="movie"), shows=[echo])) == [YES, NO]


def test_a_global_id_is_not_told_apart_by_the_type_found() -> None:
    """An IMDb number finds the same title from either array."""
    film, series = movie(8, ids={"imdb": "tt1"}), show(8, ids={"imdb": "tt1"})
    assert judge([film, series], reply_of(status_of({"ids": {"imdb": "tt1"}}, simkl_type="tv"))) == [OPEN, OPEN]
    film, series = movie(8, title="It", year=1990), show(8, title="It", year=1990)
    echo = {"title": "It", "year": 1990}
    assert judge([film, series], reply_of(status_of(echo, simkl_type="tv"))) == [OPEN, OPEN]


def test_at_last_the_title_speaks() -> None:
    """The same ids and rating under two titles."""
    film = movie(8, ids={"tmdb": 550}, title="Fight Club", year=1999)
    series = show(8, ids={"tmdb": 550}, title="Ace of Wands", year=1970)
    assert judge([film, series], reply_of(status_of(series.item))) == [OPEN, YES]
    twin = movie(8, ids={"tmdb": 550}, title="Fight Club 2", year=1999)
    assert judge([film, twin], reply_of(movies=[twin.item])) == [OPEN, NO]


def test_what_could_be_meant_for_several_keeps_the_opposite_open() -> None:
    """One of the two was refused for sure, but an acceptance may be meant for it as well."""
    film, series = movie(8, ids={"tmdb": 550}), show(8, ids={"tmdb": 550})
    echo = {"ids": {"tmdb": 550}, "rating": 8}
    assert judge([film, series], reply_of(status_of(echo), shows=[echo])) == [OPEN, OPEN]


def test_the_same_send_twice_is_one() -> None:
    """The same content has the same key."""
    assert judge([TRUMAN, TRUMAN], reply_of(status_of(TRUMAN.item))) == [YES, YES]


SPACES = ("imdb", "tmdb", "tvdb", "mal", "simkl")
identities = st.dictionaries(st.sampled_from(SPACES), st.integers(1, 3), max_size=4)


@st.composite
def batches(draw: st.DrawFn) -> list[Send]:
    """Sends that collide a lot: few id values, few titles, few ratings, every section."""
    sends = []
    for _ in range(draw(st.integers(1, 8))):
        item: dict[str, Any] = {"rating": draw(st.integers(7, 9)), "ids": draw(identities)}
        if not item["ids"] or draw(st.booleans()):
            item |= {"title": draw(st.sampled_from(["Solaris", "It"])), "year": draw(st.sampled_from([1972, 1990]))}
        sends.append(Send(draw(st.sampled_from(Section)), item))
    return list({send.key: send for send in sends}.values())


def _echo(draw: st.DrawFn, send: Send) -> dict[str, Any]:
    """`send` as a service may echo it: fewer ids, foreign ids, other forms of numbers, with or without the rest."""
    ids = send.item["ids"]
    kept = draw(st.sets(st.sampled_from(sorted(ids)), min_size=1)) if ids else set()
    echo: dict[str, Any] = {
        "ids": {space: str(ids[space]) if draw(st.booleans()) else ids[space] for space in kept},
        "rated_at": "2019-05-04T10:00:00.000Z",
    }
    if draw(st.booleans()):
        echo["ids"]["slug"] = "some-slug"
    if draw(st.booleans()):
        echo["rating"] = draw(st.sampled_from([send.item["rating"], str(send.item["rating"])]))
    if "title" in send.item and (not ids or draw(st.booleans())):
        echo |= {"title": send.item["title"].upper(), "year": str(send.item["year"])}
    return echo


@st.composite
def truths(draw: st.DrawFn) -> tuple[list[Send], dict[str, Verdict], dict[str, Any]]:
    """A batch, what the service did with each send, and a reply that tells of it, entries left out included."""
    sends = draw(batches())
    truth = {send.key: draw(st.sampled_from([Verdict.ACCEPTED, Verdict.NOT_FOUND])) for send in sends}
    statuses: list[Any] = []
    missing: dict[str, list[Any]] = {"movies": [], "shows": []}
    for send in sends:
        array = "movies" if send.section is Section.MOVIES else "shows"
        for _ in range(draw(st.integers(0, 2))):
            if truth[send.key] is Verdict.ACCEPTED:
                statuses.append(status_of(_echo(draw, send)))
            else:
                missing[array].append(_echo(draw, send))
    statuses += draw(st.lists(st.just(status_of({"ids": {"hulu": 4}})), max_size=2))
    reply = reply_of(*draw(st.permutations(statuses)), **missing)
    return sends, truth, reply


def _is_told_apart(send: Send, others: list[Send]) -> bool:
    """Whether no echo of another send could be taken for one of `send`: no shared id, no shared name."""
    mine = set(send.item["ids"].items())
    name = (send.item.get("title"), send.item.get("year"))
    return all(
        not mine & set(other.item["ids"].items())
        and (name[0] is None or name != (other.item.get("title"), other.item.get("year")))
        for other in others
        if other.key != send.key
    )


@settings(max_examples=600, deadline=None)
@given(truths())
def test_no_verdict_is_ever_wrong(case: tuple[list[Send], dict[str, Verdict], dict[str, Any]]) -> None:
    """Whatever is echoed, shuffled, doubled or left out, a verdict is the truth or UNKNOWN."""
    sends, truth, reply = case
    found, _ = verdicts(sends, RatingsReply.model_validate(reply))
    assert set(found) == set(truth)
    for send in sends:
        assert found[send.key] in (truth[send.key], Verdict.UNKNOWN)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_what_is_told_apart_is_never_left_open(data: st.DataObject) -> None:
    """A send that shares nothing with its neighbours gets its verdict from a single entry."""
    sends = data.draw(batches())
    truth = {send.key: data.draw(st.booleans()) for send in sends}
    echoes = {send.key: _echo(data.draw, send) for send in sends}  # type: ignore[arg-type]
    accepted = [status_of(echoes[send.key]) for send in sends if truth[send.key]]
    refused = [echoes[send.key] for send in sends if not truth[send.key]]
    found, stray = verdicts(sends, RatingsReply.model_validate(reply_of(*accepted, shows=refused)))
    assert stray == 0
    for send in sends:
        if _is_told_apart(send, sends):
            assert found[send.key] is (Verdict.ACCEPTED if truth[send.key] else Verdict.NOT_FOUND)


@settings(max_examples=200, deadline=None)
@given(truths(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case: tuple[list[Send], dict[str, Verdict], dict[str, Any]], random: Any) -> None:
    """Neither that of the entries nor that of the sends."""
    sends, _, reply = case
    before = verdicts(sends, RatingsReply.model_validate(reply))
    shuffled = list(sends)
    random.shuffle(shuffled)
    for entries in (reply["added"]["statuses"], *reply["not_found"].values()):
        random.shuffle(entries)
    assert verdicts(shuffled, RatingsReply.model_validate(reply)) == before
