"""Pools of texts to transform: which texts of a source are usable, and which of them each row uses.

Texts of at most MAX_PAYLOAD_CHARS characters are used whole. Only where a source has none, the leading paragraph or
sentences of its longer texts stand for them (`excerpt`); no text is cut inside a sentence.
"""

from __future__ import annotations

import bisect
import logging
import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..schema import Example

MAX_PAYLOAD_CHARS = 400

_MATCHED_SHARE = 0.9  # share of the rows whose length is matched; the others draw a length of their own pool
_MAX_FRESH_DRAWS = 20  # draws that look for an unused text of about a given length
_RANKS_PER_DRAW = 5  # each further draw widens the range by so many texts, which are ordered by length

log = logging.getLogger(__name__)


def excerpt(text: str, limit: int = MAX_PAYLOAD_CHARS) -> str | None:
    """The text itself if it fits, else its first paragraph, else as many first sentences as fit; None when none fits."""
    if len(text) <= limit:
        return text
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    if len(paragraph) <= limit:
        return paragraph
    ends = [end.end() for end in re.finditer(r"[.!?](?=\s)|[。!?।]", paragraph) if end.end() <= limit]
    return paragraph[: ends[-1]] if ends else None


@dataclass(frozen=True)
class Pool:
    """Texts to transform, in an order that does not depend on the caller's: by length, then text."""

    examples: list[Example]
    texts: list[str]  # what is transformed: the example's text or its excerpt
    lengths: list[int]

    def draw_near(self, length: int, used_places: Collection[int], rng: random.Random) -> int:
        """The index of a random text of this length; of about this length where those are few or used."""
        first, end = bisect.bisect_left(self.lengths, length), bisect.bisect_right(self.lengths, length)
        for draw in range(1, _MAX_FRESH_DRAWS + 1):
            # By rank on either side, so that the texts drawn are on average neither longer nor shorter than asked for.
            margin = draw * _RANKS_PER_DRAW
            place = rng.randrange(max(0, first - margin), min(len(self.lengths), end + margin))
            if place not in used_places:
                break
        return place


def build_pool(examples: Sequence[Example], kind: str) -> Pool:
    """The distinct usable texts of the examples. `kind` names them in the log."""
    unique: dict[str, Example] = {}  # text -> its row; of rows with the same text the one of the last group, whatever their order
    for example in examples:
        current = unique.setdefault(example.text, example)
        if example.group > current.group:
            unique[example.text] = example
    readable = [example for example in unique.values() if example.text.strip()]
    pairs = [(example.text, example) for example in readable if len(example.text) <= MAX_PAYLOAD_CHARS]
    if not pairs:
        cut = ((excerpt(example.text), example) for example in sorted(readable, key=lambda each: each.text))
        pairs = [(text, example) for text, example in cut if text and text.strip()]
        if pairs:
            log.info("no %s text has at most %d characters; using first sentences", kind, MAX_PAYLOAD_CHARS)
    pairs.sort(key=lambda pair: (len(pair[0]), pair[0]))
    return Pool([example for _, example in pairs], [text for text, _ in pairs], [len(text) for text, _ in pairs])


def places_of(pool: Pool, count: int, key: str, lengths: Sequence[int]) -> list[int]:
    """Indices of the texts that `count` rows try first. No text repeats before the pool, or its fitting part, is used up.

    A larger count begins with the same indices. lengths: lengths to which a share of the texts is matched; without any,
    every text of the pool is used equally often.
    """
    rng = random.Random(f"{key}:places")
    places: list[int] = []
    if not lengths:
        while len(places) < count:
            places += rng.sample(range(len(pool.texts)), len(pool.texts))
        return places[:count]
    used_places: set[int] = set()
    while len(places) < count:
        length = rng.choice(lengths) if rng.random() < _MATCHED_SHARE else rng.choice(pool.lengths)
        place = pool.draw_near(length, used_places, rng)
        used_places.add(place)
        places.append(place)
    return places
