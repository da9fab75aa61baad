"""The texts at hand that rows are composed with: documents of every language, cut to size."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence

from src.data.composition.style import VOICES
from src.data.schema import Example

MIN_DOCUMENT = 180  # characters; shorter texts are often requests themselves, and a request in a document is an attack
MIN_SLICE, MAX_SLICE = 100, 1_000  # characters of a document around an attack
MIN_PER_LANGUAGE = 4  # fewer texts of one language would come back in every row of it
BOUNDARY = re.compile(r"(?<=[.!?।؟\n])\s+|(?<=[。！？])|\n")


class Material:
    """Examples in a fixed order, by language. Languages without phrases of their own are drawn with English."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.all = sorted(examples, key=lambda example: (example.text, example.source))
        self._by_lang: dict[str, list[Example]] = defaultdict(list)
        for example in self.all:
            self._by_lang[example.lang if example.lang in VOICES else "en"].append(example)

    @classmethod
    def of_documents(cls, examples: Sequence[Example]) -> Material:
        """Only the texts that are long enough to be documents, if there are any."""
        return cls([example for example in examples if len(example.text) >= MIN_DOCUMENT] or examples)

    def draw(self, lang: str, rng: random.Random) -> Example | None:
        """An example in the language, or None if there are too few."""
        found = self._by_lang.get(lang, ())
        return rng.choice(found) if len(found) >= MIN_PER_LANGUAGE else None


def document_slice(text: str, rng: random.Random) -> str:
    """A contiguous part of a text of at most MAX_SLICE characters, cut at sentence or line ends where there are any."""
    target = rng.randint(MIN_SLICE, MAX_SLICE)
    if len(text) <= target:
        return text.strip()
    starts = [0, *(match.end() for match in BOUNDARY.finditer(text) if match.end() < len(text) - MIN_SLICE)]
    start = rng.choice(starts)
    ends = [match.start() for match in BOUNDARY.finditer(text, start) if MIN_SLICE <= match.start() - start <= target]
    return text[start : ends[-1] if ends else start + target].strip()
