"""Which export a file is, by its content alone: one answer, or an error that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from importer.adapter import Adapter, Document, Evidence, Medium, Record, Shape
from importer.intake.identify import Ignored, Unidentified, claims, identify
from importer.intake.outline import Outline, outline
from importer.vocabulary.errors import ConfigError, InputError


def nothing(document: Document, shape: Shape) -> Iterator[Record]:
    """No records: here only the identification counts."""
    del document, shape
    return iter(())


def shape(name: str, required: str, medium: Medium = Medium.TABLE, **more: object) -> Shape:
    """A shape that requires these marks, which are separated by commas."""
    plain = Shape(name=name, medium=medium, suffixes=(), required=frozenset(filter(None, required.split(","))))
    changes = {key: frozenset(marks.split(",")) for key, marks in more.items() if isinstance(marks, str)}
    return replace(plain, **{**more, **changes})  # type: ignore[arg-type]


def source(name: str, *shapes: Shape, ignored: str = "") -> Adapter:
    """A source with these shapes."""
    return Adapter(
        name=name,
        title=name.title(),
        shapes=shapes,
        parse=nothing,
        evidence=Evidence.RECONSTRUCTED,
        help="Nowhere.",
        ignored_folders=frozenset(filter(None, [ignored])),
    )


def table(header: str, name: str = "export.csv", path: str = "") -> Document:
    """A table with this header and one row."""
    width = header.count(",") + 1
    return Document(name, f"{header}\n{','.join('1' * width)}\n".encode(), path)


def told(document: Document, *sources: Adapter, forced: str | None = None) -> str:
    """SOURCE:SHAPE of the document."""
    return identify(document, sources, forced).word


RATINGS = source("films", shape("ratings", "title,score"))
DIARY = source("diary", shape("entries", "title,score,watched"))


# --- what a document looks like ---------------------------------------------------------------------------


def test_the_marks_of_a_table_are_its_columns() -> None:
    """Lower case, without the nameless ones."""
    assert outline(table("Title,Your  Rating,,")) == Outline(Medium.TABLE, frozenset({"title", "your rating"}))


def test_the_marks_of_json_are_its_key_paths() -> None:
    """Through lists and objects, from the first records to the last, up to a depth."""
    document = Document("x", b' {"movies": [{"ids": {"imdb": "x"}}, {"rating": 8}], "n": null}')
    assert outline(document) == Outline(
        Medium.JSON,
        frozenset({"movies", "movies[]", "movies[].ids", "movies[].ids.imdb", "movies[].rating", "n"}),
    )


def test_the_marks_of_a_bare_list_begin_with_brackets() -> None:
    """Also of a list of lists, and of an empty one."""
    assert outline(Document("x", b'[{"a": 1}]')).marks == {"[]", "[].a"}
    assert outline(Document("x", b'[[{"a": 1}]]')).marks == {"[]", "[][]", "[][].a"}
    assert outline(Document("x", b"[]")).marks == {"[]"}


def test_json_is_looked_into_to_a_depth() -> None:
    """Deeper than any source puts its records."""
    marks = outline(Document("x", ('{"a":' * 20 + "1" + "}" * 20).encode())).marks
    assert max(mark.count("a") for mark in marks) == 8


def test_only_the_first_records_of_a_long_list_are_looked_at() -> None:
    """A million records are told by the first two hundred."""
    items = ",".join(['{"a": 1}'] * 200 + ['{"late": 1}'])
    assert outline(Document("x", f"[{items}]".encode())).marks == {"[]", "[].a"}


def test_the_marks_of_xml_are_its_paths_and_attributes() -> None:
    """From the root down, and by their last two names."""
    assert outline(Document("x", b'\xef\xbb\xbf\n<a><b id="1">x</b></a>')) == Outline(
        Medium.XML, frozenset({"a", "a/b", "a/b/@id", "//a", "//a/b", "//b/@id"})
    )


def test_the_medium_is_told_by_the_content() -> None:
    """A name may say anything."""
    assert outline(Document("x.json", b"a,b\n1,2\n")).medium is Medium.TABLE
    assert outline(Document("x.csv", b"[]")).medium is Medium.JSON
    assert outline(Document("x.csv", b"<a/>")).medium is Medium.XML


def test_the_outline_is_made_once() -> None:
    """Every adapter asks for it."""
    document = table("a,b")
    assert outline(document) is outline(document)


@pytest.mark.parametrize("data", [b"", b"\n\n", b'{"a": ', b"<a><b>", b'"a,b\n1,2\n', b"a,a\n1,2\n"])
def test_what_cannot_be_read_has_no_outline(data: bytes) -> None:
    """The reader's own complaint is the answer."""
    with pytest.raises(InputError, match=r"^x\.csv"):
        outline(Document("x.csv", data))


