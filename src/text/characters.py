"""Unicode properties of single characters: which are invisible to a reader, and which look like a Latin letter.

`scripts/build_character_table.py` builds the table from Unicode's data files. The table is a committed file because Python's
`unicodedata` changes with its version and has neither Default_Ignorable_Code_Point nor the confusables of UTS 39.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from .chars import NUM_CODE_POINTS

TABLE_PATH = Path(__file__).with_name("characters.npz")

# Kinds of code points.
OTHER = 0  # also letters of scripts with ignorable characters of their own: Mongolian, Khmer, the jamo of Hangul
PLAIN_LETTER = 1  # letter of a script without joiners, selectors and break opportunities inside a word
JOINED_LETTER = 2  # letter of any other script
MARK = 3  # combining mark
# Characters of the kinds from here on leave no ink.
ORDINARY_HIDDEN = 4  # ignorable, but used inside words of some ordinary text: joiners, soft hyphens, selectors, direction marks
HIDDEN = 5  # ignorable, unassigned, control, format, private use, surrogates, non-characters
BLANK = 6  # a glyph without ink, as wide as a letter


@dataclass(frozen=True)
class CharacterTable:
    kinds: np.ndarray  # (0x110000,) uint8
    lookalikes: dict[int, str]  # code point -> the ASCII letters, or the digit, that it looks like
    styled: frozenset[str]  # the look-alikes that are Latin letters or digits in another style, not of another script
    sources: str  # data files that the table was built from, and their licence

    @cached_property
    def characters(self) -> frozenset[str]:
        """All look-alike characters."""
        return frozenset(map(chr, self.lookalikes))

    @cached_property
    def styled_letters(self) -> dict[int, str]:
        """Code point of a styled letter -> its ASCII letters; styled digits are left out."""
        return {code: target for code, target in self.lookalikes.items() if target.isalpha() and chr(code) in self.styled}

    @cached_property
    def other_readings(self) -> dict[int, str]:
        """`lookalikes` with I and l exchanged, which UTS 39 does not distinguish."""
        swapped = {"I": "l", "l": "i", "i": "l"}
        return {code: swapped.get(target, target) for code, target in self.lookalikes.items()}


@cache
def character_table() -> CharacterTable:
    """The committed table, read once. Raises OSError when the file is missing."""
    with np.load(TABLE_PATH, allow_pickle=False) as table:
        starts = table["kind_starts"].astype(np.int64)
        kinds = np.repeat(table["kinds"], np.diff(starts, append=NUM_CODE_POINTS))
        kinds.setflags(write=False)
        codes = table["lookalikes"].tolist()
        targets = str(table["targets"]).split("\n")
        styled = frozenset(chr(code) for code, is_styled in zip(codes, table["are_styled"].tolist(), strict=True) if is_styled)
        return CharacterTable(kinds, dict(zip(codes, targets, strict=True)), styled, str(table["sources"]))
