"""Letters and words separated by signs, joined, or broken by line breaks: small changes that people try first."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from .char_injection import deletion_table
from .registry import attack

REFERENCE = "arXiv:2504.11168"

EMOJI = "\U0001f600\U0001f642\U0001f525\u2b50\U0001f4a5\u2728\U0001f680\U0001f389\U0001f98a\u26a1"
SYMBOLS = "~^#+=@%$&\u2022\u00b7\u2605\u25cf\u2192\u2020\u00a7"
WORD_SIGNS = "_+.-~*|" + EMOJI
_BROKEN_WORD_SHARES = (0.5, 1.0, 1.0)  # shares of the words that are broken; mostly all
_LETTERS = re.compile(r"[^\W\d_]+")  # runs of letters of any script
_WORD = re.compile(r"\S+")


def change_words(text: str, rng: random.Random, change: Callable[[str], str], *, shortest: int, shares: Sequence[float]) -> str:
    """Apply `change` to a share, one of `shares`, of the runs of at least `shortest` letters, and to at least one."""
    starts = [word.start() for word in _LETTERS.finditer(text) if len(word[0]) >= shortest]
    if not starts:
        return text
    changed_starts = set(rng.sample(starts, max(1, round(rng.choice(shares) * len(starts)))))
    return _LETTERS.sub(lambda word: change(word[0]) if word.start() in changed_starts else word[0], text)


@attack("char_injection/symbols", reference=REFERENCE, invert=lambda text: text.translate(deletion_table(EMOJI + SYMBOLS)))
def insert_symbols(text: str, rng: random.Random) -> str:
    """'no way' -> 'n~o w~a~y' or emoji between the letters of words: the same sign throughout, or one drawn for each place.
    Inverse on texts without these signs."""
    signs = rng.choice((EMOJI, SYMBOLS))
    fixed_sign = rng.choice(signs) if rng.random() < 0.6 else None
    return _WORD.sub(lambda word: word[0][0] + "".join((fixed_sign or rng.choice(signs)) + char for char in word[0][1:]), text)


@attack("char_injection/word_signs", reference=REFERENCE)
def part_words_by_signs(text: str, rng: random.Random) -> str:
    """'no way' -> 'no_way', 'no+way', 'no\U0001f525way' or, spaces kept, 'no \U0001f525 way'. Line breaks count as spaces,
    so there is no inverse."""
    sign = rng.choice(WORD_SIGNS)
    return (f" {sign} " if sign in EMOJI and rng.random() < 0.5 else sign).join(text.split()) if text.strip() else text


@attack("char_injection/joined", reference=REFERENCE)
def join_words(text: str, rng: random.Random) -> str:
    """'no way' -> 'noway', or 'NoWay' with capitals in the place of spaces. No inverse: gaps are lost."""
    words = text.split()
    if rng.random() < 0.5:
        words = [word[0].upper() + word[1:] for word in words]
    return "".join(words) if words else text


@attack("char_injection/line_breaks", reference=REFERENCE, invert=lambda text: re.sub("-?\n", "", text))
def break_words(text: str, rng: random.Random) -> str:
    """'ignore' -> 'ign\\nore', or 'ign-\\nore' as typeset text has it. Inverse on texts without line breaks."""
    gap = rng.choice(("\n", "-\n"))

    def split(word: str) -> str:
        place = rng.randrange(1, len(word))
        return word[:place] + gap + word[place:]

    return change_words(text, rng, split, shortest=4, shares=_BROKEN_WORD_SHARES)
