"""Ciphers that no training mixture uses, to test the guard on unseen transforms."""

from __future__ import annotations

import random
import re

from ...text.decoders import BRAILLE, NATO, from_braille, from_nato
from .registry import attack


@attack("other_cipher/pig_latin", reference="https://en.wikipedia.org/wiki/Pig_Latin", held_out=True)
def to_pig_latin(text: str, rng: random.Random) -> str:
    """'ignore this' -> 'ignoreway isthay'. 'way' and 'ay' endings cannot be told apart: no inverse."""

    def turn(word: re.Match[str]) -> str:
        onset, rest = word[1], word[2]
        return f"{rest}{onset}ay" if onset else f"{rest}way"

    return re.sub(r"\b([b-df-hj-np-tv-xz]*)([a-z]+)", turn, text, flags=re.IGNORECASE | re.ASCII)


@attack("other_cipher/nato", reference="ITU Radio Regulations, Appendix 14", held_out=True, invert=from_nato)
def to_nato(text: str, rng: random.Random) -> str:
    """'no' -> 'november oscar', words parted by ' / '. Inverse on small ASCII letters and single spaces."""
    if not any(char.lower() in NATO for char in text):
        return text
    return " / ".join(" ".join(NATO.get(char.lower(), char) for char in word) for word in text.split())


@attack("other_cipher/braille", reference="https://www.unicode.org/charts/PDF/U2800.pdf", held_out=True, invert=from_braille)
def to_braille(text: str, rng: random.Random) -> str:
    """'no' -> the Braille cells of n and o; capitals as small letters. Inverse on small letters and any non-letters."""
    return "".join(BRAILLE.get(char.lower(), char) for char in text)
