"""Build src/text/characters.npz: the Unicode properties of code points that the views look up.

The kinds of characters come from the general categories, the scripts and Default_Ignorable_Code_Point of the Unicode Character
Database. The script reads these from the package regex, which is newer than the `unicodedata` of the oldest supported Python and
the same on every machine. Look-alikes come from three sources: compatibility mappings and names (styled forms of a Latin letter),
then the confusables of UTS 39. The first source that knows a character decides. Nothing is counted on any text.

    python scripts/build_character_table.py
"""

from __future__ import annotations

import argparse
import string
import unicodedata
from pathlib import Path

import numpy as np
import regex

from src.cli import run_main
from src.data.attacks.homoglyph import linked_to
from src.files import atomic_write
from src.text import characters as ch
from src.text.chars import NUM_CODE_POINTS

# Scripts that are written without joiners, selectors and break opportunities inside a word.
PLAIN_SCRIPTS = ("Latin", "Greek", "Cyrillic", "Armenian", "Georgian", "Coptic", "Cherokee", "Lisu", "Deseret", "Glagolitic")
# Blank where a font has a glyph for it, though no property says so: the empty Braille pattern, the place of an object that
# was left out, the head of a note that is not drawn.
BLANK_GLYPHS = "\u2800\ufffc\U0001d159"
BLANK_FILLERS = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: default-ignorable by property, as wide as a letter in fonts
# Ignorable characters that ordinary text of some script, or of any, holds inside its words.
ORDINARY_INSIDE = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\ufeff" + "".join(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)
DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # reorder the text between them, which has its own decoder
WHITE_CONTROLS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"

# "NEGATIVE SQUARED LATIN CAPITAL LETTER A" and its like: names whose last word is the letter, but no plain letter's name.
STYLED_NAME = regex.compile(
    r"(?:(?:NEGATIVE |DOUBLE |CROSSED )?(?:SQUARED|CIRCLED)|PARENTHESIZED|TORTOISE SHELL BRACKETED|SUPERSCRIPT|FULLWIDTH|TURNED"
    r"|OUTLINED)? ?LATIN (?:CAPITAL|SMALL)? ?LETTER ([A-Z])"
    r"|LATIN LETTER SMALL CAPITAL ([A-Z])|REGIONAL INDICATOR SYMBOL LETTER ([A-Z])"
    r"|(?:COMBINING|MODIFIER LETTER|LATIN SUBSCRIPT|LATIN SUPERSCRIPT)(?: LATIN)?(?: SMALL| CAPITAL)?(?: LETTER)? ([A-Z])"
)
ENCLOSED = regex.compile(r"[(\[〔]?([A-Za-z]{1,3})[)\]〕.]?")
_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output_path", type=Path, default=ch.TABLE_PATH)
    args = parser.parse_args()
    kinds = kinds_of_all()
    starts = np.flatnonzero(np.diff(kinds, prepend=np.uint8(255)))
    table = lookalikes()
    with atomic_write(args.output_path) as path, path.open("wb") as file:
        np.savez_compressed(
            file,
            kind_starts=starts.astype(np.uint32),
            kinds=kinds[starts],
            lookalikes=np.array(sorted(table), dtype=np.uint32),
            targets=np.array("\n".join(table[code][0] for code in sorted(table))),
            are_styled=np.array([table[code][1] for code in sorted(table)]),
            sources=np.array(
                f"Unicode Character Database through regex {regex.__version__} and Python's unicodedata "
                f"{unicodedata.unidata_version}; confusables of Unicode Technical Standard 39 through confusable-homoglyphs "
                "(Unicode License v3)."
            ),
        )
    print(f"{args.output_path}: {args.output_path.stat().st_size:,} bytes, {len(table):,} look-alikes, {len(starts):,} ranges")


