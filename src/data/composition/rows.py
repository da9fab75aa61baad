"""Rows of composed texts: the parts of an Example that are the same for all of them."""

from __future__ import annotations

from src.data.schema import Example
from src.labels import Family, Label

LICENCE = "project"


def row(
    text: str, label: Label, family: Family, source: str, group: str, lang: str, span: tuple[int, int] | None = None
) -> Example:
    """A composed row under the project's own licence. `span` as in Example."""
    return Example(text=text, label=label, family=family, source=source, group=group, lang=lang, licence=LICENCE, span=span)
