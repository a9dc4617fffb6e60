"""From paths to documents: what is opened, how it is named, and which archives are refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.intake.documents import Document, Limits, documents
from importer.intake.folders import LINK
from importer.intake.limits import MIB
from importer.vocabulary.errors import InputError
from tests.intake.archives import claiming_encryption, claiming_sizes, overlapping, written, zip_of

CSV = b"Const,Your Rating\ntt0137523,9\n"
SMALL = Limits(document_bytes=MIB, total_bytes=2 * MIB, entries=5, ratio=20, ratio_free_bytes=1000)


def opened(path: Path, limits: Limits | None = None) -> dict[str, bytes]:
    """What is found under `path`: content by path inside it."""
    return {document.path: document.data for document in documents([path], limits=limits)}


def test_a_file_is_one_document(tmp_path: Path) -> None:
    """Its name is the one the person used; it lies in no folder."""
    path = written(tmp_path / "Ratings.CSV", CSV)
    (document,) = documents([path])
    assert (document.name, document.path, document.folders) == (str(path), "", ())
    assert (document.data, document.text) == (CSV, CSV.decode())
    assert document.base_name == "ratings.csv"


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    """The same export under another name has the same row ids."""
    one, other = written(tmp_path / "a.csv", CSV), written(tmp_path / "b.csv", CSV)
    digests = {document.digest for document in documents([one, other])}
    assert digests == {hashlib.sha256(CSV).hexdigest()}


def test_the_encoding_is_passed_on(tmp_path: Path) -> None:
    """--encoding holds for every document."""
    path = written(tmp_path / "a.csv", "Солярис".encode("cp1251"))
    (document,) = documents([path], encoding="cp1251")
    assert (document.text, document.encoding) == ("Солярис", "cp1251")


def test_several_paths_keep_their_order(tmp_path: Path) -> None:
    """Documents come in the order in which they were named."""
    paths = [written(tmp_path / name, CSV) for name in ("z.csv", "a.csv", "m.csv")]
    assert [document.base_name for document in documents(paths)] == ["z.csv", "a.csv", "m.csv"]


def test_a_folder_is_searched_through_and_sorted(tmp_path: Path) -> None:
    """Files below it are named by their way through the folder."""
    for name in ("b.csv", "a.csv", "deep/er/c.csv"):
        written(tmp_path / "export" / name, CSV)
    found = documents([tmp_path / "export"])
    assert [document.path for document in found] == ["a.csv", "b.csv", "deep/er/c.csv"]
    assert found[2].name == f"{tmp_path / 'export'}/deep/er/c.csv"
    assert found[2].folders == ("deep", "er")


def test_what_systems_leave_in_folders_is_not_an_export(tmp_path: Path) -> None:
    """Hidden files and the shadows that macOS writes are passed over."""
    for name in ("a.csv", ".DS_Store", ".git/config", "__MACOSX/._a.csv", "sub/.hidden.csv"):
        written(tmp_path / "export" / name, CSV)
    assert list(opened(tmp_path / "export")) == ["a.csv"]


def test_a_hidden_file_that_was_named_is_read(tmp_path: Path) -> None:
    """The person's word counts."""
    assert list(opened(written(tmp_path / ".ratings.csv", CSV)).values()) == [CSV]


def test_links_in_folders_are_not_followed(tmp_path: Path) -> None:
    """A folder of somebody else cannot make rateport read files elsewhere; that it did not is said."""
    secret = written(tmp_path / "secret.csv", CSV)
    written(tmp_path / "export" / "a.csv", CSV)
    (tmp_path / "export" / "link.csv").symlink_to(secret)
    (tmp_path / "export" / "more").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "export" / ".hidden.csv").symlink_to(secret)
    found = documents([tmp_path / "export"])
    assert [(document.path, document.data, document.aside) for document in found] == [
        ("a.csv", CSV, ""),
        ("link.csv", b"", LINK),
        ("more", b"", LINK),
    ]
    assert list(found[0].beside) == ["a.csv"]


