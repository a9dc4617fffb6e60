"""Finds the adapters: every module of the package `adapters`, and third parties' through entry points.

What lies in the folders of our packages is told by its source first, and what is not ours is not run.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from importer.adapter import Adapter
from importer.vocabulary.distribution import NAME, another
from importer.vocabulary.errors import ConfigError

ENTRY_POINTS = "rateport.adapters"
_OURS = re.compile(rf'^__distribution__ = "{NAME}"'.encode(), re.MULTILINE)
_SOURCE = re.compile(rb"^ADAPTER\b", re.MULTILINE)


@cache
def load_adapters() -> tuple[Adapter, ...]:
    """All adapters by name, each name once.

    Raises ConfigError when a third-party adapter cannot be loaded or takes a name that is in use, and when
    another package named `adapters` or `importer` takes the place of ours or mixes with it.
    """
    ours = [_of_module(name) for name in _own_modules()]
    return tuple(sorted(_each_once([*ours, *_third_party()]), key=lambda adapter: adapter.name))


def _own_modules() -> list[str]:
    """The modules of the package `adapters`, once it is sure that each is ours."""
    for package in ("importer", "adapters"):
        if not _reads(package, _OURS):
            raise ConfigError(another(package))
    folders = importlib.import_module("adapters").__path__
    found = [module.name for module in pkgutil.iter_modules(folders, "adapters.")]
    if strange := [name for name in found if not _reads(name, _SOURCE)]:
        raise ConfigError(f"{another('adapters')} (There is no ADAPTER in {strange[0]}.)")
    return found


def _reads(module: str, line: re.Pattern[bytes]) -> bool:
    """Whether the source of a module, which is not run for it, has such a line."""
    spec = find_spec(module)
    return spec is not None and spec.origin is not None and line.search(Path(spec.origin).read_bytes()) is not None


def _of_module(name: str) -> Adapter:
    found = importlib.import_module(name).ADAPTER
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
