"""JSON spoiled by hand: cut downloads, other languages' literals, doubled keys, wrong types, logs, wrappers."""

from __future__ import annotations

import base64
import json

from tests.malformed import Family, read, refused

HEAT = (
    '{"rated_at": "2018-03-03T20:00:00.000Z", "rating": 7, "type": "movie", "movie": {"title": "Heat", '
    '"year": 1995, "ids": {"trakt": 661, "imdb": "tt0113277", "tmdb": 949}}}'
)
ALIEN = (
    '{"rated_at": "2019-05-04T20:00:00.000Z", "rating": 9, "type": "movie", "movie": {"title": "Alien", '
    '"year": 1979, "ids": {"trakt": 295, "imdb": "tt0078748", "tmdb": 348}}}'
)
CATS = (
    '{"rated_at": "2019-05-04T20:00:00.000Z", "rating": 4, "type": "movie", "movie": {"title": "Cats", '
    '"year": 2019, "ids": {"trakt": 425335, "imdb": "tt5697572", "tmdb": 536869}}}'
)
WIRE = (
    '{"rated_at": "2021-07-01T20:15:00.000Z", "rating": 10, "type": "show", "show": {"title": "The Wire", '
    '"year": 2002, "ids": {"trakt": 1430, "imdb": "tt0306414", "tmdb": 1438}}}'
)


def listed(*items: str) -> str:
    """A list, one item on each line."""
    return "[\n" + ",\n".join(items) + "\n]\n"


WHOLE = listed(HEAT, ALIEN)


def with_cats(old: str, new: str) -> str:
    """A sound film, one film with a part of it exchanged, and a sound show."""
    assert CATS.count(old) == 1
    return listed(HEAT, CATS.replace(old, new), WIRE)


def scored(score: str) -> str:
    """A file whose second item has this score."""
    return with_cats('"rating": 4', f'"rating": {score}')


ONE_GONE = "Heat 7; Cats bad-score; The Wire 10"
NONE_SEEN = "Heat 7; Cats unrated; The Wire 10"

S_HEAT = (
    '{"user_rated_at": "2018-03-03T20:00:00.000Z", "user_rating": 7, "status": "completed", "movie": '
    '{"title": "Heat", "year": 1995, "ids": {"simkl": 53992, "imdb": "tt0113277", "tmdb": "949"}}}'
)


def anilist(*entries: str, score_format: str = "POINT_10") -> str:
    """A dump of AniList with these entries."""
    held = ", ".join(entries)
    owner = '"User": {"name": "paperfan", "mediaListOptions": {"scoreFormat": "' + score_format + '"}}'
    return '{"MediaListCollection": {"lists": [{"name": "Completed", "entries": [' + held + "]}]}, " + owner + "}"


def entry(media_id: str, mal: str, score: str, date: str, title: str) -> str:
    """One entry of it."""
    year, month, day = date.split("-")
    completed = f'{{"year": {year}, "month": {int(month)}, "day": {int(day)}}}'
    media = f'{{"idMal": {mal}, "title": {{"romaji": "{title}"}}}}'
    return (
        f'{{"mediaId": {media_id}, "status": "COMPLETED", "completedAt": {completed}, "media": {media}, '
        f'"score": {score}}}'
    )


A_AKIRA = entry("47", "47", "7", "2018-03-03", "Akira")
A_MONSTER = entry("19", "19", "9", "2019-05-04", "Monster")

M_AKIRA = (
    '{"node": {"id": 47, "title": "Akira", "media_type": "movie"}, "list_status": {"status": "completed", '
    '"score": 7, "finish_date": "2018-03-03", "updated_at": "2018-03-03T20:00:00+00:00"}}'
)
M_MONSTER = (
    '{"node": {"id": 19, "title": "Monster", "media_type": "tv"}, "list_status": {"status": "completed", '
    '"score": 9, "finish_date": "2019-05-04", "updated_at": "2019-05-04T20:00:00+00:00"}}'
)

