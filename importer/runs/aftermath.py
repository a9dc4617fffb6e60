"""After the posting: the account is looked at again, what is seen is written down, moved titles are put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from importer.runs.accounts import Account, read_again
from importer.runs.deeds import Move, Word
from importer.runs.posting import READ_DELAY_S
from importer.runs.session import Session
from importer.stages import frame as frames
from importer.stages.effects import changed, filed, moved, touched
from importer.stages.frame import Frame
from importer.stages.match import AccountIndex
from importer.stages.proof import Proof, Sent, prove
from importer.stages.reconcile import Fate, Settlement
from importer.vocabulary.sends import LISTS, AccountTitle, Send, Touched

NOTHING: Mapping[str, Any] = {"findings": [], "checked": 0, "filed": {}, "moved": []}


def look(
    session: Session,
    run: int,
    account: Account | None,
    before: Sequence[AccountTitle],
    sent: Sequence[Sent],
    *,
    restore: bool,
) -> Mapping[str, Any]:
    """What the run has done: findings, titles filed and moved. A run that was cut off after it had looked does not
    look again. Raises Paused where the account cannot be read."""
    found = session.journal.run(run).found
    if found is None and (account is None or not session.sent(run)):
        return NOTHING
    if found is None:
        assert account is not None
        found = _seen(session, run, account, before, sent)
    if restore and found["moved"] and not found.get("restored"):
        found = _restored(session, run, found)
    return found


def unconfirmed(found: Mapping[str, Any], confirmed: Mapping[int, Send]) -> dict[int, Settlement]:
    """The places of rows that were confirmed, but that the account does not show."""
    missing = {each["key"] for each in found["findings"] if each["fault"] == "missing"}
    unseen = Settlement(Fate.UNCONFIRMED, "confirmed, but reading back did not show it")
    return {place: unseen for place, send in confirmed.items() if send.key in missing}


def sent_rows(confirmed: Mapping[int, Send], frame: Frame) -> list[Sent]:
    """The sends with the rows that they come from."""
    files, lines = frames.column(frame, "file"), frames.column(frame, "line")
    return [Sent(confirmed[place], f"{files[place]}:{lines[place]}") for place in sorted(confirmed)]


def read_and_proved(
    session: Session,
    read: Callable[[], Sequence[AccountTitle]],
    proved: Callable[[Sequence[AccountTitle]], Proof],
) -> tuple[Sequence[AccountTitle], Proof]:
    """The account and the proof by it; read once more where something is missing, for a write may show only a
    moment later (simkl-api.md 13.22)."""
    titles = read()
    proof = proved(titles)
    if proof.missing:
        session.clock.sleep(READ_DELAY_S)
        titles = read()
        proof = proved(titles)
    return titles, proof


def _seen(
    session: Session, run: int, account: Account, before: Sequence[AccountTitle], sent: Sequence[Sent]
) -> Mapping[str, Any]:
    session.progress.note("Reading your account back.")
    after, proof = read_and_proved(
        session,
        lambda: read_again(session, account),
        lambda titles: prove(sent, titles, changed=changed(before, titles)),
    )
    done = touched(before, after, {*proof.landed.values(), *landed(after, session.sent(run))})
    found = {
        "checked": len(sent),
        "findings": [each._asdict() for each in proof.findings],
        "filed": _filed(done),
        "moved": [_move(each) for each in done if moved(each)],
    }
    there = {(Word.RATE.value, key): simkl for key, simkl in proof.landed.items()}
    session.journal.keep_found(run, done, there, found)
    return found


def landed(after: Sequence[AccountTitle], sends: Sequence[Send]) -> set[str]:
    """The Simkl ids of titles that hold what was sent, also where no verdict came."""
    return {title.simkl for title in AccountIndex(after).holders(sends)}


def _filed(done: Sequence[Touched]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in done:
        if filed(each) and each.after is not None:
            found[each.after.status or ""].append(each.after.name)
    return dict(found)


def _move(each: Touched) -> list[str | None]:
    assert each.before is not None and each.after is not None  # `moved` says so
    return [each.after.name, each.before.status, each.after.status]


def _restored(session: Session, run: int, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put titles back on the lists that they were on. One that stays where it is, is a finding."""
    done = session.journal.touched(run)
    sends = {
        each.simkl: each.before.asked_for(to=each.before.status)
        for each in done
        if moved(each) and each.before and each.before.status in LISTS
    }
    loop = session.loop(run, Move(session.client))
    loop.run(list(sends.values()), session.journal.ledger(run, Word.MOVE).in_doubt())
    back = {simkl for simkl, send in sends.items() if loop.settlements[send.key].fate is Fate.CONFIRMED}
    restored = [
        each._replace(after=replace(each.after, status=each.before.status))
        if each.simkl in back and each.before and each.after
        else each
        for each in done
    ]
    stuck = [
        {
            "fault": "list",
            "key": sends[each.simkl].key,
            "sentence": _stuck(each, loop.settlements[sends[each.simkl].key]),
        }
        for each in done
        if each.simkl in sends and each.simkl not in back
    ]
    found = {**found, "restored": True, "findings": [*found["findings"], *stuck]}
    session.journal.keep_found(run, restored, {}, found)
    return found


def _stuck(each: Touched, why: Settlement) -> str:
    assert each.after is not None  # it was moved
    return f"{each.after.name} could not be put back on its list ({why.detail or why.fate.value})"
