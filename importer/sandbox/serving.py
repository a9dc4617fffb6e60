"""The stand-in on loopback, for other processes."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from importer.vocabulary.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_LOOPBACK = "127.0.0.1"
_POLL_S = 0.05


class _Handler(WSGIRequestHandler):
    wbufsize = 65536  # with unbuffered writes Nagle and delayed ACK cost 44 ms a call (ecosystem.md 1.13)
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the call log has it all."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Close the socket without an answer, which is how a scripted cut looks from outside."""
        self.close_connection = True


class Serving:
    """A running server; `stop`, or the end of the with block, ends it."""

    def __init__(self, app: WSGIApplication, port: int) -> None:
        with _listening(port) as listener:
            self._server = make_server(
                _LOOPBACK, port, app, threaded=True, request_handler=_Handler, fd=listener.fileno()
            )
        self.port: int = self._server.port
        self.url = f"http://{_LOOPBACK}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has stopped; Ctrl-C gets through."""
        self._thread.join()

    def stop(self) -> None:
        """Take no more calls and free the port."""
        self._server.shutdown()
        self._thread.join()

    def __enter__(self) -> Serving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(app: WSGIApplication, port: int = 0) -> Serving:
    """Start to serve `app` on 127.0.0.1; port 0 takes any free one, told by the result's `port` and `url`."""
    return Serving(app, port)


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(
            f"Port {port} on {_LOOPBACK} cannot be used: {str(error).rstrip('.')}. Choose another one."
        ) from error
    return listener