def test_a_missing_path_is_an_error_that_names_it(tmp_path: Path) -> None:
    """It is not an empty export."""
    with pytest.raises(InputError, match=r"gone\.csv: there is no such file or folder\."):
        documents([written(tmp_path / "a.csv", CSV), tmp_path / "gone.csv"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    """The message says why."""
    path = written(tmp_path / "a.csv", CSV)
    path.chmod(0)
    with pytest.raises(InputError, match=r"a\.csv: cannot be read: Permission denied\."):
        documents([path])


def test_an_overlong_name_is_an_error(tmp_path: Path) -> None:
    """Whatever the system says about a path becomes a sentence."""
    with pytest.raises(InputError, match="cannot be read"):
        documents([tmp_path / ("x" * 5000)])


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    """Whether that is an error is for the caller to say."""
    assert documents([tmp_path]) == []


# --- zip --------------------------------------------------------------------------------------------------


def test_a_zip_is_opened_with_its_folders(tmp_path: Path) -> None:
    """Members are named by their way through the archive, sorted, with the zip before them."""
    path = written(
        tmp_path / "export.zip",
        zip_of(
            {
                "ratings.csv": CSV,
                "deleted/reviews.csv": b"x",
                "./": b"",
                "Lists/": b"",
                ".DS_Store": b"x",
                "__MACOSX/a": b"x",
            }
        ),
    )
    found = documents([path])
    assert [(document.name, document.path) for document in found] == [
        (f"{path}/deleted/reviews.csv", "deleted/reviews.csv"),
        (f"{path}/ratings.csv", "ratings.csv"),
    ]
    assert found[0].folders == ("deleted",)
    assert found[1].data == CSV


def test_a_zip_is_told_by_its_content(tmp_path: Path) -> None:
    """Browsers take the name away."""
    assert opened(written(tmp_path / "download", zip_of({"a.csv": CSV}))) == {"a.csv": CSV}


def test_a_zip_in_a_folder_is_opened(tmp_path: Path) -> None:
    """Its members lie below it."""
    written(tmp_path / "downloads" / "letterboxd.zip", zip_of({"deleted/ratings.csv": CSV}))
    (document,) = documents([tmp_path / "downloads"])
    assert document.path == "letterboxd.zip/deleted/ratings.csv"
    assert "deleted" in document.folders


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflated_members_are_read(method: int, tmp_path: Path) -> None:
    """These two are what sites and file managers write."""
    assert opened(written(tmp_path / "a.zip", zip_of({"a.csv": CSV}, method))) == {"a.csv": CSV}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused_with_the_way_out(method: int, tmp_path: Path) -> None:
    """Not every Python can unpack them."""
    with pytest.raises(InputError, match=r"a\.zip/a\.csv: is packed in an unusual way; unpack the zip first\."):
        documents([written(tmp_path / "a.zip", zip_of({"a.csv": CSV}, method))])


def test_an_empty_zip_holds_nothing(tmp_path: Path) -> None:
    """It has another magic number than a zip with members."""
    assert opened(written(tmp_path / "a.zip", zip_of({}))) == {}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.csv", "..\\..\\x.csv", "a/../../b.csv"]
)
def test_a_name_that_climbs_out_is_only_a_name(name: str, tmp_path: Path) -> None:
    """Nothing is written, so the member is read like any other, and nothing is lost."""
    folder = tmp_path / "in" / "here"
    path = written(folder / "a.zip", zip_of({name: CSV}))
    before = sorted(tmp_path.rglob("*"))
    assert list(opened(path).values()) == [CSV]
    assert sorted(tmp_path.rglob("*")) == before


def test_an_encrypted_member_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """TV Time's export was password protected."""
    path = written(tmp_path / "gdpr.zip", claiming_encryption(zip_of({"ratings.csv": CSV})))
    with pytest.raises(InputError, match=r"gdpr\.zip/ratings\.csv: is encrypted; unpack the zip with its password"):
        documents([path])


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    """It cannot be told which one is meant."""
    data = zip_of({"a.csv": CSV, "b.csv": b"other"}).replace(b"b.csv", b"a.csv")
    with pytest.raises(InputError, match=r"a\.csv: stands twice in the zip"):
        documents([written(tmp_path / "a.zip", data)])


def test_a_member_without_a_name_is_damage(tmp_path: Path) -> None:
    """zipfile itself stumbles over it."""
    data = zip_of({"~": CSV}).replace(b"~", b"\x00")
    with pytest.raises(InputError, match=r"a\.zip: the zip file is damaged \(a file without a name\)"):
        documents([written(tmp_path / "a.zip", data)])


def test_an_archive_inside_an_archive_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    """It is shown, and whoever reads it gets the way out; the rest of the zip is read."""
    inner = zip_of({"ratings.csv": CSV})
    found = documents([written(tmp_path / "a.zip", zip_of({"inner.zip": inner, "ratings.csv": CSV}))])
    assert [document.path for document in found] == ["inner.zip", "ratings.csv"]
    with pytest.raises(InputError, match=r"a\.zip/inner\.zip: an archive inside an archive; unpack it first\."):
        _ = found[0].text


@pytest.mark.parametrize("inner", [gzip.compress(CSV), zip_of({"a.csv": CSV})], ids=["gzip", "zip"])
def test_a_gzip_of_an_archive_is_refused(inner: bytes, tmp_path: Path) -> None:
    """No export is packed twice."""
    with pytest.raises(InputError, match=r"a\.gz: an archive inside an archive; unpack it first\."):
        documents([written(tmp_path / "a.gz", gzip.compress(inner))])


# --- gzip -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["animelist.xml.gz", "animelist.xml", "download"])
def test_gzip_is_told_by_its_content(name: str, tmp_path: Path) -> None:
    """Also without .gz at the end of the name."""
    assert opened(written(tmp_path / name, gzip.compress(CSV))) == {"": CSV}


def test_gzip_in_a_zip_is_unpacked(tmp_path: Path) -> None:
    """One level of each."""
    path = written(tmp_path / "a.zip", zip_of({"list.xml.gz": gzip.compress(CSV)}))
    assert opened(path) == {"list.xml.gz": CSV}


def test_gzip_in_several_pieces_is_one_file(tmp_path: Path) -> None:
    """As `cat a.gz b.gz` makes it."""
    assert opened(written(tmp_path / "a.gz", gzip.compress(CSV) + gzip.compress(CSV))) == {"": CSV + CSV}


# --- damage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_that_is_cut_off_anywhere_is_refused(method: int, tmp_path: Path) -> None:
    """A download that stopped half way is never half an export."""
    data = zip_of({"a.csv": CSV, "b.csv": CSV * 3}, method)
    for cut in range(4, len(data)):
        with pytest.raises(InputError, match=r"a\.zip"):
            documents([written(tmp_path / "a.zip", data[:cut])])


def test_a_gzip_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    """From the first byte after its magic number on."""
    data = gzip.compress(CSV * 10)
    for cut in range(2, len(data)):
        with pytest.raises(InputError, match=r"a\.gz: the gzip file is damaged or cut off"):
            documents([written(tmp_path / "a.gz", data[:cut])])


@pytest.mark.promise("P9")
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_zip_is_read_or_refused(method: int, tmp_path: Path, data: st.DataObject) -> None:
    """Any byte may be wrong; nothing but an InputError is raised."""
    whole = bytearray(zip_of({"a.csv": CSV * 4, "b/c.csv": CSV}, method))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        documents([written(tmp_path / "a.zip", bytes(whole))])
    except InputError as error:
        assert "a.zip" in str(error)


@pytest.mark.promise("P9")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 60), st.integers(0, 255))
def test_a_damaged_gzip_is_read_or_refused(tmp_path: Path, position: int, byte: int) -> None:
    """Any byte may be wrong; nothing but an InputError is raised."""
    whole = bytearray(gzip.compress(CSV * 20, mtime=0))
    whole[position % len(whole)] = byte
    try:
        documents([written(tmp_path / "a.gz", bytes(whole))])
    except InputError as error:
        assert "a.gz" in str(error)


