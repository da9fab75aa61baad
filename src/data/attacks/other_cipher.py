"""Ciphers that no training mixture uses: what the guard makes of a transform that it never saw."""

from __future__ import annotations

import random
import re

from src.data.attacks.registry import attack

_NATO_WORDS = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey xray yankee zulu"
)
NATO = {word[0]: word for word in _NATO_WORDS.split()}
# Dots of the cells of a to z; dot n is bit n - 1 of U+2800..28FF.
_BRAILLE_DOTS = (
    "1 12 14 145 15 124 1245 125 24 245 13 123 134 1345 135 1234 12345 1235 234 2345 136 1236 2456 1346 13456 1356"
)
BRAILLE = {
    chr(ord("a") + place): chr(0x2800 + sum(1 << (int(dot) - 1) for dot in dots))
    for place, dots in enumerate(_BRAILLE_DOTS.split())
}
_FROM_BRAILLE = {ord(cell): letter for letter, cell in BRAILLE.items()}


def from_nato(text: str) -> str:
    letters = {word: letter for letter, word in NATO.items()}
    return " ".join("".join(letters.get(word, word) for word in run.split(" ")) for run in text.split(" / "))


def from_braille(text: str) -> str:
    return text.translate(_FROM_BRAILLE)


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


@attack(
    "other_cipher/braille", reference="https://www.unicode.org/charts/PDF/U2800.pdf", held_out=True, invert=from_braille
)
def to_braille(text: str, rng: random.Random) -> str:
    """'no' -> the Braille cells of n and o; capitals as small letters. Inverse on small letters and any non-letters."""
    return "".join(BRAILLE.get(char.lower(), char) for char in text)
