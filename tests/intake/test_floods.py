"""Files of very many tiny parts are refused with a sentence, before they take the memory of the machine."""

from __future__ import annotations

import pytest

from importer.intake import floods
from importer.intake.cellrow import Cells
from importer.intake.documents import Document
from importer.intake.outline import outline
from importer.intake.readers import each_row
from importer.vocabulary.errors import InputError
from importer.vocabulary.records import Locator, Record, Reject

MIB = 1024 * 1024


def refusal(text: str) -> str:
    """What is said of a file of this text; empty when it is looked at."""
    try:
        outline(Document("x", text.encode()))
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a,b\n" + "1,2\n" * 2_000_000,
            "x: over 2,000,000 lines; no export holds so many, so the file is damaged.",
        ),
        ("a,b\n" + "1" * (4 * MIB + 1), "x: a line of more than 2 MiB; no export holds one."),
        ("[" + "{}," * 1_000_000 + "{}]", "x: over 1,000,000 lists and objects; no export"),
        ('["' + "a" * (MIB + 1) + '"]', "x: a text, or a run of numbers, of more than 1 MiB; no export holds one."),
        ("<a><b>" + "a" * (MIB + 1) + "</b></a>", "x: a text or a tag of more than 1 MiB; no export holds one."),
        ("<a " + "b='1' " * 200_000 + "/>", "x: a text or a tag of more than 1 MiB; no export holds one."),
        (
            "<a>" + "".join(f"<b{n}/>" for n in range(20_001)) + "</a>",
            "x: over 20,000 kinds of elements; no export",
        ),
        ("<html>" + "<a b=c " * 20_000, "x: over 100 tags that are never closed; no export"),
        ("<html>" + "<" * 2_000_001, "x: over 2,000,000 tags; no export holds so many, so the file is damaged."),
    ],
    ids=["lines", "line", "objects", "text", "element", "attributes", "names", "open", "tags"],
)
def test_a_flood_is_refused_with_a_sentence(text: str, said: str) -> None:
    """Each limit has its own."""
    assert refusal(text).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n" + "1,2\n" * 100_000,
        "a,b\n" + "1" * MIB + ",2\n",
        '[{"title":"' + "a" * (MIB - 20) + '"}]',
        "<a><b>" + "a" * (MIB - 20) + "</b></a>",
        "["
        + '{"movie":{"title":"Heat","year":1995,"ids":{"imdb":"tt0113277","tmdb":949}},"rating":9},' * 90_000
        + "{}]",
    ],
    ids=["lines", "cell", "text", "element", "objects"],
)
def test_large_is_no_flood(text: str) -> None:
    """What a very long export holds is looked at."""
    assert refusal(text) == ""


def test_a_table_of_bad_rows_is_no_table() -> None:
    """Each of them would take 1,400 bytes; a hundred thousand are told one by one."""

    def convert(locator: Locator, cells: Cells) -> Record:
        return Reject(locator=locator)

    rows = each_row(Document("x", b"a,b\n" + b"1\n" * 100_001), convert)
    with pytest.raises(InputError, match=r"^x: over 100,000 rows that are not built like the header"):
        list(rows)
    assert len(list(each_row(Document("x", b"a,b\n" + b"1\n" * floods.BAD_ROWS), convert))) == 100_000


@pytest.mark.timeout(20)
def test_twins_are_found_in_one_look() -> None:
    """Among 200,000 columns or keys, the last of which stands twice: comparing each with each took hours."""
    names = [f"c{number}" for number in range(200_000)]
    assert "the column 'c199999' stands twice" in refusal(",".join([*names, names[-1]]) + "\n")
    keys = ",".join(f'"{name}":1' for name in [*names, names[-1]])
    assert "the key 'c199999' stands twice in one object" in refusal(f"{{{keys}}}")
