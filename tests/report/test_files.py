"""The report folder: what the files hold, that they read back, and that they are whole or not there."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import resource
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.intake import readers
from importer.intake.cellrow import Cells
from importer.intake.documents import documents
from importer.intake.identify import identify
from importer.intake.registry import load_adapters
from importer.report.files import write_report
from importer.report.summary import RunFacts, Summary, summarize
from importer.stages import frame as frames
from importer.stages.slices import Parsed
from importer.vocabulary.cells import restored
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.outcomes import Code
from importer.vocabulary.records import Anime, Kind, Locator, Moment, Record, Reject
from tests.making import anime, day, framed, parsed, planned, rating

OUTCOMES_HEADER = (
    "row_id,source,shape,file,line,kind,anime,season,episode,title,year,score,scale,rating,rated_at,"
    "rated_precision,rated_from,simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,livechart,anisearch,animeplanet,"
    "letterboxd,traktslug,netflix,hulu,crunchyroll,outcome,code,detail"
)
LEFTOVERS_HEADER = (
    "row_id,code,reason,hint,title,year,kind,anime,season,episode,score,scale,rating,rated_at,rated_from,stand_in,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,livechart,anisearch,animeplanet,"
    "letterboxd,traktslug,netflix,hulu,crunchyroll,source,shape,file,line"
)
EXACT = Moment("2019-05-04T10:11:12Z", "iso", "Date Rated")


def _summary(frame: pd.DataFrame) -> Summary:
    return summarize(frame, {}, [], RunFacts(command="preview", run=None, exit_code=0))


def _write(folder: Path, frame: pd.DataFrame) -> list[Path]:
    return write_report(folder, frame, _summary(frame))


def _written(folder: Path, *records: Record, name: str = "outcomes.csv") -> list[dict[str, str]]:
    """The rows of a report file as the csv module reads them."""
    _write(folder, planned(parsed(records)).frame)
    return _rows(folder / name)


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


# --- outcomes.csv -----------------------------------------------------------------------------------------


def test_outcomes_hold_every_record_in_input_order(tmp_path: Path) -> None:
    """One whole file, to the byte: mark, header, CR LF, empty cells for what is unknown."""
    frame = planned(
        parsed(
            [
                rating(
                    2, title="Amélie, really", year=2001, moment=EXACT, ids={"imdb": "tt0211915", "tmdb": "194"}
                ),
                Reject(locator=Locator(3), code=Code.BAD_ROW, detail="3 cells where the header has 4"),
                rating(4, score="9", ids={"imdb": "tt0211915"}, moment=day("2018-01-01")),
            ]
        )
    ).frame

    _write(tmp_path, frame)

    digest = "a.csv-0000000000"
    assert (tmp_path / "outcomes.csv").read_bytes().decode() == (
        f"\ufeff{OUTCOMES_HEADER}\r\n"
        f'{digest}:2,imdb,ratings,a.csv,2,movie,unknown,,,"Amélie, really",2001,8,1 to 10,8,2019-05-04T10:11:12Z,'
        "second,Date Rated,,tt0211915,194,,,,,,,,,,,,,,pending,,\r\n"
        f"{digest}:3,imdb,ratings,a.csv,3,,unknown,,,,,,,,,"
        ",,,,,,,,,,,,,,,,,,rejected,bad-row,3 cells where the header has 4\r\n"
        f"{digest}:4,imdb,ratings,a.csv,4,movie,unknown,,,,,9,1 to 10,9,2018-01-01T12:00:00Z,"
        "day,Date Rated,,tt0211915,,,,,,,,,,,,,,,duplicate,duplicate,"
        '"a.csv:2 speaks for this title: 8 there, 9 here"\r\n'
    )


def test_every_sendable_id_has_its_column(tmp_path: Path) -> None:
    """Ids stand under their own name, in the order of the wire's page."""
    ids = {space: str(number) for number, space in enumerate(SENDABLE, start=100)} | {"imdb": "tt0211915"}

    (row,) = _written(tmp_path, rating(1, ids=ids))

    assert {space: row[space] for space in SENDABLE} == ids


