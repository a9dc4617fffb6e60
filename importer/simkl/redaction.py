"""What httpx and httpcore may tell a log: where a request went and how it ended, never which app, code or token it
went with."""

from __future__ import annotations

import logging
import re

HIDDEN = "[hidden]"

_LIBRARIES = ("httpx", "httpcore")
_NAMES = "client_id|client_secret|(?:access_|refresh_)?token|(?:device_|user_)?code"
_SHORTER = (
    (re.compile(r"""(?<!Request \[)\bb(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""), HIDDEN),  # headers as they came
    (re.compile(r"(?<=\?)[^\s\"']+"), HIDDEN),  # the query names the app (simkl-api.md 1)
    (re.compile(r"(?<=/oauth/pin/)[^\s/?\"']+"), HIDDEN),
    (re.compile(r"(?i)(?<=\bbearer )[^\s\"']+"), HIDDEN),
    (re.compile(rf"""(?i)\b((?:{_NAMES})\b["']?\s*[=:]\s*["']?)[^\s"'&,;)}}]+"""), rf"\1{HIDDEN}"),
    (re.compile(r'("HTTP/\S+ \d+) .*'), r'\1"'),  # a reason is whatever the other side writes there
)

for _name in _LIBRARIES:
    logging.getLogger(_name).setLevel(logging.WARNING)  # httpx logs whole URLs at INFO (ecosystem.md 3)


class _Discreet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without what it must not tell."""
        record.msg, record.args = redacted(record.getMessage()), None
        return True


_DISCREET = _Discreet()


def guard() -> None:
    """Redact what every logger of these libraries tells whoever turns it on; a record passes the filters of its own
    logger alone, so that each of them needs the filter."""
    for name in (*_LIBRARIES, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LIBRARIES:
            logging.getLogger(name).addFilter(_DISCREET)


def redacted(message: str) -> str:
    """`message` without queries, codes, tokens, and bytes as they came over the wire."""
    for pattern, shorter in _SHORTER:
        message = pattern.sub(shorter, message)
    return message
