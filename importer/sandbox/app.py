"""The stand-in as a Flask app: routes, and what is checked before any of them runs.

Every call must name a client_id and carry a token; reads and writes come from `reads` and `writes`. A path that is
not listed here is refused and shows among the violations of the log (simkl-api.md 14.22).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from flask import Flask, Response, g, jsonify, request
from werkzeug.wrappers import Response as PlainResponse

from importer.sandbox import reads, writes
from importer.sandbox.backstage import Backstage
from importer.sandbox.calls import Call
from importer.sandbox.door import CALL, HELD, PACE, Door, answer_for, client_id_of, token_of
from importer.sandbox.faults import Fault
from importer.sandbox.limits import Quota, refuse_pace
from importer.sandbox.refusals import Refused
from importer.sandbox.settings import DEFAULTS, SandboxSettings
from importer.vocabulary.clock import Clock, SystemClock

__all__ = ["Fault", "SandboxSettings", "backstage_of", "create_app"]

_SYSTEM_CLOCK = SystemClock()
_WRITING_SCOPES = frozenset({"media:write", "public"})  # simkl-api.md 2.1: V2 and V1

WRITES: Mapping[str, writes.Write] = {
    "/sync/ratings": writes.add_ratings,
    "/sync/ratings/remove": writes.remove_ratings,
    "/sync/history/remove": writes.remove_history,
    "/sync/add-to-list": writes.add_to_list,
}


def create_app(
    settings: SandboxSettings = DEFAULTS, *, clock: Clock = _SYSTEM_CLOCK, faults: Sequence[Fault] = ()
) -> Flask:
    """A stand-in with an account of its own, or the one that lives in `settings.database`."""
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a fault of the stand-in itself must not pass for one of the service
    stage = Backstage(settings, clock, faults)
    app.extensions["rateport"] = stage
    _add_checks(app, stage)
    _add_writes(app, stage)
    _add_reads(app, stage)
    app.register_error_handler(Refused, _refuse)
    app.wsgi_app = Door(app.wsgi_app, stage)  # type: ignore[method-assign]
    return app


def backstage_of(app: Flask) -> Backstage:
    """What stands behind an app that `create_app` made."""
    stage = app.extensions["rateport"]
    assert isinstance(stage, Backstage)
    return stage


def _call() -> Call:
    call = request.environ[CALL]
    assert isinstance(call, Call)
    return call


def _add_checks(app: Flask, stage: Backstage) -> None:
    settings = stage.settings
    quota = Quota(stage.database, settings.daily_quota) if settings.daily_quota is not None else None

    @app.before_request
    def check() -> None:
        if request.url_rule is None:
            _call().is_listed = False
        _check_client(settings)
        if settings.enforce_limits:
            refuse_pace(request.environ[PACE], stage.clock.now())
        if request.url_rule is None:
            raise Refused(404, "url_failed")
        _check_token(settings)
        if quota is not None:
            g.quota_headers = quota.spend(stage.clock.now())

    @app.after_request
    def show_quota(response: Response) -> Response:
        response.headers.update(g.get("quota_headers", {}))
        return response


def _check_client(settings: SandboxSettings) -> None:
    client_id = client_id_of(request)
    if client_id is None or (settings.client_ids is not None and client_id not in settings.client_ids):
        raise Refused(412, "client_id_failed")
    named = request.args.get("app-name") and request.args.get("app-version") and request.headers.get("User-Agent")
    if settings.strict_identification and not named:
        raise Refused(412, "client_id_failed")


def _check_token(settings: SandboxSettings) -> None:
    token = token_of(request)
    if token is None:
        raise Refused(401, "user_token_required")
    if settings.tokens is None:
        return
    if token not in settings.tokens:
        raise Refused(401, "user_token_failed")
    if request.endpoint in WRITES and not _WRITING_SCOPES.intersection(settings.tokens[token].split()):
        raise Refused(403, "insufficient_scope")


def _add_writes(app: Flask, stage: Backstage) -> None:
    running = threading.Lock()

    def serve(write: writes.Write) -> tuple[Response, int]:
        if not running.acquire(blocking=False):
            raise Refused(400, stage.settings.lock_error)
        request.environ[HELD].callback(running.release)
        with stage.database.writing():
            reply = write(stage, request.get_data())
        return jsonify(reply), stage.settings.write_status

    for path, write in WRITES.items():
        app.add_url_rule(path, endpoint=path, view_func=serve, defaults={"write": write}, methods=["POST"])


def _add_reads(app: Flask, stage: Backstage) -> None:
    @app.get("/sync/ratings")
    @app.get("/sync/ratings/<type_word>")
    @app.get("/sync/ratings/<type_word>/<rating_words>")
    def ratings(type_word: str | None = None, rating_words: str | None = None) -> Response:
        with stage.database.reading():
            return jsonify(reads.ratings(stage, type_word, rating_words, request.args.get("date_from")))

    @app.get("/sync/all-items")
    @app.get("/sync/all-items/<type_word>")
    @app.get("/sync/all-items/<type_word>/<status>")
    def all_items(type_word: str | None = None, status: str | None = None) -> Response:
        date_from, extended = request.args.get("date_from"), request.args.get("extended")
        with stage.database.reading():
            return jsonify(reads.all_items(stage, type_word, status, date_from, extended))

    @app.get("/sync/activities")
    def activities() -> Response:
        with stage.database.reading():
            return jsonify(reads.activities(stage))

    @app.route("/users/settings", methods=["GET", "POST"])
    def user_settings() -> Response:
        return jsonify(reads.user_settings(stage))


def _refuse(refused: Refused) -> PlainResponse:
    return answer_for(refused, _call())
