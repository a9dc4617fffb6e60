"""What `lookup` answers: which title an id names at Simkl, and what its catalogue says of it. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from importer import services
from importer.config import Configuration
from importer.report.titles import KINDS, Card
from importer.services import Service, SignIn
from importer.signing import NO_APP
from importer.simkl import lookups
from importer.simkl.client import Details, Score, SimklClient, Target
from importer.simkl.credentials import AppId
from importer.simkl.keychain import choose_store
from importer.simkl.transport import checked_address, origin_of
from importer.vocabulary import ids
from importer.vocabulary.clock import Clock
from importer.vocabulary.errors import AuthError, ConfigError
from importer.vocabulary.records import Kind
from importer.vocabulary.sends import Section

NEEDS_SIGN_IN = (
    "Simkl looks up ids for this client id only when somebody is signed in, as for all apps of the newer "
    "generation (V2). Run rateport login first. Ids of Simkl itself, as in simkl:53536, need no sign-in."
)
_KINDS = {"movie": Kind.MOVIE, "show": Kind.SHOW}
_SECTIONS: Mapping[Kind | None, tuple[Section, ...]] = {
    None: tuple(Section),
    Kind.MOVIE: (Section.MOVIES, Section.ANIME),  # films among the anime
    Kind.SHOW: (Section.SHOWS, Section.ANIME),
}
_SITES = {"simkl": "Simkl", "imdb": "IMDb", "mal": "MyAnimeList"}
_IMDB = re.compile(
    r"(?:(?:https?://)?(?:\w+\.)?imdb\.com/(?:[a-z\-]+/)?title/)?(tt\d{7,10})(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An id to look up; `kind` where the person names it."""

    space: str
    id: str
    kind: Kind | None = None

    def __str__(self) -> str:
        return ":".join(part for part in (self.space, self.kind, self.id) if part)


@dataclass(frozen=True, slots=True)
class Found:
    """A title at Simkl; no `details` where the catalogue has no record of it."""

    target: Target
    details: Details | None

    @property
    def page(self) -> str:
        """Its address for people; a number that was merged into another one gives way to it."""
        own = self.details.ids.get("simkl") if self.details else None
        return lookups.page(self.target.section, own or self.target.simkl)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What came of one id: no title, one, or a movie and a show."""

    wanted: Wanted
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A service that is asked by an app alone, because nobody is signed in."""

    credentials: AppId
    base_url: str
    wsgi_app: Any = None
    renew: None = None


# --- what is asked ----------------------------------------------------------------------------------------


def wanted(text: str, kind: str | None = None) -> Wanted:
    """The id that `text` names: `imdb:tt0181852`, `tmdb:movie:550`, or an address at IMDb. `kind`, movie or show,
    holds where the text itself names none. Raises ConfigError when it names no id."""
    text = text.strip()
    if page := _IMDB.fullmatch(text.removeprefix("imdb:")):
        text = f"imdb:{page[1]}"
    space, _, rest = text.partition(":")
    word, _, behind = rest.partition(":")
    if behind and word in _KINDS:
        kind, rest = word, behind
    if (space := space.strip().lower()) not in ids.SENDABLE:
        known = ", ".join(ids.SENDABLE)
        raise ConfigError(f"{text!r}: write an id as imdb:tt0181852; ids are known of {known}.")
    id = ids.canonical(space, rest)
    if id is None:
        raise ConfigError(f"{text!r}: {rest!r} is not written as ids of {space} are.")
    return Wanted(space, id, _KINDS[kind] if kind else None)


def service(configuration: Configuration, clock: Clock) -> SignIn | Unsigned:
    """The service with the sign-in that is known, else with the client id alone. Raises AuthError with neither."""
    settings = configuration.settings
    if settings.access_token or _has_sign_in(configuration):
        return services.sign_in(configuration, clock)
    if not settings.client_id:
        raise AuthError(NO_APP)
    return Unsigned(AppId(settings.client_id), settings.api_url)


