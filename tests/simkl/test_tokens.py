"""Where sign-ins are kept: a file that only its owner reads, or a keyring that works."""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from importer.simkl.keychain import KeyringStore, choose_store
from importer.simkl.tokenfile import FileStore
from importer.simkl.tokens import Generation, StoredSignIn, TokenStore
from importer.vocabulary.errors import AuthError, ConfigError
from tests.simkl.signing import ACCESS, FRESH, ORIGIN, sign_in

SANDBOX = "http://127.0.0.1:5000"
FULL = sign_in(expires_at=datetime(2026, 9, 27, 12, tzinfo=UTC))


class Keyring:
    """A backend that keeps secrets in memory, or fails in the way it is told to."""

    def __init__(self, priority: float = 5, trouble: Exception | None = None, forgets: bool = False) -> None:
        self.priority = priority
        self.kept: dict[tuple[str, str], str] = {}
        self._trouble = trouble
        self._forgets = forgets

    def get_password(self, service: str, username: str) -> str | None:
        """The secret."""
        if self._trouble is not None:
            raise self._trouble
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        if self._trouble is not None:
            raise self._trouble
        if not self._forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        self.kept.pop((service, username), None)


class KeyringError(Exception):
    """Stands in for keyring.errors.KeyringError, which derives from nothing more special."""


