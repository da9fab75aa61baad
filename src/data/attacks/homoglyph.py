"""Latin letters replaced by characters that look alike (Unicode Technical Standard 39; arXiv 2106.09898).

Cyrillic, Greek and Cherokee look-alikes come from the Unicode confusables data in the package confusable-homoglyphs;
full-width and mathematical letters by code point arithmetic. 5 to 100% of the replaceable characters are replaced.
Inverses map every look-alike back, so they are exact on texts that hold none of them to begin with.
"""

from __future__ import annotations

import functools
import random
import string
import unicodedata
from collections.abc import Mapping

from ...text.characters import character_table
from .registry import attack

REFERENCE = "https://www.unicode.org/reports/tr39/"
RATIOS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)  # shares of the replaceable characters that are replaced

# Mathematical alphabets start at these code points, 26 capitals then 26 small letters; missing letters have older codes.
_MATH_STARTS = range(0x1D400, 0x1D6A4, 52)
_MATH_HOLES = {
    0x1D455: 0x210E,
    0x1D49D: 0x212C,
    0x1D4A0: 0x2130,
    0x1D4A1: 0x2131,
    0x1D4A3: 0x210B,
    0x1D4A4: 0x2110,
    0x1D4A7: 0x2112,
    0x1D4A8: 0x2133,
    0x1D4AD: 0x211B,
    0x1D4BA: 0x212F,
    0x1D4BC: 0x210A,
    0x1D4C4: 0x2134,
    0x1D506: 0x212D,
    0x1D50B: 0x210C,
    0x1D50C: 0x2111,
    0x1D515: 0x211C,
    0x1D51D: 0x2128,
    0x1D53A: 0x2102,
    0x1D53F: 0x210D,
    0x1D545: 0x2115,
    0x1D547: 0x2119,
    0x1D548: 0x211A,
    0x1D549: 0x211D,
    0x1D551: 0x2124,
}
_MATH_DIGIT_STARTS = range(0x1D7CE, 0x1D800, 10)

Table = Mapping[str, str]  # Latin character -> its look-alikes


def linked_to(letter: str) -> set[str]:
    """The letter and every character that UTS 39 links to it, also through a third one."""
    from confusable_homoglyphs.confusables import confusables_data  # reads 0.9 MB when imported, so only when needed

    group, frontier = {letter}, [letter]
    while frontier:
        linked = {entry["c"] for entry in confusables_data.get(frontier.pop(), ()) if len(entry["c"]) == 1}
        frontier += linked - group
        group |= linked
    return group


@functools.cache
def script_table(script: str) -> Table:
    """ASCII letters with look-alike letters of a script ("CYRILLIC"). Same case, except in Cherokee, whose capitals
    also stand for small Latin letters."""
    table = {}
    for letter in string.ascii_letters:
        lookalikes = [
            char
            for char in sorted(linked_to(letter))
            if unicodedata.name(char, "").startswith(f"{script} ")
            and unicodedata.category(char) in ("Lu", "Ll")
            and (script == "CHEROKEE" or char.isupper() == letter.isupper())
        ]
        if lookalikes:
            table[letter] = "".join(lookalikes)
    return table


