"""CodeChameleon (arXiv 2402.16717): the words in another order, with a decryption function in the wrapper.

Words are what single spaces part, so every order can be undone on any text.
"""

from __future__ import annotations

import random
from typing import Any

from ...text.decoders import from_binary_tree, from_length, from_odd_even, reverse_split
from .registry import attack

REFERENCE = "arXiv:2402.16717"


@attack("code_chameleon/reverse", reference=REFERENCE, invert=reverse_split)
def to_reverse(text: str, rng: random.Random) -> str:
    """'a b c' -> 'c b a'. On a text without runs of white space this equals flip/fwo: group by payload."""
    return reverse_split(text)


@attack("code_chameleon/odd_even", reference=REFERENCE, held_out=True, invert=from_odd_even)
def to_odd_even(text: str, rng: random.Random) -> str:
    """'a b c d e' -> 'a c e b d'."""
    words = text.split(" ")
    return " ".join(words[::2] + words[1::2])


@attack("code_chameleon/length", reference=REFERENCE, invert=from_length)
def to_length(text: str, rng: random.Random) -> str:
    """'see a cat' -> "[{'a': 1}, {'see': 0}, {'cat': 2}]": by length, ties in order, with the original index."""
    words = text.split(" ")
    return str([{words[place]: place} for place in sorted(range(len(words)), key=lambda place: len(words[place]))])


@attack("code_chameleon/binary_tree", reference=REFERENCE, invert=from_binary_tree)
def to_binary_tree(text: str, rng: random.Random) -> str:
    """A balanced tree of the words, in order, as Python prints nested dicts of value, left and right."""
    words = text.split(" ")

    def build(start: int, end: int) -> dict[str, Any] | None:
        if start > end:
            return None
        middle = (start + end) // 2
        return {"value": words[middle], "left": build(start, middle - 1), "right": build(middle + 1, end)}

    return str(build(0, len(words) - 1))
