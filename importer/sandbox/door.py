"""The way in: every call is logged and paced here before the app sees it, and scripted faults strike here."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from importer.sandbox.backstage import Backstage
from importer.sandbox.calls import Call, without_secrets
from importer.sandbox.faults import DISTORTIONS, ConnectionCut, Fault, FaultKind, ReplyTimeout, distorted
from importer.sandbox.limits import Limits, Pace
from importer.sandbox.refusals import Refused, envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CALL, PACE, HELD = "rateport.call", "rateport.pace", "rateport.held"
"""Where the app finds in its environment what the door noted, and leaves what to let go of after the answer."""

PAGE = "/pin"
"""The page for people, which stands for simkl.com/pin."""

_OAUTH2 = "/oauth2/"
_KEPT_HEADERS = ("user-agent", "content-type", "accept", "simkl-api-key")
_EDGE_PAGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking.</body></html>"


class Door:
    """A WSGI app around the real one."""

    def __init__(self, inner: WSGIApplication, stage: Backstage) -> None:
        self._inner = inner
        self._stage = stage
        self._limits = Limits()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one call; raises ConnectionCut or ReplyTimeout when the script wants no answer.

        The page for people goes through unnoted: it stands for another host (simkl-api.md 14.1).
        """
        request = Request(environ)
        if request.path == PAGE:
            return self._inner(environ, start_response)
        request.max_content_length = self._stage.settings.largest_body
        try:
            body, caller = request.get_data(), token_of(request) or client_id_of(request) or ""
        except RequestEntityTooLarge:
            body, caller = None, token_of(request) or ""
        except ClientDisconnected:
            raise ConnectionCut("the caller went away in the middle of its request") from None
        call, pace = self._arrived(request, caller, body or b"")
        with ExitStack() as held:
            environ |= {"wsgi.input": io.BytesIO(body or b""), CALL: call, PACE: pace, HELD: held}
            response = self._answer(call, environ, too_large=body is None)
        call.status = response.status_code
        return response(environ, start_response)

    def _answer(self, call: Call, environ: WSGIEnvironment, *, too_large: bool) -> Response:
        fault = self._stage.faults.pick(call.method, call.path, call.body)
        if fault is not None:
            call.fault = fault.kind.value
            return self._struck(fault, call, environ)
        if too_large:
            return Response(_EDGE_PAGE, 413, content_type="text/html")
        return self._through(environ)

    def _arrived(self, request: Request, caller: str, body: bytes) -> tuple[Call, Pace]:
        clock = self._stage.clock
        arrived = clock.steady()
        pace = self._limits.arrived(caller, request.method, arrived)
        call = self._stage.log.add(
            method=request.method,
            path=request.path,
            params=request.args.to_dict(),
            headers={name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers},
            has_token=token_of(request) is not None,
            arrived=arrived,
            at=clock.now(),
            body=without_secrets(body) if request.path.startswith(_OAUTH2) else body,
            too_fast=pace.too_fast,
        )
        return call, pace

    def _through(self, environ: WSGIEnvironment) -> Response:
        return Response.from_app(self._inner, environ, buffered=True)

    def _struck(self, fault: Fault, call: Call, environ: WSGIEnvironment) -> Response:
        kind = fault.kind
        if kind in (FaultKind.SLOW, FaultKind.TRUNCATED) or kind in DISTORTIONS:
            return self._spoilt(fault, self._through(environ))
        if fault.applied:
            self._through(environ)
        if kind is FaultKind.CUT:
            raise ConnectionCut("the stand-in cut the connection")
        if kind is FaultKind.TIMEOUT:
            self._stage.clock.sleep(fault.seconds)
            raise ReplyTimeout("the stand-in never answered")
        if kind is FaultKind.HTML:
            return Response(_EDGE_PAGE, fault.status or 200, fault.headers, content_type="text/html; charset=UTF-8")
        if kind is FaultKind.EMPTY:
            return Response(b"", fault.status or 200, fault.headers, content_type="application/json")
        refused = Refused(fault.status or 500, fault.error, fault.headers)
        return answer_for(refused, call)

    def _spoilt(self, fault: Fault, response: Response) -> Response:
        body = response.get_data()
        if fault.kind is FaultKind.SLOW:
            self._stage.clock.sleep(fault.seconds)
        elif fault.kind is FaultKind.TRUNCATED:
            response.set_data(body[: len(body) // 2])
        else:
            response.set_data(json.dumps(distorted(fault.kind, json.loads(body))))
        return response


def call_of(request: Request) -> Call:
    """What the door noted of the call."""
    call = request.environ[CALL]
    assert isinstance(call, Call)
    return call


def token_of(request: Request) -> str | None:
    """The access token that the call carries."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def client_id_of(request: Request) -> str | None:
    """The app that the call names, in the query or in the header; on /oauth2 in the form (simkl-api.md 1)."""
    if request.path.startswith(_OAUTH2):
        return request.form.get("client_id") or None
    return request.args.get("client_id") or request.headers.get("simkl-api-key") or None


def answer_for(refused: Refused, call: Call) -> Response:
    """The refusal as it goes over the wire."""
    document = envelope(refused.status, refused.error, call.number)
    if call.path.startswith(_OAUTH2):  # RFC 6749 (simkl-api.md 2.2)
        document = {"error": document["error"], "error_description": document["message"]}
    body = json.dumps(document)
    return Response(body, refused.status, refused.headers, content_type="application/json")
