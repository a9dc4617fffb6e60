"""A new source to begin with: a module that works, a sample that it reads, a golden that is still empty."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import Path

from importer.testing import template
from importer.testing.goldens import golden_name
from importer.vocabulary.errors import ConfigError

SAMPLE = "ratings.csv"
ROWS = (
    "Title,Year,Kind,example score,Rated On,IMDb Id",
    "Fight Club,1999,film,9,2019-05-04,tt0137523",
    '"Crouching Tiger, Hidden Dragon",2000,film,8,2019-05-05,tt0190332',
    "Le Fabuleux Destin d'Amélie Poulain,2001,film,10,2019-05-06,tt0211915",
    "Breaking Bad,2008,series,10,,tt0903747",
    "Alien,1979,film,,2019-05-07,tt0078748",
    "Tetris,1984,game,7,2019-05-08,",
)
_NAME = re.compile(r"[a-z][a-z0-9]*", re.ASCII)


def new_source(name: str, checkout: Path, taken: Iterable[str]) -> list[Path]:
    """Write the files of a source called `name` and return their paths, relative to the checkout.

    Raises ConfigError when the name is no plain word or is in use (`taken` are the sources that are known), and
    when `checkout` is none; then nothing is written.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(f"{name!r} cannot name a module: use one lower-case word of letters and digits.")
    files = _files(name)
    for folder in ("adapters", "sample_exports", "tests/golden"):
        if not (checkout / folder).is_dir():
            raise ConfigError(f"There is no folder {folder} here; run this at the top of a checkout of rateport.")
    in_use = [path for path in (*files, *(path.parent for path in files)) if _is_of(name, path, checkout)]
    if name in taken or in_use:
        raise ConfigError(f"There is a source {name} already{f': {in_use[0]}' if in_use else ''}.")
    for path, text in files.items():
        (checkout / path).parent.mkdir(exist_ok=True)
        (checkout / path).write_bytes(text.encode())
    return list(files)


def _is_of(name: str, path: Path, checkout: Path) -> bool:
    return name in (path.name, path.stem) and (checkout / path).exists()


def _files(name: str) -> dict[Path, str]:
    """What to write where."""
    module = Path(template.__file__).read_text(encoding="utf-8")
    sample = "".join(f"{row}\r\n" for row in ROWS)
    return {
        Path("adapters", f"{name}.py"): module.replace("Example", name.capitalize()).replace("example", name),
        Path("sample_exports", name, SAMPLE): sample.replace("example", name),
        Path("tests", "golden", name, golden_name(SAMPLE)): "",
    }