# --- bombs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [lambda data: zip_of({"a.csv": data}), gzip.compress], ids=["zip", "gzip"])
def test_a_file_that_unpacks_to_a_flood_is_refused(pack: object, tmp_path: Path) -> None:
    """Deflate packs a thousand to one; no export does."""
    assert callable(pack)
    path = written(tmp_path / "a", pack(b"0" * 100_000))
    with pytest.raises(InputError, match="unpacks to over 20 times its size, as a zip bomb does"):
        documents([path], limits=SMALL)


def test_the_ratio_of_small_files_is_not_held_against_them(tmp_path: Path) -> None:
    """A few hundred equal lines pack well."""
    assert opened(written(tmp_path / "a.zip", zip_of({"a.csv": b"0" * 1000})), SMALL) == {"a.csv": b"0" * 1000}


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """Packed or not."""
    path = written(tmp_path / "a.csv", os.urandom(MIB + 1))
    with pytest.raises(InputError, match=r"a\.csv: larger than 1 MiB"):
        documents([path], limits=SMALL)


def test_all_files_together_have_a_limit(tmp_path: Path) -> None:
    """It counts over all paths and members of one intake."""
    noise = os.urandom(MIB * 3 // 4)
    paths = [written(tmp_path / name, noise) for name in ("a.csv", "b.csv", "c.csv")]
    assert len(documents(paths[:2], limits=SMALL)) == 2
    with pytest.raises(InputError, match=r"c\.csv: all files together are over 2 MiB"):
        documents(paths, limits=SMALL)


def test_the_number_of_files_has_a_limit(tmp_path: Path) -> None:
    """A folder of thousands of files is not an export."""
    for number in range(6):
        written(tmp_path / "many" / f"{number}.csv", b"")
    with pytest.raises(InputError, match="more than 5 files; name the export itself"):
        documents([tmp_path / "many"], limits=SMALL)
    with pytest.raises(InputError, match="more than 5 files"):
        documents([written(tmp_path / "a.zip", zip_of({f"{n}.csv": b"" for n in range(5)}))], limits=SMALL)


def test_entries_that_share_their_bytes_run_into_the_limit(tmp_path: Path) -> None:
    """Python before 3.13 does not see that they overlap; 58 kB made 10 GB of it."""
    path = written(tmp_path / "a.zip", overlapping(os.urandom(900_000), 5))
    assert path.stat().st_size < MIB
    with pytest.raises(InputError, match=r"a\.zip"):
        documents([path], limits=SMALL)


@pytest.mark.parametrize("size", [1, 10, len(CSV) - 1])
def test_a_size_that_is_too_small_is_refused(size: int, tmp_path: Path) -> None:
    """No part of a file is taken for the whole."""
    path = written(tmp_path / "a.zip", claiming_sizes(zip_of({"a.csv": CSV}), size))
    with pytest.raises(InputError, match=r"a\.zip/a\.csv: the zip file is damaged or cut off"):
        documents([path])


def test_a_size_that_is_too_large_is_not_believed(tmp_path: Path) -> None:
    """What counts is what was read, and its checksum."""
    path = written(tmp_path / "a.zip", claiming_sizes(zip_of({"a.csv": CSV}), 0xFFFFFFF0))
    assert opened(path, SMALL) == {"a.csv": CSV}


def test_the_usual_limits_are_those_of_the_notes() -> None:
    """512 MiB in all, 256 MiB each, 2,000 files, 200 to 1 (ecosystem.md 1.7)."""
    assert Limits() == Limits(256 * MIB, 512 * MIB, 2_000, 200, 8 * MIB)


# --- documents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path", "base_name", "folders"),
    [
        ("/home/x/Ratings.csv", "", "ratings.csv", ()),
        ("/home/x/a.zip/Deleted/R.CSV", "Deleted/R.CSV", "r.csv", ("deleted",)),
        ("C:\\Users\\x\\Ratings.csv", "", "ratings.csv", ()),
    ],
)
def test_names_of_a_document(name: str, path: str, base_name: str, folders: tuple[str, ...]) -> None:
    """Base name and folders are lower case, on every system."""
    document = Document(name, b"", path)
    assert (document.base_name, document.folders) == (base_name, folders)


