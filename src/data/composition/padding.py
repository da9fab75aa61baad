"""Attacks among harmless text, and harmless texts among other harmless text.

A detector that averages over a prompt can be diluted: with enough ordinary sentences around a request, or words between its
words, its share of the prompt is small. Each row is a text of the split with harmless text of the same split around or inside
it; benign rows have the same shapes, so that neither a joint nor a sudden change of subject gives the label away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from ...errors import DataError
from ...labels import Label
from ..schema import Example
from .material import Material
from .rows import make_distinct_rows

LAYOUTS = ("before", "after", "around", "between", "words")
MAX_CORE_CHARS, MAX_PIECE_CHARS = 400, 300  # longest text that is padded, and longest piece of padding
JOINTS = ("\n", "\n\n", " ", " ", "\n---\n")
INSERTED_WORD_SHARE = (0.15, 0.5)  # least and most inserted words per word of the text
BOUNDARY = re.compile(r"(?<=[.!?।؟\n])\s+|(?<=[。！？])|\n")


def compose_padded(count: int, cores: Sequence[Example], padding: Sequence[Example], seed: int) -> list[Example]:
    """`count` texts of at most MAX_CORE_CHARS characters with padding; label, family, group and language are the core's.

    `padding` are benign texts. `span` covers the core with everything inserted into it; None for benign cores.
    Raises DataError when there is nothing to pad, or too few distinct rows can be made.
    """
    if count == 0:
        return []
    short_cores = Material([core for core in cores if len(core.text) <= MAX_CORE_CHARS and core.attack is None])
    material = Material(padding)
    if not short_cores.all or not material.all:
        raise DataError(
            f"cannot pad {count} rows: {len(short_cores.all)} texts of at most {MAX_CORE_CHARS} characters and "
            f"{len(material.all)} to put around them in this split; lower data.mixture.padded"
        )
    return make_distinct_rows(
        count, f"{seed}:padded", lambda _, rng: _pad(rng.choice(short_cores.all), material, rng), "data.mixture.padded"
    )


def _pad(core: Example, material: Material, rng: random.Random) -> Example:
    layout = rng.choice(LAYOUTS)
    joint = rng.choice(JOINTS)
    text = core.text.strip()
    if layout == "between":
        text = _insert_sentences(text, core.lang, material, rng)
    elif layout == "words":
        text = _insert_words(text, core.lang, material, rng)
    before = _draw_pieces(core.lang, material, rng) + joint if layout in ("before", "around") else ""
    after = joint + _draw_pieces(core.lang, material, rng) if layout in ("after", "around") else ""
    is_attack = core.label != Label.BENIGN
    return Example(
        text=before + text + after,
        label=core.label,
        family=core.family,
        source="padded" if is_attack else "mirror_padded",
        group=core.group,
        lang=core.lang,
        licence=core.licence,
        span=(len(before), len(before) + len(text)) if is_attack else None,
    )


def _draw_pieces(lang: str, material: Material, rng: random.Random) -> str:
    return rng.choice((" ", "\n")).join(_draw_piece(lang, material, rng) for _ in range(rng.randint(1, 3)))


def _draw_piece(lang: str, material: Material, rng: random.Random) -> str:
    """A sentence or a few of a benign text, in `lang` if there are enough texts in it."""
    example = material.draw(rng, lang)
    sentences = [part.strip() for part in BOUNDARY.split(example.text) if part and part.strip()] or [example.text]
    first = rng.randrange(len(sentences))
    piece = sentences[first]
    for sentence in sentences[first + 1 : first + 4]:
        if len(piece) + 1 + len(sentence) > MAX_PIECE_CHARS:
            break
        piece = f"{piece} {sentence}"
    return piece[:MAX_PIECE_CHARS].strip()


def _insert_sentences(text: str, lang: str, material: Material, rng: random.Random) -> str:
    """Insert harmless sentences between the sentences of the text, or before it when it is a single sentence."""
    parts = [part.strip() for part in BOUNDARY.split(text) if part and part.strip()]
    if len(parts) < 2:
        return f"{_draw_piece(lang, material, rng)} {text}"
    place = rng.randrange(1, len(parts))
    return " ".join([*parts[:place], _draw_piece(lang, material, rng), *parts[place:]])


def _insert_words(text: str, lang: str, material: Material, rng: random.Random) -> str:
    """Insert words of a benign text between the words of the text, which keep their order."""
    words, others = text.split(" "), _draw_piece(lang, material, rng).split()
    if len(words) < 2 or not others:
        return text
    for _ in range(max(1, round(rng.uniform(*INSERTED_WORD_SHARE) * len(words)))):
        words.insert(rng.randrange(len(words) + 1), rng.choice(others))
    return " ".join(words)