def _has_sign_in(configuration: Configuration) -> bool:
    origin = origin_of(checked_address(configuration.settings.api_url))
    return choose_store(configuration.home, origin).store.load(origin) is not None


# --- the answer -------------------------------------------------------------------------------------------


def look_up(asked: Iterable[Wanted], to: Service | SignIn | Unsigned, clock: Clock) -> list[LookedUp]:
    """What each id names, asked for once each. Raises AuthError when the service wants a sign-in for that."""
    with SimklClient(
        to.credentials, base_url=to.base_url, clock=clock, wsgi_app=to.wsgi_app, renew=to.renew
    ) as client:
        try:
            return [LookedUp(one, tuple(_found(client, one))) for one in dict.fromkeys(asked)]
        except AuthError:
            if isinstance(to, Unsigned):
                raise AuthError(NEEDS_SIGN_IN) from None
            raise


def _found(client: SimklClient, wanted: Wanted) -> Iterator[Found]:
    sections = _SECTIONS[wanted.kind]
    if wanted.space == "simkl":  # the records are free, a redirect is not (simkl-api.md 8)
        for section in sections:
            if (details := client.details(section, wanted.id)) is not None:
                yield Found(Target(section, wanted.id), details)
        return
    for target in dict.fromkeys(_targets(client, wanted)):
        if target is not None and target.section in sections:
            yield Found(target, client.details(target.section, target.simkl))


def _targets(client: SimklClient, wanted: Wanted) -> Iterator[Target | None]:
    """Where the id leads; under both kinds where it may name a movie and a show."""
    is_open = wanted.kind is None and wanted.space in ids.PER_KIND
    for kind in _KINDS.values() if is_open else [wanted.kind or Kind.MOVIE]:
        yield client.redirect(wanted.space, wanted.id, kind)


# --- how it is told ---------------------------------------------------------------------------------------


def missing(answers: Iterable[LookedUp]) -> list[str]:
    """The ids that name nothing at Simkl, as they were asked for."""
    return [str(answer.wanted) for answer in answers if not answer.found]


def cards(answers: Iterable[LookedUp]) -> list[Card]:
    """One for each title, in the order in which they were asked for."""
    return [_card(answer.wanted, found) for answer in answers for found in answer.found]


def _card(wanted: Wanted, found: Found) -> Card:
    details = found.details
    kind = KINDS[found.target.section]
    facts = [
        ("asked for", str(wanted)),
        ("type", f"{kind}, {details.anime_type}" if details and details.anime_type else kind),
        ("Simkl", found.page),
    ]
    if details is None:
        return Card("(no title)", (*facts, ("note", "Simkl's catalogue has no record of it.")))
    facts.append(("ids", ", ".join(f"{space}:{id}" for space, id in details.ids.items())))
    facts.append(("scores", "; ".join(_told(_SITES[site], score) for site, score in details.scores.items())))
    heading = (details.title or "(no title)") + (f" ({details.year})" if details.year else "")
    return Card(heading, tuple((label, fact) for label, fact in facts if fact))


def _told(site: str, score: Score) -> str:
    votes = f" from {score.votes:,} votes" if score.votes else ""
    rank = f", rank {score.rank:,}" if score.rank else ""
    return f"{site} {score.rating:g}{votes}{rank}"


def lookup_json(answers: Iterable[LookedUp]) -> list[dict[str, Any]]:
    """The answers as values for machines; `found` is empty for an id that names nothing."""
    return [
        {"asked": str(answer.wanted), "found": [_title_json(found) for found in answer.found]} for answer in answers
    ]


def _title_json(found: Found) -> dict[str, Any]:
    details = found.details
    return {
        "type": KINDS[found.target.section],
        "anime_type": (details.anime_type or None) if details else None,
        "title": (details.title or None) if details else None,
        "year": details.year if details else None,
        "address": found.page,
        "ids": dict(details.ids) if details else {"simkl": found.target.simkl},
        "scores": {site: _known(score) for site, score in details.scores.items()} if details else {},
    }


def _known(score: Score) -> dict[str, Any]:
    return {name: value for name, value in asdict(score).items() if value is not None}
