"""Benign texts that look suspicious: trigger words, technical documentation, code, and borderline questions."""

from __future__ import annotations

import random
from collections.abc import Callable

from src.data.composition import LICENCE
from src.data.hard_negatives.borderline import write_borderline
from src.data.hard_negatives.code import write_code
from src.data.hard_negatives.rows import distinct_examples
from src.data.hard_negatives.technical import write_technical
from src.data.hard_negatives.trigger_words import write_trigger_words
from src.data.schema import Example
from src.data.splits import key_hash
from src.labels import Family, Label

# Shares of the published counts: 15,000 / 5,000 / 5,000 / 5,000.
KINDS = ("trigger_words", "technical", "trigger_words", "code", "trigger_words", "borderline")

LENGTHS = range(10, 1201)  # characters

WRITERS: dict[str, Callable[[random.Random], tuple[str, str]]] = {  # text and its language code
    "trigger_words": write_trigger_words,
    "technical": write_technical,
    "code": write_code,
    "borderline": write_borderline,
}


def generate_hard_negatives(count: int, seed: int) -> list[Example]:
    """`count` distinct benign rows, sources `hard_negatives_<kind>`, the kinds in the proportions of KINDS.

    A row is a function of (seed, index). Raises DataError when the grammars are exhausted.
    """
    return distinct_examples(count, f"{seed}:hard_negatives", _hard_negative, lengths=LENGTHS)


def _hard_negative(index: int, rng: random.Random) -> Example:
    kind = KINDS[index % len(KINDS)]
    text, lang = WRITERS[kind](rng)
    return Example(
        text=text,
        label=Label.BENIGN,
        family=Family.NONE,
        source=f"hard_negatives_{kind}",
        group=f"hard:{key_hash(text)}",
        lang=lang,
        licence=LICENCE,
    )