def test_more_rows_than_leave_the_frame_at_a_time_are_all_there(tmp_path: Path) -> None:
    """The seams between slices lose and repeat nothing."""
    frame = framed(parsed([rating(1)])).iloc[[0] * 100_002].assign(line=pd.array(range(1, 100_003), dtype="Int64"))

    _write(tmp_path, frame)

    with (tmp_path / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == [str(line) for line in range(1, 100_003)]


def test_an_empty_run_leaves_headers(tmp_path: Path) -> None:
    """Nothing read makes files that read back as nothing."""
    _write(tmp_path, framed())

    assert (tmp_path / "outcomes.csv").read_bytes().decode() == f"\ufeff{OUTCOMES_HEADER}\r\n"
    assert (tmp_path / "leftovers.csv").read_bytes().decode() == f"\ufeff{LEFTOVERS_HEADER}\r\n"


# --- cells ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1 (555)", "'+1 (555)"),
        ("-30-", "'-30-"),
        ("@midnight", "'@midnight"),
        ("\t=cmd", "'\t'=cmd"),
        ('x;"=1+1&"', 'x;\'"=1+1&"'),
        ("＝SUM(A1)", "'＝SUM(A1)"),
        ("'=quoted", "''=quoted"),
        ("'Tis Pity", "'Tis Pity"),
        ("1917", "1917"),
    ],
)
def test_formulas_are_defused_in_both_files(tmp_path: Path, title: str, cell: str) -> None:
    """A spreadsheet shows the text; the quote in front comes off when it is read back."""
    episode = rating(1, kind=Kind.EPISODE, title=title)

    (row,) = _written(tmp_path, episode)

    assert row["title"] == cell
    assert _rows(tmp_path / "leftovers.csv")[0]["title"] == cell
    assert restored(cell) == title


def test_every_text_of_the_input_is_defused(tmp_path: Path) -> None:
    """File name, score, slug, date column and detail come from outside as much as titles do."""
    record = Reject(
        locator=Locator(1),
        code=Code.BAD_SCORE,
        detail="=d",
        score="=s",
        scale="=c",
        ids={"letterboxd": "=l", "traktslug": "=t", "animeplanet": "=a"},
    )
    frame = framed(Parsed("=f.csv", "a" * 64, "=source", "=shape", 0, [record]))

    _write(tmp_path, frame)

    (outcome,), (leftover,) = _rows(tmp_path / "outcomes.csv"), _rows(tmp_path / "leftovers.csv")
    for column, text in {
        "file": "'=f.csv",
        "source": "'=source",
        "shape": "'=shape",
        "score": "'=s",
        "scale": "'=c",
        "letterboxd": "'=l",
        "traktslug": "'=t",
        "animeplanet": "'=a",
    }.items():
        assert (outcome[column], leftover[column]) == (text, text)
    assert outcome["detail"] == "'=d"
    assert leftover["reason"] == "The score is not a value of its scale: =d"


@pytest.mark.parametrize(
    "title",
    ["a\rb", "a\nb", "a\r\nb", "\r", 'say "hi"', '"', "nul\x00byte", "🎬 家", "a;b\tc", " padded ", "\ufeffx"],
)
def test_odd_characters_survive_the_csv_module(tmp_path: Path, title: str) -> None:
    """A lone CR must not break a row in two, as it does under other line ends on Python 3.11 and 3.12."""
    rows = _written(tmp_path, rating(1, title=title), rating(2, title="next", ids={"imdb": "tt0068646"}))

    assert [restored(row["title"]) for row in rows] == [title, "next"]


@settings(max_examples=60, deadline=None)
@given(
    titles=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), max_size=8),
    details=st.lists(st.sampled_from(["=1", "\r", "@x\n", '",\r\n"', "'=", "'", ";=1"]), min_size=8, max_size=8),
)
def test_any_text_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], details: list[str]
) -> None:
    """Through the csv module and through our own intake, row for row."""
    records = [
        Reject(locator=Locator(line), code=Code.BAD_ROW, title=title, detail=details[line % 8])
        for line, title in enumerate(titles)
    ]
    folder = tmp_path_factory.mktemp("report")
    expected = [(record.title, record.detail) for record in records]

    _write(folder, framed(parsed(records)))

    by_module = _rows(folder / "outcomes.csv")
    assert [(restored(row["title"]), restored(row["detail"])) for row in by_module] == expected
    (document,) = documents([folder / "outcomes.csv"])
    assert document.encoding == "utf-8"
    assert readers.header(document) == tuple(OUTCOMES_HEADER.split(","))
    by_intake = list(readers.each_row(document, _as_reject))
    assert [(record.title, record.detail) for record in by_intake if isinstance(record, Reject)] == expected


def _as_reject(locator: Locator, cells: Cells) -> Record:
    title, detail = restored(cells["title"]), restored(cells["detail"])
    return Reject(locator=locator, code=Code.BAD_ROW, title=title, detail=detail)


def test_half_a_surrogate_pair_is_written_as_its_escape(tmp_path: Path) -> None:
    """Broken JSON exports hold such texts; they cannot be UTF-8, and they must not end the run."""
    (row,) = _written(tmp_path, Reject(locator=Locator(1), code=Code.BAD_ROW, title="broken \ud83c"))

    assert row["title"] == r"broken \ud83c"


# --- leftovers.csv ----------------------------------------------------------------------------------------


