"""An adapter with the world taken away: whoever reads anything but the document fails."""

from __future__ import annotations

import datetime as datetime_module
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn
from unittest.mock import patch

from importer.adapter import Adapter

_FORBIDDEN = (
    "builtins.open",
    "io.open",
    "os.getenv",
    "os.listdir",
    "os.open",
    "os.scandir",
    "os.stat",
    "socket.create_connection",
    "socket.getaddrinfo",
    "socket.socket",
    "subprocess.Popen",
    "time.gmtime",
    "time.localtime",
    "time.monotonic",
    "time.time",
    "time.time_ns",
)


class _Unreadable(dict[Any, Any]):
    """An environment that fails whoever looks into it."""

    def _fail(self, *_: object) -> NoReturn:
        raise AssertionError("the adapter reads the environment; it may read only its document")

    __getitem__ = __contains__ = __iter__ = get = _fail


class _ClocklessDate(datetime_module.date):
    @classmethod
    def today(cls) -> NoReturn:
        """Fail."""
        raise AssertionError("the adapter asks for today's date; it may read only its document")


class _ClocklessDatetime(datetime_module.datetime):
    @classmethod
    def now(cls, tz: object = None) -> NoReturn:
        """Fail."""
        raise AssertionError("the adapter reads the clock; it may read only its document")

    today = utcnow = now


@contextmanager
def nothing_but_the_document(adapter: Adapter) -> Iterator[None]:
    """Clock, network, file system and environment fail for the calling thread while the block runs."""
    with ExitStack() as stack:
        for name in _FORBIDDEN:
            stack.enter_context(patch(name, _failing(name)))
        stack.enter_context(patch("os.environ", _Unreadable()))
        for target, name, substitute in _clocks(adapter):
            stack.enter_context(patch.object(target, name, substitute))
        yield


def _failing(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(".")
    real = getattr(sys.modules.get(module) or __import__(module), attribute)
    here = threading.get_ident()

    def call(*args: Any, **named: Any) -> Any:
        if threading.get_ident() == here:
            raise AssertionError(f"the adapter calls {name}; it may read only its document")
        return real(*args, **named)

    return call


def _clocks(adapter: Adapter) -> Iterator[tuple[Any, str, type]]:
    """The names under which the adapter's module and its neighbours know the clock."""
    substitutes = {datetime_module.datetime: _ClocklessDatetime, datetime_module.date: _ClocklessDate}
    package = adapter.parse.__module__.partition(".")[0]
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == package]
    for module in [datetime_module, *modules]:
        for name, value in list(vars(module).items()):
            if isinstance(value, type) and value in substitutes:
                yield module, name, substitutes[value]
