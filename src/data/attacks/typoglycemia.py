"""Misspelt but readable text: letters moved, dropped, doubled, replaced or turned (Rayner et al. 2006)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from ...text.decoders import TURNED, UPRIGHT, from_doubled, from_upside_down
from .registry import attack
from .spacing import change_words

REFERENCE = "doi:10.1111/j.1467-9280.2006.01684.x"

_CHANGED_SHARES = (0.3, 0.6, 1.0)  # shares of the words or letters that are changed
# No two letters share a sign, so leet can be undone up to case.
LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "o": "0", "s": "5$", "t": "7+", "z": "2"}
_FROM_LEET = {ord(sign): letter for letter, signs in LEET.items() for sign in signs}
_TURNED_TABLE = str.maketrans(UPRIGHT, TURNED)


def _change_words(text: str, rng: random.Random, change: Callable[[str], str], *, shortest: int) -> str:
    return change_words(text, rng, change, shortest=shortest, shares=_CHANGED_SHARES)


def from_leet(text: str) -> str:
    return text.translate(_FROM_LEET)


@attack("typoglycemia/shuffle", reference=REFERENCE)
def shuffle_inner_letters(text: str, rng: random.Random) -> str:
    """'reading' -> 'rdnaeig'. The first and the last letter of a word stay."""

    def shuffle(word: str) -> str:
        inner = list(word[1:-1])
        if len(set(inner)) > 1:  # else every order is the same word
            while "".join(inner) == word[1:-1]:
                rng.shuffle(inner)
        return word[0] + "".join(inner) + word[-1]

    return _change_words(text, rng, shuffle, shortest=4)


@attack("typoglycemia/swap", reference=REFERENCE)
def swap_neighbours(text: str, rng: random.Random) -> str:
    """'reading' -> 'raeding'. Two neighbouring letters after the first change places."""

    def swap(word: str) -> str:
        place = rng.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return _change_words(text, rng, swap, shortest=3)


@attack("typoglycemia/drop", reference=REFERENCE)
def drop_letters(text: str, rng: random.Random) -> str:
    """'reading' -> 'readng'. One inner letter is missing."""

    def drop(word: str) -> str:
        place = rng.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1 :]

    return _change_words(text, rng, drop, shortest=4)


@attack("typoglycemia/double", reference=REFERENCE)
def double_letters(text: str, rng: random.Random) -> str:
    """'reading' -> 'readding'. One letter is typed twice or three times."""

    def double(word: str) -> str:
        place = rng.randrange(len(word))
        return word[:place] + word[place] * rng.randint(1, 2) + word[place:]

    return _change_words(text, rng, double, shortest=3)


@attack("typoglycemia/doubled", reference=REFERENCE, invert=from_doubled)
def double_every_letter(text: str, rng: random.Random) -> str:
    """'reading' -> 'rreeaaddiinngg'. Inverse on letters and single signs."""
    return "".join(2 * char if char.isalpha() else char for char in text)


@attack("typoglycemia/no_vowels", reference=REFERENCE)
def drop_vowels(text: str, rng: random.Random) -> str:
    """'reading' -> 'rdng'; half of the time a vowel that a word begins with stays. No inverse."""
    return re.sub(r"\B[aeiou]" if rng.random() < 0.5 else "[aeiou]", "", text, flags=re.IGNORECASE)


@attack("typoglycemia/leet", reference="arXiv:2504.11168", invert=from_leet)
def to_leet(text: str, rng: random.Random) -> str:
    """'ignore' -> '19n0r3'. Inverse on lower-case texts that use none of the signs."""
    places = [place for place, char in enumerate(text) if char.lower() in LEET]
    if not places:
        return text
    count = max(1, round(rng.choice(_CHANGED_SHARES) * len(places)))
    chars = list(text)
    for place in rng.sample(places, count):
        chars[place] = rng.choice(LEET[chars[place].lower()])
    return "".join(chars)


@attack("typoglycemia/random_case", reference=REFERENCE)
def randomise_case(text: str, rng: random.Random) -> str:
    """'ignore this' -> 'iGNorE tHIs'."""
    return "".join(char.upper() if rng.random() < 0.5 else char.lower() for char in text)


@attack("typoglycemia/upside_down", reference="arXiv:2504.11168", held_out=True, invert=from_upside_down)
def turn_upside_down(text: str, rng: random.Random) -> str:
    """'ignore' -> 'ǝɹouƃᴉ': turned letters, last first. Inverse on ASCII texts."""
    return text[::-1].translate(_TURNED_TABLE)
