"""The page on which a person lets an app in or not: what stands for simkl.com/pin (simkl-api.md 14.1 and 14.7)."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template_string, request

from importer.sandbox.backstage import Backstage
from importer.sandbox.codes import State
from importer.sandbox.door import PAGE

_POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_WORDS = {State.APPROVED: "has been approved", State.REFUSED: "has been refused"}
_DECISIONS = {"approve": State.APPROVED, "refuse": State.REFUSED}

_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox sign-in</title></head>
<body>
<h1>Sandbox sign-in</h1>
<p>This is the stand-in that rateport serves on this machine. It is not Simkl, and nothing you do here leaves
the machine.</p>
{% if told %}<p role="status">{{ told }}</p>{% endif %}
{% if not is_done %}
{% if code %}<p>The app <b>{{ code.client_id }}</b> asks for <b>{{ code.scope }}</b>.</p>{% endif %}
<form method="post" action="{{ page }}">
<p><label>Code from your terminal
<input name="user_code" value="{{ typed }}" autocomplete="off" maxlength="20" required></label></p>
<p><button name="decision" value="approve">Approve</button>
<button name="decision" value="refuse">Refuse</button></p>
</form>
{% endif %}
</body>
</html>
"""


def add_routes(app: Flask, stage: Backstage) -> None:
    """The page, and the decision that it sends."""

    @app.get(PAGE)
    def ask() -> Response:
        typed = request.args.get("user_code", "")
        with stage.database.reading():
            code = stage.codes.waiting(typed, stage.clock.now().timestamp())
        return _page(200, typed=typed, code=code)

    @app.post(PAGE)
    def decide() -> Response:
        typed = request.form.get("user_code", "")
        state = _DECISIONS.get(request.form.get("decision", ""))
        if state is None:
            return _page(400, typed=typed, told="Press one of the two buttons.")
        with stage.database.writing():
            code = stage.codes.decide(typed, state, stage.clock.now().timestamp())
        if code is None:
            return _page(404, typed=typed, told="No app waits for this code: it is misspelt, expired or spent.")
        told = f"{code.user_code} {_WORDS[state]}. Go back to your terminal."
        return _page(200, told=told, is_done=True)


def _page(status: int, **facts: object) -> Response:
    response = make_response(render_template_string(_TEMPLATE, page=PAGE, **facts), status)
    response.headers |= {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return response
