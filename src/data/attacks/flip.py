"""FlipAttack (arXiv 2410.02832): the text read from the other end.

The published prompt gives the rules in the system turn, which a guard on user prompts never sees; the flipped text
itself is what these functions make.
"""

from __future__ import annotations

import random

from ...text.decoders import reverse_letters, reverse_text, reverse_words
from .registry import attack

REFERENCE = "arXiv:2410.02832"


@attack("flip/fwo", reference=REFERENCE, invert=reverse_words)
def flip_word_order(text: str, rng: random.Random) -> str:
    """'ignore this now' -> 'now this ignore'."""
    return reverse_words(text)


@attack("flip/fcw", reference=REFERENCE, invert=reverse_letters)
def flip_characters_in_words(text: str, rng: random.Random) -> str:
    """'ignore this' -> 'erongi siht'."""
    return reverse_letters(text)


@attack("flip/fcs", reference=REFERENCE, invert=reverse_text)
def flip_characters_in_sentence(text: str, rng: random.Random) -> str:
    """'ignore this' -> 'siht erongi'."""
    return reverse_text(text)


@attack("flip/fmm", reference=REFERENCE, invert=reverse_text)
def flip_to_fool_the_model(text: str, rng: random.Random) -> str:
    """The text of flip/fcs. What differs is the wrapper: its instruction misstates how to undo the flip."""
    return reverse_text(text)
