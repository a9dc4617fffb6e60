"""Sign-ins in the keyring of the machine, where the optional library `keyring` finds one that works; and the
choice between it and the file.

Choosing never fails because of a keyring: one that is missing, locked or broken is one that is not used.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from importer.simkl.tokenfile import LOCK, FileStore
from importer.simkl.tokens import SIGN_IN, StoredSignIn, TokenStore, sign_in_of
from importer.vocabulary.errors import AuthError

SERVICE = "rateport"
PROBE = "probe"
_RECOMMENDED = 1  # on keyring's own scale; backends below keep nothing, or keep it in the open
_UNWRAPPED = (
    ("keyring.errors", "KeyringError"),
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("pywintypes", "error"),
)
"""What keyring and its backends raise beside the exceptions of Python itself."""
_PLAIN: tuple[type[Exception], ...] = (
    ImportError,
    OSError,
    RuntimeError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
)


class Backend(Protocol):
    """What is used of a keyring backend."""

    priority: float

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""
        ...


class _Broken(Exception):
    """The keyring failed, in whatever way."""


class KeyringStore:
    """One entry of the keyring for each address."""

    place = "the keyring of this machine"

    def __init__(self, backend: Backend, folder: Path) -> None:
        self._backend = backend
        self.lock_path = folder / LOCK

    def load(self, origin: str) -> StoredSignIn | None:
        """The sign-in of `origin`; AuthError when the keyring fails or holds something else."""
        with _told():
            text = self._backend.get_password(SERVICE, origin)
        return None if text is None else sign_in_of(text, origin, self.place)

    def save(self, sign_in: StoredSignIn) -> None:
        """Keep `sign_in` in place of the one of the same address."""
        with _told():
            self._backend.set_password(SERVICE, sign_in.origin, SIGN_IN.dump_json(sign_in).decode())

    def delete(self, origin: str) -> None:
        """Forget the sign-in of `origin`, if there is one."""
        with _told():
            if self._backend.get_password(SERVICE, origin) is not None:
                self._backend.delete_password(SERVICE, origin)


@dataclass(frozen=True, slots=True)
class Choice:
    """The store to use, and one sentence that says which it is and why."""

    store: TokenStore
    sentence: str


def choose_store(folder: Path, origin: str) -> Choice:
    """The store that has the sign-in of `origin` or is to get it: a file that has it stays in use, else the
    keyring where it works, else the file."""
    file = FileStore(folder)
    if file.load(origin) is not None:
        return Choice(file, f"The sign-in is kept in {file.place}.")
    try:
        backend = _working_backend()
    except _Broken as trouble:
        return Choice(file, f"The sign-in is kept in {file.place}, for {trouble}.")
    return Choice(KeyringStore(backend, folder), f"The sign-in is kept in {KeyringStore.place}.")


def _working_backend() -> Backend:
    with _caught():
        try:
            keyring = importlib.import_module("keyring")
        except ModuleNotFoundError:
            raise _Broken("the optional library keyring is not installed") from None
        backend: Backend = keyring.get_keyring()
        if backend.priority < _RECOMMENDED:
            raise _Broken("this machine has no keyring that is safe to use")
        backend.set_password(SERVICE, PROBE, PROBE)
        kept = backend.get_password(SERVICE, PROBE)
        backend.delete_password(SERVICE, PROBE)
    if kept != PROBE:
        raise _Broken("the keyring of this machine does not keep what it is given")
    return backend


@contextmanager
def _told() -> Iterator[None]:
    try:
        with _caught():
            yield
    except _Broken as trouble:
        raise AuthError(
            f"The sign-in is in the keyring, yet {trouble}. Unlock it, or set RATEPORT_ACCESS_TOKEN."
        ) from None


@contextmanager
def _caught() -> Iterator[None]:
    """Every way in which a keyring fails becomes `_Broken`, without the library's own words, which may hold more
    than should be shown."""
    troubles = (*_PLAIN, *_unwrapped())
    try:
        yield
    except troubles as error:
        raise _Broken(f"the keyring of this machine does not work ({type(error).__name__})") from None


def _unwrapped() -> tuple[type[Exception], ...]:
    found: list[type[Exception]] = []
    for module, name in _UNWRAPPED:
        try:
            kind = getattr(importlib.import_module(module), name)
        except _PLAIN:
            continue
        found.append(kind)
    return tuple(found)
