"""Which source and shape a document is, by its content; exactly one, or an error that says why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from importer.adapter import Adapter, Shape
from importer.intake.documents import Document
from importer.intake.elements import ANYWHERE, COMMENT
from importer.intake.outline import Outline, outline
from importer.vocabulary.errors import ConfigError, InputError


class Claim(NamedTuple):
    """One adapter's claim on a document."""

    adapter: Adapter
    shape: Shape

    @property
    def word(self) -> str:
        """As on the command line: SOURCE:SHAPE."""
        return f"{self.adapter.name}:{self.shape.name}"


class Unidentified(InputError):
    """No shape fits, or more than one does."""


class Ignored(InputError):
    """The document lies in a folder that its source's export sets aside, such as deleted entries."""


def claims(document: Document, adapters: Iterable[Adapter]) -> list[Claim]:
    """The claims on `document` that nothing outranks: one when it is identified, several on a tie."""
    here = outline(document)
    fitting = [Claim(adapter, shape) for adapter in adapters for shape in adapter.shapes if fits(shape, here)]
    if not fitting:
        return []
    best = max(_strength(claim.shape, here, document) for claim in fitting)
    return [claim for claim in fitting if _strength(claim.shape, here, document) == best]


def fits(shape: Shape, here: Outline) -> bool:
    """Whether the content is of this shape."""
    return (
        shape.medium is here.medium
        and shape.required <= here.marks
        and not shape.forbidden & here.marks
        and (not shape.any_of or bool(shape.any_of & here.marks))
    )


def identify(document: Document, adapters: Sequence[Adapter], forced: str | None = None) -> Claim:
    """The one claim on `document`. `forced` is SOURCE or SOURCE:SHAPE, and is still checked.

    Raises Unidentified for none or a tie, Ignored for files set aside, ConfigError for an unknown `forced`.
    """
    if forced:
        adapters = [_forced(adapters, forced)]
    found = claims(document, adapters)
    if len(found) == 1:
        claim = found[0]
        if claim.adapter.ignored_folders.intersection(document.folders):
            raise Ignored(f"{document.name}: set aside by {claim.adapter.title} itself.")
        return claim
    if found:
        names = ", ".join(sorted(claim.word for claim in found))
        raise Unidentified(f"{document.name}: fits {names} alike; say which with --source.")
    raise Unidentified(f"{document.name}: {_nearest(document, adapters)}")


def _strength(shape: Shape, here: Outline, document: Document) -> tuple[bool, int, bool]:
    exact = here.marks <= shape.required | shape.any_of | shape.optional
    return exact, len(shape.required), any(part in document.base_name for part in shape.file_names)


def _forced(adapters: Sequence[Adapter], forced: str) -> Adapter:
    source, _, shape_name = forced.partition(":")
    adapter = next((adapter for adapter in adapters if adapter.name == source), None)
    if adapter is None:
        raise ConfigError(f"--source {forced}: no such source; 'rateport sources' lists them.")
    if not shape_name:
        return adapter
    shapes = tuple(shape for shape in adapter.shapes if shape.name == shape_name)
    if not shapes:
        known = ", ".join(shape.name for shape in adapter.shapes)
        raise ConfigError(f"--source {forced}: {adapter.title} has the shapes {known}.")
    return replace(adapter, shapes=shapes)


def _nearest(document: Document, adapters: Sequence[Adapter]) -> str:
    """What the document would need to be something we know."""
    here = outline(document)
    candidates = [
        Claim(adapter, shape)
        for adapter in adapters
        for shape in adapter.shapes
        if shape.medium is here.medium and shape.required & here.marks
    ]
    if not candidates:
        return "not an export that rateport knows; 'rateport sources' lists what it reads."
    nearest = max(candidates, key=lambda claim: _nearness(claim.shape, here))
    missing = sorted(nearest.shape.required - here.marks)
    forbidden = sorted(nearest.shape.forbidden & here.marks)
    parts = [f"not recognised; the nearest is {nearest.word}"]
    if missing:
        parts.append(f"which also needs {_listed(missing)}")
    if forbidden:
        parts.append(f"which never has {_listed(forbidden)}")
    if nearest.shape.any_of and not nearest.shape.any_of & here.marks:
        parts.append(f"which also needs one of {_listed(sorted(nearest.shape.any_of))}")
    known = nearest.shape.required | nearest.shape.any_of | nearest.shape.optional
    extra = sorted(mark for mark in here.marks - known if not mark.startswith((ANYWHERE, COMMENT)))
    if extra:
        parts.append(f"here there is also {_listed(extra)}")
    return ", ".join(parts) + ". 'rateport sources' lists what rateport reads."


def _nearness(shape: Shape, here: Outline) -> tuple[float, int]:
    """How much of what the shape asks for is there: one of `any_of` counts like a required mark, and so does the
    absence of each forbidden one that is there."""
    found = len(shape.required & here.marks)
    has_any = bool(shape.any_of & here.marks)
    asked = len(shape.required) + bool(shape.any_of) + len(shape.forbidden & here.marks)
    return (found + has_any) / asked, found


def _listed(marks: list[str]) -> str:
    shown = ", ".join(repr(mark[:60]) for mark in marks[:6])
    return shown if len(marks) <= 6 else f"{shown} and {len(marks) - 6} more"
