"""The strict readers of JSON and XML: numbers keep their spelling, and damage is told by its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.adapter import (
    Cells,
    Code,
    Document,
    Locator,
    Record,
    Reject,
    dig,
    each_branch,
    each_element,
    each_item,
    first_element,
    text_of,
    value_at,
)
from importer.intake import readers
from importer.intake.elements import xml_paths
from importer.intake.readers import json_of
from importer.vocabulary.errors import InputError


def document(text: str) -> Document:
    """A file with this text."""
    return Document("x.json", text.encode())


def items(text: str, path: str) -> list[tuple[str, Any]]:
    """Every element of the list at `path` with where it stands; a bad row by its detail."""
    found: list[tuple[str, Any]] = []

    def convert(locator: Locator, item: Any) -> Record:
        found.append((str(locator), item))
        return Reject(locator=locator, code=Code.UNRATED)

    for record in each_item(document(text), path, convert):
        assert isinstance(record, Reject)
        if record.code is Code.BAD_ROW:
            found.append((str(record.locator), record.detail))
    return found


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def streamed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test with this runs on both readers; the large file's limit is set below any text."""
    if request.param:
        monkeypatch.setattr(readers, "STREAM_BYTES", 0)


@pytest.mark.usefixtures("streamed")
class TestLists:
    """Lists are found wherever a source puts them, in small files and in large ones alike."""

    def test_a_bare_list(self) -> None:
        """Items are numbered from 1."""
        assert items('[{"a": 1}, {"a": 2}]', "[]") == [("item[1]", {"a": "1"}), ("item[2]", {"a": "2"})]

    def test_a_list_under_a_key(self) -> None:
        """The key is part of where an item stands."""
        assert items('{"x": 0, "movies": [{"a": 1}]}', "movies[]") == [("movies[1]", {"a": "1"})]

    def test_a_list_under_two_keys(self) -> None:
        """As deep as the source has it."""
        assert items('{"data": {"list": [{"a": "b"}]}}', "data.list[]") == [("data.list[1]", {"a": "b"})]

    def test_lists_in_lists(self) -> None:
        """They are numbered through."""
        text = '{"lists": [{"entries": [{"a": 1}, {"a": 2}]}, {"entries": []}, {"entries": [{"a": 3}]}]}'
        assert items(text, "lists[].entries[]") == [
            ("lists[].entries[1]", {"a": "1"}),
            ("lists[].entries[2]", {"a": "2"}),
            ("lists[].entries[3]", {"a": "3"}),
        ]
        assert items('[[{"a": 1}], [{"a": 2}]]', "[].[]") == [("[].[1]", {"a": "1"}), ("[].[2]", {"a": "2"})]

    @pytest.mark.parametrize("text", ["{}", '{"movies": null}', '{"movies": []}', '{"shows": [{}]}'])
    def test_no_list_is_no_records(self, text: str) -> None:
        """A source leaves out what is empty."""
        assert items(text, "movies[]") == []

    def test_an_item_that_is_no_object_is_a_bad_row(self) -> None:
        """It is counted and reported, whatever it is."""
        found = items('[{"a": 1}, 7, "x", null, [1], true]', "[]")
        assert found[0] == ("item[1]", {"a": "1"})
        assert found[1:] == [(f"item[{number}]", "not a JSON object") for number in range(2, 7)]

    @pytest.mark.parametrize(
        "number", ["8", "8.5", "8.50", "0.1", "-1", "12345678901234567890", "9007199254740993.25"]
    )
    def test_numbers_are_the_text_of_the_file(self, number: str) -> None:
        """No score and no id is rounded on the way in."""
        assert items(f'[{{"a": {number}}}]', "[]") == [("item[1]", {"a": number})]

    def test_other_values_stay_what_they_are(self) -> None:
        """Only numbers become text."""
        (found,) = items('[{"a": null, "b": true, "c": "8", "d": [1, {"e": 2.0}]}]', "[]")
        assert found[1] == {"a": None, "b": True, "c": "8", "d": ["1", {"e": "2.0"}]}

    @pytest.mark.parametrize("escaped", ["\\ud83d", "\\udca5", "\\udca5\\ud83d"])
    def test_half_a_letter_is_marked(self, escaped: str) -> None:
        """A lone surrogate could be neither stored nor sent; the rest of the title stays."""
        (found,) = items(f'[{{"title": "Bad {escaped} title"}}]', "[]")
        found[1]["title"].encode("utf-8")
        assert found[1]["title"].replace("\ufffd", "") == "Bad  title"

    def test_escaped_letters_are_letters(self) -> None:
        """Emoji and accents may be escaped; a backslash may be itself."""
        (found,) = items(r'[{"title": "\ud83d\udca5 Am\u00e9lie \\ud83d"}]', "[]")
        assert found[1]["title"] == "💥 Amélie \\ud83d"

    @pytest.mark.parametrize(
        "text", ["", "[", '[{"a": 1}', '[{"a": 1},', '{"movies": [{"a": 1}]', '[{"a" 1}]', "[}"]
    )
    def test_damage_is_an_error(self, text: str) -> None:
        """A file that was cut off is never half an export."""
        with pytest.raises(InputError, match=r"^x\.json"):
            items(text, "[]")
            items(text, "movies[]")

    def test_a_value_beside_the_list(self) -> None:
        """Facts of the file that adapters ask for."""
        text = '{"user": {"name": "x", "format": 3}, "list": []}'
        assert value_at(document(text), "user.format") == "3"
        assert value_at(document(text), "user.none") is None
        assert value_at(document(text), "user.name.deeper") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[{"a": 1},\n{"a": ', r"^x\.json:2: not complete JSON \(.*\); the file is cut off or damaged\.$"),
        ('[{"a": NaN}]', r"^x\.json: not valid JSON: NaN is not JSON\.$"),
        ('[{"a": -Infinity}]', r"-Infinity is not JSON"),
        ('[{"a": 1, "b": 2, "a": 3}]', r"^x\.json: not valid JSON: the key 'a' stands twice in one object\.$"),
        ("[" * 100_000, r"^x\.json: the JSON is nested too deep for any export\.$"),
        ('{"a": [] } trailing', r"^x\.json:1: not complete JSON \(Extra data\)"),
    ],
)
def test_what_is_not_strict_json_is_refused(text: str, complaint: str) -> None:
    """The message says where and why."""
    with pytest.raises(InputError, match=complaint):
        json_of(document(text))


