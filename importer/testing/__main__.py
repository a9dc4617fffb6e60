"""`python -m importer.testing new-source NAME`: begin a new source in this checkout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from importer.intake.registry import load_adapters
from importer.testing.scaffold import new_source
from importer.vocabulary.cells import printable
from importer.vocabulary.errors import ConfigError

NEXT = """
It works as it is. Next:
  1. Put a small export, as the site writes it, in the place of {sample}.
  2. Edit {module} until `rateport preview` of the sample shows every row as it should be.
  3. `make golden` writes {golden}; read every line of it.
  4. `make docs` writes the source into README.md, `make test` runs the contract suite over it.
adapters/README.md walks through one.
"""


def main(arguments: list[str]) -> int:
    """Make the files and say what comes next; 2 when the name cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m importer.testing", description="Begin a new source.")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("new-source", help="make module, sample and an empty golden in this checkout")
    command.add_argument("name", help="one lower-case word: the CLI word, module and folder at once")
    name = parser.parse_args(arguments).name
    try:
        module, sample, golden = new_source(name, Path.cwd(), [adapter.name for adapter in load_adapters()])
    except ConfigError as error:
        sys.stderr.write(f"{printable(str(error))}\n")
        return error.exit_code
    made = "".join(f"Made {path.as_posix()}\n" for path in (module, sample, golden))
    following = NEXT.format(module=module.as_posix(), sample=sample.as_posix(), golden=golden.as_posix())
    sys.stdout.write(printable(made + following))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