# --- which one --------------------------------------------------------------------------------------------


def test_one_shape_that_fits_is_the_answer() -> None:
    """Columns may stand in any order and any case, and more may be there."""
    assert told(table("score,Title"), RATINGS, DIARY) == "films:ratings"
    assert told(table("Title,Score,Watched"), RATINGS, DIARY) == "diary:entries"
    assert told(table("Title,Score,Something new"), RATINGS, DIARY) == "films:ratings"


def test_a_missing_column_is_not_forgiven() -> None:
    """A renamed column is another file."""
    assert claims(table("title,stars"), [RATINGS]) == []


def test_a_forbidden_column_excludes() -> None:
    """Twins are told apart by what only one of them has."""
    plain = source("plain", shape("ratings", "title,score", forbidden="watched"))
    assert told(table("title,score"), plain) == "plain:ratings"
    assert claims(table("title,score,watched"), [plain]) == []


def test_one_of_several_columns_may_do() -> None:
    """Where a source names its column in many ways, one of them must be there."""
    loose = source("loose", shape("ratings", "title", any_of="score,stars"))
    assert told(table("title,stars"), loose) == "loose:ratings"
    assert told(table("title,stars,score"), loose) == "loose:ratings"
    assert claims(table("title,points"), [loose]) == []


def test_an_exact_header_outranks_a_superset() -> None:
    """Who knows every column knows better than who needs more of them."""
    exact = source("exact", shape("ratings", "title,score", optional="year,imdb"))
    loose = source("loose", shape("ratings", "title,score,year"))
    assert told(table("title,score,year,imdb"), exact, loose) == "exact:ratings"
    assert told(table("title,score,year,imdb,more"), exact, loose) == "loose:ratings"


def test_more_required_columns_outrank_fewer() -> None:
    """The more particular shape wins among equals."""
    assert told(table("title,score,watched,x"), RATINGS, DIARY) == "diary:entries"


def test_the_file_name_only_breaks_a_tie() -> None:
    """It never makes a file what its content is not."""
    named = source("named", shape("a", "title,score", file_names=("ratings",)), shape("b", "title,score"))
    assert told(table("title,score", "My-Ratings (2).CSV"), named) == "named:a"
    assert told(table("title,score,watched", "ratings.csv"), named, DIARY) == "diary:entries"


def test_media_are_kept_apart() -> None:
    """A table has no key paths."""
    tree = source("tree", shape("list", "title,score", Medium.JSON))
    assert told(table("title,score"), tree, RATINGS) == "films:ratings"
    assert told(Document("x", b'{"title": "x", "score": 1}'), tree, RATINGS) == "tree:list"


def test_a_tie_is_an_error_that_names_the_candidates() -> None:
    """Nobody guesses between two sources."""
    twin = source("again", shape("ratings", "title,score"))
    assert len(claims(table("title,score"), [RATINGS, twin])) == 2
    with pytest.raises(
        Unidentified, match=r"^export\.csv: fits again:ratings, films:ratings alike; say which with --source\.$"
    ):
        told(table("title,score"), RATINGS, twin)


