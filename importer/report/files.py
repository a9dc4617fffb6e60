"""The report folder: outcomes.csv, leftovers.csv, summary.json. Each file is the old one or the complete new one.

The CSV files are for spreadsheets as well as for rateport: UTF-8 with a mark, formulas defused, and lines that
end in CR LF. With that line end, and no other, Python before 3.13 quotes a cell that holds a lone CR
(ecosystem.md 3).
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from importer.report.summary import Summary, leftover_rows, summary_json
from importer.stages import frame as frames
from importer.vocabulary import dates
from importer.vocabulary.cells import defused
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.folders import DRAFT, LEFTOVERS, OUTCOMES, SUMMARY, sweep_drafts, sync
from importer.vocabulary.ids import SENDABLE, is_numeric
from importer.vocabulary.outcomes import EXPLANATIONS, Code

_SLICE = 50_000  # rows that leave the frame at a time, so that a large report needs little memory

Read = Callable[[pd.DataFrame], Sequence[Any]]
Write = Callable[[TextIO], None]


def write_report(folder: Path, frame: pd.DataFrame, summary: Summary) -> list[Path]:
    """The paths of the three files, written for the owner's eyes only.

    Raises ConfigError when the folder does not take them; no half-written file stays behind.
    """
    leftovers = frame[leftover_rows(frame)]
    contents: dict[str, Write] = {
        OUTCOMES: lambda stream: _write_table(stream, frame, _OUTCOMES_COLUMNS),
        LEFTOVERS: lambda stream: _write_table(stream, leftovers, _LEFTOVERS_COLUMNS),
        SUMMARY: lambda stream: _write_json(stream, summary_json(summary)),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _publish(folder, contents)
    except OSError as error:
        raise ConfigError(
            f"{folder}: the report cannot be written: {error.strerror or error}. "
            "Make room or name another folder with -o."
        ) from None


# --- columns ----------------------------------------------------------------------------------------------


def _plain(name: str) -> Read:
    return lambda frame: _values(frame, name)


def _text(name: str) -> Read:
    return lambda frame: _defused(_values(frame, name))


def _values(frame: pd.DataFrame, name: str) -> Sequence[Any]:
    if frame[name].isna().all():  # most id columns: ten times faster than to look at every value
        return [None] * len(frame)
    return frames.column(frame, name)


def _defused(values: Sequence[str | None]) -> list[str | None]:
    known = {value: value and defused(value) for value in set(values)}
    return list(map(known.get, values))


def _instants(frame: pd.DataFrame) -> list[str | None]:
    texts = frame["rated_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")  # as dates.iso_utc, but a whole column at once
    return [text if isinstance(text, str) else None for text in texts.tolist()]


def _instants_or_days(frame: pd.DataFrame) -> list[str | None]:
    """A date without a time goes back as one, so that reading it again knows no more than before."""
    precisions = frames.column(frame, "rated_precision")
    return [
        at[:10] if at and precision == dates.Precision.DAY else at
        for at, precision in zip(_instants(frame), precisions, strict=True)
    ]


def _reasons(frame: pd.DataFrame) -> list[str | None]:
    codes, details = frames.column(frame, "code"), frames.column(frame, "detail")
    return _defused([_reason(Code(code), detail) for code, detail in zip(codes, details, strict=True)])


def _reason(code: Code, detail: str | None) -> str:
    sentence = EXPLANATIONS[code].sentence
    return f"{sentence.removesuffix('.')}: {detail}" if detail else sentence


def _hints(frame: pd.DataFrame) -> list[str]:
    return [EXPLANATIONS[Code(code)].hint for code in frames.column(frame, "code")]


_IDS: Mapping[str, Read] = {
    space: _plain(f"id_{space}") if space == "imdb" or is_numeric(space) else _text(f"id_{space}")
    for space in SENDABLE
}
"""Numbers and tt-numbers can be no formula; slugs are texts."""

_OUTCOMES_COLUMNS: Mapping[str, Read] = {
    "row_id": _plain("row_id"),
    "source": _text("source"),
    "shape": _text("shape"),
    "file": _text("file"),
    "line": _plain("line"),
    "kind": _plain("kind"),
    "anime": _plain("anime"),
    "season": _plain("season"),
    "episode": _plain("episode"),
    "title": _text("title"),
    "year": _plain("year"),
    "score": _text("score_text"),
    "scale": _text("scale"),
    "rating": _plain("rating"),
    "rated_at": _instants,
    "rated_precision": _plain("rated_precision"),
    "rated_from": _text("rated_from"),
    **_IDS,
    "outcome": _plain("outcome"),
    "code": _plain("code"),
    "detail": _text("detail"),
}

_LEFTOVERS_COLUMNS: Mapping[str, Read] = {
    "row_id": _plain("row_id"),
    "code": _plain("code"),
    "reason": _reasons,
    "hint": _hints,
    "title": _text("title"),
    "year": _plain("year"),
    "kind": _plain("kind"),
    "anime": _plain("anime"),
    "season": _plain("season"),
    "episode": _plain("episode"),
    "score": _text("score_text"),
    "scale": _text("scale"),
    "rating": _plain("rating"),
    "rated_at": _instants_or_days,
    "rated_from": _text("rated_from"),
    "stand_in": lambda frame: ["yes" if value else None for value in frames.column(frame, "stand_in")],
    **_IDS,
    "source": _text("source"),
    "shape": _text("shape"),
    "file": _text("file"),
    "line": _plain("line"),
}


# --- writing ----------------------------------------------------------------------------------------------


def _write_table(stream: TextIO, frame: pd.DataFrame, columns: Mapping[str, Read]) -> None:
    stream.write("\ufeff")  # tells spreadsheets that this is UTF-8
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for start in range(0, len(frame), _SLICE):
        part = frame.iloc[start : start + _SLICE]
        writer.writerows(zip(*(read(part) for read in columns.values()), strict=True))


def _write_json(stream: TextIO, content: Mapping[str, Any]) -> None:
    json.dump(content, stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def _publish(folder: Path, contents: Mapping[str, Write]) -> list[Path]:
    """Write all drafts, then put each in its place: a full disk leaves the files of before as they were."""
    drafts: dict[Path, Path] = {}
    try:
        for name, write in contents.items():
            # mode 0600, a new file
            descriptor, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=DRAFT)
            drafts[folder / name] = Path(draft)
            _fill(descriptor, write)
        for target, path in drafts.items():
            path.replace(target)  # a link that stands there is replaced, not followed
        sync(folder)
    finally:
        for path in drafts.values():
            path.unlink(missing_ok=True)
    for name in contents:
        sweep_drafts(folder, name)
    return list(drafts)


def _fill(descriptor: int, write: Write) -> None:
    # Half of a surrogate pair, as broken JSON exports hold, is no text: it is written as its escape.
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        write(stream)
        stream.flush()
        os.fsync(descriptor)
