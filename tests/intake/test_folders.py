"""Below a named folder, what cannot be read is told and does not stop the rest."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from importer.intake.documents import Limits, documents
from importer.intake.folders import LINK, REPEATED
from importer.intake.registry import load_adapters
from importer.reading import Status, findings, ratings_among
from importer.vocabulary.errors import InputError
from tests.intake.archives import claiming_encryption, written, zip_of
from tests.migrating import movies

CSV = b"Const,Your Rating\ntt0137523,10\n"
BROKEN = {
    "cut.zip": zip_of({"a.csv": CSV})[:-30],
    "cut.gz": gzip.compress(CSV)[:-9],
    "locked.zip": claiming_encryption(zip_of({"a.csv": CSV})),
    "twice.gz": gzip.compress(gzip.compress(CSV)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_in_a_folder_is_told_and_passed_over(name: str, tmp_path: Path) -> None:
    """The good file beside it is imported; named itself, the broken one stops the run."""
    movies(tmp_path / "mine.csv", 2)
    broken = written(tmp_path / name, BROKEN[name])
    reading = ratings_among(findings([tmp_path], load_adapters()))
    assert [finding.document.path for finding in reading.ratings] == ["mine.csv"]
    (passed,) = reading.passed_over
    assert passed.status is Status.DAMAGED
    with pytest.raises(InputError) as named:
        documents([broken])
    assert passed.reason == str(named.value)


def test_the_rest_of_an_archive_in_a_folder_is_read(tmp_path: Path) -> None:
    """One member is packed twice; those before and after it are still there."""
    members = {"a.csv": CSV, "b.gz": gzip.compress(gzip.compress(CSV)), "c.csv": CSV}
    written(tmp_path / "all.zip", zip_of(members))
    found = documents([tmp_path])
    assert [(document.path, bool(document.problem)) for document in found] == [
        ("all.zip/a.csv", False),
        ("all.zip/b.gz", True),
        ("all.zip/c.csv", False),
    ]


def test_a_broken_file_that_ought_to_hold_ratings_stops_the_run(tmp_path: Path) -> None:
    """To go on without it would lose what the person came for."""
    movies(tmp_path / "mine.csv", 2)
    written(tmp_path / "ratings-2020.zip", BROKEN["cut.zip"])
    with pytest.raises(InputError, match=r"ratings-2020\.zip: the zip file is damaged"):
        ratings_among(findings([tmp_path], load_adapters()))


def test_limits_hold_below_folders_too(tmp_path: Path) -> None:
    """Thousands of files are no problem of one of them."""
    for number in range(4):
        written(tmp_path / f"{number}.csv", CSV)
    with pytest.raises(InputError, match="more than 3 files"):
        documents([tmp_path], limits=Limits(entries=3))


def test_a_subfolder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold the very file that is wanted."""
    movies(tmp_path / "mine.csv", 2)
    written(tmp_path / "private" / "ratings.csv", CSV)
    listed = os.scandir

    def scandir(path: str) -> object:  # root, too, is refused
        if str(path).endswith("private"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    reading = ratings_among(findings([tmp_path], load_adapters()))
    assert [finding.reason for finding in reading.passed_over] == [
        f"{tmp_path}/private: the folder cannot be read: Permission denied."
    ]


REPORTS = [("outcomes.csv", "leftovers.csv", "summary.json"), ("outcomes.csv", "summary.json")]


@pytest.mark.parametrize("names", REPORTS, ids=["whole", "cut off"])
def test_a_report_below_a_folder_is_left_aside_and_nothing_beside_it(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    """The exports that lie in its folder are read; its own files are named with the reason."""
    (tmp_path / "report").mkdir()
    movies(tmp_path / "report" / "mine.csv", 2)
    for name in names:
        written(tmp_path / "report" / name, b"row_id\n")
    reading = ratings_among(findings([tmp_path], load_adapters()))
    assert [finding.document.path for finding in reading.ratings] == ["report/mine.csv"]
    assert {finding.document.path: finding.short_reason for finding in reading.passed_over} == {
        f"report/{name}": REPEATED for name in names
    }


def test_files_called_like_those_of_a_report_are_read_where_there_is_none(tmp_path: Path) -> None:
    """Repaired leftovers by themselves, and whatever the person named."""
    header = "row_id,code,hint,kind,title,year,rating,rated_at,simkl,imdb\n"
    repaired = written(
        tmp_path / "repaired" / "leftovers.csv", f"{header}x:1,no-id,,movie,Heat,1995,8,,,\n".encode()
    )
    assert len(ratings_among(findings([tmp_path], load_adapters())).ratings) == 1
    for name in ("outcomes.csv", "summary.json"):
        written(tmp_path / "repaired" / name, b"")
    for named in (repaired, repaired.parent):
        (found,) = ratings_among(findings([named], load_adapters())).ratings
        assert found.document.base_name == "leftovers.csv"


def test_a_link_below_a_folder_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """Not even where its name says that it ought to hold ratings."""
    (tmp_path / "export").mkdir()
    movies(tmp_path / "export" / "mine.csv", 2)
    (tmp_path / "export" / "ratings.csv").symlink_to(movies(tmp_path / "elsewhere.csv", 2))
    (passed,) = ratings_among(findings([tmp_path / "export"], load_adapters())).passed_over
    assert (passed.status, passed.document.path, passed.short_reason) == (Status.NO_RATINGS, "ratings.csv", LINK)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A pipe without a writer would hang for ever, /dev/zero would never end."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match=f"{path}: is neither a file nor a folder"):
            documents([path])


def test_a_reason_of_several_lines_is_one_beside_others(tmp_path: Path) -> None:
    """How a line reads in the usual encodings is told in lines where there is room for them."""
    movies(tmp_path / "mine.csv", 2)
    (tmp_path / "other.csv").write_bytes("Const,Title\ntt0137523,Бойцовский клуб\n".encode("cp1251"))
    (passed,) = ratings_among(findings([tmp_path], load_adapters())).passed_over
    assert passed.reason.count("\n") > 1
    assert passed.short_reason.endswith("ęëóá; cp1251: tt0137523,Бойцовский клуб")
    assert "the line reads cp1252: " in passed.short_reason
    with pytest.raises(InputError) as named:
        ratings_among(findings([tmp_path / "other.csv"], load_adapters()))
    assert str(named.value) == passed.reason
