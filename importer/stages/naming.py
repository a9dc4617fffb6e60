"""Lists that name titles and rate none, for removals: which of their rows name one, and by what it is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from importer.stages import frame as frames
from importer.stages.normalization import Normalization, filter_reason, part_rating
from importer.stages.pending import PendingRows
from importer.stages.plan import Policy, Sends
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.outcomes import Code
from importer.vocabulary.owntables import NAMED_TITLES
from importer.vocabulary.records import Kind, Record, Reject
from importer.vocabulary.sends import Send


def naming(records: Iterable[Record], how: Normalization) -> Iterator[Record]:
    """The records of such a list: a row that names a title stays unrated, every other says why it names none."""
    for record in records:
        yield _told(record, how) if isinstance(record, Reject) and record.code is Code.UNRATED else record


def named(frame: frames.Frame) -> dict[int, Send]:
    """What the rows that name a title are found by, by their places in the frame; no rating is asked for."""
    rows = PendingRows(frame, frame["shape"].eq(NAMED_TITLES) & frame["code"].eq(Code.UNRATED.value))
    sends = Sends(rows, {place: position for position, place in enumerate(rows.places)}, {}, Policy())
    return {place: _without_rating(send) for place, send in sends.items()}


def _told(record: Reject, how: Normalization) -> Reject:
    if record.kind is None:
        return record._replace(code=Code.UNKNOWN_TYPE)
    if record.kind in (Kind.SEASON, Kind.EPISODE):
        return record._replace(code=Code.UNSUPPORTED_KIND, detail=part_rating(record.kind))
    if record.ids.keys().isdisjoint(SENDABLE) and not (record.title and record.year):
        return record._replace(code=Code.NO_ID)
    if aside := filter_reason(record.kind, record.anime, None, how):
        return record._replace(code=Code.FILTERED, detail=aside)
    return record


def _without_rating(send: Send) -> Send:
    return Send(send.section, {word: value for word, value in send.item.items() if word != "rating"})
