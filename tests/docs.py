"""Writes the generated parts of README: `python -m tests.docs`, or `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

from importer.intake.registry import load_adapters
from importer.listing import sources_table
from importer.vocabulary.outcomes import EXPLANATIONS, Code

README = Path(__file__).parent.parent / "README.md"


def codes_section() -> str:
    """One heading per reason code, with its sentence and hint."""
    return "\n\n".join(
        f'<a id="code-{code}"></a>**`{code}`** {EXPLANATIONS[code].sentence} {EXPLANATIONS[code].hint}'
        for code in Code
    )


def generated(text: str) -> str:
    """README with its generated parts as they ought to be."""
    for name, content in (("sources", sources_table(load_adapters())), ("codes", codes_section())):
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert pattern.search(text), f"README has no place for the {name}"
        text = pattern.sub(lambda match, content=content: f"{match[1]}\n{content}\n\n{match[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(generated(README.read_text(encoding="utf-8")), encoding="utf-8")
