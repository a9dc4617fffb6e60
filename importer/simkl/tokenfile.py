"""Sign-ins in a file of the config folder, which nobody but its owner may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from importer.simkl.tokens import SIGN_IN, StoredSignIn, damaged, sign_in_of
from importer.vocabulary.errors import AuthError
from importer.vocabulary.folders import make_private

FILE = "sign-in.json"
LOCK = "sign-in.lock"
VERSION = 1
LARGEST = 1 << 20  # bytes; a few sign-ins are a few hundred each

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a pipe in place of the file must not hold us up
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: int
    sign_ins: dict[str, JsonValue]


class FileStore:
    """One JSON file with a sign-in for each address."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.lock_path = folder / LOCK

    @property
    def place(self) -> str:
        """The file."""
        return str(self._path)

    def load(self, origin: str) -> StoredSignIn | None:
        """The sign-in of `origin`; AuthError when others may read the file, or it is not what was written."""
        entry = self._entries().get(origin)
        return None if entry is None else sign_in_of(_JSON.dump_json(entry), origin, self.place)

    def save(self, sign_in: StoredSignIn) -> None:
        """Write the file anew beside the old one and put it in its place, so that it is never half written."""
        self._write(self._entries() | {sign_in.origin: SIGN_IN.dump_python(sign_in, mode="json")})

    def delete(self, origin: str) -> None:
        """Take the sign-in of `origin` out, and the file away with the last one."""
        entries = self._entries()
        if entries.pop(origin, None) is None:
            return
        if entries:
            self._write(entries)
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise AuthError(f"{self.place}: the sign-in cannot be deleted: {error.strerror}.") from None

    def _entries(self) -> dict[str, JsonValue]:
        text = self._read()
        if text is None:
            return {}
        try:
            content = _Content.model_validate_json(text)
        except ValidationError:
            raise damaged(self.place) from None  # its message would quote the tokens
        if content.version != VERSION:
            raise damaged(self.place)
        return content.sign_ins

    def _read(self) -> bytes | None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | _NOFOLLOW | _CLOEXEC | _NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = "it is a link, which is not followed" if self._path.is_symlink() else error.strerror
            raise AuthError(f"{self.place}: cannot be opened: {why}.") from None
        try:
            self._check_owner_only(os.fstat(descriptor))
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                text = file.read(LARGEST + 1)
        finally:
            os.close(descriptor)
        if len(text) > LARGEST:
            raise damaged(self.place)
        return text

    def _check_owner_only(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise AuthError(f"{self.place} is not a file. Move it away and sign in again with `rateport login`.")
        if os.name != "posix":
            return  # Windows guards the profile folder by itself (ecosystem.md 3)
        if found.st_uid != os.geteuid():
            raise AuthError(f"{self.place} belongs to another user: the sign-in in it is not used.")
        if found.st_mode & 0o077:
            raise AuthError(
                f"Others may read or change {self.place} (mode {stat.S_IMODE(found.st_mode):04o}), so the sign-in "
                f"in it is not used. Run `chmod 600 {self.place}`, and sign in again if others may have read it."
            )

    def _write(self, entries: dict[str, JsonValue]) -> None:
        text = _Content(version=VERSION, sign_ins=entries).model_dump_json(indent=2).encode()
        draft = self._path.with_name(f".{FILE}.{secrets.token_hex(8)}")
        try:
            make_private(self._path.parent)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _CLOEXEC, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(descriptor)
                draft.replace(self._path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise AuthError(f"{self.place}: the sign-in cannot be written: {error.strerror}.") from None
