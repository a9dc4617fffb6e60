"""Finds the adapters: every module of the package `adapters`, and third parties' through entry points."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points

import adapters
from importer.adapter import Adapter
from importer.vocabulary.errors import ConfigError

ENTRY_POINTS = "rateport.adapters"


@cache
def load_adapters() -> tuple[Adapter, ...]:
    """All adapters by name, each name once.

    Raises ConfigError when a third-party adapter cannot be loaded or takes a name that is in use, and when
    another package named `adapters` shadows ours.
    """
    ours = [_of_module(module.name) for module in pkgutil.iter_modules(adapters.__path__)]
    if not ours:
        raise ConfigError(
            "Another package named 'adapters' is installed in this environment; install rateport by itself with "
            "'pipx install rateport'."
        )
    return tuple(sorted(_each_once([*ours, *_third_party()]), key=lambda adapter: adapter.name))


def _of_module(name: str) -> Adapter:
    found = importlib.import_module(f"adapters.{name}").ADAPTER
    assert isinstance(found, Adapter)
    return found


def _third_party() -> Iterable[Adapter]:
    for point in entry_points(group=ENTRY_POINTS):
        try:
            found = point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigError(f"The adapter {point.name} ({point.value}) cannot be loaded: {error}") from error
        if not isinstance(found, Adapter):
            raise ConfigError(f"The adapter {point.name} ({point.value}) is no importer.adapter.Adapter.")
        yield found


def _each_once(found: Iterable[Adapter]) -> list[Adapter]:
    by_name: dict[str, Adapter] = {}
    for adapter in found:
        if adapter.name in by_name:
            raise ConfigError(f"Two adapters are named {adapter.name}; uninstall one of them.")
        by_name[adapter.name] = adapter
    return list(by_name.values())