def test_leftovers_say_why_and_what_now(tmp_path: Path) -> None:
    """One whole file, to the byte."""
    records = [
        rating(2),
        Reject(locator=Locator(3), code=Code.UNRATED),
        Reject(
            locator=Locator(4),
            code=Code.BAD_SCORE,
            detail="'11' is not on the scale",
            kind=Kind.MOVIE,
            score="11",
            scale="1 to 10",
            title="Alien",
            year=1979,
            ids={"imdb": "tt0078748"},
        ),
        rating(5, title="Nameless", ids={}),
    ]

    _written(tmp_path, *records)

    digest = "a.csv-0000000000"
    assert (tmp_path / "leftovers.csv").read_bytes().decode() == (
        f"\ufeff{LEFTOVERS_HEADER}\r\n"
        f"{digest}:4,bad-score,The score is not a value of its scale: '11' is not on the scale,"
        "Fill in the rating column with a whole number from 1 to 10.,"
        "Alien,1979,movie,unknown,,,11,1 to 10,,,,,,tt0078748,,,,,,,,,,,,,,,imdb,ratings,a.csv,4\r\n"
        f'{digest}:5,no-id,"Neither an id nor a title with its year is known, so Simkl could only guess: '
        'a title without a year would be a guess",'
        '"Fill in imdb, tmdb or another id, or both title and year.",'
        "Nameless,,movie,unknown,,,8,1 to 10,8,,,,,,,,,,,,,,,,,,,,imdb,ratings,a.csv,5\r\n"
    )


def test_a_date_goes_back_with_no_more_than_was_known(tmp_path: Path) -> None:
    """Noon is our own addition; a row that is read again must not take it for the truth."""
    episodes = [
        rating(1, kind=Kind.EPISODE, moment=EXACT),
        rating(2, kind=Kind.EPISODE, moment=Moment("2019-05-04 23:30+02:00", "iso", "d")),
        rating(3, kind=Kind.EPISODE, moment=day("2019-05-04")),
        rating(4, kind=Kind.EPISODE),
    ]

    rows = _written(tmp_path, *episodes, name="leftovers.csv")

    assert [row["rated_at"] for row in rows] == ["2019-05-04T10:11:12Z", "2019-05-04T21:30:00Z", "2019-05-04", ""]


def test_leftovers_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """A run without leftovers says so in the same file."""
    assert len(_written(tmp_path, rating(1, kind=Kind.EPISODE), name="leftovers.csv")) == 1

    assert _written(tmp_path, rating(1), name="leftovers.csv") == []


_SPACES = st.dictionaries(
    st.sampled_from(["imdb", "tmdb", "mal", "letterboxd", "simkl"]), st.integers(1, 9_999_999), max_size=3
)
_BIDI = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_TITLE_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=_BIDI)  # as records hold them
_LEFT_OVER = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([Kind.SEASON, Kind.EPISODE]),
        "anime": st.sampled_from(Anime),
        "score": st.sampled_from(["1", "7", "10"]),
        "title": st.text(_TITLE_CHARACTERS, max_size=20).map(lambda text: " ".join(text.split())),
        "year": st.none() | st.integers(1888, 2030),
        "ids": _SPACES.map(
            lambda ids: {
                space: {"imdb": f"tt{number:07}", "letterboxd": f"film-{number}"}.get(space, str(number))
                for space, number in ids.items()
            }
        ),
        "moment": st.none()
        | st.dates(min_value=pd.Timestamp(1970, 1, 3).date(), max_value=pd.Timestamp(2026, 1, 1).date()).map(
            lambda date: day(date.isoformat())
        )
        | st.datetimes(min_value=pd.Timestamp(1970, 1, 3), max_value=pd.Timestamp(2026, 1, 1)).map(
            lambda at: Moment(at.strftime("%Y-%m-%dT%H:%M:%SZ"), "iso", "rated")
        ),
        "season": st.none() | st.integers(0, 40),
        "episode": st.none() | st.integers(0, 400),
    }
)
_KEPT = (
    *("kind", "anime", "season", "episode", "title", "year", "rating", "rated_at", "rated_precision"),
    *(f"id_{space}" for space in SENDABLE),
    *("outcome", "code"),
)


@settings(max_examples=60, deadline=None)
@given(facts=st.lists(_LEFT_OVER, min_size=1, max_size=6))
def test_leftovers_read_back_give_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, facts: list[dict[str, Any]]
) -> None:
    """Run again unrepaired, every row has the rating, date, ids and title that it had."""
    first = framed(parsed([rating(line, **fact) for line, fact in enumerate(facts, start=1)]))

    second = _read_again(tmp_path_factory.mktemp("report"), first)

    for name in _KEPT:
        assert frames.column(second, name) == frames.column(first, name)


