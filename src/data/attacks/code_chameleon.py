"""CodeChameleon (arXiv 2402.16717): the words in another order, with a decryption function in the wrapper.

Words are what single spaces part, so every order can be undone on any text.
"""

from __future__ import annotations

import ast
import random
from typing import Any

from src.data.attacks.registry import attack

REFERENCE = "arXiv:2402.16717"


def reverse_split(text: str) -> str:
    return " ".join(reversed(text.split(" ")))


def from_odd_even(text: str) -> str:
    words = text.split(" ")
    half = (len(words) + 1) // 2
    restored = [""] * len(words)
    restored[::2], restored[1::2] = words[:half], words[half:]
    return " ".join(restored)


def from_length(text: str) -> str:
    pairs = [pair for entry in ast.literal_eval(text) for pair in entry.items()]
    return " ".join(word for word, _ in sorted(pairs, key=lambda pair: pair[1]))


def from_binary_tree(text: str) -> str:
    def words_of(node: dict[str, Any] | None) -> list[str]:
        return [] if node is None else [*words_of(node["left"]), node["value"], *words_of(node["right"])]

    return " ".join(words_of(ast.literal_eval(text)))


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