def test_the_file_is_parsed_once() -> None:
    """Identification and reading share the work."""
    found = document("[1]")
    assert json_of(found) is json_of(found)


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda deeper: st.lists(deeper), max_leaves=8))
def test_json_round_trips(value: Any) -> None:
    """Every document without numbers reads as what was written."""
    assert json_of(document(json.dumps([value], ensure_ascii=False))) == [value]


@pytest.mark.parametrize(
    ("value", "keys", "found"),
    [
        ({"a": {"b": "c"}}, ("a", "b"), "c"),
        ({"a": {"b": "c"}}, ("a", "x"), None),
        ({"a": None}, ("a", "b"), None),
        ({"a": "text"}, ("a", "b"), None),
        ([1], ("a",), None),
        ({"a": 1}, (), {"a": 1}),
    ],
)
def test_dig_stops_where_nothing_is(value: Any, keys: tuple[str, ...], found: Any) -> None:
    """A missing or null object on the way reads as nothing."""
    assert dig(value, *keys) == found


@pytest.mark.parametrize(("value", "text"), [("8", "8"), (None, ""), (True, ""), ([], ""), ({}, "")])
def test_only_texts_and_numbers_have_a_text(value: Any, text: str) -> None:
    """true is not a score."""
    assert text_of(value) == text


# --- XML --------------------------------------------------------------------------------------------------

MAL = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- made for a test -->
<myanimelist>
  <myinfo><user_name>someone</user_name></myinfo>
  <anime id="1">
    <series_title><![CDATA[Cowboy Bebop]]></series_title>
    <my_score> 9 </my_score>
    <my_score>7</my_score>
    <my_tags/>
  </anime>
  <anime><series_title>Amélie &amp; &lt;co&gt;</series_title></anime>