def test_rejects_read_back_stay_the_same_rejects(tmp_path: Path) -> None:
    """What is not repaired keeps its code, and what was known of it."""
    known: dict[str, Any] = {"title": "=Alien", "year": 1979, "ids": {"imdb": "tt0078748"}, "score": "11"}
    codes = (Code.BAD_SCORE, Code.BAD_SCALE, Code.UNKNOWN_TYPE, Code.BAD_ID)
    first = framed(
        parsed(
            [
                Reject(locator=Locator(line), code=code, kind=Kind.MOVIE, scale="1 to 10", **known)
                for line, code in enumerate(codes)
            ]
        )
    )

    second = _read_again(tmp_path, first)

    for name in (*_KEPT, "score_text", "scale"):
        assert frames.column(second, name) == frames.column(first, name)


def _read_again(folder: Path, frame: pd.DataFrame) -> pd.DataFrame:
    _write(folder, frame)
    (document,) = documents([folder / "leftovers.csv"])
    claim = identify(document, load_adapters())
    assert claim.word == "rateport:leftovers"
    return framed(parsed(list(claim.adapter.parse(document, claim.shape)), file="leftovers.csv", source="rateport"))


# --- writing ----------------------------------------------------------------------------------------------


def test_the_three_files_are_named(tmp_path: Path) -> None:
    """In the order in which they are told to the person."""
    paths = _write(tmp_path / "report", framed(parsed([anime()])))

    assert paths == [tmp_path / "report" / name for name in ("outcomes.csv", "leftovers.csv", "summary.json")]
    assert json.loads((tmp_path / "report" / "summary.json").read_text(encoding="utf-8"))["records"] == 1


def test_only_the_owner_can_read_a_report(tmp_path: Path) -> None:
    """A viewing history is nobody else's business, whatever the umask says."""
    before = os.umask(0)
    try:
        paths = _write(tmp_path / "new" / "report", framed())
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new" / "report").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """What it points to stays as it is."""
    elsewhere = tmp_path / "precious.txt"
    elsewhere.write_text("precious")
    report = tmp_path / "report"
    report.mkdir()
    (report / "outcomes.csv").symlink_to(elsewhere)

    _write(report, framed())

    assert elsewhere.read_text() == "precious"
    assert not (report / "outcomes.csv").is_symlink()


@pytest.mark.promise("P14")
def test_nothing_but_the_report_is_left_in_the_folder(tmp_path: Path) -> None:
    """Drafts are gone, other files stay, files of an earlier run are replaced."""
    (tmp_path / "notes.txt").write_text("mine")

    _write(tmp_path, framed())
    _write(tmp_path, framed())

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "leftovers.csv",
        "notes.txt",
        "outcomes.csv",
        "summary.json",
    ]


def test_a_file_in_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    """No traceback for what a person can cause."""
    (tmp_path / "report").write_text("a file")

    with pytest.raises(ConfigError) as caught:
        _write(tmp_path / "report", framed())

    assert str(caught.value) == (
        f"{tmp_path / 'report'}: the report cannot be written: File exists. "
        "Make room or name another folder with -o."
    )
    assert caught.value.__suppress_context__


@pytest.mark.promise("P14")
def test_a_folder_in_place_of_a_file_leaves_no_drafts(tmp_path: Path) -> None:
    """The sentence names the folder; nothing half written stays."""
    (tmp_path / "outcomes.csv").mkdir()

    with pytest.raises(ConfigError, match="the report cannot be written: Is a directory"):
        _write(tmp_path, framed())

    assert [path.name for path in tmp_path.iterdir()] == ["outcomes.csv"]


@pytest.fixture
def _little_room() -> Iterator[None]:
    """Files cannot grow beyond 100 kB, as on a disk that runs full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.promise("P14")
@pytest.mark.usefixtures("_little_room")
def test_a_full_disk_leaves_the_old_report(tmp_path: Path) -> None:
    """The files of before are whole, the new ones are not there at all."""
    _write(tmp_path, framed(parsed([rating(1)])))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    large = framed(parsed([rating(line) for line in range(2_000)]))

    with pytest.raises(ConfigError, match="the report cannot be written: File too large"):
        _write(tmp_path, large)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert sorted(before) == ["leftovers.csv", "outcomes.csv", "summary.json"]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_folder_that_cannot_be_synced_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The disk may not hold what it said it took."""
    monkeypatch.setattr(os, "fsync", partial(_fail_on_folders, number))

    with pytest.raises(ConfigError, match=os.strerror(number)):
        _write(tmp_path, framed())


def test_a_drive_that_knows_no_sync_of_folders_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Network drives answer EINVAL; the files themselves are written through."""
    monkeypatch.setattr(os, "fsync", partial(_fail_on_folders, errno.EINVAL))

    assert len(_write(tmp_path, framed())) == 3


def _fail_on_folders(number: int, descriptor: int) -> None:
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        raise OSError(number, os.strerror(number))