def kinds_of_all() -> np.ndarray:
    """(0x110000,) uint8: one of the kinds of src/text/characters.py for every code point."""
    every = "".join(map(chr, range(NUM_CODE_POINTS)))
    kinds = np.zeros(NUM_CODE_POINTS, dtype=np.uint8)

    def mark(pattern: str, kind: int) -> None:
        kinds[[ord(char) for char in regex.findall(pattern, every)]] = kind

    scripts = "".join(rf"\p{{Script={name}}}" for name in PLAIN_SCRIPTS)
    mark(r"\p{L}", ch.JOINED_LETTER)
    mark(rf"(?V1)[[{scripts}]&&\p{{L}}]", ch.PLAIN_LETTER)  # V1: with set operations
    mark(r"\p{M}", ch.MARK)
    # Their words hold ignorable characters that no other script has: fillers, inherent vowels, selectors.
    mark(r"(?V1)[[\p{Script=Mongolian}\p{Script=Khmer}]&&\p{L}]", ch.OTHER)
    mark(r"[\p{Hangul_Syllable_Type=L}\p{Hangul_Syllable_Type=V}\p{Hangul_Syllable_Type=T}\u3131-\u318e]", ch.OTHER)
    mark(r"\p{Cf}", ch.HIDDEN)
    mark(r"\p{Default_Ignorable_Code_Point}", ch.HIDDEN)
    mark(r"[\p{Cn}\p{Co}\p{Cs}]", ch.HIDDEN)
    mark(r"\p{Cc}", ch.HIDDEN)
    for chars, kind in (
        (BLANK_GLYPHS + BLANK_FILLERS, ch.BLANK),
        (ORDINARY_INSIDE, ch.ORDINARY_HIDDEN),
        (DIRECTION + WHITE_CONTROLS, ch.OTHER),
    ):
        kinds[[ord(char) for char in chars]] = kind
    # Numbers and vowels of some scripts begin with a format character that is drawn (Prepended_Concatenation_Mark).
    mark(r"\p{Prepended_Concatenation_Mark}", ch.OTHER)
    return kinds


def lookalikes() -> dict[int, tuple[str, bool]]:
    """Code point outside ASCII -> what it stands for in ASCII letters and digits, and whether it is a styled form of that."""
    targets: dict[int, tuple[str, bool]] = {}
    for code in range(0x80, NUM_CODE_POINTS):
        target = styled_form(chr(code))
        if target:
            targets[code] = target, True
    for code, target in confusables().items():
        targets.setdefault(code, (target, False))
    return targets


def styled_form(char: str) -> str:
    """The ASCII letters or the digit that a character is a styled form of; empty for any other character."""
    if 0xD800 <= ord(char) <= 0xDFFF or unicodedata.decomposition(char) and not unicodedata.decomposition(char).startswith("<"):
        return ""  # accented letters are letters of their own
    plain = unicodedata.normalize("NFKC", char)
    if plain != char:
        enclosed = ENCLOSED.fullmatch(plain)
        if enclosed:
            return enclosed[1]
        return plain if len(plain) == 1 and plain in _ALPHANUMERIC else ""
    name = unicodedata.name(char, "")
    match = STYLED_NAME.fullmatch(name)
    if not match or "TURNED" in name or unicodedata.category(char) == "Mn":
        return ""
    letter = next(filter(None, match.groups()))
    return letter if "CAPITAL LETTER" in name and "SMALL CAPITAL" not in name or "REGIONAL" in name else letter.lower()


def confusables() -> dict[int, str]:
    """Characters outside ASCII that UTS 39 links to an ASCII letter, also through a third character. I and l, which it links
    to each other, are told apart by the case of the character."""
    letters: dict[int, str] = {}
    for letter in string.ascii_lowercase + string.ascii_uppercase:
        for char in linked_to(letter):
            if not char.isascii() and (ord(char) not in letters or char.isupper() == letter.isupper()):
                letters[ord(char)] = letter
    return letters


if __name__ == "__main__":
    run_main(main)
