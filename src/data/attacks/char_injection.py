"""Characters that are invisible, reorder the text or sit between its letters (arXiv 2504.11168, 2106.09898)."""

from __future__ import annotations

import random
import re

from ...text.decoders import (
    BIDI,
    BIT_CHARS,
    PDF,
    RLO,
    TAG_BEGIN,
    TAG_END,
    TAG_OFFSET,
    from_bidi,
    from_separators,
    from_sneaky_bits,
    from_tags,
    from_variation_selectors,
    to_bytes,
)
from .registry import attack

REFERENCE = "arXiv:2504.11168"

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
SOFT_HYPHEN = "\u00ad"
_BIDI_SCATTERED = BIDI.replace(RLO, "")  # an override marks reversed text, which the inverse turns back
_BYTE_AS_BITS = ["".join(BIT_CHARS[int(bit)] for bit in f"{byte:08b}") for byte in range(256)]
# Blank where a font has a glyph: Hangul fillers, the empty Braille pattern, the place of an object.
BLANKS = "\u115f\u1160\u3164\uffa0\u2800\ufffc"
# One or two of each class of characters that are invisible and occur inside the words of no script: ignorable and deprecated
# format characters, selectors of Mongolian, unassigned code points, control characters, private use, non-characters.
UNSEEN = "\u034f\u180e\u180f\u2065\u206a\u206f\ufe0f\u0378\u2fe0\x01\x7f\ue000\uf8ff\ufdd0\ufdef\U000e0001\U000f0000\U0001ffff"
# Lines through and under letters, and frames around them.
STROKES = "\u0332\u0333\u0335\u0336\u0337\u0338\u20dd\u20de\u20e3"
COMBINING = "".join(map(chr, range(0x0300, 0x0370)))
SEPARATORS = " .-_*|/"
# Visible characters to which the variation selectors are attached.
CARRIERS = "\U0001f600\U0001f642\U0001f44d\u2764\u2b50\u2600\u263a\u2713a"


def _insert(text: str, chars: str, rng: random.Random, *, most: int = 1) -> str:
    """1..most of `chars` after a random share of the characters; after at least one if the text has any."""
    share = rng.choice((0.1, 0.25, 0.5, 1.0))
    guaranteed = rng.randrange(len(text)) if text else 0
    return "".join(
        char + "".join(rng.choices(chars, k=rng.randint(1, most)))
        if place == guaranteed or (rng.random() < share and not char.isspace())
        else char
        for place, char in enumerate(text)
    )


def deletion_table(chars: str) -> dict[int, None]:
    """A table for str.translate that deletes `chars`."""
    return dict.fromkeys(map(ord, chars))


@attack("char_injection/zero_width", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(ZERO_WIDTH)))
def insert_zero_width(text: str, rng: random.Random) -> str:
    """U+200B, 200C, 200D, 2060, FEFF between characters. Inverse on texts without them."""
    return _insert(text, ZERO_WIDTH, rng, most=2)


@attack("char_injection/soft_hyphen", reference=REFERENCE, invert=lambda text: text.replace(SOFT_HYPHEN, ""))
def insert_soft_hyphens(text: str, rng: random.Random) -> str:
    """U+00AD between characters. Inverse on texts without it."""
    return _insert(text, SOFT_HYPHEN, rng)


@attack("char_injection/bidi", reference="arXiv:2111.00169", invert=from_bidi)
def insert_bidi_controls(text: str, rng: random.Random) -> str:
    """Each line or some words stored backwards under a right-to-left override (it displays as before), or controls
    scattered between characters. Inverse on texts without bidi controls."""

    def override(run: re.Match[str]) -> str:
        return f"{RLO}{run[0][::-1]}{PDF}"

    style = rng.randrange(3)
    if style == 0:
        return re.sub(r"[^\n]+", override, text)
    if style == 1:
        count = len(re.findall(r"\S+", text))
        overridden = set(rng.sample(range(count), max(1, count // 2))) if count else set()
        places = iter(range(count))
        return re.sub(r"\S+", lambda word: override(word) if next(places) in overridden else word[0], text)
    return _insert(text, _BIDI_SCATTERED, rng)


@attack(
    "char_injection/tags",
    reference="https://embracethered.com/blog/posts/2024/hiding-and-finding-text-with-unicode-tags/",
    invert=from_tags,
)
def to_tags(text: str, rng: random.Random) -> str:
    """ASCII as invisible tag characters U+E0000..E007F, one time in four between U+E0001 and U+E007F; anything else
    stays. Inverse on texts without tags and without the control characters U+0001 and U+007F."""
    hidden = "".join(chr(ord(char) + TAG_OFFSET) if char.isascii() else char for char in text)
    return f"{TAG_BEGIN}{hidden}{TAG_END}" if hidden != text and rng.random() < 0.25 else hidden


@attack(
    "char_injection/variation_selectors",
    reference="https://paulbutler.org/2025/smuggling-arbitrary-data-through-an-emoji/",
    invert=from_variation_selectors,
)
def to_variation_selectors(text: str, rng: random.Random) -> str:
    """One visible character that carries each byte of the text as a variation selector: 0..15 as U+FE00..FE0F,
    16..255 as U+E0100..E01EF. Inverse on any text; the empty one stays empty."""
    if not text:
        return text
    return rng.choice(CARRIERS) + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in to_bytes(text))


@attack(
    "char_injection/sneaky_bits",
    reference="https://embracethered.com/blog/posts/2025/sneaky-bits-and-ascii-smuggler/",
    held_out=True,
    invert=from_sneaky_bits,
)
def to_sneaky_bits(text: str, rng: random.Random) -> str:
    """Eight invisible characters a byte, U+2062 for 0 and U+2064 for 1. Inverse on any text."""
    return "".join(_BYTE_AS_BITS[byte] for byte in to_bytes(text))


@attack("char_injection/combining_marks", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(COMBINING)))
def insert_combining_marks(text: str, rng: random.Random) -> str:
    """One to three marks of U+0300..036F on characters (Zalgo). Inverse on texts without such marks."""
    return _insert(text, COMBINING, rng, most=3)


@attack("char_injection/separators", reference=REFERENCE, invert=from_separators)
def insert_separators(text: str, rng: random.Random) -> str:
    """'ab cd' -> 'a b   c d', 'a.b c.d', 'a-b c-d', ... Inverse on texts that have a word of two or more letters."""
    separator = rng.choice(SEPARATORS)
    if separator == " ":
        return " ".join(text)
    return re.sub(r"\S+", lambda word: separator.join(word[0]), text)


@attack("char_injection/blanks", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(BLANKS)))
def insert_blanks(text: str, rng: random.Random) -> str:
    """One blank character between characters, the same throughout. Inverse on texts without any of BLANKS."""
    return _insert(text, rng.choice(BLANKS), rng)


@attack("char_injection/unseen", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(UNSEEN)))
def insert_unseen(text: str, rng: random.Random) -> str:
    """One ignorable, unassigned, control, private or non-character between characters, the same throughout. Inverse on texts
    without any of UNSEEN."""
    return _insert(text, rng.choice(UNSEEN), rng)


@attack("char_injection/strokes", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(STROKES)))
def strike_through(text: str, rng: random.Random) -> str:
    """A line through or under every letter, or a frame around it (keycap, circle). Inverse on texts without STROKES."""
    stroke = rng.choice(STROKES)
    return "".join(char + stroke if char.isalpha() else char for char in text)
