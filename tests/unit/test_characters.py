"""The table of hidden characters and of look-alikes against what Unicode publishes."""

import string
import unicodedata

import pytest

from src.data.attacks.homoglyph import script_table
from src.text.characters import BLANK, HIDDEN, JOINED_LETTER, MARK, ORDINARY_HIDDEN, OTHER, PLAIN_LETTER, character_table

TABLE = character_table()
# Default_Ignorable_Code_Point of DerivedCoreProperties.txt (UAX 44); it is stable, code points to come included.
DEFAULT_IGNORABLE = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
]
DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}  # the business of another decoder


def kind(char: str) -> int:
    return int(TABLE.kinds[ord(char)])


def test_every_ignorable_code_point_is_hidden():
    ignorable = {code for first, last in DEFAULT_IGNORABLE for code in range(first, last + 1)}
    assert {code for code in ignorable - DIRECTION if TABLE.kinds[code] < ORDINARY_HIDDEN} == set()


def test_every_private_surrogate_and_control_code_point_is_hidden_but_white_space():
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in ("Co", "Cs", "Cc"):
            assert (TABLE.kinds[code] == HIDDEN) != chr(code).isspace(), hex(code)
    assert all(TABLE.kinds[code] == HIDDEN for code in (0x378, 0x2FE0, 0xFDD0, 0xFFFE, 0x1FFFF, 0x10FFFF))


@pytest.mark.parametrize("char", "\u3164\u115f\u1160\uffa0\u2800\ufffc")
def test_glyphs_without_ink_are_blank(char):
    assert kind(char) == BLANK


def test_what_is_seen_is_not_hidden():
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char)[0] in "NSP" and char not in "\u2800\ufffc\U0001d159":
            assert TABLE.kinds[code] == OTHER, hex(code)
    assert [kind(char) for char in "aяΩ你बب가\u0301"] == [PLAIN_LETTER] * 3 + [JOINED_LETTER] * 4 + [MARK]


def test_look_alikes_hold_the_confusables_of_every_script_and_every_styled_letter():
    for script in ("CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "LISU", "COPTIC"):
        for letter, choices in script_table(script).items():
            assert all(TABLE.lookalikes[ord(char)].lower() in {letter.lower(), "i", "l"} for char in choices)
    for code in range(0x110000):
        plain = unicodedata.normalize("NFKC", chr(code)) if not 0xD800 <= code < 0xE000 else ""
        if code > 0x7F and len(plain) == 1 and plain in string.ascii_letters and chr(code) != "\u212a":
            assert TABLE.lookalikes[code] == plain, hex(code)  # U+212A Kelvin is K by a canonical mapping
    assert len(TABLE.lookalikes) > 1500


@pytest.mark.parametrize(
    ("chars", "plain"),
    [("ᴀʙꜰɢʟꞯ", "abfglq"), ("🄰🅐🅰🇦Ⓐ", "AAAAA"), ("⒜ⓐᵃₐ", "aaaa"), ("ɡɑıᴠ", "gaiv"), ("ꓐꓓꓝ", "BDF"), ("²①𝟗", "219")],
)
def test_styles_of_a_letter_are_that_letter(chars, plain):
    assert "".join(TABLE.lookalikes[ord(char)] for char in chars) == plain


def test_letters_of_living_languages_look_like_nothing_else():
    assert not set("éüñçøßłþ아かแабвгд") & TABLE.characters - set("абг")
    assert all(not char.isascii() for char in TABLE.characters)