def test_an_unknown_file_says_so() -> None:
    """And where to look."""
    with pytest.raises(Unidentified, match=r"^export\.csv: not an export that rateport knows; 'rateport sources'"):
        told(table("one,two"), RATINGS, DIARY)


def test_the_nearest_shape_is_named_with_what_is_missing_and_what_is_more() -> None:
    """So that a renamed column is seen at once."""
    with pytest.raises(Unidentified) as caught:
        told(table("title,your score,watched"), RATINGS, DIARY)
    assert str(caught.value) == (
        "export.csv: not recognised; the nearest is diary:entries, which also needs 'score', "
        "here there is also 'your score'. 'rateport sources' lists what rateport reads."
    )


def test_a_column_in_the_way_is_named() -> None:
    """When nothing is missing, something forbids."""
    plain = source("plain", shape("ratings", "title,score", forbidden="watched", any_of="year,imdb"))
    with pytest.raises(Unidentified) as caught:
        told(table("title,score,watched"), plain)
    assert "the nearest is plain:ratings, which never has 'watched', which also needs one of 'imdb', 'year'" in str(
        caught.value
    )


def test_long_lists_of_columns_are_cut_short() -> None:
    """A message stays a message."""
    header = "title," + ",".join(f"c{number:02}" for number in range(20))
    with pytest.raises(Unidentified, match=r"here there is also 'c00', 'c01', .* 'c05' and 14 more\."):
        told(table(header), RATINGS)


# --- told by the person -----------------------------------------------------------------------------------


def test_the_person_decides_a_tie() -> None:
    """SOURCE, or SOURCE:SHAPE."""
    twin = source("again", shape("ratings", "title,score"), shape("other", "title,score"))
    assert told(table("title,score"), RATINGS, twin, forced="films") == "films:ratings"
    assert told(table("title,score"), RATINGS, twin, forced="again:other") == "again:other"


def test_the_person_can_prefer_a_weaker_shape() -> None:
    """A diary can be read as plain ratings."""
    assert told(table("title,score,watched"), RATINGS, DIARY, forced="films") == "films:ratings"


def test_what_the_person_says_is_still_checked() -> None:
    """A file without the columns is not read as if it had them."""
    with pytest.raises(Unidentified, match=r"the nearest is diary:entries, which also needs 'watched'"):
        told(table("title,score"), RATINGS, DIARY, forced="diary")
    with pytest.raises(Unidentified, match="fits again:a, again:b alike"):
        told(table("title,score"), source("again", shape("a", "title"), shape("b", "score")), forced="again")


@pytest.mark.parametrize(
    ("forced", "complaint"),
    [
        ("film", r"^--source film: no such source; 'rateport sources' lists them\.$"),
        ("films:diary", r"^--source films:diary: Films has the shapes ratings\.$"),
    ],
)
def test_a_source_that_there_is_not_is_a_usage_error(forced: str, complaint: str) -> None:
    """The message says what there is."""
    with pytest.raises(ConfigError, match=complaint):
        told(table("title,score"), RATINGS, DIARY, forced=forced)


# --- set aside --------------------------------------------------------------------------------------------


def test_a_folder_that_the_source_sets_aside_is_ignored() -> None:
    """Deleted entries look like all others but for where they lie."""
    boxed = source("boxed", shape("ratings", "title,score"), ignored="deleted")
    deleted = table("title,score", "/x/export.zip/user/Deleted/ratings.csv", "user/Deleted/ratings.csv")
    with pytest.raises(Ignored, match=r"Deleted/ratings\.csv: set aside by Boxed itself\.$"):
        told(deleted, boxed)
    assert told(deleted, RATINGS) == "films:ratings"
    assert told(table("title,score", "/deleted/ratings.csv"), boxed) == "boxed:ratings"
