"""Archives spoiled by hand: zip, gz and tar that were cut, lie about themselves, or hold what no export holds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.intake.archives import claiming_encryption, claiming_sizes, overlapping, zip_of
from tests.malformed import Family, read, refused

IMDB = b"Const,Your Rating,Date Rated,Title,Title Type,Year\n"
HEAT = IMDB + b"tt0113277,7,2018-03-03,Heat,Movie,1995\n"
ALIEN = IMDB + b"tt0078748,9,2019-05-04,Alien,Movie,1979\n"
LETTERBOXD = b"Date,Name,Year,Letterboxd URI,Rating\n2018-03-03,Heat,1995,https://boxd.it/2aNK,3.5\n"
WATCHED = b"Date,Name,Year,Letterboxd URI\n2018-03-03,Heat,1995,https://boxd.it/2aNK\n"
MAL = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>'
    b"<anime><series_animedb_id>47</series_animedb_id><series_title>Akira</series_title><my_finish_date>2018-03-03"
    b"</my_finish_date><my_score>7</my_score></anime></myanimelist>\n"
)
ANIDB = (
    b'<my_anime_list><anime id="28"><Name>Akira</Name><Year>1988</Year><Type>Movie</Type><MyVote value="7" '
    b'date="03.03.2018 20:00" /><MyTempVote value="-" date="-" /></anime></my_anime_list>\n'
)
TRAKT = (
    b'[{"rated_at": "2018-03-03T20:00:00.000Z", "rating": 7, "type": "movie", "movie": {"title": "Heat", '
    b'"year": 1995, "ids": {"imdb": "tt0113277", "tmdb": 949}}}]'
)
NOISE = bytes(range(1, 120)) * 5

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
PLAIN = zip_of({"ratings.csv": HEAT}, STORED)
PACKED = zip_of({"ratings.csv": HEAT})
TWO = zip_of({"a.csv": HEAT, "b.csv": ALIEN}, STORED)
GZ = gzip.compress(MAL, mtime=0)


# --- zip ----------------------------------------------------------------------------------------------------


def patched(data: bytes, magic: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` at `offset` of the first record that begins with `magic`."""
    place = data.index(magic) + offset
    return data[:place] + value + data[place + len(value) :]


def renamed(name: bytes) -> bytes:
    """A zip whose one member has this name, as no program would write it."""
    data = zip_of({"~" * len(name): HEAT}, STORED)
    return data.replace(b"~" * len(name), name)


def packed_as(method: int) -> bytes:
    """A zip that claims to be packed in a certain way."""
    number = struct.pack("<H", method)
    return patched(patched(PLAIN, LOCAL, 8, number), CENTRAL, 10, number)


def ending(offset: int, value: bytes) -> bytes:
    """A zip with another value in its last record."""
    return patched(PLAIN, END, offset, value)


# --- tar ----------------------------------------------------------------------------------------------------


