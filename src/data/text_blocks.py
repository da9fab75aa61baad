"""Text data read from files: wrappers, frames and carriers (src/data/texts, format in its README.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError

TEXTS = Path(__file__).resolve().parent / "texts"
HEADING = "== "


class Block(NamedTuple):
    """One text of a file with the words of its heading."""

    words: tuple[str, ...]
    text: str


@cache
def read_blocks(name: str) -> tuple[Block, ...]:
    """The blocks of `src/data/texts/<name>.txt`, in order: a heading line `== words`, then the text up to the next one.

    Lines before the first heading are comments. Raises DataError for an empty block and for two blocks of one heading.
    """
    path = TEXTS / f"{name}.txt"
    blocks: dict[tuple[str, ...], str] = {}
    for number, part in enumerate(f"\n{path.read_text(encoding='utf-8')}".split(f"\n{HEADING}")):
        if number == 0:
            continue
        heading, _, text = part.partition("\n")
        words = tuple(heading.split())
        if words in blocks or not text.strip():
            what = "a second block" if words in blocks else "no text"
            raise DataError(f"{path}: {what} under the heading {heading!r}; give every block a heading and a text of its own")
        blocks[words] = text.strip("\n")
    return tuple(Block(words, text) for words, text in blocks.items())
