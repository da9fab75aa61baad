"""The source texts of composed rows, drawn evenly and by language."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence

from ..schema import Example
from .placement import FORMATS, SENTENCE_END

MIN_PER_LANGUAGE = 4  # with fewer texts of a language every row in it would repeat them
MIN_DOCUMENT_CHARS, MAX_DOCUMENT_CHARS = 180, 1_600  # a shorter text is often a request itself
MIN_EXCERPT_CHARS = 160
# Only running text can be cut: half a table or half a page of HTML is no document.
CUTTABLE = ("prose", "list")


class Material:
    """Examples in a fixed order, whatever the caller's, to draw from by language or from all."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.all = sorted(examples, key=lambda example: (example.text, example.source))
        self._by_lang: dict[str, list[Example]] = defaultdict(list)
        for example in self.all:
            self._by_lang[example.lang].append(example)

    def draw(self, rng: random.Random, lang: str) -> Example:
        """An example in the language; of any language where there are too few in it."""
        candidates = self._by_lang.get(lang, ())
        return rng.choice(candidates if len(candidates) >= MIN_PER_LANGUAGE else self.all)

    def deal(self, count: int, rng: random.Random) -> list[Example]:
        """`count` examples, none a second time before all others have occurred."""
        examples: list[Example] = []
        while len(examples) < count:
            examples += rng.sample(self.all, len(self.all))
        return examples[:count]


def mirrors_of(goals: Sequence[Example], benign: Sequence[Example]) -> list[Example]:
    """Harmless requests: the benign rows in the groups (so on the subjects) of harmful ones, else one-line benign rows."""
    groups = {goal.group for goal in goals}
    return [row for row in benign if row.group in groups] or [row for row in benign if "\n" not in row.text.strip()]


def documents_of(examples: Sequence[Example]) -> list[Example]:
    """The examples that are long enough to be documents and short enough to be used whole, or can be cut."""
    return [
        example
        for example in examples
        if len(example.text) >= MIN_DOCUMENT_CHARS and (len(example.text) <= MAX_DOCUMENT_CHARS or is_cuttable(example.text))
    ]


def is_cuttable(text: str) -> bool:
    return next(name for name, places_in in FORMATS.items() if any(places_in(text))) in CUTTABLE


def excerpt_of(document: str, rng: random.Random) -> str:
    """The document, or a contiguous part of it that begins and ends where sentences or paragraphs do.

    Half of the documents that can be cut are; one above MAX_DOCUMENT_CHARS always is.
    """
    if len(document) <= MAX_DOCUMENT_CHARS and (
        len(document) < 2 * MIN_EXCERPT_CHARS or rng.random() < 0.5 or not is_cuttable(document)
    ):
        return document.strip()
    target = rng.randint(MIN_EXCERPT_CHARS, min(len(document), MAX_DOCUMENT_CHARS))
    cuts = [match.end() for match in re.finditer(rf"\n\s*\n|{SENTENCE_END.pattern}", document)]
    start = rng.choice([0, *(cut for cut in cuts if cut < len(document) - MIN_EXCERPT_CHARS)])
    ends = [cut for cut in cuts if MIN_EXCERPT_CHARS <= cut - start <= target]
    return document[start : ends[-1] if ends else start + target].strip()
