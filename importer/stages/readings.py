"""Whether two readings of one account fit together; where they do not, one of them is cut off."""

from __future__ import annotations

from collections.abc import Collection

from importer.vocabulary.sends import AccountTitle

_ON_NO_LIST = (None, "removed", "notinteresting")


def misfit(rated: Collection[AccountTitle], library: Collection[AccountTitle]) -> str:
    """Why a list of ratings and a library cannot both be whole, or nothing. They must hold the same ratings; only
    the list may have titles besides that are on no list."""
    if not all(title.simkl for titles in (rated, library) for title in titles):
        return "Simkl names titles of your account without their numbers"
    listed = {title.simkl: title.rating for title in library if title.is_rated}
    named = {
        title.simkl: title.rating for title in rated if title.simkl in listed or title.status not in _ON_NO_LIST
    }
    if listed == named:
        return ""
    differing = sum(listed.get(simkl) != named.get(simkl) for simkl in listed.keys() | named.keys())
    return f"Simkl's list of your ratings and its list of your titles disagree about {differing} of them"
