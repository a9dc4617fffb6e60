"""What is checked before a call is served: app, pace, token, scope, quota (simkl-api.md 1, 2.7, 3 and 14.2 on)."""

from __future__ import annotations

from flask import g, request

from importer.sandbox import lookups, oauth
from importer.sandbox.backstage import Backstage
from importer.sandbox.calls import Call
from importer.sandbox.door import client_id_of, token_of
from importer.sandbox.grants import READ, WRITE
from importer.sandbox.limits import Pace, Quota, refuse_pace
from importer.sandbox.refusals import Refused

_WRITING_SCOPES = frozenset({WRITE, "public"})  # simkl-api.md 2.1: V2 and V1


class Gate:
    """The checks of one stand-in; `writes` are the endpoints for which a token that may write is needed."""

    def __init__(self, stage: Backstage, writes: frozenset[str]) -> None:
        self._stage = stage
        self._writes = writes
        per_day = stage.settings.daily_quota
        self._quota = Quota(stage.database, per_day) if per_day is not None else None

    def check(self, call: Call, pace: Pace) -> None:
        """Raise Refused when the call must not be served."""
        settings = self._stage.settings
        call.is_listed = request.url_rule is not None
        self._check_identity()
        if settings.enforce_limits:
            refuse_pace(pace, self._stage.clock.now())
        if not call.is_listed:
            raise Refused(404, "url_failed")
        oauth.check_app(self._stage)
        if self._is_anonymous(call):
            return
        self._check_token(call)
        if self._quota is not None:
            g.quota_headers = self._quota.spend(self._stage.clock.now())

    def _check_identity(self) -> None:
        settings = self._stage.settings
        if request.path.startswith("/oauth2/"):
            return  # these answer in words of their own, see oauth.check_app
        named = (
            request.args.get("app-name") and request.args.get("app-version") and request.headers.get("User-Agent")
        )
        is_vague = settings.strict_identification and not named
        if is_vague or not settings.registers(client_id_of(request)):
            raise Refused(412, "client_id_failed")

    def _is_anonymous(self, call: Call) -> bool:
        """Whether the call is served without a look at its token."""
        endpoint = request.endpoint or ""
        if endpoint.startswith((lookups.CACHED, oauth.FIRST, oauth.SECOND, oauth.REVOKE)):
            if call.has_token:
                call.breaches.append("a token where none belongs")  # simkl-api.md 1
            return True
        is_first = self._stage.settings.generation_of(client_id_of(request) or "") == 1
        return endpoint.startswith(lookups.LOOKUP) and is_first and not call.has_token

    def _check_token(self, call: Call) -> None:
        token = token_of(request)
        if token is None:
            raise Refused(401, "user_token_required")
        scope = self._scope_of(call, token)
        if scope is None:
            raise Refused(401, "user_token_failed")
        if request.endpoint in self._writes and not _WRITING_SCOPES.intersection(scope.split()):
            raise Refused(403, "insufficient_scope")

    def _scope_of(self, call: Call, token: str) -> str | None:
        """What the token allows; None: it is no good."""
        settings = self._stage.settings
        client_id = client_id_of(request) or ""
        with self._stage.database.reading():
            issued = self._stage.grants.issued(token, self._stage.clock.now().timestamp())
        if issued is None:
            if settings.tokens is not None and token in settings.tokens:
                return settings.tokens[token]
            is_any_good = settings.tokens is None and not settings.only_issued_tokens
            return f"{READ} {WRITE}" if is_any_good else None
        if issued.client_id == client_id:
            return issued.scope if issued.is_alive else None
        call.breaches.append("the token of another app")
        if settings.generation_of(issued.client_id) != settings.generation_of(client_id):
            with self._stage.database.writing():  # simkl-api.md 2.1: tokens used across generations are revoked
                self._stage.grants.revoke(issued.client_id, token)
        return None