def install(monkeypatch: pytest.MonkeyPatch, backend: Keyring) -> None:
    """Let `import keyring` find a library whose backend is `backend`."""
    library, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    library.get_keyring = lambda: backend  # type: ignore[attr-defined]
    errors.KeyringError = KeyringError  # type: ignore[attr-defined]
    library.errors = errors  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", library)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own keyring stays out of the tests: `import keyring` finds nothing."""
    monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture(params=["file", "keyring"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    """Each kind of store."""
    return FileStore(tmp_path / "home") if request.param == "file" else KeyringStore(Keyring(), tmp_path / "home")


def test_what_is_saved_is_loaded(store: TokenStore) -> None:
    """Field by field, for each address its own, also with nothing but an access token."""
    old = sign_in("a" * 64, generation=Generation.V1, refresh_token=None, origin=SANDBOX, account_id="8")
    store.save(FULL)
    store.save(old)
    assert (store.load(ORIGIN), store.load(SANDBOX), store.load("https://example.org")) == (FULL, old, None)


def test_saving_again_replaces(store: TokenStore) -> None:
    """One sign-in for each address."""
    store.save(FULL)
    store.save(sign_in(FRESH))
    assert store.load(ORIGIN) == sign_in(FRESH)


def test_deleting(store: TokenStore) -> None:
    """Takes one and leaves the others; nothing to delete is no error."""
    store.delete(ORIGIN)
    store.save(FULL)
    store.save(sign_in(origin=SANDBOX))
    store.delete(ORIGIN)
    store.delete(ORIGIN)
    assert (store.load(ORIGIN), store.load(SANDBOX)) == (None, sign_in(origin=SANDBOX))
    store.delete(SANDBOX)
    assert store.load(SANDBOX) is None


def test_a_sign_in_opens_only_the_address_that_issued_it() -> None:
    """A token of the real service never reaches another one, and the other way round."""
    assert FULL.credentials(ORIGIN).access_token == ACCESS
    with pytest.raises(AuthError, match=r"issued by https://api\.simkl\.com and is not shown to http://127"):
        FULL.credentials(SANDBOX)


def test_a_sign_in_that_cannot_travel_is_refused() -> None:
    """As all credentials."""
    with pytest.raises(ConfigError):
        sign_in("with space").credentials(ORIGIN)


def test_a_moved_entry_is_not_used(tmp_path: Path) -> None:
    """An entry that was copied under another address keeps its own."""
    store = FileStore(tmp_path)
    store.save(FULL)
    path = Path(store.place)
    content = json.loads(path.read_text())
    content["sign_ins"][SANDBOX] = content["sign_ins"].pop(ORIGIN)
    path.write_text(json.dumps(content))
    with pytest.raises(AuthError, match=r"sign-in of https://api\.simkl\.com in place of http://127"):
        store.load(SANDBOX)


# --- the file -----------------------------------------------------------------------------------------


def modes(folder: Path) -> tuple[str, str]:
    """The permissions of the folder and of the file in it."""
    return oct(folder.stat().st_mode & 0o777), oct((folder / "sign-in.json").stat().st_mode & 0o777)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_can_read_the_file(tmp_path: Path, umask: int) -> None:
    """Whatever the umask is, from the first byte on and after each rewrite; no draft stays behind."""
    before = os.umask(umask)
    try:
        store = FileStore(tmp_path / "home")
        store.save(FULL)
        assert modes(tmp_path / "home") == ("0o700", "0o600")
        store.save(sign_in(FRESH))
        assert modes(tmp_path / "home") == ("0o700", "0o600")
    finally:
        os.umask(before)
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["sign-in.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o660, 0o666, 0o610])
def test_a_file_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    """With a sentence that says how to mend it; it is neither used nor overwritten."""
    store = FileStore(tmp_path)
    store.save(FULL)
    Path(store.place).chmod(mode)
    with pytest.raises(AuthError, match=rf"mode {mode:04o}.*chmod 600"):
        store.load(ORIGIN)
    with pytest.raises(AuthError, match="chmod 600"):
        store.save(sign_in(FRESH))
    Path(store.place).chmod(0o600)
    assert store.load(ORIGIN) == FULL


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may write to the folder could have put their own sign-in there."""
    store = FileStore(tmp_path)
    store.save(FULL)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(AuthError, match="belongs to another user"):
        store.load(ORIGIN)


def test_a_draft_is_never_written_into_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if its name could be foreseen: neither into a file nor through a link."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "foreseen")
    draft = tmp_path / ".sign-in.json.foreseen"
    draft.write_text("theirs")
    with pytest.raises(AuthError, match="cannot be written"):
        FileStore(tmp_path).save(FULL)
    assert draft.read_text() == "theirs"


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    """Neither for reading nor for writing: what it points to stays as it is."""
    elsewhere = FileStore(tmp_path / "elsewhere")
    elsewhere.save(FULL)
    store = FileStore(tmp_path / "home")
    (tmp_path / "home").mkdir()
    Path(store.place).symlink_to(elsewhere.place)
    for act in (lambda: store.load(ORIGIN), lambda: store.save(sign_in(FRESH)), lambda: store.delete(ORIGIN)):
        with pytest.raises(AuthError, match="it is a link, which is not followed"):
            act()
    assert elsewhere.load(ORIGIN) == FULL


def test_a_pipe_or_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """And does not hold the program up."""
    os.mkfifo(tmp_path / "sign-in.json", 0o600)
    with pytest.raises(AuthError, match="is not a file"):
        FileStore(tmp_path).load(ORIGIN)
    (tmp_path / "home" / "sign-in.json").mkdir(parents=True)
    with pytest.raises(AuthError, match=r"is not a file|cannot be opened"):
        FileStore(tmp_path / "home").load(ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"version": 2, "sign_ins": {}}',
        '{"version": 1, "sign_ins": []}',
        '{"version": 1, "sign_ins": {"https://api.simkl.com": 7}}',
        '{"version": 1, "sign_ins": {"https://api.simkl.com": {"access_token": "CANARY"}}}',
        '{"version": 1, "sign_ins": {}, "more": "CANARY"}',
        '{"version": "CANARY", "sign_ins": {}}',
        "[" * 100_000,
        " " * 2_000_000,
    ],
)
def test_a_damaged_file_is_told_and_kept(tmp_path: Path, text: str) -> None:
    """It is not quoted, for it may hold tokens, and nothing is written over it."""
    store = FileStore(tmp_path)
    path = Path(store.place)
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(AuthError, match=r"damaged, or of a newer rateport.*rateport login") as caught:
        store.load(ORIGIN)
    assert "CANARY" not in str(caught.value)
    if "https://" not in text:
        with pytest.raises(AuthError):
            store.save(FULL)
        assert path.read_text() == text


def test_a_moment_without_a_zone_is_damage(tmp_path: Path) -> None:
    """Nobody could say when the sign-in ends."""
    store = FileStore(tmp_path)
    store.save(FULL)
    path = Path(store.place)
    path.write_text(path.read_text().replace("12:00:00Z", "12:00:00"))
    with pytest.raises(AuthError, match="damaged"):
        store.load(ORIGIN)


def test_a_delete_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign-out that did nothing must not look like one."""
    store = FileStore(tmp_path)
    store.save(FULL)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(AuthError, match="cannot be deleted: Permission denied"):
        store.delete(ORIGIN)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of it: the old sign-in stays whole, and no draft lies about."""
    store = FileStore(tmp_path)
    store.save(FULL)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AuthError, match="cannot be written: No space left"):
        store.save(sign_in(FRESH))
    assert store.load(ORIGIN) == FULL
    assert [path.name for path in tmp_path.iterdir()] == ["sign-in.json"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "home").write_text("")
    with pytest.raises(AuthError, match=r"cannot be (opened|written)"):
        FileStore(tmp_path / "home").save(FULL)


# --- the keyring, and the choice ----------------------------------------------------------------------


def test_without_the_library_the_file_is_chosen(tmp_path: Path) -> None:
    """And the sentence says so."""
    choice = choose_store(tmp_path, ORIGIN)
    assert isinstance(choice.store, FileStore)
    assert choice.sentence == (
        f"The sign-in is kept in {tmp_path}/sign-in.json, for the optional library keyring is not installed."
    )


def test_a_keyring_that_works_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried with a secret of no worth, which does not stay."""
    backend = Keyring()
    install(monkeypatch, backend)
    choice = choose_store(tmp_path, ORIGIN)
    assert choice.sentence == "The sign-in is kept in the keyring of this machine."
    assert backend.kept == {}
    choice.store.save(FULL)
    assert choose_store(tmp_path, ORIGIN).store.load(ORIGIN) == FULL
    assert list(backend.kept) == [("rateport", ORIGIN)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (Keyring(priority=0), "no keyring that is safe to use"),
        (Keyring(priority=0.5), "no keyring that is safe to use"),
        (Keyring(forgets=True), "does not keep what it is given"),
        (Keyring(trouble=KeyringError("CANARY")), r"does not work \(KeyringError\)"),
        (Keyring(trouble=RuntimeError("CANARY")), r"does not work \(RuntimeError\)"),
        (Keyring(trouble=OSError("CANARY")), r"does not work \(OSError\)"),
    ],
)
def test_a_keyring_that_does_not_work_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: Keyring, reason: str
) -> None:
    """It fails no command; the file does as well, and the sentence says why."""
    install(monkeypatch, backend)
    choice = choose_store(tmp_path, ORIGIN)
    assert isinstance(choice.store, FileStore)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(choice.sentence)
    assert "CANARY" not in choice.sentence


def test_a_library_that_breaks_on_import_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a part of it is missing."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "keyring.py").write_text("raise RuntimeError('no display')\n")
    monkeypatch.syspath_prepend(library)
    monkeypatch.delitem(sys.modules, "keyring")
    choice = choose_store(tmp_path, ORIGIN)
    assert isinstance(choice.store, FileStore)
    assert "does not work (RuntimeError)" in choice.sentence


def test_a_file_that_has_the_sign_in_stays_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that turns up later would hide it."""
    FileStore(tmp_path).save(FULL)
    install(monkeypatch, Keyring())
    choice = choose_store(tmp_path, ORIGIN)
    assert choice.store.load(ORIGIN) == FULL
    assert choice.sentence == f"The sign-in is kept in {tmp_path}/sign-in.json."
    assert isinstance(choose_store(tmp_path, SANDBOX).store, KeyringStore)


def test_a_keyring_that_fails_later_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked in mid-work: no traceback, no words of the library."""
    install(monkeypatch, Keyring())
    store = KeyringStore(Keyring(trouble=KeyringError("CANARY")), tmp_path)
    for act in (lambda: store.load(ORIGIN), lambda: store.save(FULL), lambda: store.delete(ORIGIN)):
        with pytest.raises(AuthError, match=r"does not work \(KeyringError\)\. Unlock it") as caught:
            act()
        assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "null", '{"access_token":"CANARY"}'])
def test_a_foreign_entry_of_the_keyring_is_told(tmp_path: Path, text: str) -> None:
    """Another program may use the same name."""
    backend = Keyring()
    backend.kept["rateport", ORIGIN] = text
    with pytest.raises(AuthError, match="damaged") as caught:
        KeyringStore(backend, tmp_path).load(ORIGIN)
    assert "CANARY" not in str(caught.value)


def test_reprs_hide_what_opens_the_account() -> None:
    """The rest may be shown."""
    said: list[Any] = [repr(FULL), str(FULL), f"{FULL}"]
    assert not [text for text in said if "CANARY" in text or "canary" in text]
    assert "account_name='Ada'" in said[0]


def test_every_field_survives_the_trip(store: TokenStore) -> None:
    """Also names from all over the world."""
    ada = StoredSignIn(
        generation=Generation.V2,
        client_id="c",
        access_token="a",
        refresh_token=None,
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        scope="",
        origin=ORIGIN,
        account_id="12345678901234567890",
        account_name='Ада "\\\u202e',
    )
    store.save(ada)
    assert store.load(ORIGIN) == ada