def info(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """The head of a member."""
    found = tarfile.TarInfo(name)
    found.size, found.type, found.linkname = size, kind, link
    return found


def tar_of(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """A tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for head, content in members:
            archive.addfile(head, io.BytesIO(content))
    return out.getvalue()


def holding(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    """A member that is a file."""
    return info(name, len(content)), content


LIST = holding("mylist.xml", ANIDB)
TAR = tar_of(LIST)
TAR_OF_TWO = tar_of(LIST, holding("b.xml", ANIDB))


def headed(offset: int, value: bytes, *, is_summed: bool = True) -> bytes:
    """A tar archive with another value in the head of its member, its checksum made to fit or left alone."""
    head = bytearray(TAR[:512])
    head[offset : offset + len(value)] = value
    if is_summed:
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + TAR[512:]


DAMAGED_ZIP, DAMAGED_GZIP, DAMAGED_TAR = (
    f"the {kind} is damaged or cut off" for kind in ("zip file", "gzip file", "tar archive")
)
NESTED = "an archive inside an archive; unpack it first"
NOTHING = "There are no files in what you named"

ARCHIVES: Family = {
    # --- zip: cut or damaged -------------------------------------------------------------------------------
    "cut-in-the-content.zip": refused(PLAIN[:80], DAMAGED_ZIP),
    "cut-in-the-directory.zip": refused(PLAIN[: PLAIN.index(CENTRAL) + 20], DAMAGED_ZIP),
    "cut-before-the-end.zip": refused(PLAIN[: PLAIN.index(END)], DAMAGED_ZIP),
    "cut-in-the-end.zip": refused(PLAIN[:-1], DAMAGED_ZIP),
    "cut-to-its-first-letters.zip": refused(LOCAL, DAMAGED_ZIP),
    "content-changed.zip": refused(PLAIN.replace(b",7,", b",9,"), "(Bad CRC-32 for file 'ratings.csv')"),
    "content-scrambled.zip": refused(patched(PACKED, LOCAL, 45, b"\xff" * 20), DAMAGED_ZIP),
    "checksum-wrong.zip": refused(patched(PLAIN, CENTRAL, 16, b"\0\0\0\0"), "Bad CRC-32 for file"),
    "garbage-behind.zip": read(PLAIN + NOISE, "Heat 7"),
    "zeros-behind.zip": read(PLAIN + bytes(600), "Heat 7"),
    "program-before.zip": refused(
        b"MZ\x90\x00" + PLAIN, "this is a program, perhaps with an archive behind it; unpack it and name what is"
    ),
    "answer-of-the-server-before.zip": refused(
        b"HTTP/1.1 200 OK\r\n\r\n" + PLAIN, "neither UTF-8 nor Windows-1252"
    ),
    "two-zips-joined.zip": read(PLAIN + zip_of({"b.csv": ALIEN}), "Alien 9"),
    "page-behind.zip": read(PLAIN + b"<html>504 Gateway Timeout</html>", "Heat 7"),
    "line-ends-converted.zip": refused(PACKED.replace(b"\x03\x04\x14\x00", b"\x03\x04\x14\r\n"), DAMAGED_ZIP),
    "written-as-text.zip": refused(PACKED.decode("latin-1").encode(), DAMAGED_ZIP),
    # --- zip: directories that lie -------------------------------------------------------------------------
    "one-more-in-the-count.zip": read(ending(10, b"\2\0"), "Heat 7"),
    "none-in-the-count.zip": read(ending(8, b"\0\0\0\0"), "Heat 7"),
    "directory-elsewhere.zip": refused(ending(16, b"\xff\xff\0\0"), DAMAGED_ZIP),
    "directory-longer.zip": refused(ending(12, b"\xff\xff\0\0"), DAMAGED_ZIP),
    "on-another-disk.zip": read(ending(4, b"\1\0\1\0"), "Heat 7"),
    "sixty-four-bits-without.zip": refused(ending(16, b"\xff\xff\xff\xff"), DAMAGED_ZIP),
    "comment-longer.zip": read(ending(20, b"\xff\xff"), "Heat 7"),
    "member-elsewhere.zip": refused(patched(PLAIN, CENTRAL, 42, b"\7\0\0\0"), "Bad magic number for file header"),
    "member-behind-the-end.zip": refused(patched(PLAIN, CENTRAL, 42, b"\xff\xff\xff\x7f"), DAMAGED_ZIP),
    "named-otherwise-inside.zip": refused(patched(PLAIN, LOCAL, 30, b"x"), "File name in directory"),
    "larger-than-it-is.zip": read(claiming_sizes(PACKED, 999_999), "Heat 7"),
    "smaller-than-it-is.zip": refused(claiming_sizes(PACKED, 60), DAMAGED_ZIP),
    "all-in-one-place.zip": refused(overlapping(HEAT, 3), DAMAGED_ZIP),
    "of-the-future.zip": refused(patched(PLAIN, CENTRAL, 6, b"\xff\0"), DAMAGED_ZIP),
    "dated-the-zeroth.zip": read(patched(PLAIN, CENTRAL, 12, b"\0\0\0\0"), "Heat 7"),
    "extra-field-in-the-end.zip": read(patched(PLAIN, CENTRAL, 30, b"\4\0"), "Heat 7"),
    # --- zip: locked or packed otherwise -------------------------------------------------------------------
    "locked.zip": refused(
        claiming_encryption(PLAIN), "ratings.csv: is encrypted; unpack the zip with its password"
    ),
    "locked-by-aes.zip": refused(claiming_encryption(packed_as(99)), "is encrypted; unpack the zip"),
    "packed-by-deflate64.zip": refused(packed_as(9), "is packed in an unusual way; unpack the zip first"),
    "packed-by-bzip2.zip": refused(zip_of({"a.csv": HEAT}, zipfile.ZIP_BZIP2), "is packed in an unusual way"),
    "packed-by-lzma.zip": refused(zip_of({"a.csv": HEAT}, zipfile.ZIP_LZMA), "is packed in an unusual way"),
    "packed-by-nobody.zip": refused(packed_as(0x7FFF), "is packed in an unusual way"),
    "stored-but-said-deflated.zip": refused(packed_as(DEFLATED), DAMAGED_ZIP),
    # --- zip: names ----------------------------------------------------------------------------------------
    "climbs-out.zip": read(zip_of({"../../ratings.csv": HEAT}), "Heat 7"),
    "from-the-root.zip": read(zip_of({"/etc/ratings.csv": HEAT}), "Heat 7"),
    "on-a-drive.zip": read(zip_of({"C:\\ratings.csv": HEAT}), "Heat 7"),
    "climbs-out-backwards.zip": read(zip_of({"..\\..\\ratings.csv": HEAT}), "Heat 7"),
    "name-without-end-and-spoiled.zip": refused(
        zip_of({"a" * 9_000 + ".csv": HEAT}, STORED).replace(b"Heat", b"Help"),
        f"/{'a' * 496}.csv: the zip file is damaged",
    ),
    "name-of-nothing.zip": refused(renamed(b"\0"), "(a file without a name); download it again"),
    "name-with-a-zero.zip": read(renamed(b"ratings.csv\0.exe"), "Heat 7"),
    "name-of-dots.zip": refused(zip_of({"..": HEAT, ".": ALIEN}), "(a file without a name); download it again"),
    "name-without-end.zip": read(zip_of({"a" * 9_000 + ".csv": HEAT}), "Heat 7"),
    "name-with-an-escape.zip": read(zip_of({"\x1b[31mratings\u202e.csv": HEAT}), "Heat 7"),
    "name-of-another-century.zip": read(renamed(b"\x81\x8d\x8f.csv"), "Heat 7"),
    "name-in-broken-utf-8.zip": refused(
        patched(patched(renamed(b"\xff\xfe\xfd.csv"), LOCAL, 6, b"\0\x08"), CENTRAL, 8, b"\0\x08"), DAMAGED_ZIP
    ),
    "name-twice.zip": refused(TWO.replace(b"b.csv", b"a.csv"), "a.csv: stands twice in the zip"),
    "name-twice-but-for-case.zip": read(zip_of({"a.csv": HEAT, "A.csv": ALIEN}), "Alien 9; Heat 7"),
    "folder-and-file-of-one-name.zip": read(zip_of({"a.csv/b.csv": HEAT, "a.csv": ALIEN}), "Alien 9; Heat 7"),
    "folder-with-content.zip": refused(zip_of({"ratings.csv/": HEAT}), NOTHING),
    # --- zip: what lies in it ------------------------------------------------------------------------------
    "nothing.zip": refused(zip_of({}), NOTHING),
    "folders-alone.zip": refused(zip_of({"letterboxd/": b"", "letterboxd/lists/": b""}), NOTHING),
    "shadows-alone.zip": refused(zip_of({"__MACOSX/._ratings.csv": b"\0\5", ".DS_Store": b"\0"}), NOTHING),
    "zip-in-a-zip.zip": refused(zip_of({"export.zip": PACKED}), NESTED),
    "zip-beside-a-list.zip": read(zip_of({"export.zip": PACKED, "b.csv": ALIEN}), "Alien 9"),
    "tar-in-a-zip.zip": refused(zip_of({"export.tar": TAR}), NESTED),
    "workbook-in-a-zip.zip": refused(
        zip_of({"ratings.xlsx": zip_of({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})}),
        "this is an Excel workbook",
    ),
    "workbook-cut.csv": refused(
        zip_of({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})[:-9], DAMAGED_ZIP
    ),
    "list-of-nothing-in-a-zip.zip": refused(zip_of({"ratings.csv": b""}), "ratings.csv: the file is empty"),
    "ratings-cut-beside-sound-ones.zip": refused(
        zip_of({"ratings.csv": IMDB + b'tt0078748,9,2019-05-04,"Ali', "b.csv": HEAT}),
        "a quote opened here is never closed",
    ),
    "picture-beside-a-list.zip": read(
        zip_of({"poster.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF", "b.csv": HEAT}), "Heat 7"
    ),
    "letter-beside-a-list.zip": read(
        zip_of({"readme.txt": b"Dear friend,\nhere it is.\n", "b.csv": HEAT}), "Heat 7"
    ),
    "letterboxd-without-ratings.zip": refused(
        zip_of({"watched.csv": WATCHED, "profile.csv": b""}), "No ratings were found in what you named"
    ),
    "letterboxd-with-its-deleted-alone.zip": refused(
        zip_of({"deleted/ratings.csv": LETTERBOXD}), "No ratings were found in what you named"
    ),
    "letterboxd-ratings-cut.zip": read(zip_of({"ratings.csv": LETTERBOXD[:-8], "watched.csv": WATCHED}), "bad-row"),
    "trakt-with-one-file-cut.zip": refused(
        zip_of({"ratings-movies.json": TRAKT, "ratings-shows.json": TRAKT[:60]}),
        "ratings-shows.json:1: not complete",
    ),
    "trakt-with-another-file-cut.zip": read(
        zip_of({"ratings-movies.json": TRAKT, "watched-shows.json": TRAKT[:60]}), "Heat 7"
    ),
    "same-list-twice.zip": read(zip_of({"a.csv": HEAT, "b.csv": HEAT}), "Heat 7 duplicate; Heat 7"),
    # --- gz ------------------------------------------------------------------------------------------------
    "cut-in-the-head.xml.gz": refused(GZ[:6], DAMAGED_GZIP),
    "cut-in-the-content.xml.gz": refused(GZ[:100], DAMAGED_GZIP),
    "cut-in-the-checksum.xml.gz": refused(GZ[:-5], DAMAGED_GZIP),
    "cut-in-the-length.xml.gz": refused(GZ[:-1], DAMAGED_GZIP),
    "checksum-wrong.xml.gz": refused(GZ[:-8] + b"\0\0\0\0" + GZ[-4:], "(CRC check failed"),
    "length-wrong.xml.gz": refused(GZ[:-4] + b"\1\0\0\0", "(Incorrect length of data produced"),
    "content-scrambled.xml.gz": refused(GZ[:40] + b"\xff" * 20 + GZ[60:], DAMAGED_GZIP),
    "garbage-behind.xml.gz": refused(GZ + b"done.", "(Not a gzipped file"),
    "zeros-behind.xml.gz": read(GZ + bytes(600), "Akira 7"),
    "second-part-cut.xml.gz": refused(GZ + GZ[:30], DAMAGED_GZIP),
    "two-lists-joined.csv.gz": read(gzip.compress(HEAT) + gzip.compress(ALIEN), "Heat 7; Title bad-score; Alien 9"),
    "packed-by-nobody.xml.gz": refused(GZ[:2] + b"\7" + GZ[3:], "(Unknown compression method"),
    "all-flags-set.xml.gz": refused(GZ[:3] + b"\xff" + GZ[4:], DAMAGED_GZIP),
    "name-climbs-out.xml.gz": read(GZ[:3] + b"\x08" + GZ[4:10] + b"../../../tmp/x\0" + GZ[10:], "Akira 7"),
    "name-never-ends.xml.gz": refused(GZ[:3] + b"\x08" + GZ[4:10] + b"x" * 50, DAMAGED_GZIP),
    "nothing.xml.gz": refused(gzip.compress(b""), "the file is empty"),
    "gz-in-a-gz.xml.gz": refused(gzip.compress(GZ), NESTED),
    "zip-in-a-gz.gz": refused(gzip.compress(PACKED), NESTED),
    "not-packed-at-all.xml.gz": read(MAL, "Akira 7"),
    "zlib-and-no-gz.xml.gz": refused(zlib.compress(MAL), "--encoding"),
    "page-for-a-list.xml.gz": refused(
        gzip.compress(b"<html><body>Sign in</body></html>"), "the page holds no table"
    ),
    "list-cut-and-packed.xml.gz": refused(gzip.compress(MAL[:200]), "not complete XML"),
    # --- tar -----------------------------------------------------------------------------------------------
    "cut-in-the-head.tar": refused(TAR[:300], DAMAGED_TAR),
    "cut-in-the-second-head.tar": refused(TAR_OF_TWO[:1_300], DAMAGED_TAR),
    "cut-before-the-second-head.tar": refused(TAR_OF_TWO[:1_024], DAMAGED_TAR),
    "second-checksum-wrong.tar": refused(TAR_OF_TWO[:1_024] + b"x" + TAR_OF_TWO[1_025:], DAMAGED_TAR),
    "cut-in-the-content.tar": refused(TAR[:600], DAMAGED_TAR),
    "garbage-behind.tar": read(TAR + NOISE, "Akira 7"),
    "checksum-wrong.tar": refused(headed(0, b"x", is_summed=False), DAMAGED_TAR),
    "checksum-of-letters.tar": refused(headed(148, b"abcdefgh", is_summed=False), DAMAGED_TAR),
    "size-of-letters.tar": refused(headed(124, b"abcdefghijk"), DAMAGED_TAR),
    "size-below-zero.tar": refused(headed(124, b"\xff" * 12), DAMAGED_TAR),
    "larger-than-it-is.tar": refused(headed(124, b"00000777777"), DAMAGED_TAR),
    "smaller-than-it-is.tar": refused(headed(124, b"00000000100"), "not complete XML"),
    "climbs-out.tar": read(tar_of(holding("../../mylist.xml", ANIDB)), "Akira 7"),
    "from-the-root.tar": read(tar_of(holding("/etc/mylist.xml", ANIDB)), "Akira 7"),
    "link-to-the-secret.tar": refused(
        tar_of((info("mylist.xml", kind=tarfile.SYMTYPE, link="/etc/passwd"), b"")), NOTHING
    ),
    "link-to-nothing.tar": refused(
        tar_of((info("mylist.xml", kind=tarfile.LNKTYPE, link="gone.xml"), b"")), NOTHING
    ),
    "link-to-itself.tar": refused(
        tar_of((info("mylist.xml", kind=tarfile.LNKTYPE, link="mylist.xml"), b"")), NOTHING
    ),
    "device.tar": refused(tar_of((info("mylist.xml", kind=tarfile.CHRTYPE), b"")), NOTHING),
    "pipe.tar": refused(tar_of((info("mylist.xml", kind=tarfile.FIFOTYPE), b"")), NOTHING),
    "links-beside-a-list.tar": read(
        tar_of((info("a.xml", kind=tarfile.SYMTYPE, link="/etc/passwd"), b""), LIST), "Akira 7"
    ),
    "name-twice.tar": read(tar_of(LIST, LIST), "Akira 7 duplicate; Akira 7"),
    "name-without-end.tar": read(tar_of(holding("a" * 3_000 + ".xml", ANIDB), form=tarfile.GNU_FORMAT), "Akira 7"),
    "long-name-cut.tar": refused(
        tar_of(holding("a" * 3_000 + ".xml", ANIDB), form=tarfile.GNU_FORMAT)[:2_048], DAMAGED_TAR
    ),
    "further-facts-broken.tar": read(
        tar_of(holding("é" * 80 + ".xml", ANIDB), form=tarfile.PAX_FORMAT).replace(b" path=", b" path~"), "Akira 7"
    ),
    "nothing.tar": refused(tar_of(), "not an export that rateport knows"),
    "folders-alone.tar": refused(tar_of((info("mylist", kind=tarfile.DIRTYPE), b"")), NOTHING),
    "tar-in-a-tar.tar": refused(tar_of(holding("mylist.tar", TAR)), NESTED),
    "zip-in-a-tar.tar": refused(tar_of(holding("mylist.zip", PACKED)), NESTED),
    "cut.tgz": refused(gzip.compress(TAR)[:-12], DAMAGED_GZIP),
    "tar-cut-and-packed.tgz": refused(gzip.compress(TAR[:600]), DAMAGED_TAR),
    "garbage-behind.tgz": refused(gzip.compress(TAR) + b"done.", DAMAGED_GZIP),
    "packed-twice.tgz": refused(gzip.compress(gzip.compress(TAR)), NESTED),
    "packed-by-bzip2.tgz": refused(bz2.compress(TAR), "an archive packed with xz, bzip2 or zstd; unpack it"),
    "packed-by-xz.tgz": refused(lzma.compress(TAR), "an archive packed with xz, bzip2 or zstd; unpack it"),
    # --- others --------------------------------------------------------------------------------------------
    "seven-and-cut.7z": refused(
        b"7z\xbc\xaf\x27\x1c\0\4", "this is a 7z archive; unpack it and name what is inside"
    ),
    "rar-called-zip.zip": refused(
        b"Rar!\x1a\x07\x01\x00" + NOISE, "this is a RAR archive; unpack it and name what"
    ),
}
