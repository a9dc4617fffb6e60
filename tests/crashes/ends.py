"""What a trial has come to: everything that must be the same however often the client was killed."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.canary import TOKEN, singing
from tests.clock import START

JOURNAL = "journal.sqlite"
_NOW = re.compile(rf"{START:%Y-%m-%d}T[0-9:.]+(Z|\+00:00)?")
_OURS_TO_DIFFER = ("requests", "run")
_CHANGING = ("/sync/ratings", "/sync/history")  # without a date, or counted: must not be done twice


def undated_now(value: Any) -> Any:
    """`value`, as JSON knows it, in which every moment of the trial itself is just `now`."""
    return json.loads(_NOW.sub("now", json.dumps(value)))


@contextmanager
def journal_as_it_is(home: Path) -> Iterator[sqlite3.Connection | None]:
    """A copy of the journal with its rollback file: to look at it must not repair it. None: there is none."""
    with tempfile.TemporaryDirectory() as folder:
        for file in home.glob(f"{JOURNAL}*"):
            shutil.copy(file, folder)
        copied = Path(folder) / JOURNAL
        if not copied.exists():
            yield None
            return
        with closing(sqlite3.connect(copied)) as connection:
            yield connection


def is_finished(home: Path, runs: int) -> bool:
    """Whether the journal holds so many runs, all of which came to their end."""
    with journal_as_it_is(home) as journal:
        if journal is None:
            return False
        ends = [end for (end,) in journal.execute("SELECT finished_at FROM runs")]
    return len(ends) >= runs and all(ends)


def end_of(home: Path, state: Mapping[str, Any]) -> dict[str, Any]:
    """Account, journal, report and files of a trial that has come to its end, and what its clients did wrong."""
    return undated_now({"account": state["dump"], **_journal(home), **_report(home), **_files(home)}) | {
        "done twice": twice(state),
        "violations": state["violations"],
    }


def twice(state: Mapping[str, Any]) -> list[str]:
    """What was done more than once though it must not be: undated ratings, and watches; not what no title took."""
    return [
        text
        for text, count in state["applied"].items()
        for path, _, item in [json.loads(text)]
        if count > 1 and path in _CHANGING and "rated_at" not in item
        if any(_is_meant(item, title) for title in state["dump"])
    ]


def _journal(home: Path) -> dict[str, Any]:
    with journal_as_it_is(home) as journal:
        assert journal is not None
        runs = journal.execute("SELECT id, command, finished_at IS NOT NULL, found, summary FROM runs").fetchall()
        sends = "SELECT run, deed, section, item, state, landed FROM sends ORDER BY run, deed, key"
        titles = "SELECT run, simkl, before, after, touched FROM titles ORDER BY run, simkl"
        return {
            "runs": [
                (number, command, done, json.loads(found or "null")) for number, command, done, found, _ in runs
            ],
            "told": [_told(json.loads(summary or "{}")) for *_, summary in runs],
            "sends": journal.execute(sends).fetchall(),
            "titles": [(*row[:2], *map(_parsed, row[2:4]), row[4]) for row in journal.execute(titles)],
        }


def _parsed(text: str | None) -> Any:
    return text and json.loads(text)


def _told(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Of an undo only its end: the steps of a second one are fewer, because the first has done some."""
    if summary.get("command") == "undo":
        return {name: summary[name] for name in ("undone", "exit_code")}
    return {name: value for name, value in summary.items() if name not in _OURS_TO_DIFFER}


def _report(home: Path) -> dict[str, Any]:
    folder = home / "report"
    if not folder.exists():
        return {}
    return {file.name: _told_in(file) for file in folder.glob("[!.]*")}


def _told_in(file: Path) -> Any:
    """What a report says; of a file that is not whole, just that."""
    if file.suffix != ".json":
        return _rows(file) if file.read_bytes().endswith(b"\r\n") else "half a table"
    try:
        return _told(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        return "half a summary"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:  # how it became known that a row arrived may differ; that it did may not
        if "detail" in row:
            row["detail"] = row["detail"].replace("seen on reading back", "").removesuffix("; ")
    return rows


def _files(home: Path) -> dict[str, Any]:
    """The backups, each once however many there are of it: a run that is killed between its backup and its
    beginning leaves one more. And everything that nobody asked for."""
    backups = [file.read_text(encoding="utf-8") for file in home.glob("backups/[!.]*")]
    strays = [
        str(file.relative_to(home))
        for file in home.rglob("*")
        if file.name.startswith(".") or file.name.endswith((".new", ".copy", "-journal", "-wal", "-shm"))
    ]
    return {"backups": [json.loads(text) for text in sorted(set(backups))], "strays": sorted(strays)}


# --- what must hold at any moment -------------------------------------------------------------------------


def untrue(home: Path, dump: list[Mapping[str, Any]]) -> list[str]:
    """What the journal says of its last run was done, though the account does not show it."""
    with journal_as_it_is(home) as journal:
        if journal is None:
            return []
        confirmed = journal.execute(
            "SELECT deed, item FROM sends WHERE state = 'confirmed' AND run = (SELECT max(id) FROM runs)"
        ).fetchall()
    return [f"{deed} {item}" for deed, item in confirmed if not _is_done(deed, json.loads(item), dump)]


def torn(home: Path, end: Mapping[str, Any]) -> list[str]:
    """The files that are there, but are not as they will be in the end; and whichever holds the token."""
    report = undated_now(_report(home))
    backups = [file.name for file in home.glob("backups/[!.]*") if not _is_json(file)]
    telling = [f"the token in {file.name}" for file in singing(home, {TOKEN})]
    return [name for name, told in report.items() if told != end[name]] + backups + telling


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True


def unlike(end: Mapping[str, Any]) -> list[str]:
    """The rows that are told to have arrived, but that the account does not hold with their value and date."""
    rows = [row for row in end["outcomes.csv"] if row["outcome"] in ("confirmed", "unchanged")]
    return [row["row_id"] for row in rows if not any(_holds(title, row) for title in end["account"])]


def _holds(title: Mapping[str, Any], row: Mapping[str, str]) -> bool:
    ids = {space: row[space] for space in ("imdb", "tmdb", "mal") if row[space]}
    is_meant = _is_meant({"ids": ids, "title": row["title"], "year": int(row["year"] or 0)}, title)
    return is_meant and str(title["rating"]) == row["rating"] and row["rated_at"] in ("", title["rated_at"])


def _is_done(deed: str, item: Mapping[str, Any], dump: list[Mapping[str, Any]]) -> bool:
    found = [title for title in dump if _is_meant(item, title)]
    if deed == "remove":
        return not found
    if deed == "clear":
        return all(title["rating"] is None for title in found)
    if deed == "move":
        return any(title["status"] == item["to"] for title in found)
    if deed == "watch":
        return any(title["watched_at"] for title in found)
    return any(title["rating"] == item["rating"] for title in found)


def _is_meant(item: Mapping[str, Any], title: Mapping[str, Any]) -> bool:
    known = {"simkl": str(title["simkl"]), **title["ids"]}
    by_id = any(known.get(space) == str(value) for space, value in item["ids"].items())
    return by_id or (item.get("title"), item.get("year")) == (title["title"], title["year"])
