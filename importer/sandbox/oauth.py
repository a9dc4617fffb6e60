"""The sign-in endpoints of both generations (simkl-api.md 2.2, 2.3, 2.5, 14.6 and 14.7)."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from importer.sandbox.backstage import Backstage
from importer.sandbox.codes import LIFETIME_S, State
from importer.sandbox.door import PAGE, client_id_of
from importer.sandbox.grants import FIRST_SCOPE, Pair, granted_scope
from importer.sandbox.grants import LIFETIME_S as TOKEN_LIFETIME_S
from importer.sandbox.refusals import Refused

FIRST, SECOND, REVOKE = "first sign-in", "second sign-in", "revoke"
"""How the endpoints of both generations are named in the app, each followed by its path."""

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_PLACEHOLDER = "DEVICE_CODE"
_FORM = "application/x-www-form-urlencoded"


def add_routes(app: Flask, stage: Backstage) -> None:
    """The endpoints of both generations."""
    _add_first(app, stage)
    _add_second(app, stage)


def check_app(stage: Backstage) -> None:
    """Refuse an app on the endpoints of the other generation, and on these one that is not registered."""
    endpoint = request.endpoint or ""
    generation = stage.settings.generation_of(client_id_of(request) or "")
    if endpoint.startswith(FIRST) and generation != 1:
        raise Refused(400, "unauthorized_client")
    if endpoint.startswith(SECOND):
        if request.mimetype != _FORM:
            raise Refused(400, "invalid_request")
        if generation != 2 or not stage.settings.registers(client_id_of(request)):
            raise Refused(401, "invalid_client")


def _add_first(app: Flask, stage: Backstage) -> None:
    def new_pin() -> Response:
        with stage.database.writing():
            code = stage.codes.ask(client_id_of(request) or "", FIRST_SCOPE, 1, _now(stage))
        page = request.host_url + PAGE.lstrip("/")
        reply: dict[str, Any] = {
            "result": "OK",
            "device_code": _PLACEHOLDER,
            "user_code": code.user_code,
            "verification_uri": page,
            "verification_url": page,
            "expires_in": LIFETIME_S,
            "interval": stage.settings.poll_interval_s,
        }
        if stage.settings.old_pin_reply:
            del reply["verification_uri"]
        return jsonify(reply)

    def check_pin(user_code: str) -> Response:
        client_id = client_id_of(request) or ""
        with stage.database.writing():
            state = stage.codes.poll_pin(user_code, client_id, _now(stage))
            token = stage.grants.first(client_id) if state is State.APPROVED else None
        if token is not None:
            return jsonify({"result": "OK", "access_token": token})
        if state in (State.UNKNOWN, State.EXPIRED):
            return new_pin()
        message = "Slow down" if state is State.TOO_EARLY else "Authorization pending"
        return jsonify({"result": "KO", "message": message})

    app.add_url_rule("/oauth/pin", f"{FIRST} new", new_pin, methods=["GET"])
    app.add_url_rule("/oauth/pin/<user_code>", f"{FIRST} check", check_pin, methods=["GET"])


def _add_second(app: Flask, stage: Backstage) -> None:
    def device() -> Response:
        with stage.database.writing():
            scope = granted_scope(request.form.get("scope"))
            code = stage.codes.ask(request.form["client_id"], scope, 2, _now(stage))
        page = request.host_url + PAGE.lstrip("/")
        return jsonify(
            {
                "device_code": code.device_code,
                "user_code": code.user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={code.user_code}",
                "expires_in": LIFETIME_S,
                "interval": stage.settings.poll_interval_s,
            }
        )

    def token() -> Response:
        pair = _granted(stage)
        return jsonify(
            {
                "access_token": pair.access,
                "token_type": "Bearer",
                "expires_in": TOKEN_LIFETIME_S,
                "refresh_token": pair.refresh,
                "scope": pair.scope,
            }
        )

    def revoke() -> Response:
        with stage.database.writing():
            stage.grants.revoke(request.form.get("client_id", ""), request.form.get("token", ""))
        return jsonify({})

    app.add_url_rule("/oauth2/device", f"{SECOND} device", device, methods=["POST"])
    app.add_url_rule("/oauth2/token", f"{SECOND} token", token, methods=["POST"])
    app.add_url_rule("/oauth2/revoke", REVOKE, revoke, methods=["POST"])


def _granted(stage: Backstage) -> Pair:
    kind = request.form.get("grant_type")
    if kind == _DEVICE_GRANT:
        return _by_device_code(stage, _field("device_code"))
    if kind == "refresh_token":
        with stage.database.writing():
            pair = stage.grants.refreshed(request.form["client_id"], _field("refresh_token"), _now(stage))
        if pair is None:
            raise Refused(400, "invalid_grant")
        return pair
    raise Refused(400, "unsupported_grant_type" if kind else "invalid_request")


def _by_device_code(stage: Backstage, device_code: str) -> Pair:
    client_id = request.form["client_id"]
    with stage.database.writing():
        state, scope = stage.codes.poll_device(device_code, client_id, _now(stage))
        if state is State.APPROVED:
            return stage.grants.pair(client_id, scope, _now(stage))
    errors = {
        State.WAITING: "authorization_pending",
        State.REFUSED: "access_denied" if stage.settings.refusal_is_told else "authorization_pending",
        State.TOO_EARLY: "slow_down",
        State.EXPIRED: "expired_token",
        State.UNKNOWN: "invalid_grant",
    }
    raise Refused(400, errors[state])


def _field(name: str) -> str:
    value = request.form.get(name)
    if not value:
        raise Refused(400, "invalid_request")
    return value


def _now(stage: Backstage) -> float:
    return stage.clock.now().timestamp()
