"""Requests with an optimised suffix: a string of token fragments that reads as noise, such as a search over tokens finds.

The search itself (GCG: Zou et al. 2023, arXiv:2307.15043, section 2; random search: Andriushchenko et al. 2024,
arXiv:2404.02151) needs the attacked model. A guard sees its result: a harmful request followed by some twenty meaningless
fragments of words, code and punctuation. Harmless requests get such strings as well, so that the noise alone is no attack.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from ...errors import DataError
from ...labels import Family, Label
from ..schema import Example
from .material import Material, mirrors_of
from .rows import make_distinct_rows

MAX_REQUEST_CHARS = 400
NUM_FRAGMENTS = (8, 30)  # least and most; the paper's suffixes have 20 tokens
FRAGMENT_LETTERS = (2, 8)
MARKS = (
    "!",
    "! !",
    *".:,?()[]{}\\|",
    "--",
    "==",
    "->",
    *"\"'`",
    "**",
    "##",
    "$$",
    "&&",
    "</",
    "/>",
    "[[",
    "]]",
    "({",
    "})",
    ");",
    "\\_",
    "\\(",
    "\\\\",
    *"\n@%",
    "^{",
    "~",
    "*/",
    "://",
    "....",
    '="',
)
MARK_SHARE = 0.35  # share of the fragments that are marks
JOINED_SHARE = 0.45  # share of the fragments without a blank before them


def compose_suffixed(count: int, goals: Sequence[Example], words: Sequence[Example], seed: int) -> list[Example]:
    """`count` plain harmful requests with a suffix, source `suffixed`, family jailbreak_optimized; the group is the goal's.

    `words` are texts whose words give the fragments. Raises DataError without goals.
    """
    return _compose(count, goals, words, seed, source="suffixed", label=Label.JAILBREAK, family=Family.JAILBREAK_OPTIMIZED)


def compose_harmless_suffixed(count: int, goals: Sequence[Example], benign: Sequence[Example], seed: int) -> list[Example]:
    """`count` harmless requests with suffixes of the same kind, source `mirror_suffixed`; the requests as in framed rows."""
    mirrors = mirrors_of(goals, benign)
    return _compose(count, mirrors, benign, seed, source="mirror_suffixed", label=Label.BENIGN, family=Family.NONE)


def _compose(
    count: int, requests: Sequence[Example], words: Sequence[Example], seed: int, *, source: str, label: Label, family: Family
) -> list[Example]:
    if count == 0:
        return []
    material, sources = Material([request for request in requests if len(request.text) <= MAX_REQUEST_CHARS]), Material(words)
    if not material.all or not sources.all:
        raise DataError(f"{source}: expected requests of at most {MAX_REQUEST_CHARS} characters and texts with words, found none")
    requests_in_turn = material.deal(count, random.Random(f"{seed}:suffixed:requests"))

    def make(index: int, rng: random.Random) -> Example:
        request = requests_in_turn[index % count]
        text = request.text.strip() + rng.choice((" ", " ", " ", "\n", "")) + make_suffix(sources, request.lang, rng)
        return Example(
            text=text,
            label=label,
            family=family,
            source=source,
            group=request.group,
            lang=request.lang,
            licence=request.licence,
        )

    return make_distinct_rows(count, f"{seed}:suffixed", make, f"data.mixture ({source})")


def make_suffix(sources: Material, lang: str, rng: random.Random) -> str:
    """Fragments of words of several texts, in odd case, and marks between them; half of the texts are in the language."""
    texts = [sources.draw(rng, lang) if rng.random() < 0.5 else rng.choice(sources.all) for _ in range(4)]
    words = [word for text in texts for word in text.text.split()[:200]]
    fragments = ""
    for _ in range(rng.randint(*NUM_FRAGMENTS)):
        fragment = rng.choice(MARKS) if rng.random() < MARK_SHARE or not words else _cut_fragment(rng.choice(words), rng)
        fragments += fragment if rng.random() < JOINED_SHARE else f" {fragment}"
    return fragments.strip()


def _cut_fragment(word: str, rng: random.Random) -> str:
    """A part of the word such as tokens are: mostly its beginning, in one case in four with a capital or in capitals."""
    size = rng.randint(*FRAGMENT_LETTERS)
    start = 0 if rng.random() < 0.7 else rng.randrange(len(word))
    part = word[start : start + size]
    return rng.choice((part, part, part, part, part, part, part.capitalize(), part.upper()))
