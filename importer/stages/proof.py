"""What was sent against what the account holds: where each send landed, and what is not as it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from importer.stages.match import AccountIndex, contradicts, holds
from importer.vocabulary import dates
from importer.vocabulary.sends import AccountTitle, Send

_DAY = 10  # characters of a day


class Fault(StrEnum):
    """What can be wrong with a send that was confirmed."""

    MISSING = "missing"
    VALUE = "value"
    DATE = "date"
    SHARED = "shared"
    ELSEWHERE = "elsewhere"


class Sent(NamedTuple):
    """One send that was confirmed, and the row that it came from as `file:line`."""

    send: Send
    where: str


class Finding(NamedTuple):
    """Something that is not as it should be, in a sentence with names; `key` is that of the send."""

    fault: Fault
    key: str
    sentence: str


@dataclass(slots=True)
class Proof:
    """Where every send landed, by key, as Simkl ids; and the findings."""

    landed: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def missing(self) -> set[str]:
        """The sends that the account does not show."""
        return {finding.key for finding in self.findings if finding.fault is Fault.MISSING}


def prove(
    sent: Sequence[Sent],
    now: Collection[AccountTitle],
    *,
    known: Mapping[str, str] | None = None,
    changed: Collection[AccountTitle] = (),
) -> Proof:
    """Compare. `known` tells where sends landed when that was last looked at; `changed` are the titles that are
    not as they were before the sends."""
    proof = Proof()
    index, by_simkl = AccountIndex(now), {title.simkl: title for title in now}
    fresh = {title.simkl for title in changed}
    on_title: dict[str, list[Sent]] = defaultdict(list)
    lost: list[Sent] = []
    for each in sent:
        then = (known or {}).get(each.send.key, "")
        title = by_simkl.get(then) or _target(_meant(index, each.send), each.send, fresh)
        if title is None:
            lost.append(each)
        elif then and title.simkl != then and holds(title, each.send):
            proof.landed[each.send.key] = title.simkl
            sentence = (
                f"{_named(each)} landed on simkl {then}, which is no longer there; now it is {_titled(title)}"
            )
            proof.findings.append(Finding(Fault.ELSEWHERE, each.send.key, sentence))
        else:
            proof.landed[each.send.key] = title.simkl
            on_title[title.simkl].append(each)
    strays = [title for title in changed if title.simkl not in on_title]
    for each in lost:
        _look_elsewhere(proof, each, strays)
    for simkl, there in on_title.items():
        _compare(proof, there, by_simkl[simkl])
    return proof


def _meant(index: AccountIndex, send: Send) -> list[AccountTitle]:
    """The titles that `send` may have landed on; one of its name with another id only where that explains it."""
    return index.find(send) or [title for title in index.namesakes(send) if holds(title, send)]


def _target(found: Sequence[AccountTitle], send: Send, fresh: Collection[str]) -> AccountTitle | None:
    """Of the titles that may be meant, one that holds what was sent, else one that has changed."""
    likeliest = sorted(found, key=lambda title: (not holds(title, send), title.simkl not in fresh))
    return next(iter(likeliest), None)


def _look_elsewhere(proof: Proof, each: Sent, strays: Sequence[AccountTitle]) -> None:
    there = [title for title in strays if holds(title, each.send)]
    if len(there) == 1:
        proof.landed[each.send.key] = there[0].simkl
        proof.findings.append(_astray(each, there[0]))
    else:
        sentence = f"{_named(each)} was confirmed, but your account does not show it"
        proof.findings.append(Finding(Fault.MISSING, each.send.key, sentence))


def _compare(proof: Proof, there: Sequence[Sent], title: AccountTitle) -> None:
    if len(there) > 1:
        names = " and ".join(_named(each) for each in there)
        sentence = f"{names} are one title at Simkl, {_titled(title)}; it holds {_said(title)}"
        proof.findings.append(Finding(Fault.SHARED, there[0].send.key, sentence))
        if any(holds(title, each.send) for each in there):
            return
    for each in there:
        if not holds(title, each.send):
            proof.findings.append(_difference(each, title))
        elif contradicts(title, each.send):
            sentence = f"{_named(each)} landed on {_titled(title)}, which has another id than the one sent"
            proof.findings.append(Finding(Fault.ELSEWHERE, each.send.key, sentence))
        elif not AccountIndex([title]).find(each.send):
            proof.findings.append(_astray(each, title))


def _astray(each: Sent, title: AccountTitle) -> Finding:
    sentence = f"{_named(each)} landed on {_titled(title)}, which has none of its ids"
    return Finding(Fault.ELSEWHERE, each.send.key, sentence)


def _difference(each: Sent, title: AccountTitle) -> Finding:
    send = each.send
    if title.rating is None:
        return Finding(Fault.MISSING, send.key, f"{_named(each)} is not rated in your account")
    asked, held = str(send.item.get("rated_at", "")), dates.iso_utc(title.rated_at) if title.rated_at else ""
    fault = Fault.VALUE if title.rating != send.item["rating"] else Fault.DATE
    if fault is Fault.VALUE or asked[:_DAY] != held[:_DAY]:
        asked, held = asked[:_DAY], held[:_DAY]
    sentence = (
        f"{_named(each)}: your account holds {_rated(title.rating, held)}, "
        f"sent was {_rated(send.item['rating'], asked)}"
    )
    return Finding(fault, send.key, sentence)


def _rated(rating: int, rated_at: str) -> str:
    return f"{rating} of {rated_at}" if rated_at else f"{rating}"


def _said(title: AccountTitle) -> str:
    if title.rating is None:
        return "no rating"
    return _rated(title.rating, dates.iso_utc(title.rated_at)[:_DAY] if title.rated_at else "")


def _named(each: Sent) -> str:
    return f"{each.send.name} ({each.where})"


def _titled(title: AccountTitle) -> str:
    return f"{title.name}, simkl {title.simkl}"