def test_a_document_does_not_show_its_content() -> None:
    """A traceback or log holds no viewing history."""
    assert "tt0137523" not in repr(Document("a.csv", CSV))


# --- tar --------------------------------------------------------------------------------------------------


def tar_of(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    """A tar archive of these files, with a link and a folder among them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        folder, link = tarfile.TarInfo("mylist"), tarfile.TarInfo("link.xml")
        folder.type, link.type, link.linkname = tarfile.DIRTYPE, tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(folder)
        archive.addfile(link)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_a_tar_is_opened_with_its_folders(mode: str, tmp_path: Path) -> None:
    """AniDB hands out a .tgz; hidden files, links and folders in it are no documents."""
    data = tar_of({"mylist.xml": b"<a/>", "mylist/a23.xml": b"<b/>", "mylist/.x": b"", "../up.csv": b"c"}, mode)
    path = written(tmp_path / "12345-paperfan-export.tgz", data)
    found = documents([path])
    assert [(document.path, document.data) for document in found] == [
        ("mylist.xml", b"<a/>"),
        ("mylist/a23.xml", b"<b/>"),
        ("../up.csv", b"c"),
    ]
    assert found[0].name == f"{path}/mylist.xml"


def test_a_tar_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """Not read in part."""
    data = tar_of({"mylist.xml": b"x" * 2000}, "w")
    with pytest.raises(InputError, match="the tar archive is damaged or cut off"):
        documents([written(tmp_path / "x.tar", data[:2600])])


def test_a_tar_in_a_zip_is_an_archive_inside_an_archive(tmp_path: Path) -> None:
    """As any other."""
    (inner,) = documents([written(tmp_path / "x.zip", zip_of({"a.tgz": tar_of({"mylist.xml": b"<a/>"})}))])
    with pytest.raises(InputError, match="an archive inside an archive; unpack it first"):
        _ = inner.text


def test_limits_hold_for_tars_too(tmp_path: Path) -> None:
    """Entries and bytes are counted."""
    with pytest.raises(InputError, match="more than 5 files"):
        documents([written(tmp_path / "x.tar", tar_of({f"{n}.csv": b"" for n in range(6)}, "w"))], limits=SMALL)
    with pytest.raises(InputError, match="MiB"):
        documents([written(tmp_path / "y.tar", tar_of({"x.csv": b"x" * (MIB + 1)}, "w"))], limits=SMALL)


# --- what lies beside -------------------------------------------------------------------------------------


def test_files_of_one_folder_are_at_hand(tmp_path: Path) -> None:
    """By lower-case name, for sources that spread one record over several files; other folders are not."""
    for name in ("set/ratings.csv", "set/Links.csv", "other/movies.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    movies, links, ratings = documents([tmp_path])
    assert [sorted(document.beside) for document in (movies, links, ratings)] == [
        ["movies.csv"],
        ["links.csv", "ratings.csv"],
        ["links.csv", "ratings.csv"],
    ]
    assert ratings.beside["links.csv"].text == "set/Links.csv"


def test_files_of_one_archive_folder_are_at_hand(tmp_path: Path) -> None:
    """As in a folder on disk."""
    path = written(tmp_path / "x.zip", zip_of({"a/ratings.csv": b"1", "a/links.csv": b"2", "links.csv": b"3"}))
    found = {document.path: document for document in documents([path])}
    assert found["a/ratings.csv"].beside["links.csv"].data == b"2"
    assert set(found["links.csv"].beside) == {"links.csv"}


def test_only_what_was_named_is_read(tmp_path: Path) -> None:
    """A file that was named alone has nothing beside it, whatever lies in its folder."""
    for name in ("ratings.csv", "links.csv"):
        (tmp_path / name).write_text(name)
    (alone,) = documents([tmp_path / "ratings.csv"])
    assert set(alone.beside) == {"ratings.csv"}
    together = documents([tmp_path / "ratings.csv", tmp_path / "links.csv"])
    assert set(together[0].beside) == {"ratings.csv", "links.csv"}
