"""Settings: config file < environment < flags, and where each value came from.

The model is the one list of settings; `config.example.toml` is held against it by a test.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from importer.vocabulary import owntables
from importer.vocabulary.dateforms import FORMS
from importer.vocabulary.dates import Order
from importer.vocabulary.errors import ConfigError
from importer.vocabulary.owntables import OwnTable, plain_word
from importer.vocabulary.records import FromParts
from importer.vocabulary.scales import HIGHEST, LOWEST, SCALES
from importer.vocabulary.sends import OnConflict, Section

API_URL = "https://api.simkl.com"
SANDBOX_URL = "http://localhost"

_LARGEST_BYTES = 1024 * 1024

ENVIRONMENT = {
    "RATEPORT_CLIENT_ID": "client_id",
    "RATEPORT_ACCESS_TOKEN": "access_token",
    "RATEPORT_API_URL": "api_url",
}


class Table(BaseModel):
    """What a table of your own means. It holds for tables that no source claims, or under --source rateport."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scale: str = Field("1 to 10", description="The scale of its scores, by name.")
    date_form: str = Field("iso", description="How its dates are written: day, iso, utc, ymd, named, epoch-s ...")
    kind: str = Field("", description="movie, show, anime or anime movie, where no column of the table tells.")
    columns: dict[str, str] = Field(
        {}, description='Your names of its columns by the plain ones: title = "Film", rating = "My stars".'
    )
    types: dict[str, str] = Field({}, description='What your words for types mean: "Spielfilm" = "movie".')

    @field_validator("scale")
    @classmethod
    def _known_scale(cls, value: str) -> str:
        return _one_of(SCALES, value, "scale")

    @field_validator("date_form")
    @classmethod
    def _known_form(cls, value: str) -> str:
        return _one_of(FORMS, value, "form of dates")

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, value: dict[str, str]) -> dict[str, str]:
        for plain in value:
            _one_of(owntables.COLUMNS, plain, "plain column")
        _each_once(value.values())
        return value

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: dict[str, str]) -> dict[str, str]:
        for meaning in value.values():
            _one_of(owntables.TYPES, meaning, "kind")
        _each_once(value)
        return {plain_word(word): meaning for word, meaning in value.items()}

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        return value and _one_of(owntables.TYPES, value, "kind")

    @model_validator(mode="after")
    def _kind_told_once(self) -> Self:
        if self.kind and "type" in self.columns:
            raise ValueError(
                "kind is for tables without a column that tells; leave out kind, or type of the columns"
            )
        return self


def _one_of(known: Iterable[str], value: str, what: str) -> str:
    if value not in known:
        raise ValueError(f"there is no {what} {value!r}; known are {', '.join(known)}")
    return value


def _each_once(words: Iterable[str]) -> None:
    seen: set[str] = set()
    for word in map(plain_word, words):
        if not word or word in seen:
            raise ValueError(f"{word!r} stands there twice" if word else "a name is empty")
        seen.add(word)


def _rating(value: object) -> object:
    if type(value) is not int or not LOWEST <= value <= HIGHEST:  # a bool would pass for 0 or 1
        raise ValueError(f"a rating is a whole number from {LOWEST} to {HIGHEST}")
    return value