@functools.cache
def fullwidth_table() -> Table:
    """Printable ASCII U+0021..U+007E -> U+FF01..U+FF5E."""
    return {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


@functools.cache
def mathematical_table() -> Table:
    """ASCII letters and digits -> the same character in each mathematical alphabet, in block order."""
    table = dict.fromkeys(string.ascii_letters + string.digits, "")
    for start in _MATH_STARTS:
        for offset, letter in enumerate(string.ascii_uppercase + string.ascii_lowercase):
            table[letter] += chr(_MATH_HOLES.get(start + offset, start + offset))
    for start in _MATH_DIGIT_STARTS:
        for offset, digit in enumerate(string.digits):
            table[digit] += chr(start + offset)
    return table


def _letters_from(start: int) -> str:
    """The 26 characters from a code point on, for a to z."""
    return "".join(map(chr, range(start, start + 26)))


# Small letters of each style, a to z; where Unicode has no such letter the plain one stays.
STYLES = {
    "small_capitals": "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ",
    "raised": "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ",
    "parenthesised": _letters_from(0x249C),
    "circled": _letters_from(0x24D0),
    "squared": _letters_from(0x1F130),
    "circled_negative": _letters_from(0x1F150),
    "squared_negative": _letters_from(0x1F170),
    "indicators": _letters_from(0x1F1E6),
}


@functools.cache
def lookalike_table() -> Table:
    """ASCII letters -> single characters that pass for them by UTS 39, of scripts that `script_table` is not asked for."""
    held_out = {*"".join(script_table("CHEROKEE").values())}
    table: dict[str, str] = {}
    characters = character_table()
    for code, letter in sorted(characters.lookalikes.items()):
        if letter in string.ascii_letters and chr(code) not in characters.styled and chr(code) not in held_out:
            table[letter] = table.get(letter, "") + chr(code)
    return table


@functools.cache
def mixed_table() -> Table:
    """ASCII letters -> look-alikes of every alphabet that training uses, so the held-out one is not among them."""
    tables = (script_table("CYRILLIC"), script_table("GREEK"), fullwidth_table(), mathematical_table())
    return {letter: "".join(table.get(letter, "") for table in tables) for letter in string.ascii_letters}


def substitute(text: str, table: Table, rng: random.Random, *, alphabet: int | None = None) -> str:
    """Replace a share, drawn from RATIOS, of the characters that the table holds: at least one where there is any.

    alphabet: which look-alike of each character to take; None draws one per character.
    """
    places = [place for place, char in enumerate(text) if char in table]
    if not places:
        return text
    count = max(1, round(rng.choice(RATIOS) * len(places)))
    chars = list(text)
    for place in rng.sample(places, count):
        choices = table[chars[place]]
        chars[place] = rng.choice(choices) if alphabet is None else choices[alphabet % len(choices)]
    return "".join(chars)


def restore(text: str, table: Table) -> str:
    """Replace every look-alike of the table by the first Latin letter that it stands for."""
    latin: dict[int, str] = {}
    for letter, choices in table.items():
        for char in choices:
            latin.setdefault(ord(char), letter)
    return text.translate(latin)


@attack("homoglyph/cyrillic", reference=REFERENCE, invert=lambda text: restore(text, script_table("CYRILLIC")))
def to_cyrillic(text: str, rng: random.Random) -> str:
    """'space' -> 'ѕрасе'. Inverse on texts without Cyrillic letters."""
    return substitute(text, script_table("CYRILLIC"), rng)


@attack("homoglyph/greek", reference=REFERENCE, invert=lambda text: restore(text, script_table("GREEK")))
def to_greek(text: str, rng: random.Random) -> str:
    """'you' -> 'γου'. Inverse on texts without Greek letters."""
    return substitute(text, script_table("GREEK"), rng)


@attack("homoglyph/fullwidth", reference=REFERENCE, invert=lambda text: restore(text, fullwidth_table()))
def to_fullwidth(text: str, rng: random.Random) -> str:
    """'ignore' -> 'ｉｇｎｏｒｅ'. Inverse on texts without full-width characters."""
    return substitute(text, fullwidth_table(), rng)


@attack("homoglyph/mathematical", reference=REFERENCE, invert=lambda text: restore(text, mathematical_table()))
def to_mathematical(text: str, rng: random.Random) -> str:
    """'ignore' -> the same in one mathematical alphabet (bold, script, Fraktur, ...); three times in ten each
    character draws its own. Inverse on texts without mathematical letters."""
    alphabet = None if rng.random() < 0.3 else rng.randrange(len(_MATH_STARTS))
    return substitute(text, mathematical_table(), rng, alphabet=alphabet)


@attack("homoglyph/mixed", reference="arXiv:2106.09898", invert=lambda text: restore(text, mixed_table()))
def to_mixed_alphabets(text: str, rng: random.Random) -> str:
    """Each letter from an alphabet of its own: Cyrillic, Greek, full-width or mathematical. Inverse on ASCII texts."""
    return substitute(text, mixed_table(), rng)


@attack("homoglyph/lookalikes", reference=REFERENCE, invert=lambda text: restore(text, lookalike_table()))
def to_lookalikes(text: str, rng: random.Random) -> str:
    """'space' -> letters of Coptic, Lisu, Armenian, phonetic spelling, ... that UTS 39 links to Latin ones. Inverse on texts
    without such letters."""
    return substitute(text, lookalike_table(), rng)


def _from_styles(text: str) -> str:
    return restore(text, {letter: "".join(STYLES[name][place] for name in STYLES) for place, letter in enumerate(_LOWER)})


_LOWER = string.ascii_lowercase


@attack("homoglyph/styled", reference="https://www.unicode.org/charts/PDF/U1F100.pdf", invert=_from_styles)
def to_styled(text: str, rng: random.Random) -> str:
    """Every letter in one style: small capitals, raised, parenthesised, circled, squared, negative ones, regional
    indicators. Inverse on small ASCII letters and any signs."""
    return text.translate(str.maketrans(_LOWER + _LOWER.upper(), 2 * STYLES[rng.choice(sorted(STYLES))]))


@attack(
    "homoglyph/cherokee",
    reference=REFERENCE,
    held_out=True,
    invert=lambda text: restore(text, script_table("CHEROKEE")),
)
def to_cherokee(text: str, rng: random.Random) -> str:
    """'CHEAT' -> 'ᏟᎻᎬAᎢ'-like. Inverse on texts without Cherokee letters."""
    return substitute(text, script_table("CHEROKEE"), rng)