</myanimelist>
"""


def elements(text: str, path: str) -> list[tuple[str, dict[str, str]]]:
    """Every element at `path` with where it stands."""
    found: list[tuple[str, dict[str, str]]] = []

    def convert(locator: Locator, cells: Cells) -> Record:
        found.append((str(locator), dict(cells)))
        return Reject(locator=locator, code=Code.UNRATED)

    assert len(list(each_element(Document("x.xml", text.encode()), path, convert))) == len(found)
    return found


def test_elements_come_with_their_children_and_attributes() -> None:
    """Texts are trimmed, the first of twins counts, an empty child is an empty text."""
    assert elements(MAL, "myanimelist/anime") == [
        ("anime[1]", {"@id": "1", "series_title": "Cowboy Bebop", "my_score": "9", "my_tags": ""}),
        ("anime[2]", {"series_title": "Amélie & <co>"}),
    ]


def test_elements_elsewhere_are_left_alone() -> None:
    """The whole path counts, not the name alone."""
    assert elements("<a><b><c>1</c></b><c><b>2</b></c></a>", "a/b") == [("b[1]", {"c": "1"})]
    assert elements(MAL, "myanimelist/manga") == []


def branches(text: str, path: str) -> list[tuple[str, dict[str, Any]]]:
    """Every element at `path` with all below it."""
    found: list[tuple[str, dict[str, Any]]] = []

    def convert(locator: Locator, branch: dict[str, Any]) -> Record:
        found.append((str(locator), branch))
        return Reject(locator=locator, code=Code.UNRATED)

    assert len(list(each_branch(Document("x.xml", text.encode()), path, convert))) == len(found)
    return found


def test_branches_come_with_all_below_them() -> None:
    """Twins stay apart, each with its text and attributes."""
    ids = '<id type="imdb"> tt1 </id><id type="tmdb">2</id>'
    text = f'<lib><movie key="7">{ids}<set><name/></set></movie><movie/></lib>'
    assert branches(text, "lib/movie") == [
        (
            "movie[1]",
            {
                "@key": "7",
                "": "",
                "id": [{"@type": "imdb", "": "tt1"}, {"@type": "tmdb", "": "2"}],
                "set": [{"": "", "name": [{"": ""}]}],
            },
        ),
        ("movie[2]", {"": ""}),
    ]


def test_the_root_can_be_the_record() -> None:
    """A file may hold a single title."""
    assert branches("<movie><title>Alien</title></movie>", "movie") == [
        ("movie[1]", {"": "", "title": [{"": "Alien"}]})
    ]


def test_names_stand_without_their_namespace() -> None:
    """Under whatever prefix and address a writer puts them."""
    text = '<rss xmlns:x="http://example.org/x"><item x:key="7"><x:rating>9</x:rating></item></rss>'
    assert elements(text, "rss/item") == [("item[1]", {"@key": "7", "rating": "9"})]
    assert branches(text, "rss/item") == [("item[1]", {"@key": "7", "": "", "rating": [{"": "9"}]})]
    found = {path for path in xml_paths(Document("x.xml", text.encode())) if not path.startswith("//")}
    assert found == {"rss", "rss/item", "rss/item/@key", "rss/item/rating"}


def test_an_element_is_found_wherever_it_stands() -> None:
    """In formats whose upper half nobody wrote down."""
    text = "<a><x><entry n='1'/></x><entry n='2'><c>3</c></entry></a>"
    assert branches(text, "//entry") == [
        ("entry[1]", {"@n": "1", "": ""}),
        ("entry[2]", {"@n": "2", "": "", "c": [{"": "3"}]}),
    ]


def test_several_roots_are_read_one_after_the_other() -> None:
    """As one of AniDB's templates writes them; a root that is cut off stays an error."""
    text = "<user><n>1</n></user>\n<list><entry id='7'/></list>\n"
    assert branches(text, "list/entry") == [("entry[1]", {"@id": "7", "": ""})]
    assert {"user", "user/n", "list/entry/@id"} < xml_paths(Document("x.xml", text.encode()))
    with pytest.raises(InputError, match="not complete XML"):
        xml_paths(Document("x.xml", text[:-3].encode()))