P_HEAT = (
    '{"ratingKey": "1", "type": "movie", "title": "Heat", "userRating": 7.0, "lastRatedAt": 1520107200, '
    '"year": 1995, "Guid": [{"id": "imdb://tt0113277"}]}'
)

C_HEAD = '"metadata": {"profile_name": "paperfan", "exported_at": "2024-03-02T10:00:00Z", "total_count": 1}'
C_BEBOP = '{"content_id": "GYZJ43JMR", "content_type": "series", "title": "Cowboy Bebop", "rating": "FiveStars"}'

O_HEAT = (
    '{"title": "Heat", "year": 1995, "type": "movie", "rating": 7, "rated_at": "2018-03-03", "imdb": "tt0113277"}'
)
O_ALIEN = (
    '{"title": "Alien", "year": 1979, "type": "movie", "rating": 9, "rated_at": "2019-05-04", "imdb": "tt0078748"}'
)

JSON_TEXTS: Family = {
    # --- cut off -------------------------------------------------------------------------------------------
    "cut-in-a-text.json": refused(WHOLE[:95], "cut-in-a-text.json:2: not complete JSON (Unterminated string"),
    "cut-in-a-number.json": refused(WHOLE[: WHOLE.index("1979") + 2], ":3: not complete JSON"),
    "cut-behind-a-comma.json": refused(f"[\n{HEAT},\n", "not complete JSON"),
    "cut-before-the-last-bracket.json": refused(WHOLE.rstrip()[:-1], "not complete JSON"),
    "cut-behind-a-key.json": refused(WHOLE[: WHOLE.index("rating") + 7], "not complete JSON"),
    "cut-in-an-escape.json": refused(f'[{HEAT}, {{"rating": 4, "type": "mo\\u00', "not complete JSON"),
    "cut-in-a-letter.json": refused(listed(WIRE).encode() + b'{"title": "Am\xc3', "not complete JSON"),
    "cut-and-a-server-error-behind.json": refused(
        WHOLE[:200] + "<html>502 Bad Gateway</html>", "not complete JSON"
    ),
    "cut-and-dots-behind.json": refused(f"[\n{HEAT},\n...\n]", ":3: not complete JSON"),
    "zeros-to-the-end-of-the-block.json": refused(WHOLE.encode() + bytes(600), "not complete JSON (Extra data)"),
    "blanks-to-the-end-of-the-block.json": read(WHOLE + " " * 5_000, "Heat 7; Alien 9"),
    "opening-bracket-gone.json": refused(WHOLE[1:], "not complete JSON (Extra data)"),
    "nothing-but-a-bracket.json": refused("[", "not complete JSON"),
    # --- commas, quotes, literals of other languages -------------------------------------------------------
    "comma-behind-the-last-item.json": refused(f"[{HEAT},\n{ALIEN},\n]", ":3: not complete JSON"),
    "comma-behind-the-last-key.json": refused(listed(HEAT.replace("}}}", "}},}")), "not complete JSON"),
    "comma-missing-between-items.json": refused(
        f"[{HEAT}\n{ALIEN}]", ":2: not complete JSON (Expecting ',' delimiter)"
    ),
    "comma-twice.json": refused(f"[{HEAT},\n,{ALIEN}]", ":2: not complete JSON"),
    "colon-missing.json": refused(WHOLE.replace('"rating": 9', '"rating" 9'), ":3: not complete JSON"),
    "bracket-for-a-brace.json": refused(WHOLE.replace("}}}", "}}]"), "not complete JSON"),
    "single-quotes.json": refused(WHOLE.replace('"', "'"), "not complete JSON (Expecting property name"),
    "quotes-of-a-typewriter.json": refused(WHOLE.replace('"Heat"', "“Heat”"), ":2: not complete JSON"),
    "quote-in-a-title.json": refused(with_cats("Cats", 'The "Cats" film'), ":3: not complete JSON"),
    "keys-without-quotes.json": refused(
        WHOLE.replace('"rating"', "rating"), "not complete JSON (Expecting property name"
    ),
    "printed-by-python.json": refused(
        repr([{"rating": 7, "movie": {"ids": {"tmdb": None}}}]), "not complete JSON (Expecting property name"
    ),
    "none-for-null.json": refused(scored("None"), ":3: not complete JSON"),
    "true-with-a-capital.json": refused(scored("True"), ":3: not complete JSON"),
    "undefined.json": refused(scored("undefined"), ":3: not complete JSON"),
    "not-a-number.json": refused(scored("NaN"), "not valid JSON: NaN is not JSON"),
    "without-end.json": refused(scored("Infinity"), "not valid JSON: Infinity is not JSON"),
    "without-end-below.json": refused(scored("-Infinity"), "not valid JSON: -Infinity is not JSON"),
    "comment-behind-a-line.json": refused(f"[ // mine\n{HEAT}]", ":1: not complete JSON"),
    "comment-in-a-block.json": refused(f"[{HEAT}, /* not sure */ {ALIEN}]", "not complete JSON"),
    "hash-before-the-list.json": refused(f"# my ratings\n{WHOLE}", "not an export that rateport knows"),
    "line-end-in-a-text.json": refused(
        with_cats("Cats", "Ca\nts"), ":3: not complete JSON (Invalid control character"
    ),
    "tab-in-a-text.json": refused(with_cats("Cats", "Ca\tts"), ":3: not complete JSON (Invalid control character"),
    "zero-in-a-text.json": refused(
        with_cats("Cats", "Ca\x00ts"), ":3: not complete JSON (Invalid control character"
    ),
    "escape-that-there-is-not.json": refused(
        with_cats("Cats", r"Ca\x74s"), ":3: not complete JSON (Invalid \\escape"
    ),
    "escape-of-a-quote-mark.json": refused(with_cats("Cats", r"Ca\'ts"), ":3: not complete JSON (Invalid \\escape"),
    # --- more or less than one value -----------------------------------------------------------------------
    "one-item-a-line.json": refused(f"{HEAT}\n{ALIEN}\n", ":2: not complete JSON (Extra data)"),
    "lists-one-behind-the-other.json": refused(listed(HEAT) + listed(ALIEN), "not complete JSON (Extra data)"),
    "text-behind-the-list.json": refused(WHOLE + "done.", "not complete JSON (Extra data)"),
    "bracket-too-many.json": refused(WHOLE + "]", "not complete JSON (Extra data)"),
    "assigned-to-a-variable.json": refused(f"var ratings = {WHOLE};", "not an export that rateport knows"),
    "called-back.json": refused(f"callback({WHOLE});", "not an export that rateport knows"),
    "guarded-against-scripts.json": refused(f")]}}',\n{WHOLE}", "not an export that rateport knows"),
    "in-base64.json": refused(base64.b64encode(WHOLE.encode()), "not an export that rateport knows"),
    "json-in-a-text.json": refused(json.dumps(WHOLE), ":1: the header cannot be read"),
    "fenced-by-a-chat.json": refused(f"```json\n{WHOLE}```\n", "not an export that rateport knows"),
    "list-of-texts-of-json.json": refused(json.dumps([HEAT, ALIEN]), "a list without records"),
    # --- bytes ---------------------------------------------------------------------------------------------
    "mark-twice.json": refused("\ufeff\ufeff" + WHOLE, ":1: not complete JSON (Unexpected UTF-8 BOM"),
    "mark-in-the-middle.json": refused(f"[{HEAT},\n\ufeff{ALIEN}]", ":2: not complete JSON"),
    "utf-16-without-mark.json": refused(WHOLE.encode("utf-16-le"), "--encoding utf-16-le"),
    "utf-32-cut.json": refused(WHOLE.encode("utf-32")[:-2], "not valid utf-32"),
    "half-a-pair.json": read(with_cats("Cats", r"Cats \ud83d"), "Heat 7; Cats \ufffd 4; The Wire 10"),
    "pair-the-wrong-way-round.json": read(
        with_cats("Cats", r"Cats \ude3a\ud83d"), "Heat 7; Cats \ufffd\ufffd 4; The Wire 10"
    ),
    "half-a-pair-in-bytes.json": refused(
        listed(HEAT).encode() + b'["\xed\xa0\xbd"]', "neither UTF-8 nor Windows-1252"
    ),
    "zero-written-out.json": read(with_cats("Cats", r"Ca\u0000ts"), "Heat 7; Cats 4; The Wire 10"),
    "escape-sequence-written-out.json": read(
        with_cats("Cats", r"\u001b[31mCats"), "Heat 7; [31mCats 4; The Wire 10"
    ),
    "blanks-that-are-none.json": refused(f"[\u00a0{HEAT}]", "not complete JSON"),
    # --- keys ----------------------------------------------------------------------------------------------
    "rating-twice-in-one-item.json": refused(
        scored('4, "rating": 9'), "not valid JSON: the key 'rating' stands twice in one object"
    ),
    "rating-twice-once-in-escapes.json": refused(
        scored(r'4, "r\u0061ting": 9'), "not valid JSON: the key 'rating' stands twice in one object"
    ),
    "list-twice.json": refused(
        f'{{"movies": [{S_HEAT}], "movies": []}}', "not valid JSON: the key 'movies' stands twice in one object"
    ),
    "keys-in-capitals.json": refused(
        WHOLE.replace('"rating"', '"Rating"'), "not recognised; the nearest is trakt:"
    ),
    "keys-with-blanks.json": refused(
        WHOLE.replace('"rating"', '" rating "'), "not recognised; the nearest is trakt:"
    ),
    "key-of-nothing.json": read(scored('4, "": 9'), "Heat 7; Cats 4; The Wire 10"),
    "key-missing-in-one.json": read(with_cats('"rating": 4, ', ""), "Heat 7; Cats unrated; The Wire 10"),
    # --- roots ---------------------------------------------------------------------------------------------
    "null.json": refused("null", "not an export that rateport knows"),
    "number.json": refused("7", "not an export that rateport knows"),
    "list-of-nothing.json": refused("[]", "list-of-nothing.json: a list without records"),
    "object-of-nothing.json": refused("{}", "a list without records"),
    "list-of-nulls.json": refused("[null, null]", "a list without records"),
    "list-of-numbers.json": refused("[7, 9]", "a list without records"),
    "one-item-without-its-list.json": refused(HEAT, "not an export that rateport knows"),
    "list-in-a-list.json": refused(f"[{WHOLE}]", "not an export that rateport knows"),
    "numbers-for-keys.json": refused(f'{{"0": {HEAT}, "1": {ALIEN}}}', "not an export that rateport knows"),
    "items-under-another-key.json": refused(f'{{"results": {WHOLE}}}', "not an export that rateport knows"),
    "an-error-of-the-site.json": refused(
        '{"error": "invalid_grant", "error_description": "expired"}', "not an export that rateport knows"
    ),
    "nested-without-end.json": refused("[" * 100_000, "nested too deep for any export"),
    "keys-nested-without-end.json": refused('{"movie":' * 100_000 + "1" + "}" * 100_000, "nested too deep"),
    # --- items ---------------------------------------------------------------------------------------------
    "null-for-an-item.json": read(f"[{HEAT}, null, {ALIEN}]", "Heat 7; bad-row; Alien 9"),
    "text-for-an-item.json": read(f'[{HEAT}, "Cats 4", {ALIEN}]', "Heat 7; bad-row; Alien 9"),
    "list-for-an-item.json": read(f"[{HEAT}, [{CATS}], {ALIEN}]", "Heat 7; bad-row; Alien 9"),
    "object-of-nothing-for-an-item.json": read(f"[{HEAT}, {{}}, {ALIEN}]", "Heat 7; unrated; Alien 9"),
    "item-twice.json": read(listed(HEAT, HEAT, WIRE), "Heat 7 duplicate; Heat 7; The Wire 10"),
    "movie-is-null.json": read(
        listed(HEAT, '{"rated_at": "2019-05-04T20:00:00Z", "rating": 4, "type": "movie", "movie": null}'),
        "Heat 7; no-id",
    ),
    "movie-is-a-text.json": read(
        listed(HEAT, '{"rated_at": "2019-05-04T20:00:00Z", "rating": 4, "type": "movie", "movie": "Cats"}'),
        "Heat 7; no-id",
    ),
    "ids-are-a-list.json": read(
        with_cats('{"trakt": 425335, "imdb": "tt5697572", "tmdb": 536869}', '["tt5697572"]'),
        "Heat 7; Cats 4; The Wire 10",
    ),
    "imdb-is-a-number.json": read(with_cats('"tt5697572"', "5697572"), "Heat 7; Cats 4; The Wire 10"),
    "id-of-a-hundred-digits.json": read(with_cats("536869", "9" * 100), "Heat 7; Cats 4; The Wire 10"),
    "id-below-zero.json": read(with_cats("536869", "-1"), "Heat 7; Cats 4; The Wire 10"),
    "id-with-a-fraction.json": read(with_cats("536869", "536869.5"), "Heat 7; Cats 4; The Wire 10"),
    "title-is-a-number.json": read(with_cats('"Cats"', "1917"), "Heat 7; 1917 4; The Wire 10"),
    "title-is-an-object.json": read(with_cats('"Cats"', '{"en": "Cats"}'), "Heat 7; 4; The Wire 10"),
    "type-and-object-differ.json": read(
        with_cats('"type": "movie"', '"type": "show"'), "Heat 7; no-id; The Wire 10"
    ),
    "type-nobody-knows.json": read(
        with_cats('"type": "movie"', '"type": "film"'), "Heat 7; Cats unknown-type; The Wire 10"
    ),
    "score-is-a-text.json": read(scored('"4"'), "Heat 7; Cats 4; The Wire 10"),
    "score-is-null.json": read(scored("null"), NONE_SEEN),
    "score-is-zero.json": read(scored("0"), NONE_SEEN),
    "score-in-powers.json": read(scored("4e0"), ONE_GONE),
    "score-with-a-half.json": read(scored("4.5"), ONE_GONE),
    "score-of-a-machine.json": read(scored("3.9999999999999996"), ONE_GONE),
    "score-below-zero.json": read(scored("-4"), ONE_GONE),
    "score-of-ten.json": read(scored('"4/10"'), ONE_GONE),
    "score-of-a-thousand-digits.json": read(scored("4" * 1_000), ONE_GONE),
    "score-begins-with-zero.json": refused(scored("04"), ":3: not complete JSON"),
    "score-with-a-plus.json": refused(scored("+4"), ":3: not complete JSON"),
    "score-in-hex.json": refused(scored("0x4"), ":3: not complete JSON"),
    "score-without-fraction.json": refused(scored("4."), ":3: not complete JSON"),
    "score-is-true.json": read(scored("true"), ONE_GONE),
    "score-is-an-object.json": read(scored('{"value": 4}'), ONE_GONE),
    "score-is-a-list.json": read(scored("[4]"), ONE_GONE),
    "date-that-never-was.json": read(
        with_cats("2019-05-04T20", "2019-02-30T20"), "Heat 7; Cats bad-date; The Wire 10"
    ),
    "date-is-a-number.json": read(
        with_cats('"2019-05-04T20:00:00.000Z"', "1557000000"), "Heat 7; Cats bad-date; The Wire 10"
    ),
    "date-to-come.json": read(with_cats("2019-05-04T20", "2999-05-04T20"), "Heat 7; Cats 4 undated; The Wire 10"),
    # --- other sources -------------------------------------------------------------------------------------
    "simkl-movies-are-an-object.json": refused(
        f'{{"movies": {{"0": {S_HEAT}}}}}', "not an export that rateport knows"
    ),
    "simkl-cut.json": refused(f'{{"movies": [{S_HEAT}', "not complete JSON"),
    "simkl-null-beside.json": read(f'{{"movies": [null, {S_HEAT}], "shows": null}}', "bad-row; Heat 7"),
    "anilist-lists-are-an-object.json": refused(
        anilist(A_AKIRA).replace('"lists": [', '"lists": {"0": ').replace("]}]}", "]}}}"),
        "not an export that rateport knows",
    ),
    "anilist-entry-is-null.json": read(anilist(A_AKIRA, "null", A_MONSTER), "Akira 7; bad-row; Monster 9"),
    "anilist-score-off-its-format.json": read(
        anilist(A_AKIRA, entry("1", "1", "7.5", "2018-01-01", "Cowboy Bebop"), A_MONSTER),
        "Akira 7; Cowboy Bebop bad-score; Monster 9",
    ),
    "anilist-format-nobody-knows.json": read(
        anilist(entry("1", "1", "3", "2018-01-01", "Cowboy Bebop"), score_format="POINT_7"),
        "Cowboy Bebop bad-scale",
    ),
    "anilist-entries-gone.json": refused(
        '{"MediaListCollection": {"lists": [{"name": "Completed"}]}}', "not an export"
    ),
    "anilist-month-thirteen.json": read(
        anilist(A_AKIRA, entry("1", "1", "3", "2018-13-01", "Cowboy Bebop")), "Akira 7; Cowboy Bebop bad-date"
    ),
    "myanimelist-node-gone.json": read(
        f"[{M_AKIRA}, {{'list_status': {{'score': 9}}}}]".replace("'", '"'), "Akira 7; no-id"
    ),
    "myanimelist-score-is-eleven.json": read(
        f"[{M_AKIRA}, {M_MONSTER.replace('Monster', 'Cowboy Bebop').replace(': 9,', ': 11,')}]",
        "Akira 7; Cowboy Bebop bad-score",
    ),
    "myanimelist-status-is-a-list.json": read(
        f'[{M_AKIRA}, {{"node": {{"id": 1, "title": "Cowboy Bebop"}}, "list_status": [9]}}]',
        "Akira 7; Cowboy Bebop unrated",
    ),
    "plex-metadata-is-an-object.json": refused(
        f'{{"MediaContainer": {{"size": 1, "Metadata": {P_HEAT}}}}}', "not an export that rateport knows"
    ),
    "plex-guid-is-a-text.json": read(
        f'{{"MediaContainer": {{"size": 1, "Metadata": [{P_HEAT.replace("[{", "").replace("}]", "")}]}}}}'.replace(
            '"Guid": "id": ', '"Guid": '
        ),
        "Heat 7",
    ),
    "own-list-with-one-key-misspelt.json": read(
        f"[{O_HEAT}, {O_ALIEN.replace('rating', 'raiting').replace('Alien', 'Cats')}]", "Heat 7; Cats unrated"
    ),
    "crunchyroll-items-are-an-object.json": refused(
        f'{{{C_HEAD}, "items": {{"0": {C_BEBOP}}}}}',
        "nearest is crunchyroll:ratings, which also needs 'items[].content_id'",
    ),
    "trakt-backup-of-half-an-account.json": read(f'{{"movies": [{HEAT}], "shows": null}}', "Heat 7"),
    "trakt-backup-under-the-wrong-key.json": read(
        f'{{"movies": [{HEAT}, {WIRE}], "shows": []}}', "Heat 7; The Wire 10"
    ),
    "jellyfin-ids-are-a-list.json": read(
        '[{"Name": "Heat", "Id": "3b", "Type": "Movie", "ProductionYear": 1995, "ProviderIds": [], "UserData": '
        '{"Rating": 7, "LastPlayedDate": "2018-03-03T20:00:00Z", "Played": true}}]',
        "Heat 7",
    ),
    "csfd-score-in-percent.json": read(
        '[{"id": 1, "title": "Cats", "year": 2019, "type": "film", "userDate": "2019-05-04", "userRating": 90}, '
        '{"id": 2, "title": "Jaws", "year": 1975, "type": "film", "userDate": "2020-01-02", "userRating": 4}]',
        "Cats bad-score; Jaws 8",
    ),
}
