"""What was sent against what is held."""

from __future__ import annotations

from importer.stages.proof import Fault, Sent, prove
from importer.vocabulary.sends import Section
from tests.stages.accounts import LATER, THEN, send, title


def _faults(*sent: Sent, now: list[object], **more: object) -> list[tuple[Fault, str]]:
    return [(found.fault, found.sentence) for found in prove(sent, now, **more).findings]  # type: ignore[arg-type]


ONE = Sent(send(), "mine.csv:2")


def test_value_and_date_that_are_there_are_no_findings() -> None:
    """And the proof says where the send landed."""
    proof = prove([ONE], [title(9, LATER)])
    assert (proof.findings, proof.landed) == ([], {ONE.send.key: "7"})


def test_an_undated_send_is_content_with_any_date() -> None:
    """Simkl has dated it."""
    assert _faults(Sent(send(9, ""), "mine.csv:2"), now=[title(9, THEN)]) == []


def test_a_title_that_only_changed_titles_can_explain_landed_elsewhere() -> None:
    """Just one title that was changed by the run holds the very rating: that is where it went."""
    stray = title(9, LATER, name="Other", simkl="8", imdb="tt0000008")
    assert _faults(ONE, now=[stray], changed=[stray]) == [
        (Fault.ELSEWHERE, "imdb tt0137523 (mine.csv:2) landed on Other (1999), simkl 8, which has none of its ids")
    ]
    twin = title(9, LATER, name="Another", simkl="9", imdb="tt0000009")
    assert [fault for fault, _ in _faults(ONE, now=[stray, twin], changed=[stray, twin])] == [Fault.MISSING]
    assert [fault for fault, _ in _faults(ONE, now=[stray])] == [Fault.MISSING]


def test_an_id_that_differs_on_the_title_it_landed_on_is_told() -> None:
    """The tmdb number found it, and its imdb id is another than the one sent."""
    held = title(9, LATER, simkl="7", imdb="tt0000001", tmdb="550")
    sent = Sent(send(imdb="tt0137523", tmdb=550), "mine.csv:2")
    ((fault, sentence),) = _faults(sent, now=[held])
    assert fault is Fault.ELSEWHERE
    assert sentence.endswith("landed on Fight Club (1999), simkl 7, which has another id than the one sent")


def test_the_season_with_the_rating_is_the_one_a_franchise_id_landed_on() -> None:
    """Of several seasons of that id, the one that holds what was sent."""
    first = title(4, THEN, section=Section.ANIME, simkl="1", imdb="tt2560140")
    second = title(9, LATER, section=Section.ANIME, simkl="2", imdb="tt2560140")
    sent = Sent(send(section=Section.SHOWS, imdb="tt2560140"), "mine.csv:2")
    assert prove([sent], [first, second]).landed == {sent.send.key: "2"}


def test_where_no_season_has_the_rating_it_is_one_that_changed() -> None:
    """Another send came after it on the season that it landed on; the season that nobody touched is not blamed."""
    old = title(4, THEN, section=Section.ANIME, simkl="2", imdb="tt2560140")
    landed = title(9, THEN, section=Section.ANIME, simkl="1", imdb="tt2560140")
    franchise = Sent(send(section=Section.SHOWS, imdb="tt2560140"), "mine.csv:2")
    own = Sent(send(9, "", section=Section.SHOWS, simkl=1), "mine.csv:3")
    proof = prove([franchise, own], [old, landed], changed=[landed])
    assert [finding.fault for finding in proof.findings] == [Fault.SHARED]
    assert proof.landed == {franchise.send.key: "1", own.send.key: "1"}


def test_two_sends_on_one_title_are_told_once() -> None:
    """As one finding, as long as one of them is what the title holds."""
    other = Sent(send(4, THEN, tmdb=550), "mine.csv:3")
    held = title(9, LATER, simkl="7", imdb="tt0137523", tmdb="550")
    assert [fault for fault, _ in _faults(ONE, other, now=[held])] == [Fault.SHARED]
    neither = title(1, LATER, simkl="7", imdb="tt0137523", tmdb="550")
    assert [fault for fault, _ in _faults(ONE, other, now=[neither])] == [Fault.SHARED, Fault.VALUE, Fault.VALUE]
