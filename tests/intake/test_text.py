"""From bytes to text: what is recognised, and that everything else is refused by name of --encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.intake.text import decode
from importer.vocabulary.errors import ConfigError, InputError

HEADER = "Const,Your Rating,Title\n"
FRENCH = [
    "Le Fabuleux Destin d'Amélie Poulain",
    "À bout de souffle",
    "Être et avoir",
    "Où va la nuit",
    "Ça",
    "Œdipe",
]
SPANISH = [
    "El laberinto del fauno",
    "Volver a empezar",
    "¿Quién sabe?",
    "La niña",
    "Año bisiesto",
    "Corazón salvaje",
]
GERMAN = ["Der Himmel über Berlin", "Große Freiheit", "Die Blechtrommel", "Türkisch für Anfänger", "Schöne Töne"]
PORTUGUESE = ["São Bernardo", "A Paixão de Camões", "O Coração", "Aniki Bóbó", "Três irmãos", "Não"]
SWEDISH = ["Låt den rätte komma in", "Såsom i en spegel", "Höstsonaten", "Smultronstället", "Änglagård"]
DANISH = ["Ærø", "Blinkende lygter", "Hævnen", "Brødre", "Pelle Erobreren på øen"]
MARKED = ["L’Avventura", "“Crocodile” Dundee", "Se7en – the film", "Rock ’n’ Roll", "50 € bis morgen", "Naïve Über"]
RUSSIAN = ["Солярис", "Сталкер", "Брат", "Андрей Рублёв", "Летят журавли"]
POLISH = ["Człowiek z żelaza", "Dzień świra", "Nóż w wodzie", "Pociąg", "Łódź płynie", "Krótki film o miłości"]
GREEK = ["Κυνόδοντας", "Το βλέμμα του Οδυσσέα", "Ζορμπάς"]
JAPANESE = ["千と千尋の神隠し", "もののけ姫", "七人の侍", "となりのトトロ"]


def table(titles: list[str], encoding: str) -> bytes:
    """An IMDb-like file of these titles."""
    rows = (f"tt00000{number:02},8,{title}\n" for number, title in enumerate(titles, start=1))
    return (HEADER + "".join(rows)).encode(encoding)


ALL = [*FRENCH, *SPANISH, *RUSSIAN, *POLISH, *GREEK, *JAPANESE, "💥"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_is_recognised_in_all_its_writings(encoding: str, name: str) -> None:
    """With its mark, and UTF-8 without."""
    decoded = decode(table(ALL, encoding), "x.csv", None)
    assert decoded.text == table(ALL, "utf-8").decode()
    assert decoded.encoding == name


@pytest.mark.parametrize(
    ("mark", "encoding", "name"),
    [
        (b"\xff\xfe", "utf-16-le", "utf-16"),
        (b"\xfe\xff", "utf-16-be", "utf-16"),
        (b"\xff\xfe\x00\x00", "utf-32-le", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32"),
    ],
)
def test_both_byte_orders_are_recognised(mark: bytes, encoding: str, name: str) -> None:
    """The mark tells the order, and UTF-32 is not taken for UTF-16."""
    decoded = decode(mark + table(ALL, encoding), "x.csv", None)
    assert decoded == (table(ALL, "utf-8").decode(), name)


@pytest.mark.parametrize(
    "titles", [FRENCH, SPANISH, GERMAN, PORTUGUESE, SWEDISH, DANISH, MARKED], ids=lambda t: t[0]
)
@pytest.mark.parametrize("times", [1, 50])
def test_windows_1252_is_recognised_by_its_letters(titles: list[str], times: int) -> None:
    """IMDb files before 2021, in the languages that Windows-1252 writes."""
    decoded = decode(table(titles * times, "cp1252"), "ratings.csv", None)
    assert decoded.encoding == "windows-1252"
    assert titles[0] in decoded.text
    assert decoded.text == table(titles * times, "utf-8").decode()


@pytest.mark.parametrize("title", [*FRENCH, *SPANISH, *GERMAN, *PORTUGUESE, *SWEDISH, *DANISH, *MARKED])
def test_a_single_windows_1252_title_is_enough(title: str) -> None:
    """One row in an otherwise plain file (ecosystem.md 1.8: detectors fail here)."""
    plain = [f"Plain title {number}" for number in range(20)]
    decoded = decode(table([*plain, title], "cp1252"), "ratings.csv", None)
    assert decoded.text == table([*plain, title], "utf-8").decode()


@pytest.mark.parametrize(
    ("titles", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (POLISH, "cp1250"),
        (POLISH, "iso-8859-2"),
        (GREEK, "cp1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
@pytest.mark.parametrize("times", [1, 50])
def test_other_encodings_are_refused_by_name_of_the_flag(titles: list[str], encoding: str, times: int) -> None:
    """Nothing is guessed: mojibake would be sent as titles."""
    with pytest.raises(InputError, match=r"(?s)^ratings\.csv:2: .*--encoding"):
        decode(table(titles * times, encoding), "ratings.csv", None)


def test_the_refusal_shows_how_the_line_would_read() -> None:
    """A person recognises the right reading at a glance."""
    with pytest.raises(InputError) as caught:
        decode(table(RUSSIAN, "cp1251"), "ratings.csv", None)
    assert "\n  cp1251: tt0000001,8,Солярис" in str(caught.value)
    assert "\n  cp1252: tt0000001,8,Ñîëÿðèñ" in str(caught.value)


@pytest.mark.parametrize("position", [0.3, 0.6, 0.99])
def test_utf_8_with_one_broken_byte_is_refused(position: float) -> None:
    """A damaged file is not re-read as Windows-1252: that would mangle every other title."""
    data = bytearray(table(ALL * 3, "utf-8"))
    letter = next(index for index in range(int(len(data) * position), len(data)) if data[index] >= 0xC2)
    data[letter] = 0xFF
    with pytest.raises(InputError, match="--encoding"):
        decode(bytes(data), "ratings.csv", None)


@pytest.mark.parametrize("data", [b"a,b\n\x81\x8d,1\n", b"a,b\n\x89PNG\r\n\x1a\n\x00\x01\xff\n", bytes(range(256))])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    """A picture is not an export."""
    with pytest.raises(InputError, match="--encoding"):
        decode(data, "x.csv", None)


def test_a_line_that_no_candidate_reads_is_refused_too() -> None:
    """Also where no reading can be shown."""
    with pytest.raises(InputError, match="none of the usual encodings"):
        decode(b"Title\n\x81\x98\xff\x90\xa0\xfd\x80\n", "x.csv", None)


@pytest.mark.parametrize(
    "data", [b"\xff\xfea\x00b", b"\xff\xfe\x00\xd8a\x00", b"\xef\xbb\xbfab\n\xff", b"\xff\xfe\x00\x00a"]
)
def test_a_mark_that_the_text_does_not_keep_is_refused(data: bytes) -> None:
    """UTF-16 cut in the middle of a letter, or half of a pair."""
    with pytest.raises(InputError, match=r"^x.csv:\d: not valid utf-.*--encoding"):
        decode(data, "x.csv", None)


def test_the_flag_wins_over_what_is_recognised() -> None:
    """The person knows better."""
    assert decode(table(RUSSIAN, "cp1251"), "x.csv", "cp1251").text == table(RUSSIAN, "utf-8").decode()
    assert decode(table(FRENCH, "utf-8-sig"), "x.csv", "utf-8") == (table(FRENCH, "utf-8").decode(), "utf-8")


def test_the_flag_is_checked() -> None:
    """Text that is not in the named encoding is refused with its line."""
    with pytest.raises(InputError, match=r"^x.csv:2: not valid utf-8; name the right encoding"):
        decode(table(RUSSIAN, "cp1251"), "x.csv", "utf-8")


@pytest.mark.parametrize("name", ["utf-9", "hex", "rot13", "base64", "zip", "utf\x00", "utf\udcff"])
def test_an_encoding_that_there_is_not_is_a_usage_error(name: str) -> None:
    """Also a codec that turns no bytes into text, and a name that is no text itself."""
    with pytest.raises(ConfigError, match=f"--encoding {name}: no such encoding; try utf-8"):
        decode(b"abc", "x.csv", name)


def test_an_empty_file_is_empty_text() -> None:
    """Whether that is an export is decided elsewhere."""
    assert decode(b"", "x.csv", None) == ("", "utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_every_unicode_text_round_trips(text: str) -> None:
    """No text is changed on the way in, except for a leading mark."""
    assert decode(text.encode("utf-8-sig"), "x", None).text == text
    assert decode(text.encode("utf-16"), "x", None).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but an InputError is raised."""
    try:
        decode(data, "x", None)
    except InputError:
        return