class Settings(BaseModel):
    """Every setting with its default and one line of meaning."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: str = Field("", description="Zone of times that an export writes without one, as in Europe/Berlin.")
    date_order: str = Field(
        "", description="dmy or mdy, for dates like 4/5/2026 where no date in the column tells."
    )
    encoding: str = Field("", description="Encoding of files that are neither UTF-8, UTF-16 nor Windows-1252.")
    stand_in_dates: bool = Field(True, description="Let a finish or watch date stand in for a missing rating date.")
    hold_undated: bool = Field(False, description="Keep rows without any date back; Simkl would date them today.")
    prefer: str = Field(
        "newest", description="Who speaks for a title: newest, oldest, highest, or sources in order."
    )
    ids_only: bool = Field(False, description="Send ids alone, never a title with its year.")
    type: list[str] = Field(["movies", "shows", "anime"], description="Which of movies, shows and anime to send.")
    since: str = Field("", description="Send only what was rated on or after this day, as in 2024-01-01.")
    profile: str = Field("", description="Whose ratings to read, where an export holds those of several people.")
    shows_from_seasons: str = Field(
        "",
        description="mean, latest or highest, to rate a show by its seasons or episodes if it is not rated itself.",
    )
    on_conflict: str = Field(
        "newest",
        description="Who wins where Simkl holds a rating already: newest, keep, overwrite or highest.",
    )
    only_listed: bool = Field(False, description="Rate only titles that are on one of your Simkl lists already.")
    with_history: bool = Field(
        False, description="Also mark movies as watched on the day that the export says they were watched."
    )
    restore_status: bool = Field(
        False, description="Put titles back on the list they were on, should rating them move them to another."
    )
    backup: bool = Field(True, description="Save the account's ratings and lists before every import.")
    client_id: str = Field("", description="Your app's client id, from simkl.com/settings/developer.")
    access_token: str = Field(
        "", exclude=True, description="Your access token; better kept in RATEPORT_ACCESS_TOKEN than in a file."
    )
    api_url: str = Field(API_URL, description="The service: https, or plain http on this machine only.")
    table: Table = Field(Table(), description="One table of your own; 'rateport identify FILE' proposes this.")
    scales: dict[str, dict[str, Annotated[int, BeforeValidator(_rating)]]] = Field(
        {}, description='Own ratings for the scores of a scale: [scales.stars-5-halves] "3.5" = 8.'
    )

    @field_validator("date_order")
    @classmethod
    def _known_order(cls, value: str) -> str:
        if value and value not in set(Order):
            raise ValueError("use dmy (day first) or mdy (month first)")
        return value

    @field_validator("shows_from_seasons")
    @classmethod
    def _known_rule(cls, value: str) -> str:
        return value and _one_of(list(FromParts), value, "rule")

    @field_validator("on_conflict")
    @classmethod
    def _known_conflict(cls, value: str) -> str:
        return _one_of(list(OnConflict), value, "policy")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value:
            zone(value)
        return value

    @field_validator("type")
    @classmethod
    def _known_types(cls, value: list[str]) -> list[str]:
        if strange := sorted(set(value) - set(Section)):
            raise ValueError(f"{strange[0]!r} is none of movies, shows, anime")
        return value

    @property
    def own_table(self) -> OwnTable | None:
        """What is said of a table of the person's own, or None when nothing is."""
        return OwnTable(**self.table.model_dump()) if self.table != Table() else None


def zone(name: str) -> ZoneInfo:
    """The zone called `name`. Raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; use names like Europe/Berlin or UTC") from None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force, where each that is not a default came from, and the folder of rateport's files."""

    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=Path)


def home_folder(environment: Mapping[str, str]) -> Path:
    """Where config, journals and sandbox state lie: RATEPORT_HOME, or the platform's place for user data. Raises
    ConfigError for a user who has no home folder."""
    named = environment.get("RATEPORT_HOME")
    try:
        return Path(named or platformdirs.user_data_dir("rateport", appauthor=False)).expanduser()
    except RuntimeError:
        raise ConfigError(
            f"{named or '~'}: there is no such home folder. Set RATEPORT_HOME to a folder that you may write to."
        ) from None


def load(flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration from file, environment and `flags` (those not None), the later winning.

    Raises ConfigError that names the value, where it came from, and what would do.
    """
    environment = os.environ if environment is None else environment
    home = home_folder(environment)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    from_file = _from_file(home / "config.toml")
    from_environment = {name: environment[key] for key, name in ENVIRONMENT.items() if environment.get(key)}
    from_flags = {name: value for name, value in flags.items() if value is not None}
    for origin, layer in (
        (str(home / "config.toml"), from_file),
        ("environment", from_environment),
        ("flag", from_flags),
    ):
        values.update(layer)
        origins.update(dict.fromkeys(layer, origin))
    return Configuration(_validated(values, origins), origins, home)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: the text is not UTF-8; save it anew in that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}.") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deep for any setting.") from None
    except ValueError:  # Python reads no numbers of thousands of digits
        raise ConfigError(f"{path}: a number in it is too long.") from None


def _text(path: Path) -> str:
    """What the file holds, without the mark that some editors put first. Raises ConfigError for what is no file of
    settings, before it is read."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(f"{path}: this is not a file; move it away.")
    if found.st_size > _LARGEST_BYTES:
        raise ConfigError(f"{path}: the file is too large to hold settings alone.")
    return path.read_text(encoding="utf-8-sig")


def _validated(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(Table.model_fields if len(first["loc"]) > 1 else Settings.model_fields)
            raise ConfigError(
                f"{origins.get(name, '?')}: there is no setting {where}; known are {known}."
            ) from None
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{where} (from {origins.get(name, '?')}): {message}.") from None
