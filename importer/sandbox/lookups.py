"""The lookups: redirect, searches, details, episode lists (simkl-api.md 8, 14.20 and 14.21).

They find what the catalogue holds; of the open catalogue that is what earlier requests taught it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, request

from importer.sandbox.backstage import Backstage
from importer.sandbox.door import call_of
from importer.sandbox.refusals import Refused
from importer.sandbox.search import LIMITS, PAGES, USUAL_LIMIT, clamped, search
from importer.sandbox.shown import PATH_WORDS, details, episodes, found_by_id, found_by_text
from importer.sandbox.titles import Title
from importer.vocabulary.ids import SENDABLE
from importer.vocabulary.sends import Section

LOOKUP, CACHED = "lookup", "cached"
"""How the endpoints are named in the app, each followed by its path: `CACHED` ones are free for all."""

_ROOT = "//simkl.com/"
_TYPES: Mapping[str | None, frozenset[Section]] = {
    None: frozenset(Section),
    "movie": frozenset({Section.MOVIES}),
    "tv": frozenset({Section.SHOWS}),
    "anime": frozenset({Section.ANIME}),
    "show": frozenset({Section.SHOWS, Section.ANIME}),
}
_SECTIONS = {"movie": Section.MOVIES, "tv": Section.SHOWS, "anime": Section.ANIME}


def add_routes(app: Flask, stage: Backstage) -> None:
    """The lookups, each answered inside one transaction."""
    _add_lookups(app, stage)
    _add_cached(app, stage)


def _add_lookups(app: Flask, stage: Backstage) -> None:
    def redirect() -> Response:
        to = request.args.get("to", "simkl")
        if to == "watched":
            call_of(request).breaches.append("to=watched writes")
        with stage.database.reading():
            title = _meant(stage) if to == "simkl" else None
        return Response(b"", 301, {"Location": _location(stage, title), "Cache-Control": "no-store"})

    def search_id() -> Response:
        with stage.database.reading():
            title = _meant(stage)
            return jsonify([] if title is None else [found_by_id(title, stage.clock.now().year)])

    def search_text(type_word: str) -> Response:
        query = request.args.get("q", "")
        if not query.strip():
            raise Refused(400, "empty_field")
        page = clamped(request.args.get("page"), PAGES[0], PAGES)
        limit = clamped(request.args.get("limit"), USUAL_LIMIT, LIMITS)
        with stage.database.reading():
            found = search(stage.catalogue, _SECTIONS[type_word], query)
            shown = [(title, stage.catalogue.ids_of(title)) for title in found[(page - 1) * limit : page * limit]]
        is_full = request.args.get("extended") == "full"
        year = stage.clock.now().year
        response = jsonify([found_by_text(title, ids, year, is_full=is_full) for title, ids in shown])
        response.headers |= {
            "X-Pagination-Page": str(page),
            "X-Pagination-Limit": str(limit),
            "X-Pagination-Page-Count": str(-(-len(found) // limit)),
            "X-Pagination-Item-Count": str(len(found)),
        }
        return response

    app.add_url_rule("/redirect", f"{LOOKUP} redirect", redirect, methods=["GET"])
    app.add_url_rule("/search/id", f"{LOOKUP} id", search_id, methods=["GET"])
    app.add_url_rule("/search/<any(movie, tv, anime):type_word>", f"{LOOKUP} text", search_text, methods=["GET"])


def _add_cached(app: Flask, stage: Backstage) -> None:
    def by_number(section: Section, number: str) -> Title | None:
        if not (number.isascii() and number.isdecimal()):
            raise Refused(404, "id_err")
        title = stage.catalogue.numbered(int(number))
        return title if title is not None and title.section is section else None

    def record(section: Section, number: str) -> Response:
        with stage.database.reading():
            title = by_number(section, number)
            ids = {} if title is None else stage.catalogue.ids_of(title)
        return jsonify([] if title is None else details(title, ids, stage.settings, stage.clock.now().year))

    def episode_list(section: Section, number: str) -> Response:
        with stage.database.reading():
            title = by_number(section, number)
        return jsonify([] if title is None else episodes(title, stage.clock.now().year))

    for section, word in PATH_WORDS.items():
        given = {"section": section}
        app.add_url_rule(f"/{word}/<number>", f"{CACHED} {word}", record, defaults=given, methods=["GET"])
        if section is not Section.MOVIES:
            path = f"/{word}/episodes/<number>"
            app.add_url_rule(path, f"{CACHED} {word} episodes", episode_list, defaults=given, methods=["GET"])


def _meant(stage: Backstage) -> Title | None:
    """The title that a query names by ids, or by title and year; a tmdb number says nothing without a type."""
    args = request.args
    type_word = args.get("type")
    ids = {space: args[space] for space in SENDABLE if space in args and (space != "tmdb" or type_word)}
    item: dict[str, Any] = {"ids": ids, "title": args.get("title"), "year": args.get("year")}
    accepted = _TYPES.get(type_word, frozenset())
    for section in (Section.MOVIES, Section.SHOWS):
        title = stage.catalogue.find(section, item)
        if title is not None and title.section in accepted:
            return title
    return None


def _location(stage: Backstage, title: Title | None) -> str:
    path = _ROOT
    if title is not None:
        path += f"{PATH_WORDS[title.section]}/{title.simkl}/{quote(title.slug)}"
        if request.args.get("season") and request.args.get("episode"):
            path += f"/season-{quote(request.args['season'])}/episode-{quote(request.args['episode'])}/"
    scheme = "" if stage.settings.location_without_scheme else "https:"
    query = f"?{stage.settings.location_query}" if stage.settings.location_query else ""
    return scheme + path + query
