"""The stand-in as a Flask app: its routes, behind `gate`, which checks every call before one of them runs.

A path that is not listed is refused and shows among the violations of the log (simkl-api.md 14.22).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from flask import Flask, Response, g, jsonify, request
from werkzeug.wrappers import Response as PlainResponse

from importer.sandbox import consent, history, lookups, oauth, reads, writes
from importer.sandbox.backstage import Backstage
from importer.sandbox.door import HELD, PACE, PAGE, Door, answer_for, call_of
from importer.sandbox.faults import Fault
from importer.sandbox.gate import Gate
from importer.sandbox.refusals import Refused
from importer.sandbox.settings import DEFAULTS, SandboxSettings
from importer.vocabulary.clock import Clock, SystemClock

__all__ = ["Fault", "SandboxSettings", "backstage_of", "create_app"]

_SYSTEM_CLOCK = SystemClock()

WRITES: Mapping[str, writes.Write] = {
    "/sync/ratings": writes.add_ratings,
    "/sync/ratings/remove": writes.remove_ratings,
    "/sync/history": history.add_history,
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
    _add_checks(app, Gate(stage, frozenset(WRITES)))
    _add_writes(app, stage)
    _add_reads(app, stage)
    for part in (oauth, consent, lookups):
        part.add_routes(app, stage)
    app.register_error_handler(Refused, _refuse)
    app.wsgi_app = Door(app.wsgi_app, stage)  # type: ignore[method-assign]
    return app


def backstage_of(app: Flask) -> Backstage:
    """What stands behind an app that `create_app` made."""
    stage = app.extensions["rateport"]
    assert isinstance(stage, Backstage)
    return stage


def _add_checks(app: Flask, gate: Gate) -> None:
    @app.before_request
    def check() -> None:
        if request.path != PAGE:
            gate.check(call_of(request), request.environ[PACE])

    @app.after_request
    def show_quota(response: Response) -> Response:
        response.headers.update(g.get("quota_headers", {}))
        return response


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
    return answer_for(refused, call_of(request))