@pytest.mark.parametrize(("text", "words"), [
    ("<!-- Exported by Taiga at 1 --><a/>", {"<!--exported", "<!--taiga"}),
    ("<?xml version='1.0'?>\n<!--\nLiveChart.me\n-->\n<a><!-- inside --></a>", {"<!--livechart"}),
    ("<a/><!-- behind -->", set()),
])  # fmt: skip
def test_a_writer_names_itself_before_the_root(text: str, words: set[str]) -> None:
    """Words of three letters and more; what stands behind or inside names no writer."""
    assert {path for path in xml_paths(Document("x.xml", text.encode())) if path.startswith("<!--")} == words


def test_a_template_is_told_from_a_damaged_export() -> None:
    """AniDB makes its exports of them; they are no XML themselves."""
    with pytest.raises(
        InputError, match=r"^mylist\.tpl:1: not complete XML .*; the file is a template, no export\.$"
    ):
        xml_paths(Document("mylist.tpl", b'<MyList><User Id="<tmpl_var name=id>" /></MyList>'))


def test_the_first_element_alone() -> None:
    """Facts of the file; nothing when there is none."""
    found = Document("x.xml", MAL.encode())
    assert first_element(found, "myanimelist/myinfo")["user_name"] == "someone"
    assert first_element(found, "myanimelist/gone") == {}


def test_the_paths_of_a_file() -> None:
    """Elements and attributes, as shapes name them; their last two names; and the words that stand before them."""
    found = xml_paths(Document("x.xml", MAL.encode()))
    assert {path for path in found if path.startswith("<!--")} == {"<!--made", "<!--for", "<!--test"}
    assert {"//myanimelist", "//anime/@id", "//anime/my_score", "//myinfo/user_name"} < found
    assert {path for path in found if not path.startswith(("//", "<!--"))} == {
        "myanimelist",
        "myanimelist/myinfo",
        "myanimelist/myinfo/user_name",
        "myanimelist/anime",
        "myanimelist/anime/@id",
        "myanimelist/anime/series_title",
        "myanimelist/anime/my_score",
        "myanimelist/anime/my_tags",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_declared_encoding_does_not_matter(encoding: str) -> None:
    """The text was decoded before, by what the bytes are."""
    data = MAL.encode(encoding)
    assert xml_paths(Document("x.xml", data)) == xml_paths(Document("x.xml", MAL.encode()))


ENTITIES = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
EXTERNAL = '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><a>&j;</a>"
)


@pytest.mark.parametrize("text", [ENTITIES, EXTERNAL, LAUGHS], ids=["entity", "external", "laughs"])
def test_a_declaration_of_entities_is_refused(text: str) -> None:
    """They can blow up, or read other files; no export has them."""
    with pytest.raises(InputError, match=r"^x\.xml: the XML declares a DTD or entities, which no export does\.$"):
        elements(text, "a")


@pytest.mark.parametrize("cut", range(1, len(MAL) - 1, 7))
def test_xml_that_is_cut_off_is_refused(cut: int) -> None:
    """With the line where it ends."""
    with pytest.raises(InputError, match=r"^x\.xml(:\d+)?: not complete XML"):
        xml_paths(Document("x.xml", MAL[:cut].encode()))


def test_deep_nesting_is_refused() -> None:
    """A thousand levels are no export."""
    with pytest.raises(InputError, match="nested too deep"):
        elements("<a>" * 1000 + "</a>" * 1000, "a")


@given(st.text(st.sampled_from('<>/ab&;"=! ?-[]\n\x00é'), max_size=60))
def test_any_text_is_xml_or_refused(text: str) -> None:
    """Nothing but an InputError is raised."""
    try:
        xml_paths(Document("x.xml", f"<a>{text}".encode()))
    except InputError:
        return
